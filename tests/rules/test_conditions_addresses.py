"""Chapter 5.2: IpAddress, Arn operators, Null; values of the wrong type."""

from .cases import ALLOW, FULL_ACCESS, UNDECIDED, A, allow, case, check, deny, table
from .conditions import ABSENT, on_key

# fmt: off
ADDRESSES = on_key(
    "aws:SourceIp",
    ("COND-21", "IpAddress", "192.0.2.0/24", "192.0.2.7", True),
    ("COND-21", "IpAddress", "192.0.2.0/24", "192.0.3.7", False),
    ("COND-21", "IpAddress", "192.0.2.0/24", "192.0.2.0", True),
    ("COND-21", "IpAddress", "192.0.2.0/24", "192.0.2.255", True),
    ("COND-21", "IpAddress", "192.0.2.0/24", "192.0.1.255", False),
    ("COND-21", "IpAddress", ["198.51.100.0/24", "192.0.2.0/24"], "192.0.2.7", True),
    ("COND-21", "IpAddress", "0.0.0.0/0", "192.0.2.7", True),
    ("COND-21", "IpAddress", "192.0.2.0/24", ABSENT, False),
    ("COND-21", "IpAddress", "0.0.0.0/0", ABSENT, False),
    ("COND-22", "NotIpAddress", "192.0.2.0/24", "192.0.2.7", False),
    ("COND-22", "NotIpAddress", "192.0.2.0/24", "198.51.100.7", True),
    ("COND-22", "NotIpAddress", ["198.51.100.0/24", "192.0.2.0/24"], "192.0.2.7", False),
    ("COND-22", "NotIpAddress", ["198.51.100.0/24", "192.0.2.0/24"], "203.0.113.7", True),
    ("COND-22", "NotIpAddress", "192.0.2.0/24", ABSENT, True),
    ("COND-33", "IpAddress", "192.0.2.7", "192.0.2.7", True),
    ("COND-33", "IpAddress", "192.0.2.7", "192.0.2.8", False),
    ("COND-33", "IpAddress", "192.0.2.7/24", "192.0.2.99", True),
    ("COND-33", "NotIpAddress", "192.0.2.7/24", "192.0.2.99", False),
    ("COND-33", "IpAddress", "192.0.2.1/31", "192.0.2.0", True),
    ("COND-33", "IpAddress", "2001:db8::/32", "2001:db8:1::1", True),
    ("COND-33", "IpAddress", "2001:db8::/32", "2001:db9::1", False),
    ("COND-33", "IpAddress", "2001:db8::1", "2001:db8::1", True),
    ("COND-33", "IpAddress", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", True),
    ("COND-33", "IpAddress", "2001:0db8:0000::0001/128", "2001:db8::1", True),
    ("COND-33", "IpAddress", "2001:db8::1", "2001:db8::2", False),
    ("COND-33", "IpAddress", "2001:db8::ff/64", "2001:db8::1", True),
    ("COND-33", "NotIpAddress", "2001:db8::1", "2001:DB8::0:1", False),
    ("COND-33", "IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    ("COND-33", "NotIpAddress", "0.0.0.0/0", "2001:db8::1", True),
    ("COND-33", "IpAddress", "::/0", "192.0.2.7", False),
    ("COND-33", "NotIpAddress", "::/0", "192.0.2.7", True),
    ("COND-33", "IpAddress", "192.0.2.0/24", "::ffff:192.0.2.7", False),
    ("COND-33", "NotIpAddress", "192.0.2.0/24", "::ffff:192.0.2.7", True),
    ("COND-33", "IpAddress", "::ffff:192.0.2.0/120", "192.0.2.7", False),
    ("COND-35", "IpAddress", "192.0.2.0/24", "somewhere", False),
)

ROLE_ARN = "arn:aws:iam::111111111111:role/eng/app"
KEY_ARN = f"arn:aws:kms:eu-west-1:{A}:key/k"
ARNS = [
    *on_key(
        "aws:PrincipalArn",
        ("COND-23", "ArnEquals", ROLE_ARN, ROLE_ARN, True),
        ("COND-23", "ArnLike", ROLE_ARN, ROLE_ARN, True),
        ("COND-23", "ArnEquals", ROLE_ARN + "x", ROLE_ARN, False),
        ("COND-23", "ArnEquals", "arn:aws:iam::111111111111:role/eng/App", ROLE_ARN, False),
        ("COND-23", "ArnEquals", "arn:aws:iam::111111111111:role/*", ROLE_ARN, True),
        ("COND-23", "ArnLike", "arn:aws:iam::111111111111:role/*", ROLE_ARN, True),
        ("COND-23", "ArnLike", "arn:aws:iam::*:role/eng/app", ROLE_ARN, True),
        ("COND-23", "ArnEquals", "arn:aws:iam::11111111111?:role/eng/a?p", ROLE_ARN, True),
        ("COND-23", "ArnLike", "arn:*:iam:*:*:*", ROLE_ARN, True),
        ("COND-23", "ArnLike", "arn:aws:sts::111111111111:role/*", ROLE_ARN, False),
        ("COND-23", "ArnLike", ["arn:aws:iam::222222222222:*", "arn:aws:iam::111111111111:*"], ROLE_ARN, True),
        ("COND-23", "ArnEquals", ROLE_ARN, ABSENT, False),
        ("COND-23", "ArnLike", "arn:aws:iam::*:role/*", ABSENT, False),
        ("COND-24", "ArnNotEquals", ROLE_ARN, ROLE_ARN, False),
        ("COND-24", "ArnNotEquals", "arn:aws:iam::111111111111:role/*", ROLE_ARN, False),
        ("COND-24", "ArnNotLike", "arn:aws:iam::111111111111:role/*", ROLE_ARN, False),
        ("COND-24", "ArnNotLike", "arn:aws:iam::222222222222:role/*", ROLE_ARN, True),
        ("COND-24", "ArnNotLike", ["arn:aws:iam::222222222222:*", "arn:aws:iam::111111111111:*"], ROLE_ARN, False),
        ("COND-24", "ArnNotEquals", ROLE_ARN, ABSENT, True),
        ("COND-24", "ArnNotLike", "arn:aws:iam::*:role/*", ABSENT, True),
        ("COND-34", "ArnLike", "arn:aws:iam::111111111111:*", ROLE_ARN, True),
        ("COND-34", "ArnLike", "arn:aws:iam::1*:role/eng/app", ROLE_ARN, True),
        ("COND-34", "ArnLike", "arn:aws:iam:*:role/eng/app", "arn:aws:iam::1:role/eng/app", False),
        ("COND-34", "ArnNotLike", "arn:aws:iam:eu-*:*:role/*", ROLE_ARN, True),
    ),
    *on_key(
        "aws:SourceArn",
        ("COND-34", "ArnLike", "arn:aws:sns:*:*:a*z", "arn:aws:sns:eu-west-1:111111111111:a:b/c:z", True),
        ("COND-34", "ArnLike", "arn:aws:kms:*:key/k", KEY_ARN, False),
        ("COND-34", "StringLike", "arn:aws:kms:*:key/k", KEY_ARN, True),
        ("COND-34", "ArnLike", "arn:aws:kms:eu*1:*:key/k", KEY_ARN, True),
        ("COND-34", "ArnLike", "arn:aws:kms:eu-west-1:*key/k:*", KEY_ARN, False),
    ),
]


def wrong_type(rule, title, operator, key, value, given, allowed):
    """A value not of the operator's type: the Allow's outcome is stated, and a negated Deny is uncertain."""
    when, context = {operator: {key: value}}, {key: given}
    yield case(rule, f"Allow: {title}", context=context, identity=[allow(when=when)], expect=ALLOW if allowed else "implicit-deny")
    if allowed:
        yield case(rule, f"Deny: {title}", context=context, identity=[FULL_ACCESS, deny(when=when)], expect=UNDECIDED)


WRONG_TYPES = [
    *wrong_type("D-18", "ArnLike * matches nothing", "ArnLike", "aws:PrincipalArn", "*", ROLE_ARN, False),
    *wrong_type("D-18", "ArnEquals on a short ARN matches nothing", "ArnEquals", "aws:PrincipalArn", "arn:aws:iam", ROLE_ARN, False),
    *wrong_type("D-18", "ArnNotLike *", "ArnNotLike", "aws:PrincipalArn", "*", ROLE_ARN, True),
    *wrong_type("D-18", "ArnNotEquals on text", "ArnNotEquals", "aws:PrincipalArn", "app", ROLE_ARN, True),
    *wrong_type("COND-35", "ArnLike on a request value that is no ARN", "ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*", "app", False),
    *wrong_type("COND-35", "NumericEquals on text", "NumericEquals", "s3:signatureAge", "10", "ten", False),
    *wrong_type("COND-35", "NumericLessThan on text", "NumericLessThan", "s3:signatureAge", "10", "", False),
    *wrong_type("COND-35", "NumericEquals with text in the policy", "NumericEquals", "s3:signatureAge", "ten", "10", False),
    *wrong_type("COND-35", "NumericNotEquals with text in the policy", "NumericNotEquals", "s3:signatureAge", "ten", "10", True),
    *wrong_type("COND-35", "IpAddress with text in the policy", "IpAddress", "aws:SourceIp", "office", "192.0.2.7", False),
    *wrong_type("COND-35", "NotIpAddress with text in the policy", "NotIpAddress", "aws:SourceIp", "office", "192.0.2.7", True),
    *wrong_type("COND-35", "DateNotEquals with text in the policy", "DateNotEquals", "aws:CurrentTime", "today", "2026-01-02T03:04:05Z", True),
    case("COND-35", "Allow: NumericNotEquals on a request value that is no number", context={"s3:signatureAge": "ten"}, identity=[allow(when={"NumericNotEquals": {"s3:signatureAge": "10"}})], expect=ALLOW),
    case("COND-35", "Allow: ArnNotLike on a request value that is no ARN", context={"aws:SourceArn": "app"}, identity=[allow(when={"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}})], expect=ALLOW),
]

NULLS = [
    *on_key(
        "aws:TokenIssueTime",
        ("COND-30", "Null", "true", ABSENT, True),
        ("COND-30", "Null", "true", "2026-01-02T03:04:05Z", False),
        ("COND-30", "Null", "false", ABSENT, False),
        ("COND-30", "Null", "false", "2026-01-02T03:04:05Z", True),
        ("COND-30", "Null", "True", ABSENT, True),
        ("COND-30", "Null", ["true", "false"], ABSENT, True),
    ),
    *on_key("aws:PrincipalTag/team", ("D-12", "Null", "true", "", True), ("D-12", "Null", "false", "", False), ("COND-30", "Null", "false", " ", True)),
    *on_key("aws:TagKeys", ("COND-30", "Null", "false", ["a", "b"], True), ("COND-30", "Null", "true", [], True), ("COND-30", "Null", "true", ABSENT, True)),
]
# fmt: on


@table([*ADDRESSES, *ARNS, *WRONG_TYPES, *NULLS])
def test_address_conditions(case):
    check(case)
