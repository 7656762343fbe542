"""What holds for every formula: solutions are real, "none" means none, simpler formulas mean the same."""

from __future__ import annotations

from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathfinder.conditions.intersection import intersection
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.scope import split_by_object
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import Solution, Undecided, Unsatisfiable, holds, solve
from pathfinder.logic.automata import TooLargeError
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    leaves,
    negate,
)
from pathfinder.logic.values import StringTest
from pathfinder.policy.context import OBJECT_KEY
from tests.conditions.making import (
    ADDRESS,
    ADDRESS_TESTS,
    FACTS,
    NUMBER_TESTS,
    PATTERNS,
    TESTS,
    TEXT,
    TIED_TESTS,
    WORDS,
    contexts,
    formulas,
    key_tests,
    some_context_holds,
    string_tests,
)

THOROUGH = settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
ONE_KEY = st.one_of(
    formulas(key_tests(TEXT, st.one_of(string_tests(), NUMBER_TESTS))),
    formulas(key_tests("t:list", string_tests())),
    formulas(key_tests(ADDRESS, st.one_of(ADDRESS_TESTS, string_tests()))),
    formulas(key_tests("aws:multifactorauthage", st.one_of(NUMBER_TESTS, string_tests()))),
)


def _decided_rightly(formula: Formula) -> None:
    match solve(formula, FACTS):
        case Solution(values, certain):
            assert certain
            assert holds(formula, values) is True
        case Unsatisfiable():
            assert some_context_holds(formula, keys_of(formula)) is None
        case Undecided():
            pass


@given(ONE_KEY)
@THOROUGH
def test_one_key_is_decided_rightly(formula: Formula) -> None:
    _decided_rightly(formula)


@given(formulas(TESTS))
@THOROUGH
def test_several_keys_are_decided_rightly(formula: Formula) -> None:
    if len(keys_of(formula)) <= 3:
        _decided_rightly(formula)


@given(formulas(TIED_TESTS))
@THOROUGH
def test_tied_keys_are_decided_rightly(formula: Formula) -> None:
    _decided_rightly(formula)


@given(formulas(TESTS))
@THOROUGH
def test_a_formula_without_variables_is_decided(formula: Formula) -> None:
    assert not isinstance(solve(formula, FACTS), Undecided)


@given(formulas(TESTS))
@THOROUGH
def test_a_formula_or_its_opposite_is_satisfiable(formula: Formula) -> None:
    answers = solve(formula, FACTS), solve(negate(formula), FACTS)
    assert not all(isinstance(answer, Unsatisfiable) for answer in answers)


@given(formulas(st.one_of(TESTS, TESTS, st.just(Unknown("u")))), st.randoms(use_true_random=False))
@THOROUGH
def test_simplifying_changes_no_truth(formula: Formula, random) -> None:  # type: ignore[no-untyped-def]
    simpler = simplify(formula, FACTS)
    assert len(list(leaves(simpler))) <= len(list(leaves(formula)))
    keys = keys_of(formula)
    if len(keys) > 3:
        return
    found = list(islice(contexts(keys), 30_000))
    for context in found if len(found) < 300 else random.sample(found, 300):
        before, after = holds(formula, context), holds(simpler, context)
        assert before == after or before is None, (context, simpler)


@given(formulas(TESTS))
@THOROUGH
def test_constants_are_found(formula: Formula) -> None:
    simpler = simplify(formula, FACTS)
    assert (simpler == FALSE) == isinstance(solve(formula, FACTS), Unsatisfiable)
    assert (simpler == TRUE) == isinstance(solve(negate(formula), FACTS), Unsatisfiable)


@given(formulas(TESTS))
@settings(deadline=None, max_examples=100)
def test_simplifying_again_changes_nothing_that_matters(formula: Formula) -> None:
    once = simplify(formula, FACTS)
    again = simplify(once, FACTS)
    assert len(list(leaves(again))) <= len(list(leaves(once)))


@given(formulas(st.one_of(TESTS, st.just(Unknown("u")))))
@settings(deadline=None, max_examples=100)
def test_an_unknown_is_used_only_where_it_is_needed(formula: Formula) -> None:
    match solve(formula, FACTS):
        case Solution(values, True):
            assert holds(formula, values) is True
        case Solution(values, False, unknowns):
            assert unknowns == ("u",)
            assert holds(formula, values) is None
        case _:
            pass


def _object_tests() -> st.SearchStrategy[KeyTest]:
    return st.builds(
        KeyTest,
        st.just(OBJECT_KEY),
        st.just(Quantifier.ONE),
        st.builds(StringTest, st.lists(PATTERNS, min_size=1, max_size=2).map(tuple)),
        st.booleans(),
        st.just(False),
    )


@given(formulas(st.one_of(_object_tests(), _object_tests(), key_tests(TEXT, string_tests()))))
@THOROUGH
def test_the_parts_of_a_scope_are_the_whole(formula: Formula) -> None:
    parts = split_by_object(formula, FACTS)
    for key in WORDS[1:]:
        for text in (None, *WORDS[:8]):
            context = {OBJECT_KEY: (key,)} | ({} if text is None else {TEXT: (text,)})
            inside = [
                part
                for part in parts
                if any(p.matches(key) for p in part.patterns)
                and not any(p.matches(key) for p in part.exceptions)
            ]
            assert len({part.condition for part in inside}) <= 1
            assert any(holds(part.condition, context) for part in inside) is bool(holds(formula, context))
    if len(parts) != 1 or parts[0].condition != formula:
        assert all(
            not (isinstance(leaf, KeyTest) and leaf.key == OBJECT_KEY)
            for part in parts
            for leaf in leaves(part.condition)
        )


@given(PATTERNS, PATTERNS)
@THOROUGH
def test_an_intersection_matches_what_both_match(one, other) -> None:  # type: ignore[no-untyped-def]
    try:
        found = intersection(one, other)
    except TooLargeError:
        return
    for text in WORDS:
        assert any(p.matches(text) for p in found) is (one.matches(text) and other.matches(text))
