"""Conditions in words and as trees."""

from __future__ import annotations

import json

import pytest

from pathfinder.conditions.wording import sentence, tree
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    any_of,
    negate,
    one,
    present,
)
from tests.conditions.making import arns, bools, isnt, networks, number, texts

MFA = one("aws:MultiFactorAuthPresent", bools(True))
VPCE = one("aws:SourceVpce", texts("vpce-0aaa"))
OFFICE = one("aws:SourceIp", networks("203.0.113.0/24"))
AGE = one("aws:MultiFactorAuthAge", number("<", "3600"))


def tag_keys(quantifier: Quantifier, *, negated: bool = False) -> Formula:
    return KeyTest("aws:tagkeys", quantifier, texts("a"), negated, quantifier is Quantifier.EVERY)


CASES: list[tuple[str, Formula, object]] = [
    # sentence, formula, operator and values (None: not a single test)
    ("always", TRUE, None),
    ("never", FALSE, None),
    ("perhaps (the SCP is not known)", Unknown("the SCP is not known"), None),
    ("through vpce-0aaa", VPCE, ("StringEquals", ["vpce-0aaa"])),
    ("not through vpce-0aaa", negate(VPCE), ("StringNotEquals", ["vpce-0aaa"])),
    ("through a VPC endpoint", present("aws:SourceVpce"), ("Null", ["false"])),
    ("not through a VPC endpoint", negate(present("aws:SourceVpce")), ("Null", ["true"])),
    ("from vpc-1", one("aws:SourceVpc", texts("vpc-1")), ("StringEquals", ["vpc-1"])),
    ("from 203.0.113.0/24", OFFICE, ("IpAddress", ["203.0.113.0/24"])),
    ("not from 203.0.113.0/24", negate(OFFICE), ("NotIpAddress", ["203.0.113.0/24"])),
    (
        "from private address 10.0.0.1",
        one("aws:VpcSourceIp", networks("10.0.0.1")),
        ("IpAddress", ["10.0.0.1"]),
    ),
    ("with MFA", MFA, ("Bool", ["true"])),
    ("without MFA", negate(MFA), ("BoolIfExists", ["false"])),
    ("over TLS", one("aws:SecureTransport", bools(True)), ("Bool", ["true"])),
    ("without TLS", one("aws:SecureTransport", bools(False)), ("Bool", ["false"])),
    ("object keys under logs/", one("object:key", texts("logs/*")), ("StringLike", ["logs/*"])),
    ("object keys not under logs/", isnt("object:key", texts("logs/*")), ("StringNotLike", ["logs/*"])),
    ("object key a.txt", one("object:key", texts("a.txt")), ("StringEquals", ["a.txt"])),
    ("session name deploy", one("session:name", texts("deploy")), ("StringEquals", ["deploy"])),
    ("session name starts with ci-", one("session:name", texts("ci-*")), ("StringLike", ["ci-*"])),
    ("aws:PrincipalTag/team is red", one("aws:PrincipalTag/team", texts("red")), ("StringEquals", ["red"])),
    ("sts:ExternalId is z9", one("sts:externalid", texts("z9")), ("StringEquals", ["z9"])),
    ("s3:prefix starts with home/", one("s3:prefix", texts("home/*")), ("StringLike", ["home/*"])),
    (
        "s3:prefix is red ignoring case",
        one("s3:prefix", texts("red", ignore_case=True)),
        ("StringEqualsIgnoreCase", ["red"]),
    ),
    ("s3:prefix is neither a nor b", isnt("s3:prefix", texts("a", "b")), ("StringNotEquals", ["a", "b"])),
    (
        "s3:prefix is like home/${aws:username}/*",
        one("s3:prefix", texts("home/${aws:username}/*")),
        ("StringLike", ["home/${aws:username}/*"]),
    ),
    ("aws:MultiFactorAuthAge is below 3600", AGE, ("NumericLessThan", ["3600"])),
    (
        "aws:MultiFactorAuthAge is at least 3600 or absent",
        negate(AGE),
        ("NumericGreaterThanEqualsIfExists", ["3600"]),
    ),
    (
        "aws:SourceArn is arn:aws:s3:::b*",
        one("aws:SourceArn", arns("arn:aws:s3:::b*")),
        ("ArnLike", ["arn:aws:s3:::b*"]),
    ),
    ("aws:TagKeys is present", present("aws:TagKeys"), ("Null", ["false"])),
    ("some aws:TagKeys is a", tag_keys(Quantifier.SOME), ("ForAnyValue:StringEquals", ["a"])),
    ("every aws:TagKeys is a", tag_keys(Quantifier.EVERY), ("ForAllValues:StringEquals", ["a"])),
    (
        "no aws:TagKeys is a",
        tag_keys(Quantifier.EVERY, negated=True),
        ("ForAllValues:StringNotEquals", ["a"]),
    ),
    ("through vpce-0aaa and with MFA", all_of(VPCE, MFA), None),
    ("through vpce-0aaa or from 203.0.113.0/24", any_of(VPCE, OFFICE), None),
    ("with MFA and (through vpce-0aaa or from 203.0.113.0/24)", all_of(MFA, any_of(VPCE, OFFICE)), None),
    ("(through vpce-0aaa and with MFA) or from 203.0.113.0/24", any_of(all_of(VPCE, MFA), OFFICE), None),
    ("unless through vpce-0aaa and from 203.0.113.0/24", negate(all_of(VPCE, OFFICE)), None),
    (
        "with MFA, unless through vpce-0aaa and from 203.0.113.0/24",
        all_of(MFA, negate(all_of(VPCE, OFFICE))),
        None,
    ),
    ("through vpce-0aaa, object keys under logs/", all_of(one("object:key", texts("logs/*")), VPCE), None),
]


@pytest.mark.parametrize(("words", "formula", "test"), CASES, ids=[case[0] for case in CASES])
def test_words(words: str, formula: Formula, test: tuple[str, list[str]] | None) -> None:
    assert sentence(formula) == words
    found = tree(formula)
    json.dumps(found)
    if test is not None:
        assert (found["operator"], found["values"]) == test


def test_a_tree_of_several_tests() -> None:
    """COND-62: that the key is there, and not this value."""
    here = KeyTest("aws:sourcevpce", Quantifier.ONE, texts("vpce-1"), negated=True, if_absent=False)
    assert tree(any_of(here, Unknown("u"))) == {
        "any_of": [
            {
                "all_of": [
                    {"key": "aws:SourceVpce", "operator": "Null", "values": ["false"]},
                    {"key": "aws:SourceVpce", "operator": "StringNotEquals", "values": ["vpce-1"]},
                ]
            },
            {"unknown": "u"},
        ]
    }
    assert sentence(here) == "through a VPC endpoint other than vpce-1"
