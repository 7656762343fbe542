"""What pathfinder says of a small world: the only lines of the small worlds that know its interface."""

from collections.abc import Sequence
from pathlib import Path

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.world import World
from pathfinder.logic.formula import all_of
from pathfinder.logic.patterns import exact
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from pathfinder.snapshot.read import load

from .language import glob
from .world_reach import LONGEST_CHAIN, Reach

KINDS = ("assume-role", "instance-profile", "federated", "service", "access")
Point = tuple[str, str]  # action, resource


def by_search(folder: Path, points: Sequence[Point]) -> Reach:
    """(principal, action, resource) for each point that some route of one search reaches.

    A route says what it reaches by patterns. Where its condition still speaks of the object key, the condition
    must allow the point's key, and `who_can` is asked about that point.
    """
    world = World(load(folder))
    found: Reach = set()
    unsure: Reach = set()
    for route in find_routes(world, Query(max_hops=LONGEST_CHAIN)).routes:
        if not _is_made_of_sessions(route):
            continue
        reached = {(route.start.id, *point) for point in points if _reaches(route, point)}
        if OBJECT_KEY in keys_of(route.access.condition):
            unsure |= {each for each in reached - found if _fits(route, each[2])}
        else:
            found |= reached
    asked = sorted({(action, resource) for _, action, resource in unsure - found})
    return found | (unsure & _asked(world, asked))


def by_who_can(folder: Path, points: Sequence[Point]) -> Reach:
    """The same by asking `who_can` about every point."""
    return _asked(World(load(folder)), points)


def _asked(world: World, points: Sequence[Point]) -> Reach:
    """A session that a policy names counts as its role."""
    found: Reach = set()
    for action, resource in points:
        answer = who_can(world, (action,), resource, max_hops=LONGEST_CHAIN)
        found |= {(_role_of(grant.principal, world), action, resource) for grant in answer.results}
        routes = [route for route in answer.indirect if _is_made_of_sessions(route)]
        found |= {(route.start.id, action, resource) for route in routes}
    return found


def _is_made_of_sessions(route: Route) -> bool:
    return all(hop.kind in KINDS for hop in route.hops)


def _reaches(route: Route, point: Point) -> bool:
    action, resource = point
    return (
        action in route.access.actions
        and any(glob(pattern, resource) for pattern in route.access.resources)
        and not any(glob(pattern, resource) for pattern in route.access.except_)
    )


def _fits(route: Route, resource: str) -> bool:
    """Whether the shown condition of the access lets the object key be the resource's."""
    key = open_text(OBJECT_KEY, (exact(resource.partition("/")[2]),))
    return satisfiable(all_of(route.access.condition, key)) is not False


def _role_of(principal: str, world: World) -> str:
    if ":assumed-role/" not in principal:
        return principal
    account, name = principal.split(":")[4], principal.split("/")[1]
    return next(
        str(arn)
        for arn in world.roles
        if str(arn).split(":")[4] == account and str(arn).rsplit("/", 1)[-1] == name
    )
