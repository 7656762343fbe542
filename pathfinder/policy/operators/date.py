"""Date operators, on instants in seconds. Source: evaluation.md COND-17, COND-18, COND-32, D-17."""

from __future__ import annotations

from pathfinder.logic.values import Comparison, DateTest, read_date
from pathfinder.policy.operators.registry import Reader, Reading, operator


def _reader(comparison: Comparison) -> Reader:
    def read(values: tuple[str, ...], _variables: bool) -> Reading:
        instants = [read_date(value) for value in values]
        return Reading(DateTest(comparison, tuple(i for i in instants if i is not None)), None in instants)

    return read


operator("DateEquals")(_reader(Comparison.EQUAL))
operator("DateNotEquals", negated=True)(_reader(Comparison.EQUAL))
operator("DateLessThan")(_reader(Comparison.LESS))
operator("DateLessThanEquals")(_reader(Comparison.LESS_OR_EQUAL))
operator("DateGreaterThan")(_reader(Comparison.GREATER))
operator("DateGreaterThanEquals")(_reader(Comparison.GREATER_OR_EQUAL))
