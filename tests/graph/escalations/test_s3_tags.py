"""ESC-68: tags of a bucket or its objects changed where policies ask about them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.model.resources import S3Object
from tests.building import A, allow, bucket, deny, organization
from tests.graph.escalations.finding import attacker, in_account, replayed, routes_of

BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"
READ_TAGGED = allow("s3:GetObject", OBJECTS, condition={"StringEquals": {"aws:ResourceTag/team": "red"}})
READ_TAGGED_OBJECT = allow(
    "s3:GetObject", OBJECTS, condition={"StringEquals": {"s3:ExistingObjectTag/open": "yes"}}
)
NOT_SECRET = deny("s3:GetObject", OBJECTS, condition={"StringEquals": {"aws:ResourceTag/team": "blue"}})
READ = allow("s3:GetObject", OBJECTS)


def may(*actions, on="*", **more):
    return allow([f"s3:{each}" for each in actions], on, **more)


def found(*statements, one=None, limits=None, tags=None, abac=False, **more):
    own = replace(bucket(A, "b", **more), tags=tags or {}, abac=abac)
    return in_account(one or attacker(*statements), buckets=(own,), organization=limits)


BUCKET_WAYS = [
    ("S3-26 tags, then ABAC on", (may("PutBucketTagging"), may("PutBucketAbac"), READ_TAGGED), {}, 2),
    ("S3-26 one tag, then ABAC on", (may("TagResource"), may("PutBucketAbac"), READ_TAGGED), {}, 2),
    ("S3-26 ABAC alone", (may("PutBucketAbac"), READ_TAGGED), {"tags": {"team": "red"}}, 1),
    ("S3-26 one tag, ABAC is on", (may("TagResource"), READ_TAGGED), {"abac": True, "tags": {"team": "blue"}}, 1),
    ("EVAL-1 a Deny by tag: the tag goes", (may("UntagResource", "TagResource"), READ, NOT_SECRET), {"abac": True, "tags": {"team": "blue"}}, 1),
    ("EVAL-1 a Deny by tag: ABAC off", (may("PutBucketAbac"), READ, NOT_SECRET), {"abac": True, "tags": {"team": "blue"}}, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "statements", "more", "calls"), BUCKET_WAYS, ids=[each[0] for each in BUCKET_WAYS]
)
def test_a_bucket_tagged(why, statements, more, calls):
    """What the tags open is proven with them."""
    whole = found(*statements, **more)
    routes = routes_of(whole, actions=("s3:GetObject",))
    assert routes
    for route in routes:
        (hop,) = route.escalations
        assert hop.escalation.rule == "ESC-68"
        assert len(hop.escalation.calls) == calls
        assert "s3:GetObject" in route.access.actions
    assert set(replayed(whole, routes)) == {"allow"}


ALL = ("PutBucketTagging", "PutBucketAbac", "TagResource", "PutObjectTagging", "DeleteObjectTagging")
CLOSED = [
    ("ESC-1 ABAC stays off", (may("PutBucketTagging", "TagResource"), READ_TAGGED), {}),
    ("ESC-1 no tag", (may("PutBucketAbac"), READ_TAGGED), {}),
    ("ESC-4 nobody asks about tags", (may(*ALL), allow("s3:GetBucketAcl", "*")), {}),
    ("EVAL-1 a Deny", (may(*ALL), READ_TAGGED, deny(["s3:*Tag*"], "*")), {}),
    ("EVAL-20 a boundary", (), {"one": attacker(may(*ALL), READ_TAGGED, boundary=[READ])}),
    ("ORG-3 an SCP", (may(*ALL), READ_TAGGED), {"limits": organization(A, scps={A: [[deny("s3:PutBucketAbac", "*")]]})}),
    ("ESC-4 an RCP", (may(*ALL), READ_TAGGED), {"limits": organization(A, rcps={A: [[deny("s3:GetObject", "*", principal="*")]]})}),
    ("ESC-1 another tag alone", (may("PutBucketAbac"), may("TagResource", condition={"StringEquals": {"aws:RequestTag/team": "green"}}), READ_TAGGED), {}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """ESC-68 opens nothing where the tags cannot be had, do not count, or something else closes it."""
    assert not routes_of(found(*statements, **more), actions=("s3:GetObject",))


def test_objects_tagged():
    """s3:ExistingObjectTag: those that it may tag, and no others."""
    whole = found(may("PutObjectTagging", on="arn:aws:s3:::b/x/*"), READ_TAGGED_OBJECT)
    routes = routes_of(whole, actions=("s3:GetObject",))
    assert {route.access.resources for route in routes} == {("arn:aws:s3:::b/x/*",)}
    assert set(replayed(whole, routes)) == {"allow"}


def test_an_object_whose_tags_are_known():
    """What the snapshot says of its tags is what they were."""
    known = (S3Object("k", tags={"open": "no"}),)
    whole = found(may("PutObjectTagging", on="arn:aws:s3:::b/k"), READ_TAGGED_OBJECT, objects=known)
    routes = routes_of(whole, actions=("s3:GetObject",))
    assert {route.access.resources for route in routes} == {("arn:aws:s3:::b/k",)}
    assert set(replayed(whole, routes)) == {"allow"}


def test_a_tag_that_denies_goes():
    """s3:DeleteObjectTagging is enough."""
    secret = deny("s3:GetObject", OBJECTS, condition={"Null": {"s3:ExistingObjectTag/secret": "false"}})
    whole = found(may("DeleteObjectTagging"), READ, secret)
    assert routes_of(whole, actions=("s3:GetObject",))
    assert not routes_of(found(READ, secret), actions=("s3:GetObject",))


@pytest.mark.parametrize(
    "tagging",
    [
        may("PutObjectTagging", condition={"StringEquals": {"s3:RequestObjectTag/open": "no"}}),
        may("PutObjectTagging", condition={"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["x"]}, "Null": {"s3:RequestObjectTagKeys": "false"}}),
        may("PutObjectTagging", on="arn:aws:s3:::c/*"),
        may("GetObjectTagging"),
    ],
)  # fmt: skip
def test_objects_that_cannot_have_the_tag(tagging):
    """The request that tags is decided with the tags that it puts."""
    assert not routes_of(found(tagging, READ_TAGGED_OBJECT), actions=("s3:GetObject",))
