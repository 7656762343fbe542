"""Every vantage of every route of small worlds, against all requests one by one; and what assumptions may do."""

from __future__ import annotations

import os

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.conditions.assumptions import AssumptionError
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.vantage import Vantages
from tests.routes.networks import (
    PATHS,
    Asked,
    Keys,
    allowing,
    assuming,
    contexts,
    is_from,
    keeps,
    open_from,
    random_world,
)

WORLDS = int(os.environ.get("PATHFINDER_NETWORK_WORLDS", "40"))
Chain = tuple[str, ...]


def found_in(world: World) -> dict[Chain, Route]:
    """The routes that the brute force knows, by start and the labels after it."""
    routes = find_routes(world, Query()).routes
    by_chain = {(each.nodes[0].id, *(node.label for node in each.nodes[1:])): each for each in routes}
    return {chain: route for chain, route in by_chain.items() if chain in PATHS}


@pytest.mark.parametrize("seed", range(WORLDS))
def test_vantages_equal_brute_force(seed: int) -> None:
    """KEY-6, VPCE-1 to VPCE-6, STS-14: a vantage is open where all requests that are about it can be made so."""
    world = random_world(seed)
    routes = found_in(world)
    vantages = Vantages(world)
    for chain, path in PATHS.items():
        expected = all(allowing(world, asked) for asked in path)
        assert (chain in routes) is expected, chain
        if not expected:
            continue
        views = {view.vantage: view for view in vantages.of(routes[chain])}
        about = {way.name for way in vantages.ways if way.name in views}
        for name in about:
            assert views[name].open is open_from(world, name, path), (chain, name)
            if views[name].always:
                assert all(
                    context in allowing(world, asked)
                    for asked in path
                    for context in _all_from(world, name, asked)
                ), (chain, name)


def _all_from(world: World, name: str, asked: Asked) -> list[Keys]:
    return [each for each in contexts(world, asked) if is_from(world, name, asked, each)]


@pytest.mark.parametrize("seed", range(0, WORLDS, 4))
def test_pinning_a_network_shows_what_is_open_from_it(seed: int) -> None:
    world = random_world(seed)
    vantages = Vantages(world)
    views = {
        chain: {view.vantage: view.open for view in vantages.of(route)}
        for chain, route in found_in(world).items()
    }
    for way in vantages.ways:
        pinned = found_in(assuming(world, networks=(way.name,)))
        assert set(pinned) == {chain for chain, seen in views.items() if seen.get(way.name, True)}, way.name
        for route in pinned.values():
            _keeps_to(world, route, way.name)


def _keeps_to(world: World, route: Route, network: str) -> None:
    """Witnesses are allowed, and travel as assumed."""
    for hop in route.hops:
        assert hop.witness is not None
        assert outcome(decide_request(world, request_of_witness(hop.witness))) is Outcome.ALLOW
        asked = next(each for path in PATHS.values() for each in path if each.action == hop.witness.action)
        context = dict(hop.witness.context)
        assert is_from(world, network, asked, context), (route.id, network)


ASSUMED = [
    ("aws:SourceIp=203.0.113.0/24",),
    ("aws:SourceIp=198.51.100.7",),
    ("aws:SourceIp=",),
    ("aws:SourceVpce=vpce-0inter",),
    ("aws:SourceVpce=vpce-0gate", "aws:SourceVpce=vpce-0inter"),
    ("aws:SourceVpc=vpc-0a", "aws:SourceVpc=vpc-0b"),
    ("aws:VpceAccount=222222222222",),
    ("aws:VpceOrgID=o-x",),
    ("aws:VpceOrgID=",),
    ("aws:VpceOrgPaths=o-x/*",),
    ("aws:ViaAWSService=false",),
    ("aws:ViaAWSService=true",),
    ("aws:SecureTransport=true", "aws:MultiFactorAuthPresent=false"),
    ("aws:MultiFactorAuthPresent=true",),
    ("aws:MultiFactorAuthPresent=",),
    ("aws:PrincipalAccount=222222222222",),
    ("aws:PrincipalArn=arn:aws:iam::*:user/*",),
    ("aws:username=u",),
]


@pytest.mark.parametrize("texts", ASSUMED, ids=" ".join)
def test_assumptions_equal_brute_force(texts: tuple[str, ...]) -> None:
    """KEY-1, KEY-6: routes are those that requests open which have the key so, or cannot have it."""
    for seed in range(0, WORLDS, 6):
        world = random_world(seed)
        try:
            pinned = found_in(assuming(world, *texts))
        except AssumptionError:
            assert not any(_kept(world, texts, path) for path in PATHS.values())
            continue
        assert set(pinned) == {chain for chain, path in PATHS.items() if _kept(world, texts, path)}, seed


def _kept(world: World, texts: tuple[str, ...], path: tuple[Asked, ...]) -> bool:
    return all(any(keeps(world, texts, asked, each) for each in allowing(world, asked)) for asked in path)
