"""How sessions of a role come to be: the chains of hops that end in it, short ones first. Source: TERM-8, STS-12."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.world import World

LONGEST = 4
"""Hops before a role that are looked at."""
MOST = 60
"""Chains that are looked at for one role, of those that differ in what counts."""
_MOST_ALIKE = 2_000
"""Chains in all."""
BUDGET = 12_000
"""Chains that are looked at for all routes of a world; after that, fewer for each: the work stays bounded."""
SHORT, FEW = 1, 8
"""Hops before a role, and chains, that are looked at when the budget is spent."""


@dataclass(slots=True)
class Prefixes:
    """Chains of hops that start sessions of the role, the shortest first; none where no graph is built yet.

    `may_lead`: whether the chain can be part of a longer one that is wanted; where not, none is looked at.
    `alike`: what counts of a hop; of chains whose hops are alike, one is given. Chains that come to no role
    twice are given first. `all_seen` is False once some of those were left out.
    """

    world: World
    role: str
    may_lead: Callable[[tuple[Hop, ...]], bool]
    alike: Callable[[Hop], Hashable]
    all_seen: bool = True
    _looked_at: int = 0
    _leads: dict[Hashable, bool] = field(default_factory=dict)
    _followed: set[Hashable] = field(default_factory=set)
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
                self._looked_at += 1
                spent = self.world.chains_looked_at > BUDGET
                self.world.chains_looked_at += 1
                kind = tuple(map(self.alike, chain))
                is_new = kind not in self._leads
                too_many = len(self._leads) >= (FEW if spent else MOST) and is_new
                too_long = len(chain) > (SHORT if spent else LONGEST)
                if too_many or too_long or self._looked_at > _MOST_ALIKE:
                    self.all_seen = self.all_seen and most_times > 1
                    return
                if is_new:
                    self._leads[kind] = chain[0].source in self.world.role_nodes and self.may_lead(chain)
                    yield chain
                if not self._leads[kind] or (most_times, chain[0].source, kind) in self._followed:
                    continue
                self._followed.add((most_times, chain[0].source, kind))
                for hop in graph.hops_to(chain[0].source):
                    times = [hop.source, *(each.target for each in chain)].count(hop.source)
                    if times <= most_times:
                        following.append((hop, *chain))
                    elif times == 2:
                        self._again.append((hop, *chain))
            border = sorted(following, key=len)
