"""Contexts of requests, each put together once: those of one caller hang on the action and few facts."""

from __future__ import annotations

from collections.abc import Callable

from pathfinder.graph.facts import ResourceFacts, request_context
from pathfinder.graph.principals import Actor
from pathfinder.graph.standing import Place
from pathfinder.policy.context import Context, KeyState

MOST_KEPT = 1 << 16
"""Contexts that are kept; then it is begun anew."""


class Contexts:
    """All contexts that were asked for, and what they were made of, which is held so that ids stay its own."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[Context, Actor, Place, ResourceFacts]] = {}

    def of(self, actor: Actor, place: Place, action: str, resource: ResourceFacts) -> Context:
        """The context of the actor's request; `place`: where the actor's account stands."""
        key = (
            id(actor),
            id(place),
            action,
            id(resource.place),
            # Most resources have no tags: their requests look the same.
            id(resource.tags) if resource.tags else None,
            id(resource.through),
            id(resource.unsure_tags),
            id(resource.object_tags),
        )
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            made = request_context(actor, place, action, resource)
            context = Context(made.states, _remembered(made.otherwise))
            known = self._known[key] = context, actor, place, resource
        return known[0]


def _remembered(otherwise: Callable[[str], KeyState]) -> Callable[[str], KeyState]:
    """The rule for all other keys, asked once for each."""
    known: dict[str, KeyState] = {}

    def state(key: str) -> KeyState:
        found = known.get(key)
        if found is None:
            found = known[key] = otherwise(key)
        return found

    return state
