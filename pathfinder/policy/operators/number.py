"""Numeric operators. Source: evaluation.md COND-15, COND-16."""

from __future__ import annotations

from pathfinder.logic.values import Comparison, NumberTest, read_number
from pathfinder.policy.operators.registry import Reader, Reading, operator


def _reader(comparison: Comparison) -> Reader:
    def read(values: tuple[str, ...], _variables: bool) -> Reading:
        numbers = [read_number(value) for value in values]
        return Reading(NumberTest(comparison, tuple(n for n in numbers if n is not None)), None in numbers)

    return read


operator("NumericEquals")(_reader(Comparison.EQUAL))
operator("NumericNotEquals", negated=True)(_reader(Comparison.EQUAL))
operator("NumericLessThan")(_reader(Comparison.LESS))
operator("NumericLessThanEquals")(_reader(Comparison.LESS_OR_EQUAL))
operator("NumericGreaterThan")(_reader(Comparison.GREATER))
operator("NumericGreaterThanEquals")(_reader(Comparison.GREATER_OR_EQUAL))
