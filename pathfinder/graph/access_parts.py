"""The resources that a condition opens, apart from the rest of it: a bucket, or objects by their keys.

Source: evaluation.md 8.1, S3-4; design idea 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pathfinder.authorization.decision import Decision, Layer, LayerKind
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.scope import split_by_object
from pathfinder.conditions.solve import Unsatisfiable, solve
from pathfinder.graph.calls import Call
from pathfinder.logic.formula import TRUE, Formula, all_of
from pathfinder.model.resources import Bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY


@dataclass(frozen=True, slots=True)
class Part:
    """Resources that are open under one condition; `scope` says the same of the object key."""

    resources: tuple[str, ...]
    except_: tuple[str, ...]
    condition: Formula
    scope: Formula


def parts_of(bucket: Bucket, allowed: Formula, facts: Facts, *, objects: bool) -> Iterator[Part]:
    """The resources that a condition speaks of, apart from the rest of it."""
    if not objects:
        yield Part((str(bucket.arn),), (), allowed, TRUE)
        return
    for part in split_by_object(allowed, facts):
        yield Part(
            tuple(sorted(f"{bucket.arn}/{pattern}" for pattern in part.patterns)),
            tuple(sorted(f"{bucket.arn}/{pattern}" for pattern in part.exceptions)),
            part.condition,
            all_of(
                open_text(OBJECT_KEY, part.patterns), open_text(OBJECT_KEY, part.exceptions, negated=True)
            ),
        )


def object_parts(
    bucket: Bucket, allowed: Formula, facts: Facts
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Formula, Formula]]:
    """The objects that a condition opens, those taken out of them, the rest of it, and what it says of the key."""
    for part in parts_of(bucket, allowed, facts, objects=True):
        yield part.resources, part.except_, part.condition, part.scope


def about(call: Call, part: Part, facts: Facts) -> tuple[Decision, ...]:
    """The call's decisions without the ACLs of other objects than the part's: there may be one for each object."""
    return tuple(_about_part(decision, part, facts) for decision in call.decisions)


def _about_part(decision: Decision, part: Part, facts: Facts) -> Decision:
    if part.scope == TRUE or all(layer.kind is not LayerKind.ACL for layer in decision.layers):
        return decision

    def kept(layer: Layer) -> Layer:
        if layer.kind is not LayerKind.ACL:
            return layer
        matches = tuple(
            each
            for each in layer.matches
            if not isinstance(solve(all_of(each.condition, part.scope), facts), Unsatisfiable)
        )
        return replace(layer, matches=matches)

    return replace(decision, layers=tuple(map(kept, decision.layers)))
