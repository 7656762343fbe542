"""One request decided step by step: which layers let it pass, which stop it, and what is missing.

Source: evaluation.md chapter 4, TERM-11; asks.md rank 16.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import (
    FederatedUser,
    RoleSession,
    RootUser,
    account_of,
    caller_text,
)
from pathfinder.authorization.decision import Decision, Layer, LayerKind, Strength
from pathfinder.authorization.objects import owner_text
from pathfinder.graph.calls import Authorization, Call, blocks, calls_for
from pathfinder.graph.escalations.calls import Call as EscalationRequest
from pathfinder.graph.hop import Hop, Witness
from pathfinder.graph.hops.registry import ends_route
from pathfinder.graph.object_lambda import GET_OBJECT, HOP
from pathfinder.graph.principals import Actor
from pathfinder.graph.requests import caller_of, resource_of_hop
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, rewrite, unknowns
from pathfinder.policy.context import Context, KeyState
from pathfinder.policy.document import Effect
from pathfinder.routes.along import depends_on_session, joined
from pathfinder.routes.asked import (
    actor_asked,
    context_asked,
    resource_asked,
    resource_at_end,
    through_object_lambda,
)
from pathfinder.routes.closed_keys import why_closed
from pathfinder.routes.names import UnknownNameError, checked_action
from pathfinder.routes.nearest import nearest_way
from pathfinder.routes.nearest_answer import Nearest
from pathfinder.routes.route import Query
from pathfinder.routes.search import graph_of, iter_blocked, iter_routes


@dataclass(frozen=True, slots=True)
class Explanation:
    """A request and its decision, in the order of AWS's evaluation.

    `verdict`: `allow` (always), `explicit-deny`, `implicit-deny`, `depends` (under `condition`), or `unknown`.
    `principal` and `resource`: by their ARNs, however they were named. `blocking`: the layers that stop it, the
    first one first. `missing`: what would have to be there, both halves of a cross-account grant apart.
    `nearest`: the fewest changes that open it; None where it is allowed, and for the hops of a route.
    `decision` is on the request itself; `further`: the further authorizations that the same call needs, each
    explained; verdict, condition, `blocking` and `missing` are those of all together (TERM-2). `when`: of a further
    one, whether the call needs it. `blocked`: what closes it although all else lets it, such as a key (KMS-13).
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
    nearest: Nearest | None = None
    further: tuple[Explanation, ...] = ()
    when: Formula = TRUE
    blocked: str | None = None


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
    checked_action(action)
    action, resource = through_object_lambda(world, action, resource)
    actor = actor_asked(graph, principal, action)
    about = resource_asked(graph, actor, action, resource)
    told, asked = context_asked(world, actor, action, about, context or {})
    found = _explain(world, actor, action, about, told, asked)
    if _closed_to_sessions(world, actor, about, found):
        warning = "nobody can start a session of this role that carries what the condition asks for"
        why = _key_of_sessions(world, actor, about, found, asked)
        found = replace(found, warnings=(*found.warnings, warning), blocked=why)
    if _object_owner(about) is not None:  # nothing that the bucket's owner changes opens its object (S3-4)
        return found
    return replace(found, nearest=nearest_way(world, actor, action, about, asked, told))


def _closed_to_sessions(world: World, actor: Actor, about: Resource, found: Explanation) -> bool:
    """Whether a role's sessions would have to carry something that nobody can give them (STS-9, STS-25, TERM-8)."""
    session = actor.caller.session if isinstance(actor.caller, RoleSession) else None
    name = session if isinstance(session, str) else None
    hangs_on_it = depends_on_session(found.condition) or (name is not None and found.condition != FALSE)
    if actor.node.id not in world.roles or not hangs_on_it:
        return False
    target = about.target.arn
    if target is None:
        return False
    is_role = str(target) in world.roles
    if target.service not in ("s3", "iam"):
        return False
    point = about.through if target.is_access_point else None
    bucket = str(point.bucket) if point else f"arn:{target.partition}:s3:::{target.bucket_name}"
    hop = Hop(
        "assume-role" if is_role else "access-point" if point else "access",
        actor.node.id,
        str(target) if is_role else bucket,
        found.condition,
        (found.action,),
        (found.resource,),
        witness=found.witness,
        through=str(point.arn) if point else None,
        blocked=found.blocked,
    )
    return joined(world, (hop,), name) is None


