"""Escalation hops and what is reached by them, in small worlds."""

from __future__ import annotations

from typing import Any

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.hop import Hop
from pathfinder.graph.world import World
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Organization
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes, graph_of
from tests.building import A, account, allow, bucket, role, user, world

NOBODY = {"AWS": f"arn:aws:iam::{A}:user/nobody"}
USER = f"arn:aws:iam::{A}:user/u"
READ = allow("s3:GetObject", "*")


def escalating(found: World) -> World:
    """The same world with escalations."""
    return World(found.snapshot, found.assumptions, escalations=True)


def in_account(
    *users_and_roles: User | Role, organization: Organization | None = None, **parts: Any
) -> World:
    """These in account A, beside bucket b and what else is given."""
    parts.setdefault("buckets", (bucket(A, "b"),))
    users = tuple(each for each in users_and_roles if isinstance(each, User))
    roles = tuple(each for each in users_and_roles if isinstance(each, Role))
    own: Account = account(A, users=users, roles=roles, **parts)
    return escalating(world(own, organization=organization))


def escalations_from(found: World, source: str = USER) -> dict[str, Hop]:
    """Rule to hop, of the escalations that start at the source; the last of several."""
    return {
        hop.escalation.rule: hop
        for hop in graph_of(found).escalated.get(source, ())
        if hop.escalation is not None
    }


def paths_from(found: World, source: str = USER) -> set[str]:
    """The catalogue's path ids of the escalations that start at the source."""
    return {
        path
        for hop in graph_of(found).escalated.get(source, ())
        if hop.escalation is not None
        for path in hop.escalation.paths
    }


def routes_of(found: World, start: str = USER, **query: Any) -> tuple[Route, ...]:
    """Routes with escalations from the start."""
    every = find_routes(found, Query(starts=(start,), escalations=True, **query)).routes
    return tuple(route for route in every if route.escalations and route.start.id == start)


def attacker(*statements: Any, **more: Any) -> User:
    """User u with these statements."""
    return user(A, "u", *statements, **more)


def target(trust: Any = NOBODY, *statements: Any, **more: Any) -> Role:
    """Role r, which reads, with this trust."""
    return role(A, "r", trust, *(statements or (READ,)), **more)


def replayed(found: World, routes: tuple[Route, ...]) -> list[str | None]:
    """What each witness of the routes is decided to be, as a scenario with the policies that then apply."""
    return [decide_scenario(each, index=0).decision for each in scenarios(found, routes)]
