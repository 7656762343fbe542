"""Is there a request for which a formula holds? With an example, or the answer that there is none.

Exact over all that `one_value`, `one_key` and `ties` decide; what they do not ends as Undecided, never as a
guess. Each solution has been put into the formula and found to make it true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.conditions.clock import one_clock, with_both
from pathfinder.conditions.facts import DEFAULT_FACTS, Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.one_key import choose
from pathfinder.conditions.one_value import UndecidedError
from pathfinder.conditions.search import MOST_KEPT, Assignment, GivenUpError, Search
from pathfinder.conditions.ties import settle
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Truth, negate, truth, unknowns
from pathfinder.logic.patterns import Pattern, Variable, exact
from pathfinder.logic.values import bind, variables_of


@dataclass(frozen=True, slots=True)
class Solution:
    """A request for which the formula holds: key in lower case to values; other keys are absent.

    Of the keys that every request has, those are among them that the formula speaks of.
    `certain` is False where it holds only if something unknown does: `unknowns` are the reasons.
    """

    values: Mapping[str, tuple[str, ...]]
    certain: bool = True
    unknowns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """No request makes the formula true."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither was proven; `reason` says why."""

    reason: str


Answer = Solution | Unsatisfiable | Undecided

UNSATISFIABLE = Unsatisfiable()


def solve(formula: Formula, facts: Facts = DEFAULT_FACTS) -> Answer:
    """A request for which the formula holds and that AWS could send, the plainest that is found.

    A solution that needs nothing unknown is preferred to one that does. The same answer every time.
    """
    if formula == TRUE:
        return Solution({})
    if formula == FALSE:
        return UNSATISFIABLE
    known = facts.memory.get(formula)
    if known is None:
        if len(facts.memory) > MOST_KEPT:
            facts.memory.clear()
        known = facts.memory[formula] = _solve(formula, facts)
    assert isinstance(known, Solution | Unsatisfiable | Undecided)
    return known


def _solve(formula: Formula, facts: Facts) -> Answer:
    told = one_clock(formula)
    if told is not formula:
        answer = solve(told, facts)
        if isinstance(answer, Solution):
            return Solution(with_both(formula, answer.values), answer.certain, answer.unknowns)
        return answer
    axioms = facts.concerning(keys_of(formula))
    if isinstance(formula, KeyTest) and not axioms and not variables_of(formula.value):
        return _solve_test(formula, facts)
    reasons = unknowns(formula)
    undecided: str | None = None
    for allow_unknown in (False, True) if reasons else (False,):
        search = Search(facts, allow_unknown, lambda way: settle(way, facts))
        try:
            found = search.find([formula, *axioms])
        except GivenUpError as error:
            return Undecided(str(error))
        if found is not None:
            way, chosen = found
            values = dict(sorted({**_always_there(formula, facts), **chosen}.items()))
            _verify(formula, facts, values, certain=not way.unknowns)
            return Solution(values, not way.unknowns, way.unknowns)
        undecided = undecided or search.undecided
    return UNSATISFIABLE if undecided is None else Undecided(undecided)


def _always_there(formula: Formula, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Plain values for the keys it speaks of that every request has, for those that nothing hangs on."""
    found = {}
    for key in keys_of(formula):
        domain = facts.domain(key)
        if domain.always_present:
            chosen = choose(frozenset(), domain)
            assert chosen is not None
            found[key] = chosen.values or ()
    return found


def _solve_test(test: KeyTest, facts: Facts) -> Answer:
    """One test that nothing else is tied to, which most questions are about."""
    try:
        chosen = choose(frozenset((test,)), facts.domain(test.key))
    except UndecidedError as error:
        return Undecided(str(error))
    if chosen is None:
        return UNSATISFIABLE
    values = {} if chosen.values is None else {test.key: chosen.values}
    _verify(test, facts, values, certain=True)
    return Solution(values)


def holds(formula: Formula, values: Assignment) -> Truth:
    """The formula's truth in a request with exactly these keys; None where an unknown decides."""
    return truth(formula, lambda test: test_holds(test, values))


def test_holds(test: KeyTest, values: Assignment) -> Truth:
    """A test's truth in a request with exactly these keys (LANG-41 to LANG-47 for variables)."""
    bound = bind(test.value, lambda variable: variable_value(variable, values))
    if bound != test.value:
        test = KeyTest(test.key, test.quantifier, bound, test.negated, test.if_absent, test.if_many)
    return test.holds(values.get(test.key))


def variable_value(variable: Variable, values: Assignment) -> Pattern | None:
    """What a variable stands for; None where its key has not one value and it has no default."""
    found = values.get(variable.key)
    if found is not None and len(found) == 1:
        return exact(found[0])
    return None if variable.default is None else exact(variable.default)


def _verify(formula: Formula, facts: Facts, values: Assignment, *, certain: bool) -> None:
    got = holds(formula, values)
    assert got or (got is None and not certain), f"{values} does not make {formula} true"
    for axiom in facts.concerning(keys_of(formula)):
        got = holds(axiom, values)
        assert got or (got is None and not certain), f"{values} contradicts {axiom}"


def satisfiable(formula: Formula, facts: Facts = DEFAULT_FACTS) -> bool | None:
    """Whether some request makes it true, unknowns taken to hold where that helps; None: not decided."""
    match solve(formula, facts):
        case Solution():
            return True
        case Unsatisfiable():
            return False
        case Undecided():
            return None


def valid(formula: Formula, facts: Facts = DEFAULT_FACTS) -> bool | None:
    """Whether every request makes it true, whatever is unknown; None: not decided."""
    opposite = satisfiable(negate(formula), facts)
    return None if opposite is None else not opposite