def _key_of_sessions(
    world: World, actor: Actor, about: Resource, found: Explanation, context: Context
) -> str | None:
    """What the key alone asks of the session that nobody can give it; None where the rest asks for such as well."""
    call = calls_for(world, actor, found.action, about, context)
    settled = settle(world, actor, found.action, about, call.but_for_blocks) if blocks(call) else None
    if settled is None:
        return None
    why = "; ".join(why_closed(world, call, TRUE))
    but_for_keys = replace(found, condition=settled.condition, witness=settled.witness, blocked=why)
    return None if _closed_to_sessions(world, actor, about, but_for_keys) else why


def explain_route(world: World, route: str, query: Query) -> tuple[Explanation, ...]:
    """Explain each hop of a route, given by its id or its number among the query's routes. Raises UnknownNameError."""
    for number, found in enumerate(iter_routes(world, query), start=1):
        if found.id == route or str(number) == route:
            return tuple(each for hop in found.hops if hop.actions for each in _explained(world, hop))
    for found in iter_blocked(world, query):
        if found.id == route:
            return tuple(each for hop in found.hops if hop.actions for each in _explained(world, hop))
    raise UnknownNameError(
        f"no route {route} among those that the query finds; `pathfinder routes` lists them"
    )


def _explained(world: World, hop: Hop) -> Iterator[Explanation]:
    """The hop's request, or each call that an escalation needs."""
    if hop.escalation is None:
        yield _explain_hop(world, hop)
        return
    told = (f"{hop.escalation.rule}: {hop.escalation.change}", *hop.escalation.notes)
    for call in hop.escalation.calls:
        asked = call.asked
        assert isinstance(asked, EscalationRequest), call
        assert asked.actor is not None, call
        known = world.context(asked.actor, asked.action, asked.on)
        context = Context({**known.states, **asked.given}, known.otherwise)
        found = _explain(world, asked.actor, asked.action, asked.on, asked.given, context)
        yield replace(
            found, resource=call.resource, hop=hop.kind, warnings=(*found.warnings, *told, *hop.gaps)
        )


def _explain_hop(world: World, hop: Hop) -> Explanation:
    graph = graph_of(world)
    actor = caller_of(world, hop) or actor_asked(graph, hop.source, hop.actions[0])
    action = _telling_action(hop)
    if ends_route(hop.kind):
        change = world.changes.get(hop.source)
        parts = () if change is None else (change.bucket, change.point, change.through)
        changed = any(each is not None for each in parts)
        about = _changed(world, hop, action) if changed else resource_at_end(world, hop, action)
    else:
        about = resource_asked(graph, actor, action, hop.resources[-1])
    known, given = world.context(actor, action, about), dict(hop.given)
    context = Context({**known.states, **given}, known.otherwise)
    found = _explain(world, actor, action, about, given, context)
    return replace(
        found,
        resource=hop.through or hop.resources[-1],
        hop=hop.kind,
        warnings=(*found.warnings, *hop.notes),
        blocked=hop.blocked,
    )


def _changed(world: World, hop: Hop, action: str) -> Resource:
    """The bucket as an escalation has changed it."""
    found = resource_of_hop(world, replace(hop, actions=(action,)))
    assert found is not None, hop.target
    return found


def _telling_action(hop: Hop) -> str:
    """The action that says most to a reader: reading before writing before the rest."""
    if hop.kind == HOP:
        return GET_OBJECT
    for name in ("s3:GetObject", "s3:PutObject", "s3:ListBucket"):
        if name in hop.actions:
            return name
    return hop.actions[0]


