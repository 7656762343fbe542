"""Chapter 5.2: String operators."""

from .cases import check, table
from .conditions import ABSENT, holds, on_key

# fmt: off
STRINGS = on_key(
    "aws:PrincipalTag/team",
    ("COND-10", "StringEquals", "red", "red", True),
    ("COND-10", "StringEquals", "red", "Red", False),
    ("COND-10", "StringEquals", "red", "redder", False),
    ("COND-10", "StringEquals", "red", " red", False),
    ("COND-10", "StringEquals", ["blue", "red"], "red", True),
    ("COND-10", "StringEquals", ["blue", "green"], "red", False),
    ("COND-10", "StringEquals", "r*", "red", False),
    ("COND-10", "StringEquals", "r*", "r*", True),
    ("COND-10", "StringEquals", "re?", "red", False),
    ("COND-10", "StringEquals", "", "", True),
    ("COND-10", "StringEquals", "", "red", False),
    ("COND-10", "StringEquals", "", ABSENT, False),
    ("COND-10", "StringEquals", "red", ABSENT, False),
    ("COND-11", "StringNotEquals", "red", "blue", True),
    ("COND-11", "StringNotEquals", "red", "red", False),
    ("COND-11", "StringNotEquals", "red", "RED", True),
    ("COND-11", "StringNotEquals", ["red", "blue"], "blue", False),
    ("COND-11", "StringNotEquals", ["red", "blue"], "green", True),
    ("COND-11", "StringNotEquals", "r*", "red", True),
    ("COND-11", "StringNotEquals", "red", "", True),
    ("COND-11", "StringNotEquals", "", "", False),
    ("D-6", "StringNotEquals", "red", ABSENT, True),
    ("COND-12", "StringEqualsIgnoreCase", "red", "RED", True),
    ("COND-12", "StringEqualsIgnoreCase", "RED", "red", True),
    ("COND-12", "StringEqualsIgnoreCase", "red", "blue", False),
    ("COND-12", "StringEqualsIgnoreCase", "É", "é", True),
    ("COND-12", "StringEqualsIgnoreCase", "straße", "STRASSE", False),
    ("COND-12", "StringEqualsIgnoreCase", "R*", "red", False),
    ("COND-12", "StringEqualsIgnoreCase", "red", ABSENT, False),
    ("COND-12", "StringNotEqualsIgnoreCase", "red", "RED", False),
    ("COND-12", "StringNotEqualsIgnoreCase", "red", "blue", True),
    ("COND-12", "StringNotEqualsIgnoreCase", "straße", "STRASSE", True),
    ("COND-12", "StringNotEqualsIgnoreCase", "red", ABSENT, True),
    ("COND-13", "StringLike", "r*", "red", True),
    ("COND-13", "StringLike", "r*", "r", True),
    ("COND-13", "StringLike", "r*", "Red", False),
    ("COND-13", "StringLike", "r?d", "red", True),
    ("COND-13", "StringLike", "r?d", "rd", False),
    ("COND-13", "StringLike", "re", "red", False),
    ("COND-13", "StringLike", "*e*", "red", True),
    ("COND-13", "StringLike", "*", "", True),
    ("COND-13", "StringLike", "?", "", False),
    ("COND-13", "StringLike", "a*z", "a/b:c/z", True),
    ("COND-13", "StringLike", "a?z", "a/z", True),
    ("COND-13", "StringLike", "r.d", "red", False),
    ("COND-13", "StringLike", "[r]ed", "red", False),
    ("COND-13", "StringLike", "a*b*c", "abcbc", True),
    ("COND-13", "StringLike", "a*b*c", "acb", False),
    ("COND-13", "StringLike", "line*", "line\nbreak", True),
    ("COND-13", "StringLike", ["b*", "r*"], "red", True),
    ("COND-13", "StringLike", "*", ABSENT, False),
    ("COND-14", "StringNotLike", "r*", "red", False),
    ("COND-14", "StringNotLike", "r*", "blue", True),
    ("COND-14", "StringNotLike", ["b*", "r*"], "red", False),
    ("COND-14", "StringNotLike", ["b*", "g*"], "red", True),
    ("COND-14", "StringNotLike", "*", "", False),
    ("D-6", "StringNotLike", "*", ABSENT, True),
)

