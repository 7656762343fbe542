"""The BinaryEquals operator. Source: evaluation.md COND-20."""

from __future__ import annotations

from pathfinder.logic.values import BinaryTest, read_binary
from pathfinder.policy.operators.registry import Reading, operator


@operator("BinaryEquals")
def equal(values: tuple[str, ...], _variables: bool) -> Reading:
    """Both decode to the same bytes."""
    decoded = [read_binary(value) for value in values]
    return Reading(BinaryTest(tuple(value for value in decoded if value is not None)), None in decoded)
