"""Escalations through a bucket's own settings."""

from __future__ import annotations

import pytest

from tests.building import A, B, account, allow, bucket, deny, organization, user, world
from tests.graph.escalations.finding import (
    USER,
    attacker,
    escalating,
    escalations_from,
    in_account,
    replayed,
    routes_of,
)

NOT_YOU = deny("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], principal={"AWS": USER})


def test_a_bucket_policy_rewritten():
    """ESC-60: the bucket is open to who may write its policy, and only after that."""
    found = in_account(attacker(allow("s3:PutBucketPolicy", "arn:aws:s3:::b")))
    (route,) = routes_of(found)
    (hop,) = route.escalations
    assert hop.escalation.rule == "ESC-60"
    assert hop.escalation.mutating
    assert "s3:GetObject" in route.access.actions
    assert route.acting.id == USER
    assert set(replayed(found, (route,))) == {"allow"}


CLOSED = [
    (
        "EVAL-1 the bucket policy denies the call",
        attacker(allow("s3:PutBucketPolicy", "*")),
        (NOT_YOU,),
        None,
    ),
    ("ESC-1 no permission", attacker(allow("s3:PutBucketTagging", "*")), (), None),
    ("ESC-1 another bucket", attacker(allow("s3:PutBucketPolicy", "arn:aws:s3:::c")), (), None),
    (
        "ORG-3 an SCP denies the call",
        attacker(allow("s3:PutBucketPolicy", "*")),
        (),
        organization(A, scps={A: [[deny("s3:PutBucketPolicy", "*")]]}),
    ),
    (
        "ESC-4 an SCP denies what follows",
        attacker(allow("s3:PutBucketPolicy", "*")),
        (),
        organization(
            A,
            scps={
                A: [
                    [deny(["s3:*Object*", "s3:L*", "s3:G*", "s3:*Bucket*", "s3:*C*"], "*"), deny("s3:*", "*")]
                ]
            },
        ),
    ),
    (
        "ESC-4 an RCP denies what follows",
        attacker(allow("s3:PutBucketPolicy", "*")),
        (),
        organization(A, rcps={A: [[deny("s3:*", "*", principal="*")]]}),
    ),
]


@pytest.mark.parametrize(("why", "one", "statements", "limits"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, one, statements, limits):
    """ESC-60 is closed by a Deny, a missing permission, an SCP, an RCP."""
    found = in_account(one, buckets=(bucket(A, "b", *statements),), organization=limits)
    assert not routes_of(found)


def test_not_across_accounts():
    """S3-18: whatever the bucket policy allows."""
    grants = allow("s3:PutBucketPolicy", "arn:aws:s3:::b", principal={"AWS": USER})
    found = escalating(
        world(
            account(A, users=(attacker(allow("s3:PutBucketPolicy", "*")),)),
            account(B, buckets=(bucket(B, "b", grants),)),
        )
    )
    assert not routes_of(found)


def test_a_policy_that_denies_deleted():
    """ESC-61: helps only those who were denied, and whom their own policies allow."""
    closing = deny("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": USER})
    may = allow(["s3:DeleteBucketPolicy", "s3:GetObject"], "*")
    (route,) = routes_of(in_account(attacker(may), buckets=(bucket(A, "b", closing),)))
    assert route.escalations[0].escalation.rule == "ESC-61"
    assert route.access.actions == ("s3:GetObject",)
    assert not routes_of(in_account(attacker(may), buckets=(bucket(A, "b"),)))
    assert not escalations_from(in_account(user(A, "u", may), buckets=(bucket(A, "b"),)))
