"""One request decided step by step: which layers let it pass, which stop it, and what is missing.

Source: evaluation.md chapter 4, TERM-11; asks.md rank 16.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import RootUser, account_of
from pathfinder.authorization.decision import Decision, Layer, LayerKind, Strength
from pathfinder.authorization.request import Request
from pathfinder.authorization.scenario import ScenarioError, read_caller, read_context, read_target
from pathfinder.aws.arn import parse_arn
from pathfinder.aws.s3_actions import object_actions, takes_no_resource
from pathfinder.aws.services import is_service_principal
from pathfinder.graph.access import bucket_of
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop, Witness
from pathfinder.graph.principals import ANONYMOUS, Actor, service_actor
from pathfinder.graph.replay import actor_of, resource_of
from pathfinder.graph.settle import settle
from pathfinder.graph.world import Resource, World
from pathfinder.logic.formula import FALSE, TRUE, Formula, unknowns
from pathfinder.policy.context import ABSENT, Context
from pathfinder.policy.document import Effect
from pathfinder.policy.resources import Target
from pathfinder.routes.names import UnknownNameError, matching_buckets, matching_nodes
from pathfinder.routes.route import Query
from pathfinder.routes.search import graph_of, iter_routes


@dataclass(frozen=True, slots=True)
class Explanation:
    """A request and its decision, in the order of AWS's evaluation.

    `verdict`: `allow` (always), `explicit-deny`, `implicit-deny`, `depends` (under `condition`), or `unknown`.
    `blocking`: the layers that stop it, the first one first. `missing`: what would have to be there, both
    halves of a cross-account grant apart.
    """

    principal: str
    action: str
    resource: str
    decision: Decision
    verdict: str
    condition: Formula
    blocking: tuple[str, ...]
    missing: tuple[str, ...]
    witness: Witness | None
    gaps: tuple[str, ...]
    warnings: tuple[str, ...]
    hop: str | None = None


def explain_request(
    world: World,
    principal: str,
    action: str,
    resource: str,
    context: Mapping[str, str | list[str]] | None = None,
) -> Explanation:
    """Explain a request; keys that `context` gives are fixed, all others stay as open as they are.

    Raises UnknownNameError for a principal, action or resource that cannot be read.
    """
    graph = graph_of(world)
    if any(mark in action for mark in "*?") or ":" not in action:
        raise UnknownNameError(f"{action} names no single action; give one, such as s3:GetObject")
    actor = _actor(graph, principal, action)
    about = _resource(graph, actor, action, resource)
    return _explain(world, actor, action, about, resource, context or {})


def explain_route(world: World, route: str, query: Query) -> tuple[Explanation, ...]:
    """Explain each hop of a route, given by its id or its number among the query's routes. Raises UnknownNameError."""
    for number, found in enumerate(iter_routes(world, query), start=1):
        if found.id == route or str(number) == route:
            return tuple(_explain_hop(world, hop) for hop in found.hops if hop.actions)
    raise UnknownNameError(
        f"no route {route} among those that the query finds; `pathfinder routes` lists them"
    )


def _explain_hop(world: World, hop: Hop) -> Explanation:
    graph = graph_of(world)
    principal = "ec2.amazonaws.com" if hop.kind == "instance-profile" else hop.source
    actor = _actor(graph, principal, hop.actions[0])
    action = _telling_action(hop)
    if hop.kind == "access":
        about = _of_node(world, hop.target, action)
    else:
        about = _resource(graph, actor, action, hop.resources[-1])
    found = _explain(world, actor, action, about, hop.resources[-1], {})
    return replace(found, hop=hop.kind)


def _telling_action(hop: Hop) -> str:
    """The action that says most to a reader: reading before writing before the rest."""
    for name in ("s3:GetObject", "s3:PutObject", "s3:ListBucket"):
        if name in hop.actions:
            return name
    return hop.actions[0]


def _actor(graph: Graph, text: str, action: str) -> Actor:
    world = graph.world
    if text == "anonymous":
        return ANONYMOUS
    if text in world.actors:
        return world.actors[text]
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
    raise UnknownNameError(f"{text} makes no requests of its own; name a user, a role or a root user")


def _resource(graph: Graph, actor: Actor, action: str, text: str) -> Resource:
    world = graph.world
    if takes_no_resource(action) or text == "*":
        return Resource(Target(None, service=action.partition(":")[0].lower()), actor.account)
    arn = parse_arn(text)
    if action.lower().startswith("s3:") and (arn is None or arn.service == "s3"):
        return _in_bucket(graph, action, text)
    try:
        target = read_target(text, action)
    except ScenarioError as error:
        raise UnknownNameError(str(error)) from None
    owner = target.arn.account if target.arn is not None else None
    request = Request(actor.caller, action, target, owner or None, Context())
    return resource_of(world, request)


def _in_bucket(graph: Graph, action: str, text: str) -> Resource:
    """The bucket, one object, or its objects with their key open where the text says none or a pattern."""
    world = graph.world
    (node, *_) = matching_buckets(graph, text)
    arn = parse_arn(text)
    rest = (arn.resource if arn is not None else text).partition("/")[2]
    bucket = world.buckets.get(node.id)
    if bucket is None or not _on_objects(action) or not rest or any(mark in rest for mark in "*?"):
        return _of_node(world, node.id, action)
    return world.resource_at(bucket, Target(replace(bucket.arn, resource=f"{bucket.name}/{rest}")))


