"""Who may assume roles: third parties, issuers, whole accounts, services, everybody."""

from __future__ import annotations

import pytest

from pathfinder.findings.finding import Severity
from tests.building import A, B, C, account, allow, bucket, deny, organization, role, user, world
from tests.findings.asking import BUCKET, OBJECTS, bucket_world, found

OUTSIDE = "444455556666"
READS = allow("s3:GetObject", OBJECTS)


def trusting(*trust, organized=True, policies=(READS,), **more):
    """A role with this trust policy, and a bucket that it reads."""
    mine = account(A, roles=(role(A, "app", list(trust), *policies),), buckets=(bucket(A, "data"),), **more)
    return world(mine, account(B), organization=organization(A, B) if organized else None)


def assume(principal, **condition):
    more = {"condition": condition} if condition else {}
    return allow("sts:AssumeRole", principal=principal, **more)


THIRD_PARTIES = [
    # rule     trust policy                                                                              found?
    ("STS-4", [assume({"AWS": OUTSIDE})], True),
    ("STS-4", [assume({"AWS": f"arn:aws:iam::{OUTSIDE}:root"})], True),
    ("STS-4", [assume({"AWS": f"arn:aws:iam::{OUTSIDE}:role/vendor"})], True),
    ("COND-31", [assume({"AWS": OUTSIDE}, StringEqualsIfExists={"sts:ExternalId": "z9"})], True),
    ("COND-11", [assume({"AWS": OUTSIDE}, StringNotEquals={"sts:ExternalId": "z9"})], True),
    ("EX-26", [assume({"AWS": OUTSIDE}, StringEquals={"sts:ExternalId": "z9"})], False),
    ("COND-13", [assume({"AWS": OUTSIDE}, StringLike={"sts:ExternalId": "z9-*"})], False),
    ("COND-30", [assume({"AWS": OUTSIDE}, Null={"sts:ExternalId": "false"})], False),
    # The external id is asked for by a Deny of the same policy.
    (
        "EVAL-1",
        [
            assume({"AWS": OUTSIDE}),
            deny("sts:AssumeRole", principal="*", condition={"Null": {"sts:ExternalId": "true"}}),
        ],
        False,
    ),
    # One statement asks for it, another one does not.
    (
        "EVAL-3",
        [assume({"AWS": OUTSIDE}, StringEquals={"sts:ExternalId": "z9"}), assume({"AWS": OUTSIDE})],
        True,
    ),
    ("TERM-4", [assume({"AWS": str(B)})], False),
    ("TERM-4", [assume({"AWS": str(A)})], False),
    ("PRIN-9", [assume({"Service": "ec2.amazonaws.com"})], False),
]


@pytest.mark.parametrize(("rule", "trust", "expected"), THIRD_PARTIES)
def test_third_parties_without_an_external_id(rule, trust, expected):
    findings = found("trust-without-external-id", trusting(*trust))
    assert bool(findings) is expected
    for finding in findings:
        assert finding.severity is Severity.HIGH  # the role reads data
        assert finding.routes
        assert finding.fix is not None
        assert finding.fix.change is not None
        assert "sts:ExternalId" in str(finding.fix.change["value"])


def test_a_third_party_that_reaches_no_data_is_milder():
    (finding,) = found("trust-without-external-id", trusting(assume({"AWS": OUTSIDE}), policies=()))
    assert finding.severity is Severity.MEDIUM


def test_where_the_organization_is_not_known_that_is_a_gap():
    mine = account(A, roles=(role(A, "app", {"AWS": OUTSIDE}),), known=frozenset({"iam", "buckets"}))
    (finding,) = found("trust-without-external-id", world(mine))
    assert finding.severity is Severity.LOW
    assert any("is not known" in gap for gap in finding.gaps)


def test_the_fix_closes_it():
    (finding,) = found("trust-without-external-id", trusting(assume({"AWS": OUTSIDE})))
    assert finding.fix is not None
    assert finding.fix.change is not None
    assert found("trust-without-external-id", trusting(finding.fix.change["value"])) == ()


