"""Every hop that our samples show is proven: a request that the decision procedure allows, or a gap that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.graph.hop import Hop
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.routes.retold import NOT_PROVEN
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes, graph_of
from pathfinder.snapshot.read import load
from tests.samples.commands import SAMPLES

FOLDERS = sorted(each.parent for each in SAMPLES.rglob("pathfinder.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(SAMPLES).as_posix())
def test_every_hop_is_proven_or_says_why_not(folder: Path) -> None:
    """Design idea 3, TERM-2, TERM-3; a key that is held, or a session that is there already, asks for nothing."""
    world = World(load(folder))
    shown = {str(hop): hop for hop in _hops(world)}
    assert any(hop.witness is not None for hop in shown.values())
    for hop in shown.values():
        assert NOT_PROVEN not in hop.gaps, hop
        if hop.witness is None:
            assert hop.gaps or not hop.actions, hop
            continue
        for witness in (hop.witness, *hop.also):
            decision = decide_request(world, request_of_witness(witness))
            assert outcome(decision) is Outcome.ALLOW, witness


def _hops(world: World) -> Iterator[Hop]:
    """Those of the graph, each for itself, and those of the routes, taken together."""
    for hops in graph_of(world).hops_from.values():
        yield from hops
    for route in find_routes(world, Query()).routes:
        yield from route.hops
