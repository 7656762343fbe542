"""Accounts outside the snapshot, any other account, and any AWS service (PRIN-11, PRIN-12, EVAL-21, EVAL-22)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.aws.arn import AccountId
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.outsiders import ANY_ACCOUNT, ANY_SERVICE
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.resources import AccessPoint, PublicAccessBlock
from pathfinder.policy.document import PolicyKind
from pathfinder.report.conditions import Wording
from pathfinder.routes.explain import explain_request
from tests.building import A, B, C, account, allow, arn, bucket, deny, organization, policy, role, user, world
from tests.graph.hops.showing import equals, gaps_about, replays

OBJECTS = "arn:aws:s3:::b/*"
OTHER_ROOT = f"arn:aws:iam::{C}:root"
GET = "s3:GetObject"


def bucket_of(*statements: Any, restricted: bool = False, **more: Any) -> World:
    return world(
        account(A, users=(user(A, "u"),), roles=(role(A, "r", {"Service": "x.amazonaws.com"}),)),
        account(B, buckets=(bucket(B, "b", *statements, restricted=restricted),)),
        **more,
    )


def to_all(condition: Any = None, principal: Any = "*", **more: Any) -> World:
    said = {"condition": condition} if condition else {}
    return bucket_of(allow(GET, OBJECTS, principal=principal, **said), **more)


def trusting(condition: Any = None, principal: Any = "*", **more: Any) -> World:
    said = {"condition": condition} if condition else {}
    trust = [allow("sts:AssumeRole", principal=principal, **said)]
    return world(account(A, roles=(role(A, "t", trust),)), **more)


def hops(found: World, source: str, kind: str = "access") -> list[Hop]:
    return [hop for hop in Graph(found).hops_from.get(source, ()) if hop.kind == kind]


def both_equal(kind: str, like: dict[str, str]) -> Any:
    return {"StringEquals": {"aws:PrincipalType": kind}, "StringLike": like}


MINE = f"arn:aws:iam::{A}:role/r"
ORG = organization(A, B)

ANY = [
    # rules and condition                                       condition                                    open
    ("PRIN-11 none", None, True),
    ("KEY-1 the known organization", equals("aws:PrincipalOrgID", "o-x"), False),
    ("KEY-1 another organization", equals("aws:PrincipalOrgID", "o-other"), True),
    ("TERM-7 a tag", {"StringEquals": {"aws:PrincipalTag/t": "v"}}, True),
    (
        "TERM-7 a root user has no tags",
        {"StringEquals": {"aws:PrincipalTag/t": "v", "aws:PrincipalType": "Account"}},
        False,
    ),
    ("KEY-1 not the known organization", {"StringNotEquals": {"aws:PrincipalOrgID": "o-x"}}, True),
    ("KEY-1 in no organization", {"Null": {"aws:PrincipalOrgID": "true"}}, True),
    ("KEY-1 in some organization", {"Null": {"aws:PrincipalOrgID": "false"}}, True),
    (
        "KEY-1 a path of the known organization",
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-x/*"}},
        False,
    ),
    (
        "KEY-1 a path of another one",
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-other/*"}},
        True,
    ),
    (
        "COND-54 an organization's id without its path",
        {"StringEquals": {"aws:PrincipalOrgID": "o-other"}, "Null": {"aws:PrincipalOrgPaths": "true"}},
        False,
    ),
    ("KEY-1 an account of the snapshot", equals("aws:PrincipalAccount", A), False),
    ("KEY-1 an account named is its own start", equals("aws:PrincipalAccount", C), False),
    ("KEY-1 others than an account", {"StringNotEquals": {"aws:PrincipalAccount": A}}, True),
    ("KEY-1 a role of the snapshot", {"ArnEquals": {"aws:PrincipalArn": MINE}}, False),
    ("KEY-1 a role of any account", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/scanner"}}, True),
    (
        "TERM-6 a role of another partition",
        {"ArnLike": {"aws:PrincipalArn": "arn:aws-cn:iam::*:role/*"}},
        False,
    ),
    (
        "TERM-7 a role that is a user",
        {
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"},
            "StringEquals": {"aws:PrincipalType": "User"},
        },
        False,
    ),
    ("TERM-7 a user", equals("aws:PrincipalType", "User"), True),
    ("TERM-7 a root user", equals("aws:PrincipalType", "Account"), True),
    (
        "TERM-7 a role with a user name",
        {"StringEquals": {"aws:PrincipalType": "AssumedRole", "aws:username": "x"}},
        False,
    ),
    ("KEY-5 aws:SourceArn is for services", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::x"}}, False),
    ("chapter 6 a tag", equals("aws:PrincipalTag/team", "blue"), True),
    ("PRIN-16 the id of a role of the snapshot", {"StringLike": {"aws:userid": "AROAR:*"}}, False),
    ("PRIN-16 another id", {"StringLike": {"aws:userid": "AROAELSE:*"}}, True),
    ("TERM-7 only the unsigned have this account", equals("aws:PrincipalAccount", "anonymous"), False),
    ("TERM-7 only the unsigned have this id", equals("aws:userid", "anonymous"), False),
    ("TERM-7 no account has letters", {"StringLike": {"aws:PrincipalAccount": "abc*"}}, False),
    (
        "COND-54 an ARN of another account than its own",
        {
            "StringLike": {"aws:PrincipalAccount": "4*"},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::5*:role/x"},
        },
        False,
    ),
    (
        "COND-54 an ARN of its own account",
        {
            "StringLike": {"aws:PrincipalAccount": "4*"},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::4*:role/x"},
        },
        True,
    ),
    (
        "COND-54 a user's ARN with the name of another",
        {"StringEquals": {"aws:username": "zed"}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}},
        False,
    ),
    (
        "TERM-7 the name is without the path",
        {
            "StringEquals": {"aws:username": "zed"},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/p/zed"},
        },
        True,
    ),
    ("TERM-7 the id of a role, of a user", both_equal("User", {"aws:userid": "AROA*:*"}), False),
    ("TERM-7 the id of a user, of a role", both_equal("AssumedRole", {"aws:userid": "AIDA*"}), False),
    ("TERM-7 the id of a role", both_equal("AssumedRole", {"aws:userid": "AROA*:sess"}), True),
    ("TERM-7 the id of a federated user", both_equal("FederatedUser", {"aws:userid": "*:fay"}), True),
    ("TERM-7 the id of a root user", both_equal("Account", {"aws:userid": "4*"}), True),
    ("STS-34 a provider's session is a role's", both_equal("User", {"aws:FederatedProvider": "*"}), False),
    ("STS-34 a provider's session", both_equal("AssumedRole", {"aws:FederatedProvider": "*"}), True),
    ("STS-33 no user has a source identity", both_equal("User", {"aws:SourceIdentity": "*"}), False),
    ("STS-40 no user is an instance", both_equal("User", {"ec2:SourceInstanceArn": "*"}), False),
    (
        "D-21 no role session shows MFA",
        {
            "StringEquals": {"aws:PrincipalType": "AssumedRole"},
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
        },
        False,
    ),
    (
        "D-21 role sessions have a time of issue",
        {
            "StringEquals": {"aws:PrincipalType": "AssumedRole"},
            "DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01"},
        },
        True,
    ),
    ("STS-21 a federated user", {"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:federated-user/*"}}, True),
    (
        "COND-54 the path of another organization than its own",
        {
            "StringEquals": {"aws:PrincipalOrgID": "o-other"},
            "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-third/*"},
        },
        False,
    ),
    (
        "COND-54 the path of its own organization",
        {
            "StringEquals": {"aws:PrincipalOrgID": "o-other"},
            "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-other/r-1/*"},
        },
        True,
    ),
    ("EVAL-45 not a service", {"Bool": {"aws:PrincipalIsAWSService": "true"}}, False),
]


@pytest.mark.parametrize(("title", "condition", "is_open"), ANY, ids=[each[0] for each in ANY])
def test_any_other_account(title: str, condition: Any, is_open: bool) -> None:
    found = to_all(condition, organization=ORG)
    listed = hops(found, ANY_ACCOUNT)
    assert bool(listed) is is_open
    for hop in listed:
        assert hop.gaps == ()
        assert "its own master" in hop.notes[0]
        assert replays(found, hop), hop.witness


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_both_wildcards_on_buckets(principal: Any) -> None:
    """PRIN-12: on S3 they say the same; services by D-14."""
    found = to_all(principal=principal)
    assert hops(found, ANY_ACCOUNT)
    assert hops(found, ANY_SERVICE)


@pytest.mark.parametrize(("userid", "is_open"), [("anonymous", False), ("AROA*:sess", True)])
def test_what_the_bucket_behind_an_access_point_asks(userid: str, is_open: bool) -> None:
    """S3-50, TERM-7: both levels are about one caller."""
    name = f"arn:aws:s3:eu-west-1:{B}:accesspoint/ap"
    allowed = policy(
        PolicyKind.RESOURCE, "policy", name, allow(GET, f"{name}/object/*", principal={"AWS": "*"})
    )
    point = AccessPoint(arn(name), "b", AccountId(B), allowed, public_access_block=PublicAccessBlock())
    asks = {"StringEquals": {"s3:DataAccessPointAccount": B}, "StringLike": {"aws:userid": userid}}
    behind = bucket(B, "b", allow(GET, OBJECTS, principal="*", condition=asks))
    found = world(account(B, buckets=(behind,), access_points=(point,)))
    assert bool(hops(found, ANY_ACCOUNT, "access-point")) is is_open


def test_nobody_outside_without_a_wildcard() -> None:
    found = bucket_of(allow(GET, OBJECTS, principal={"AWS": A}))
    assert ANY_ACCOUNT not in Graph(found).network
    assert ANY_SERVICE not in Graph(found).network


def test_restricted_buckets_let_no_other_account_in_but_services() -> None:
    """BPA-5."""
    assert hops(to_all(restricted=True), ANY_ACCOUNT) == []
    assert hops(to_all(restricted=True), ANY_SERVICE)


def test_what_is_the_owners_alone_stays_so() -> None:
    """S3-18."""
    (hop,) = hops(bucket_of(allow("s3:*", ["arn:aws:s3:::b", OBJECTS], principal="*")), ANY_ACCOUNT)
    assert "s3:GetObject" in hop.actions
    assert "s3:PutBucketPolicy" not in hop.actions


def test_a_perimeter_keeps_them_out() -> None:
    """ORG-24."""
    perimeter = deny(
        "s3:*",
        "*",
        principal="*",
        condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-x"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    found = to_all(organization=organization(A, B, rcps={B: [[perimeter]]}))
    assert hops(found, ANY_ACCOUNT) == []
    assert hops(found, "anonymous") == []
    assert hops(found, ANY_SERVICE)


SERVICES = [
    ("PRIN-11 none", None, True),
    ("EVAL-45 a service", {"Bool": {"aws:PrincipalIsAWSService": "true"}}, True),
    ("EVAL-45 no service", {"Bool": {"aws:PrincipalIsAWSService": "false"}}, False),
    ("EVAL-45 this service", equals("aws:PrincipalServiceName", "cloudtrail.amazonaws.com"), True),
    ("EVAL-45 on behalf of an account", equals("aws:SourceAccount", B), True),
    ("EVAL-45 in no organization", equals("aws:PrincipalOrgID", "o-x"), False),
    ("VPCE-5 through no endpoint", equals("aws:SourceVpce", "vpce-1"), False),
]


@pytest.mark.parametrize(("title", "condition", "is_open"), SERVICES, ids=[each[0] for each in SERVICES])
def test_any_service(title: str, condition: Any, is_open: bool) -> None:
    found = to_all(condition)
    listed = hops(found, ANY_SERVICE)
    assert bool(listed) is is_open
    assert all(replays(found, hop) for hop in listed)


NAMED = [
    # rules                                   condition                                                    open
    ("PRIN-13 its account", equals("aws:PrincipalAccount", C), True),
    ("PRIN-13 one of its roles", {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{C}:role/vendor"}}, True),
    ("PRIN-13 not its account", {"StringNotEquals": {"aws:PrincipalAccount": C}}, False),
    (
        "COND-54 a role of one account in another",
        {
            "ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{C}:role/vendor"},
            "StringEquals": {"aws:PrincipalAccount": B},
        },
        False,
    ),
]


@pytest.mark.parametrize(("title", "condition", "is_open"), NAMED, ids=[each[0] for each in NAMED])
def test_an_account_that_a_condition_names(title: str, condition: Any, is_open: bool) -> None:
    found = to_all(condition)
    listed = hops(found, OTHER_ROOT)
    assert bool(listed) is is_open
    assert all(replays(found, hop) and hop.condition == TRUE for hop in listed[:1] if "Account" in title)


def test_a_deny_names_the_account_that_it_spares() -> None:
    found = bucket_of(
        allow(GET, OBJECTS, principal="*"),
        deny("s3:*", OBJECTS, principal="*", condition={"StringNotEquals": {"aws:PrincipalAccount": [A, C]}}),
    )
    assert hops(found, OTHER_ROOT)
    assert hops(found, ANY_ACCOUNT) == []


def test_not_principal_spares_a_role_of_an_account_outside() -> None:
    """PRIN-20."""
    vendor = f"arn:aws:iam::{C}:role/vendor"
    spares = {
        **deny("s3:*", OBJECTS),
        "NotPrincipal": {"AWS": [vendor]},
    }
    found = bucket_of(allow(GET, OBJECTS, principal={"AWS": C}), spares)
    assert hops(found, vendor)
    assert hops(found, OTHER_ROOT) == []


FORMS = [
    # principal                                         node that is the start
    (f"arn:aws:iam::{C}:root", f"arn:aws:iam::{C}:root"),
    (C, f"arn:aws:iam::{C}:root"),
    (f"arn:aws:iam::{C}:role/vendor", f"arn:aws:iam::{C}:role/vendor"),
    (f"arn:aws:iam::{C}:user/vendor", f"arn:aws:iam::{C}:user/vendor"),
    (f"arn:aws:sts::{C}:assumed-role/vendor/job", f"arn:aws:sts::{C}:assumed-role/vendor/job"),
]


@pytest.mark.parametrize(("principal", "source"), FORMS)
def test_principals_of_an_account_outside_are_their_own_masters(principal: str, source: str) -> None:
    """EVAL-22, EVAL-31: on buckets and on roles."""
    for found, kind in (
        (to_all(principal={"AWS": principal}), "access"),
        (trusting(principal={"AWS": principal}), "assume-role"),
    ):
        (hop,) = hops(found, source, kind)
        assert Graph(found).node(source).external
        assert (hop.gaps, hop.condition) == ((), TRUE)
        own_master = (
            f"account {C} is outside the snapshot and its own master: its side is taken to allow this"
        )
        others = [note for note in hop.notes if note != own_master]
        assert len(hop.notes) == len(others) + 1
        assert [note.endswith("(S3-4, S3-6)") for note in others] == ([True] if kind == "access" else [])
        assert replays(found, hop)
        assert any("taken to allow" in each.policy for each in hop.evidence)


def test_a_member_that_the_snapshot_does_not_hold_is_not_its_own_master() -> None:
    """COND-50: its policies could be read, and SCPs bind it."""
    found = to_all(principal={"AWS": C}, organization=organization(A, B, C))
    (hop,) = hops(found, OTHER_ROOT)
    assert hop.witness is None
    assert "is not in the snapshot" in hop.gaps[0]
    closed = organization(A, B, C, scps={C: [[deny("s3:*", "*")]]})
    assert hops(to_all(principal={"AWS": C}, organization=closed), OTHER_ROOT) == []


def test_members_that_are_missing_are_a_gap_under_a_wildcard() -> None:
    assert gaps_about(to_all(organization=organization(A, B, C)), "names everyone") == ["arn:aws:s3:::b"]
    assert gaps_about(trusting(organization=organization(A, C)), "names everyone") == [
        f"arn:aws:iam::{A}:role/t"
    ]
    whole = organization(A, B)
    assert whole


TRUSTS = [
    ("PRIN-11", None, True, True),
    ("KEY-2 an external id is a recipe", equals("sts:ExternalId", "xy"), True, True),
    ("KEY-1 the organization", equals("aws:PrincipalOrgID", "o-x"), False, False),
    ("STS-13 MFA", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, True, False),
]


@pytest.mark.parametrize(
    ("title", "condition", "account_is", "service_is"), TRUSTS, ids=[t[0] for t in TRUSTS]
)
def test_roles_that_trust_everyone(title: str, condition: Any, account_is: bool, service_is: bool) -> None:
    found = trusting(condition, organization=organization(A))
    assert bool(hops(found, ANY_ACCOUNT, "assume-role")) is account_is
    assert bool(hops(found, ANY_SERVICE, "service")) is service_is
    for hop in (*hops(found, ANY_ACCOUNT, "assume-role"), *hops(found, ANY_SERVICE, "service")):
        assert replays(found, hop)


def test_the_start_can_be_asked_about_and_explained() -> None:
    found = to_all(equals("aws:PrincipalOrgID", "o-other"), organization=ORG)
    (hop,) = hops(found, ANY_ACCOUNT)
    assert Wording().text(hop.condition) == "aws:PrincipalOrgID is o-other"
    explained = explain_request(found, "any other AWS account", GET, "arn:aws:s3:::b/x")
    assert (explained.principal, explained.verdict) == (ANY_ACCOUNT, "depends")
    assert explain_request(to_all(), ANY_SERVICE, GET, "arn:aws:s3:::b/x").verdict == "allow"


def test_the_example_account_is_one_that_the_snapshot_does_not_hold() -> None:
    held = world(account(A, roles=(role(A, "t", "*"),)), account(A.__class__("111122223333")))
    (hop,) = hops(held, ANY_ACCOUNT, "assume-role")
    assert hop.witness is not None
    assert hop.witness.principal == "arn:aws:iam::444455556666:user/somebody"


EXTERNAL_ROLE, EXTERNAL_USER = f"arn:aws:iam::{C}:role/x", f"arn:aws:iam::{C}:user/x"
EXTERNAL_SESSION = f"arn:aws:sts::{C}:assumed-role/x/sess"
TRAIL = "cloudtrail.amazonaws.com"


def like(**keys: str) -> Any:
    return {"StringLike": {f"aws:{name}": value for name, value in keys.items()}}


def trails_of(account_id: str) -> Any:
    return {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{account_id}:trail/*"}}


def paths(pattern: str) -> Any:
    return {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": pattern}}


TIED = [
    # rules and condition, who is named, condition, open
    ("TERM-7 the id of a user, of a role", EXTERNAL_ROLE, like(userid="AIDA*"), False),
    ("TERM-7 the id of a role", EXTERNAL_ROLE, like(userid="AROA*:bob"), True),
    ("TERM-7 the id of another session", EXTERNAL_SESSION, like(userid="*:other"), False),
    ("TERM-7 the id of the session", EXTERNAL_SESSION, like(userid="*:sess"), True),
    ("TERM-7 the id of a role, of a user", EXTERNAL_USER, like(userid="AROA*"), False),
    ("STS-33 no user has a source identity", EXTERNAL_USER, like(SourceIdentity="*"), False),
    ("STS-33 a role has", EXTERNAL_ROLE, like(SourceIdentity="*"), True),
    ("COND-54 something of another account", TRAIL, {**like(SourceAccount=A), **trails_of(B)}, False),
    ("COND-54 something of the account", TRAIL, {**like(SourceAccount=A), **trails_of(A)}, True),
    (
        "TERM-5 a bucket's ARN names no account",
        TRAIL,
        {**like(SourceAccount=A), "ArnLike": {"aws:SourceArn": "arn:aws:s3:::a"}},
        True,
    ),
    ("COND-54 an account of no organization", TRAIL, like(SourceAccount=B, SourceOrgID="o-x"), False),
    ("COND-54 another organization's id", TRAIL, like(SourceAccount=A, SourceOrgID="o-y"), False),
    ("COND-54 its organization's id", TRAIL, like(SourceAccount=A, SourceOrgID="o-x"), True),
    (
        "COND-54 an account that nobody lists",
        TRAIL,
        like(SourceAccount="444455556666", SourceOrgID="o-x"),
        False,
    ),
    (
        "COND-54 ... and an organization that nobody knows",
        TRAIL,
        like(SourceAccount="444455556666", SourceOrgID="o-y"),
        True,
    ),
    ("COND-54 the path of its organization", TRAIL, {**like(SourceAccount=A), **paths("o-x/*")}, True),
    ("COND-54 the path of another one", TRAIL, {**like(SourceAccount=A), **paths("o-y/*")}, False),
    ("COND-54 one path, another id", TRAIL, {**like(SourceOrgID="o-y"), **paths("o-x/*")}, False),
    ("COND-54 path and id", TRAIL, {**like(SourceOrgID="o-y"), **paths("o-y/*")}, True),
    ("COND-54 an account outside, a path inside", TRAIL, {**like(SourceAccount=B), **paths("o-x/*")}, False),
    (
        "COND-54 its resource, another organization",
        TRAIL,
        {**trails_of(A), "StringEquals": {"aws:SourceOrgID": "o-y"}},
        False,
    ),
    (
        "COND-54 its resource, its organization",
        TRAIL,
        {**trails_of(A), "StringEquals": {"aws:SourceOrgID": "o-x"}},
        True,
    ),
    (
        "PRIN-23 the list holds the name",
        TRAIL,
        {"ForAllValues:StringEquals": {"aws:PrincipalServiceNamesList": "other.amazonaws.com"}},
        False,
    ),
    (
        "PRIN-23 the list holds other names too",
        TRAIL,
        {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "other.amazonaws.com"}},
        True,
    ),
]


@pytest.mark.parametrize(("title", "who", "condition", "is_open"), TIED, ids=[each[0] for each in TIED])
def test_keys_that_hang_together(title: str, who: str, condition: Any, is_open: bool) -> None:
    """COND-54: of named principals outside, and of services."""
    principal = {"AWS" if who.startswith("arn:") else "Service": who}
    found = to_all(condition, principal, organization=organization(A))
    listed = hops(found, who)
    assert bool(listed) is is_open
    assert all(replays(found, hop) for hop in listed)


FAY = f"arn:aws:sts::{C}:federated-user/fay"


def test_a_federated_user_of_an_account_outside() -> None:
    """PRIN-7, STS-21, EVAL-22: whoever starts the session gives it a session policy; so do the witness's policies."""
    found = to_all(principal={"AWS": FAY})
    (hop,) = hops(found, FAY)
    assert hop.condition == TRUE
    assert replays(found, hop)
    assert hops(to_all(principal={"AWS": FAY.replace("fay", "joe")}), FAY) == []


@pytest.mark.parametrize(
    ("principal", "condition", "is_told"),
    [
        ({"AWS": f"arn:aws:sts::{A}:federated-user/fay"}, None, True),
        ({"AWS": FAY}, None, False),
        ("*", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:sts::{A}:federated-user/*"}}, True),
        ("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:federated-user/*"}}, True),
        ("*", {"ArnLike": {"aws:PrincipalArn": FAY}}, False),
        ("*", equals("aws:PrincipalType", "FederatedUser"), True),
        ("*", equals("aws:PrincipalType", "User"), False),
        ({"AWS": f"arn:aws:iam::{A}:user/u"}, None, False),
    ],
)
def test_federated_users_of_the_snapshot_are_a_gap(principal: Any, condition: Any, is_told: bool) -> None:
    """STS-21: what is not followed of such sessions is said where they are let in: root users, names left open."""
    said = [str(gap) for gap in Graph(to_all(condition, principal)).gaps if "GetFederationToken" in str(gap)]
    assert bool(said) is is_told
