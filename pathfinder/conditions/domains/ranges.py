"""Sets of numbers as ranges. Used for decimals, instants and addresses alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from pathfinder.logic.values import Comparison

Cut = tuple[Decimal | int, int]
"""A place between numbers: just before (0) or just after (1) a number."""

LOWEST: Cut = (Decimal("-Infinity"), 1)
HIGHEST: Cut = (Decimal("Infinity"), 0)


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of numbers: disjoint ranges between two cuts, in order."""

    parts: tuple[tuple[Cut, Cut], ...]

    def __contains__(self, number: Decimal | int) -> bool:
        return any(low <= (number, 0) and (number, 1) <= high for low, high in self.parts)

    def __and__(self, other: Ranges) -> Ranges:
        return ranges(
            (max(low, other_low), min(high, other_high))
            for low, high in self.parts
            for other_low, other_high in other.parts
        )

    def __or__(self, other: Ranges) -> Ranges:
        return ranges((*self.parts, *other.parts))

    def __invert__(self) -> Ranges:
        cuts = [LOWEST, *(cut for part in self.parts for cut in part), HIGHEST]
        return ranges(zip(cuts[::2], cuts[1::2], strict=True))


def ranges(parts: Iterable[tuple[Cut, Cut]]) -> Ranges:
    """The numbers in any of these ranges."""
    merged: list[tuple[Cut, Cut]] = []
    for low, high in sorted(part for part in parts if part[0] < part[1]):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return Ranges(tuple(merged))


NOTHING = Ranges(())
ALL = Ranges(((LOWEST, HIGHEST),))


def between(low: Decimal | int, high: Decimal | int) -> Ranges:
    """The numbers from `low` to `high`, both included."""
    return ranges([((low, 0), (high, 1))])


def compared(comparison: Comparison, values: Iterable[Decimal]) -> Ranges:
    """The numbers that compare so with one of the values."""
    found: list[tuple[Cut, Cut]] = []
    for value in values:
        match comparison:
            case Comparison.EQUAL:
                found.append(((value, 0), (value, 1)))
            case Comparison.LESS:
                found.append((LOWEST, (value, 0)))
            case Comparison.LESS_OR_EQUAL:
                found.append((LOWEST, (value, 1)))
            case Comparison.GREATER:
                found.append(((value, 1), HIGHEST))
            case Comparison.GREATER_OR_EQUAL:
                found.append(((value, 0), HIGHEST))
    return ranges(found)


_GRAINS = (Decimal(1), Decimal("0.5"), Decimal("0.1"), Decimal("0.001"))


def whole(numbers: Ranges) -> Ranges:
    """The set without ranges in which no whole number lies."""
    return Ranges(tuple(part for part in numbers.parts if _has_whole(*part)))


def _has_whole(low: Cut, high: Cut) -> bool:
    if low == LOWEST or high == HIGHEST:
        return True
    least = Decimal(low[0]).to_integral_value(ROUND_CEILING)
    if low[1] and least == low[0]:
        least += 1
    return (least, 1) <= high


def readable(numbers: Ranges, grains: Iterable[Decimal] = _GRAINS) -> list[Decimal]:
    """Some numbers of the set, at least one of each range where a multiple of the finest grain lies in it."""
    found: list[Decimal] = []
    grains = tuple(grains)
    for low, high in numbers.parts:
        start, end = low[0], high[0]
        for grain in grains:
            near = Decimal(start if low != LOWEST else end if high != HIGHEST else 0)
            if abs(near / grain) > 10**25:
                continue
            whole = (near / grain).to_integral_value() * grain
            around = [whole + step * grain for step in (0, 1, -1, 2, -2)]
            fitting = [number for number in around if low <= (number, 0) and (number, 1) <= high]
            if fitting:
                found.extend(fitting)
                break
        else:
            if (
                low != LOWEST
                and high != HIGHEST
                and (middle := (Decimal(start) + Decimal(end)) / 2) in numbers
            ):
                found.append(middle)
    return found
