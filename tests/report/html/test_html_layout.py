"""Where things are drawn."""

from itertools import combinations

import pytest
from html_answers import organization, three_designs

from pathfinder.report.html.folding import equal_nodes
from pathfinder.report.html.layout import ROW, columns_of, lay_out, order_lanes
from pathfinder.report.html.picture import FOLD_ABOVE, lane_of, picture_of

COLUMNS = [
    # arrows                                            columns
    ("one hop", ["ab"], {"a": 0, "b": 1}),
    ("the longest way counts", ["ab", "bc", "ac"], {"a": 0, "b": 1, "c": 2}),
    ("short ways start near the end", ["ab", "bc", "cd", "xd"], {"a": 0, "b": 1, "c": 2, "d": 3, "x": 2}),
    ("a cycle is no longer than its ways out", ["ab", "ba", "bc"], {"a": 0, "b": 1, "c": 2}),
    ("all of a cycle reach the end", ["ab", "ba", "ac", "bc"], {"a": 0, "b": 0, "c": 1}),
    ("an arrow to itself", ["aa", "ab"], {"a": 0, "b": 1}),
    ("only a cycle", ["ab", "ba"], {"a": 0, "b": 0}),
    ("nothing", [], {}),
]


@pytest.mark.parametrize(
    ("arrows", "expected"), [case[1:] for case in COLUMNS], ids=[case[0] for case in COLUMNS]
)
def test_columns(arrows: list[str], expected: dict[str, int]) -> None:
    assert columns_of(expected, [(a, b) for a, b in arrows]) == expected


def test_lanes_with_arrows_between_them_are_neighbours() -> None:
    lanes = {"a": "1", "b": "2", "c": "3", "d": "4"}
    order = order_lanes(lanes, [("a", "d"), ("a", "d"), ("b", "c")])
    assert abs(order.index("1") - order.index("4")) == 1
    assert abs(order.index("2") - order.index("3")) == 1


@pytest.mark.parametrize(
    "found", [three_designs(), organization(60), organization(400)], ids=["16", "60", "400"]
)
def test_nothing_overlaps_and_all_stands_in_its_lane(found) -> None:
    picture = picture_of(found.routes)
    lanes = {dot.id: lane_of(dot.node) for dot in picture.dots}
    layout = lay_out(lanes, {line.id: (line.source, line.target) for line in picture.lines})
    bands = {lane.key: lane for lane in layout.lanes}
    for dot, (x, y) in layout.places.items():
        band = bands[lanes[dot]]
        assert band.top + 24 <= y <= band.top + band.height - 24
        assert layout.left < x < layout.right
    for (one, (x, y)), (other, (x2, y2)) in combinations(layout.places.items(), 2):
        assert abs(x - x2) >= layout.pitch - 2 or abs(y - y2) >= ROW - 2 or x == x2 == y, (one, other)
    for upper, lower in combinations(layout.lanes, 2):
        assert upper.top + upper.height < lower.top


def test_arrows_run_left_to_right_and_bend_around_columns() -> None:
    picture = picture_of(three_designs().routes)
    layout = lay_out(
        {dot.id: lane_of(dot.node) for dot in picture.dots},
        {line.id: (line.source, line.target) for line in picture.lines},
    )
    for line in picture.lines:
        assert layout.columns[line.source] < layout.columns[line.target]
        xs = [
            layout.places[line.source][0],
            *(x for x, _ in layout.bends.get(line.id, ())),
            layout.places[line.target][0],
        ]
        assert xs == sorted(xs)
        assert len(xs) == layout.columns[line.target] - layout.columns[line.source] + 1


def test_crossing_arrows_are_uncrossed() -> None:
    layout = lay_out(dict.fromkeys("abxy", "1"), {"e": ("a", "y"), "f": ("b", "x")})
    height = {node: y for node, (_, y) in layout.places.items()}
    assert (height["a"] < height["b"]) == (height["y"] < height["x"])


def test_a_long_column_stands_in_several_rows() -> None:
    starts = {f"s{number}": "1" for number in range(60)}
    layout = lay_out({**starts, "end": "1"}, {start: (start, "end") for start in starts})
    assert len({layout.places[start][0] for start in starts}) > 1
    assert max(layout.places[start][0] for start in starts) < layout.places["end"][0]


def test_alike_starts_are_drawn_as_one_above_some_hundred_nodes() -> None:
    found = organization(1000, alike=True)
    picture = picture_of(found.routes)
    assert len(picture.nodes) == 1000 > FOLD_ABOVE
    assert len(picture.dots) < 150
    assert sum(len(dot.members) for dot in picture.dots) == 1000
    assert all(len({(node.kind, node.account) for node in dot.members}) == 1 for dot in picture.dots)


def test_a_condition_of_its_own_keeps_a_node_apart() -> None:
    found = organization(1000, alike=True)
    hops = [hop for route in found.routes for hop in route.hops]
    nodes = {node.id: node for route in found.routes for node in route.nodes}
    out = {id_: {(hop.target, hop.condition) for hop in hops if hop.source == id_} for id_ in nodes}
    for group in equal_nodes(nodes, hops):
        assert len({frozenset(out[member]) for member in group}) == 1


def test_few_nodes_are_not_folded() -> None:
    assert all(len(dot.members) == 1 for dot in picture_of(organization(290, alike=True).routes).dots)
