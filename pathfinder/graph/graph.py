"""The graph of a world: a networkx MultiDiGraph of nodes and hops (design idea 7).

Each node's key is its id, with the `Node` under the attribute `node`; each edge has its `Hop` under `hop`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import networkx as nx

from pathfinder.graph.access_points import point_node, points_of
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.escalations.building import escalation_edges
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import hop_kinds
from pathfinder.graph.node import Node
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and how much there is."""


class Graph:
    """All hops of a world. `network` is the networkx graph that users may take away.

    `cut`: where a search gave up. `escalated`: where the world has escalations, these and the hops that only they
    open, by where they start. `blocked`: hops that would be there but for what blocks them (KMS-13), likewise.
    """

    def __init__(self, world: World, progress: Progress | None = None) -> None:
        self.world = world
        self.network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        found: dict[Gap, None] = dict.fromkeys(world.snapshot.gaps)
        for actor in world.actors.values():
            self._add(actor.node)
        for bucket in world.buckets.values():
            self._add(bucket_node(world, bucket))
        for point in points_of(world):
            self._add(point_node(point))
        blocked: dict[str, list[Hop]] = {}
        kinds = hop_kinds()
        for number, (kind, function) in enumerate(kinds.items()):
            if progress is not None:
                progress(kind, number, len(kinds))
            for edge in function(world):
                if isinstance(edge, Gap):
                    found[edge] = None
                    continue
                self._add(edge.source)
                self._add(edge.target)
                if edge.hop.blocked is not None:
                    blocked.setdefault(edge.hop.source, []).append(edge.hop)
                    continue
                self.network.add_edge(edge.hop.source, edge.hop.target, hop=edge.hop)
        self.escalated: dict[str, tuple[Hop, ...]] = {}
        self.blocked = {
            node_id: tuple(sorted(hops, key=lambda hop: (hop.target, hop.kind)))
            for node_id, hops in sorted(blocked.items())
        }
        self._others: dict[str, Node] = {}
        if world.escalations:
            found.update(dict.fromkeys(self._escalate()))
        self._gaps = tuple(found)
        self.cut: dict[Gap, None] = {}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read or decided, and where a search has been cut short so far."""
        return (*self._gaps, *self.cut)

    def _escalate(self) -> list[Gap]:
        """Escalations, and the hops that only they open: apart from the network, so that they never mix."""
        plain = [data["hop"] for _, _, data in self.network.edges(data=True)]
        gaps: list[Gap] = []
        hops: dict[str, list[Hop]] = {}
        for edge in escalation_edges(self.world, plain):
            if isinstance(edge, Gap):
                gaps.append(edge)
                continue
            self._others.update((node.id, node) for node in (edge.source, edge.target))
            hops.setdefault(edge.hop.source, []).append(edge.hop)
        self.escalated = {
            node_id: tuple(sorted(each, key=_order_of_escalations)) for node_id, each in sorted(hops.items())
        }
        return gaps

    def _add(self, node: Node) -> None:
        if node.id not in self.network:
            self.network.add_node(node.id, node=node)

    def node(self, node_id: str) -> Node:
        """The node with this id."""
        if node_id not in self.network:
            return self._others[node_id]
        node = self.network.nodes[node_id]["node"]
        assert isinstance(node, Node)
        return node

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """All nodes by id."""
        return {node_id: self.node(node_id) for node_id in sorted(self.network)}

    @cached_property
    def hops_from(self) -> dict[str, tuple[Hop, ...]]:
        """The hops of each node, in a stable order."""
        found: dict[str, list[Hop]] = {node_id: [] for node_id in self.network}
        for source, _, data in self.network.edges(data=True):
            found[source].append(data["hop"])
        return {
            node_id: tuple(sorted(hops, key=lambda hop: (hop.target, hop.kind)))
            for node_id, hops in found.items()
        }

    def hops_to(self, node_id: str) -> tuple[Hop, ...]:
        """The hops that end in a node, in a stable order."""
        found = [data["hop"] for _, _, data in self.network.in_edges(node_id, data=True)]
        return tuple(sorted(found, key=lambda hop: (hop.source, hop.kind)))


def _order_of_escalations(hop: Hop) -> tuple[str, str, str, tuple[str, ...]]:
    return hop.target, hop.kind, hop.escalation.rule if hop.escalation else "", hop.actions
