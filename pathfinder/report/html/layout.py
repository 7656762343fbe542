"""Where everything is drawn: columns by hops left to right, lanes by account from top to bottom.

Pure and deterministic: the same nodes and arrows in the same order give the same places. Lengths are in the
drawing's own unit, a pixel at zoom 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from math import ceil, inf, log

import networkx as nx

from pathfinder.report.html.ordering import fewest_crossings, spread

ROW = 120
"""Height of a node with its two lines of text."""
PITCH = 240
"""Width of a node with its text."""
GAP = 180
"""Room between two columns, for the arrows and the words on them."""
WIDEST_GAP = 1000
MARGIN = 190
"""Left and right of the outermost nodes, for the words under them."""
BESIDE = 540
"""The same at the right, where there is so much room that the words stand beside."""
LANE_HEAD = 36
LANE_FOOT = 24
"""Below the last row, whose text hangs lower than its row's half."""
LANE_SPACE = 14
BEND = 36
"""Height that an arrow takes where it passes a column."""
MOST_BENDS = 600
TALLEST_CELL = 14
"""Nodes of one lane in one column, above which they stand in several rows beside each other."""
STAGGER = 3
"""Steps in which rows beside each other are set off in height, so that arrows pass between nodes."""
SHAPE = 1.6
"""Width to height that a drawing comes near to: a screen's."""
LANES_TRIED = 7


