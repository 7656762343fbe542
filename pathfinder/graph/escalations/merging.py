"""Several ways to do the same: one hop from a principal to a role for each rule, with all paths that lead there.

Source: evaluation.md ESC-5; asks.md rank 36 (each path once).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pathfinder.graph.escalations.calls import Tried
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way from a principal to a role, or to what can be done as one.

    `gaps`: what is not known about it besides its calls. `workload`: as in `Escalation`.
    """

    actor: Actor
    target: Node
    found: Tried
    change: str
    paths: tuple[str, ...]
    notes: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    workload: str = "new"

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """The plainer, the lower."""
        return (bool(self.gaps), not self.found.certain, not self.found.plain)


def merged(rule: str, workload: str, ways: Iterable[Way], known: list[Way]) -> Iterator[Edge]:
    """One hop for each principal and role: the plainest way, and the paths of all that are as certain as it is.

    `known`: where the plainest ways are put to.
    """
    groups: dict[tuple[str, str], list[Way]] = {}
    for way in ways:
        groups.setdefault((way.actor.node.id, way.target.id), []).append(way)
    for group in groups.values():
        best = replace(min(group, key=lambda way: way.rank), workload=workload)
        known.append(best)
        sure = [way for way in group if way.rank[:2] == best.rank[:2]]
        yield edge(
            best.actor,
            best.target,
            best.found,
            rule,
            best.change,
            Session.DELIVERED,
            paths=tuple(dict.fromkeys(path for way in sure for path in way.paths)),
            workload=workload,
            notes=best.notes,
            gaps=best.gaps,
        )
