"""Unique ids in policies that no identity of the snapshot has: a deleted one matches nobody (PRIN-8, PRIN-16)."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.outsiders import ids_in
from pathfinder.graph.principals import named_principals
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.policy.document import SomePolicy


def stale_ids(world: World, policies: tuple[SomePolicy, ...], place: str, what: str) -> Iterator[Gap]:
    """One gap for each id that policies name as principal, or in a condition on aws:userid."""
    named = {
        text
        for kind, text in named_principals(policies)
        if kind == "AWS" and ":" not in text and text.startswith(("AIDA", "AROA"))
    }
    for each in sorted((named | ids_in(policies)) - world.unique_ids):
        reason = (
            f"{what} names the unique id {each}, which no user or role of the snapshot has: "
            "that of a deleted one matches nobody, not even a namesake"
        )
        yield Gap(place, reason, (place,))
