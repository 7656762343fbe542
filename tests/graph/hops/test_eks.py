"""Kubernetes service accounts to roles, by Pod Identity (STS-43) and by IRSA (STS-44)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.compute import Cluster, PodIdentity, ServiceAccount
from tests.building import ALL_KNOWN, A, B, account, allow, arn, bucket, deny, organization, role, world
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


FAR = f"arn:aws:iam::{B}:role/far"
FIRST = {"AWS": ROLE}
PASS_ON = allow(BOTH, FAR)
EXTERNAL_ID = "eu-west-1/111111111111/prod/shop/uploader"


def chained(trust: Any, *policies: Any, far: Any = (), held: Any = (), **changes: Any) -> World:
    """Pods of an association with a target role in another account."""
    changes = {"target_role": arn(FAR), "external_id": EXTERNAL_ID, **changes}
    return world(
        account(
            A,
            roles=(role(A, "r", trusting(), *policies),),
            pod_identities=(association(**changes),),
            buckets=held,
        ),
        account(B, roles=(role(B, "far", trust, *far),)),
    )


def far_trusts(condition: Any = None, actions: Any = BOTH, principal: Any = FIRST) -> list[Any]:
    return trusting(condition, actions, principal)


TARGETS = [
    # what                                         trust of the target role    policies of the first role    open
    ("STS-4 both sides", far_trusts(), (PASS_ON,), True),
    ("STS-4 the first role may not assume it", far_trusts(), (), False),
    ("STS-4 it may, but not tag", far_trusts(), (allow(BOTH[0], FAR),), False),
    ("STS-31 inherited tags need sts:TagSession in the trust", far_trusts(None, BOTH[0]), (PASS_ON,), False),
    ("STS-4 it trusts somebody else", far_trusts(principal={"AWS": f"{ROLE}2"}), (PASS_ON,), False),
    ("STS-43 it trusts the service", far_trusts(principal=PODS), (PASS_ON,), False),
    ("STS-8 a Deny", [*far_trusts(), deny("sts:TagSession", principal=FIRST)], (PASS_ON,), False),
    ("STS-43 the external id", far_trusts(equals("sts:ExternalId", EXTERNAL_ID)), (PASS_ON,), True),
    ("STS-43 another external id", far_trusts(equals("sts:ExternalId", "other")), (PASS_ON,), False),
    (
        "STS-31 an inherited tag",
        far_trusts(equals("aws:PrincipalTag/kubernetes-namespace", "shop")),
        (PASS_ON,),
        True,
    ),
    (
        "STS-31 another value",
        far_trusts(equals("aws:PrincipalTag/kubernetes-namespace", "x")),
        (PASS_ON,),
        False,
    ),
    (
        "STS-35 a tag that nobody passes",
        far_trusts(equals("aws:PrincipalTag/team", "blue")),
        (PASS_ON,),
        False,
    ),
]
READS = allow("s3:GetObject", "arn:aws:s3:::b/*")
OPEN = bucket(A, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": B}))


@pytest.mark.parametrize(("title", "trust", "policies", "is_open"), TARGETS, ids=[c[0] for c in TARGETS])
def test_a_target_role(title: str, trust: Any, policies: Any, is_open: bool) -> None:
    """STS-43: EKS assumes the target role with the first role's session; the pods get the second session alone."""
    found = chained(trust, *policies, far=(READS,), held=(OPEN,))
    routes = routes_from(found, SOURCE)
    assert [route.acting.id for route in routes] == ([FAR] if is_open else [])
    for route in routes:
        assert [hop.kind for hop in route.hops] == ["pod-identity", "pod-identity-target", "access"]
        assert [each.action for each in route.hops[1].also] == ["sts:TagSession"]
        assert not route.gaps
        assert all(replays(found, hop) for hop in route.hops)


def test_pods_with_a_target_role_do_not_act_with_the_first_one() -> None:
    """STS-43: what the first role may, and the trust of others in it, opens nothing to the pods."""
    own = bucket(A, "own", allow("s3:*", "arn:aws:s3:::own/*", principal=FIRST))
    found = chained(far_trusts(), PASS_ON, allow("s3:*", "*"), far=(READS,), held=(OPEN, own))
    assert {route.target.label for route in routes_from(found, SOURCE)} == {"b"}
    assert {route.target.label for route in routes_from(found, ROLE)} == {"b", "own"}
    assert {route.target.label for route in routes_from(found, FAR)} == {"b"}


def test_pods_carry_their_tags_into_the_target_role() -> None:
    """STS-31: transitive tags reach the second session; EKS passes no others that are known."""
    for key, value, is_open in (("kubernetes-namespace", "shop", True), ("kubernetes-namespace", "x", False)):
        reads = allow("s3:GetObject", "arn:aws:s3:::b/*", condition=equals(f"aws:PrincipalTag/{key}", value))
        found = chained(far_trusts(), PASS_ON, far=(reads,), held=(OPEN,))
        assert bool(routes_from(found, SOURCE)) is is_open, (key, value)


UNSURE = [
    (
        "the external id is not known",
        far_trusts(equals("sts:ExternalId", EXTERNAL_ID)),
        {"external_id": None},
        "external id",
    ),
    (
        "what EKS passes",
        far_trusts(equals("aws:RequestTag/kubernetes-namespace", "shop")),
        {},
        "what EKS passes",
    ),
    ("from where EKS calls", far_trusts(equals("aws:SourceVpc", "vpc-1")), {}, "network keys"),
]


@pytest.mark.parametrize(("title", "trust", "changes", "words"), UNSURE, ids=[c[0] for c in UNSURE])
def test_what_is_not_known_of_the_second_call_is_a_gap(
    title: str, trust: Any, changes: Any, words: str
) -> None:
    found = chained(trust, PASS_ON, far=(READS,), held=(OPEN,), **changes)
    (route,) = routes_from(found, SOURCE)
    assert any(words in gap for gap in route.gaps)
    assert route.hops[1].witness is None


def test_a_target_role_without_session_tags() -> None:
    """STS-31: with session tags off nothing is inherited, and sts:TagSession is not needed."""
    first = [allow(BOTH[0], principal=PODS)]
    found = world(
        account(
            A,
            roles=(role(A, "r", first, allow(BOTH[0], FAR)),),
            pod_identities=(association(target_role=arn(FAR), tags_sessions=False),),
            buckets=(OPEN,),
        ),
        account(B, roles=(role(B, "far", far_trusts(None, BOTH[0]), READS),)),
    )
    (route,) = routes_from(found, SOURCE)
    assert route.hops[1].also == ()
    assert all(replays(found, hop) for hop in route.hops)


def test_a_target_role_that_is_not_in_the_snapshot_is_a_gap() -> None:
    target = association(target_role=arn(f"arn:aws:iam::{B}:role/gone"))
    assert gaps_about(pods(trusting(), association=target), "target role") == [str(target.arn)]


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
