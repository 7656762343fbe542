"""Automata against the matcher: every text over a small alphabet, and the laws of sets."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathfinder.logic.automata import (
    ANY,
    Chain,
    Either,
    Length,
    Meet,
    TooLargeError,
    contains,
    covers,
    disjoint,
    example,
    only,
    texts_matching,
    words,
)
from pathfinder.logic.patterns import Pattern, Wildcard, parse_pattern, pattern_of

PATTERNS = st.lists(
    st.one_of(st.sampled_from("abA"), st.just(Wildcard.MANY), st.just(Wildcard.ONE)), max_size=5
).map(pattern_of)
TEXTS = ["".join(letters) for size in range(5) for letters in product("abAx", repeat=size)]


@given(PATTERNS, st.booleans())
@settings(deadline=None)
def test_a_pattern_and_its_language_agree(pattern: Pattern, ignore_case: bool) -> None:
    language = texts_matching((pattern,), ignore_case)
    for text in TEXTS:
        assert contains(language, text) is pattern.matches(text, ignore_case=ignore_case)


@given(st.lists(PATTERNS, max_size=3), st.lists(PATTERNS, max_size=2), st.booleans())
@settings(deadline=None, max_examples=300)
def test_the_example_is_the_shortest_there_is(
    inside: list[Pattern], outside: list[Pattern], ignore_case: bool
) -> None:
    def fits(text: str) -> bool:
        return all(p.matches(text, ignore_case=ignore_case) for p in inside) and not any(
            p.matches(text) for p in outside
        )

    found = example(
        [texts_matching((p,), ignore_case) for p in inside], [texts_matching((p,)) for p in outside]
    )
    shortest = next((text for text in TEXTS if fits(text)), None)
    if found is None:
        assert shortest is None
    else:
        assert fits(found)
        assert shortest is None or len(found) <= len(shortest)


@given(PATTERNS, PATTERNS)
@settings(deadline=None, max_examples=300)
def test_covering_and_disjointness(one: Pattern, other: Pattern) -> None:
    both = [text for text in TEXTS if one.matches(text) and other.matches(text)]
    only_other = [text for text in TEXTS if other.matches(text) and not one.matches(text)]
    if covers(one, other):
        assert not only_other
    if disjoint(one, other):
        assert not both
    assert covers(one, one)
    assert disjoint(one, other) is disjoint(other, one)


@given(PATTERNS, PATTERNS)
@settings(deadline=None)
def test_meeting_joining_and_chaining(one: Pattern, other: Pattern) -> None:
    first, second = texts_matching((one,)), texts_matching((other,))
    chained = {a + b for a in TEXTS if one.matches(a) for b in TEXTS[:21] if other.matches(b)}
    for text in TEXTS[:85]:
        assert contains(Meet([first], [second]), text) is (one.matches(text) and not other.matches(text))
        assert contains(Either(first, second), text) is (one.matches(text) or other.matches(text))
        if text in chained:
            assert contains(Chain(first, second), text)


CASES = [
    # id, inside, outside, ignoring case, expected
    ("COND-13 star spans everything", ["a*c"], ["a*/*c", "ac"], False, "axc"),
    ("COND-13 question mark is one character", ["??"], [], False, "xx"),
    ("COND-12 mixed with case", ["Ab"], [], True, "ab"),
    ("nothing is left", ["logs/*"], ["*"], False, None),
    ("a proper part is left", ["logs/*"], ["logs/a*", "logs/x*", "logs/"], False, "logs/b"),
    ("in three at once", ["*a*", "*b*", "*c?"], ["*ab*"], False, "acb"),
]


@pytest.mark.parametrize(
    ("inside", "outside", "ignore_case", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_examples(inside: list[str], outside: list[str], ignore_case: bool, expected: str | None) -> None:
    def languages(patterns: list[str]) -> list[object]:
        return [texts_matching((parse_pattern(pattern),), ignore_case) for pattern in patterns]

    assert example(languages(inside), languages(outside)) == expected  # type: ignore[arg-type]


def test_the_kelvin_sign_is_a_k_only_where_case_is_ignored() -> None:
    k = (parse_pattern("k"),)
    upper = texts_matching((parse_pattern("K"),))
    assert example([texts_matching(k, True)], [texts_matching(k), upper]) == "\N{KELVIN SIGN}"


def test_work_is_bounded() -> None:
    hostile = [texts_matching((parse_pattern(f"*{letter}" + "?" * 12),)) for letter in "abcdefgh"]
    with pytest.raises(TooLargeError):
        example(
            [],
            [*hostile, Length(ANY, 0, 60), texts_matching((parse_pattern("*" + "?" * 40 + "z*"),))],
            budget=500,
        )


def test_words_of_a_finite_language() -> None:
    found, complete = words(
        [texts_matching((parse_pattern("a?"), parse_pattern("b"))), Length(only("abc"), 1)]
    )
    assert set(found) == {"aa", "ab", "ac", "b"}
    assert complete
    found, complete = words([texts_matching((parse_pattern("a*"),))], most=5)
    assert len(found) == 5
    assert not complete
