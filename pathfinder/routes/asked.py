"""The request that somebody names in few words: who, on what, and in which context. Source: ux.md; TERM-5, VPCE-5."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pathfinder.authorization.request import Request
from pathfinder.authorization.scenario import read_caller, read_context, read_target
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.aws.arn import AccountId, Arn, parse_arn
from pathfinder.aws.condition_keys import spelling
from pathfinder.aws.s3_actions import access_point_actions, object_actions, s3_action, takes_no_resource
from pathfinder.aws.services import is_service_principal
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.access_points import point_resource, target_behind
from pathfinder.graph.bucket_nodes import bucket_of
from pathfinder.graph.bucket_tags import object_tags
from pathfinder.graph.calls import calls_for
from pathfinder.graph.graph import Graph
from pathfinder.graph.guarantees import NETWORK_KEYS
from pathfinder.graph.hop import Hop
from pathfinder.graph.node import NodeKind
from pathfinder.graph.principals import ANONYMOUS, CANONICAL, Actor, canonical_actor, service_actor
from pathfinder.graph.replay import actor_of, resource_of
from pathfinder.graph.requests import outside_actor, resource_of_hop
from pathfinder.graph.resource import Resource
from pathfinder.graph.unknown_buckets import uninventoried
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, all_of, present
from pathfinder.model.resources import Bucket
from pathfinder.policy.context import ABSENT, Context, KeyState
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.policy.resources import Target
from pathfinder.routes.lambda_names import authorized_as, lambda_asked
from pathfinder.routes.names import (
    UnknownNameError,
    matching_buckets,
    matching_nodes,
    matching_points,
    point_asked,
)


def actor_asked(graph: Graph, text: str, action: str) -> Actor:
    """Who makes the request. Raises UnknownNameError."""
    world = graph.world
    if text == "anonymous":
        return ANONYMOUS
    if text in world.actors:
        return world.actors[text]
    if text.startswith(CANONICAL) and text in graph.nodes:
        return canonical_actor(text.removeprefix(CANONICAL), "aws")
    if is_service_principal(text) and action.lower() != "sts:assumerolewithwebidentity":
        return service_actor(text)
    arn = parse_arn(text)
    if arn is not None:
        try:
            actor = actor_of(world, read_caller(text, action, Context(), None))
        except ScenarioError as error:
            raise UnknownNameError(str(error)) from None
        if arn.account not in world.accounts or actor.policies or actor.node.id in world.actors:
            return actor
    (node, *_) = matching_nodes(graph, text, several=False)
    if node.id in world.actors:
        return world.actors[node.id]
    if node.kind in (NodeKind.EXTERNAL, NodeKind.SERVICE):
        return outside_actor(world, node.id)
    raise UnknownNameError(f"{text} makes no requests of its own; name a user, a role or a root user")


def resource_asked(graph: Graph, actor: Actor, action: str, text: str) -> Resource:
    """What it is made on. Raises UnknownNameError."""
    world = graph.world
    if takes_no_resource(action) or text == "*":
        return Resource(Target(None, service=action.partition(":")[0].lower()), actor.account)
    arn = parse_arn(text)
    point = point_asked(graph, text) if action.lower() in access_point_actions() else None
    if point is not None:
        return _through_point(graph, actor, action, point)
    if action.lower().startswith("s3:") and (arn is None or (arn.service == "s3" and not arn.account)):
        return _in_bucket(graph, action, text)
    try:
        target = read_target(text, action)
    except ScenarioError as error:
        raise UnknownNameError(str(error)) from None
    owner = target.arn.account if target.arn is not None else None
    request = Request(actor.caller, action, target, owner or None, Context())
    found = resource_of(world, request)
    return found if found.policies else _with_what_is_unread(graph, action, found)


def through_object_lambda(world: World, action: str, text: str) -> tuple[str, str]:
    """What a call through an Object Lambda access point is authorized as, and on; other requests as they are.

    Raises UnknownNameError for a call that is not followed (S3-56).
    """
    asked = lambda_asked(world, text)
    if asked is None or not action.lower().startswith(("s3:", "s3-object-lambda:")):
        return action, text
    if asked.key is not None:
        reason = "requests name it without an object's key; the answer's condition says which objects"
        raise UnknownNameError(f"{asked.point.arn} is what calls through it are authorized on: {reason}")
    known = authorized_as(action)
    if known is None and s3_action(action) is not None and _is_data(action):
        raise UnknownNameError(
            f"{action} through an Object Lambda access point is not followed: GetObject alone is (S3-56)"
        )
    return known or action, str(asked.point.arn)


def _is_data(action: str) -> bool:
    """Whether it is done to a bucket or its objects, not to the access point itself."""
    return "accesspoint" not in action.lower()


def _through_point(graph: Graph, actor: Actor, action: str, arn: Arn) -> Resource:
    """The access point, or the objects through it; of several buckets behind it one that lets the request in."""
    world = graph.world
    found = []
    for point, bucket in matching_points(graph, arn):
        about = point_resource(world, point, bucket, objects=_on_objects(action))
        key = arn.resource.split("/", 3)[3] if arn.is_object_through_access_point else ""
        if key and not any(mark in key for mark in "*?") and _on_objects(action):
            own = replace(arn, resource=f"{point.arn.resource}/object/{key}")
            tags = object_tags(bucket, target_behind(own, bucket))
            about = replace(about, target=Target(own), object_tags=tags)
        found.append(about)
    if not found:
        raise UnknownNameError(f"no bucket is known behind access point {arn}")
    open_ = (each for each in found if calls_for(world, actor, action, each).allowed != FALSE)
    return found[0] if len(found) == 1 else next(open_, found[0])


def _with_what_is_unread(graph: Graph, action: str, found: Resource) -> Resource:
    """A role or key of which the snapshot need not know has a policy that nobody read. Raises UnknownNameError."""
    arn = found.target.arn
    if arn is None:
        return found
    account = graph.world.accounts.get(arn.account)
    known = account.known if account is not None else frozenset()
    if arn.is_role and action.lower().startswith("sts:"):
        if "iam" in known:
            matching_nodes(graph, str(arn), several=False)  # says what is near
        kind, name = PolicyKind.TRUST, "trust policy"
    elif arn.service == "kms" and arn.resource_type == "key" and "keys" not in known:
        kind, name = PolicyKind.KEY, "key policy"
    else:
        return found
    reason = f"account {arn.account} is not in the snapshot, or not wholly"
    return replace(found, policies=(Unread(kind, name, str(arn), reason),))


def _in_bucket(graph: Graph, action: str, text: str) -> Resource:
    """The bucket, one object, or its objects with their key open where the text says none or a pattern."""
    name, key = _bucket_and_key(graph.world, text)
    bucket = _bucket(graph, name)
    found = _of_bucket(graph.world, bucket, action)
    if not key or any(mark in f"{bucket.name}{key}" for mark in "*?") or not _on_objects(action):
        return found
    target = Target(replace(bucket.arn, resource=f"{bucket.name}/{key}"))
    return replace(graph.world.resource_at(bucket, target, unread=True), policies=found.policies)


def _bucket_and_key(world: World, text: str) -> tuple[str, str]:
    """The bucket and the object key in an ARN, `bucket/key` or `account/bucket/key`; the key may be empty."""
    if parse_arn(text) is not None:
        bucket, _, key = text.partition("/")
        return bucket, key
    first, _, rest = text.partition("/")
    if rest and (first in world.accounts or first in world.account_names.values()):
        bucket, _, key = rest.partition("/")
        return f"{first}/{bucket}", key
    return first, rest


def _of_bucket(world: World, bucket: Bucket, action: str) -> Resource:
    """The bucket or its objects; a bucket policy that is not known may say anything."""
    whole = world.bucket_resource(bucket, objects=_on_objects(action))
    found = world.resource_at(bucket, whole.target, unread=True)
    return replace(found, policies=(bucket.policy,)) if isinstance(bucket.policy, Unread) else found


def _bucket(graph: Graph, text: str) -> Bucket:
    """The bucket that the text names; where no inventory need hold it, any name of a bucket (TERM-5)."""
    world = graph.world
    try:
        (node, *_) = matching_buckets(graph, text)
    except UnknownNameError:
        arn = parse_arn(text)
        name = arn.resource if arn is not None else text
        lacking = uninventoried(world)
        if not lacking or not _BUCKET_NAME.match(name):
            raise
        partition = arn.partition if arn is not None else lacking[0].partition
        own = Arn(partition, "s3", "", "", name)
        reason = "the bucket is in no inventory of the snapshot"
        policy = Unread(PolicyKind.RESOURCE, "bucket policy", str(own), reason)
        return Bucket(own, AccountId(""), policy, unread=("Tagging", "Abac"))
    bucket = bucket_of(world, node.id)
    assert bucket is not None, node.id
    return bucket


_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z", re.ASCII)


def resource_at_end(world: World, hop: Hop, action: str) -> Resource:
    """What the last hop of a route is about: a bucket or its objects, or the access point in front of it."""
    if hop.through is not None:
        found = resource_of_hop(world, replace(hop, actions=(action,)))
        assert found is not None, hop.through
        return found
    return resource_of_node(world, hop.target, action)


def resource_of_node(world: World, node_id: str, action: str) -> Resource:
    """The bucket that a node stands for, or its objects, as the action asks."""
    bucket = bucket_of(world, node_id)
    assert bucket is not None, node_id
    return _of_bucket(world, bucket, action)


def _on_objects(action: str) -> bool:
    return any(name.lower() == action.lower() for name in object_actions())


def context_asked(
    world: World, actor: Actor, action: str, about: Resource, given: Mapping[str, str | list[str]]
) -> tuple[Mapping[str, KeyState], Context]:
    """The keys that are given, and the request's context with them. Raises UnknownNameError.

    A request comes from a public address or through an endpoint, never both (VPCE-5).
    """
    try:
        told = read_context(dict(given)).states
    except ScenarioError as error:
        raise UnknownNameError(str(error)) from None
    on_the_way = sorted(NETWORK_KEYS & told.keys())
    guaranteed = world.guarantees(action.partition(":")[0].lower())
    if satisfiable(all_of(*map(present, on_the_way)), guaranteed) is False:
        named = ", ".join(map(spelling, on_the_way))
        raise UnknownNameError(f"no request carries all of these keys: {named} (VPCE-5)")
    found = world.context(actor, action, about)
    fixed = {**found.states, **told}
    if any(key in told for key in _THROUGH_ENDPOINT):
        fixed["aws:sourceip"] = told.get("aws:sourceip", ABSENT)
    elif "aws:sourceip" in told:
        fixed.update(dict.fromkeys((*_THROUGH_ENDPOINT, *_OF_ENDPOINT), ABSENT))
    return told, Context(fixed, found.otherwise)


_THROUGH_ENDPOINT = ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip")
_OF_ENDPOINT = ("aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")
