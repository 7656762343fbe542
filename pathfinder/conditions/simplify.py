"""Formulas made minimal and readable, without changing for which requests they hold.

Each test is looked at under what surrounds it: in a conjunction the other parts hold, in a disjunction they
do not. A test that is certain or impossible there is dropped, and so is a single value of it that changes
nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pathfinder.conditions.facts import DEFAULT_FACTS, Facts
from pathfinder.conditions.merging import alternatives, merge, tidy_test, union
from pathfinder.conditions.solve import satisfiable
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Constant,
    Formula,
    KeyTest,
    Unknown,
    all_of,
    any_of,
    leaves,
    negate,
    rewrite,
)

MOST_LEAVES = 60
"""Tests in a formula beyond which each is looked at alone only."""
MOST_QUESTIONS = 600
"""Questions to the solver for one formula."""
MOST_VALUES = 16
"""Values of a test beyond which none is looked at alone."""


def simplify(formula: Formula, facts: Facts = DEFAULT_FACTS) -> Formula:
    """An equivalent formula with as few tests and values as are found; the same for the same formula."""
    if isinstance(formula, Constant | Unknown):
        return formula
    key = ("simplify", formula)
    known = facts.memory.get(key)
    if known is None:
        known = facts.memory[key] = _simplify(formula, facts)
    return known  # type: ignore[return-value]


def _simplify(formula: Formula, facts: Facts) -> Formula:
    formula = rewrite(formula, lambda leaf: _alone(leaf, facts))
    formula = _arranged(formula)
    if isinstance(formula, Constant | Unknown | KeyTest):
        return _again(formula, facts)
    if sum(1 for _ in leaves(formula)) > MOST_LEAVES:
        return formula
    work = _Work(facts)
    for _ in range(3):
        before = formula
        formula = _arranged(work.within(formula, ()))
        if formula == before:
            break
    return formula


def _again(formula: Formula, facts: Facts) -> Formula:
    return _alone(formula, facts) if isinstance(formula, KeyTest) else formula


def _alone(leaf: KeyTest | Unknown, facts: Facts) -> Formula:
    """One test: its constant, or the test without values that change nothing."""
    if isinstance(leaf, Unknown):
        return leaf
    key = ("alone", leaf)
    known = facts.memory.get(key)
    if known is None:
        test = tidy_test(leaf)
        known = _Work(facts).test(test, ())
        facts.memory[key] = known
    return known  # type: ignore[return-value]


Surroundings = tuple[Formula, ...]


@dataclass(slots=True)
class _Work:
    facts: Facts
    questions: int = 0
    answers: dict[frozenset[Formula], bool] = field(default_factory=dict)

    def within(self, formula: Formula, around: Surroundings) -> Formula:
        """The formula made simple where all of `around` holds."""
        match formula:
            case Constant() | Unknown():
                return formula
            case KeyTest():
                return self._test_within(formula, around)
            case AllOf(parts):
                return self._parts(list(parts), around, all_of, TRUE, FALSE, lambda part: part)
            case AnyOf(parts):
                return self._parts(list(parts), around, any_of, FALSE, TRUE, negate)

    def _parts(
        self,
        parts: list[Formula],
        around: Surroundings,
        combine: Callable[..., Formula],
        neutral: Constant,
        absorbing: Constant,
        given: Callable[[Formula], Formula],
    ) -> Formula:
        for part in sorted(parts, key=_weight, reverse=True):
            index = next(i for i, each in enumerate(parts) if each is part)
            others = tuple(given(each) for i, each in enumerate(parts) if i != index)
            simpler = self.within(part, (*around, *others))
            if simpler == absorbing:
                return absorbing
            if simpler == neutral:
                del parts[index]
            else:
                parts[index] = simpler
        return combine(*parts)

    def _test_within(self, test: KeyTest, around: Surroundings) -> Formula:
        related = self._related(test, around)
        return self.test(test, related) if related else _alone(test, self.facts)

    def test(self, test: KeyTest, related: Surroundings) -> Formula:
        """A test where all of `related` holds."""
        if self._impossible(*related, test):
            return FALSE
        if self._impossible(*related, test.opposite()):
            return TRUE
        values = alternatives(test.value)
        if not 1 < len(values) <= MOST_VALUES:
            return test
        for value in values:
            rest = [each for each in alternatives(test.value) if each != value]
            if not rest:
                break
            joined = rest[0]
            for each in rest[1:]:
                joined = union(joined, each) or joined
            fewer = replace(test, value=joined)
            more, less = (fewer, test) if test.negated else (test, fewer)
            if self._impossible(*related, more, less.opposite()):
                test = fewer
        return test

    def _impossible(self, *formulas: Formula) -> bool:
        together = frozenset(formulas)
        if together not in self.answers:
            self.questions += 1
            if self.questions > MOST_QUESTIONS:
                return False
            self.answers[together] = satisfiable(all_of(*formulas), self.facts) is False
        return self.answers[together]

    def _related(self, test: KeyTest, around: Surroundings) -> Surroundings:
        """What of the surroundings can tell anything about the test: keys in common, or tied by axioms."""
        tied = self.facts.tied
        reached = set(tied(test))
        chosen: set[int] = set()
        grown = True
        while grown:
            grown = False
            for index, formula in enumerate(around):
                if index not in chosen and not reached.isdisjoint(tied(formula)):
                    chosen.add(index)
                    reached |= tied(formula)
                    grown = True
        return tuple(formula for index, formula in enumerate(around) if index in chosen)


def _weight(formula: Formula) -> int:
    """How much there is to read; the longest part is looked at first, so that it is what goes."""
    return sum(1 for _ in leaves(formula))


def _arranged(formula: Formula) -> Formula:
    """Tests on one key joined, and what all alternatives share taken out of them."""
    match formula:
        case AllOf(parts):
            inner = all_of(*map(_arranged, parts))
            if not isinstance(inner, AllOf):
                return inner
            return _factored(all_of(*merge(inner.parts, AllOf)))
        case AnyOf(parts):
            inner = any_of(*map(_arranged, parts))
            if not isinstance(inner, AnyOf):
                return inner
            return _factored(any_of(*merge(inner.parts, AnyOf)))
        case _:
            return formula


def _factored(formula: Formula) -> Formula:
    """`(a and b) or (a and c)` as `a and (b or c)`; and the same the other way round."""
    if not isinstance(formula, AllOf | AnyOf):
        return formula
    other = AnyOf if isinstance(formula, AllOf) else AllOf
    if not all(isinstance(part, other) for part in formula.parts):
        return formula
    inner = [part.parts for part in formula.parts if isinstance(part, AllOf | AnyOf)]
    common = [part for part in inner[0] if all(part in each for each in inner[1:])]
    if not common:
        return formula
    rests = [tuple(part for part in each if part not in common) for each in inner]
    if isinstance(formula, AnyOf):
        return all_of(*common, _arranged(any_of(*(all_of(*rest) for rest in rests))))
    return any_of(*common, _arranged(all_of(*(any_of(*rest) for rest in rests))))
