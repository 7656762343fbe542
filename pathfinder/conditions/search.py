"""The search for one way through a formula's alternatives in which the tests on every key fit together.

Parts that have to hold are collected key by key; where the tests on a key contradict each other, the way is
given up at once. Of an alternative that led nowhere it is known from then on that it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pathfinder.conditions.facts import Facts
from pathfinder.conditions.one_key import KeyTests, choose
from pathfinder.conditions.one_value import UndecidedError
from pathfinder.logic.formula import AllOf, AnyOf, Constant, Formula, KeyTest, Unknown, negate
from pathfinder.logic.values import variables_of

Assignment = Mapping[str, tuple[str, ...]]
"""The values of the keys that are present."""

MOST_STEPS = 20_000
"""Alternatives that a search may try."""


MOST_KEPT = 1 << 17
"""Answers that are kept for later questions."""


class GivenUpError(Exception):
    """The search took too many steps."""


@dataclass(frozen=True, slots=True)
class Way:
    """Tests that make the formula true together, by key, and the reasons of the unknowns it needs."""

    tests: Mapping[str, KeyTests]
    unknowns: tuple[str, ...]


@dataclass(slots=True)
class Search:
    """One search. `allow_unknown`: an unknown may be taken to hold.

    `undecided` is the first reason for which a way could not be decided; such ways are left out.
    """

    facts: Facts
    allow_unknown: bool
    settle: Callable[[Way], Assignment | None]
    undecided: str | None = None
    steps: int = 0

    def find(self, formulas: Iterable[Formula]) -> tuple[Way, Assignment] | None:
        """The first way through all of them that can be settled, and what settles it."""
        return self._find(list(formulas), {}, {}, [])

    def _find(
        self,
        pending: list[Formula],
        tests: dict[str, KeyTests],
        unknowns: dict[str, None],
        choices: list[AnyOf],
    ) -> tuple[Way, Assignment] | None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise GivenUpError(f"the condition has more than {MOST_STEPS} combinations of alternatives")
        tests = dict(tests)
        unknowns = dict(unknowns)
        changed: set[str] = set()
        if not self._collect(pending, tests, unknowns, choices, changed):
            return None
        while True:
            if not all(self._fits(key, tests[key]) for key in sorted(changed)):
                return None
            changed = set()
            narrowed = self._narrowed(choices, tests, unknowns)
            if narrowed is None:
                return None
            choices, forced = narrowed
            if not forced:
                break
            if not self._collect(forced, tests, unknowns, choices, changed):
                return None
        if not choices:
            way = Way(tests, tuple(unknowns))
            try:
                settled = self.settle(way)
            except UndecidedError as error:
                self.undecided = self.undecided or str(error)
                return None
            return None if settled is None else (way, settled)
        choice = min(choices, key=lambda each: len(each.parts))
        rest = [each for each in choices if each is not choice]
        refuted: list[Formula] = []
        for part in sorted(choice.parts, key=self._cost):
            found = self._find([*refuted, part], tests, unknowns, list(rest))
            if found is not None:
                return found
            if isinstance(part, KeyTest) and not variables_of(part.value) and part.if_many is not None:
                refuted.append(negate(part))
        return None

    def _collect(
        self,
        pending: list[Formula],
        tests: dict[str, KeyTests],
        unknowns: dict[str, None],
        choices: list[AnyOf],
        changed: set[str],
    ) -> bool:
        """Sort what has to hold into tests, unknowns and alternatives; False where it cannot hold."""
        for formula in pending:
            match formula:
                case Constant(value):
                    if not value:
                        return False
                case Unknown(reason):
                    if not self.allow_unknown:
                        return False
                    unknowns[reason] = None
                case KeyTest(key):
                    known = tests.get(key, frozenset())
                    if formula not in known:
                        tests[key] = known | {formula}
                        changed.add(key)
                case AllOf(parts):
                    if not self._collect(list(parts), tests, unknowns, choices, changed):
                        return False
                case AnyOf():
                    choices.append(formula)
        return True

    def _fits(self, key: str, tests: KeyTests) -> bool:
        """Whether some values of the key may make these tests true; those with variables come later."""
        known = self.facts.fits.get(tests)
        if known is None:
            plain = frozenset(test for test in tests if not variables_of(test.value))
            try:
                known = choose(plain, self.facts.domain(key)) is not None
            except UndecidedError:
                known = True
            if len(self.facts.fits) > MOST_KEPT:
                self.facts.fits.clear()
            self.facts.fits[tests] = known
        return known

    def _narrowed(
        self, choices: list[AnyOf], tests: dict[str, KeyTests], unknowns: dict[str, None]
    ) -> tuple[list[AnyOf], list[Formula]] | None:
        """The alternatives that are still open, and the parts that are forced; None where one has no way."""
        kept: list[AnyOf] = []
        forced: list[Formula] = []
        for choice in choices:
            if any(self._given(part, tests, unknowns) for part in choice.parts):
                continue
            parts = tuple(part for part in choice.parts if self._possible(part, tests))
            if not parts:
                return None
            if len(parts) == 1:
                forced.append(parts[0])
            else:
                kept.append(choice if len(parts) == len(choice.parts) else AnyOf(parts))
        return kept, forced

    def _given(self, part: Formula, tests: dict[str, KeyTests], unknowns: dict[str, None]) -> bool:
        match part:
            case KeyTest(key):
                return part in tests.get(key, frozenset())
            case Unknown(reason):
                return reason in unknowns
            case AllOf(parts):
                return all(self._given(each, tests, unknowns) for each in parts)
            case AnyOf(parts):
                return any(self._given(each, tests, unknowns) for each in parts)
            case Constant(value):
                return value

    def _possible(self, part: Formula, tests: dict[str, KeyTests]) -> bool:
        match part:
            case KeyTest(key):
                known = tests.get(key, frozenset())
                return part in known or self._fits(key, known | {part})
            case Unknown():
                return self.allow_unknown
            case AllOf(parts):
                return all(self._possible(each, tests) for each in parts)
            case AnyOf(parts):
                return any(self._possible(each, tests) for each in parts)
            case Constant(value):
                return value

    def _cost(self, part: Formula) -> int:
        """How far from a plain request the part leads: the keys that have to be there."""
        match part:
            case KeyTest(key):
                needed = not part.if_absent and not self.facts.domain(key).always_present
                return int(needed)
            case Unknown():
                return 1000
            case AllOf(parts):
                return sum(map(self._cost, parts))
            case AnyOf(parts):
                return min(map(self._cost, parts))
            case Constant():
                return 0
