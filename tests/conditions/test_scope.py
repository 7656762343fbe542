"""Which objects, under which condition."""

from __future__ import annotations

import pytest

from pathfinder.conditions.scope import split_by_object
from pathfinder.conditions.wording import sentence
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of, any_of, negate, one
from tests.conditions.making import texts

VPCE = one("aws:SourceVpce", texts("vpce-1"))
VIA = "through vpce-1"


def objects(*patterns: str) -> Formula:
    return one("object:key", texts(*patterns))


Parts = list[tuple[list[str], list[str], str]]

CASES: list[tuple[str, Formula, Parts]] = [
    ("all", TRUE, [(["*"], [], "always")]),
    ("none", FALSE, []),
    ("no test on objects", VPCE, [(["*"], [], VIA)]),
    ("one prefix", objects("logs/*"), [(["logs/*"], [], "always")]),
    ("all but a prefix", negate(objects("logs/*")), [(["*"], ["logs/*"], "always")]),
    (
        "a prefix but a part of it",
        all_of(objects("r/*"), negate(objects("r/private/*"))),
        [(["r/*"], ["r/private/*"], "always")],
    ),
    (
        "a part of the part again",
        any_of(all_of(objects("r/*"), negate(objects("r/p/*"))), objects("r/p/x/*")),
        [(["r/*"], ["r/p/*"], "always"), (["r/p/x/*"], [], "always")],
    ),
    ("two prefixes", objects("a/*", "b/*"), [(["a/*", "b/*"], [], "always")]),
    ("a prefix within another", objects("a/*", "a/b/*"), [(["a/*"], [], "always")]),
    ("an exception elsewhere", all_of(objects("a/*"), negate(objects("b/*"))), [(["a/*"], [], "always")]),
    ("two that cross", all_of(objects("a*"), objects("*z")), [(["a*z"], [], "always")]),
    (
        "each its condition",
        any_of(objects("a/*"), all_of(objects("b/*"), VPCE)),
        [(["a/*"], [], "always"), (["b/*"], [], VIA)],
    ),
    (
        "open in all, a condition in one",
        any_of(all_of(objects("a/*"), VPCE), negate(objects("a/*"))),
        [(["*"], ["a/*"], "always"), (["a/*"], [], VIA)],
    ),
    (
        "one exception for both",
        all_of(objects("a/*", "b/*"), negate(objects("*.key"))),
        [(["a/*", "b/*"], ["*.key"], "always")],
    ),
    ("an exception that is the whole", all_of(objects("a/*"), negate(objects("a*"))), []),
    ("the empty key is no object", all_of(objects("*a", ""), negate(objects("?*"))), []),
    ("single objects", objects("a", "b"), [(["a", "b"], [], "always")]),
    (
        "variables stay in the condition",
        objects("home/${aws:username}/*"),
        [(["*"], [], "object keys like home/${aws:username}/*")],
    ),
]


@pytest.mark.parametrize(("formula", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_split(formula: Formula, expected: Parts) -> None:
    found = [
        ([str(p) for p in part.patterns], [str(p) for p in part.exceptions], sentence(part.condition))
        for part in split_by_object(formula)
    ]
    assert found == expected


def test_many_prefixes() -> None:
    (part,) = split_by_object(objects(*(f"user-{number}/*" for number in range(40))))
    assert len(part.patterns) == 40


def test_too_many_that_cross_stay_in_the_condition() -> None:
    crossing = any_of(*(objects(f"*{letter}*") for letter in "abcdefghijkl"))
    (part,) = split_by_object(crossing)
    assert [str(pattern) for pattern in part.patterns] == ["*"]
    assert part.condition == crossing
