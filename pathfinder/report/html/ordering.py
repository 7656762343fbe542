"""The order of things within a column: few crossings, and arrows as level as they go.

Barycentre sweeps over the columns (Sugiyama's method), then places by the pool-adjacent-violators algorithm.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence

Cell = tuple[int, str]
"""Column and lane."""
SWEEPS = 8
COUNTED = 4000
"""Joined pairs, above which crossings are not counted and the last sweep is taken."""


def fewest_crossings(
    cells: Mapping[Cell, Sequence[str]],
    bounds: Mapping[Cell, tuple[float, float]],
    room: Mapping[str, int],
    joined: Sequence[tuple[str, str]],
    columns: Mapping[str, int],
) -> dict[Cell, list[str]]:
    """The cells with their items in a better order. `bounds`: upper and lower end of each cell's lane."""
    order = {cell: list(items) for cell, items in cells.items()}
    height = {item: y for cell, items in order.items() for item, y in _stacked(items, bounds[cell], room)}
    before, after = _neighbours(joined, columns)
    best = {cell: list(items) for cell, items in order.items()}
    least = _crossings(joined, columns, height)
    for sweep in range(SWEEPS):
        neighbours = after if sweep % 2 == 0 else before
        for cell in sorted(order, reverse=sweep % 2 == 0):
            wish = {item: _mean(neighbours.get(item, ()), height, height[item]) for item in order[cell]}
            order[cell].sort(key=lambda item: wish[item])
            height.update(_stacked(order[cell], bounds[cell], room))
        crossings = _crossings(joined, columns, height)
        if crossings < least or len(joined) > COUNTED:
            least = crossings
            best = {cell: list(items) for cell, items in order.items()}
    return best


def spread(
    order: Mapping[Cell, Sequence[str]],
    bounds: Mapping[Cell, tuple[float, float]],
    room: Mapping[str, int],
    joined: Sequence[tuple[str, str]],
    columns: Mapping[str, int],
) -> dict[str, float]:
    """The height of each item: as near to its neighbours' as the order and the lane allow."""
    height = {item: y for cell, items in order.items() for item, y in _stacked(items, bounds[cell], room)}
    before, after = _neighbours(joined, columns)
    for sweep in range(4):
        neighbours = after if sweep % 2 == 0 else before
        for cell in sorted(order, reverse=sweep % 2 == 0):
            wishes = [_mean(neighbours.get(item, ()), height, height[item]) for item in order[cell]]
            height.update(zip(order[cell], _apart(order[cell], wishes, bounds[cell], room), strict=True))
    return height


def _stacked(
    items: Sequence[str], bounds: tuple[float, float], room: Mapping[str, int]
) -> Iterator[tuple[str, float]]:
    at = (bounds[0] + bounds[1] - sum(room[item] for item in items)) / 2
    for item in items:
        yield item, at + room[item] / 2
        at += room[item]


def _apart(
    items: Sequence[str], wishes: Sequence[float], bounds: tuple[float, float], room: Mapping[str, int]
) -> list[float]:
    """The heights nearest to the wishes in which no two items overlap and all are inside the bounds."""
    offsets, at = [], 0.0
    for item in items:
        offsets.append(at + room[item] / 2)
        at += room[item]
    slack = bounds[1] - bounds[0] - at
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            total, size = pools.pop()
            mean, count = (mean * count + total * size) / (count + size), count + size
        pools.append((mean, count))
    moved = [
        min(max(mean, bounds[0]), bounds[0] + max(slack, 0)) for mean, count in pools for _ in range(count)
    ]
    return [move + offset for move, offset in zip(moved, offsets, strict=True)]


def _neighbours(
    joined: Sequence[tuple[str, str]], columns: Mapping[str, int]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for source, target in joined:
        if columns[source] < columns[target]:
            after.setdefault(source, []).append(target)
            before.setdefault(target, []).append(source)
    return before, after


def _mean(neighbours: Sequence[str], height: Mapping[str, float], otherwise: float) -> float:
    return sum(height[each] for each in neighbours) / len(neighbours) if neighbours else otherwise


def _crossings(
    joined: Sequence[tuple[str, str]], columns: Mapping[str, int], height: Mapping[str, float]
) -> int:
    if len(joined) > COUNTED:
        return 0
    between: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for source, target in joined:
        pair = (columns[source], columns[target])
        between.setdefault(pair, []).append((height[source], height[target]))
    total = 0
    for ends in between.values():
        seen: list[float] = []
        for _, end in sorted(ends):
            total += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return total
