"""What tests of hop kinds ask of a world."""

from __future__ import annotations

from typing import Any

from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.replay import decide_request, request_of_witness, session_at
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes


def hops_of(found: World, kind: str) -> list[Hop]:
    """The hops of a kind."""
    return [hop for each in Graph(found).hops_from.values() for hop in each if hop.kind == kind]


def routes_from(found: World, start: str) -> tuple[Route, ...]:
    """The routes from a start; none where the graph does not know it."""
    if start not in Graph(found).network:
        return ()
    return find_routes(found, Query(starts=(start,))).routes


def replays(found: World, hop: Hop) -> bool:
    """Whether the hop has witnesses, and the decision procedure allows all of them."""
    witnesses = [hop.witness, *hop.also]
    return all(
        each is not None
        and decide_request(found, request_of_witness(each), session=session_at(found, hop.source)).allowed
        == TRUE
        for each in witnesses
    )


def gaps_about(found: World, words: str) -> list[str]:
    """Places of the gaps whose reason holds the words."""
    return [gap.place for gap in Graph(found).gaps if words in gap.reason]


def equals(key: str, value: Any) -> dict[str, Any]:
    """A condition."""
    return {"StringEquals": {key: value}}