def _of_node(world: World, node_id: str, action: str) -> Resource:
    """The bucket that a node stands for, or its objects, as the action asks."""
    bucket = bucket_of(world, node_id)
    assert bucket is not None, node_id
    return world.bucket_resource(bucket, objects=_on_objects(action))


def _on_objects(action: str) -> bool:
    return any(name.lower() == action.lower() for name in object_actions())


def _explain(
    world: World,
    actor: Actor,
    action: str,
    about: Resource,
    resource: str,
    given: Mapping[str, str | list[str]],
) -> Explanation:
    open_context = world.context(actor, action, about)
    try:
        told = read_context(dict(given))
    except ScenarioError as error:
        raise UnknownNameError(str(error)) from None
    fixed = {**open_context.states, **told.states}
    if "aws:sourcevpce" in told.states:
        fixed["aws:sourceip"] = told.states.get("aws:sourceip", ABSENT)
    context = Context(fixed, open_context.otherwise)
    decision = world.decide(actor, action, about, context)
    settled = settle(world, actor, action, about, decision.allowed, given=told.states)
    denied = settle(world, actor, action, about, decision.denied, given=told.states)
    if settled is None:
        condition: Formula = FALSE
        verdict = "explicit-deny" if decision.denied == TRUE else "implicit-deny"
        if decision.denied != FALSE and verdict == "implicit-deny" and _granted_but_denied(decision):
            verdict = "explicit-deny"
        if unknowns(decision.allowed) and denied is not None and denied.gaps:
            verdict = "unknown" if verdict == "implicit-deny" else verdict
    else:
        condition = settled.condition
        verdict = "allow" if condition == TRUE else "depends"
        if settled.gaps and not settled.certain:
            verdict = "unknown"
    return Explanation(
        principal=actor.node.id,
        action=action,
        resource=resource,
        decision=decision,
        verdict=verdict,
        condition=condition,
        blocking=tuple(_blocking(actor, about, decision)) if settled is None else (),
        missing=tuple(_missing(actor, about, decision)) if settled is None else (),
        witness=settled.witness if settled else None,
        gaps=settled.gaps if settled else tuple(unknowns(decision.allowed)),
        warnings=decision.warnings,
    )


def _granted_but_denied(decision: Decision) -> bool:
    """Whether something grants, so that the Denies are what stops the request."""
    grants = [
        layer
        for layer in decision.layers
        if layer.kind in (LayerKind.RESOURCE, LayerKind.IDENTITY) and layer.applies
    ]
    return any(layer.allows != FALSE for layer in grants)


def _blocking(actor: Actor, about: Resource, decision: Decision) -> Iterable[str]:
    """The layers that stop the request, in AWS's order: explicit denies first, then what does not allow."""
    for layer in decision.layers:
        if layer.applies and layer.denies == TRUE:
            yield f"{_named(layer)}: explicit deny by {_denying(layer, always=True)}"
    for layer in decision.layers:
        if (
            not layer.applies
            or layer.allows != FALSE
            or layer.kind in (LayerKind.RESOURCE, LayerKind.IDENTITY)
        ):
            continue
        yield f"{_named(layer)}: {layer.note or 'no statement allows it'}"
    yield from _missing(actor, about, decision)
    for layer in decision.layers:
        if layer.applies and layer.denies not in (TRUE, FALSE):
            yield f"{_named(layer)}: explicit deny, under a condition, by {_denying(layer, always=False)}"


def _missing(actor: Actor, about: Resource, decision: Decision) -> Iterable[str]:
    """Which half of the grant is not there (EVAL-12, EVAL-20)."""
    resource = _layer(decision, LayerKind.RESOURCE)
    identity = _layer(decision, LayerKind.IDENTITY)
    if resource is None or identity is None:
        return
    account = account_of(actor.caller)
    name = _resource_policy_name(about)
    if account is None:
        if resource.allows == FALSE:
            yield f"the {name} does not allow it"
        return
    if account != about.account:
        sides = (
            ("the identity side", isinstance(actor.caller, RootUser) or identity.allows != FALSE),
            (f"the {name}", resource.allows != FALSE),
        )
        if all(allows for _, allows in sides):
            return
        yield "; ".join(f"{side} {'allows' if allows else 'does not'}" for side, allows in sides) + (
            " (cross-account: both must allow)"
        )
        return
    strengths = {match.strength for match in resource.matches}
    if identity.allows == FALSE and not strengths & {Strength.DIRECT, Strength.ROLE}:
        delegated = " (it names the account, which only switches identity policies on)" if strengths else ""
        yield f"neither an identity policy nor the {name} allows it{delegated}"
    elif identity.allows != FALSE and resource.allows == FALSE and name in ("trust policy", "key policy"):
        yield f"the identity side allows; the {name} does not (it must)"


def _layer(decision: Decision, kind: LayerKind) -> Layer | None:
    return next((layer for layer in decision.layers if layer.kind is kind), None)


def _resource_policy_name(about: Resource) -> str:
    arn = about.target.arn
    if arn is not None and arn.is_role:
        return "trust policy"
    if arn is not None and arn.service == "kms":
        return "key policy"
    return "bucket policy"


def _named(layer: Layer) -> str:
    return f"{layer.kind.value} at {layer.level}" if layer.level else layer.kind.value


def _denying(layer: Layer, *, always: bool) -> str:
    """The Deny statements that match in every case, or those that match under a condition."""
    found = [
        f"{match.statement} of {match.policy}"
        for match in layer.matches
        if match.effect is Effect.DENY and (match.condition == TRUE) is always
    ]
    return ", ".join(dict.fromkeys(found)) or "a statement"
