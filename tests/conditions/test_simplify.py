"""What conditions are reduced to, and how that reads."""

from __future__ import annotations

import time

import pytest

from pathfinder.conditions.facts import DEFAULT_FACTS, Facts, network_axioms
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.wording import sentence
from pathfinder.logic.formula import (
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
from tests.conditions.making import bools, isnt, networks, number, texts

MFA = one("aws:MultiFactorAuthPresent", bools(True))
VPCE = one("aws:SourceVpce", texts("vpce-0aaa"))
OFFICE = one("aws:SourceIp", networks("203.0.113.0/24"))
LOGS = one("object:key", texts("logs/*"))


def team(*names: str) -> Formula:
    return one("aws:PrincipalTag/team", texts(*names))


def not_team(*names: str) -> Formula:
    return isnt("aws:PrincipalTag/team", texts(*names))


def tag_keys(quantifier: Quantifier, *names: str, negated: bool = False) -> Formula:
    return KeyTest("aws:tagkeys", quantifier, texts(*names), negated, quantifier is Quantifier.EVERY)


CASES = [
    # id, formula, what it reads like once simplified
    ("one test stays", VPCE, "through vpce-0aaa"),
    ("COND-54 implied by the axioms", all_of(VPCE, negate(present("aws:SourceIp"))), "through vpce-0aaa"),
    ("COND-54 contradiction of the axioms", all_of(VPCE, OFFICE), "never"),
    ("COND-54 an impossible alternative", any_of(all_of(VPCE, OFFICE), MFA), "with MFA"),
    (
        "COND-54 the other way of travelling",
        any_of(present("aws:SourceIp"), present("aws:SourceVpce")),
        "always",
    ),
    ("both ways of a test", any_of(all_of(VPCE, MFA), all_of(VPCE, negate(MFA))), "through vpce-0aaa"),
    ("alternatives joined", any_of(team("a"), team("b")), "aws:PrincipalTag/team is a or b"),
    ("exclusions joined", all_of(not_team("a"), not_team("b")), "aws:PrincipalTag/team is neither a nor b"),
    ("values in common", all_of(team("a", "b"), team("b", "c")), "aws:PrincipalTag/team is b"),
    ("no value in common", all_of(team("a"), team("b")), "never"),
    ("a value excluded", all_of(team("a", "b"), not_team("b", "c")), "aws:PrincipalTag/team is a"),
    ("an exclusion implied", all_of(team("a"), not_team("b")), "aws:PrincipalTag/team is a"),
    ("the narrower pattern", all_of(team("a*"), team("ab*")), "aws:PrincipalTag/team starts with ab"),
    ("the wider pattern", any_of(team("a*"), team("ab*")), "aws:PrincipalTag/team starts with a"),
    ("a pattern within a list", team("a*", "ab", "c"), "aws:PrincipalTag/team starts with a or is c"),
    ("networks joined", one("aws:SourceIp", networks("10.0.0.0/9", "10.128.0.0/9")), "from 10.0.0.0/8"),
    (
        "networks in alternatives",
        any_of(OFFICE, one("aws:SourceIp", networks("203.0.112.0/24"))),
        "from 203.0.112.0/23",
    ),
    (
        "a network excluded for nothing",
        all_of(OFFICE, isnt("aws:SourceIp", networks("10.0.0.0/8"))),
        "from 203.0.113.0/24",
    ),
    ("COND-68 the loosest", one("s3:max-keys", number("<", "5", "10")), "s3:max-keys is below 10"),
    (
        "the stricter bound",
        all_of(one("s3:max-keys", number("<", "5")), one("s3:max-keys", number("<", "10"))),
        "s3:max-keys is below 5",
    ),
    (
        "COND-42 alternatives of some value",
        any_of(tag_keys(Quantifier.SOME, "a"), tag_keys(Quantifier.SOME, "b")),
        "some aws:TagKeys is a or b",
    ),
    (
        "COND-42 not of all values",
        all_of(tag_keys(Quantifier.SOME, "a"), tag_keys(Quantifier.SOME, "b")),
        "some aws:TagKeys is a and some aws:TagKeys is b",
    ),
    (
        "COND-41 exclusions of all values",
        all_of(tag_keys(Quantifier.EVERY, "a", negated=True), tag_keys(Quantifier.EVERY, "b", negated=True)),
        "no aws:TagKeys is a or b",
    ),
    (
        "shared by all alternatives",
        any_of(all_of(VPCE, MFA), all_of(OFFICE, MFA)),
        "with MFA and (through vpce-0aaa or from 203.0.113.0/24)",
    ),
    ("shared by all conjuncts", all_of(any_of(VPCE, MFA), any_of(OFFICE, MFA)), "with MFA"),
    ("absorption", any_of(VPCE, all_of(VPCE, MFA)), "through vpce-0aaa"),
    ("a choice that is made", all_of(any_of(VPCE, OFFICE), negate(VPCE)), "from 203.0.113.0/24"),
    (
        "an unknown stays",
        all_of(VPCE, Unknown("the SCP is not known")),
        "through vpce-0aaa and perhaps (the SCP is not known)",
    ),
    ("an unknown that does not matter", any_of(VPCE, all_of(VPCE, Unknown("u"))), "through vpce-0aaa"),
    ("a key that is always there", isnt("aws:SecureTransport", bools(False)), "over TLS"),
    ("a value that cannot be", one("aws:SourceVpce", texts("my-endpoint")), "never"),
    ("TERM-8 all session names", one("session:name", texts("??*")), "always"),
    ("S3 all object keys", one("object:key", texts("?*")), "always"),
    (
        "joined tests that are certain together",
        all_of(
            team("a"),
            *(
                KeyTest("aws:securetransport", Quantifier.ONE, bools(value), True, False)
                for value in (True, False)
            ),
        ),
        "never",
    ),
    (
        "joined tests of which nothing is left",
        any_of(
            team("a"),
            one("aws:SourceIp", networks("0.0.0.0/0")),
            negate(present("aws:SourceIp")),
            one("aws:SourceIp", networks("::/0")),
        ),
        "always",
    ),
    (
        "a whole condition",
        all_of(VPCE, MFA, LOGS, negate(present("aws:SourceIp"))),
        "through vpce-0aaa and with MFA, object keys under logs/",
    ),
]


@pytest.mark.parametrize(("formula", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_simplify(formula: Formula, expected: str) -> None:
    assert sentence(simplify(formula)) == expected


def test_the_usual_condition_takes_no_time() -> None:
    facts = Facts(axioms=network_axioms())
    simplify(all_of(VPCE, MFA, LOGS), facts)
    start = time.perf_counter()
    for count in range(100):
        simplify(all_of(VPCE, MFA, LOGS, team(f"t{count}")), facts)
    assert (time.perf_counter() - start) / 100 < 0.02


def test_a_large_condition_ends() -> None:
    large = any_of(*(all_of(team(f"t{i}"), one("s3:prefix", texts(f"p{i % 7}*")), VPCE) for i in range(120)))
    assert simplify(large, DEFAULT_FACTS) != large
