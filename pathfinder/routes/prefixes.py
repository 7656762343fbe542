"""How sessions of a role come to be: the chains of hops that end in it, short ones first. Source: TERM-8, STS-12."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.world import World

LONGEST = 4
"""Hops before a role that are looked at."""
MOST = 200
"""Chains that are looked at for one role."""


@dataclass(slots=True)
class Prefixes:
    """Chains of hops that start sessions of the role, the shortest first; none where no graph is built yet.

    `may_lead`: whether the chain can be part of a longer one that is wanted; where not, none is looked at.
    Chains that come to no role twice are given first. `all_seen` is False once some of those were left out.
    """

    world: World
    role: str
    may_lead: Callable[[tuple[Hop, ...]], bool]
    all_seen: bool = True
    _given: int = 0
    _again: list[tuple[Hop, ...]] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[Hop, ...]]:
        graph = self.world.graph
        if not isinstance(graph, Graph):
            return
        border: list[tuple[Hop, ...]] = [(hop,) for hop in graph.hops_to(self.role)]
        yield from self._from(graph, border, most_times=1)
        yield from self._from(graph, self._again, most_times=2)

    def _from(
        self, graph: Graph, border: list[tuple[Hop, ...]], most_times: int
    ) -> Iterator[tuple[Hop, ...]]:
        """These chains and what they become with more hops before, in which no role is come to more often."""
        while border:
            following: list[tuple[Hop, ...]] = []
            for chain in border:
                if self._given == MOST or len(chain) > LONGEST:
                    self.all_seen = self.all_seen and most_times > 1
                    return
                self._given += 1
                yield chain
                if chain[0].source not in self.world.roles or not self.may_lead(chain):
                    continue
                for hop in graph.hops_to(chain[0].source):
                    times = [hop.source, *(each.target for each in chain)].count(hop.source)
                    if times <= most_times:
                        following.append((hop, *chain))
                    elif times == 2:
                        self._again.append((hop, *chain))
            border = sorted(following, key=len)
