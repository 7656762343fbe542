"""Folding: nodes that cannot be told apart by kind, account and hops become one.

Two nodes are equal where they have the same neighbours on both sides, through the same kinds of hops, under
the same conditions, with the same actions. So a folded drawing never joins what is not joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pathfinder.graph.hop import Hop
from pathfinder.graph.node import Node

SMALLEST = 3
"""Nodes. Fewer are drawn each on its own: their names say more than a number."""


def equal_nodes(nodes: Mapping[str, Node], hops: Sequence[Hop]) -> list[list[str]]:
    """The node ids in groups of equals, in the order of their first members."""
    sides: dict[str, set[object]] = {node: set() for node in nodes}
    for hop in hops:
        shared = (
            hop.kind,
            hop.condition,
            hop.actions,
            hop.via,
            hop.through,
            tuple(sorted(hop.extra.items())),
            bool(hop.gaps),
            hop.blocked is not None,
        )
        resources = (*hop.resources, "except", *hop.except_)
        sides[hop.source].add(("to", hop.target, resources, shared))
        without_target = tuple(each.replace(hop.target, "") for each in resources)
        sides[hop.target].add(("from", hop.source, without_target, shared))

    groups: dict[object, list[str]] = {}
    for id_, node in nodes.items():
        alike = (node.kind, node.account, node.external, frozenset(sides[id_]))
        groups.setdefault(alike, []).append(id_)
    folded: list[list[str]] = []
    for group in groups.values():
        folded.extend([group] if len(group) >= SMALLEST else [[member] for member in group])
    place = {id_: number for number, id_ in enumerate(nodes)}
    return sorted(folded, key=lambda group: place[group[0]])
