"""Queries give exactly their part of the whole answer, and the commands agree with each other."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pathfinder.graph.world import World
from pathfinder.report.conditions import Wording
from pathfinder.report.json_writer import Writer
from pathfinder.routes.can import can
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can

from .law import law
from .seeing import MAX_HOPS, Open, Seen, allowed, opened_by, see
from .strategies import worlds
from .worlds import Json, Written, world_of

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
WHICH = st.integers(0, 23)


def _json(routes: tuple[Route, ...]) -> list[Json]:
    writer = Writer(Wording())
    return [writer.route(route) for route in routes]


def _asked(written: Written, **query: Any) -> tuple[Route, ...]:
    """The answer to a query, asked of a world that was asked nothing before."""
    return find_routes(world_of(written), Query(max_hops=MAX_HOPS, **query)).routes


@law(8, written=worlds(complete=False), hops=st.integers(1, MAX_HOPS))
def test_more_hops_never_take_a_route_away(written: Written, hops: int) -> None:
    """interfaces.md `--max-hops`: exactly the routes of so many hops, in the same order."""
    seen = see(written)
    short = find_routes(world_of(written), Query(max_hops=hops)).routes
    assert _json(short) == _json(tuple(route for route in seen.routes if len(route.hops) <= hops))


def _beside(start: str, route: Any) -> Any:
    """A route of anybody under the name that it has beside those of the start (S3-17)."""
    if start == "anonymous" or route["principal"] != "anonymous":
        return route
    *before, last = route["hops"]
    via = "unsigned" if last["via"] == "public" else last["via"]
    return {**route, "design": "unsigned", "hops": [*before, {**last, "via": via}]}


@law(8, written=worlds(complete=False), which=WHICH)
def test_from_gives_the_routes_of_one_start(written: Written, which: int) -> None:
    """interfaces.md `--from` and `can`: its routes, and those of anybody, who needs no signature (S3-17)."""
    seen = see(written)
    for start in _one_of(sorted({route.start.id for route in seen.routes}), which):
        expected = [
            _beside(start, route)
            for route in _json(seen.routes)
            if route["principal"] in (start, "anonymous")
        ]
        found = _json(_asked(written, starts=(start,)))
        assert sorted(found, key=str) == sorted(expected, key=str)
        assert _json(can(world_of(written), start, MAX_HOPS).routes) == found


@law(8, written=worlds(complete=False), which=WHICH)
def test_to_gives_the_routes_to_one_bucket(written: Written, which: int) -> None:
    """interfaces.md `--to` with a bucket: its routes, as they are."""
    seen = see(written)
    for target in _one_of(sorted({route.target.id for route in seen.routes}), which):
        expected = [route for route in _json(seen.routes) if route["target"] == target]
        assert _json(_asked(written, targets=(target,))) == expected


@law(8, written=worlds(), which=WHICH)
def test_to_gives_what_is_open_at_one_object(written: Written, which: int) -> None:
    """interfaces.md `--to` with an object: what is open there, and nothing that is not (LANG-29)."""
    seen = see(written)
    for point in _one_of(sorted({point for _, _, point in seen.open if "/" in point}), which):
        found = _asked(written, targets=(point,))
        assert _at(seen.world, found, point) == {each for each in seen.open if each[2] == point}
        assert {route.start.id for route in found} <= {start for start, _, each in seen.open if each == point}


@law(8, written=worlds(complete=False))
def test_action_gives_the_routes_of_some_actions(written: Written) -> None:
    """interfaces.md `--action`: the same routes by the same ids, with no other actions."""
    seen = see(written)
    for action in ACTIONS:
        found = _asked(written, actions=(action,))
        expected = [route for route in seen.routes if action in route.access.actions]
        assert [_plain(route) for route in found] == [_plain(route) for route in expected]
        assert all(route.access.actions == (action,) for route in found)
        proofs = [route.access.witness for route in found if route.access.witness is not None]
        assert all(witness.action == action and allowed(seen.world, witness) for witness in proofs)


@law(6, written=worlds(complete=False))
def test_cross_account_gives_the_routes_between_accounts(written: Written) -> None:
    """interfaces.md `--cross-account`: exactly the routes that say so of themselves."""
    seen = see(written)
    assert _json(_asked(written, cross_account=True)) == _json(
        tuple(route for route in seen.routes if route.cross_account)
    )


@law(8, written=worlds(), which=WHICH)
def test_who_can_agrees_with_routes(written: Written, which: int) -> None:
    """interfaces.md `who-can`: directly whoever has a route of one hop, by routes whoever has a longer one (TERM-8)."""
    seen = see(written)
    for point in _one_of(sorted({point for _, _, point in seen.open}), which):
        found = who_can(world_of(written), ("s3:*",), point, max_hops=MAX_HOPS)
        direct = {
            (_holder(seen.world, grant.principal), grant.action)
            for grant in found.results
            if grant.resource == point
        }
        assert direct == _actions_at(seen, point, at_least=1, at_most=1)
        indirect = {(start, action) for start, action, each in _at(seen.world, found.indirect, point)}
        assert indirect == _actions_at(seen, point, at_least=2, at_most=MAX_HOPS)


@law(6, written=worlds(complete=False))
def test_what_was_asked_before_changes_no_answer(written: Written) -> None:
    """design.md: no step looks back; a world that was asked for less, or for more, answers as a new one does."""
    new, asked = see(written), see(written)
    for action in ACTIONS:
        find_routes(asked.world, Query(actions=(action,)))
    assert asked.json == new.json
    for action in ACTIONS:
        again = find_routes(asked.world, Query(actions=(action,), max_hops=MAX_HOPS)).routes
        assert _json(again) == _json(_asked(written, actions=(action,)))


def _one_of(found: list[str], which: int) -> list[str]:
    return [found[which % len(found)]] if found else []


def _at(world: World, routes: tuple[Route, ...], point: str) -> set[Open]:
    """What the routes open at one point."""
    bucket, _, key = point.partition("/")
    keys = (key,) if key else ()
    return {
        each
        for route in routes
        if route.target.id == bucket
        for each in opened_by(world, route, keys)
        if each[2] == point
    }


def _actions_at(seen: Seen, point: str, *, at_least: int, at_most: int) -> set[tuple[str, str]]:
    routes = tuple(route for route in seen.routes if at_least <= len(route.hops) <= at_most)
    return {(start, action) for start, action, _ in _at(seen.world, routes, point)}


def _holder(world: World, principal: str) -> str:
    """The role of a session, by account and name (TERM-9)."""
    if ":assumed-role/" not in principal:
        return principal
    account, name = principal.split(":")[4], principal.split("/")[1]
    return next(arn for arn in world.roles if arn.split(":")[4] == account and arn.rpartition("/")[2] == name)


def _plain(route: Route) -> tuple[object, ...]:
    """A route without its actions and the requests that prove them."""
    ends = tuple((hop.kind, hop.source, hop.target, hop.condition) for hop in route.hops)
    return (route.id, ends, route.access.resources, route.access.except_, route.design, route.gaps)
