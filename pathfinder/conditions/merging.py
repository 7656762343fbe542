"""Tests on one key as one test: `is a` or `is b` is `is a or b`; the values of a test taken apart and joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from pathfinder.logic.formula import AllOf, AnyOf, Formula, KeyTest, Quantifier
from pathfinder.logic.values import (
    AddressTest,
    AnyValueTest,
    ArnTest,
    BinaryTest,
    BoolTest,
    Comparison,
    DateTest,
    Network,
    NumberTest,
    StringTest,
    ValueTest,
)


def alternatives(test: ValueTest) -> tuple[ValueTest, ...]:
    """Tests with one value each that pass together what this one passes."""
    match test:
        case StringTest(patterns, ignore_case):
            return tuple(StringTest((pattern,), ignore_case) for pattern in patterns)
        case ArnTest(patterns):
            return tuple(ArnTest((pattern,)) for pattern in patterns)
        case NumberTest(comparison, values):
            return tuple(NumberTest(comparison, (value,)) for value in values)
        case DateTest(comparison, values):
            return tuple(DateTest(comparison, (value,)) for value in values)
        case AddressTest(networks):
            return tuple(AddressTest((network,)) for network in networks)
        case BinaryTest(values):
            return tuple(BinaryTest((value,)) for value in values)
        case BoolTest() | AnyValueTest():
            return (test,)


def union(one: ValueTest, other: ValueTest) -> ValueTest | None:
    """One test that passes what either passes, or None where no test does."""
    match one, other:
        case StringTest(), StringTest() if one.ignore_case is other.ignore_case:
            return StringTest(_joined(one.patterns, other.patterns), one.ignore_case)
        case ArnTest(), ArnTest():
            return ArnTest(_joined(one.patterns, other.patterns))
        case NumberTest(), NumberTest() if one.comparison is other.comparison:
            return NumberTest(one.comparison, _joined(one.values, other.values))
        case DateTest(), DateTest() if one.comparison is other.comparison:
            return DateTest(one.comparison, _joined(one.values, other.values))
        case AddressTest(), AddressTest():
            return AddressTest(_joined(one.networks, other.networks))
        case BinaryTest(), BinaryTest():
            return BinaryTest(_joined(one.values, other.values))
        case BoolTest(), BoolTest():
            return BoolTest(one.values | other.values, _joined(one.patterns, other.patterns))
        case _:
            return None


def _joined(one: tuple, other: tuple) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys((*one, *other)))


@lru_cache(maxsize=1 << 14)
def tidy(test: ValueTest) -> ValueTest:
    """The same test without repeated values: networks joined, of an order the loosest value (COND-68)."""
    match test:
        case StringTest(patterns, ignore_case):
            everything = [pattern for pattern in patterns if pattern.matches_all]
            return StringTest(tuple(everything[:1] or dict.fromkeys(patterns)), ignore_case)
        case ArnTest(patterns):
            return ArnTest(tuple(dict.fromkeys(patterns)))
        case NumberTest(comparison, values):
            return NumberTest(comparison, _loosest(comparison, values))
        case DateTest(comparison, values):
            return DateTest(comparison, _loosest(comparison, values))
        case AddressTest(networks):
            return AddressTest(_collapsed(networks))
        case BinaryTest(values):
            return BinaryTest(tuple(dict.fromkeys(values)))
        case BoolTest() | AnyValueTest():
            return test


def _loosest(comparison: Comparison, values: tuple) -> tuple:  # type: ignore[type-arg]
    match comparison:
        case Comparison.EQUAL:
            return tuple(dict.fromkeys(values))
        case Comparison.LESS | Comparison.LESS_OR_EQUAL:
            return (max(values),) if values else ()
        case Comparison.GREATER | Comparison.GREATER_OR_EQUAL:
            return (min(values),) if values else ()


def _collapsed(networks: Iterable[Network]) -> tuple[Network, ...]:
    found = tuple(networks)
    four = tuple(collapse_addresses(n for n in found if isinstance(n, IPv4Network)))
    six = tuple(collapse_addresses(n for n in found if isinstance(n, IPv6Network)))
    return found if len(four) + len(six) == len(set(found)) == len(found) else (*four, *six)


def tidy_test(test: KeyTest) -> KeyTest:
    """The test with its values tidied."""
    value = tidy(test.value)
    return test if value == test.value else replace(test, value=value)


def merge(parts: Iterable[Formula], kind: type[AllOf] | type[AnyOf]) -> list[Formula]:
    """The parts of a conjunction or disjunction, with tests on the same key joined where one test says both.

    "Some value is a" or "some value is b" is "some value is a or b"; "no value is a" and "no value is b" is
    "no value is a or b".
    """
    merged: list[Formula] = []
    for part in parts:
        if isinstance(part, KeyTest):
            for index, earlier in enumerate(merged):
                joined = _join(earlier, part, kind) if isinstance(earlier, KeyTest) else None
                if joined is not None:
                    merged[index] = joined
                    break
            else:
                merged.append(part)
        else:
            merged.append(part)
    return merged


def _join(one: KeyTest, other: KeyTest, kind: type[AllOf] | type[AnyOf]) -> KeyTest | None:
    if (one.key, one.quantifier, one.negated) != (other.key, other.quantifier, other.negated):
        return None
    alone = Quantifier.SOME if kind is AnyOf else Quantifier.EVERY
    if one.negated is (kind is AnyOf) or one.quantifier not in (Quantifier.ONE, alone):
        return None
    value = union(one.value, other.value)
    if value is None:
        return None
    if kind is AnyOf:
        absent = one.if_absent or other.if_absent
        many = True if True in (one.if_many, other.if_many) else _both(one.if_many, other.if_many)
    else:
        absent = one.if_absent and other.if_absent
        many = False if False in (one.if_many, other.if_many) else _both(one.if_many, other.if_many)
    return KeyTest(one.key, one.quantifier, tidy(value), one.negated, absent, many)


def _both(one: bool | None, other: bool | None) -> bool | None:
    return one if one is other else None
