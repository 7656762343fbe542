"""What policies say otherwise than they seem to, and what is left behind in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pathfinder.findings.finding import Severity
from pathfinder.model.identity import AccessKey
from pathfinder.model.resources import ObjectOwnership
from tests.building import A, B, account, allow, bucket, deny, organization, role, user, world
from tests.findings.asking import BUCKET, OBJECTS, bucket_world, everyone, found

APP = f"arn:aws:iam::{A}:role/app"


def inverted(effect, *listed, **more):
    return {
        "Effect": effect,
        "Action": "s3:*",
        "Resource": [BUCKET, OBJECTS],
        "NotPrincipal": {"AWS": list(listed)},
        **more,
    }


def test_an_allow_with_notprincipal_lets_everyone_in():
    (finding,) = found("notprincipal-allow", bucket_world(inverted("Allow", APP)))  # PRIN-20
    assert finding.severity is Severity.HIGH
    assert found("notprincipal-allow", bucket_world(inverted("Deny", APP))) == ()
    assert found("notprincipal-allow", bucket_world(everyone())) == ()


LISTS = [
    # rule       listed                                                                         what is missing
    ("PRIN-21", [APP], [f"account {A}", "a session of role app"]),
    ("PRIN-21", [APP, str(A)], ["a session of role app"]),
    ("PRIN-21", [APP, f"arn:aws:sts::{A}:assumed-role/app/s"], [f"account {A}"]),
    ("PRIN-21", [f"arn:aws:iam::{A}:user/ann"], [f"account {A}"]),
    ("PRIN-21", [f"arn:aws:sts::{A}:assumed-role/app/s", str(A)], ["role app"]),
    ("EX-14", [APP, f"arn:aws:iam::{A}:root", f"arn:aws:sts::{A}:assumed-role/app/s"], []),
    ("PRIN-21", [f"arn:aws:iam::{A}:user/ann", str(A)], []),
    ("PRIN-21", [str(A)], []),
]


@pytest.mark.parametrize(("rule", "listed", "missing"), LISTS)
def test_lists_of_notprincipal_that_leave_something_out(rule, listed, missing):
    findings = found("notprincipal-incomplete", bucket_world(inverted("Deny", *listed)))
    assert bool(findings) is bool(missing)
    for finding in findings:
        assert all(each in finding.title for each in missing)


def test_notprincipal_does_not_spare_who_has_a_boundary():
    def made(**more):
        trust = {"Service": "ec2.amazonaws.com"}
        return world(
            account(
                A, roles=(role(A, "app", trust, **more),), buckets=(bucket(A, "data", inverted("Deny", APP)),)
            )
        )

    (finding,) = found("notprincipal-bounded", made(boundary=[allow("*", "*")]))  # PRIN-22
    assert APP in finding.title
    assert finding.fix is not None
    assert finding.fix.change is not None
    assert finding.fix.change["value"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": APP}}
    assert found("notprincipal-bounded", made()) == ()


STALE = [
    # rule       principal                            severity
    ("PRIN-8", {"AWS": "AROAEXAMPLEGONE12345"}, Severity.LOW),
    ("PRIN-16", {"AWS": ["AIDAEXAMPLEGONE12345", str(A)]}, Severity.LOW),
    ("PRIN-8", {"AWS": "AROAAPP"}, None),
    ("PRIN-5", {"AWS": APP}, None),
    ("PRIN-2", {"CanonicalUser": "a" * 64}, None),
]


@pytest.mark.parametrize(("rule", "principal", "severity"), STALE)
def test_principals_that_are_gone(rule, principal, severity):
    def made(statement):
        app = role(A, "app", {"Service": "ec2.amazonaws.com"})
        return world(account(A, roles=(app,), buckets=(bucket(A, "data", statement),)))

    findings = found("stale-principal", made(allow("s3:GetObject", OBJECTS, principal=principal)))
    assert [each.severity for each in findings] == ([severity] if severity else [])
    denied = found("stale-principal", made(deny("s3:GetObject", OBJECTS, principal=principal)))
    assert [each.severity for each in denied] == ([Severity.MEDIUM] if severity else [])


MALFORMED = [
    # rule        statement                                                                     malformed?
    ("LANG-51", allow("s3:GetObject", OBJECTS, principal="*", condition={"StringIs": {"a": "b"}}), True),
    ("LANG-50", {**everyone(), "NotAction": "s3:PutObject"}, True),
    ("LANG-53", allow("s3:GetObject", OBJECTS, principal={"AWS": f"arn:aws:iam::{A}:role/*"}), True),
    ("LANG-11", everyone("s*:GetObject"), True),
    ("LANG-2", everyone(["s3:GetObject"], [OBJECTS]), False),
    ("PRIN-12", allow("s3:GetObject", OBJECTS, principal={"AWS": "*"}), False),
]


@pytest.mark.parametrize(("rule", "statement", "expected"), MALFORMED)
def test_malformed_statements(rule, statement, expected):
    findings = found("malformed-statement", bucket_world(statement))
    assert [each.severity for each in findings] == ([Severity.LOW] if expected else [])
    denied = found("malformed-statement", bucket_world({**statement, "Effect": "Deny"}))
    assert [each.severity for each in denied] == ([Severity.MEDIUM] if expected else [])


ALL_BUT = [
    # rule       finding               statement                                                     severity
    ("LANG-12", "allow-not-action", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, Severity.MEDIUM),
    ("LANG-12", "allow-not-action", {"Effect": "Allow", "NotAction": ["s3:*", "sts:*"], "Resource": "*"}, None),
    ("LANG-12", "allow-not-action", {"Effect": "Allow", "NotAction": ["s3:Put*", "s3:Del*"], "Resource": "arn:aws:s3:::other/*"}, Severity.INFO),
    ("LANG-12", "allow-not-action", {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, None),
    ("LANG-12", "allow-not-action", allow("s3:*", "*"), None),
    ("LANG-25", "allow-not-resource", {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::secret/*"}, Severity.MEDIUM),
    ("LANG-25", "allow-not-resource", {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::secret/*"}, Severity.LOW),
    ("LANG-25", "allow-not-resource", {"Effect": "Allow", "Action": "ec2:*", "NotResource": "arn:aws:ec2:*:*:vpc/*"}, None),
    ("LANG-25", "allow-not-resource", {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]}, Severity.INFO),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "id_", "statement", "severity"), ALL_BUT)
def test_allows_of_everything_but_something(rule, id_, statement, severity):
    made = world(account(A, users=(user(A, "ann", statement),), buckets=(bucket(A, "data"),)))
    assert [each.severity for each in found(id_, made)] == ([severity] if severity else [])


def test_what_an_allow_with_notaction_reaches_is_counted():
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    buckets = (bucket(A, "data"), bucket(A, "shut", deny("s3:*", "*", principal="*")))
    made = world(account(A, users=(user(A, "ann", statement),), buckets=buckets))
    (finding,) = found("allow-not-action", made)
    assert "by it 1 principal may" in finding.title
    assert "in 1 bucket" in finding.title


def keyed(*keys, statement=None):
    ann = replace(user(A, "ann", statement or allow("s3:GetObject", OBJECTS)), access_keys=keys)
    return world(account(A, users=(ann,), buckets=(bucket(A, "data"),)))


KEYS = [
    # key                                                          days  severity
    (AccessKey("AKIA1", created="2026-01-01T00:00:00+00:00"), 90, Severity.MEDIUM),
    (AccessKey("AKIA1", created="2021-01-01"), 90, Severity.HIGH),
    (AccessKey("AKIA1", created="2026-04-01"), 90, None),  # exactly 90 days
    (AccessKey("AKIA1", created="2026-03-31"), 90, Severity.MEDIUM),
    (AccessKey("AKIA1", created="2026-01-01"), 365, None),
    (AccessKey("AKIA1", active=False, created="2021-01-01"), 90, None),
    (AccessKey("AKIA1"), 90, None),
    (AccessKey("AKIA1", created="N/A"), 90, None),
]


@pytest.mark.parametrize(("key", "days", "severity"), KEYS)
def test_old_access_keys(key, days, severity):
    findings = found("old-access-key", keyed(key), as_of=date(2026, 6, 30), key_age_days=days)
    assert [each.severity for each in findings] == ([severity] if severity else [])
    for finding in findings:
        assert "reaches data" in finding.title
        assert finding.routes
    assert found("old-access-key", keyed(key), as_of=None) == ()


def test_an_old_key_that_opens_nothing_is_no_finding():
    key = AccessKey("AKIA1", created="2021-01-01")
    assert found("old-access-key", keyed(key, statement=allow("ec2:*", "*"))) == ()


WRITTEN = [
    # rule     ownership                                   ACL asked for?  severity
    ("S3-6", ObjectOwnership.OBJECT_WRITER, False, Severity.MEDIUM),
    ("S3-6", ObjectOwnership.OBJECT_WRITER, True, Severity.MEDIUM),
    ("S3-5", ObjectOwnership.BUCKET_OWNER_PREFERRED, False, Severity.LOW),
    ("S3-5", ObjectOwnership.BUCKET_OWNER_PREFERRED, True, None),
    ("S3-21", ObjectOwnership.BUCKET_OWNER_ENFORCED, False, None),
    ("S3-7", None, False, None),
]


@pytest.mark.parametrize(("rule", "ownership", "asked", "severity"), WRITTEN)
def test_objects_that_belong_to_another_account(rule, ownership, asked, severity):
    condition = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}} if asked else {}
    lets = allow("s3:PutObject", OBJECTS, principal={"AWS": str(B)}, condition=condition)
    writer = account(B, users=(user(B, "ann", allow("s3:PutObject", "*")),))
    made = world(account(A, buckets=(bucket(A, "data", lets, ownership=ownership),)), writer)
    assert [each.severity for each in found("writer-owns-objects", made)] == ([severity] if severity else [])
    own = account(
        A,
        users=(user(A, "ann", allow("s3:PutObject", "*")),),
        buckets=(bucket(A, "data", ownership=ownership),),
    )
    assert found("writer-owns-objects", world(own)) == ()


RESOURCES = [
    # rule       resource                      severity
    ("EX-16", "arn:aws:s3:::logs*", Severity.MEDIUM),
    ("LANG-22", "arn:aws:s3:::logs-a*", Severity.LOW),
    ("LANG-22", "arn:aws:s3:::lonely*", Severity.LOW),
    ("LANG-22", "arn:aws:s3:::logs/*", None),
    ("LANG-22", "arn:aws:s3:::logs-*", None),
    ("LANG-22", "arn:aws:s3:::*", None),
    ("LANG-22", "arn:aws:s3:::logs", None),
    ("LANG-22", "arn:aws:s3:::other*", None),
]


def reading(resource, *, kind=allow, **more):
    names = ("logs", "logs-archive", "logs-audit", "lonely")
    ann = user(A, "ann", kind("s3:GetObject", resource, **more))
    return world(account(A, users=(ann,), buckets=tuple(bucket(A, name) for name in names)))


@pytest.mark.parametrize(("rule", "resource", "severity"), RESOURCES)
def test_resources_that_reach_other_buckets(rule, resource, severity):
    findings = found("wildcard-reaches-other-buckets", reading(resource))
    assert [each.severity for each in findings] == ([severity] if severity else [])
    assert found("wildcard-reaches-other-buckets", reading(resource, kind=deny)) == ()


def test_a_condition_on_the_owner_keeps_strangers_buckets_out():
    ours = {"StringEquals": {"aws:ResourceAccount": str(A)}}
    assert found("wildcard-reaches-other-buckets", reading("arn:aws:s3:::lonely*", condition=ours)) == ()
    (finding,) = found("wildcard-reaches-other-buckets", reading("arn:aws:s3:::logs*", condition=ours))
    assert "strangers" not in finding.reason
    theirs = {"StringEquals": {"aws:ResourceAccount": str(B)}}
    (finding,) = found("wildcard-reaches-other-buckets", reading("arn:aws:s3:::logs*"))
    assert "strangers" in finding.reason
    assert found("wildcard-reaches-other-buckets", reading("arn:aws:s3:::logs*", condition=theirs)) == ()


PERIMETER = deny(
    "s3:*",
    "*",
    principal="*",
    condition={
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-x"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
)
GRANTS = [
    # rule      principal                                        denied always?
    ("ORG-21", {"AWS": "444455556666"}, True),
    ("ORG-24", {"AWS": ["444455556666", "arn:aws:iam::555566667777:role/x"]}, True),
    ("ORG-24", {"AWS": ["444455556666", str(A)]}, False),
    ("ORG-24", "*", False),
    ("ORG-24", {"Service": "cloudtrail.amazonaws.com"}, False),
]


@pytest.mark.parametrize(("rule", "principal", "expected"), GRANTS)
def test_grants_that_an_rcp_always_denies(rule, principal, expected):
    mine = account(
        A,
        users=(user(A, "ann"),),
        buckets=(bucket(A, "data", allow("s3:GetObject", OBJECTS, principal=principal)),),
    )
    guarded = world(mine, organization=organization(A, rcps={"root": [[PERIMETER]]}))
    findings = found("grant-beyond-rcp", guarded)
    assert [each.severity for each in findings] == ([Severity.LOW] if expected else [])
    assert found("grant-beyond-rcp", world(mine, organization=organization(A))) == ()


def test_an_rcp_that_denies_only_sometimes_is_no_finding():
    tls = deny("s3:*", "*", principal="*", condition={"Bool": {"aws:SecureTransport": "false"}})
    mine = account(
        A, buckets=(bucket(A, "data", allow("s3:GetObject", OBJECTS, principal={"AWS": "444455556666"})),)
    )
    assert found("grant-beyond-rcp", world(mine, organization=organization(A, rcps={"root": [[tls]]}))) == ()
