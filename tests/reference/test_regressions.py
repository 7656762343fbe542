"""Worlds that were once decided wrongly, and worlds worked out by hand: pathfinder equals the brute force.

`regressions/*.json` holds what `shrink_world` kept.
"""

import json
from pathlib import Path

import pytest

from .compare_worlds import difference_in
from .hand_checked_worlds import CASES, Case
from .world_reach import Brute

KEPT = sorted((Path(__file__).parent / "regressions").glob("*.json"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_kept(path: Path) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))
    difference = difference_in(Brute(kept["world"]))
    assert difference is None, f"{kept['about']}: {difference}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_by_hand(case: Case) -> None:
    difference = difference_in(Brute(case.world))
    assert difference is None, str(difference)
