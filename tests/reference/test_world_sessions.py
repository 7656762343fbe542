"""The brute force answers the worlds that were worked out by hand; what a session carries is left out if idle."""

import pytest

from .hand_checked_worlds import CASES, Case
from .world_reach import Brute

OBJECT = ("s3:GetObject", "arn:aws:s3:::data/other")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_by_hand(case: Case) -> None:
    assert ((case.start, *OBJECT) in Brute(case.world).reachable()) == case.reads
