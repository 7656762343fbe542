"""ARN operators; Equals and Like are the same. Source: evaluation.md COND-23, COND-24, COND-34, D-18."""

from __future__ import annotations

from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import ArnTest
from pathfinder.policy.operators.registry import Reading, operator


@operator("ArnEquals")
@operator("ArnLike")
@operator("ArnNotEquals", negated=True)
@operator("ArnNotLike", negated=True)
def like(values: tuple[str, ...], variables: bool) -> Reading:
    """Six fields, each with its own wildcards; variables in the sixth alone (LANG-40)."""
    split = [value.split(":", 5) for value in values]
    arns = [fields for fields in split if len(fields) == 6 and parse_pattern(fields[0]).matches("arn")]
    patterns = []
    for one, two, three, four, five, six in arns:
        first = [parse_pattern(field, variables=False) for field in (one, two, three, four, five)]
        patterns.append(
            (first[0], first[1], first[2], first[3], first[4], parse_pattern(six, variables=variables))
        )
    return Reading(ArnTest(tuple(patterns)), bad=len(arns) < len(values))
