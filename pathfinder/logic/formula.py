"""Formulas: under which request contexts something holds.

Constants, tests on condition keys, unknowns, and their conjunctions and disjunctions. There is no node for
"not": every test has an exact opposite (evaluation.md COND-60 to COND-68), so `negate` returns a formula of
the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from pathfinder.logic.values import AnyValueTest, ValueTest


class Quantifier(Enum):
    """Which of a key's values a test is about."""

    ONE = "one"
    """The key's only value; a plain operator (COND-37)."""
    SOME = "some"
    """At least one value that is not null; ForAnyValue, and Null (COND-30, COND-42)."""
    EVERY = "every"
    """Every value that is not null, so true where there is none; ForAllValues (COND-40)."""


@dataclass(frozen=True, slots=True)
class KeyTest:
    """One test on one condition key. Its truth depends on that key alone (and on variables in the test).

    `key`: name in lower case. `negated`: a value counts where `value` does not pass.
    `if_absent`: the truth where the key is not in the request context.
    `if_many`: for ONE, the truth where the key has several values; None leaves it undecided (COND-37, D-19).
    A ONE test on a key that is present without a value is true exactly where it is negated.
    The empty text is null for SOME and EVERY, and a value for ONE (D-12).
    """

    key: str
    quantifier: Quantifier
    value: ValueTest
    negated: bool
    if_absent: bool
    if_many: bool | None = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        said = (self.key, self.quantifier, self.value, self.negated, self.if_absent, self.if_many)
        object.__setattr__(self, "_hash", hash(said))

    def __hash__(self) -> int:
        return self._hash

    def opposite(self) -> KeyTest:
        """The test that is true exactly where this one is false."""
        return _opposite(self)

    def holds(self, values: tuple[str, ...] | None) -> bool | None:
        """The truth for a key with these values (None: absent; variables must be bound); None: undecided."""
        if values is None:
            return self.if_absent
        if self.quantifier is Quantifier.ONE:
            if not values:
                return self.negated
            if len(values) > 1:
                return self.if_many
            return self.value.passes(values[0]) is not self.negated
        passing = (self.value.passes(value) is not self.negated for value in values if value != "")
        return any(passing) if self.quantifier is Quantifier.SOME else all(passing)


@lru_cache(maxsize=1 << 16)
def _opposite(test: KeyTest) -> KeyTest:
    match test.quantifier:
        case Quantifier.ONE:
            many = None if test.if_many is None else not test.if_many
            return KeyTest(test.key, Quantifier.ONE, test.value, not test.negated, not test.if_absent, many)
        case Quantifier.SOME:
            other = Quantifier.EVERY
        case Quantifier.EVERY:
            other = Quantifier.SOME
    return KeyTest(test.key, other, test.value, not test.negated, not test.if_absent, test.if_many)


@dataclass(frozen=True, slots=True)
class Constant:
    """Always, or never."""

    value: bool


TRUE = Constant(True)
FALSE = Constant(False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither true nor false can be said: `reason` names what could not be read or decided (a gap)."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Compound:
    parts: tuple[Formula, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((type(self).__name__, self.parts)))


@dataclass(frozen=True, slots=True, eq=True)
class AllOf(_Compound):
    """Every part holds. Built by `all_of` only."""

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True, eq=True)
class AnyOf(_Compound):
    """Some part holds. Built by `any_of` only."""

    def __hash__(self) -> int:
        return self._hash


Formula = Constant | Unknown | KeyTest | AllOf | AnyOf


def constant(value: bool) -> Constant:
    """A truth value as a formula."""
    return TRUE if value else FALSE


def all_of(*formulas: Formula) -> Formula:
    """The conjunction, flattened, without repeated parts; FALSE where two tests are opposites."""
    return _combine(formulas, AllOf, FALSE, TRUE)