def _explain(
    world: World,
    actor: Actor,
    action: str,
    about: Resource,
    told: Mapping[str, KeyState],
    context: Context,
) -> Explanation:
    call = calls_for(world, actor, action, about, context)
    own = _of_one(world, actor, action, about, call.decision, told)
    if not call.further:
        return own
    further = tuple(_of_further(world, call, each) for each in call.further if _is_told(each))
    settled = settle(world, actor, action, about, call.allowed, given=told, call=call)
    if settled is not None:
        unsure = settled.gaps and not settled.certain
        return replace(
            own,
            verdict="unknown" if unsure else "allow" if settled.condition == TRUE else "depends",
            condition=settled.condition,
            blocking=(),
            missing=(),
            witness=settled.witness,
            gaps=settled.gaps,
            further=further,
        )
    stopped = [each for each in (own, *further) if each.condition == FALSE]
    of_key = blocks(call) and settle(world, actor, action, about, call.but_for_blocks, given=told) is not None
    apart = () if stopped else ("what its authorizations ask for cannot hold together",)
    return replace(
        own,
        verdict=next((each.verdict for each in stopped), "implicit-deny"),
        condition=FALSE,
        blocking=(
            *own.blocking,
            *(_named_by(each, text) for each in further for text in each.blocking),
            *apart,
        ),
        missing=(*own.missing, *(_named_by(each, text) for each in further for text in each.missing)),
        witness=None,
        gaps=tuple(dict.fromkeys((*own.gaps, *(gap for each in further for gap in each.gaps)))),
        further=further,
        blocked="; ".join(why_closed(world, call, TRUE)) if of_key else None,
    )


def _is_told(further: Authorization) -> bool:
    """Whether it takes part: of things that a caller could name in the request, those that open, or that it names."""
    return further.when == TRUE or (
        further.when != FALSE and not (further.need.named and further.allowed == FALSE)
    )


def _named_by(further: Explanation, text: str) -> str:
    return f"{further.action} on {further.resource}: {text}"


def _of_further(world: World, call: Call, further: Authorization) -> Explanation:
    """One further authorization, in the context that it has in this call."""
    need = further.need
    found = _of_one(
        world,
        call.actor,
        need.action,
        need.resource,
        replace(further.decision, allowed=further.allowed, denied=further.denied),
        further.context.states,
    )
    nearest = None
    if found.condition == FALSE:
        asked = (need.action, need.resource, further.context, further.context.states)
        nearest = nearest_way(world, call.actor, *asked)
    return replace(
        found, gaps=tuple(dict.fromkeys((*found.gaps, *need.gaps))), nearest=nearest, when=further.when
    )


def _of_one(
    world: World,
    actor: Actor,
    action: str,
    about: Resource,
    decision: Decision,
    told: Mapping[str, KeyState],
) -> Explanation:
    settled = settle(world, actor, action, about, decision.allowed, given=told)
    denied = settle(world, actor, action, about, decision.denied, given=told)
    if settled is None:
        condition: Formula = FALSE
        verdict = "explicit-deny" if decision.denied == TRUE else "implicit-deny"
        if _as_known(decision.denied) != FALSE and _granted_but_denied(decision):
            verdict = "explicit-deny"
        if unknowns(decision.allowed) and denied is not None and denied.gaps:
            verdict = "unknown" if verdict == "implicit-deny" else verdict
    else:
        condition = settled.condition
        verdict = "allow" if condition == TRUE else "depends"
        if settled.gaps and not settled.certain:
            verdict = "unknown"
    return Explanation(
        principal=_principal_text(actor),
        action=action,
        resource=_resource_text(about),
        decision=decision,
        verdict=verdict,
        condition=condition,
        blocking=tuple(_blocking(actor, about, decision)) if settled is None else (),
        missing=tuple(_missing(actor, about, decision)) if settled is None else (),
        witness=settled.witness if settled else None,
        gaps=settled.gaps if settled else tuple(unknowns(decision.allowed)),
        warnings=decision.warnings,
    )


