"""One key: values that make some tests on it true, or the proof that there are none.

A key is absent, or has one value, several, or none at all. Each is a case of its own (COND-37 to COND-47).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pathfinder.conditions.key_domain import KeyDomain
from pathfinder.conditions.one_value import (
    NOT_NULL,
    Literal,
    Literals,
    UndecidedError,
    belongs,
    differs,
    find_text,
)
from pathfinder.logic.formula import KeyTest, Quantifier

KeyTests = frozenset[KeyTest]

SEVERAL = "a key with several values is compared without a set operator (D-19)"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Values that make all tests true; None: the key is absent."""

    values: tuple[str, ...] | None


@lru_cache(maxsize=1 << 16)
def choose(tests: KeyTests, domain: KeyDomain) -> Chosen | None:
    """Values of a key that make all tests true, the plainest first; None: there are none.

    The tests hold no variables. Raises UndecidedError.
    """
    undecided: UndecidedError | None = None
    for case in (absent, one_value, several_values, no_values):
        try:
            found = case(tests, domain)
        except UndecidedError as error:
            undecided = undecided or error
            continue
        if found is not None:
            return found
    if undecided is not None:
        raise undecided
    return None


def absent(tests: KeyTests, domain: KeyDomain) -> Chosen | None:
    """The key is not there."""
    if domain.always_present or not all(test.if_absent for test in tests):
        return None
    return Chosen(None)


def one_value(tests: KeyTests, domain: KeyDomain) -> Chosen | None:
    """The key has one value. The empty text is null for set operators, which is a case apart (D-12)."""
    found = find_text(literals_of(tests, Quantifier.ONE, Quantifier.SOME, Quantifier.EVERY), domain)
    if found is not None and _all_hold(tests, (found,)):
        return Chosen((found,))
    if domain.null and belongs("", domain) and _all_hold(tests, ("",)):
        return Chosen(("",))
    if found is None:
        return None
    text = find_text(literals_of(tests, *Quantifier) | {NOT_NULL}, domain)
    return None if text is None else Chosen((text,))


def several_values(tests: KeyTests, domain: KeyDomain) -> Chosen | None:
    """The key has at least two values: one for each ForAnyValue test, all fit every ForAllValues test."""
    if not domain.multivalued:
        return None
    alone = [test for test in tests if test.quantifier is Quantifier.ONE]
    if any(test.if_many is False for test in alone):
        return None
    of_all = literals_of(tests, Quantifier.EVERY) | {NOT_NULL}
    values: list[str] = []
    for test in sorted((t for t in tests if t.quantifier is Quantifier.SOME), key=str):
        literal = Literal(test.value, test.negated)
        if any(literal.fits(value) for value in values):
            continue
        value = find_text(of_all | {literal}, domain)
        if value is None:
            return None
        values.append(value)
    values.extend(_more(values, of_all, domain))
    if len(values) < 2:
        return None
    if any(test.if_many is None for test in alone):
        raise UndecidedError(SEVERAL)
    return Chosen(tuple(sorted(values)))


def _more(values: list[str], of_all: Literals, domain: KeyDomain) -> Iterator[str]:
    """Further values until there are two."""
    found = list(values)
    while len(found) < 2:
        from_others = frozenset(differs(value) for value in found)
        value = find_text(of_all | from_others, domain)
        if value is None:
            if domain.null and belongs("", domain) and "" not in found:
                yield ""
            return
        found.append(value)
        yield value


def no_values(tests: KeyTests, domain: KeyDomain) -> Chosen | None:
    """The key is there, without a value."""
    if not domain.multivalued or not domain.null:
        return None
    return Chosen(()) if _all_hold(tests, ()) else None


def literals_of(tests: Iterable[KeyTest], *quantifiers: Quantifier) -> Literals:
    """What the tests of these quantifiers say of a value that is not null."""
    return frozenset(Literal(test.value, test.negated) for test in tests if test.quantifier in quantifiers)


def _all_hold(tests: KeyTests, values: tuple[str, ...]) -> bool:
    return all(test.holds(values) for test in tests)
