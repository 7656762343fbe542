"""Who can perform an action on a resource: directly, or by which route. Source: interfaces.md `who-can`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import RoleSession, SessionName
from pathfinder.aws.s3_actions import access_point_actions, object_actions, s3_action
from pathfinder.graph.access_points import target_behind
from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.bucket_tags import object_tags
from pathfinder.graph.calls import blocks, calls_for, perhaps_open
from pathfinder.graph.doors import Door
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.further.registry import needs_of
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.object_lambda import GET_OBJECT
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import Settled, settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.organization import Gap
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.policy.document import Policy, SomePolicy
from pathfinder.policy.resources import Target
from pathfinder.routes.along import depends_on_session, joined
from pathfinder.routes.closed_keys import why_closed
from pathfinder.routes.lambda_names import authorized_as, lambda_asked
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

    `also`: the further authorizations of the same call, as a hop's. `blocked`: why it cannot although all but
    that lets it, such as a key that it may not use (KMS-13); None for one that can.
    """

    principal: str
    action: str
    resource: str
    condition: Formula
    witness: Witness | None
    evidence: tuple[Evidence, ...]
    gaps: tuple[str, ...] = ()
    also: tuple[Witness, ...] = ()
    blocked: str | None = None


@dataclass(frozen=True, slots=True)
class WhoCan:
    """The answer: who can directly, and by which longer routes; `assumptions`: what was pinned.

    `escalations`: whether routes of those who first do something are among the longer ones. `blocked`,
    `indirect_blocked`: whom a key alone stops, directly and on longer routes (KMS-13).
    """

    actions: tuple[str, ...]
    resource: str
    results: tuple[Grant, ...]
    indirect: tuple[Route, ...]
    gaps: tuple[Gap, ...]
    assumptions: Assumptions = NO_ASSUMPTIONS
    escalations: bool = False
    blocked: tuple[Grant, ...] = ()
    indirect_blocked: tuple[Route, ...] = ()


def who_can(world: World, actions: tuple[str, ...], resource: str, *, max_hops: int = 5) -> WhoCan:
    """Everyone who can. Raises UnknownNameError for a bucket that the snapshot does not know."""
    graph = graph_of(world)
    wanted = _actions(actions)
    of_lambda = lambda_asked(world, resource)
    if of_lambda is not None:
        return _through_lambda(world, actions, resource, max_hops=max_hops)
    wanted = tuple(each for each in wanted if s3_action(each))
    if not wanted:
        raise UnknownNameError(
            f"{' and '.join(actions)} is done on Object Lambda access points alone (S3-56)"
        )
    grants: list[Grant] = []
    for door, key in _asked(graph, world, resource):
        for action in wanted:
            target = _target(door, key, action)
            if target is None:
                continue
            tags = _tags_of_object(door, target)
            about = replace(door.resource(world, objects=False), target=target, object_tags=tags)
            for actor in door.callers(world):
                if actor.node.id not in world.sessions:  # those are reached by a route
                    grants.extend(_grants(world, actor, action, about, door, key))
    grants = list(_one_each(grants))
    results = tuple(grant for grant in grants if grant.blocked is None)
    blocked = tuple(grant for grant in grants if grant.blocked is not None)
    # An action on the bucket is performed on no object (LANG-26).
    about_it = (
        wanted
        if key_asked(graph, resource) is None
        else tuple(each for each in wanted if each in object_actions())
    )
    query = Query(targets=(resource,), actions=about_it, max_hops=max_hops, escalations=world.escalations)
    found = find_routes(world, query) if about_it else None
    at_point = point_asked(graph, resource) is not None

    def beside(routes: tuple[Route, ...]) -> tuple[Route, ...]:
        return tuple(
            route
            for route in routes
            if len(route.hops) > 1 or (route.access.through is not None and not at_point)
        )

    return WhoCan(
        actions,
        resource,
        results,
        beside(found.routes) if found is not None else (),
        graph.gaps,
        world.assumptions,
        world.escalations,
        blocked,
        beside(found.blocked) if found is not None else (),
    )


def _one_each(grants: list[Grant]) -> Iterator[Grant]:
    """One for each principal, action and resource, the surest: of a Multi-Region Access Point's members any serves."""
    found: dict[tuple[str, str, str], Grant] = {}
    for grant in grants:
        key = (grant.principal, grant.action, grant.resource)
        known = found.get(key)
        if known is None or _sureness(grant) > _sureness(known):
            found[key] = grant
    yield from (found[key] for key in sorted(found))


def _sureness(grant: Grant) -> tuple[bool, bool]:
    return grant.blocked is None, grant.witness is not None


