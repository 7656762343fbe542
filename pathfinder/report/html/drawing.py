"""The drawing, built with pyvis: its nodes, edges and options, with places from `layout` and no physics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pathfinder.report.html.content import account_title, lane_title
from pathfinder.report.html.layout import Layout
from pathfinder.report.html.nodes import LOOKS
from pathfinder.report.html.picture import Dot, Line, Picture, lane_of
from pathfinder.report.text import shortened, visible

LABEL = 22
"""Columns of text under a node."""
LANE_LABEL = 48
RADIUS = 24
ARCS = (
    {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5},
    {"type": "curvedCW", "roundness": 0.14},
    {"type": "curvedCCW", "roundness": 0.14},
    {"type": "curvedCW", "roundness": 0.28},
)
"""For lines that join the same two dots: the first, the second, and so on, so that none covers another."""

OPTIONS: Mapping[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "keyboard": False,
        "tooltipDelay": 150,
    },
    "nodes": {"shape": "custom", "size": RADIUS, "fixed": True, "physics": False},
    "edges": {
        "physics": False,
        "width": 2,
        "hoverWidth": 1,
        "selectionWidth": 1,
        "arrows": {"to": {"enabled": False, "scaleFactor": 0.8}},
        "smooth": ARCS[0],
    },
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What vis-network draws (`nodes`, `edges`, `options`), and what the page draws behind and beside it."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    options: Mapping[str, Any]
    lanes: list[dict[str, Any]]
    left: int
    right: int
    pitch: int


def drawing_of(picture: Picture, layout: Layout, names: Mapping[str, str]) -> Drawing:
    """The picture at its places."""
    from pyvis.network import Network  # imports IPython: a quarter of a second, for this report only

    network = Network(directed=True, cdn_resources="in_line")
    network.options = dict(OPTIONS)
    for dot in picture.dots:
        x, y = layout.places[dot.id]
        network.add_node(dot.id, shape="custom", group=dot.node.kind.value, x=x, y=y, **_words(dot, names))
    for arrow, bends in layout.bends.items():
        for number, (x, y) in enumerate(bends):
            network.add_node(_bend(arrow, number), label=" ", shape="custom", group="bend", x=x, y=y, size=1)
    for line, smooth in _with_arcs(picture.lines, layout):
        stops = [
            line.source,
            *(_bend(line.id, n) for n in range(len(layout.bends.get(line.id, ())))),
            line.target,
        ]
        last = len(stops) - 2
        for number, (source, target) in enumerate(pairwise(stops)):
            edge: dict[str, Any] = {"id": line.id if number == 0 else f"{line.id}/{number}", "line": line.id}
            if smooth is not ARCS[0]:
                edge["smooth"] = smooth
            if line.escalation:
                edge["dashes"] = [14, 11]
            elif line.blocked:
                edge["dashes"] = [3, 9]
            edge["arrows"] = "to" if number == last else ""
            network.add_edge(source, target, **edge)
    nodes, edges, *_ = network.get_network_data()
    return Drawing(
        nodes=nodes,
        edges=edges,
        options=network.options,
        lanes=[
            {
                "title": shortened(lane_title(lane.key, names), LANE_LABEL),
                "top": lane.top,
                "height": lane.height,
            }
            for lane in layout.lanes
        ],
        left=layout.left,
        right=layout.right,
        pitch=layout.pitch,
    )


def _bend(line: str, number: int) -> str:
    return f"{line}@{number}"


def _with_arcs(lines: tuple[Line, ...], layout: Layout) -> Iterator[tuple[Line, Mapping[str, Any]]]:
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        pair = (line.source, line.target)
        number = seen[pair] = seen.get(pair, -1) + 1
        forward = layout.columns[line.source] < layout.columns[line.target]
        if line.id in layout.bends:
            number = 0
        elif not forward:
            number += 1
        yield line, ARCS[min(number, len(ARCS) - 1)]


def _words(dot: Dot, names: Mapping[str, str]) -> dict[str, Any]:
    node = dot.node
    look = LOOKS[node.kind]
    account = account_title(node.account, names)
    outside = lane_of(node) == "~outside"
    if len(dot.members) == 1:
        label, below = visible(node.label), look.one
        title = f"{label}: {look.one}" + (f" in {account}" if account else "")
        if outside and account:
            below = f"{look.one} in {account}"
    else:
        label = f"{len(dot.members)} {look.many}"
        below = ", ".join(visible(member.label) for member in dot.members[:2]) + " …"
        title = f"{label}, alike in every hop" + (f", in {account}" if account else "")
    return {
        "label": shortened(label, LABEL) or " ",
        "below": shortened(below, LABEL + 4),
        "title": title + (": outside the organization" if outside else ""),
        "outside": outside,
        "many": len(dot.members),
    }
