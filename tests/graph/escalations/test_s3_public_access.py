"""ESC-63: Block Public Access turned off before a bucket that is public but for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.authorization.acl import ALL_USERS
from pathfinder.model.resources import Acl, AclGrant, ObjectOwnership, PublicAccessBlock, S3Object
from tests.building import A, allow, bucket, deny, organization
from tests.graph.escalations.finding import USER, attacker, in_account, replayed, routes_of

OFF, ON = PublicAccessBlock(), PublicAccessBlock(True, True, True, True)
OWNER = "c" * 64
PUBLIC = Acl(OWNER, (AclGrant(ALL_USERS, "READ"),))
BUCKET_SIDE = allow("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b")
ACCOUNT_SIDE = allow("s3:PutAccountPublicAccessBlock", "*")


def holder(block=ON, acl=PUBLIC, ownership=ObjectOwnership.OBJECT_WRITER):
    """Bucket b, whose ACL lets everyone list it."""
    return replace(
        bucket(A, "b"), public_access_block=block, acl=acl, ownership=ownership, objects_listed=True
    )


def found(*statements, block=ON, of_account=OFF, limits=None, one=None, **more):
    own = one or attacker(*statements)
    return in_account(
        own,
        buckets=(holder(block, **more),),
        public_access_block=of_account,
        canonical_id=OWNER,
        organization=limits,
    )


OPEN = [
    ("BPA-3 the bucket's switch", (BUCKET_SIDE,), ON, OFF),
    ("BPA-3 the account's switch", (ACCOUNT_SIDE,), OFF, ON),
    ("BPA-1 both", (BUCKET_SIDE, ACCOUNT_SIDE), ON, ON),
]


@pytest.mark.parametrize(("why", "statements", "block", "of_account"), OPEN, ids=[each[0] for each in OPEN])
def test_open(why, statements, block, of_account):
    """ESC-63 at each level, and at both; every request is proven."""
    whole = found(*statements, block=block, of_account=of_account)
    routes = routes_of(whole)
    assert routes
    for route in routes:
        (hop,) = route.escalations
        assert hop.escalation.rule == "ESC-63"
        assert "s3:ListBucket" in route.access.actions
        assert len(hop.escalation.calls) == len(statements)
    assert set(replayed(whole, routes)) == {"allow"}


S3_POLICY = replace(organization(A), s3_policies=((A, ON),))
NO = organization(A, scps={A: [[deny("s3:Put*PublicAccessBlock", "*")]]})
BOTH = (BUCKET_SIDE, ACCOUNT_SIDE)
CLOSED = [
    ("BPA-1 the account's switch is on as well", {"statements": (BUCKET_SIDE,), "of_account": ON}),
    ("BPA-1 the bucket's switch is on as well", {"statements": (ACCOUNT_SIDE,), "of_account": ON}),
    ("BPA-1 the organization's policy", {"statements": BOTH, "of_account": ON, "limits": S3_POLICY}),
    ("ESC-1 no permission", {"statements": (allow("s3:PutBucketTagging", "*"),)}),
    ("ESC-1 another bucket", {"statements": (allow("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::c"),)}),
    ("EVAL-1 a Deny", {"statements": (*BOTH, deny("s3:PutBucketPublicAccessBlock", "*"))}),
    ("ORG-3 an SCP", {"statements": BOTH, "limits": NO}),
    ("EVAL-20 a boundary", {"one": attacker(*BOTH, boundary=[allow("s3:GetObject", "*")])}),
    ("ESC-4 nothing is public", {"statements": BOTH, "acl": Acl(OWNER, ())}),
    ("S3-21 no ACL counts", {"statements": BOTH, "ownership": ObjectOwnership.BUCKET_OWNER_ENFORCED}),
]


@pytest.mark.parametrize(("why", "given"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, given):
    """ESC-63 opens nothing where a level stays on, the call is refused, or nothing was held back."""
    more = dict(given)
    assert not routes_of(found(*more.pop("statements", ()), **more))


def test_unsigned_past_its_own_limits():
    """S3-17: with RestrictPublicBuckets off the principal's own Deny does not bind it; others are let in too (BPA-5)."""
    public = allow("s3:GetObject", "arn:aws:s3:::b/*", principal="*")
    one = attacker(BUCKET_SIDE, deny("s3:GetObject", "*"))
    open_to_all = replace(
        bucket(A, "b", public), public_access_block=PublicAccessBlock(restrict_public_buckets=True)
    )
    (route,) = routes_of(in_account(one, buckets=(open_to_all,)))
    assert route.escalations[0].escalation.rule == "ESC-63"
    assert "unsigned" in route.access.source
    assert route.start.id == USER
    shut = replace(open_to_all, policy=None)
    assert not routes_of(in_account(one, buckets=(shut,)))


def test_an_object_that_is_public():
    """BPA-3: what its ACL grants counts again, for this object alone."""
    known = replace(holder(acl=Acl(OWNER, ())), objects=(S3Object("k", OWNER, PUBLIC),))
    routes = routes_of(in_account(attacker(BUCKET_SIDE), buckets=(known,), canonical_id=OWNER))
    assert {route.access.resources for route in routes} == {("arn:aws:s3:::b/k",)}
