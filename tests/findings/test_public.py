"""Public buckets: found by what anonymous callers can do, and from where."""

from __future__ import annotations

import pytest

from pathfinder.findings.finding import Severity
from tests.building import A, B, account, allow, bucket, deny, organization, user, world
from tests.findings.asking import BUCKET, OBJECTS, bucket_world, everyone, found

ALL_OF_IT = [BUCKET, OBJECTS]

OPEN = [
    # rules           finding        severity           statements
    ("EVAL-40", "public-read", Severity.HIGH, [everyone()]),
    ("PRIN-12", "public-read", Severity.HIGH, [allow("s3:Get*", OBJECTS, principal={"AWS": "*"})]),
    ("EVAL-40", "public-write", Severity.CRITICAL, [everyone("s3:PutObject")]),
    ("S3-A9", "public-write", Severity.CRITICAL, [everyone("s3:PutObjectAcl")]),
    ("S3-A7", "public-write", Severity.CRITICAL, [everyone("s3:DeleteObject")]),
    ("S3-A13", "public-list", Severity.MEDIUM, [everyone("s3:ListBucket", BUCKET)]),
    # A condition that the caller meets at will is none (KEY-2).
    (
        "KEY-2",
        "public-read",
        Severity.HIGH,
        [everyone(condition={"StringEquals": {"aws:Referer": "https://x"}})],
    ),
    # True where the key is missing (COND-31).
    (
        "COND-31",
        "public-read",
        Severity.HIGH,
        [everyone(condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-x"}})],
    ),
    # A list of addresses to keep out lets in all others; two halves of all addresses are all of them (BPA-8).
    (
        "COND-22",
        "public-read",
        Severity.HIGH,
        [everyone(condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})],
    ),
    (
        "BPA-8",
        "public-read",
        Severity.HIGH,
        [everyone(condition={"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}})],
    ),
    ("PRIN-20", "public-read", Severity.HIGH, [{**everyone(), "NotPrincipal": {"AWS": str(B)}}]),
]


@pytest.mark.parametrize(("rule", "id_", "severity", "statements"), OPEN)
def test_what_is_public_is_found(rule, id_, severity, statements):
    for each in statements:
        if "NotPrincipal" in each:
            del each["Principal"]
    (finding,) = found(id_, bucket_world(*statements))
    assert finding.severity is severity
    assert finding.title.startswith("Anyone may ")
    assert finding.place.resource == BUCKET
    assert finding.witnesses
    assert len(finding.routes) == 1
    assert finding.fix is not None


LIMITED = [
    ("asks 7", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "203.0.113.0/24", "some addresses only"),
    ("asks 7", {"StringEquals": {"aws:SourceVpce": "vpce-0aaa"}}, "vpce-0aaa", "VPC endpoints only"),
]


@pytest.mark.parametrize(("rule", "condition", "said", "limited"), LIMITED)
def test_what_is_open_from_some_networks_is_classed_apart(rule, condition, said, limited):
    (finding,) = found("public-read", bucket_world(everyone(condition=condition)))
    assert finding.severity is Severity.MEDIUM
    assert said in finding.title
    assert finding.reason.endswith(f"limited to {limited}")


def test_public_from_everywhere_and_from_some_networks_are_two_findings():
    limited = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    made = bucket_world(
        everyone(resource="arn:aws:s3:::data/a/*"),
        everyone(resource="arn:aws:s3:::data/b/*", condition=limited),
    )
    severities = [each.severity for each in found("public-read", made)]
    assert severities == [Severity.HIGH, Severity.MEDIUM]


CLOSED = [
    ("KEY-3", [everyone(condition={"StringEquals": {"aws:PrincipalOrgID": "o-x"}})]),
    ("asks 7", [everyone(condition={"StringEquals": {"aws:PrincipalAccount": str(A)}})]),
    ("asks 7", [everyone(condition={"StringEquals": {"aws:SourceAccount": str(A)}})]),
    (
        "asks 8",
        [
            everyone(
                condition={
                    "StringEquals": {"aws:PrincipalOrgID": "o-x"},
                    "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"},
                }
            )
        ],
    ),
    (
        "EVAL-1",
        [everyone(), deny("s3:*", OBJECTS, principal="*", condition={"Null": {"aws:PrincipalArn": "true"}})],
    ),
    ("COND-54", [everyone(condition={"StringEquals": {"aws:PrincipalType": "User"}})]),
    ("PRIN-1", [allow("s3:GetObject", OBJECTS, principal={"AWS": str(B)})]),
    ("LANG-26", [everyone("s3:GetObject", BUCKET)]),
]


@pytest.mark.parametrize(("rule", "statements"), CLOSED)
def test_what_only_looks_public_is_not_found(rule, statements):
    for id_ in ("public-read", "public-write", "public-list"):
        assert found(id_, bucket_world(*statements)) == ()


def test_restrict_public_buckets_and_rcps_close_it():
    assert found("public-read", bucket_world(everyone(), restricted=True)) == ()  # BPA-5
    perimeter = deny(
        "s3:*",
        "*",
        principal="*",
        condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-x"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    accounts = (account(A, buckets=(bucket(A, "data", everyone()),)),)
    guarded = world(*accounts, organization=organization(A, rcps={"root": [[perimeter]]}))
    assert found("public-read", guarded) == ()  # EX-11
    assert found("public-read", world(*accounts, organization=organization(A)))


def test_block_public_access_off():
    (finding,) = found("block-public-access-off", bucket_world(everyone()))  # BPA-7
    assert finding.fix is not None
    assert finding.fix.change is not None
    assert finding.fix.change["setting"] == "PublicAccessBlockConfiguration"
    assert found("block-public-access-off", bucket_world(everyone(), restricted=True)) == ()  # BPA-5
    fixed = everyone(condition={"StringEquals": {"aws:PrincipalOrgID": "o-x"}})
    assert found("block-public-access-off", bucket_world(fixed)) == ()  # BPA-7: an organization is fixed


def test_block_public_access_that_is_not_known_is_a_gap():
    (finding,) = found("block-public-access-off", bucket_world(everyone(), unread=("PublicAccessBlock",)))
    assert finding.severity is Severity.LOW
    assert finding.gaps


WEAK = [
    ("KEY-2", {"StringLike": {"aws:Referer": "https://example.com/*"}}, True),
    ("KEY-2", {"StringEquals": {"aws:UserAgent": "our-app"}, "Bool": {"aws:SecureTransport": "true"}}, True),
    ("KEY-2", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
    ("KEY-2", {"StringLike": {"aws:Referer": "x"}, "StringEquals": {"aws:PrincipalOrgID": "o-x"}}, False),
]


@pytest.mark.parametrize(("rule", "condition", "expected"), WEAK)
def test_guards_that_the_caller_chooses_are_weak(rule, condition, expected):
    assert bool(found("weak-guard", bucket_world(everyone(condition=condition)))) is expected


def test_a_deny_that_closes_the_door_makes_a_weak_guard_no_finding():
    weak = everyone(condition={"StringLike": {"aws:Referer": "x"}})
    shut = deny(
        "s3:*", OBJECTS, principal="*", condition={"StringNotEquals": {"aws:PrincipalAccount": str(A)}}
    )
    assert found("weak-guard", bucket_world(weak, shut)) == ()


ANY_ACCOUNT = [
    # Signed callers only, of any account.
    ("PRIN-12", {"StringEquals": {"aws:PrincipalType": ["User", "AssumedRole"]}}, True),
    ("PRIN-12", {"Null": {"aws:PrincipalArn": "false"}}, True),
    ("PRIN-13", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci-*"}}, True),
    ("PRIN-13", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{B}:role/*"}}, False),
    ("KEY-3", {"StringEquals": {"aws:PrincipalOrgID": "o-x"}}, False),
    ("PRIN-13", {"StringEquals": {"aws:PrincipalAccount": str(B)}}, False),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpce": "vpce-0aaa"}}, False),
    ("PRIN-13", {"StringLike": {"aws:userid": "AROAEXAMPLEROLEID123:*"}}, False),
]


@pytest.mark.parametrize(("rule", "condition", "expected"), ANY_ACCOUNT)
def test_buckets_open_to_any_account(rule, condition, expected):
    made = bucket_world(everyone(condition=condition))
    assert bool(found("bucket-open-to-any-account", made)) is expected


def test_what_is_public_anyway_is_not_told_twice():
    assert found("bucket-open-to-any-account", bucket_world(everyone())) == ()


def test_another_accounts_access_is_no_public_access():
    made = world(
        account(A, buckets=(bucket(A, "data", allow("s3:GetObject", OBJECTS, principal={"AWS": str(B)})),)),
        account(B, users=(user(B, "ann", allow("s3:*", "*")),)),
    )
    assert found("public-read", made) == ()
    assert found("bucket-open-to-any-account", made) == ()