def _principal_text(actor: Actor) -> str:
    """The principal's ARN; a session's own where the request is about one session."""
    caller = actor.caller
    named = isinstance(caller, RoleSession) and isinstance(caller.session, str)
    return caller_text(caller) if named or isinstance(caller, FederatedUser) else actor.node.id


def _resource_text(about: Resource) -> str:
    """The resource's ARN; of objects whose key is open, the pattern of all of them."""
    target = about.target
    if target.arn is None:
        return "*"
    if target.open_prefix is None:
        return str(target.arn)
    return str(replace(target.arn, resource=f"{target.open_prefix}*"))


_GRANTING = (LayerKind.RESOURCE, LayerKind.ACL, LayerKind.IDENTITY, LayerKind.GRANT)


def _granted_but_denied(decision: Decision) -> bool:
    """Whether something grants, so that the Denies are what stops the request."""
    grants = [layer for layer in decision.layers if layer.kind in _GRANTING and layer.applies]
    return any(_as_known(layer.allows) != FALSE for layer in grants)


def _as_known(formula: Formula) -> Formula:
    """What is certain of it: whatever is unknown is taken not to be."""
    return rewrite(formula, lambda leaf: FALSE if isinstance(leaf, Unknown) else leaf)


def _blocking(actor: Actor, about: Resource, decision: Decision) -> Iterable[str]:
    """The layers that stop the request, in AWS's order: explicit denies first, then what does not allow."""
    for layer in decision.layers:
        if layer.applies and layer.denies == TRUE:
            yield f"{_named(layer)}: explicit deny by {_denying(layer, always=True)}"
    for layer in decision.layers:
        if not layer.applies or layer.allows != FALSE or layer.kind in _GRANTING:
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
    owner = _object_owner(about)
    if owner is not None and resource.note:
        yield f"{owner_text(owner)} owns it: its ACL, or an identity policy of that account, must allow it (S3-4)"
        return
    if account is None:
        if resource.allows == FALSE:
            yield f"the {name} does not allow it"
        return
    acl = _layer(decision, LayerKind.ACL)
    by_acl = acl is not None and acl.allows != FALSE
    if account != about.account:
        sides = (
            ("the identity side", isinstance(actor.caller, RootUser) or identity.allows != FALSE),
            ("an ACL" if by_acl else f"the {name}", by_acl or resource.allows != FALSE),
        )
        if all(allows for _, allows in sides):
            return
        if not any(allows for _, allows in sides):
            yield f"neither the identity side nor the {name} allows it (cross-account: both must)"
            return
        yield "; ".join(f"{side} {'allows' if allows else 'does not'}" for side, allows in sides) + (
            " (cross-account: both must allow)"
        )
        return
    strengths = {match.strength for match in (*resource.matches, *(acl.matches if acl else ()))}
    if identity.allows == FALSE and not strengths & {Strength.DIRECT, Strength.ROLE}:
        delegated = " (it names the account, which only switches identity policies on)" if strengths else ""
        yield f"neither an identity policy nor the {name} allows it{delegated}"
    elif identity.allows != FALSE and resource.allows == FALSE and name in ("trust policy", "key policy"):
        yield f"the identity side allows; the {name} does not (it must)"


def _object_owner(about: Resource) -> str | None:
    """Who owns the object, where that is certain and not the bucket's owner (S3-4)."""
    arn = about.target.arn
    if arn is None or not arn.is_object or about.target.open_prefix is not None:
        return None
    key = arn.resource.partition("/")[2]
    found = (each.owner for each in about.acls.foreign_objects if key in each.keys and each.counts == TRUE)
    return next(found, None)


def _layer(decision: Decision, kind: LayerKind) -> Layer | None:
    return next((layer for layer in decision.layers if layer.kind is kind), None)


def _resource_policy_name(about: Resource) -> str:
    arn = about.target.arn
    if arn is not None and arn.is_role:
        return "trust policy"
    if arn is not None and arn.service == "kms":
        return "key policy"
    return "access point policy" if arn is not None and arn.is_access_point else "bucket policy"


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
