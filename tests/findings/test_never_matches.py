"""Statements that never match, and conditions that always hold: proven by the solver, or not said."""

from __future__ import annotations

import pytest

from pathfinder.findings.finding import Severity
from pathfinder.model.organization import Snapshot
from pathfinder.policy.document import PolicyKind
from tests.building import A, B, account, allow, bucket, deny, organization, policy, role, user, world
from tests.findings.asking import BUCKET, OBJECTS, bucket_world, everyone, found

SESSION = f"arn:aws:sts::{A}:assumed-role/app/one"


def guard(action="s3:*", resource=OBJECTS, **condition):
    return deny(action, resource, principal="*", condition=condition)


DEAD = [
    # rule       why                                       the Deny
    ("KEY-4", "never holds the ARN of a role's session", guard(ArnLike={"aws:PrincipalArn": SESSION})),
    (
        "KEY-4",
        "never holds the ARN of a role's session",
        guard(StringLike={"aws:PrincipalArn": "arn:aws:sts::*:assumed-role/app/*"}),
    ),
    ("LANG-52", "AWS has no condition key aws:SourcVpce", guard(StringEquals={"aws:SourcVpce": "vpce-0aaa"})),
    (
        "LANG-52",
        "AWS has no condition key s3:prefx",
        guard("s3:ListBucket", BUCKET, StringEquals={"s3:prefx": "a"}),
    ),
    (
        "COND-10",
        "takes * and ? as plain text",
        guard(StringEquals={"aws:PrincipalArn": f"arn:aws:iam::{B}:role/*"}),
    ),
    ("COND-10", "takes * and ? as plain text", guard(StringEquals={"aws:PrincipalOrgID": "o-*"})),
    (
        "COND-36",
        "no value that aws:SourceIp can have passes",
        guard(StringEquals={"aws:SourceIp": "203.0.113.0/24"}),
    ),
    ("COND-35", "no value that aws:SourceIp can have passes", guard(Bool={"aws:SourceIp": "true"})),
    (
        "COND-35",
        "no value that aws:SecureTransport can have passes",
        guard(StringEquals={"aws:SecureTransport": "no"}),
    ),
    (
        "COND-35",
        "no value that aws:PrincipalArn can have passes",
        guard(NumericEquals={"aws:PrincipalArn": "1"}),
    ),
    ("COND-34", "no value that aws:PrincipalArn can have passes", guard(ArnLike={"aws:PrincipalArn": "*"})),
    (
        "COND-54",
        "contradict each other",
        guard(StringEquals={"aws:PrincipalAccount": str(A)}, StringLike={"aws:PrincipalAccount": f"{B}"}),
    ),
    (
        "VPCE-5",
        "contradict each other",
        guard(StringEquals={"aws:SourceVpce": "vpce-0aaa"}, IpAddress={"aws:SourceIp": "203.0.113.0/24"}),
    ),
    (
        "COND-30",
        "contradict each other",
        guard(Null={"aws:username": "true"}, StringEquals={"aws:username": "ann"}),
    ),
    ("COND-2", "carries s3:prefix", guard("s3:GetObject", OBJECTS, StringEquals={"s3:prefix": "a"})),
    ("LANG-26", "its resources are buckets", deny("s3:GetObject", BUCKET, principal="*")),
    (
        "LANG-26",
        "its resources are objects",
        deny(["s3:ListBucket", "s3:DeleteBucket"], OBJECTS, principal="*"),
    ),
    ("LANG-14", "AWS has no action s3:GetObjects", deny("s3:GetObjects", OBJECTS, principal="*")),
]


@pytest.mark.parametrize(("rule", "why", "statement"), DEAD)
def test_a_deny_that_never_matches_is_found(rule, why, statement):
    (finding,) = found("deny-never-matches", bucket_world(statement))
    assert why in finding.title
    assert finding.severity is Severity.HIGH


