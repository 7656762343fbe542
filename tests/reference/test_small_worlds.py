"""In small organizations, pathfinder finds exactly who reaches what: no false route, no missed one.

`PATHFINDER_SMALL_WORLDS` says how many are compared (2,000 in CI, else 200), `PATHFINDER_SMALL_WORLDS_FROM`
the first seed. `PATHFINDER_SESSION_WORLDS` says in how many more worlds sessions carry something (200 in CI,
else 40). `python -m tests.reference.run_small_worlds` compares many, with a log.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from .compare_worlds import Compared, compare_seeds
from .pathfinder_reach import by_who_can
from .run_small_worlds import blocks, pool
from .world_reach import Brute
from .worlds import random_world

WORLDS = int(os.environ.get("PATHFINDER_SMALL_WORLDS", "2000" if "CI" in os.environ else "200"))
FIRST = int(os.environ.get("PATHFINDER_SMALL_WORLDS_FROM", "0"))
SESSION_WORLDS = int(os.environ.get("PATHFINDER_SESSION_WORLDS", "200" if "CI" in os.environ else "40"))
SAMPLE = 30
Outcomes = dict[tuple[bool, range], Future[Compared]]


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Outcomes]:
    """All blocks of worlds, being compared by as many processes as there are processors."""
    wanted = [(False, block) for block in blocks(FIRST, WORLDS)]
    wanted += [(True, block) for block in blocks(FIRST, SESSION_WORLDS)]
    with pool(min(os.cpu_count() or 1, len(wanted))) as workers:
        yield {
            (sessions, block): workers.submit(compare_seeds, block, sessions=sessions)
            for sessions, block in wanted
        }
        workers.shutdown(cancel_futures=True)


def _seeds(block: range) -> str:
    return f"{block.start}-{block.stop - 1}"


@pytest.mark.parametrize("block", blocks(FIRST, WORLDS), ids=_seeds)
def test_reach_equals_brute_force(block: range, outcomes: Outcomes) -> None:
    _assert_equal(block, outcomes[False, block].result())


@pytest.mark.parametrize("block", blocks(FIRST, SESSION_WORLDS), ids=_seeds)
def test_reach_through_sessions_equals_brute_force(block: range, outcomes: Outcomes) -> None:
    _assert_equal(block, outcomes[True, block].result())


def _assert_equal(block: range, outcome: Compared) -> None:
    assert outcome.worlds == len(block)
    assert not outcome.differences, "\n".join(str(difference) for difference in outcome.differences)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + min(WORLDS, SAMPLE)))
def test_who_can_equals_brute_force(seed: int) -> None:
    outcome = compare_seeds([seed], by_who_can)
    assert not outcome.differences, "\n".join(str(difference) for difference in outcome.differences)


def test_the_worlds_are_worth_comparing() -> None:
    """Some access is allowed and some is not, and some goes through roles only."""
    allowed = refused = through_roles = 0
    for seed in range(200):
        brute = Brute(random_world(seed))
        reachable = brute.reachable()
        allowed += len(reachable)
        refused += len(brute.starts()) * len(brute.points()) - len(reachable)
        through_roles += len(reachable - brute.direct())
    assert allowed > 0.1 * refused
    assert through_roles > 0.05 * allowed
