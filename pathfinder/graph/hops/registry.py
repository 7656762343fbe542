"""The registry of hop kinds (design idea 5): a new kind is a new file with one decorated function."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from pathfinder.graph.hop import Hop
from pathfinder.graph.node import Node
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap


@dataclass(frozen=True, slots=True)
class Edge:
    """A hop with the two nodes that it joins."""

    source: Node
    target: Node
    hop: Hop


HopKind = Callable[[World], Iterator[Edge | Gap]]
"""All hops of one kind in a world, in a stable order, and what could not be decided about them."""

_REGISTRY: dict[str, HopKind] = {}
_LAST: set[str] = set()
_CARRIES_NOTHING: set[str] = set()


def hop_kind(name: str, *, last: bool = False, carries: bool = True) -> Callable[[HopKind], HopKind]:
    """Register a function as the hop kind of this name.

    `last`: it reaches data, so that routes end with it. `carries`: the call gives something of its own, or of the
    caller's session, to the session that it leads to.
    """

    def register(function: HopKind) -> HopKind:
        _REGISTRY[name] = function
        if last:
            _LAST.add(name)
        if not carries:
            _CARRIES_NOTHING.add(name)
        return function

    return register


def ends_route(kind: str) -> bool:
    """Whether hops of this kind reach data, so that they end routes; all others lead to another principal."""
    hop_kinds()
    return kind in _LAST


def starts_carrying_session(kind: str) -> bool:
    """Whether the call starts a session that carries what it passes and what the caller's session hands on."""
    return not ends_route(kind) and kind not in _CARRIES_NOTHING


@cache
def hop_kinds() -> dict[str, HopKind]:
    """All hop kinds by name, sorted."""
    package = importlib.import_module("pathfinder.graph.hops")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTRY.items()))
