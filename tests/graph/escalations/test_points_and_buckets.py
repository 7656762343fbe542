"""Access points in front of a bucket that has been changed, and those that take requests from one VPC alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.model.resources import (
    AccessPoint,
    PublicAccessBlock,
)
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.search import graph_of
from tests.building import (
    A,
    B,
    account,
    allow,
    arn,
    bucket,
    deny,
    endpoint,
    organization,
    policy,
    world,
)
from tests.graph.escalations.finding import USER, attacker, escalating, in_account, replayed, routes_of

BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"
POINT = f"arn:aws:s3:eu-west-1:{A}:accesspoint/ap"
ON = PublicAccessBlock(True, True, True, True)
THROUGH = {"StringEquals": {"s3:DataAccessPointAccount": A}}
NOT_DIRECT = deny("s3:GetObject", OBJECTS, condition={"StringNotEquals": {"s3:DataAccessPointAccount": A}})
READ_THROUGH = allow("s3:GetObject", OBJECTS, condition=THROUGH)
LETS_IN = allow("s3:*", [POINT, f"{POINT}/object/*"], principal={"AWS": USER})
REFUSES = deny("s3:*", f"{POINT}/object/*", principal="*")
CLOSED_BUCKET = deny("s3:GetObject", OBJECTS, principal="*")
PUT, DELETE = allow("s3:PutBucketPolicy", BUCKET), allow("s3:DeleteBucketPolicy", BUCKET)
PUT_POINT = allow("s3:PutAccessPointPolicy", POINT)
NEW = (
    allow("s3:CreateAccessPoint", f"arn:aws:s3:*:{A}:accesspoint/*"),
    allow("s3:PutAccessPointPolicy", f"arn:aws:s3:*:{A}:accesspoint/*"),
)


def point(*statements, **more):
    held = policy(PolicyKind.RESOURCE, "access point policy", POINT, *statements) if statements else None
    return AccessPoint(arn(POINT), "b", A, held, public_access_block=PublicAccessBlock(), **more)


def found(*statements, of=(CLOSED_BUCKET,), points=None, limits=None, one=None, **more):
    """User u; bucket b, not open to everyone in any way; its access points, one that lets in u unless given."""
    held = replace(bucket(A, "b", *of, region="eu-west-1"), public_access_block=ON)
    points = (point(LETS_IN),) if points is None else points
    return in_account(
        one or attacker(*statements), buckets=(held,), access_points=points, organization=limits, **more
    )


def ways(whole, action="s3:GetObject"):
    """The rules before each route that ends with the action, and how it ends; all requests proven."""
    routes = routes_of(whole, actions=(action,))
    assert set(replayed(whole, routes)) <= {"allow"}
    return {(tuple(hop.escalation.rule for hop in each.escalations), each.access.kind) for each in routes}


def test_a_policy_that_lets_in_through_its_access_points():
    """ESC-60, S3-50: directly its own Deny keeps the data from it, through the access point nothing does."""
    whole = found(PUT, NOT_DIRECT)
    assert ways(whole) == {(("ESC-60",), "access-point")}
    assert ways(whole, "s3:PutObject") == {(("ESC-60",), "access")}
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    assert route.access.through == POINT
    assert route.acting.id == USER


def test_a_deny_that_is_gone():
    """ESC-61, S3-51: what its own policies allow through access points of the account."""
    assert ways(found(DELETE, READ_THROUGH)) == {(("ESC-61",), "access-point")}


CLOSED = [
    ("S3-50 the access point refuses", (PUT, NOT_DIRECT), {"points": (point(REFUSES),)}),
    ("S3-50 its own Deny is on that, too", (PUT, NOT_DIRECT, deny("s3:GetObject", f"{POINT}/object/*")), {}),
    ("ESC-1 the policy of another bucket", (allow("s3:PutBucketPolicy", "arn:aws:s3:::c"), NOT_DIRECT), {}),
    ("EVAL-1 a Deny of the call", (PUT, NOT_DIRECT, deny("s3:PutBucketPolicy", "*")), {}),
    ("ORG-3 an SCP on the data", (PUT, NOT_DIRECT), {"limits": organization(A, scps={A: [[deny("s3:GetObject", "*")]]})}),
    ("ORG-20 an RCP on the data", (PUT, NOT_DIRECT), {"limits": organization(A, rcps={A: [[deny("s3:GetObject", "*", principal="*")]]})}),
    ("EVAL-20 a boundary", (), {"one": attacker(PUT, NOT_DIRECT, boundary=[allow("s3:GetObject", "*")])}),
    ("S3-52 no access point", (PUT, NOT_DIRECT), {"points": ()}),
    ("ESC-61 nothing of its own", (DELETE,), {"points": (point(),)}),
    ("ESC-61 through those of another account alone", (DELETE, allow("s3:GetObject", OBJECTS, condition={"StringEquals": {"s3:DataAccessPointAccount": B}})), {"points": (point(),)}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """Both levels are decided again, and no other limit goes."""
    assert not ways(found(*statements, **more))


def test_not_told_where_it_is_open_directly():
    """The access point adds nothing to what a changed bucket opens itself."""
    assert {end for _, end in ways(found(PUT))} == {"access"}


def test_from_one_vpc():
    """S3-52: the access point that is there takes requests from its VPC alone, the changed bucket behind it or not."""
    whole = found(PUT, NOT_DIRECT, points=(point(LETS_IN, vpc="vpc-1"),))
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    assert "vpc-1" in str(route.access.condition)
    assert set(replayed(whole, (route,))) == {"allow"}


def test_both_policies():
    """ESC-60, then ESC-64: that of the bucket and that of the access point, in order."""
    assert ways(found(PUT, PUT_POINT, NOT_DIRECT, points=(point(REFUSES),))) == {
        (("ESC-60", "ESC-64"), "access-point")
    }
    assert not ways(found(PUT, NOT_DIRECT, points=(point(REFUSES),)))
    assert not ways(found(PUT_POINT, NOT_DIRECT, points=(point(REFUSES),)))


def test_a_bucket_policy_and_a_new_access_point():
    """ESC-64 "or also ESC-60": the bucket did not leave anything to access points."""
    assert ways(found(PUT, *NEW, NOT_DIRECT, points=())) == {(("ESC-60", "ESC-64"), "access-point")}


@pytest.mark.parametrize(
    ("why", "statements", "more"),
    [
        ("ESC-1 no bucket policy", (*NEW, NOT_DIRECT), {}),
        ("ESC-1 no policy for it", (PUT, NEW[0], NOT_DIRECT), {}),
        ("ESC-1 no making", (PUT, NEW[1], NOT_DIRECT), {}),
        ("EVAL-1 a Deny", (PUT, *NEW, NOT_DIRECT, deny("s3:CreateAccessPoint", "*")), {}),
        ("ORG-3 an SCP", (PUT, *NEW, NOT_DIRECT), {"limits": organization(A, scps={A: [[deny("s3:CreateAccessPoint", "*")]]})}),
        ("ESC-4 its own Deny of everything", (PUT, *NEW, deny("s3:GetObject", "*")), {}),
    ],
)  # fmt: skip
def test_not_both(why, statements, more):
    """ESC-60, ESC-64: each call, and nothing else in the way."""
    assert not ways(found(*statements, points=(), **more))


def test_the_access_point_alone_is_enough_where_the_bucket_leaves_it_to_that():
    """ESC-64, S3-51: no second change."""
    delegates = allow("s3:*", [BUCKET, OBJECTS], principal="*", condition=THROUGH)
    assert ways(found(PUT, *NEW, NOT_DIRECT, of=(delegates,), points=())) == {(("ESC-64",), "access-point")}


DELEGATES = allow("s3:*", [BUCKET, OBJECTS], principal="*", condition=THROUGH)
INSIDE = deny(
    "s3:CreateAccessPoint", "*", condition={"StringNotEquals": {"s3:AccessPointNetworkOrigin": "VPC"}}
)


def of_vpcs(*statements, vpcs=("vpc-1",), owner=A, **more):
    ends = tuple(endpoint(owner, f"vpce-{n}", vpc) for n, vpc in enumerate(vpcs))
    here = account(A, users=(attacker(*statements),), buckets=(replace(bucket(A, "b", DELEGATES, region="eu-west-1"), public_access_block=ON),), endpoints=ends if owner == A else ())  # fmt: skip
    there = account(B, endpoints=ends if owner == B else ())
    return escalating(world(here, there, organization=more.get("limits")))


def test_a_new_access_point_for_one_vpc():
    """ESC-64, S3-52: the data are open to requests from that VPC alone."""
    whole = of_vpcs(*NEW, INSIDE)
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    (hop,) = route.escalations
    assert hop.escalation.rule == "ESC-64"
    assert "from vpc-1 alone" in hop.escalation.change
    context = hop.escalation.calls[0].witness.context
    assert context["s3:AccessPointNetworkOrigin"] == "VPC"
    assert route.access.witness.context["aws:SourceVpc"] == "vpc-1"
    assert set(replayed(whole, (route,))) == {"allow"}
    assert not any("one VPC alone" in gap.reason for gap in graph_of(whole).gaps)


def test_one_for_each_vpc_and_a_gap_for_more():
    """Boundedly many."""
    whole = of_vpcs(*NEW, INSIDE, vpcs=tuple(f"vpc-{n}" for n in range(6)))
    assert len(routes_of(whole, actions=("s3:GetObject",))) == 4
    assert any("more than 4 VPCs" in gap.reason for gap in graph_of(whole).gaps)


@pytest.mark.parametrize(
    ("why", "statements", "more"),
    [
        ("ESC-1 no making", (NEW[1], INSIDE), {}),
        ("ESC-1 no policy", (NEW[0], INSIDE), {}),
        ("EVAL-1 no origin at all", (*NEW, INSIDE, deny("s3:CreateAccessPoint", "*", condition={"StringEquals": {"s3:AccessPointNetworkOrigin": "VPC"}})), {}),
        ("S3-52 its own policies refuse requests from that VPC", (*NEW, INSIDE, deny("s3:GetObject", "*", condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})), {}),
        ("S3-52 no VPC of the account is known", (*NEW, INSIDE), {"owner": B}),
        ("ORG-3 an SCP", (*NEW, INSIDE), {"limits": organization(A, B, scps={A: [[deny("s3:CreateAccessPoint", "*")]]})}),
    ],
)  # fmt: skip
def test_no_access_point_for_a_vpc(why, statements, more):
    """ESC-64, S3-52 closed."""
    assert not routes_of(of_vpcs(*statements, **more), actions=("s3:GetObject",))


def test_no_vpc_is_made_up():
    """S3-52: where the account's VPCs are not known, that is a gap."""
    whole = of_vpcs(*NEW, INSIDE, owner=B)
    assert any("one VPC alone" in gap.reason for gap in graph_of(whole).gaps)