@dataclass(frozen=True, slots=True)
class Lane:
    """A band of the drawing: `key` as given, its upper edge and its height."""

    key: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are. `bends`: by arrow id, the points through which an arrow passes columns in between.
    `pitch`: the least distance of two nodes beside each other.
    """

    places: Mapping[str, tuple[int, int]]
    columns: Mapping[str, int]
    bends: Mapping[str, tuple[tuple[int, int], ...]]
    lanes: tuple[Lane, ...]
    left: int
    right: int
    pitch: int


Arrows = Mapping[str, tuple[str, str]]
"""Arrow id to source and target."""


def lay_out(lane_of: Mapping[str, str], arrows: Arrows) -> Layout:
    """Places for the nodes (in the mapping's order) and bends for the arrows.

    Examples:
        >>> layout = lay_out({"role": "1", "bucket": "1"}, {"e": ("role", "bucket")})
        >>> layout.places["role"][0] < layout.places["bucket"][0]
        True
    """
    columns = columns_of(lane_of, arrows.values())
    lanes = order_lanes(lane_of, arrows.values())
    cells: dict[tuple[int, str], list[str]] = {}
    for node, lane in lane_of.items():
        cells.setdefault((columns[node], lane), []).append(node)
    tallest = max((len(cell) for cell in cells.values()), default=0)
    grid = _Grid(lanes, columns, lane_of, cells)
    if tallest <= TALLEST_CELL:
        grid.bend_long_arrows(arrows)
    else:
        grid.join_directly(arrows)
        grid.rows = _rows_for_shape(cells, lanes)
    return grid.placed()


def columns_of(nodes: Iterable[str], arrows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The column of each node, from 0 at the left: as far left of the last as its longest way there has hops.

    In a cycle only the arrows that lead nearer to the end count, so that a cycle stays as narrow as its
    shortest ways.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((source, target) for source, target in arrows if source != target)
    nearest = {node: 0 for node in graph if not graph.out_degree(node)}
    reached = list(nearest)
    for node in reached:
        for before in graph.predecessors(node):
            if before not in nearest:
                nearest[before] = nearest[node] + 1
                reached.append(before)
    cycle = {
        node: number for number, part in enumerate(nx.strongly_connected_components(graph)) for node in part
    }
    forward: nx.DiGraph[str] = nx.DiGraph()
    forward.add_nodes_from(graph)
    forward.add_edges_from(
        (source, target)
        for source, target in graph.edges
        if cycle[source] != cycle[target] or nearest.get(source, 0) > nearest.get(target, 0)
    )
    hops_left: dict[str, int] = {}
    for node in reversed(list(nx.topological_sort(forward))):
        hops_left[node] = max((hops_left[after] + 1 for after in forward.successors(node)), default=0)
    most = max(hops_left.values(), default=0)
    return {node: most - hops_left[node] for node in graph}


def order_lanes(lane_of: Mapping[str, str], arrows: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The lanes, those with many arrows between them near each other."""
    between: dict[tuple[str, str], int] = {}
    for source, target in arrows:
        pair = tuple(sorted((lane_of[source], lane_of[target])))
        if pair[0] != pair[1]:
            key = (pair[0], pair[1])
            between[key] = between.get(key, 0) + 1

    def cost(order: Sequence[str]) -> int:
        place = {lane: number for number, lane in enumerate(order)}
        return sum(count * abs(place[one] - place[other]) for (one, other), count in between.items())

    lanes = sorted(set(lane_of.values()), key=lambda lane: (not lane.startswith("~"), lane))
    if len(lanes) <= LANES_TRIED:
        return min(permutations(lanes), key=cost, default=())
    best, least, better = lanes, cost(lanes), True
    while better:
        better = False
        for at in range(len(best) - 1):
            swapped = [*best[:at], best[at + 1], best[at], *best[at + 2 :]]
            if (price := cost(swapped)) < least:
                best, least, better = swapped, price, True
    return tuple(best)


def _rows_for_shape(cells: Mapping[tuple[int, str], Sequence[str]], lanes: Sequence[str]) -> int:
    def misfit(rows: int) -> float:
        widest: dict[int, int] = {}
        highest = dict.fromkeys(lanes, 0)
        for (column, lane), cell in cells.items():
            widest[column] = max(widest.get(column, 1), ceil(len(cell) / rows))
            highest[lane] = max(highest[lane], min(rows, len(cell)))
        breadth = sum(count * PITCH + GAP for count in widest.values())
        height = sum(count * ROW + LANE_HEAD + LANE_FOOT + LANE_SPACE for count in highest.values())
        return abs(log(breadth / height / SHAPE))

    return min((4, 6, 8, 11, 15, 20, 28, 40, 56, 80), key=misfit)


@dataclass
class _Grid:
    lanes: tuple[str, ...]
    columns: dict[str, int]
    lane_of: Mapping[str, str]
    cells: dict[tuple[int, str], list[str]]
    rows: int | None = None
    joined: list[tuple[str, str]] = field(default_factory=list)
    bends: dict[str, list[str]] = field(default_factory=dict)

    def bend_long_arrows(self, arrows: Arrows) -> None:
        """Give each arrow that passes columns a place of its own in them, in its source's lane."""
        passed = sum(max(0, self.columns[b] - self.columns[a] - 1) for a, b in arrows.values())
        if passed > MOST_BENDS:
            self.join_directly(arrows)
            return
        for arrow, (source, target) in arrows.items():
            chain = [source]
            for column in range(self.columns[source] + 1, self.columns[target]):
                bend = f"{arrow}@{column}"
                self.columns[bend] = column
                self.cells.setdefault((column, self.lane_of[source]), []).append(bend)
                self.bends.setdefault(arrow, []).append(bend)
                chain.append(bend)
            chain.append(target)
            self.joined.extend(pairwise(chain))

    def join_directly(self, arrows: Arrows) -> None:
        """Let arrows cross the columns that they pass."""
        self.joined.extend(arrows.values())

    def placed(self) -> Layout:
        """The cells in their best order, as places."""
        bands, tops = [], {}
        top = 0
        for lane in self.lanes:
            height = max(self._height(cell) for (_, its), cell in self.cells.items() if its == lane)
            tops[lane] = (top + LANE_HEAD, top + LANE_HEAD + height)
            bands.append(Lane(lane, top, LANE_HEAD + height + LANE_FOOT))
            top += LANE_HEAD + height + LANE_FOOT + LANE_SPACE
        room = {item: ROW if item in self.lane_of else BEND for cell in self.cells.values() for item in cell}
        bounds = {cell: tops[cell[1]] for cell in self.cells}
        ordered = fewest_crossings(self.cells, bounds, room, self.joined, self.columns)
        height_of = spread(ordered, bounds, room, self.joined, self.columns) if self.rows is None else {}
        gap = self._gap(top)
        x_of = self._columns_in_width(gap)
        places: dict[str, tuple[int, int]] = {}
        for (column, lane), cell in ordered.items():
            rows = self.rows or len(cell)
            beside = ceil(len(cell) / rows)
            first = x_of[column] - (beside - 1) * PITCH / 2
            middle = sum(tops[lane]) / 2
            for number, item in enumerate(cell):
                filled = min(rows, len(cell) - number // rows * rows)
                offset = (number // rows % STAGGER / STAGGER - 1 / STAGGER) * ROW if beside > 1 else 0
                y = height_of.get(item, middle + (number % rows - (filled - 1) / 2) * ROW + offset)
                places[item] = (round(first + number // rows * PITCH), round(y))
        xs = [x for x, _ in places.values()] or [0]
        return Layout(
            places={node: places[node] for node in self.lane_of},
            columns={node: self.columns[node] for node in self.lane_of},
            bends={arrow: tuple(places[bend] for bend in bends) for arrow, bends in self.bends.items()},
            lanes=tuple(bands),
            left=min(xs) - MARGIN,
            right=max(xs) + (BESIDE if gap >= BESIDE and not self.rows else MARGIN),
            pitch=PITCH if self.rows else PITCH + round(gap),
        )

    def _height(self, cell: Sequence[str]) -> int:
        if self.rows is not None:
            wrapped = len(cell) > self.rows
            return min(self.rows, len(cell)) * ROW + (ROW * (STAGGER - 1) // STAGGER if wrapped else 0)
        return sum(ROW if item in self.lane_of else BEND for item in cell)

    def _beside(self) -> dict[int, int]:
        beside: dict[int, int] = {}
        for (column, _), cell in sorted(self.cells.items()):
            beside[column] = max(beside.get(column, 1), ceil(len(cell) / (self.rows or inf)))
        return beside

    def _gap(self, height: int) -> float:
        """The gap between columns that brings a high drawing nearer to a screen's shape."""
        beside = self._beside()
        missing = SHAPE * height - PITCH * sum(beside.values())
        return min(max(GAP, missing / max(1, len(beside) - 1)), WIDEST_GAP)

    def _columns_in_width(self, gap: float) -> dict[int, float]:
        at, x_of = 0.0, {}
        for column, count in self._beside().items():
            x_of[column] = at + count * PITCH / 2
            at += count * PITCH + gap
        return x_of
