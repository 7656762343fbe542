"""pathfinder from Python: load a snapshot, find its routes, take them away as rows or as a graph.

What is wrong with the input raises InputError, what is wrong with the question UnknownNameError or AssumptionError;
their messages are the lines that the command prints.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from pathfinder.conditions.assumptions import AssumptionError, read_assumptions
from pathfinder.graph.assumptions import assumptions_of
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.report.csv_ import route_rows
from pathfinder.routes import search
from pathfinder.routes.names import UnknownNameError
from pathfinder.routes.route import Found, Query, Route
from pathfinder.snapshot import read
from pathfinder.snapshot.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "AssumptionError",
    "InputError",
    "Route",
    "Routes",
    "UnknownNameError",
    "find_routes",
    "load",
    "to_networkx",
]


def load(
    snapshot: str | os.PathLike[str],
    *,
    assume: Iterable[str] = (),
    network: Iterable[str] = (),
    escalations: bool = False,
    skip_invalid: bool = False,
) -> World:
    """A snapshot, ready to be asked: whatever `pathfinder routes` takes as SNAPSHOT, with the same options.

    Raises InputError and AssumptionError.

    Examples:
        >>> load("samples/ec2-to-s3")
        <World: 3 accounts, 2 roles, 1 user, 3 buckets>
    """
    keys = read_assumptions(tuple(assume))
    held = read.load(snapshot, skip_invalid=skip_invalid)
    return World(held, assumptions_of(held, keys, tuple(network)), escalations=escalations)


def find_routes(
    world: World,
    *,
    from_: str | Iterable[str] = (),
    to: str | Iterable[str] = (),
    action: str | Iterable[str] = (),
    cross_account: bool = False,
    max_hops: int = 5,
) -> Routes:
    """Every route, narrowed as by the options of `pathfinder routes`. Raises UnknownNameError.

    Examples:
        >>> routes = find_routes(load("samples/ec2-to-s3"), from_="log-sender", to="my-bucket")
        >>> routes
        <1 route, 0 gaps>
        >>> routes[0]
        <Route ad06dc744632: log-sender → EC2Role → my-bucket, by bucket policy>
        >>> routes.to_rows()[0]["words"]
        'read, write, list'
    """
    query = Query(_texts(from_), _texts(to), _texts(action), cross_account, max_hops, world.escalations)
    return Routes(search.find_routes(world, query))


def to_networkx(world: World) -> nx.MultiDiGraph[str]:
    """The graph that routes are found in: node ids, and a `Hop` under the attribute `hop` of each edge.

    Examples:
        >>> to_networkx(load("samples/ec2-to-s3")).number_of_nodes()
        12
    """
    return search.graph_of(world).network


class Routes(Sequence[Route]):
    """Routes in the order of the command's table, with what may be missing from them."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read or decided."""
        return self.found.gaps

    @property
    def blocked(self) -> tuple[Route, ...]:
        """What would be routes but for a key that the caller may not use."""
        return self.found.blocked

    def to_rows(self) -> list[dict[str, object]]:
        """A dictionary for each route, with the columns of the CSV output: made for pandas and polars."""
        return [
            {**row, "cross_account": route.cross_account}
            for row, route in zip(route_rows(self.found), self.found.routes, strict=True)
        ]

    @overload
    def __getitem__(self, place: int) -> Route: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Route, ...]: ...
    def __getitem__(self, place: int | slice) -> Route | tuple[Route, ...]:
        return self.found.routes[place]

    def __len__(self) -> int:
        return len(self.found.routes)

    def __iter__(self) -> Iterator[Route]:
        return iter(self.found.routes)

    def __repr__(self) -> str:
        return f"<{_counted(len(self), 'route')}, {_counted(len(self.gaps), 'gap')}>"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _texts(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