def _through_lambda(world: World, actions: tuple[str, ...], resource: str, *, max_hops: int) -> WhoCan:
    """Who reads through an Object Lambda access point: what the graph's hops say of it (S3-56)."""
    asked = tuple(dict.fromkeys(known for each in _actions(actions) if (known := authorized_as(each))))
    if not asked:
        told = "GetObject alone is (S3-56)"
        raise UnknownNameError(
            f"{' and '.join(actions)} through an Object Lambda access point is not followed: {told}"
        )
    query = Query(targets=(resource,), actions=asked, max_hops=max_hops, escalations=world.escalations)
    routes = find_routes(world, query).routes
    grants = [
        Grant(
            *(route.start.id, GET_OBJECT, str(route.access.through), route.access.condition),
            *(route.access.witness, route.access.evidence, route.access.gaps, route.access.also),
        )
        for route in routes
        if len(route.hops) == 1
    ]
    grants.sort(key=lambda grant: (grant.principal, str(grant.condition)))
    indirect = tuple(route for route in routes if len(route.hops) > 1)
    return WhoCan(
        *(actions, resource, tuple(grants), indirect, graph_of(world).gaps),
        *(world.assumptions, world.escalations),
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
    wanted = wanted_actions(patterns) or ()
    found = sorted(facts.name for name in wanted if (facts := s3_action(name)) is not None)
    found += [known for name in wanted if name == GET_OBJECT.lower() and (known := authorized_as(name))]
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
    """The role itself where a session of any name may, else each session that a policy names and that may.

    Where none may, but one could if a key let it, the one for which that is so, with what the key says.
    """
    resource = _shown(door, about, key)
    scope = _scope(about.target, key)
    own = (door.bucket.policy, door.point.policy if door.point is not None else None)
    needed = (policy for need in needs_of(world, action, about) for policy in need.resource.policies)
    callers = tuple(_callers(actor, (*own, *needed)))

    def found(*, but_for_keys: bool) -> tuple[Grant, ...]:
        for several in callers:
            grants = tuple(
                grant
                for caller, name in several
                for grant in _grant(
                    world, caller, action, about, resource, name, scope, door, but_for_keys=but_for_keys
                )
            )
            if grants:
                return grants
        return ()

    yield from found(but_for_keys=False) or found(but_for_keys=True)


def _callers(
    actor: Actor, policies: tuple[SomePolicy | None, ...]
) -> Iterator[tuple[tuple[Actor, str], ...]]:
    """Who makes the request, and how that is called; of a role first any session, then those that policies name."""
    if not isinstance(actor.caller, RoleSession) or actor.caller.session is not SessionName.OPEN:
        yield ((actor, actor.node.id),)
        return
    yield ((replace(actor, caller=replace(actor.caller, session=SessionName.UNNAMED)), actor.node.id),)
    role = actor.caller.role
    beginning = f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}"
    yield tuple(
        (replace(actor, caller=replace(actor.caller, session=name)), f"{beginning}/{name}")
        for name in _named_sessions(policies, actor.caller)
    )


def _grant(
    world: World,
    actor: Actor,
    action: str,
    about: Resource,
    resource: str,
    principal: str,
    scope: Formula,
    door: Door,
    *,
    but_for_keys: bool,
) -> Iterator[Grant]:
    """The actor's grant; with `but_for_keys` as it would be if no key stopped it, if one is what stops it."""
    call = calls_for(world, actor, action, about)
    allowed = call.but_for_blocks if but_for_keys else call.allowed
    if allowed == FALSE or (but_for_keys and not blocks(call)):
        return
    settled = settle(world, actor, action, about, allowed, scope=scope, call=None if but_for_keys else call)
    if settled is None:
        return
    session = actor.caller.session if isinstance(actor.caller, RoleSession) else None
    why = "; ".join(why_closed(world, call, scope)) if but_for_keys else None
    hop = _in_a_session(world, actor, door, action, resource, settled, session, why)
    if hop is not None:
        evidence = evidence_of(call.decisions)
        gaps = (*hop.gaps, *perhaps_open(call)) if but_for_keys else hop.gaps
        yield Grant(principal, action, resource, hop.condition, hop.witness, evidence, gaps, hop.also, why)


def _in_a_session(
    world: World,
    actor: Actor,
    door: Door,
    action: str,
    resource: str,
    settled: Settled,
    session: str | SessionName | None,
    blocked: str | None = None,
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
        blocked=blocked,
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


_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
"""What AWS takes as a session's name (STS-9)."""


def _named_sessions(policies: tuple[SomePolicy | None, ...], caller: RoleSession) -> tuple[str, ...]:
    """Names of sessions of the role that the policies of bucket, access point and key name, if AWS takes them."""
    beginning = f"arn:{caller.role.partition}:sts::{caller.role.account}:assumed-role/{caller.role.name}/"
    return tuple(
        sorted(
            {
                name
                for policy in policies
                if isinstance(policy, Policy)
                for statement in policy.document.statements
                if statement.principal is not None
                for kind, texts in statement.principal.entries
                for text in texts
                if kind == "AWS" and text.startswith(beginning)
                if _SESSION_NAME.fullmatch(name := text.removeprefix(beginning))
            }
        )
    )
