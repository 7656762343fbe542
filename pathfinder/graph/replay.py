"""Complete requests in a world: scenarios without policies, and witnesses played again.

Source: interfaces.md "Scenario"; design idea 3: a witness is allowed when it is replayed.
"""

from __future__ import annotations

from dataclasses import replace

from pathfinder.authorization.caller import (
    Anonymous,
    Caller,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    UserCaller,
    account_of,
)
from pathfinder.authorization.decide import decide
from pathfinder.authorization.decision import Decision
from pathfinder.authorization.request import Endpoint, Policies, Request
from pathfinder.authorization.rules import DATA_ACCESS_POINT
from pathfinder.authorization.scenario import read_request
from pathfinder.aws.arn import parse_arn
from pathfinder.graph.access_grants import grant_sessions, instance_at, instance_resource
from pathfinder.graph.access_points import (
    Point,
    buckets_behind,
    in_front_of,
    point_at,
    point_resource,
    requested_behind,
)
from pathfinder.graph.changes import Change
from pathfinder.graph.federation_tokens import token_sessions
from pathfinder.graph.hop import EscalationCall, Hop, Witness
from pathfinder.graph.keys import key_resource
from pathfinder.graph.object_lambda import (
    INVOKE,
    function_resource,
    lambda_point_at,
    lambda_point_resource,
)
from pathfinder.graph.principals import (
    ANONYMOUS,
    Actor,
    external_actor,
    root_of,
    service_actor,
)
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.policy.context import Values
from pathfinder.policy.document import SomePolicy


def actor_of(world: World, caller: Caller) -> Actor:
    """The actor that a complete request's caller is in this world, with its policies."""
    match caller:
        case Anonymous():
            return ANONYMOUS
        case ServiceCaller(name):
            return service_actor(name)
        case IdentityProviderCaller(provider):
            return world.provider_actor(provider)
        case RootUser(arn):
            return world.actors.get(str(arn)) or root_of(arn.account, arn.partition, external=True)
        case UserCaller(arn):
            found = world.actors.get(str(arn))
            return replace(found, caller=caller) if found else external_actor(arn)
        case FederatedUser(arn, user):
            found = world.actors.get(str(user)) if user else None
            return _made_by(found, caller) if found else replace(external_actor(arn), caller=caller)
        case RoleSession(role):
            return _session_actor(world, caller, str(role))


def _made_by(user: Actor, caller: FederatedUser) -> Actor:
    """The session of a user, whose tags are not followed into it."""
    return replace(user, caller=caller, tags={})


def _session_actor(world: World, caller: RoleSession, role_text: str) -> Actor:
    """The role by its ARN, or by account and name where only the session is known (TERM-9)."""
    found = world.actors.get(role_text)
    if found is None and not caller.path_known:
        for actor in world.actors_by_account.get(caller.role.account, ()):
            if actor.node.id in world.roles and actor.node.label == caller.role.name:
                found = actor
    if found is None:
        return replace(external_actor(caller.role), caller=caller)
    assert isinstance(found.caller, RoleSession)
    known = replace(
        found.caller, session=caller.session, unique_id=found.caller.unique_id or caller.unique_id
    )
    return replace(found, caller=known)


def resource_of(world: World, request: Request) -> Resource:
    """The requested resource with its owner and policies, as the snapshot knows them."""
    arn = request.target.arn
    if arn is None:
        return Resource(request.target, account_of(request.caller))
    point = _point_of(world, request)
    if point is not None:
        found = _through_point(world, point, request)
        if found is not None:
            return replace(found, target=request.target)
    instance = instance_at(world, arn) if arn.resource.startswith("access-grants/") else None
    if instance is not None:
        return instance_resource(instance)
    if arn.service == "s3" and (arn.is_bucket or arn.is_object):
        bucket = world.buckets.get(f"arn:{arn.partition}:s3:::{arn.bucket_name}")
        if bucket is not None:
            return world.resource_at(bucket, request.target, unread=True)
        return Resource(request.target, request.resource_account)
    of_lambda = lambda_point_at(world, arn) if arn.service == "s3-object-lambda" else None
    if of_lambda is not None:
        return lambda_point_resource(world, of_lambda)
    if arn.service == "lambda" and request.action == INVOKE:
        return function_resource(world, arn)
    if arn.is_role and str(arn) in world.roles:
        return world.role_resource(world.roles[str(arn)])
    if arn.service == "kms" and arn.resource_type == "key":
        return key_resource(world, arn, request.resource_account)
    return Resource(request.target, request.resource_account)


def _point_of(world: World, request: Request) -> Point | None:
    """The access point that the request goes through: the one asked, or the one that its context names (S3-50)."""
    arn = request.target.arn
    if arn is not None and arn.is_access_point:
        return point_at(world, arn)
    state = request.context.state(DATA_ACCESS_POINT)
    named = parse_arn(state.values[0]) if isinstance(state, Values) and len(state.values) == 1 else None
    return point_at(world, named) if named is not None else None


def _through_point(world: World, point: Point, request: Request) -> Resource | None:
    """The access point, or a bucket behind it; None for another bucket."""
    arn = request.target.arn
    assert arn is not None
    for bucket in buckets_behind(world, point):
        if arn.is_access_point:
            return point_resource(world, point, bucket, objects=False)
        if arn.bucket_name == bucket.name:
            return requested_behind(world, point, bucket, request.target)
    return None


