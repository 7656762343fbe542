"""String operators. Source: evaluation.md COND-10 to COND-14, COND-36."""

from __future__ import annotations

from pathfinder.logic.patterns import Pattern, parse_pattern
from pathfinder.logic.values import StringTest
from pathfinder.policy.operators.registry import Reading, operator


@operator("StringEquals")
@operator("StringNotEquals", negated=True)
def equal(values: tuple[str, ...], variables: bool) -> Reading:
    """Equal in every character; `*` and `?` are plain text."""
    return Reading(StringTest(_patterns(values, variables, wildcards=False)))


@operator("StringEqualsIgnoreCase")
@operator("StringNotEqualsIgnoreCase", negated=True)
def equal_ignoring_case(values: tuple[str, ...], variables: bool) -> Reading:
    """Equal after simple lower-casing (COND-12)."""
    return Reading(StringTest(_patterns(values, variables, wildcards=False), ignore_case=True))


@operator("StringLike")
@operator("StringNotLike", negated=True)
def like(values: tuple[str, ...], variables: bool) -> Reading:
    """Matches over the whole text; `*` spans everything (COND-13)."""
    return Reading(StringTest(_patterns(values, variables, wildcards=True)))


def _patterns(values: tuple[str, ...], variables: bool, *, wildcards: bool) -> tuple[Pattern, ...]:
    return tuple(parse_pattern(value, wildcards=wildcards, variables=variables) for value in values)
