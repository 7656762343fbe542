"""Decisions in a context with keys of which it is not known whether they are there, such as a bucket's tags (S3-26)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from pathfinder.authorization.decision import Decision
from pathfinder.logic.formula import Formula, KeyTest, Unknown, all_of, any_of, rewrite, unknowns
from pathfinder.logic.values import variables_of
from pathfinder.policy.context import ABSENT, Context, KeyState, Unsure, Values

_MOST = 3
"""Reasons that are told apart: each doubles the decisions."""


def decided_either_way(decide: Callable[[Context], Decision], context: Context) -> Decision:
    """The decision where nobody chooses such keys: what holds with them and without is certain, the rest is unknown.

    Where the values are known that the keys would have, each reading is decided by itself.
    """
    found = nobody_chooses(decide(context), context)
    told = {*unknowns(found.allowed), *unknowns(found.denied)}
    by_reason: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, state in context.states.items():
        if isinstance(state, Unsure) and state.values is not None and state.reason in told:
            by_reason.setdefault(state.reason, {})[key] = state.values
    if not by_reason or len(by_reason) > _MOST:
        return found
    readings = []
    for there in product((True, False), repeat=len(by_reason)):
        states: dict[str, KeyState] = dict(context.states)
        for counts, keys in zip(there, by_reason.values(), strict=True):
            states.update((key, Values(values) if counts else ABSENT) for key, values in keys.items())
        reading = Context(states, context.otherwise)
        readings.append(nobody_chooses(decide(reading), reading))
    unknown = Unknown("; ".join(by_reason))
    return replace(
        found,
        allowed=_in_all([each.allowed for each in readings], unknown),
        denied=_in_all([each.denied for each in readings], unknown),
    )


def _in_all(readings: list[Formula], unknown: Unknown) -> Formula:
    if all(each == readings[0] for each in readings):
        return readings[0]
    return any_of(all_of(*readings), all_of(unknown, any_of(*readings)))


def nobody_chooses(decision: Decision, context: Context) -> Decision:
    """The decision with all that still hangs on a key unknown, where it is not known whether the key is there."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        keys = (
            (leaf.key, *(each.key for each in variables_of(leaf.value))) if isinstance(leaf, KeyTest) else ()
        )
        states = (context.state(key) for key in keys)
        return next((Unknown(each.reason) for each in states if isinstance(each, Unsure)), leaf)

    return replace(
        decision, allowed=rewrite(decision.allowed, of_leaf), denied=rewrite(decision.denied, of_leaf)
    )
