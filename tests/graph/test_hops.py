"""Which hops there are: one table for each kind, positive and negative."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.graph import Graph
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.identity import IdentityProvider
from tests.building import (
    A,
    B,
    C,
    account,
    allow,
    arn,
    bucket,
    deny,
    endpoint,
    instance,
    organization,
    role,
    user,
    world,
)

ROOT_A = {"AWS": f"arn:aws:iam::{A}:root"}
ROLE_A = f"arn:aws:iam::{A}:role/r"
USER_A = f"arn:aws:iam::{A}:user/u"
TARGET_A = f"arn:aws:iam::{A}:role/t"
TARGET_B = f"arn:aws:iam::{B}:role/t"
MAY_ASSUME = allow("sts:AssumeRole", "*")
NOT_ASSUME = deny("sts:AssumeRole", "*")


def hops(found: World, kind: str) -> set[tuple[str, str]]:
    """(source, target) of the hops of a kind."""
    return {
        (hop.source, hop.target)
        for each in Graph(found).hops_from.values()
        for hop in each
        if hop.kind == kind
    }


def one_role(trust: Any, *policies: Any, target: str = A, **more: Any) -> World:
    """Role r of A, and role t of the target account that trusts so."""
    if target == A:
        return world(
            account(
                A,
                roles=(role(A, "r", {"Service": "x.amazonaws.com"}, *policies, **more), role(A, "t", trust)),
            )
        )
    return world(
        account(A, roles=(role(A, "r", {"Service": "x.amazonaws.com"}, *policies, **more),)),
        account(B, roles=(role(B, "t", trust),)),
    )


ASSUME = [
    # rules            trust                                  the caller's policies       target  open
    ("STS-2 role ARN, same account, no identity Allow", {"AWS": ROLE_A}, (), A, True),
    ("STS-3 account, same account, no identity Allow", ROOT_A, (), A, False),
    ("STS-3 account, same account, identity Allow", ROOT_A, (MAY_ASSUME,), A, True),
    ("STS-4 both halves", ROOT_A, (MAY_ASSUME,), B, True),
    ("STS-4 trust half alone, role named", {"AWS": ROLE_A}, (), B, False),
    ("STS-4 identity half alone", {"AWS": str(C)}, (MAY_ASSUME,), B, False),
    ("STS-5 no trust at all", {"Service": "ec2.amazonaws.com"}, (MAY_ASSUME,), A, False),
    ("STS-8 identity Deny", {"AWS": ROLE_A}, (NOT_ASSUME,), A, False),
    ("PRIN-11 everyone", "*", (), A, True),
    ("PRIN-11 everyone, cross-account without identity Allow", "*", (), B, False),
    ("PRIN-8 live unique id", {"AWS": "AROAR"}, (MAY_ASSUME,), B, True),
    ("PRIN-8 dead unique id", {"AWS": "AROADEAD"}, (MAY_ASSUME,), B, False),
    ("LANG-53 partial wildcard", {"AWS": f"arn:aws:iam::{A}:role/*"}, (MAY_ASSUME,), B, False),
]


@pytest.mark.parametrize(
    ("title", "trust", "policies", "target", "is_open"), ASSUME, ids=[c[0] for c in ASSUME]
)
def test_assume_role(title: str, trust: Any, policies: Any, target: str, is_open: bool) -> None:
    found = hops(one_role(trust, *policies, target=target), "assume-role")
    assert ((ROLE_A, TARGET_A if target == A else TARGET_B) in found) is is_open


SELF = [
    ("STS-7 its own ARN", {"AWS": ROLE_A}, (), True),
    ("STS-7 one of its sessions", {"AWS": f"arn:aws:sts::{A}:assumed-role/r/j1"}, (), True),
    ("STS-7 its account, and identity policy", {"AWS": A}, (MAY_ASSUME,), True),
    ("STS-7 its account alone", {"AWS": A}, (), False),
    ("STS-7 its identity policy alone", {"AWS": f"arn:aws:iam::{A}:role/other"}, (MAY_ASSUME,), False),
]


@pytest.mark.parametrize(("title", "trust", "policies", "is_open"), SELF, ids=[c[0] for c in SELF])
def test_a_role_assumes_itself_if_its_trust_policy_says_so(
    title: str, trust: Any, policies: Any, is_open: bool
) -> None:
    found = world(account(A, roles=(role(A, "r", trust, *policies),)))
    assert bool(hops(found, "assume-role")) is is_open


def test_root_assumes_nothing() -> None:
    """STS-6."""
    found = one_role(ROOT_A, target=A)
    assert not any(source.endswith(":root") for source, _ in hops(found, "assume-role"))


def test_boundary_limits_a_role_grant_but_not_by_what_it_does_not_mention() -> None:
    """EVAL-11, STS-2: the boundary must allow sts:AssumeRole."""
    assert hops(one_role({"AWS": ROLE_A}, boundary=[allow("s3:*", "*")]), "assume-role") == set()
    assert hops(one_role({"AWS": ROLE_A}, boundary=[allow("sts:*", "*")]), "assume-role")


def test_users_boundary_limits_even_a_direct_trust() -> None:
    """D-3."""
    trusting = role(A, "t", {"AWS": USER_A})
    for boundary, is_open in (
        ([allow("s3:*", "*")], False),
        ([allow("sts:AssumeRole", "*")], True),
        (None, True),
    ):
        found = world(account(A, users=(user(A, "u", boundary=boundary),), roles=(trusting,)))
        assert ((USER_A, TARGET_A) in hops(found, "assume-role")) is is_open


SCPS = [
    # rule      SCPs                                             open
    ("ORG-3 deny at the caller's account", {A: [[deny("sts:*", "*")]]}, False),
    ("ORG-3 no Allow at the root", {"only:root": [[allow("s3:*", "*")]]}, False),
    ("EVAL-24 deny at the role's account", {B: [[deny("sts:*", "*")]]}, True),
    ("ORG-3 full access everywhere", {}, True),
]


@pytest.mark.parametrize(("title", "scps", "is_open"), SCPS, ids=[c[0] for c in SCPS])
def test_scps_of_the_caller_alone_decide(title: str, scps: Any, is_open: bool) -> None:
    found = world(
        account(A, roles=(role(A, "r", "*", MAY_ASSUME),)),
        account(B, roles=(role(B, "t", ROOT_A),)),
        organization=organization(A, B, scps=scps),
    )
    assert ((ROLE_A, TARGET_B) in hops(found, "assume-role")) is is_open


def test_rcps_of_the_roles_account_decide() -> None:
    """ORG-25, EVAL-24."""
    block = deny("sts:AssumeRole", "*", principal="*")
    for guarded, is_open in ((B, False), (A, True)):
        found = world(
            account(A, roles=(role(A, "r", {"Service": "x.amazonaws.com"}, MAY_ASSUME),)),
            account(B, roles=(role(B, "t", ROOT_A),)),
            organization=organization(A, B, rcps={guarded: [[block]]}),
        )
        assert ((ROLE_A, TARGET_B) in hops(found, "assume-role")) is is_open


def test_instance_profile() -> None:
    """STS-40: only where the role trusts EC2."""
    machine, profile = instance(A, "i-1", "r")
    for service, is_open in (("ec2.amazonaws.com", True), ("lambda.amazonaws.com", False)):
        found = world(
            account(
                A,
                roles=(role(A, "r", {"Service": service}),),
                instances=(machine,),
                instance_profiles=(profile,),
            )
        )
        assert ((str(machine.arn), ROLE_A) in hops(found, "instance-profile")) is is_open


def test_access_keys_open_their_user_while_active() -> None:
    found = world(account(A, users=(user(A, "u", keys=("AKIA1",)),)))
    assert hops(found, "access-key") == {("key:AKIA1", USER_A)}


SERVICES = [
    (
        "STS-49 a service that the trust names",
        [allow("sts:AssumeRole", principal={"Service": "glue.amazonaws.com"})],
        True,
    ),
    ("STS-49 another action", [allow("sts:TagSession", principal={"Service": "glue.amazonaws.com"})], False),
    (
        "EVAL-1 denied again",
        [
            allow("sts:AssumeRole", principal={"Service": "glue.amazonaws.com"}),
            deny("sts:AssumeRole", principal={"Service": "glue.amazonaws.com"}),
        ],
        False,
    ),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), SERVICES, ids=[c[0] for c in SERVICES])
def test_service(title: str, trust: Any, is_open: bool) -> None:
    found = world(account(A, roles=(role(A, "r", trust),)))
    assert (("glue.amazonaws.com", ROLE_A) in hops(found, "service")) is is_open


def test_service_linked_roles_are_no_hop() -> None:
    """STS-48."""
    name = "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    found = world(account(A, roles=(role(A, name, {"Service": "x.amazonaws.com"}),)))
    assert hops(found, "service") == set()


FEDERATED = [
    # rule       provider                                        account of the provider    open
    ("STS-20 own provider", f"arn:aws:iam::{A}:oidc-provider/token.example.com", True),
    ("STS-20 another account's", f"arn:aws:iam::{B}:oidc-provider/token.example.com", False),
    ("PRIN-10 built in", "cognito-identity.amazonaws.com", True),
    ("PRIN-10 a host that is not built in", "token.example.com", False),
]


@pytest.mark.parametrize(("title", "provider", "is_open"), FEDERATED, ids=[c[0] for c in FEDERATED])
def test_federated(title: str, provider: str, is_open: bool) -> None:
    trust = [allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": provider})]
    assert (
        (provider, ROLE_A) in hops(world(account(A, roles=(role(A, "r", trust),))), "federated")
    ) is is_open


GET = "s3:GetObject"
BUCKET_B = "arn:aws:s3:::b"
MAY_GET = allow(GET, f"{BUCKET_B}/*")


def access(found: World, source: str, action: str = GET) -> list[Any]:
    """The access hops from a node that carry the action."""
    return [
        hop
        for hop in Graph(found).hops_from.get(source, ())
        if hop.kind == "access" and action in hop.actions
    ]


def foreign(*policies: Any, identity: Any = (MAY_GET,), restricted: bool = False, **more: Any) -> World:
    """Role r of A and bucket b of B."""
    return world(
        account(A, roles=(role(A, "r", {"Service": "x.amazonaws.com"}, *identity),)),
        account(B, buckets=(bucket(B, "b", *policies, restricted=restricted),)),
        **more,
    )


ACCESS = [
    # rules                           bucket policy                                            identity     open
    (
        "EVAL-21, EVAL-22 both halves",
        [allow(GET, f"{BUCKET_B}/*", principal={"AWS": ROLE_A})],
        (MAY_GET,),
        True,
    ),
    ("EVAL-22 bucket half alone", [allow(GET, f"{BUCKET_B}/*", principal={"AWS": ROLE_A})], (), False),
    ("EVAL-21 identity half alone", [], (MAY_GET,), False),
    ("PRIN-1 account form", [allow(GET, f"{BUCKET_B}/*", principal={"AWS": A})], (MAY_GET,), True),
    (
        "LANG-26 bucket ARN for an object action",
        [allow(GET, BUCKET_B, principal={"AWS": A})],
        (MAY_GET,),
        False,
    ),
    (
        "EVAL-1 denied by the bucket",
        [allow(GET, f"{BUCKET_B}/*", principal="*"), deny("s3:*", "*", principal={"AWS": A})],
        (MAY_GET,),
        False,
    ),
    (
        "PRIN-13 wildcard with a condition on the role",
        [allow(GET, f"{BUCKET_B}/*", principal="*", condition={"ArnEquals": {"aws:PrincipalArn": ROLE_A}})],
        (MAY_GET,),
        True,
    ),
    (
        "PRIN-13 wildcard with a condition on another role",
        [allow(GET, f"{BUCKET_B}/*", principal="*", condition={"ArnEquals": {"aws:PrincipalArn": TARGET_A}})],
        (MAY_GET,),
        False,
    ),
]


@pytest.mark.parametrize(("title", "policies", "identity", "is_open"), ACCESS, ids=[c[0] for c in ACCESS])
def test_access_from_another_account(title: str, policies: Any, identity: Any, is_open: bool) -> None:
    assert bool(access(foreign(*policies, identity=identity), ROLE_A)) is is_open


def test_public_bucket_serves_the_anonymous_without_identity() -> None:
    """EVAL-40, S3-17, EX-30."""
    found = foreign(allow(GET, f"{BUCKET_B}/*", principal="*"), identity=())
    assert access(found, "anonymous")
    assert not access(found, ROLE_A)


def test_restrict_public_buckets_taints_the_whole_policy() -> None:
    """EX-22: BPA-5, BPA-10."""
    policies = (
        allow(GET, f"{BUCKET_B}/*", principal={"AWS": A}),
        allow("s3:GetBucketLocation", BUCKET_B, principal="*"),
    )
    assert access(foreign(*policies), ROLE_A)
    assert not access(foreign(*policies, restricted=True), ROLE_A)
    assert access(foreign(policies[0], restricted=True), ROLE_A)


def test_owners_scp_never_binds_foreigners() -> None:
    """EX-10: EVAL-24, ORG-5."""
    guarded = organization(B, scps={B: [[deny("s3:*", "*")]]})
    found = foreign(allow(GET, f"{BUCKET_B}/*", principal={"AWS": A}), organization=guarded)
    assert access(found, ROLE_A)
    assert not access(found, f"arn:aws:iam::{B}:root")


def test_management_account_is_beyond_scps() -> None:
    """ORG-2, EVAL-32."""
    from tests.building import MANAGEMENT

    held = account(MANAGEMENT, buckets=(bucket(MANAGEMENT, "b"),))
    found = world(held, organization=organization(scps={"root": [[deny("*", "*")]]}))
    assert access(found, f"arn:aws:iam::{MANAGEMENT}:root")


def test_scope_is_patterns_minus_exceptions() -> None:
    """LANG-29."""
    found = world(
        account(
            A,
            users=(
                user(A, "u", allow(GET, f"{BUCKET_B}/reports/*"), deny(GET, f"{BUCKET_B}/reports/private/*")),
            ),
            buckets=(bucket(A, "b"),),
        )
    )
    (hop,) = access(found, USER_A)
    assert hop.resources == (f"{BUCKET_B}/reports/*",)
    assert hop.except_ == (f"{BUCKET_B}/reports/private/*",)
    assert hop.condition == TRUE


def test_an_endpoint_policy_closes_requests_through_it() -> None:
    """VPCE-1, VPCE-2."""
    through = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    only_endpoint = allow(GET, f"{BUCKET_B}/*", principal={"AWS": A}, condition=through)
    for statements, is_open in (
        ((), True),
        ((allow("*", "*", principal="*"),), True),
        ((allow("*", "arn:aws:s3:::other/*", principal="*"),), False),
    ):
        found = world(
            account(
                A,
                roles=(role(A, "r", {"Service": "x.amazonaws.com"}, MAY_GET),),
                endpoints=(endpoint(A, "vpce-1", "vpc-1", *statements),),
            ),
            account(B, buckets=(bucket(B, "b", only_endpoint),)),
        )
        assert bool(access(found, ROLE_A)) is is_open


def test_conditions_that_no_request_meets_are_no_hop() -> None:
    """COND-54: an address inside the office and a VPC endpoint exclude each other (VPCE-5)."""
    condition = {
        "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        "StringEquals": {"aws:SourceVpce": "vpce-1"},
    }
    assert not access(foreign(allow(GET, f"{BUCKET_B}/*", principal={"AWS": A}, condition=condition)), ROLE_A)


PASSING = [
    # rule     further action that the trust allows   condition on what is passed                           open
    ("STS-25", None, {"StringEquals": {"aws:RequestTag/team": "blue"}}, False),
    ("STS-25", "sts:TagSession", {"StringEquals": {"aws:RequestTag/team": "blue"}}, True),
    ("STS-25", None, {"StringLike": {"sts:SourceIdentity": "*"}}, False),
    ("STS-25", "sts:SetSourceIdentity", {"StringLike": {"sts:SourceIdentity": "${aws:username}-*"}}, True),
    ("KEY-2", None, {"StringEquals": {"sts:ExternalId": "z9"}}, True),
]


@pytest.mark.parametrize(("rule", "further", "condition", "is_open"), PASSING)
def test_what_a_call_passes_needs_its_own_permission(
    rule: str, further: Any, condition: Any, is_open: bool
) -> None:
    """STS-25: sts:TagSession and sts:SetSourceIdentity are checked besides."""
    trust = [allow("sts:AssumeRole", principal={"AWS": USER_A}, condition=condition)]
    if further:
        trust.append(allow(further, principal={"AWS": USER_A}))
    found = world(account(A, users=(user(A, "u", allow("sts:*", "*")),), roles=(role(A, "t", trust),)))
    assert ((USER_A, TARGET_A) in hops(found, "assume-role")) is is_open


def test_unsigned_requests_carry_no_keys_of_principals_or_signatures() -> None:
    """KEY-3, TERM-7, EVAL-45: nor are they on behalf of a service, nor a service themselves."""
    for condition in (
        {"StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}},
        {"StringEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}},
        {"StringLike": {"aws:username": "*"}},
    ):
        assert not access(
            foreign(allow(GET, f"{BUCKET_B}/*", principal="*", condition=condition)), "anonymous"
        )


def test_classes_of_actions_tell_variables_apart() -> None:
    """LANG-41: only one of the two actions can carry s3:prefix."""
    condition = {"StringEquals": {"aws:UserAgent": "${s3:prefix}"}}
    lists = allow(["s3:ListBucket", "s3:GetBucketLocation"], "*", condition=condition)
    found = world(account(A, users=(user(A, "u", lists),), buckets=(bucket(A, "b"),)))
    assert access(found, USER_A, "s3:ListBucket")
    assert not access(found, USER_A, "s3:GetBucketLocation")


def test_a_trust_policy_that_names_everyone_lets_in_providers_and_services() -> None:
    """PRIN-11: `"*"` covers whom the account's providers and AWS services have proven; {"AWS": "*"} no provider."""
    provider = IdentityProvider(arn(f"arn:aws:iam::{A}:oidc-provider/idp.example.com"), "idp.example.com")
    for everyone, is_open in (("*", True), ({"AWS": "*"}, False)):
        found = world(
            account(
                A,
                roles=(
                    role(A, "r", [allow("sts:*", principal=everyone)]),
                    role(A, "f", {"Service": "lambda.amazonaws.com"}),
                ),
                providers=(provider,),
            )
        )
        assert ((str(provider.arn), ROLE_A) in hops(found, "federated")) is is_open
        assert ("lambda.amazonaws.com", ROLE_A) in hops(found, "service") or not is_open
