"""The Null operator: presence. Source: evaluation.md COND-30, D-12."""

from __future__ import annotations

from pathfinder.logic.values import BoolTest, read_bool
from pathfinder.policy.operators.registry import Reading, operator


@operator("Null")
def presence(values: tuple[str, ...], _variables: bool) -> Reading:
    """Which answers to "is the key absent or null?" are wanted."""
    read = [read_bool(value) for value in values]
    return Reading(BoolTest(frozenset(value for value in read if value is not None)), None in read)
