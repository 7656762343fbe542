"""What has changed between two snapshots: routes that opened, closed, or are open under another condition.

A route is the same where its id is: the same kinds of hops between the same ends, to the same resources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.graph.hop import Evidence
from pathfinder.graph.world import World
from pathfinder.routes.names import UnknownNameError
from pathfinder.routes.route import Found, Query, Route
from pathfinder.routes.search import find_routes, graph_of


@dataclass(frozen=True, slots=True)
class Change:
    """A route that both snapshots have. `differs`: in what, of ASPECTS."""

    before: Route
    after: Route
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The answer. `same`: how many routes have not changed. `notes`: why a route may have opened or closed that
    nobody touched: an account that one snapshot alone holds.
    """

    query: Query
    opened: tuple[Route, ...]
    closed: tuple[Route, ...]
    changed: tuple[Change, ...]
    same: int
    before: Found
    after: Found
    notes: tuple[str, ...] = ()


ASPECTS = ("condition", "actions", "guardrails", "certainty", "evidence")
"""`guardrails`: whose SCPs and RCPs bind it; `certainty`: its gaps; `evidence`: the statements that decide."""


def diff(old: World, new: World, query: Query) -> Difference:
    """Compare the routes of a query. A name may be known to one of the snapshots alone. Raises UnknownNameError."""
    before, after = _both(old, new, query)
    were, are = _by_id(before), _by_id(after)
    pairs = [(were[key], route) for key, route in are.items() if key in were]
    changed = tuple(
        Change(one, other, differs) for one, other in pairs if (differs := tuple(_differing(one, other)))
    )
    return Difference(
        query,
        tuple(route for key, route in are.items() if key not in were),
        tuple(route for key, route in were.items() if key not in are),
        changed,
        len(pairs) - len(changed),
        before,
        after,
        tuple(_notes(old, new)),
    )


def _both(old: World, new: World, query: Query) -> tuple[Found, Found]:
    found = [_asked(world, query) for world in (old, new)]
    before, after = found
    if isinstance(before, UnknownNameError) and isinstance(after, UnknownNameError):
        raise after
    empty = [
        Found(query, (), tuple(graph_of(world).gaps), world.account_names)
        if isinstance(each, Exception)
        else each
        for world, each in zip((old, new), found, strict=True)
    ]
    return empty[0], empty[1]


def _asked(world: World, query: Query) -> Found | UnknownNameError:
    """The routes, or why there are none: what the query names is not in this snapshot."""
    try:
        return find_routes(world, query)
    except UnknownNameError as error:
        return error


def _by_id(found: Found) -> dict[tuple[str, int], Route]:
    """The routes by id, and by number where several have the same."""
    seen: Counter[str] = Counter()
    routes: dict[tuple[str, int], Route] = {}
    for route in found.routes:
        routes[route.id, seen[route.id]] = route
        seen[route.id] += 1
    return routes


def _differing(before: Route, after: Route) -> Iterator[str]:
    for aspect in ASPECTS:
        if _of(before, aspect) != _of(after, aspect):
            yield aspect


def _of(route: Route, aspect: str) -> object:
    match aspect:
        case "condition":
            return tuple(hop.condition for hop in route.hops)
        case "actions":
            return route.access.actions
        case "guardrails":
            return route.scp_account, route.rcp_account
        case "certainty":
            return frozenset(route.gaps)
        case _:
            return tuple(frozenset(map(_identity, hop.evidence)) for hop in route.hops)


def _identity(evidence: Evidence) -> tuple[str | None, ...]:
    """Which statement it is, whatever it says of the condition."""
    return (
        evidence.side,
        evidence.source,
        evidence.policy,
        evidence.attached_to,
        evidence.statement,
        evidence.effect,
    )


def _notes(old: World, new: World) -> Iterator[str]:
    for account in sorted(old.accounts.keys() - new.accounts.keys()):
        yield f"account {account} is in the old snapshot alone: its routes may still be open"
    for account in sorted(new.accounts.keys() - old.accounts.keys()):
        yield f"account {account} is in the new snapshot alone: its routes may have been open before"