@pytest.mark.parametrize(("rule", "why", "statement"), DEAD)
def test_the_same_as_an_allow_is_worth_a_remark(rule, why, statement):
    (finding,) = found("allow-never-matches", bucket_world({**statement, "Effect": "Allow"}))
    assert why in finding.title
    assert finding.severity is Severity.INFO
    assert found("deny-never-matches", bucket_world({**statement, "Effect": "Allow"})) == ()


ALIVE = [
    ("KEY-4", guard(ArnNotLike={"aws:PrincipalArn": SESSION})),
    ("KEY-4", guard(ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{A}:role/app"})),
    ("PRIN-7", guard(ArnLike={"aws:PrincipalArn": f"arn:aws:sts::{A}:federated-user/*"})),
    ("COND-11", guard(StringNotEquals={"aws:SourceVpce": "vpce-0aaa"})),
    ("COND-13", guard(StringLike={"aws:PrincipalArn": f"arn:aws:iam::{B}:role/*"})),
    ("COND-36", guard(StringEquals={"aws:PrincipalIsAWSService": "true"})),
    ("COND-36", guard(StringEquals={"aws:SourceIp": "203.0.113.9"})),
    # The caller may really send an asterisk.
    ("COND-10", guard("s3:ListBucket", BUCKET, StringEquals={"s3:prefix": "a*"})),
    ("COND-10", guard(StringEquals={"aws:UserAgent": "*"})),
    # Tags, organizations and endpoints come and go: nobody here has the tag today.
    ("KEY-1", guard(StringEquals={"aws:PrincipalTag/quarantine": "yes"})),
    ("KEY-1", guard(StringEquals={"aws:PrincipalOrgID": "o-other"})),
    ("S3-26", guard(StringEquals={"aws:ResourceTag/closed": "yes"})),
    ("S3-26", guard(StringEquals={"s3:BucketTag/closed": "yes"})),
    ("S3-50", guard(StringEquals={"s3:DataAccessPointAccount": str(B)})),
    ("D-21", guard(Bool={"aws:MultiFactorAuthPresent": "false"})),
    ("EVAL-45", guard(StringEquals={"aws:SourceAccount": str(B)})),
    ("COND-31", guard(StringEqualsIfExists={"aws:SourcVpce": "vpce-0aaa"})),
    ("COND-40", guard(**{"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-x/r-x/"}})),
    ("LANG-26", deny(["s3:GetObject", "s3:ListBucket"], [BUCKET, OBJECTS], principal="*")),
    ("LANG-22", deny("s3:GetObject", "arn:aws:s3:::data*", principal="*")),
    ("LANG-26", deny("s3:*", BUCKET, principal="*")),
    ("LANG-12", {"Effect": "Deny", "NotAction": "s3:Get*", "Resource": OBJECTS, "Principal": "*"}),
    ("LANG-25", {"Effect": "Deny", "Action": "s3:GetObject", "NotResource": BUCKET, "Principal": "*"}),
    ("S3-A15", deny("s3:ListBucket", "arn:aws:s3:eu-west-1:111111111111:accesspoint/a", principal="*")),
    # An action of a service that the catalogue may not know yet.
    ("LANG-14", deny("newservice:DoIt", "*", principal="*")),
    # Malformed: nobody knows what it does (LANG-50).
    ("LANG-50", guard(StringMatches={"aws:PrincipalArn": SESSION})),
]


@pytest.mark.parametrize(("rule", "statement"), ALIVE)
def test_a_deny_that_may_match_is_not_found(rule, statement):
    assert found("deny-never-matches", bucket_world(statement)) == ()
    assert found("allow-never-matches", bucket_world({**statement, "Effect": "Allow"})) == ()


def test_an_action_that_none_of_the_resources_takes_is_found_in_its_statement():
    (finding,) = found(
        "deny-never-matches", bucket_world(deny(["s3:ListBucket", "s3:GetObject"], OBJECTS, principal="*"))
    )  # LANG-26
    assert "never denies s3:ListBucket" in finding.title
    assert finding.severity is Severity.MEDIUM
    assert finding.fix is not None
    assert finding.fix.change is not None
    assert finding.fix.change["value"]["Resource"] == [OBJECTS, BUCKET]


FIXES = [
    (
        "KEY-4",
        guard(ArnEquals={"aws:PrincipalArn": SESSION}),
        "Condition",
        {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/app"}},
    ),
    (
        "LANG-52",
        guard(StringEquals={"aws:SourcVpce": "vpce-0aaa"}),
        "Condition",
        {"StringEquals": {"aws:SourceVpce": "vpce-0aaa"}},
    ),
    (
        "COND-13",
        guard(StringEquals={"aws:PrincipalOrgID": "o-*"}),
        "Condition",
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    ),
    ("LANG-14", deny("s3:GetObjects", OBJECTS, principal="*"), "Action", "s3:GetObject"),
]


@pytest.mark.parametrize(("rule", "statement", "element", "becomes"), FIXES)
def test_the_fix_writes_what_was_meant(rule, statement, element, becomes):
    (finding,) = found("deny-never-matches", bucket_world(statement))
    assert finding.fix is not None
    assert finding.fix.change is not None
    assert finding.fix.change["operation"] == "replace-statement"
    assert finding.fix.change["value"][element] == becomes
    mended = {**statement, element: becomes}
    assert found("deny-never-matches", bucket_world(mended)) == ()


def identity_world(*statements, kind="role"):
    if kind == "user":
        return world(account(A, users=(user(A, "ann", *statements),), buckets=(bucket(A, "data"),)))
    return world(
        account(
            A,
            roles=(role(A, "app", {"Service": "ec2.amazonaws.com"}, *statements),),
            buckets=(bucket(A, "data"),),
        )
    )


HELD = [
    # rule      holder  dead?  condition or resource
    ("LANG-44", "role", True, allow("s3:GetObject", "arn:aws:s3:::data/${aws:username}/*")),
    ("LANG-44", "user", False, allow("s3:GetObject", "arn:aws:s3:::data/${aws:username}/*")),
    ("LANG-42", "role", False, allow("s3:GetObject", "arn:aws:s3:::data/${aws:username, 'x'}/*")),
    (
        "LANG-44",
        "role",
        False,
        allow("s3:GetObject", ["arn:aws:s3:::data/${aws:username}/*", "arn:aws:s3:::data/all/*"]),
    ),
    (
        "LANG-45",
        "role",
        True,
        allow("s3:ListBucket", "*", condition={"StringLike": {"s3:prefix": "${aws:username}/*"}}),
    ),
    (
        "LANG-45",
        "user",
        False,
        allow("s3:ListBucket", "*", condition={"StringLike": {"s3:prefix": "${aws:username}/*"}}),
    ),
    ("TERM-7", "role", True, allow("s3:*", "*", condition={"StringEquals": {"aws:username": "ann"}})),
    ("TERM-7", "user", False, allow("s3:*", "*", condition={"StringEquals": {"aws:username": "ann"}})),
    ("TERM-7", "user", True, allow("s3:*", "*", condition={"StringEquals": {"aws:username": "bob"}})),
    ("KEY-5", "role", True, allow("s3:*", "*", condition={"StringEquals": {"aws:SourceAccount": str(A)}})),
    (
        "TERM-7",
        "user",
        True,
        allow("s3:*", "*", condition={"StringEquals": {"aws:PrincipalType": "AssumedRole"}}),
    ),
    (
        "TERM-7",
        "role",
        False,
        allow("s3:*", "*", condition={"StringEquals": {"aws:PrincipalType": "AssumedRole"}}),
    ),
    (
        "KEY-1",
        "role",
        False,
        allow("s3:*", "*", condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}),
    ),
    ("KEY-1", "role", False, allow("s3:*", "*", condition={"StringEquals": {"aws:ResourceAccount": str(B)}})),
    (
        "KEY-1",
        "role",
        False,
        allow("ec2:RunInstances", "*", condition={"StringEquals": {"ec2:Region": "eu-west-1"}}),
    ),
    (
        "STS-40",
        "role",
        False,
        allow("s3:*", "*", condition={"ArnLike": {"ec2:SourceInstanceARN": "arn:aws:ec2:*:*:instance/*"}}),
    ),
    (
        "KMS-8",
        "role",
        False,
        allow("kms:Decrypt", "*", condition={"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}),
    ),
    (
        "STS-50",
        "role",
        False,
        allow("iam:PassRole", "*", condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
    ),
    (
        "COND-1",
        "role",
        False,
        allow("*", "*", condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
    ),
]


@pytest.mark.parametrize(("rule", "kind", "dead", "statement"), HELD)
def test_identity_policies_are_asked_about_whom_they_hang_on(rule, kind, dead, statement):
    assert bool(found("allow-never-matches", identity_world(statement, kind=kind))) is dead
    denied = found("deny-never-matches", identity_world({**statement, "Effect": "Deny"}, kind=kind))
    assert [each.severity for each in denied] == ([Severity.MEDIUM] if dead else [])


TRUSTS = [
    (
        "STS-20",
        {"Federated": f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"},
        "sts:AssumeRoleWithWebIdentity",
        {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}},
        False,
    ),
    (
        "STS-20",
        {"Federated": f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"},
        "sts:AssumeRoleWithWebIdentity",
        {"StringEquals": {"gitlab.com:sub": "x"}},
        True,
    ),
    (
        "STS-20",
        {"Federated": f"arn:aws:iam::{A}:saml-provider/ADFS"},
        "sts:AssumeRoleWithSAML",
        {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        False,
    ),
    ("KEY-5", {"AWS": str(B)}, "sts:AssumeRole", {"StringEquals": {"aws:SourceAccount": str(B)}}, True),
    (
        "EVAL-45",
        {"Service": "glue.amazonaws.com"},
        "sts:AssumeRole",
        {"StringEquals": {"aws:SourceAccount": str(A)}},
        False,
    ),
    (
        "KEY-3",
        {"Service": "glue.amazonaws.com"},
        "sts:AssumeRole",
        {"StringEquals": {"aws:PrincipalOrgID": "o-x"}},
        True,
    ),
    ("KEY-2", {"AWS": str(B)}, "sts:AssumeRole", {"StringEquals": {"sts:ExternalId": "z9"}}, False),
]


@pytest.mark.parametrize(("rule", "principal", "action", "condition", "dead"), TRUSTS)
def test_trust_policies_are_asked_about_whom_they_name(rule, principal, action, condition, dead):
    made = world(
        account(A, roles=(role(A, "app", [allow(action, principal=principal, condition=condition)]),))
    )
    assert bool(found("allow-never-matches", made)) is dead


def test_an_rcp_about_claims_of_an_identity_provider_may_match():
    ours = deny(
        "sts:AssumeRoleWithWebIdentity",
        "*",
        principal="*",
        condition={
            "StringNotLikeIfExists": {"token.actions.githubusercontent.com:sub": "repo:acme/*"},
            "Null": {"token.actions.githubusercontent.com:sub": "false"},
        },
    )
    made = world(account(A), organization=organization(A, rcps={"root": [[ours]]}))
    assert found("deny-never-matches", made) == ()  # ORG-25


def test_an_scp_binds_no_service_and_no_anonymous_caller():
    never = deny("s3:*", "*", condition={"Bool": {"aws:PrincipalIsAWSService": "true"}})  # ORG-2
    made = world(account(A), organization=organization(A, scps={"root": [[never]]}))
    (finding,) = found("deny-never-matches", made)
    assert finding.severity is Severity.HIGH
    may = deny("s3:*", "*", condition={"Bool": {"aws:PrincipalIsAWSService": "false"}})
    assert (
        found("deny-never-matches", world(account(A), organization=organization(A, scps={"root": [[may]]})))
        == ()
    )


def test_policies_of_aws_itself_are_left_out():
    never = deny("s3:GetObject", BUCKET)
    of_aws = policy(PolicyKind.IDENTITY, "arn:aws:iam::aws:policy/X", f"arn:aws:iam::{A}:user/ann", never)
    ours = policy(PolicyKind.IDENTITY, f"arn:aws:iam::{A}:policy/X", f"arn:aws:iam::{A}:user/ann", never)
    from dataclasses import replace

    made = [world(account(A, users=(replace(user(A, "ann"), policies=(each,)),))) for each in (of_aws, ours)]
    assert [len(found("deny-never-matches", each)) for each in made] == [0, 1]
    assert isinstance(made[0].snapshot, Snapshot)


ALWAYS = [
    # rule       effect   condition                                                          severity, None: no finding
    ("LANG-52", "Allow", {"StringNotEquals": {"aws:SourcVpce": "vpce-0aaa"}}, Severity.HIGH),
    ("LANG-52", "Deny", {"StringNotEquals": {"aws:SourcVpce": "vpce-0aaa"}}, Severity.LOW),
    ("COND-31", "Allow", {"StringEqualsIfExists": {"aws:PrincipalOrg": "o-x"}}, Severity.HIGH),
    ("COND-10", "Allow", {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}, Severity.HIGH),
    ("KEY-4", "Deny", {"ArnNotLike": {"aws:PrincipalArn": SESSION}}, Severity.LOW),
    ("LANG-52", "Allow", {"StringEquals": {"aws:SourcVpce": "vpce-0aaa"}}, None),
    ("COND-11", "Allow", {"StringNotEquals": {"aws:SourceVpce": "vpce-0aaa"}}, None),
    ("COND-14", "Deny", {"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}, None),
    ("COND-24", "Deny", {"ArnNotLike": {"aws:PrincipalArn": [SESSION, f"arn:aws:iam::{A}:role/app"]}}, None),
]


@pytest.mark.parametrize(("rule", "effect", "condition", "severity"), ALWAYS)
def test_conditions_that_always_hold_by_mistake(rule, effect, condition, severity):
    statement = {**everyone(condition=condition), "Effect": effect}
    assert [each.severity for each in found("condition-always-true", bucket_world(statement))] == (
        [severity] if severity else []
    )


VACUOUS = [
    # rule      condition                                                                  severity, None: no finding
    ("COND-45", {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-x/*"}}, Severity.HIGH),
    ("COND-45", {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "blue"}}, Severity.HIGH),
    ("EX-15", {"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["team"]}}, Severity.LOW),
    ("COND-41", {"ForAllValues:StringNotEquals": {"aws:PrincipalOrgPaths": "o-x/r-x/"}}, Severity.HIGH),
    (
        "COND-45",
        {
            "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-x/*"},
            "Null": {"aws:PrincipalOrgPaths": "false"},
        },
        None,
    ),
    (
        "COND-54",
        {
            "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-x/*"},
            "StringLike": {"aws:PrincipalOrgPaths": "o-x/*"},
        },
        None,
    ),
    ("COND-42", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-x/*"}}, None),
]


@pytest.mark.parametrize(("rule", "condition", "severity"), VACUOUS)
def test_forallvalues_that_holds_where_the_key_is_missing(rule, condition, severity):
    made = bucket_world(everyone("s3:PutObject", condition=condition))
    assert [each.severity for each in found("forallvalues-vacuous", made)] == ([severity] if severity else [])
    denied = bucket_world({**everyone("s3:PutObject", condition=condition), "Effect": "Deny"})
    assert found("forallvalues-vacuous", denied) == ()


def test_a_variable_that_nobody_has_is_named():
    statement = allow("s3:ListBucket", "*", condition={"StringLike": {"s3:prefix": "${aws:username}/*"}})
    (finding,) = found("allow-never-matches", identity_world(statement))
    assert (
        "is compared with aws:username, which no request that it is about carries (LANG-45)" in finding.title
    )
