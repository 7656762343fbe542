"""Satisfiability compared with an SMT solver that shares no code with the package: strings, numbers, addresses.

Each key is a variable of z3's own theory with a flag for its presence; formulas are translated literally.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathfinder.conditions.domains.ranges import between
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.key_domain import KeyDomain, ValueKind
from pathfinder.conditions.solve import Solution, Unsatisfiable, solve
from pathfinder.logic.formula import AllOf, AnyOf, Constant, Formula, KeyTest, Quantifier
from pathfinder.logic.patterns import Pattern, Wildcard
from pathfinder.logic.values import AddressTest, Comparison, NumberTest, StringTest
from tests.conditions.making import ADDRESS_TESTS, NUMBER_TESTS, formulas, string_tests

z3 = pytest.importorskip("z3")
pytestmark = pytest.mark.slow

NUMBER, ADDRESS = "aws:multifactorauthage", "aws:vpcsourceip"
FACTS = Facts(
    domains={
        **{key: KeyDomain() for key in ("t:one", "t:two")},
        NUMBER: KeyDomain(ValueKind.NUMBER, null=False, numbers=between(Decimal(0), Decimal(10**9))),
    }
)


def _tests(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[KeyTest]:
    flags = st.booleans()
    return st.builds(KeyTest, st.just(key), st.just(Quantifier.ONE), values, flags, flags)


STRINGS = formulas(st.one_of(_tests("t:one", string_tests()), _tests("t:two", string_tests())))
NUMBERS = formulas(_tests(NUMBER, NUMBER_TESTS))
ADDRESSES = formulas(_tests(ADDRESS, ADDRESS_TESTS))
MIXED = formulas(
    st.one_of(_tests("t:one", string_tests()), _tests(NUMBER, NUMBER_TESTS), _tests(ADDRESS, ADDRESS_TESTS))
)


def _character(character: str, ignore_case: bool) -> Any:
    forms = {character.lower(), character.upper()} if ignore_case else {character}
    found = [z3.Re(form) for form in sorted(forms)]
    return found[0] if len(found) == 1 else z3.Union(*found)


def _regex(pattern: Pattern, ignore_case: bool) -> Any:
    anything = z3.AllChar(z3.ReSort(z3.StringSort()))
    parts = [z3.Re("")]
    for token in pattern.tokens:
        if token is Wildcard.MANY:
            parts.append(z3.Star(anything))
        elif token is Wildcard.ONE:
            parts.append(anything)
        else:
            assert isinstance(token, str)
            parts.extend(_character(character, ignore_case) for character in token)
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


ORDER: dict[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUAL: lambda a, b: a == b,
    Comparison.LESS: lambda a, b: a < b,
    Comparison.LESS_OR_EQUAL: lambda a, b: a <= b,
    Comparison.GREATER: lambda a, b: a > b,
    Comparison.GREATER_OR_EQUAL: lambda a, b: a >= b,
}


def _passes(test: KeyTest) -> Any:
    match test.value:
        case StringTest(patterns, ignore_case):
            text = z3.String(test.key)
            return z3.Or(*(z3.InRe(text, _regex(pattern, ignore_case)) for pattern in patterns))
        case NumberTest(comparison, values):
            return z3.Or(*(ORDER[comparison](z3.Real(test.key), z3.RealVal(str(value))) for value in values))
        case AddressTest(networks):
            bits, is_v4 = z3.BitVec(test.key, 128), z3.Bool("v4")
            return z3.Or(
                *(
                    z3.And(
                        is_v4 if network.version == 4 else z3.Not(is_v4),
                        z3.UGE(bits, int(network.network_address)),
                        z3.ULE(bits, int(network.broadcast_address)),
                    )
                    for network in networks
                )
            )
    raise AssertionError(test)


def _translated(formula: Formula) -> Any:
    match formula:
        case Constant(value):
            return z3.BoolVal(value)
        case AllOf(parts):
            return z3.And(*map(_translated, parts))
        case AnyOf(parts):
            return z3.Or(*map(_translated, parts))
        case KeyTest():
            here = z3.Bool(f"present {formula.key}")
            passes = _passes(formula)
            wanted = z3.Not(passes) if formula.negated else passes
            return z3.If(here, wanted, z3.BoolVal(formula.if_absent))
    raise AssertionError(formula)


def _agree(formula: Formula) -> None:
    solver = z3.Solver()
    solver.set("timeout", 5000)
    solver.add(_translated(formula))
    solver.add(z3.Implies(z3.Bool("v4"), z3.ULE(z3.BitVec(ADDRESS, 128), 2**32 - 1)))
    solver.add(z3.Real(NUMBER) >= 0, z3.Real(NUMBER) <= 10**9)
    theirs = solver.check()
    if theirs == z3.unknown:
        return
    ours = solve(formula, FACTS)
    assert isinstance(ours, Solution if theirs == z3.sat else Unsatisfiable), (theirs, ours)


SETTINGS = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


@given(STRINGS)
@SETTINGS
def test_strings(formula: Formula) -> None:
    _agree(formula)


@given(NUMBERS)
@SETTINGS
def test_numbers(formula: Formula) -> None:
    _agree(formula)


@given(ADDRESSES)
@SETTINGS
def test_addresses(formula: Formula) -> None:
    _agree(formula)


@given(MIXED)
@SETTINGS
def test_all_together(formula: Formula) -> None:
    _agree(formula)
