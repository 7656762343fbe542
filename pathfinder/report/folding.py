"""Folding: routes of principals that cannot be told apart become one row, with their count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pathfinder.graph.node import Node
from pathfinder.routes.route import Route


@dataclass(frozen=True, slots=True)
class Row:
    """Routes shown as one. `number`: the first route's place in the listing without folding, from 1."""

    number: int
    routes: tuple[Route, ...]

    @property
    def first(self) -> Route:
        """The route that stands for all."""
        return self.routes[0]

    @property
    def starts(self) -> tuple[Node, ...]:
        """Where they start."""
        return tuple(route.start for route in self.routes)


def rows_of(routes: Iterable[Route], *, fold: bool) -> Sequence[Row]:
    """The routes as rows, in order; with `fold`, alike ones together at the place of the first."""
    if not fold:
        return [Row(number, (route,)) for number, route in enumerate(routes, 1)]
    groups: dict[object, list[Route]] = {}
    numbers: dict[object, int] = {}
    for number, route in enumerate(routes, 1):
        likeness = _likeness(route)
        groups.setdefault(likeness, []).append(route)
        numbers.setdefault(likeness, number)
    return [Row(numbers[likeness], tuple(group)) for likeness, group in groups.items()]


def _likeness(route: Route) -> object:
    """What folded routes share: all but the name of the start, and which statements allow it."""
    start = route.start
    hops = tuple(
        (hop.kind, hop.condition, hop.actions, hop.resources, hop.except_, hop.via) for hop in route.hops
    )
    rest = tuple(node.id for node in route.nodes[1:])
    where = (route.design, route.scp_account, route.rcp_account, route.cross_account, bool(route.gaps))
    return (start.kind, start.account, start.external, rest, hops, where, route.vantages)
