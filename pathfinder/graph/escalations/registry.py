"""The registry of escalations: a family of rules is one file in `rows`, with decorated functions.

Those of the first phase say how principals change their own policies; what they then are may take the second. Those
of the third go on from what the second has found.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pathfinder.graph.changes import Change
from pathfinder.graph.escalations.holders import Holders
from pathfinder.graph.escalations.merging import Way
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What escalations are found in: a world, who comes in question, and the hops that are open as it is.

    `changed`: principals as they are once they have changed their own policies; `changed_only`: nobody else is
    asked about. `administrators`: by account, the node ids of all who may do anything there (ESC-99). `delivered`:
    the ways to run something as a role that were found, as they are found; `rewritten`: likewise, who rewrote a bucket
    policy, and what it then is; `entered`: who assumes which role, whatever the requests look like, after which call
    that has widened it.
    """

    world: World
    holders: Holders
    plain: Mapping[str, Sequence[Hop]]
    changed: list[Change] = field(default_factory=list)
    changed_only: bool = False
    administrators: dict[str, frozenset[str]] = field(default_factory=dict)
    delivered: list[Way] = field(default_factory=list)
    rewritten: list[tuple[Actor, Change]] = field(default_factory=list)
    entered: set[tuple[str, ...]] = field(default_factory=set)

    def sources(self, action: str, account: str, *, each_administrator: bool = False) -> Iterator[Actor]:
        """Who may be allowed the action in the account: principals, and what they are after a change of their own.

        Administrators are left out, unless it matters who they are: their node stands for them.
        """
        left_out = frozenset[str]() if each_administrator else self.administrators.get(account, frozenset())
        for actor in () if self.changed_only else self.holders.of(action, account):
            if actor.node.id not in left_out:
                yield actor
        for change in self.changed:
            inside = change.base.account == account and change.actor.node.id not in left_out
            if inside and self.holders.may(change.actor, action):
                yield change.actor

    def administrator(self, account: str) -> tuple[Actor, ...]:
        """The node that stands for all administrators of the account, if there are any."""
        if account not in self.administrators:
            return ()
        return (self.world.changes[f"administrators of {account}"].actor,)


EscalationKind = Callable[[Scene], Iterator[Edge | Gap]]
"""All hops of a family in a world, in a stable order, and what could not be decided about them."""


@dataclass(frozen=True, slots=True)
class _Entry:
    phase: int
    function: EscalationKind


_REGISTRY: dict[str, _Entry] = {}


def escalation(name: str, *, phase: int = 2) -> Callable[[EscalationKind], EscalationKind]:
    """Register a function as the family of this name."""

    def register(function: EscalationKind) -> EscalationKind:
        _REGISTRY[name] = _Entry(phase, function)
        return function

    return register


@cache
def modules() -> tuple[object, ...]:
    """The modules in `rows`, by name."""
    package = importlib.import_module("pathfinder.graph.escalations.rows")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(importlib.import_module(f"{package.__name__}.{name}") for name in names)


def escalations(phase: int) -> dict[str, EscalationKind]:
    """The families of a phase by name, sorted."""
    modules()
    return {name: each.function for name, each in sorted(_REGISTRY.items()) if each.phase == phase}
