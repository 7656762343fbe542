"""The Bool operator; variables are read in it (D-10). Source: evaluation.md COND-19."""

from __future__ import annotations

from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import BoolTest, read_bool
from pathfinder.policy.operators.registry import Reading, operator


@operator("Bool")
def equal(values: tuple[str, ...], variables: bool) -> Reading:
    """Both are `true` or `false` in any case, and equal."""
    patterns = [parse_pattern(value, wildcards=False, variables=variables) for value in values]
    read = [read_bool(pattern.literal) for pattern in patterns if pattern.literal is not None]
    return Reading(
        BoolTest(
            frozenset(value for value in read if value is not None),
            tuple(pattern for pattern in patterns if pattern.variables),
        ),
        bad=None in read,
    )
