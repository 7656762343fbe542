"""Kubernetes service accounts to roles, by Pod Identity (STS-43) and by IRSA (STS-44)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.compute import Cluster, PodIdentity, ServiceAccount
from tests.building import ALL_KNOWN, A, B, account, allow, arn, bucket, organization, role, world
from tests.graph.hops.showing import equals, gaps_about, hops_of, replays, routes_from

CLUSTER = f"arn:aws:eks:eu-west-1:{A}:cluster/prod"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
SOURCE = f"{CLUSTER}:serviceaccount:shop:uploader"
ROLE = f"arn:aws:iam::{A}:role/r"
PODS = {"Service": "pods.eks.amazonaws.com"}
BOTH = ["sts:AssumeRole", "sts:TagSession"]


def association(**changes: Any) -> PodIdentity:
    own = arn(f"arn:aws:eks:eu-west-1:{A}:podidentityassociation/prod/a-1")
    return PodIdentity(own, "prod", "shop", "uploader", changes.pop("held", arn(ROLE)), **changes)


def pods(trust: Any, *policies: Any, **more: Any) -> World:
    return world(
        account(
            A,
            roles=(role(A, "r", trust, *policies), *more.pop("roles", ())),
            pod_identities=(more.pop("association", association()),),
        ),
        account(B, buckets=more.pop("buckets", ())),
        **more,
    )


def trusting(condition: Any = None, actions: Any = BOTH, principal: Any = PODS) -> list[Any]:
    return [allow(actions, principal=principal, **({"condition": condition} if condition else {}))]


POD_TRUSTS = [
    ("STS-43 both actions", trusting(), True),
    ("STS-43 without sts:TagSession", trusting(None, "sts:AssumeRole"), False),
    (
        "STS-43 sts:TagSession in a statement of its own",
        [*trusting(None, BOTH[0]), *trusting(None, BOTH[1])],
        True,
    ),
    ("STS-43 nodes instead of pods", trusting(None, BOTH, {"Service": "eks.amazonaws.com"}), False),
    ("STS-43 its namespace", trusting(equals("aws:RequestTag/kubernetes-namespace", "shop")), True),
    ("STS-43 another namespace", trusting(equals("aws:RequestTag/kubernetes-namespace", "x")), False),
    ("STS-43 any pod of it", trusting({"StringLike": {"aws:RequestTag/kubernetes-pod-name": "up-*"}}), True),
    ("STS-43 its cluster", trusting(equals("aws:RequestTag/eks-cluster-arn", CLUSTER)), True),
    ("EVAL-45 aws:SourceArn", trusting({"ArnEquals": {"aws:SourceArn": CLUSTER}}), True),
    ("EVAL-45 another aws:SourceArn", trusting({"ArnEquals": {"aws:SourceArn": CLUSTER + "2"}}), False),
    ("EVAL-45 aws:SourceAccount", trusting(equals("aws:SourceAccount", A)), True),
    ("EVAL-45 another account", trusting(equals("aws:SourceAccount", B)), False),
    ("EVAL-45 its organization", trusting(equals("aws:SourceOrgID", "o-x")), True),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), POD_TRUSTS, ids=[c[0] for c in POD_TRUSTS])
def test_pod_identity(title: str, trust: Any, is_open: bool) -> None:
    found = pods(trust, organization=organization(A, B))
    listed = hops_of(found, "pod-identity")
    assert [(hop.source, hop.target) for hop in listed] == ([(SOURCE, ROLE)] if is_open else [])
    for hop in listed:
        assert [each.action for each in hop.also] == ["sts:TagSession"]
        assert replays(found, hop)


def test_session_tags_can_be_switched_off() -> None:
    """STS-43: then sts:TagSession is not needed, and tags are not there."""
    found = pods(trusting(None, "sts:AssumeRole"), association=association(tags_sessions=False))
    assert [hop.also for hop in hops_of(found, "pod-identity")] == [()]
    told = trusting(equals("aws:RequestTag/kubernetes-namespace", "shop"))
    assert hops_of(pods(told, association=association(tags_sessions=False)), "pod-identity") == []


TAGGED = [
    ("STS-30 its namespace", "aws:PrincipalTag/kubernetes-namespace", "shop", True),
    ("STS-30 another namespace", "aws:PrincipalTag/kubernetes-namespace", "other", False),
    ("STS-30 its service account", "aws:PrincipalTag/kubernetes-service-account", "uploader", True),
    ("STS-30 a tag that EKS does not pass", "aws:PrincipalTag/team", "blue", False),
]


@pytest.mark.parametrize("through", [False, True], ids=["directly", "through another role"])
@pytest.mark.parametrize(("title", "key", "value", "is_open"), TAGGED, ids=[c[0] for c in TAGGED])
def test_pods_carry_their_tags(title: str, key: str, value: str, is_open: bool, through: bool) -> None:
    """STS-43, STS-31: the tags are transitive; what else is needed, the first role passes itself."""
    is_open = is_open or (through and key.endswith("team"))
    reads = allow("s3:GetObject", "arn:aws:s3:::b/*", condition=equals(key, value))
    held = bucket(B, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": A}))
    second = role(A, "second", [allow(BOTH, principal={"AWS": ROLE})], reads)
    if through:
        found = pods(trusting(), allow("sts:*", "*"), roles=(second,), buckets=(held,))
    else:
        found = pods(trusting(), reads, buckets=(held,))
    routes = routes_from(found, SOURCE)
    assert bool(routes) is is_open
    for route in routes:
        assert len(route.hops) == 3 if through else 2
        assert all(replays(found, hop) for hop in route.hops)
        assert route.hops[0].condition == TRUE


def test_an_association_that_was_only_listed_is_a_gap() -> None:
    assert gaps_about(pods(trusting(), association=association(held=None)), "its role is not in") == [
        str(association().arn)
    ]
    gone = association(held=arn(f"arn:aws:iam::{A}:role/gone"))
    assert gaps_about(pods(trusting(), association=gone), "role/gone is not in") == [str(gone.arn)]


def test_a_target_role_is_told() -> None:
    target = association(target_role=arn(f"arn:aws:iam::{B}:role/far"))
    (hop,) = hops_of(pods(trusting(), association=target), "pod-identity")
    assert "role/far alone" in hop.gaps[0]


def test_associations_are_missed_where_a_role_trusts_pods() -> None:
    found = world(account(A, roles=(role(A, "r", PODS),), known=ALL_KNOWN - {"pod_identities"}))
    assert gaps_about(found, "EKS pods") == [A]


# ---- IRSA ----------------------------------------------------------------------------------------------

PROVIDER = f"arn:aws:iam::{A}:oidc-provider/{ISSUER}"
SUBJECT = "system:serviceaccount:shop:uploader"


def annotated(trust: Any, role_arn: str | None = ROLE, issuer: str | None = ISSUER, home: Any = A) -> World:
    cluster = Cluster(arn(CLUSTER), issuer, (ServiceAccount("shop", "uploader", role_arn),))
    name = (role_arn or ROLE).rsplit("/", 1)[1]
    if home != A:
        return world(account(A, clusters=(cluster,)), account(B, roles=(role(B, name, trust),)))
    return world(account(A, clusters=(cluster,), roles=(role(A, name, trust),)))


def web(condition: Any = None, provider: str = PROVIDER) -> list[Any]:
    more = {"condition": condition} if condition else {}
    return [allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": provider}, **more)]


IRSA = [
    (
        "STS-44 sub and aud",
        web({"StringEquals": {f"{ISSUER}:sub": SUBJECT, f"{ISSUER}:aud": "sts.amazonaws.com"}}),
        True,
    ),
    ("STS-44 no condition", web(), True),
    ("STS-44 another sub", web(equals(f"{ISSUER}:sub", "system:serviceaccount:shop:other")), False),
    ("STS-44 a pattern", web({"StringLike": {f"{ISSUER}:sub": "system:serviceaccount:shop:*"}}), True),
    ("STS-44 another aud", web(equals(f"{ISSUER}:aud", "other")), False),
    ("STS-20 another cluster's provider", web(None, PROVIDER + "D"), False),
    ("STS-20 an action of SAML", [allow("sts:AssumeRoleWithSAML", principal={"Federated": PROVIDER})], False),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), IRSA, ids=[c[0] for c in IRSA])
def test_irsa(title: str, trust: Any, is_open: bool) -> None:
    found = annotated(trust)
    listed = hops_of(found, "irsa")
    assert [(hop.source, hop.target, hop.condition) for hop in listed] == (
        [(SOURCE, ROLE, TRUE)] if is_open else []
    )
    assert all(replays(found, hop) for hop in listed)


def test_irsa_into_another_account_uses_the_provider_there() -> None:
    """STS-20."""
    there = f"arn:aws:iam::{B}:oidc-provider/{ISSUER}"
    target = f"arn:aws:iam::{B}:role/r"
    assert [hop.target for hop in hops_of(annotated(web(None, there), target, home=B), "irsa")] == [target]
    assert hops_of(annotated(web(), target, home=B), "irsa") == []


def test_what_is_not_known_of_irsa_is_a_gap() -> None:
    assert gaps_about(annotated(web(), issuer=None), "OIDC issuer") == [CLUSTER]
    assert hops_of(annotated(web(), None), "irsa") == []
    cluster = Cluster(arn(CLUSTER), ISSUER, (ServiceAccount("shop", "uploader", ROLE),))
    assert gaps_about(world(account(A, clusters=(cluster,))), "role/r is not in") == [SOURCE]
