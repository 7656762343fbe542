"""In small organizations, pathfinder finds exactly who reaches what: no false route, no missed one.

`PATHFINDER_SMALL_WORLDS=100000 pytest tests/reference/test_small_worlds.py` compares more of them, and
`PATHFINDER_SMALL_WORLDS_FROM` sets the first seed, so that several processes can share the work.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from pathfinder.graph.world import World
from pathfinder.routes.whocan import who_can
from pathfinder.snapshot.importers import import_from

from .world_files import write_world
from .world_reach import Brute, Reach
from .worlds import random_world

WORLDS = int(os.environ.get("PATHFINDER_SMALL_WORLDS", "60"))
FIRST = int(os.environ.get("PATHFINDER_SMALL_WORLDS_FROM", "0"))
LONGEST_CHAIN = 5  # four roles at most, then the access itself


# ---- ADAPTER: the only lines that know pathfinder's interface ------------------------------------------


def pathfinder_reachable(folder: Path, points: Sequence[tuple[str, str]]) -> Reach:
    """What pathfinder says of the iam-collect folder: (principal, action, resource) for each point asked about.

    A session that a policy names counts as its role. Routes count if they only assume roles.
    """
    world = World(import_from("iam-collect", folder))
    found: Reach = set()
    for action, resource in points:
        answer = who_can(world, (action,), resource, max_hops=LONGEST_CHAIN)
        found |= {(_role_of(grant.principal, world), action, resource) for grant in answer.results}
        for route in answer.indirect:
            if all(hop.kind in ("assume-role", "access") for hop in route.hops):
                found.add((route.start.id, action, resource))
    return found


def _role_of(principal: str, world: World) -> str:
    if ":assumed-role/" not in principal:
        return principal
    account, name = principal.split(":")[4], principal.split("/")[1]
    return next(
        str(arn)
        for arn in world.roles
        if str(arn).split(":")[4] == account and str(arn).rsplit("/", 1)[-1] == name
    )


# ---- the comparison ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WORLDS))
def test_reach_equals_brute_force(seed: int, tmp_path: Path) -> None:
    world = random_world(seed)
    brute = Brute(world)
    write_world(world, tmp_path)
    found, expected = pathfinder_reachable(tmp_path, brute.points()), brute.reachable()
    missed, false = sorted(expected - found), sorted(found - expected)
    assert not missed, f"world {seed}: {len(missed)} missed, such as {missed[:3]}"
    assert not false, f"world {seed}: {len(false)} false, such as {false[:3]}"


def test_the_worlds_are_worth_comparing() -> None:
    """Some access is allowed and some is not, and some goes through roles only."""
    allowed = refused = through_roles = 0
    for seed in range(60):
        brute = Brute(random_world(seed))
        reachable = brute.reachable()
        allowed += len(reachable)
        refused += len({actor.arn for actor in brute.actors()}) * len(brute.points()) - len(reachable)
        through_roles += len(reachable - brute.direct())
    assert allowed > 0.1 * refused
    assert through_roles > 0.05 * allowed
