"""Who makes a hop's request, and on what: the hop's two ends as the decision procedure takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.aws.arn import parse_arn
from pathfinder.aws.s3_actions import object_actions
from pathfinder.graph.access_grants import grant_sessions, instance_resource
from pathfinder.graph.access_points import Point, buckets_behind, in_front_of, point_at, point_resource
from pathfinder.graph.bucket_nodes import bucket_node, bucket_of
from pathfinder.graph.calls import Call, calls_for, needs_tell_apart
from pathfinder.graph.escalations.calls import Call as EscalationRequest
from pathfinder.graph.federation_tokens import started, token_sessions
from pathfinder.graph.further.registry import needs_of
from pathfinder.graph.hop import EscalationCall, Hop
from pathfinder.graph.object_lambda import GET_OBJECT, HOP, lambda_point_at, lambda_point_resource
from pathfinder.graph.outsiders import ANY_SERVICE, any_account_of, any_service
from pathfinder.graph.principals import ANONYMOUS, Actor, external_actor, service_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket

DELIVERED_BY = {
    "instance-profile": "ec2.amazonaws.com",
    "lambda-function": "lambda.amazonaws.com",
    "ecs-task": "ecs-tasks.amazonaws.com",
    "pod-identity": "pods.eks.amazonaws.com",
    "roles-anywhere": "rolesanywhere.amazonaws.com",
}
"""Hop kinds whose session a service starts, and that service (STS-40 to STS-45)."""


def caller_name(hop: Hop) -> str:
    """Who makes the hop's request: a principal's ARN, a service, a provider, or `anonymous`."""
    return hop.caller or DELIVERED_BY.get(hop.kind) or hop.source


_BY_PROVIDER = frozenset({"federated", "irsa", "identity-center"})
"""Hop kinds whose request an identity provider vouches for (STS-20, STS-44, STS-46)."""


def caller_of(world: World, hop: Hop) -> Actor | None:
    """The actor that makes the hop's request; None where nobody does, as with an access key that is held."""
    if not hop.actions:
        return None
    if hop.call is not None:
        return call_of(hop.call).actor
    if hop.now is not None:
        return world.changes[hop.now].actor
    name = caller_name(hop)
    if hop.kind in DELIVERED_BY:
        return service_actor(name)
    if hop.kind in _BY_PROVIDER:
        return world.provider_actor(name)
    if hop.source in world.actors:
        return world.actors[hop.source]
    if hop.source in world.sessions:
        return world.sessions[hop.source].actor
    if hop.source in grant_sessions(world):
        return grant_sessions(world)[hop.source].actor
    if hop.source in token_sessions(world):
        return token_sessions(world)[hop.source].actor
    if hop.source in world.changes:
        return world.changes[hop.source].actor
    if hop.source == ANONYMOUS.node.id:
        return ANONYMOUS
    return outside_actor(world, hop.source)


def call_of(call: EscalationCall) -> EscalationRequest:
    """What an escalation asks for in one of its calls, its caller filled in."""
    asked = call.asked
    assert isinstance(asked, EscalationRequest), call
    return asked


def outside_actor(world: World, node_id: str) -> Actor:
    """A principal of an account outside the snapshot, or an AWS service."""
    anybody = any_account_of(node_id, world.accounts)
    if anybody is not None:
        return anybody
    if node_id == ANY_SERVICE:
        return any_service()
    arn = parse_arn(node_id)
    return service_actor(node_id) if arn is None else external_actor(arn)


def asked_action(hop: Hop) -> str:
    """The action that the hop's request is about; of several that are open alike, the one that its witness has."""
    if hop.kind == HOP:
        return GET_OBJECT
    return hop.witness.action if hop.witness is not None else hop.actions[0]


def resource_of_hop(world: World, hop: Hop) -> Resource | None:
    """What the hop's request is about: a role, a bucket, or its objects, their keys open; None where neither.

    Through an access point, that one: the bucket is a further authorization of the call (S3-50).
    """
    if hop.call is not None:
        return call_of(hop.call).on
    changed = world.changes.get(hop.target)
    role = world.role_of(hop.target if changed is None else changed.base.id)
    if role is not None:
        return world.role_resource(role)
    return resource_of_action(world, hop, asked_action(hop)) if hop.actions else None


def resource_of_action(world: World, hop: Hop, action: str) -> Resource | None:
    """What an action of a hop that ends a route is done to; None for other hops."""
    objects = action in object_actions()
    if hop.kind == HOP:
        change, arn = world.changes.get(hop.now or hop.source), parse_arn(hop.through or "")
        behind = change.through if change is not None else None
        if arn is not None and (behind is None or behind.arn != arn):
            behind = lambda_point_at(world, arn)
        return lambda_point_resource(world, behind) if behind is not None else None
    if hop.through is not None:
        return _through_point(world, hop, objects=objects)
    granted = grant_sessions(world).get(hop.target)
    if granted is not None:
        return instance_resource(granted.instance)
    begun = token_sessions(world).get(hop.target)
    if begun is not None:
        return started(begun.arn)
    bucket = _bucket_of(world, hop)
    return None if bucket is None else world.bucket_resource(bucket, objects=objects)


def _bucket_of(world: World, hop: Hop) -> Bucket | None:
    """The bucket that the hop reaches, as it is once the hop's source has changed it."""
    change = world.changes.get(hop.now or hop.source)
    if change is not None and change.bucket is not None and str(change.bucket.arn) == hop.target:
        return change.bucket
    return bucket_of(world, hop.target)


def _through_point(world: World, hop: Hop, *, objects: bool) -> Resource | None:
    arn = parse_arn(hop.through or "")
    change = world.changes.get(hop.now or hop.source)
    point: Point | None = change.point if change is not None else None
    if point is None or str(point.arn) != hop.through:
        point = point_at(world, arn) if arn is not None else None
    if point is None:
        return None
    if change is not None and change.bucket is not None and change.point is not point:
        point = in_front_of(world, point, change.bucket)
    found = (each for each in buckets_behind(world, point) if bucket_node(world, each).id == hop.target)
    bucket = next(found, None)
    if bucket is None:
        return None
    return point_resource(world, point, bucket, objects=objects)


def further_calls(world: World, actor: Actor, hop: Hop, first: str) -> Iterator[Call]:
    """The calls of a hop that need further authorizations, one for all actions that need the same.

    `first`: the action whose call comes first.
    """
    seen: set[object] = set()
    for action in (first, *hop.actions):
        resource = resource_of_action(world, hop, action)
        names = needs_tell_apart(world, action, resource) if resource is not None else ()
        if resource is not None and names and names not in seen:
            seen.add(names)
            yield calls_for(world, actor, action, resource)


def with_what_is_needed(world: World, hop: Hop) -> Hop:
    """The hop with those further authorizations alone that its actions need, when it has been narrowed to some."""
    if not hop.also:
        return hop
    needed: set[str] = set()
    own = hop.witness.action if hop.witness is not None else ""
    for action in (asked_action(hop),) if hop.kind == HOP else hop.actions:
        resource = resource_of_action(world, hop, action)
        if resource is not None:
            needs = [need for need in needs_of(world, action, resource) if not need.unless_given]
            needed.update(own if need.action == action else need.action for need in needs)
            needed.update(each for need in needs for each in need.may_need)
    return replace(hop, also=tuple(each for each in hop.also if each.action in needed))