GITHUB = "token.actions.githubusercontent.com"
SUB = f"{GITHUB}:sub"
AUD = {f"{GITHUB}:aud": "sts.amazonaws.com"}


def oidc(host=GITHUB, **condition):
    provider = host if host == "cognito-identity.amazonaws.com" else f"arn:aws:iam::{A}:oidc-provider/{host}"
    return allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": provider}, condition=condition)


EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF"
ISSUERS = [
    # rule      trust policy                                                                                severity
    ("STS-20", oidc(StringEquals=AUD), Severity.CRITICAL),
    ("STS-20", oidc(StringEquals=AUD, StringLike={SUB: "*"}), Severity.CRITICAL),
    ("STS-20", oidc(StringEquals=AUD, StringLike={SUB: "*:ref:refs/heads/main"}), Severity.CRITICAL),
    ("STS-20", oidc(StringLike={SUB: "repo:*"}), Severity.CRITICAL),
    ("STS-20", oidc(StringLike={SUB: "repo:acme*:*"}), Severity.CRITICAL),
    ("STS-20", oidc(StringLike={SUB: ["repo:acme/app:*", "repo:*/app:*"]}), Severity.CRITICAL),
    ("COND-31", oidc(StringLikeIfExists={f"{GITHUB}:subject": "repo:acme/*"}), Severity.CRITICAL),
    ("COND-14", oidc(StringNotLike={SUB: "repo:evil/*"}), Severity.CRITICAL),
    # Somebody else's repository has a branch main, too.
    ("STS-20", oidc(StringEquals={f"{GITHUB}:ref": "refs/heads/main"}), Severity.CRITICAL),
    ("STS-44", oidc(EKS, StringEquals={f"{EKS}:aud": "sts.amazonaws.com"}), Severity.MEDIUM),
    ("STS-44", oidc(EKS, StringLike={f"{EKS}:sub": "system:serviceaccount:*:reader"}), Severity.MEDIUM),
    ("STS-20", oidc("issuer.example.com", StringEquals={"issuer.example.com:aud": "x"}), Severity.MEDIUM),
    ("STS-20", oidc("cognito-identity.amazonaws.com", **{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}), Severity.CRITICAL),
    # Pinned.
    ("STS-20", oidc(StringEquals={SUB: "repo:acme/app:ref:refs/heads/main"}), None),
    ("STS-20", oidc(StringLike={SUB: "repo:acme/*"}), None),
    ("STS-20", oidc(StringLike={SUB: ["repo:acme/*", "repo:acme-labs/*"]}), None),
    ("STS-20", oidc(StringLike={SUB: "repo:acme/app:*"}, StringEquals=AUD), None),
    ("STS-20", oidc(StringEquals={f"{GITHUB}:repository_owner": "acme"}), None),
    # ForAllValues on a claim that every token has: its one value has to pass (asks 36, COND-46).
    ("COND-46", oidc(**{"ForAllValues:StringLike": {SUB: "repo:acme/*"}}), None),
    ("COND-46", oidc(**{"ForAnyValue:StringLike": {SUB: "repo:acme/*"}}), None),
    ("STS-44", oidc(EKS, StringEquals={f"{EKS}:sub": "system:serviceaccount:prod:reader"}), None),
    ("STS-44", oidc(EKS, StringLike={f"{EKS}:sub": "system:serviceaccount:prod:*"}), None),
    ("STS-20", oidc("issuer.example.com", StringLike={"issuer.example.com:sub": "team-*"}), None),
    ("STS-20", oidc("cognito-identity.amazonaws.com", StringEquals={"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}), None),
    ("STS-20", allow("sts:AssumeRoleWithSAML", principal={"Federated": f"arn:aws:iam::{A}:saml-provider/ADFS"}), None),
    ("STS-20", oidc(StringEquals={SUB: "x"}, StringLike={SUB: "y"}), None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "trust", "severity"), ISSUERS)
def test_issuers_whose_subjects_are_not_pinned(rule, trust, severity):
    findings = found("oidc-trust-open", trusting(trust))
    assert [each.severity for each in findings] == ([severity] if severity else [])
    for finding in findings:
        assert finding.routes
        assert finding.fix is not None
        assert finding.fix.change is not None


def test_an_issuer_that_opens_a_role_without_data_is_milder():
    (finding,) = found("oidc-trust-open", trusting(oidc(), policies=()))
    assert finding.severity is Severity.HIGH


def test_an_rcp_that_pins_the_subject_closes_it():
    ours = deny(
        "sts:AssumeRoleWithWebIdentity", "*", principal="*", condition={"StringNotLike": {SUB: "repo:acme/*"}}
    )
    mine = account(A, roles=(role(A, "app", [oidc()], READS),), buckets=(bucket(A, "data"),))
    assert found("oidc-trust-open", world(mine, organization=organization(A)))
    guarded = organization(A, rcps={"root": [[ours]]})
    assert found("oidc-trust-open", world(mine, organization=guarded)) == ()  # ORG-25


ANYBODY = [
    # rule      trust policy                                                                          found?
    ("PRIN-12", [assume({"AWS": "*"})], True),
    ("PRIN-11", [assume("*")], True),
    ("KEY-2", [assume("*", StringEquals={"sts:ExternalId": "z9"})], True),
    ("PRIN-13", [assume("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"})], True),
    ("KEY-3", [assume("*", StringEquals={"aws:PrincipalOrgID": "o-x"})], False),
    ("PRIN-13", [assume("*", StringEquals={"aws:PrincipalAccount": OUTSIDE})], False),
    ("PRIN-13", [assume("*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OUTSIDE}:role/*"})], False),
    (
        "EVAL-1",
        [
            assume("*"),
            deny(
                "sts:AssumeRole", principal="*", condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-x"}}
            ),
        ],
        False,
    ),
    ("STS-4", [assume({"AWS": OUTSIDE})], False),
]


@pytest.mark.parametrize(("rule", "trust", "expected"), ANYBODY)
def test_roles_open_to_any_account(rule, trust, expected):
    findings = found("role-open-to-any-account", trusting(*trust))
    assert [each.severity for each in findings] == ([Severity.CRITICAL] if expected else [])
    if expected:
        assert found("trust-without-external-id", trusting(*trust)) == ()


def crowd(many, principal, **more):
    """As many users who may assume every role of their account, and one who may assume none."""
    users = tuple(user(A, f"u{number}", allow("sts:AssumeRole", "*")) for number in range(many))
    target = role(A, "app", [assume(principal, **more)], READS)
    return world(
        account(A, users=(*users, user(A, "zoe")), roles=(target,), buckets=(bucket(A, "data"),)),
        organization=organization(A),
    )


def test_those_who_can_assume_a_role_of_the_whole_account_are_counted():
    (finding,) = found("role-open-to-account", crowd(6, {"AWS": f"arn:aws:iam::{A}:root"}))  # STS-3
    assert finding.title.startswith("6 of 8 users and roles of account ")
    assert finding.severity is Severity.MEDIUM
    (finding,) = found("role-open-to-account", crowd(2, {"AWS": str(A)}))
    assert finding.title.startswith("2 of 4 ")
    assert finding.severity is Severity.INFO
    assert found("role-open-to-account", crowd(0, {"AWS": str(A)})) == ()
    assert found("role-open-to-account", crowd(6, {"AWS": f"arn:aws:iam::{A}:user/u1"})) == ()
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    assert found("role-open-to-account", crowd(6, {"AWS": str(A)}, **tagged)) == ()


def service(name, **condition):
    return assume({"Service": name}, **condition)


def test_services_that_assume_a_role_for_anybody():
    rule = "service-trust-without-source"  # STS-49
    (finding,) = found(rule, trusting(service("glue.amazonaws.com")))
    assert finding.severity is Severity.INFO
    assert (
        found(rule, trusting(service("glue.amazonaws.com", StringEquals={"aws:SourceAccount": str(A)}))) == ()
    )
    assert (
        found(
            rule, trusting(service("glue.amazonaws.com", ArnLike={"aws:SourceArn": f"arn:aws:glue:*:{A}:*"}))
        )
        == ()
    )
    assert found(rule, trusting(service("ec2.amazonaws.com"))) == ()


DEPUTIES = [
    # rule       condition                                                          found?
    ("EVAL-45", {}, True),
    ("EVAL-45", {"StringEqualsIfExists": {"aws:SourceAccount": str(A)}}, True),
    ("EVAL-45", {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}, True),
    ("EVAL-45", {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}}, True),
    ("EVAL-45", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, True),
    ("EVAL-45", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::our-bucket"}}, False),
    ("EVAL-45", {"StringEquals": {"aws:SourceAccount": str(A)}}, False),
    ("EVAL-45", {"StringEquals": {"aws:SourceOrgID": "o-x"}}, False),
    ("EVAL-45", {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{A}:trail/*"}}, False),
]


@pytest.mark.parametrize(("rule", "condition", "expected"), DEPUTIES)
def test_services_that_use_a_bucket_for_anybody(rule, condition, expected):
    lets = allow(
        "s3:PutObject", OBJECTS, principal={"Service": "cloudtrail.amazonaws.com"}, condition=condition
    )
    findings = found("service-without-source", bucket_world(lets))
    assert [each.severity for each in findings] == ([Severity.MEDIUM] if expected else [])
    shut = deny("s3:*", OBJECTS, principal="*", condition={"StringNotEquals": {"aws:SourceAccount": str(A)}})
    assert found("service-without-source", bucket_world(lets, shut)) == ()


def test_a_service_that_reads_for_anybody_is_worse():
    lets = allow("s3:GetObject", OBJECTS, principal={"Service": "cloudfront.amazonaws.com"})  # S3-47
    (finding,) = found("service-without-source", bucket_world(lets))
    assert finding.severity is Severity.HIGH
    assert finding.fix is not None
    assert finding.fix.change is not None
    assert found("service-without-source", bucket_world(finding.fix.change["value"])) == ()


def sharing(*statements, with_b=False, organized=True):
    accounts = [account(A, buckets=(bucket(A, "data", *statements),))]
    if with_b:
        accounts.append(account(B, users=(user(B, "ann", allow("s3:*", "*")),)))
    return world(*accounts, organization=organization(A, B) if organized else None)


OUTSIDERS = [
    # rule       statements                                                              severity
    ("EVAL-21", [allow("s3:GetObject", OBJECTS, principal={"AWS": OUTSIDE})], Severity.MEDIUM),
    (
        "EVAL-21",
        [allow("s3:PutObject", OBJECTS, principal={"AWS": f"arn:aws:iam::{OUTSIDE}:role/x"})],
        Severity.HIGH,
    ),
    ("TERM-4", [allow("s3:GetObject", OBJECTS, principal={"AWS": str(B)})], None),
    (
        "EVAL-1",
        [
            allow("s3:GetObject", OBJECTS, principal={"AWS": OUTSIDE}),
            deny(
                "s3:*",
                [BUCKET, OBJECTS],
                principal="*",
                condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-x"}},
            ),
        ],
        None,
    ),
    ("PRIN-11", [allow("s3:GetObject", OBJECTS, principal="*")], None),
    ("S3-A15", [allow("s3:GetBucketLocation", BUCKET, principal={"AWS": OUTSIDE})], None),
]


@pytest.mark.parametrize(("rule", "statements", "severity"), OUTSIDERS)
def test_routes_from_outside_the_organization(rule, statements, severity):
    findings = found("route-from-outside-organization", sharing(*statements, with_b=True))
    assert [each.severity for each in findings] == ([severity] if severity else [])
    for finding in findings:
        assert OUTSIDE in finding.title
        assert finding.routes


def test_an_account_of_no_organization_is_outside():
    outsider = account(C, users=(user(C, "bob", allow("s3:*", "*")),))
    mine = account(A, buckets=(bucket(A, "data", allow("s3:GetObject", OBJECTS, principal={"AWS": str(C)})),))
    (finding,) = found("route-from-outside-organization", world(mine, outsider, organization=organization(A)))
    assert str(C) in finding.title
    assert finding.witnesses
    both = organization(A, C)
    assert found("route-from-outside-organization", world(mine, outsider, organization=both)) == ()
