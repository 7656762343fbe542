"""Every rule of chapters 1 to 5 is cited by some test, or says here why none of these tables can cite it."""

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

NUMBERS = {
    "TERM": ["1-11"],
    "LANG": ["1-15", "20-29", "40-47", "50-53"],
    "PRIN": ["1-24"],
    "EVAL": ["1-5", "10-15", "20-25", "30-34", "40", "45-46", "50-53"],
    "ORG": ["1-7", "20-25"],
    "VPCE": ["1-6"],
    "COND": ["1-5", "10-24", "30-37", "40-47", "50-54", "60-68"],
}

BEYOND_A_SCENARIO = {
    "ORG-6": "root tasks beyond SCPs: none of them concerns S3",
    "VPCE-4": "an access point and its bucket: two authorizations, each with its own resource policy",
}


def rules():
    for family, ranges in NUMBERS.items():
        for each in ranges:
            first, _, last = each.partition("-")
            yield from (f"{family}-{number}" for number in range(int(first), int(last or first) + 1))


@cache
def cited():
    texts = (file.read_text("utf-8") for file in TESTS.rglob("*.py") if file != Path(__file__))
    return {rule for text in texts for rule in re.findall(r"\b[A-Z]+\d?-\d+\b", text)}


@pytest.mark.parametrize("rule", sorted(set(rules()) - set(BEYOND_A_SCENARIO)))
def test_rule_is_cited(rule):
    assert rule in cited()


def test_exceptions_are_rules():
    assert set(BEYOND_A_SCENARIO) <= set(rules())
