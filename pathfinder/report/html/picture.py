"""What is drawn: a dot for each node or several alike, a line for the hops between two dots that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pathfinder.aws.arn import parse_arn
from pathfinder.graph.hop import Hop
from pathfinder.graph.node import Node, NodeKind
from pathfinder.logic.formula import TRUE, unknowns
from pathfinder.report.html.folding import equal_nodes
from pathfinder.routes.route import Route

FOLD_ABOVE = 300
"""Nodes. A graph of more is folded first."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn node: its members, in order; several where they were folded."""

    id: str
    members: tuple[Node, ...]

    @property
    def node(self) -> Node:
        """The member that stands for all: they share kind, account and neighbours."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn edge: hops between two dots that are alike in what the drawing shows of them."""

    id: str
    source: str
    target: str
    hops: tuple[int, ...]
    conditional: bool
    escalation: bool
    unsure: bool
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything drawn. `nodes` and `hops`: each once, in the order of the routes; `dot_of`: by node id;
    `line_of`: by place in `hops`; `hop_places`: each route's hops as places in `hops`. A hop through an access
    point is drawn as two lines: `line_of` leads to the access point, `line_behind` from there to the bucket.
    """

    nodes: tuple[Node, ...]
    hops: tuple[Hop, ...]
    hop_places: tuple[tuple[int, ...], ...]
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    dot_of: Mapping[str, str]
    line_of: tuple[str, ...]
    line_behind: Mapping[int, str] = field(default_factory=dict)


def picture_of(routes: Iterable[Route]) -> Picture:
    """What the routes look like together."""
    nodes: dict[str, Node] = {}
    hops: list[Hop] = []
    place_of: dict[object, int] = {}
    place_of_object: dict[int, int] = {}
    places: list[tuple[int, ...]] = []
    for route in routes:
        for node in route.nodes:
            nodes.setdefault(node.id, node)
        at = []
        for hop in route.hops:
            place = place_of_object.get(id(hop))
            if place is None:
                place = place_of.setdefault(_value_of(hop), len(hops))
                place_of_object[id(hop)] = place
                if place == len(hops):
                    hops.append(hop)
                    if hop.through is not None:
                        nodes.setdefault(hop.through, _point_of(hop, hop.through))
            at.append(place)
        places.append(tuple(at))

    groups = equal_nodes(nodes, hops) if len(nodes) > FOLD_ABOVE else [[node] for node in nodes]
    dots = tuple(
        Dot(f"n{number}", tuple(nodes[member] for member in group)) for number, group in enumerate(groups)
    )
    dot_of = {member.id: dot.id for dot in dots for member in dot.members}

    drawn: dict[tuple[str, str, bool, bool, bool, bool], list[int]] = {}
    behind: dict[tuple[str, str], list[int]] = {}
    for place, hop in enumerate(hops):
        if hop.through is not None:
            behind.setdefault((dot_of[hop.through], dot_of[hop.target]), []).append(place)
        key = (
            dot_of[hop.source],
            dot_of[hop.through or hop.target],
            is_conditional(hop),
            is_escalation(hop),
            is_unsure(hop),
            hop.blocked is not None,
        )
        drawn.setdefault(key, []).append(place)
    lines = tuple(
        Line(f"e{number}", source, target, tuple(members), *looks)
        for number, ((source, target, *looks), members) in enumerate(drawn.items())
    )
    line_of = {place: line.id for line in lines for place in line.hops}
    lines_behind = tuple(
        Line(f"e{number}", source, target, tuple(members), conditional=False, escalation=False, unsure=False)
        for number, ((source, target), members) in enumerate(behind.items(), start=len(lines))
    )
    return Picture(
        nodes=tuple(nodes.values()),
        hops=tuple(hops),
        hop_places=tuple(places),
        dots=dots,
        lines=(*lines, *lines_behind),
        dot_of=dot_of,
        line_of=tuple(line_of[place] for place in range(len(hops))),
        line_behind={place: line.id for line in lines_behind for place in line.hops},
    )


def _point_of(hop: Hop, id_: str) -> Node:
    """The access point that the hop goes through."""
    arn = parse_arn(id_)
    label = (hop.via or "").removeprefix("access point ") or (arn.name if arn else id_)
    return Node(id_, NodeKind.ACCESS_POINT, label, arn.account if arn else None)


def is_conditional(hop: Hop) -> bool:
    """Whether it is open only under a condition."""
    return hop.condition != TRUE


def is_escalation(hop: Hop) -> bool:
    """Whether the permission is not there yet, but can be taken."""
    return hop.escalation is not None or "escalation" in hop.extra


def is_unsure(hop: Hop) -> bool:
    """Whether something about it could not be read or decided."""
    return bool(hop.gaps or unknowns(hop.condition))


def lane_of(node: Node) -> str:
    """The lane that it is drawn in: its account, or `~` and what it has instead."""
    if node.kind is NodeKind.ANONYMOUS:
        return "~internet"
    if node.kind is NodeKind.SERVICE and node.account is None:
        return "~services"
    if node.kind is NodeKind.BUCKET and node.account is None:
        return "~unowned"
    if node.external or node.kind is NodeKind.EXTERNAL:
        return "~outside"
    return node.account or "~none"


LANES: Mapping[str, str] = {
    "~internet": "The internet",
    "~services": "AWS services",
    "~outside": "Outside the organization",
    "~unowned": "Owner not known",
    "~none": "No account known",
}
"""The names of the lanes that are no account."""


def _value_of(hop: Hop) -> object:
    witness = hop.witness
    return (
        hop.kind,
        hop.source,
        hop.target,
        hop.condition,
        hop.actions,
        hop.resources,
        hop.except_,
        hop.evidence,
        hop.gaps,
        hop.via,
        hop.notes,
        hop.through,
        hop.blocked,
        tuple(sorted(hop.extra.items())),
        witness
        and (
            witness.principal,
            witness.action,
            witness.resource,
            witness.resource_account,
            witness.federated_by,
            tuple(sorted(witness.context.items())),
        ),
    )
