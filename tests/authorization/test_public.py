"""When a bucket policy is public in the sense of S3 Block Public Access (BPA-7, BPA-8, BPA-10)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.public import access_point_policy_is_public, is_public
from pathfinder.policy.parse import parse_document
from tests.building import A, allow, deny


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return allow("s3:GetObject", "*", principal="*", condition={operator: {key: list(values)}})


CASES = [
    # rule                                    statement                                                  public
    ("BPA-7 everyone", allow("s3:GetObject", "*", principal="*"), True),
    ("BPA-7 every AWS principal", allow("s3:GetObject", "*", principal={"AWS": "*"}), True),
    ("BPA-7 an account", allow("s3:GetObject", "*", principal={"AWS": A}), False),
    ("BPA-7 a role", allow("s3:GetObject", "*", principal={"AWS": f"arn:aws:iam::{A}:role/r"}), False),
    ("BPA-7 a service", allow("s3:PutObject", "*", principal={"Service": "logging.s3.amazonaws.com"}), False),
    (
        "BPA-7 federated does not count",
        allow("s3:GetObject", "*", principal={"Federated": "accounts.google.com"}),
        True,
    ),
    ("BPA-7 Deny is ignored", deny("s3:GetObject", "*", principal="*"), False),
    ("BPA-7 organization", when("StringEquals", "aws:PrincipalOrgID", "o-x"), False),
    ("BPA-7 key in any case", when("StringEquals", "AWS:principalorgid", "o-x"), False),
    ("BPA-7 wildcard value", when("StringLike", "aws:PrincipalOrgID", "o-*"), True),
    ("BPA-7 variable value", when("StringEquals", "aws:SourceVpc", "${aws:PrincipalTag/vpc}"), True),
    ("BPA-7 negated", when("StringNotEquals", "aws:PrincipalOrgID", "o-x"), True),
    ("BPA-7 IfExists", when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-x"), True),
    (
        "BPA-7 one wildcard among values",
        when("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{A}:role/r", "*"),
        True,
    ),
    ("BPA-7 fixed principal ARN", when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{A}:role/r"), False),
    ("BPA-7 endpoint", when("StringEquals", "aws:SourceVpce", "vpce-1"), False),
    ("BPA-7 tags never help", when("StringEquals", "aws:PrincipalTag/team", "red"), True),
    ("BPA-7 username never helps", when("StringEquals", "aws:username", "ann"), True),
    ("BPA-7 TLS never helps", when("Bool", "aws:SecureTransport", "true"), True),
    ("D-26 role id pattern", when("StringLike", "aws:userid", "AROAEXAMPLE:*"), False),
    ("BPA-8 narrow network", when("IpAddress", "aws:SourceIp", "203.0.113.0/24"), False),
    ("BPA-8 wider than /8", when("IpAddress", "aws:SourceIp", "0.0.0.0/1"), True),
    ("BPA-8 exactly /8", when("IpAddress", "aws:SourceIp", "11.0.0.0/8"), False),
    ("BPA-8 IPv6 /32", when("IpAddress", "aws:SourceIp", "2001:db8::/32"), False),
    ("BPA-8 IPv6 wider than /32", when("IpAddress", "aws:SourceIp", "2001::/16"), True),
    ("BPA-7 not inside", when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), True),
]


@pytest.mark.parametrize(("title", "statement", "public"), CASES, ids=[case[0] for case in CASES])
def test_public(title: str, statement: dict[str, Any], public: bool) -> None:
    document = parse_document({"Version": "2012-10-17", "Statement": [statement]})
    assert is_public(document) is public


def test_one_public_statement_taints_the_policy() -> None:
    """BPA-10."""
    statements = [
        allow("s3:GetObject", "*", principal={"AWS": A}),
        allow("s3:GetBucketLocation", "*", principal="*"),
    ]
    assert is_public(parse_document({"Version": "2012-10-17", "Statement": statements}))


def test_not_principal_with_allow_is_public() -> None:
    """BPA-7."""
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": A}, "Action": "s3:GetObject", "Resource": "*"}
    assert is_public(parse_document({"Version": "2012-10-17", "Statement": [statement]}))


ROLE = f"arn:aws:iam::{A}:role/r"
KEYS: list[tuple[str, str, str, str]] = [
    # key, operator, a fixed value, a value with a wildcard
    ("aws:PrincipalArn", "ArnLike", ROLE, f"arn:aws:iam::{A}:role/*"),
    ("aws:PrincipalAccount", "StringLike", A, "1111*"),
    ("aws:PrincipalOrgID", "StringLike", "o-x", "o-?"),
    ("aws:PrincipalOrgPaths", "ForAnyValue:StringLike", "o-x/r-x/ou-a/", "o-x/*"),
    ("aws:SourceArn", "ArnLike", f"arn:aws:sns:eu-west-1:{A}:t", f"arn:aws:sns:*:{A}:t"),
    ("aws:SourceVpc", "StringLike", "vpc-1", "vpc-*"),
    ("aws:SourceVpce", "StringLike", "vpce-1", "*"),
    ("aws:SourceOwner", "StringLike", A, "*"),
    ("aws:SourceAccount", "StringLike", A, "11111111111?"),
    ("aws:userid", "StringLike", "AROAEXAMPLE:session", "AROA*"),
    (
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "StringLike",
        f"arn:aws:kms:eu-west-1:{A}:key/k",
        f"arn:aws:kms:eu-west-1:{A}:key/*",
    ),
    ("s3:DataAccessPointAccount", "StringLike", A, "*"),
    (
        "s3:DataAccessPointArn",
        "ArnLike",
        f"arn:aws:s3:eu-west-1:{A}:accesspoint/ap",
        "arn:aws:s3:eu-west-1:*:accesspoint/ap",
    ),
]


def negated(operator: str) -> str:
    """The operator of the same family that turns it round."""
    quantifier, _, name = operator.rpartition(":")
    name = f"{name[:3]}Not{name[3:]}" if name.startswith("Arn") else f"{name[:6]}Not{name[6:]}"
    return f"{quantifier}:{name}" if quantifier else name


def public(*statements: dict[str, Any]) -> bool:
    return is_public(parse_document({"Version": "2012-10-17", "Statement": list(statements)}))


@pytest.mark.parametrize(("key", "operator", "fixed", "wild"), KEYS, ids=[case[0] for case in KEYS])
def test_each_key_that_counts(key: str, operator: str, fixed: str, wild: str) -> None:
    """BPA-7: fixed values of it alone, in a positive condition, which the request has to meet."""
    assert not public(when(operator, key, fixed))
    assert not public(when(operator, key.upper(), fixed))
    assert not public(when(operator, key, fixed, fixed))
    assert public(when(operator, key, wild))
    assert public(when(operator, key, fixed, wild))
    assert public(when(operator, key, "${aws:PrincipalTag/fixed}"))
    assert public(when(operator, key, f"{fixed}${{aws:username}}"))
    assert public(when(negated(operator), key, fixed))
    assert public(when(f"{operator}IfExists", key, fixed))
    assert public(when("Null", key, "false"))
    assert public(when("ForAllValues:StringEquals", key, fixed))


NEVER = [
    # key, operator, value
    ("aws:SecureTransport", "Bool", "true"),
    ("aws:username", "StringEquals", "ann"),
    ("aws:PrincipalType", "StringEquals", "User"),
    ("aws:PrincipalTag/team", "StringEquals", "red"),
    ("aws:ResourceTag/team", "StringEquals", "red"),
    ("aws:RequestTag/team", "StringEquals", "red"),
    ("s3:ExistingObjectTag/team", "StringEquals", "red"),
    ("aws:Referer", "StringEquals", "https://example.com/"),
    ("aws:SourceOrgID", "StringEquals", "o-x"),
    ("aws:ResourceAccount", "StringEquals", str(A)),
    ("s3:prefix", "StringEquals", "a/"),
]


@pytest.mark.parametrize(("key", "operator", "value"), NEVER, ids=[case[0] for case in NEVER])
def test_keys_that_never_help(key: str, operator: str, value: str) -> None:
    """BPA-7."""
    assert public(when(operator, key, value))


NETWORKS = [
    # rule                             network             public
    ("BPA-8 one address", "203.0.113.7", False),
    ("BPA-8 one address as a network", "203.0.113.7/32", False),
    ("BPA-8 exactly /8", "203.0.0.0/8", False),
    ("BPA-8 /7", "202.0.0.0/7", True),
    ("BPA-8 half of the world", "0.0.0.0/1", True),
    ("BPA-8 the world", "0.0.0.0/0", True),
    ("BPA-8 private 10/8", "10.0.0.0/8", False),
    ("BPA-8 private 172.16/12", "172.16.0.0/12", False),
    ("BPA-8 private 192.168/16", "192.168.0.0/16", False),
    ("BPA-8 wider than a private range", "10.0.0.0/7", True),
    ("BPA-8 one IPv6 address", "2001:db8::1", False),
    ("BPA-8 IPv6 exactly /32", "2001:db8::/32", False),
    ("BPA-8 IPv6 /31", "2001:db8::/31", True),
    ("BPA-8 IPv6 the world", "::/0", True),
    ("BPA-7 no network", "everywhere", True),
    ("BPA-7 a variable", "${aws:SourceIp}", True),
]


@pytest.mark.parametrize(("title", "network", "expected"), NETWORKS, ids=[case[0] for case in NETWORKS])
def test_networks(title: str, network: str, expected: bool) -> None:
    assert public(when("IpAddress", "aws:SourceIp", network)) is expected
    assert public(when("IpAddress", "aws:SourceIp", "203.0.113.0/24", network)) is expected
    assert public(when("NotIpAddress", "aws:SourceIp", network))
    assert public(when("IpAddressIfExists", "aws:SourceIp", network))
    assert public(when("IpAddress", "aws:VpcSourceIp", network))


def test_addresses_in_string_tests() -> None:
    """BPA-7, BPA-8: an address that is fixed counts, a pattern of addresses does not."""
    assert not public(when("StringEquals", "aws:SourceIp", "203.0.113.7"))
    assert public(when("StringLike", "aws:SourceIp", "203.0.113.*"))
    assert public(when("StringNotEquals", "aws:SourceIp", "203.0.113.7"))


PRINCIPALS: list[tuple[str, Any, bool]] = [
    # title, principal, public
    ("an account's root", {"AWS": f"arn:aws:iam::{A}:root"}, False),
    ("a user", {"AWS": f"arn:aws:iam::{A}:user/u"}, False),
    ("a session", {"AWS": f"arn:aws:sts::{A}:assumed-role/r/s"}, False),
    ("several", {"AWS": [A, ROLE]}, False),
    ("a canonical user", {"CanonicalUser": "a" * 64}, False),
    ("an account and everyone", {"AWS": [A, "*"]}, True),
    ("a service and everyone", {"Service": "logs.amazonaws.com", "AWS": "*"}, True),
    ("an OIDC provider", {"Federated": f"arn:aws:iam::{A}:oidc-provider/example.com"}, True),
    ("an account and a provider", {"AWS": A, "Federated": "accounts.google.com"}, True),
]


@pytest.mark.parametrize(("title", "principal", "expected"), PRINCIPALS, ids=[c[0] for c in PRINCIPALS])
def test_principals(title: str, principal: Any, expected: bool) -> None:
    """BPA-7: fixed are accounts, users, roles, sessions and services; `Federated` does not count."""
    assert public(allow("s3:GetObject", "*", principal=principal)) is expected
    assert not public(deny("s3:GetObject", "*", principal=principal))


def test_not_principal_is_public_whatever_the_condition() -> None:
    """BPA-7."""
    fixed = {"StringEquals": {"aws:PrincipalOrgID": "o-x"}}
    allowed = {"Effect": "Allow", "NotPrincipal": {"AWS": A}, "Action": "s3:*", "Resource": "*"}
    assert public(allowed | {"Condition": fixed})
    assert not public(allowed | {"Effect": "Deny"})


def test_one_condition_that_fixes_is_enough() -> None:
    """BPA-7: conditions hold together."""
    both = {"StringEquals": {"aws:PrincipalOrgID": "o-x", "aws:username": "ann"}}
    assert not public(allow("s3:GetObject", "*", principal="*", condition=both))


def test_access_points_in_bucket_policies_and_in_their_own() -> None:
    """BPA-7: in a bucket policy the name may be a wildcard if the account is fixed; their own: any use is public."""
    any_of_account = f"arn:aws:s3:*:{A}:accesspoint/*"
    for value, expected in ((any_of_account, False), ("arn:aws:s3:*:*:accesspoint/ap", True), ("*", True)):
        statement = when("ArnLike", "s3:DataAccessPointArn", value)
        assert public(statement) is expected
        own = parse_document({"Version": "2012-10-17", "Statement": [statement]})
        assert access_point_policy_is_public(own) is True
