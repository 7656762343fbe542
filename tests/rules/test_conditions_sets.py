"""Chapters 5.2 and 5.3: IfExists, set operators, multivalued keys."""

from .cases import (
    ALLOW,
    EXPLICIT,
    FULL_ACCESS,
    IMPLICIT,
    NOT_ALLOWED,
    UNDECIDED,
    allow,
    case,
    check,
    deny,
    table,
)
from .conditions import ABSENT, holds, on_key

# fmt: off
ANN = "arn:aws:iam::111111111111:user/ann"
IF_EXISTS = [
    *on_key(
        "aws:PrincipalTag/team",
        ("COND-31", "StringEqualsIfExists", "red", ABSENT, True),
        ("COND-31", "StringEqualsIfExists", "red", "red", True),
        ("COND-31", "StringEqualsIfExists", "red", "blue", False),
        ("COND-31", "StringEqualsIfExists", "red", "", False),
        ("COND-31", "StringNotEqualsIfExists", "red", ABSENT, True),
        ("COND-31", "StringNotEqualsIfExists", "red", "red", False),
        ("COND-31", "StringEqualsIgnoreCaseIfExists", "red", ABSENT, True),
        ("COND-31", "StringEqualsIgnoreCaseIfExists", "red", "RED", True),
        ("COND-31", "StringNotEqualsIgnoreCaseIfExists", "red", "RED", False),
        ("COND-31", "StringLikeIfExists", "r*", ABSENT, True),
        ("COND-31", "StringLikeIfExists", "r*", "blue", False),
        ("COND-31", "StringNotLikeIfExists", "r*", ABSENT, True),
        ("COND-31", "StringNotLikeIfExists", "r*", "red", False),
        ("COND-2", "StringEquals", "red", ABSENT, False),
        ("COND-2", "StringNotEquals", "red", ABSENT, True),
        ("COND-2", "StringEqualsIfExists", [], ABSENT, True),
    ),
    *on_key(
        "s3:signatureAge",
        ("COND-31", "NumericEqualsIfExists", "10", ABSENT, True),
        ("COND-31", "NumericLessThanIfExists", "10", "11", False),
        ("COND-31", "NumericLessThanEqualsIfExists", "10", ABSENT, True),
        ("COND-31", "NumericGreaterThanIfExists", "10", ABSENT, True),
        ("COND-31", "NumericGreaterThanEqualsIfExists", "10", "10", True),
        ("COND-31", "NumericNotEqualsIfExists", "10", "10", False),
    ),
    *on_key(
        "aws:TokenIssueTime",
        ("COND-31", "DateLessThanIfExists", "2026-01-01", ABSENT, True),
        ("COND-31", "DateGreaterThanIfExists", "2026-01-01", "2025-01-01T00:00:00Z", False),
        ("COND-31", "DateEqualsIfExists", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("COND-31", "DateNotEqualsIfExists", "2026-01-01", ABSENT, True),
    ),
    *on_key("aws:MultiFactorAuthPresent", ("COND-31", "BoolIfExists", "true", ABSENT, True), ("COND-31", "BoolIfExists", "false", ABSENT, True), ("COND-31", "BoolIfExists", "true", "false", False), ("COND-31", "BoolIfExists", "false", "false", True)),
    *on_key("aws:SourceIp", ("COND-31", "IpAddressIfExists", "192.0.2.0/24", ABSENT, True), ("COND-31", "IpAddressIfExists", "192.0.2.0/24", "198.51.100.1", False), ("COND-31", "NotIpAddressIfExists", "192.0.2.0/24", "192.0.2.1", False), ("COND-31", "NotIpAddressIfExists", "192.0.2.0/24", ABSENT, True)),
    *on_key("aws:PrincipalArn", ("COND-31", "ArnLikeIfExists", "arn:aws:iam::*:role/*", ABSENT, True), ("COND-31", "ArnEqualsIfExists", "arn:aws:iam::*:role/*", ANN, False), ("COND-31", "ArnNotLikeIfExists", "arn:aws:iam::*:role/*", ANN, True), ("COND-31", "ArnNotEqualsIfExists", ANN, ANN, False)),
    *on_key("test:Blob", ("COND-31", "BinaryEqualsIfExists", "aGVsbG8=", ABSENT, True)),
]

TAG_KEYS = on_key(
    "aws:TagKeys",
    ("COND-40", "ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
    ("COND-40", "ForAllValues:StringEquals", ["a", "b"], ["a"], True),
    ("COND-40", "ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("COND-40", "ForAllValues:StringEquals", ["a", "b"], ["A"], False),
    ("COND-40", "ForAllValues:StringEquals", ["a", "b"], [], True),
    ("COND-40", "ForAllValues:StringEquals", ["a", "b"], ABSENT, True),
    ("COND-40", "ForAllValues:StringEquals", [], ["a"], False),
    ("D-12", "ForAllValues:StringEquals", ["a", "b"], "", True),
    ("D-12", "ForAllValues:StringEquals", ["a", "b"], [""], True),
    ("COND-40", "ForAllValues:StringLike", "a*", ["a", "ab"], True),
    ("COND-40", "ForAllValues:StringLike", "a*", ["a", "ba"], False),
    ("COND-40", "ForAllValues:StringEqualsIgnoreCase", ["A", "B"], ["a", "b"], True),
    ("COND-41", "ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], True),
    ("COND-41", "ForAllValues:StringNotEquals", ["a", "b"], ["a", "c"], False),
    ("COND-41", "ForAllValues:StringNotEquals", ["a", "b"], [], True),
    ("COND-41", "ForAllValues:StringNotEquals", ["a", "b"], ABSENT, True),
    ("COND-41", "ForAllValues:StringNotLike", "a*", ["b", "c"], True),
    ("COND-41", "ForAllValues:StringNotLike", "a*", ["b", "ac"], False),
    ("COND-42", "ForAnyValue:StringEquals", ["a", "b"], ["b", "c"], True),
    ("COND-42", "ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], False),
    ("COND-42", "ForAnyValue:StringEquals", ["a", "b"], [], False),
    ("COND-42", "ForAnyValue:StringEquals", ["a", "b"], ABSENT, False),
    ("COND-42", "ForAnyValue:StringEquals", ["a", "b"], [""], False),
    ("COND-42", "ForAnyValue:StringLike", "a*", ["b", "ac"], True),
    ("COND-43", "ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], True),
    ("COND-43", "ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], False),
    ("COND-43", "ForAnyValue:StringNotEquals", ["a", "b"], [], False),
    ("COND-43", "ForAnyValue:StringNotEquals", ["a", "b"], ABSENT, False),
    ("COND-43", "ForAnyValue:StringNotLike", "a*", ["a", "b"], True),
    ("COND-44", "ForAllValues:StringEqualsIfExists", ["a"], ABSENT, True),
    ("COND-44", "ForAllValues:StringEqualsIfExists", ["a"], ["b"], False),
    ("COND-44", "ForAllValues:StringNotEqualsIfExists", ["a"], ["a", "b"], False),
    ("COND-44", "ForAnyValue:StringEqualsIfExists", ["a"], ["a", "b"], True),
    ("COND-44", "ForAnyValue:StringEqualsIfExists", ["a"], ["b"], False),
    ("COND-44", "ForAnyValue:StringEqualsIfExists", ["a"], [], False),
    ("D-20", "ForAnyValue:StringEqualsIfExists", ["a"], ABSENT, True),
    ("D-20", "ForAnyValue:StringNotEqualsIfExists", ["a"], ABSENT, True),
    ("COND-47", "ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
    ("COND-47", "ForAnyValue:StringEquals", ["a"], ["a", "b"], True),
)

OTHER_SETS = [
    *on_key("aws:PrincipalOrgPaths", ("COND-42", "ForAnyValue:StringLike", "o-1/r-1/ou-a/*", ["o-1/r-1/ou-a/ou-b/"], True), ("COND-42", "ForAnyValue:StringLike", "o-1/r-1/ou-a/*", ["o-1/r-1/ou-c/"], False)),
    *on_key("aws:CalledVia", ("COND-42", "ForAnyValue:StringEquals", "athena.amazonaws.com", ["athena.amazonaws.com", "kms.amazonaws.com"], True), ("COND-41", "ForAllValues:StringNotEquals", "athena.amazonaws.com", ["cloudformation.amazonaws.com"], True)),
    *on_key("aws:PrincipalTag/team", ("COND-46", "ForAllValues:StringEquals", ["red"], "red", True), ("COND-46", "ForAllValues:StringEquals", ["red"], "blue", False), ("COND-46", "ForAnyValue:StringEquals", ["red"], "red", True), ("COND-46", "ForAnyValue:StringNotEquals", ["red"], "red", False)),
    *on_key("aws:SourceIp", ("COND-46", "ForAnyValue:IpAddress", ["192.0.2.0/24"], "192.0.2.1", True), ("COND-46", "ForAllValues:NotIpAddress", ["192.0.2.0/24"], "192.0.2.1", False)),
    *on_key("aws:PrincipalArn", ("COND-46", "ForAnyValue:ArnLike", ["arn:aws:iam::*:user/*"], ANN, True), ("COND-46", "ForAllValues:ArnLike", ["arn:aws:iam::*:role/*"], ANN, False), ("COND-41", "ForAllValues:ArnNotLike", ["arn:aws:iam::*:role/*"], ANN, True)),
    *on_key("s3:signatureAge", ("COND-46", "ForAllValues:NumericLessThan", ["10"], "9", True), ("COND-46", "ForAnyValue:NumericLessThan", ["10"], "11", False)),
    *on_key("aws:SecureTransport", ("COND-46", "ForAllValues:Bool", ["true"], "false", False), ("COND-40", "ForAllValues:Bool", ["true"], ABSENT, True)),
    *holds("COND-45", "ForAllValues with Null false, key missing", {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}, "Null": {"aws:TagKeys": "false"}}, {}, False),
    *holds("COND-45", "ForAllValues with Null false, key empty", {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}, "Null": {"aws:TagKeys": "false"}}, {"aws:TagKeys": []}, False),
    *holds("COND-45", "ForAllValues with Null false, key present", {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}, "Null": {"aws:TagKeys": "false"}}, {"aws:TagKeys": ["a"]}, True),
    *holds("COND-3", "set operators are read in any case", {"foranyvalue:stringequals": {"aws:TagKeys": ["a"]}}, {"aws:TagKeys": ["a", "b"]}, True),
]

TWO = {"aws:TagKeys": ["a", "b"]}
MISUSE = [
    case("COND-37", "several values, positive, no set operator: Allow", context=TWO, identity=[allow(when={"StringEquals": {"aws:TagKeys": "a"}})], expect=IMPLICIT),
    case("COND-37", "several values, positive, no set operator: Deny", context=TWO, identity=[FULL_ACCESS, deny(when={"StringEquals": {"aws:TagKeys": "a"}})], expect=ALLOW),
    case("D-19", "several values, negated, no set operator: Allow", context=TWO, identity=[allow(when={"StringNotEquals": {"aws:TagKeys": "c"}})], expect=NOT_ALLOWED),
    case("D-19", "several values, negated, no set operator: Deny", context=TWO, identity=[FULL_ACCESS, deny(when={"StringNotEquals": {"aws:TagKeys": "c"}})], expect=UNDECIDED),
    case("D-19", "... unless another Deny decides", context=TWO, identity=[FULL_ACCESS, deny("s3:*"), deny(when={"StringNotEquals": {"aws:TagKeys": "c"}})], expect=EXPLICIT),
    *on_key("aws:TagKeys", ("COND-37", "StringEquals", "a", ["a"], True), ("COND-37", "StringNotEquals", "a", ["a"], False), ("COND-37", "StringLike", "a*", ["ab"], True)),
    case("COND-3", "two tags that differ in case only, one equals: Allow", context={"aws:ResourceTag/Team": "red", "aws:ResourceTag/team": "blue"}, identity=[allow(when={"StringEquals": {"aws:ResourceTag/team": "red"}})], expect=NOT_ALLOWED),
    case("COND-3", "two tags that differ in case only, one equals: Deny", context={"aws:ResourceTag/Team": "red", "aws:ResourceTag/team": "blue"}, identity=[FULL_ACCESS, deny(when={"StringEquals": {"aws:ResourceTag/team": "red"}})], expect=NOT_ALLOWED),
]
# fmt: on


@table([*IF_EXISTS, *TAG_KEYS, *OTHER_SETS, *MISUSE])
def test_set_conditions(case):
    check(case)
