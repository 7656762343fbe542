"""Which parts of a decision stop a request together, where each by itself would let some request pass.

Source: COND-54: conditions that contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pathfinder.logic.formula import TRUE, all_of
from pathfinder.routes.nearest_parts import Part
from pathfinder.routes.nearest_scene import Scene


def core_of(scene: Scene, every: Sequence[Part]) -> list[Part]:
    """Parts that no request can meet together, none of them to spare; none where there is no such set."""
    parts = [part for part in every if part.passes != TRUE]
    for part in parts:
        if scene.impossible(part.passes):
            return [part]
    if not _clash(scene, parts):
        return []
    core: list[Part] = []
    left = parts
    while left and not _clash(scene, core):
        count = _fewest(len(left), partial(_clashes, scene, tuple(core), left))
        core.append(left[count - 1])
        left = left[: count - 1]
    return [part for part in parts if part in core]


def _clash(scene: Scene, parts: Sequence[Part]) -> bool:
    """Whether no request can meet all of them."""
    return scene.impossible(all_of(*(part.passes for part in parts)))


def _clashes(scene: Scene, core: Sequence[Part], parts: Sequence[Part], count: int) -> bool:
    """Whether no request can meet the core and the first so many of the parts."""
    return _clash(scene, [*core, *parts[:count]])


def _fewest(most: int, enough: Callable[[int], bool]) -> int:
    """The least number up to `most` that is enough, where `most` is and every number above one that is."""
    least = 1
    while least < most:
        middle = (least + most) // 2
        if enough(middle):
            most = middle
        else:
            least = middle + 1
    return most