def session_at(world: World, node_id: str) -> tuple[SomePolicy, ...] | None:
    """The session policies of the sessions that a node stands for; None where they have none."""
    if node_id in world.sessions:
        return world.sessions[node_id].actor.session
    begun = token_sessions(world).get(node_id)
    if begun is not None:
        return begun.actor.session
    granted = grant_sessions(world).get(node_id)
    return granted.actor.session if granted is not None else None


def policies_of_request(
    world: World,
    request: Request,
    change: Change | None = None,
    session: tuple[SomePolicy, ...] | None = None,
) -> tuple[Request, Policies]:
    """A complete request with what the snapshot adds to it: owner, and all policies that apply.

    `change`: what has been changed before, for a principal or a bucket (ESC-4). `session`: the session policies of
    the session that makes it.
    """
    actor = actor_of(world, request.caller)
    if session is not None and isinstance(actor.caller, RoleSession | FederatedUser):
        actor = replace(actor, session=session)
    resource = resource_of(world, request)
    if change is not None and _is_changed(world, actor, change):
        actor = replace(change.actor, caller=actor.caller)
        arn = request.target.arn
        if change.bucket is not None and arn is not None and arn.bucket_name == change.bucket.name:
            resource = world.resource_at(change.bucket, request.target)
        if change.through is not None and arn == change.through.arn:
            resource = lambda_point_resource(world, change.through)
        through = _changed_point(world, change, request)
        found = _through_point(world, through, request) if through is not None else None
        if found is not None:
            resource = replace(found, target=request.target)
        key = world.changed_key(change.bucket) if change.bucket is not None else None
        if key is not None and arn == key.arn:
            resource = key_resource(world, key.arn, changed=key)
    policies = world.policies(actor, request.action, resource)
    owner = resource.account if resource.account is not None else request.resource_account
    told = replace(request, caller=actor.caller, resource_account=owner)
    return told, replace(policies, endpoints=_endpoint(policies.endpoints, request))


def _changed_point(world: World, change: Change, request: Request) -> Point | None:
    """The access point that the request goes through, if it or the bucket behind it has been changed."""
    if change.point is not None and _goes_through(change.point, request):
        return change.point
    known = _point_of(world, request) if change.bucket is not None else None
    return None if known is None or change.bucket is None else in_front_of(world, known, change.bucket)


def _goes_through(point: Point, request: Request) -> bool:
    arn = request.target.arn
    if arn is not None and arn.is_access_point:
        return str(arn.own_access_point) == str(point.arn)
    state = request.context.state(DATA_ACCESS_POINT)
    return isinstance(state, Values) and state.values == (str(point.arn),)


def _is_changed(world: World, actor: Actor, change: Change) -> bool:
    """Whether the change is about this caller: the principal, a session of it, or it without its signature."""
    unsigned = isinstance(actor.caller, Anonymous) and isinstance(change.actor.caller, Anonymous)
    session = world.sessions.get(change.base.id)
    own = change.base.id if session is None else str(session.role.arn)
    return unsigned or actor.node.id == own


def _endpoint(endpoints: tuple[Endpoint, ...], request: Request) -> tuple[Endpoint, ...]:
    """The endpoint that the request travels through alone."""
    state = request.context.state("aws:sourcevpce")
    used = state.values if isinstance(state, Values) else ()
    return tuple(endpoint for endpoint in endpoints if endpoint.id in used)


def decide_request(
    world: World,
    request: Request,
    change: Change | None = None,
    session: tuple[SomePolicy, ...] | None = None,
) -> Decision:
    """Decide a complete request with the snapshot's policies, as far as they have not been changed."""
    told, policies = policies_of_request(world, request, change, session)
    return decide(told, policies, world.compiler)


def request_of_witness(witness: Witness) -> Request:
    """A witness as a complete request."""
    by = {} if witness.federated_by is None else {"federated_by": witness.federated_by}
    return read_request(
        {
            **by,
            "principal": witness.principal,
            "action": witness.action,
            "resource": witness.resource,
            "resource_account": witness.resource_account,
            "context": {
                key: value if isinstance(value, str) else list(value)
                for key, value in witness.context.items()
            },
        }
    )


def policies_of_witness(world: World, witness: Witness) -> Policies:
    """All policies that apply to a witness."""
    return policies_of_request(world, request_of_witness(witness))[1]


def decide_call(world: World, call: EscalationCall, witness: Witness) -> Decision | None:
    """Decide a complete request of an escalation's call; None where all policies are the snapshot's (ESC-4)."""
    if call.policies is None:
        return None
    request = request_of_witness(witness)
    told, _ = policies_of_request(world, request)
    policies = replace(call.policies, endpoints=_endpoint(call.policies.endpoints, request))
    return decide(told, policies, world.compiler)


def policies_of_hop(world: World, hop: Hop, witness: Witness) -> Policies:
    """All policies that apply to a witness of this hop, as they are once earlier hops and calls have changed them."""
    request = request_of_witness(witness)
    for call in hop.escalation.calls if hop.escalation is not None else ():
        own = call.witness is not None and replace(call.witness, action=witness.action) == witness
        if own and call.policies is not None:
            return replace(call.policies, endpoints=_endpoint(call.policies.endpoints, request))
    change, session = world.changes.get(hop.source), session_at(world, hop.source)
    return policies_of_request(world, request, change, session)[1]