# String operators work on keys of any type, as text.
AS_TEXT = [
    *on_key("aws:PrincipalIsAWSService", ("COND-36", "StringEquals", "true", "true", True), ("COND-36", "StringEquals", "true", "false", False), ("COND-36", "StringEquals", "True", "true", False)),
    *on_key("aws:SecureTransport", ("COND-36", "StringNotEquals", "true", "false", True), ("COND-36", "StringEqualsIgnoreCase", "TRUE", "true", True)),
    *on_key("s3:signatureAge", ("COND-36", "StringEquals", "10", "10", True), ("COND-36", "StringEquals", "10", "10.0", False), ("COND-36", "StringLike", "1*", "10", True)),
    *on_key(
        "aws:PrincipalArn",
        ("COND-36", "StringEquals", "arn:aws:iam::111111111111:role/app", "arn:aws:iam::111111111111:role/app", True),
        ("COND-36", "StringLike", "arn:aws:iam::111111111111:*", "arn:aws:iam::111111111111:role/app", True),
        ("COND-36", "StringLike", "*", "arn:aws:iam::111111111111:role/app", True),
        ("COND-34", "StringLike", "arn:*:role/app", "arn:aws:iam::111111111111:role/app", True),
        ("COND-34", "StringLike", "*/app", "arn:aws:iam::111111111111:role/eng/app", True),
        ("COND-36", "StringNotLike", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:user/ann", True),
    ),
]

RED = {"aws:PrincipalTag/team": "red"}
TWO_TAGS = {"aws:PrincipalTag/team": "red", "aws:PrincipalTag/env": "dev"}
SCALARS = [
    *holds("COND-5", "boolean true as text", {"StringEquals": {"aws:SecureTransport": True}}, {"aws:SecureTransport": "true"}, True),
    *holds("COND-5", "boolean false as text", {"Bool": {"aws:SecureTransport": False}}, {"aws:SecureTransport": "false"}, True),
    *holds("COND-5", "a number as text", {"StringEquals": {"s3:signatureAge": 10}}, {"s3:signatureAge": "10"}, True),
    *holds("COND-5", "a number under Numeric", {"NumericLessThan": {"s3:signatureAge": 10}}, {"s3:signatureAge": "9"}, True),
    *holds("COND-5", "a list of mixed scalars", {"StringEquals": {"aws:PrincipalTag/team": [1, True, "red"]}}, {"aws:PrincipalTag/team": "true"}, True),
    *holds("COND-5", "boolean under Null", {"Null": {"aws:username": True}}, {}, True),
    *holds("COND-1", "two keys, both hold", {"StringEquals": TWO_TAGS}, TWO_TAGS, True),
    *holds("COND-1", "two keys, one fails", {"StringEquals": TWO_TAGS}, TWO_TAGS | {"aws:PrincipalTag/env": "prod"}, False),
    *holds("COND-1", "two keys, one missing", {"StringEquals": TWO_TAGS}, RED, False),
    *holds("COND-1", "two operators, both hold", {"StringEquals": RED, "Bool": {"aws:SecureTransport": "true"}}, RED | {"aws:SecureTransport": "true"}, True),
    *holds("COND-1", "two operators, one fails", {"StringEquals": RED, "Bool": {"aws:SecureTransport": "true"}}, RED | {"aws:SecureTransport": "false"}, False),
    *holds("COND-1", "an empty Condition is true", {}, {}, True),
    *holds("COND-1", "negated values: none may match", {"StringNotEquals": {"aws:PrincipalTag/team": ["blue", "red"]}}, RED, False),
    *holds("COND-4", "the same key under two operators, both hold", {"StringLike": {"aws:PrincipalTag/team": "r*"}, "StringNotEquals": {"aws:PrincipalTag/team": "rot"}}, RED, True),
    *holds("COND-4", "the same key under two operators, one fails", {"StringLike": {"aws:PrincipalTag/team": "r*"}, "StringNotEquals": {"aws:PrincipalTag/team": "red"}}, RED, False),
    *holds("COND-4", "the same key under two operators, missing", {"StringLike": {"aws:PrincipalTag/team": "r*"}, "StringNotEquals": {"aws:PrincipalTag/team": "rot"}}, {}, False),
    *holds("COND-3", "keys ignore case", {"StringEquals": {"AWS:PRINCIPALTAG/team": "red"}}, RED, True),
    *holds("COND-3", "tag keys ignore case", {"StringEquals": {"aws:PrincipalTag/TEAM": "red"}}, RED, True),
    *holds("COND-3", "tag values do not", {"StringEquals": {"aws:PrincipalTag/team": "RED"}}, RED, False),
    *holds("COND-3", "a missing key stays missing in any case", {"StringNotEquals": {"AWS:PrincipalTag/Env": "red"}}, RED, True),
    *holds("COND-3", "operators are read in any case", {"stringequals": RED}, RED, True),
    *holds("COND-3", "suffixes are read in any case", {"STRINGEQUALSIFEXISTS": RED}, {}, True),
]
# fmt: on


@table([*STRINGS, *AS_TEXT, *SCALARS])
def test_string_conditions(case):
    check(case)
