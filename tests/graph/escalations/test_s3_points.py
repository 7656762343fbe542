"""ESC-64, ESC-65: an access point made, or its policy rewritten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.graph.access_points import points_of
from pathfinder.model.access_points import MemberBucket, MultiRegionAccessPoint
from pathfinder.model.resources import AccessPoint, PublicAccessBlock
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.search import graph_of
from tests.building import A, B, account, allow, arn, bucket, deny, organization, policy, world
from tests.graph.escalations.finding import (
    attacker,
    escalating,
    in_account,
    replayed,
    routes_of,
)

BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"
POINT = f"arn:aws:s3:eu-west-1:{A}:accesspoint/ap"
MANY = f"arn:aws:s3::{A}:accesspoint/many.mrap"
DELEGATE = allow(
    "s3:*",
    [BUCKET, OBJECTS],
    principal="*",
    condition={"StringEquals": {"s3:DataAccessPointAccount": A}},
)
NEW = (
    allow("s3:CreateAccessPoint", f"arn:aws:s3:*:{A}:accesspoint/*"),
    allow("s3:PutAccessPointPolicy", f"arn:aws:s3:*:{A}:accesspoint/*"),
)
PUT = allow("s3:PutAccessPointPolicy", POINT)
PUT_MANY = allow("s3:PutMultiRegionAccessPointPolicy", MANY)


def delegating(*statements, **more):
    more.setdefault("region", "eu-west-1")
    return bucket(A, "b", *(statements or (DELEGATE,)), **more)


def found(*statements, one=None, limits=None, of=None, **more):
    return in_account(
        one or attacker(*statements), buckets=(of or delegating(),), organization=limits, **more
    )


def point(*statements, **more):
    held = policy(PolicyKind.RESOURCE, "access point policy", POINT, *statements) if statements else None
    return AccessPoint(arn(POINT), "b", A, held, public_access_block=PublicAccessBlock(), **more)


def many():
    return MultiRegionAccessPoint(arn(MANY), "many", (MemberBucket("b", A),), None, PublicAccessBlock())


def rule_and_access(whole):
    routes = routes_of(whole)
    assert routes
    assert set(replayed(whole, routes)) == {"allow"}
    return {
        (route.escalations[0].escalation.rule, route.access.kind, route.access.through) for route in routes
    }


def test_a_new_access_point():
    """ESC-64, S3-51: the bucket leaves it to access points, whoever made them."""
    whole = found(*NEW)
    ((rule, kind, through),) = rule_and_access(whole)
    assert (rule, kind) == ("ESC-64", "access-point")
    assert through.startswith(f"arn:aws:s3:eu-west-1:{A}:accesspoint/")
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    assert [call.action for call in route.escalations[0].escalation.calls] == [
        "s3:CreateAccessPoint",
        "s3:PutAccessPointPolicy",
    ]
    assert not route.access.gaps
    assert points_of(whole) == ()


def test_the_name_that_a_policy_asks_for():
    """LANG-21: both calls are about the same new access point."""
    one = f"arn:aws:s3:*:{A}:accesspoint/team-*"
    whole = found(allow("s3:CreateAccessPoint", one), allow("s3:PutAccessPointPolicy", "*"))
    ((_, _, through),) = rule_and_access(whole)
    assert ":accesspoint/team-" in through


def test_its_own_permission_alone_only_through_access_points():
    """D-27: the identity side allows on the bucket what comes through access points of the account."""
    own = allow("s3:GetObject", OBJECTS, condition={"StringEquals": {"s3:DataAccessPointAccount": A}})
    whole = found(*NEW, own, of=delegating(allow("s3:GetObject", OBJECTS, principal={"AWS": str(B)})))
    assert {rule for rule, _, _ in rule_and_access(whole)} == {"ESC-64"}


@pytest.mark.parametrize(
    ("why", "statements", "more", "rule"),
    [
        ("ESC-64 the policy of one that is there", (PUT,), {"access_points": (point(),)}, "ESC-64"),
        (
            "EVAL-1 its Deny goes",
            (PUT,),
            {"access_points": (point(deny("s3:*", f"{POINT}/object/*", principal="*")),)},
            "ESC-64",
        ),
        ("ESC-65", (PUT_MANY,), {"multi_region_access_points": (many(),)}, "ESC-65"),
    ],
)
def test_a_policy_rewritten(why, statements, more, rule):
    """What is open goes through that access point, and each request is proven."""
    whole = found(*statements, **more)
    ((told, kind, _),) = rule_and_access(whole)
    assert (told, kind) == (rule, "access-point")


BOTH = {"access_points": (point(),), "multi_region_access_points": (many(),)}
EVERY = (*NEW, PUT, PUT_MANY)
CLOSED = [
    ("ESC-1 making it alone", NEW[:1], {}),
    ("ESC-1 its policy alone, and there is none", NEW[1:], {}),
    ("S3-51 the bucket leaves nothing to access points", EVERY, {"of": delegating(deny("s3:GetObject", OBJECTS, principal={"AWS": str(B)})), **BOTH}),
    ("S3-51 to those of another account", EVERY, {"of": delegating(allow("s3:*", [BUCKET, OBJECTS], principal="*", condition={"StringEquals": {"s3:DataAccessPointAccount": B}})), **BOTH}),
    ("EVAL-1 a Deny", (*EVERY, deny("s3:Put*AccessPointPolicy", "*")), BOTH),
    ("EVAL-20 a boundary", (), {"one": attacker(*EVERY, boundary=[allow("s3:GetObject", "*")]), **BOTH}),
    ("ORG-3 an SCP", EVERY, {"limits": organization(A, scps={A: [[deny("s3:Put*AccessPointPolicy", "*")]]}), **BOTH}),
    ("ESC-4 an RCP", EVERY, {"limits": organization(A, rcps={A: [[deny("s3:*", "*", principal="*")]]}), **BOTH}),
    ("ESC-1 another access point", (allow("s3:PutAccessPointPolicy", f"{POINT}2"),), BOTH),
    ("ESC-4 its own Deny stays", (*EVERY, deny(["s3:*Object*", "s3:List*", "s3:GetBucket*", "s3:*AccessPoint", "s3:GetAcc*"], "*"), deny("s3:*", "*")), BOTH),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """ESC-64, ESC-65 open nothing without each call, or where the bucket or a limit refuses."""
    assert not routes_of(found(*statements, **more))


def test_not_the_access_points_of_another_account():
    """S3-18: whatever its policy allows."""
    elsewhere = replace(point(), arn=arn(POINT.replace(A, B)))
    whole = escalating(
        world(
            account(A, users=(attacker(allow("s3:PutAccessPointPolicy", "*")),)),
            account(B, buckets=(replace(delegating(), account=B),), access_points=(elsewhere,)),
        )
    )
    assert not routes_of(whole)


def test_from_another_account_where_the_bucket_leaves_it_to_that():
    """S3-53: its own policies have to allow it on the bucket, too."""

    def whole(*statements):  # fmt: skip
        return escalating(
            world(
                account(A, users=(attacker(*NEW, *statements),)),
                account(B, buckets=(replace(delegating(), account=B),)),
            )
        )

    assert routes_of(whole(allow("s3:GetObject", OBJECTS)))
    assert not routes_of(whole())


def test_access_points_of_a_vpc_alone():
    """S3-52: they are named as a gap."""
    only = deny(
        "s3:CreateAccessPoint", "*", condition={"StringNotEquals": {"s3:AccessPointNetworkOrigin": "VPC"}}
    )
    whole = found(*NEW, only)
    assert not routes_of(whole)
    assert any("one VPC alone" in gap.reason for gap in graph_of(whole).gaps)


def test_nothing_where_it_is_open_anyway():
    """ESC-4: who reads the bucket directly gains nothing."""
    whole = found(*NEW, allow("s3:*", [BUCKET, OBJECTS]))
    assert not [route for route in routes_of(whole) if "s3:GetObject" in route.access.actions]


def test_a_deny_of_the_call_itself():
    """S3-18: whether the policy of an access point counts for its own management is a gap."""
    whole = found(PUT, access_points=(point(deny("*", [POINT, f"{POINT}/object/*"], principal="*")),))
    routes = routes_of(whole)
    assert routes
    assert all(any("manage it" in gap for gap in route.escalations[0].gaps) for route in routes)
    assert all(route.escalations[0].witness is None for route in routes)
