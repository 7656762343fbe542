"""All escalations of a world: the changes first, then what everyone can do, then what the changes open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pathfinder.graph.changes import Change
from pathfinder.graph.escalations import existing, pass_role
from pathfinder.graph.escalations.administrators import administrators
from pathfinder.graph.escalations.holders import Holders
from pathfinder.graph.escalations.registry import Scene, escalations
from pathfinder.graph.escalations.standing_tails import standing_tails
from pathfinder.graph.escalations.tail import tails
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import NodeKind
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.organization import Gap

ENGINES = (existing, pass_role)
"""Those that read rows of tables; importing them registers them."""

MOST_CHANGES = 2
"""Changes of its own policies that a principal makes one after the other: a limit removed, then a policy added."""


def escalation_edges(world: World, plain: Iterable[Hop]) -> Iterator[Edge | Gap]:
    """Every hop of evaluation.md chapter 10, and the hops that are open only after one of them."""
    before: dict[str, list[Hop]] = {}
    for hop in plain:
        before.setdefault(hop.source, []).append(hop)
    scene = Scene(world, Holders(world), before)
    edges: list[Edge] = []
    for item in (*_unread(scene), *_changes_of_oneself(scene), *administrators(scene), *_others(scene)):
        if isinstance(item, Gap):
            yield item
        else:
            edges.append(item)
    edges = _not_open_before(world, edges)
    changes = [each for each in world.changes.values() if each.actor.node.kind is NodeKind.CHANGED]
    edges.extend(tails(world, changes, before))
    for item in standing_tails(world, changes, before):
        if isinstance(item, Gap):
            yield item
        else:
            edges.append(item)
    yield from _leading_on(edges)


def _changes_of_oneself(scene: Scene) -> Iterator[Edge | Gap]:
    """Principals that change their own policies, and again from what they then are."""
    turn = scene
    for _ in range(MOST_CHANGES):
        known = set(scene.world.changes)
        for function in escalations(1).values():
            yield from function(turn)
        new = [each for node_id, each in _going_on(scene.world) if node_id not in known]
        turn = replace(scene, changed=new, changed_only=True)
    scene.changed.extend(each for _, each in _going_on(scene.world))


def _going_on(world: World) -> Iterator[tuple[str, Change]]:
    """Changes of principals themselves; organizations are changed last (standing_tails.py)."""
    return ((name, each) for name, each in world.changes.items() if each.actor.standing is None)


def _others(scene: Scene) -> Iterator[Edge | Gap]:
    for phase in (2, 3):
        for function in escalations(phase).values():
            yield from function(scene)


def _not_open_before(world: World, edges: Sequence[Edge]) -> list[Edge]:
    """Without those that a changed principal takes and the unchanged one takes as well."""
    always = {
        (edge.hop.source, edge.hop.target, _rule(edge))
        for edge in edges
        if edge.hop.condition == TRUE and not edge.hop.gaps
    }
    return [
        edge
        for edge in edges
        if (change := world.changes.get(edge.hop.source)) is None
        or (change.base.id, edge.hop.target, _rule(edge)) not in always
    ]


def _rule(edge: Edge) -> str | None:
    return edge.hop.escalation.rule if edge.hop.escalation else None


def _leading_on(edges: Sequence[Edge]) -> list[Edge]:
    """Hops to changed principals are kept only where something follows that was not open before (ESC-4)."""
    kept = list(edges)
    while True:
        leading = {edge.hop.source for edge in kept}
        fewer = [
            edge
            for edge in kept
            if edge.target.kind not in (NodeKind.CHANGED, NodeKind.ADMINISTRATOR) or edge.target.id in leading
        ]
        if len(fewer) == len(kept):
            return kept
        kept = fewer


def _unread(scene: Scene) -> Iterator[Gap]:
    """Principals some of whose policies nobody read: what else they might do is not known."""
    by_account: dict[str, int] = {}
    for actor in scene.holders.unread:
        by_account[str(actor.account)] = by_account.get(str(actor.account), 0) + 1
    for account, count in sorted(by_account.items()):
        yield Gap(
            f"account {account}",
            f"policies of {count} of its principals are not known: escalations that they allow are not shown",
            (account, "iam"),
        )
