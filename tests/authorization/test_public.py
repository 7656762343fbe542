"""When a bucket policy is public in the sense of S3 Block Public Access (BPA-7, BPA-8, BPA-10)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.public import is_public
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
