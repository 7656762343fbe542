"""ESC-62: an ACL that lets somebody in, on the bucket or its objects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.authorization.acl import ALL_USERS
from pathfinder.model.resources import Acl, AclGrant, ObjectOwnership, PublicAccessBlock, S3Object
from pathfinder.routes.search import graph_of
from tests.building import A, B, account, allow, bucket, deny, organization, world
from tests.graph.escalations.finding import USER, attacker, escalating, in_account, replayed, routes_of

OFF, ON = PublicAccessBlock(), PublicAccessBlock(True, True, True, True)
OWNER, OTHER = "c" * 64, "d" * 64
WRITER, ENFORCED = ObjectOwnership.OBJECT_WRITER, ObjectOwnership.BUCKET_OWNER_ENFORCED
BUCKET_ACL = allow("s3:PutBucketAcl", "arn:aws:s3:::b")
OBJECT_ACL = allow("s3:PutObjectAcl", "arn:aws:s3:::b/*")
OWNERSHIP = allow("s3:PutBucketOwnershipControls", "arn:aws:s3:::b")
UNBLOCK = allow("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b")
UNBLOCK_ALL = allow("s3:PutAccountPublicAccessBlock", "*")


def holder(block=OFF, ownership=WRITER, policy=(), acl=Acl(OWNER, ()), **more):  # noqa: B008
    more.setdefault("objects_listed", True)
    found = replace(bucket(A, "b", *policy), public_access_block=block, acl=acl, ownership=ownership)
    return replace(found, **more)


def found(*statements, of_account=OFF, limits=None, one=None, **more):
    return in_account(
        one or attacker(*statements),
        buckets=(holder(**more),),
        public_access_block=of_account,
        canonical_id=OWNER,
        organization=limits,
    )


READ_ALL, LIST = ("s3:GetObject", "arn:aws:s3:::b/*"), ("s3:ListBucket", "arn:aws:s3:::b")
OPEN = [
    ("S3-23a the bucket's", (BUCKET_ACL,), {}, 1, LIST),
    ("S3-23a the objects'", (OBJECT_ACL,), {}, 1, READ_ALL),
    ("S3-23a versions'", (allow("s3:PutObjectVersionAcl", "*"),), {}, 1, READ_ALL),
    ("S3-21 ownership first", (BUCKET_ACL, OWNERSHIP), {"ownership": ENFORCED}, 2, LIST),
    ("S3-21 ownership first, objects", (OBJECT_ACL, OWNERSHIP), {"ownership": ENFORCED}, 2, READ_ALL),
    ("BPA-2 the block first", (BUCKET_ACL, UNBLOCK), {"block": ON}, 2, LIST),
    ("BPA-2 the account's block first", (OBJECT_ACL, UNBLOCK_ALL), {"of_account": ON}, 2, READ_ALL),
    (
        "BPA-1 all of it first",
        (OBJECT_ACL, UNBLOCK, UNBLOCK_ALL, OWNERSHIP),
        {"block": ON, "of_account": ON, "ownership": ENFORCED},
        4,
        READ_ALL,
    ),
    (
        "S3-24b only as a canned ACL",
        (allow("s3:PutObjectAcl", "*", condition={"StringEquals": {"s3:x-amz-acl": "public-read"}}),),
        {},
        1,
        READ_ALL,
    ),
    (
        "S3-24b only in the body",
        (allow("s3:PutObjectAcl", "*"), deny("s3:PutObjectAcl", "*", condition={"Null": {"s3:x-amz-acl": "false"}})),
        {},
        1,
        READ_ALL,
    ),
    ("LANG-21 these objects alone", (allow("s3:PutObjectAcl", "arn:aws:s3:::b/x/*"),), {}, 1,
     ("s3:GetObject", "arn:aws:s3:::b/x/*")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "statements", "given", "calls", "opened"), OPEN, ids=[each[0] for each in OPEN]
)
def test_open(why, statements, given, calls, opened):
    """ESC-62 with exactly these permissions; every request is proven."""
    whole = found(*statements, **given)
    routes = routes_of(whole)
    assert routes
    for route in routes:
        (hop,) = route.escalations
        assert hop.escalation.rule == "ESC-62"
        assert len(hop.escalation.calls) == calls
        assert opened[0] in route.access.actions
        assert opened[1] in route.access.resources
        assert not route.access.gaps
        assert not hop.gaps
    assert set(replayed(whole, routes)) == {"allow"}


@pytest.mark.parametrize(
    ("why", "statements", "given", "calls", "opened"), OPEN, ids=[each[0] for each in OPEN]
)
def test_each_permission_is_needed(why, statements, given, calls, opened):
    """ESC-1: without any one of them nothing is open."""
    for left_out in (n for n, each in enumerate(statements) if each["Effect"] == "Allow"):
        rest = (*statements[:left_out], *statements[left_out + 1 :])
        assert not routes_of(found(*rest, **given)), left_out


EVERY = (BUCKET_ACL, OBJECT_ACL)
ALL_OF_IT = (*EVERY, UNBLOCK, UNBLOCK_ALL, OWNERSHIP)
CLOSED = [
    ("BPA-2 refuses a public ACL", EVERY, {"block": PublicAccessBlock(block_public_acls=True)}),
    ("BPA-3 drops a public ACL", EVERY, {"block": PublicAccessBlock(ignore_public_acls=True)}),
    ("BPA-1 the account's as well", (*EVERY, UNBLOCK), {"block": ON, "of_account": ON}),
    ("BPA-1 the organization's", ALL_OF_IT, {"limits": replace(organization(A), s3_policies=((A, ON),))}),
    ("S3-21 ACLs do not count", EVERY, {"ownership": ENFORCED}),
    ("EVAL-1 a Deny", (*EVERY, deny(["s3:PutBucketAcl", "s3:PutObjectAcl"], "*")), {}),
    ("EVAL-1 the bucket policy's Deny", EVERY, {"policy": (deny("s3:Put*Acl", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], principal="*"),)}),
    ("ORG-3 an SCP", EVERY, {"limits": organization(A, scps={A: [[deny("s3:Put*Acl", "*")]]})}),
    ("EVAL-20 a boundary", (), {"one": attacker(*EVERY, boundary=[allow("s3:GetObject", "*")])}),
    ("ESC-4 an RCP denies what follows", EVERY, {"limits": organization(A, rcps={A: [[deny(["s3:Get*", "s3:List*", "s3:PutObject"], "*", principal="*")]]})}),
    ("S3-24 no header and no body but private", (allow("s3:Put*Acl", "*", condition={"StringEquals": {"s3:x-amz-acl": "private"}}),), {}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "given"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, given):
    """ESC-62 opens no data and no list where the ACL is refused, does not count, or something else closes it."""
    told = {name for route in routes_of(found(*statements, **given)) for name in route.access.actions}
    assert not told & {"s3:GetObject", "s3:ListBucket", "s3:PutObject"}


def test_acls_that_are_there_count_again():
    """S3-21: with the right to change the ownership alone."""
    public = Acl(OWNER, (AclGrant(ALL_USERS, "READ"),))
    known = (S3Object("k", OWNER, public),)
    routes = routes_of(found(OWNERSHIP, ownership=ENFORCED, objects=known))
    assert {route.access.resources for route in routes} == {("arn:aws:s3:::b/k",)}
    assert not routes_of(found(OWNERSHIP, ownership=ENFORCED, objects=known, block=ON))


def across(*statements, canonical_id=OTHER, **more):
    """A user of A before a bucket of B whose policy lets A put ACLs."""
    may = allow(["s3:PutObjectAcl"], "arn:aws:s3:::b/*", principal={"AWS": str(A)})
    own = replace(holder(policy=(may,), **more), account=B)
    return escalating(
        world(
            account(A, users=(attacker(*statements),), canonical_id=canonical_id),
            account(B, buckets=(own,), canonical_id=OWNER),
        )
    )


def test_across_accounts_both_sides_are_needed():
    """EVAL-22, S3-22: what an ACL grants to an account, its own policies have to allow as well."""
    routes = routes_of(across(OBJECT_ACL, allow("s3:GetObject", "arn:aws:s3:::b/*"), block=ON))
    assert routes
    assert all(route.access.actions == ("s3:GetObject",) for route in routes)
    assert not routes_of(across(OBJECT_ACL, block=ON))


def test_an_account_whose_canonical_user_id_is_not_known():
    """Never silently closed: it is a gap where Block Public Access refuses the public ACL."""
    whole = across(OBJECT_ACL, allow("s3:GetObject", "*"), canonical_id=None, block=ON)
    assert not routes_of(whole)
    assert any("canonical user id" in gap.reason for gap in graph_of(whole).gaps)


def test_what_is_not_known_is_a_gap():
    """S3-7: object ownership that nobody read."""
    routes = routes_of(found(OBJECT_ACL, ownership=None))
    assert routes
    assert all(route.escalations[0].gaps for route in routes)


def test_unsigned_past_its_own_deny():
    """S3-17: what everyone may do, the principal may do without its signature."""
    (route,) = routes_of(found(OBJECT_ACL, deny("s3:GetObject*", "*")), actions=("s3:GetObject",))
    assert "unsigned" in route.access.source
    assert route.start.id == USER
