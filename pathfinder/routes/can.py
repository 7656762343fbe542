"""Everything in S3 that one principal reaches, directly and by routes; what it reaches unsigned stands with it."""

from __future__ import annotations

from pathfinder.graph.graph import Progress
from pathfinder.graph.world import World
from pathfinder.routes.names import matching_nodes
from pathfinder.routes.route import Found, Query
from pathfinder.routes.search import find_routes, graph_of


def can(world: World, principal: str, max_hops: int = 5, progress: Progress | None = None) -> Found:
    """The routes from one principal. Raises UnknownNameError where the text names none, or several."""
    nodes = matching_nodes(graph_of(world, progress), principal, several=False)
    return find_routes(
        world,
        Query(starts=tuple(node.id for node in nodes), max_hops=max_hops, escalations=world.escalations),
    )