def any_of(*formulas: Formula) -> Formula:
    """The disjunction, flattened, without repeated parts; TRUE where two tests are opposites."""
    return _combine(formulas, AnyOf, TRUE, FALSE)


def _combine(
    formulas: Iterable[Formula], kind: type[AllOf] | type[AnyOf], absorbing: Constant, neutral: Constant
) -> Formula:
    open_ones: list[Formula] = []
    for formula in formulas:
        if not isinstance(formula, Constant):
            open_ones.append(formula)
        elif formula.value is absorbing.value:
            return absorbing
    if len(open_ones) < 2:
        return open_ones[0] if open_ones else neutral
    parts: dict[Formula, None] = {}
    for formula in open_ones:
        if isinstance(formula, kind):
            parts.update(dict.fromkeys(formula.parts))
        else:
            parts[formula] = None
    if any(isinstance(part, KeyTest) and part.opposite() in parts for part in parts):
        return absorbing
    if len(parts) == 1:
        return next(iter(parts))
    other = AnyOf if kind is AllOf else AllOf
    kept = tuple(
        part
        for part in parts
        if not (isinstance(part, other) and any(inner in parts for inner in part.parts))
    )
    return kept[0] if len(kept) == 1 else kind(kept)


def negate(formula: Formula) -> Formula:
    """The formula that is true exactly where this one is false; an unknown stays unknown."""
    if isinstance(formula, Constant):
        return constant(not formula.value)
    return _negated(formula)


@lru_cache(maxsize=1 << 15)
def _negated(formula: Unknown | KeyTest | AllOf | AnyOf) -> Formula:
    match formula:
        case Unknown():
            return formula
        case KeyTest():
            return formula.opposite()
        case AllOf(parts):
            return any_of(*map(negate, parts))
        case AnyOf(parts):
            return all_of(*map(negate, parts))


Truth = bool | None
"""Three-valued: None is unknown (COND-50)."""


def truth(formula: Formula, of_test: Callable[[KeyTest], Truth]) -> Truth:
    """The formula's truth in Kleene's logic, where `of_test` gives each test's truth (COND-50)."""
    match formula:
        case Constant(value):
            return value
        case Unknown():
            return None
        case KeyTest():
            return of_test(formula)
        case AllOf(parts):
            truths = [truth(part, of_test) for part in parts]
            return False if False in truths else None if None in truths else True
        case AnyOf(parts):
            truths = [truth(part, of_test) for part in parts]
            return True if True in truths else None if None in truths else False


T = TypeVar("T")


def rewrite(formula: Formula, of_leaf: Callable[[KeyTest | Unknown], Formula]) -> Formula:
    """The formula with every test and unknown replaced by what `of_leaf` gives for it."""
    match formula:
        case Constant():
            return formula
        case Unknown() | KeyTest():
            return of_leaf(formula)
        case AllOf(parts):
            return all_of(*(rewrite(part, of_leaf) for part in parts))
        case AnyOf(parts):
            return any_of(*(rewrite(part, of_leaf) for part in parts))


def leaves(formula: Formula) -> Iterator[KeyTest | Unknown]:
    """Every test and unknown in it, in order, repeated where they occur again."""
    match formula:
        case Constant():
            return
        case Unknown() | KeyTest():
            yield formula
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)


def unknowns(formula: Formula) -> tuple[str, ...]:
    """The reasons of the unknowns in it, each once, in order."""
    return tuple(dict.fromkeys(leaf.reason for leaf in leaves(formula) if isinstance(leaf, Unknown)))


def present(key: str) -> KeyTest:
    """The key is in the request context with a value that is not null (COND-30)."""
    return KeyTest(key.lower(), Quantifier.SOME, AnyValueTest(), negated=False, if_absent=False)


def one(key: str, value: ValueTest) -> KeyTest:
    """The key is present and its value passes; what a positive plain operator says."""
    return KeyTest(key.lower(), Quantifier.ONE, value, negated=False, if_absent=False)
