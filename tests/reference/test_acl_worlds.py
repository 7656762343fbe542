"""pathfinder against `acl_worlds`: every request in small worlds with ACLs, owners and Block Public Access.

`PATHFINDER_ACL_WORLDS` says how many worlds; a failing one names its seed.
"""

import json
import os
from pathlib import Path

import pytest

from pathfinder.authorization.scenario import outcome, read_request
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from pathfinder.snapshot.read import load

from .acl_worlds import CALLERS, IDS, KEYS, REQUESTS, A, AclWorld, answer, draw, files

WORLDS = int(os.environ.get("PATHFINDER_ACL_WORLDS", "30"))
SEARCHED = max(1, WORLDS // 6)
"""Searching every route of a world takes as long as deciding all its requests many times over."""


def world_of(drawn: AclWorld, folder: Path) -> World:
    for name, content in files(drawn).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    return World(load(folder))


def principal(caller: str) -> str:
    account, _, who = caller.partition(" ")
    if account not in IDS:
        return caller
    return f"arn:aws:iam::{account}:{'root' if who == 'root' else f'user/{who}'}"


def decided(world: World, caller: str, action: str, resource: str) -> str:
    asked = {"principal": principal(caller), "action": f"s3:{action}", "resource": f"arn:aws:s3:::{resource}"}
    decision = decide_request(world, read_request({**asked, "context": {}}))
    try:
        return outcome(decision).value
    except ScenarioError:
        return "unknown"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_every_request_is_decided_as_by_hand(seed: int, tmp_path: Path) -> None:
    drawn = draw(seed)
    world = world_of(drawn, tmp_path)
    wrong = [
        (caller, action, resource, found, wanted)
        for caller in CALLERS
        for resource, action in REQUESTS
        if (found := decided(world, caller, action, resource))
        != (wanted := answer(drawn, caller, action, resource))
    ]
    assert wrong == [], drawn


@pytest.mark.parametrize("seed", range(SEARCHED))
def test_the_routes_reach_what_the_requests_may(seed: int, tmp_path: Path) -> None:
    """Every pair that is allowed is in some direct route, and no route claims one that is refused."""
    drawn = draw(1000 + seed)
    world = world_of(drawn, tmp_path)
    reached: dict[tuple[str, str, str], bool] = {}
    for route in find_routes(world, Query(max_hops=1)).routes:
        hop = route.access
        for action in hop.actions:
            for resource in ("b", *(f"b/{key}" for key in KEYS)):
                if covers(hop.resources, resource) and not covers(hop.except_, resource):
                    pair = (hop.source, action, resource)
                    reached[pair] = reached.get(pair, False) or not hop.gaps
        if hop.witness is not None:
            assert outcome(decide_request(world, request_of_witness(hop.witness))).value == "allow", hop
    for caller in CALLERS:
        if "amazonaws" in caller:  # services that "*" lets in are a gap, and no hops (PRIN-11)
            continue
        for resource, action in REQUESTS:
            wanted = answer(drawn, caller, action, resource)
            found = reached.get((principal(caller), f"s3:{action}", resource))
            assert {True: "allow", False: "unknown", None: "no"}[found] == (
                wanted if wanted in ("allow", "unknown") else "no"
            ), (caller, action, resource, wanted, drawn)


def covers(patterns: tuple[str, ...], resource: str) -> bool:
    """Whether a pattern of a hop is about the resource: `b`, `b/*`, or one key, which may hold a star itself."""
    arn = f"arn:aws:s3:::{resource}"
    shown = arn.replace("*", "${*}")
    return any(each == shown or (each == "arn:aws:s3:::b/*" and "/" in resource) for each in patterns)


def test_the_worlds_differ_in_what_they_show() -> None:
    """All four answers come up, for signed callers of each account and for nobody."""
    seen = {
        (caller.split(" ")[0], answer(drawn, caller, action, resource))
        for drawn in map(draw, range(60))
        for caller in CALLERS
        for resource, action in REQUESTS
    }
    assert {("anonymous", word) for word in ("allow", "unknown", "explicit-deny", "implicit-deny")} <= seen
    assert {(A, "unknown"), (A, "explicit-deny"), (A, "allow"), (A, "implicit-deny")} <= seen
