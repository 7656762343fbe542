"""Routes with escalations: for those who first change something. Source: evaluation.md STS-15, ESC-4, ESC-7, ESC-99.

Fewest changes first, then fewest hops. Each place is gone on from once, again only where less is asked for on the way;
what a start has anyway, or with fewer changes, is not shown again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pathfinder.graph.escalations.tail import Reach, conjuncts, reach
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import ends_route
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.routes.along import joined
from pathfinder.routes.carried import carried_over, hangs_together

MOST_WAYS = 8
"""Ways under conditions by which one place is gone on from, for one start."""

_MOST_TOLD = 5

Cost = tuple[int, int, int]
"""Changes, escalations, hops."""


@dataclass(slots=True)
class Walk:
    """All escalation routes from one start, as hops. `last`: the access hops that end a route, by where they start."""

    world: World
    graph: Graph
    last: Mapping[str, tuple[Hop, ...]]
    max_hops: int
    cut: set[str] = field(default_factory=set)
    _reached: dict[int, Reach] = field(default_factory=dict)

    def routes(self, start: str) -> Iterator[tuple[Hop, ...]]:
        """The hops of each route, cheapest first."""
        seen = _Seen(self._reach)
        queue: list[tuple[Cost, int, str, tuple[Hop, ...]]] = [((0, 0, 0), 0, start, ())]
        number = 0
        while queue:
            cost, _, at, hops = heapq.heappop(queue)
            told, goes_on = seen.visit(at, cost, asked_of(hops))
            if told:
                yield from self._ends(at, cost, hops, seen)
            if not goes_on:
                if seen.full(at):
                    self.cut.add(start)
                continue
            visited = {start, *(hop.target for hop in hops)}
            for hop in (*self._plain(at), *self.graph.escalated.get(at, ())):
                if ends_route(hop.kind) or hop.target in visited:
                    continue
                further = _further(cost, hop)
                if further[2] < self.max_hops:
                    number += 1
                    heapq.heappush(queue, (further, number, hop.target, (*hops, hop)))

    def _plain(self, at: str) -> tuple[Hop, ...]:
        return self.graph.hops_from.get(at, ())

    def _ends(self, at: str, cost: Cost, hops: tuple[Hop, ...], seen: _Seen) -> Iterator[tuple[Hop, ...]]:
        for access in self.last.get(at, ()):
            if cost[2] + 1 > self.max_hops:
                continue
            asked = asked_of((*hops, access))
            kept = seen.new(access, cost, asked) if cost[1] else None
            if kept is not None and kept.actions:
                whole = together(self.world, (*hops, kept))
                if whole is not None:
                    yield whole
            seen.cover(access, cost, asked)

    def _reach(self, access: Hop) -> Reach:
        """What one of the last hops reaches."""
        known = self._reached.get(id(access))
        if known is None:
            known = self._reached[id(access)] = reach(access)
        return known

    def tell(self) -> None:
        """Put where the walks were cut short to the graph's gaps: one for all starts, which may be thousands."""
        if not self.cut:
            return
        starts = tuple(sorted(self.cut))
        shown = ", ".join(starts[:_MOST_TOLD]) + (", …" if len(starts) > _MOST_TOLD else "")
        counted = "1 start" if len(starts) == 1 else f"{len(starts)} starts"
        reason = (
            f"from {counted} some places are reached in more than {MOST_WAYS} ways with conditions, "
            f"and not all of these are gone on from: {shown}"
        )
        self.graph.cut[Gap("routes with escalations", reason, starts[:_MOST_TOLD])] = None


def _further(cost: Cost, hop: Hop) -> Cost:
    """Being an administrator is a fact, no hop that anyone takes (ESC-99)."""
    changes, escalations, length = cost
    if hop.escalation is None:
        return changes, escalations, length + 1
    if hop.escalation.rule == "ESC-99":
        return changes, escalations, length
    return changes + hop.escalation.mutating, escalations + 1, length + 1


Asked = frozenset[object]
"""What a chain of hops asks for: conditions that are not always met, and what is not known."""


def asked_of(hops: Iterable[Hop]) -> Asked:
    """What the hops ask for together; nothing where they are open always, for certain."""
    held = tuple(hops)
    conditions = (part for hop in held for part in conjuncts(hop.condition))
    return frozenset((*conditions, *(gap for hop in held for gap in hop.gaps)))


class _Seen:
    """What a walk has come by: places with their cost, and what is open already."""

    def __init__(self, reach_of: Callable[[Hop], Reach]) -> None:
        self._reach_of = reach_of
        self._ways: dict[str, list[tuple[Cost, Asked]]] = {}
        self._full: set[str] = set()
        # What is open to a target, by the changes and escalations that it takes and what it asks for.
        self._covered: dict[str, dict[tuple[tuple[int, int], Asked], dict[Reach, None]]] = {}

    def visit(self, at: str, cost: Cost, asked: Asked) -> tuple[bool, bool]:
        """Whether routes that end here are told, and whether it is gone on from here.

        Not where the place was reached before and as much or less was asked for; at the same cost that is told.
        """
        ways = self._ways.setdefault(at, [])
        for earlier, less in ways:
            if less <= asked:
                return earlier == cost and less == asked, False
        if len(ways) >= MOST_WAYS:
            self._full.add(at)
            return True, False
        ways.append((cost, asked))
        return True, True

    def full(self, at: str) -> bool:
        """Whether it was not gone on from because there were too many ways; told once."""
        if at not in self._full:
            return False
        self._full.discard(at)
        return True

    def cover(self, access: Hop, cost: Cost, asked: Asked) -> None:
        """What is open from now on."""
        ways = self._covered.setdefault(access.target, {})
        ways.setdefault((cost[:2], asked), {})[self._reach_of(access)] = None

    def new(self, access: Hop, cost: Cost, asked: Asked) -> Hop:
        """The access with the actions alone that are not open with fewer changes, for as much or less."""
        reached = self._reach_of(access)
        covered: set[str] = set()
        for (earlier, less), open_already in self._covered.get(access.target, {}).items():
            if earlier < cost[:2] and less <= asked:
                covered.update(*(each.covers(reached) for each in open_already))
        kept = tuple(name for name in access.actions if name not in covered)
        return access if len(kept) == len(access.actions) else replace(access, actions=kept)


def together(world: World, hops: tuple[Hop, ...]) -> tuple[Hop, ...] | None:
    """The hops as they can be taken together; None where they cannot.

    Where nothing hangs on how sessions began over an escalation, each part between two of them is decided by itself.
    """
    if hangs_together(world, hops):
        return carried_over(world, hops)
    found: list[Hop] = []
    part: list[Hop] = []
    for hop in hops:
        if hop.escalation is None:
            part.append(hop)
            continue
        chain = _joined(world, part)
        if chain is None:
            return None
        found.extend((*chain, hop))
        part = []
    chain = _joined(world, part)
    return None if chain is None else (*found, *chain)


def _joined(world: World, part: Iterable[Hop]) -> tuple[Hop, ...] | None:
    hops = tuple(part)
    return joined(world, hops) if hops else ()
