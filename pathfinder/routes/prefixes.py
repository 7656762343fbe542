"""How sessions of a role come to be: the chains of hops that end in it, short ones first. Source: TERM-8, STS-12."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.world import World

LONGEST = 3
"""Hops before a role that are looked at."""
MOST = 200
"""Chains that are looked at for one role."""


def prefixes(world: World, role: str) -> Iterator[tuple[Hop, ...]]:
    """Chains of hops that start sessions of the role, the shortest first; none where no graph is built yet."""
    graph = world.graph
    if not isinstance(graph, Graph):
        return
    border: list[tuple[Hop, ...]] = [(hop,) for hop in graph.hops_to(role)]
    given = 0
    for _ in range(LONGEST):
        following: list[tuple[Hop, ...]] = []
        for chain in border:
            given += 1
            if given > MOST:
                return
            yield chain
            following.extend(
                (hop, *chain)
                for hop in graph.hops_to(chain[0].source)
                if hop.source not in {each.target for each in chain}
            )
        border = following
