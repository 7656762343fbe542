"""Who can perform an action on a resource: directly, or by which route. Source: interfaces.md `who-can`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import RoleSession, SessionName
from pathfinder.aws.s3_actions import access_point_actions, object_actions, s3_action
from pathfinder.graph.access_points import target_behind
from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.bucket_tags import object_tags
from pathfinder.graph.calls import calls_for
from pathfinder.graph.doors import Door
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import Settled, settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.organization import Gap
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.policy.document import Policy
from pathfinder.policy.resources import Target
from pathfinder.routes.along import depends_on_session, joined
from pathfinder.routes.names import (
    UnknownNameError,
    key_asked,
    matching_buckets,
    matching_points,
    point_asked,
)
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes, graph_of, wanted_actions


@dataclass(frozen=True, slots=True)
class Grant:
    """A principal that can perform an action on the resource under some request context.

    `also`: the further authorizations of the same call, as a hop's.
    """

    principal: str
    action: str
    resource: str
    condition: Formula
    witness: Witness | None
    evidence: tuple[Evidence, ...]
    gaps: tuple[str, ...] = ()
    also: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoCan:
    """The answer: who can directly, and by which longer routes; `assumptions`: what was pinned.

    `escalations`: whether routes of those who first do something are among the longer ones.
    """

    actions: tuple[str, ...]
    resource: str
    results: tuple[Grant, ...]
    indirect: tuple[Route, ...]
    gaps: tuple[Gap, ...]
    assumptions: Assumptions = NO_ASSUMPTIONS
    escalations: bool = False


def who_can(world: World, actions: tuple[str, ...], resource: str, *, max_hops: int = 5) -> WhoCan:
    """Everyone who can. Raises UnknownNameError for a bucket that the snapshot does not know."""
    graph = graph_of(world)
    wanted = _actions(actions)
    grants: list[Grant] = []
    for door, key in _asked(graph, world, resource):
        for action in wanted:
            target = _target(door, key, action)
            if target is None:
                continue
            tags = _tags_of_object(door, target)
            about = replace(door.resource(world, objects=False), target=target, object_tags=tags)
            for actor in door.callers(world):
                grants.extend(_grants(world, actor, action, about, door, key))
    grants.sort(key=lambda grant: (grant.principal, grant.action, grant.resource))
    # An action on the bucket is performed on no object (LANG-26).
    about_it = (
        wanted
        if key_asked(graph, resource) is None
        else tuple(each for each in wanted if each in object_actions())
    )
    query = Query(targets=(resource,), actions=about_it, max_hops=max_hops, escalations=world.escalations)
    routes = find_routes(world, query).routes if about_it else ()
    at_point = point_asked(graph, resource) is not None
    indirect = tuple(
        route
        for route in routes
        if len(route.hops) > 1 or (route.access.through is not None and not at_point)
    )
    return WhoCan(
        actions, resource, tuple(grants), indirect, graph.gaps, world.assumptions, world.escalations
    )


def _tags_of_object(door: Door, target: Target) -> Mapping[str, str] | None:
    """The tags of the one object that is asked about, where the snapshot has them."""
    arn = target.arn
    if arn is None or target.open_prefix is not None:
        return None
    if door.point is not None:
        return object_tags(door.bucket, target_behind(arn, door.bucket))
    return object_tags(door.bucket, arn) if arn.is_object else None


def _actions(patterns: tuple[str, ...]) -> tuple[str, ...]:
    found = sorted(
        facts.name for name in wanted_actions(patterns) or () if (facts := s3_action(name)) is not None
    )
    if not found:
        raise UnknownNameError(f"no S3 action is called {' or '.join(patterns)}")
    return tuple(found)


def _asked(graph: Graph, world: World, resource: str) -> Iterator[tuple[Door, str | None]]:
    """The buckets or access points asked about, with the object key (or pattern) that the resource names, if any."""
    named = point_asked(graph, resource)
    key = key_asked(graph, resource)
    if named is not None:
        for point, behind in matching_points(graph, named):
            yield Door(behind, point), key
        return
    for node in matching_buckets(graph, resource):
        bucket = world.buckets.get(node.id)
        if bucket is not None:
            yield Door(bucket), key


def _target(door: Door, key: str | None, action: str) -> Target | None:
    """What the action is performed on, or None where it is not performed on such a resource."""
    if door.point is not None and action.lower() not in access_point_actions():
        return None
    own, beginning = door.arn, door.objects_begin
    is_object_action = action in object_actions()
    if key is None:
        return Target(own, open_prefix=beginning) if is_object_action else Target(own)
    if not is_object_action:
        return None
    if parse_pattern(key, variables=False).literal is not None:
        return Target(replace(own, resource=f"{beginning}{key}"))
    return Target(own, open_prefix=beginning)


def _scope(target: Target, key: str | None) -> Formula:
    """That the object key is one that was asked about."""
    if target.open_prefix is None or key is None:
        return TRUE
    return open_text(OBJECT_KEY, (parse_pattern(key, variables=False),))


def _grants(
    world: World, actor: Actor, action: str, about: Resource, door: Door, key: str | None
) -> Iterator[Grant]:
    """The role itself where a session of any name may, else each session that a policy names and that may."""
    resource = _shown(door, about, key)
    scope = _scope(about.target, key)
    if not isinstance(actor.caller, RoleSession) or actor.caller.session is not SessionName.OPEN:
        yield from _grant(world, actor, action, about, resource, actor.node.id, scope, door)
        return
    anyone = replace(actor, caller=replace(actor.caller, session=SessionName.UNNAMED))
    found = tuple(_grant(world, anyone, action, about, resource, actor.node.id, scope, door))
    yield from found
    if found:
        return
    for name in _named_sessions(door, actor.caller):
        session = replace(actor, caller=replace(actor.caller, session=name))
        role = actor.caller.role
        text = f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{name}"
        yield from _grant(world, session, action, about, resource, text, scope, door)


def _grant(
    world: World,
    actor: Actor,
    action: str,
    about: Resource,
    resource: str,
    principal: str,
    scope: Formula,
    door: Door,
) -> Iterator[Grant]:
    call = calls_for(world, actor, action, about)
    if call.allowed == FALSE:
        return
    settled = settle(world, actor, action, about, call.allowed, scope=scope, call=call)
    if settled is None:
        return
    session = actor.caller.session if isinstance(actor.caller, RoleSession) else None
    hop = _in_a_session(world, actor, door, action, resource, settled, session)
    if hop is not None:
        evidence = evidence_of(call.decisions)
        yield Grant(principal, action, resource, hop.condition, hop.witness, evidence, hop.gaps, hop.also)


def _in_a_session(
    world: World,
    actor: Actor,
    door: Door,
    action: str,
    resource: str,
    settled: Settled,
    session: str | SessionName | None,
) -> Hop | None:
    """The access with what a session of the role can carry; None where no session that anybody can start may."""
    hop = Hop(
        door.kind,
        actor.node.id,
        bucket_node(world, door.bucket).id,
        settled.condition,
        (action,),
        (resource,),
        witness=settled.witness,
        gaps=settled.gaps,
        also=settled.also,
        through=None if door.point is None else str(door.point.arn),
    )
    name = session if isinstance(session, str) else None
    if name is None and not depends_on_session(settled.condition):
        return hop
    together = joined(world, (hop,), name)
    return together[0] if together is not None else None


def _shown(door: Door, about: Resource, key: str | None) -> str:
    if about.target.open_prefix is not None:
        return str(replace(door.arn, resource=f"{door.objects_begin}{key or '*'}"))
    return str(about.target.arn)


def _named_sessions(door: Door, caller: RoleSession) -> tuple[str, ...]:
    """Names of sessions of the role that the policies of bucket and access point name."""
    beginning = f"arn:{caller.role.partition}:sts::{caller.role.account}:assumed-role/{caller.role.name}/"
    held = (door.bucket.policy, door.point.policy if door.point is not None else None)
    return tuple(
        sorted(
            {
                text.removeprefix(beginning)
                for policy in held
                if isinstance(policy, Policy)
                for statement in policy.document.statements
                if statement.principal is not None
                for kind, texts in statement.principal.entries
                for text in texts
                if kind == "AWS" and text.startswith(beginning)
            }
        )
    )
