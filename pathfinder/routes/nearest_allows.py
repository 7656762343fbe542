"""How a layer that does not allow a request can be made to: a statement more, or one that lacks a single thing.

Source: evaluation.md EVAL-3, EVAL-10 to EVAL-23, EVAL-50, ORG-3, VPCE-1, STS-1 to STS-5, STS-21.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pathfinder.authorization.caller import RoleSession, UserCaller
from pathfinder.authorization.decision import LayerKind, Strength
from pathfinder.authorization.evaluate import ask, by_principal
from pathfinder.authorization.principals import PrincipalScene
from pathfinder.authorization.public import is_public
from pathfinder.logic.formula import FALSE, Formula, any_of
from pathfinder.policy.compile import Compiler
from pathfinder.policy.context import Values
from pathfinder.policy.document import ConditionEntry, Document, Effect, Policy, PolicyKind, Statement, Unread
from pathfinder.policy.operators.registry import read_operator
from pathfinder.routes.nearest_change import AddStatement, Amend, AmendStatement, Change, Json, Place, TurnOff
from pathfinder.routes.nearest_conditions import Known, covering, hitting
from pathfinder.routes.nearest_parts import Part
from pathfinder.routes.nearest_scene import Scene, places_of, policies_at
from pathfinder.routes.nearest_settings import refuses_public_policies
from pathfinder.routes.nearest_statements import (
    as_json,
    condition_json,
    narrowest,
    principal_form,
    resource_text,
    with_action,
    with_principal,
    with_resource,
    with_values,
    without_values,
)
from pathfinder.routes.nearest_words import (
    aws_managed,
    holder_of,
    policy_words,
    resource_policy_kind,
    statement_words,
)

MOST_STATEMENTS = 400
"""Allow statements of one layer that are looked at for one that lacks a single thing."""


def grants(scene: Scene, part: Part, known: Known) -> Iterator[Change]:
    """Changes that may make the layer allow; whether each does is for the decision to say."""
    if part.layer is LayerKind.PUBLIC_ACCESS:
        yield from _setting(part)
        return
    near = list(_near_misses(scene, part, known))
    yield from (change for change, narrow in near if narrow)
    yield from _more(scene, part)
    yield from (change for change, narrow in near if not narrow)


def _setting(part: Part) -> Iterator[Change]:
    setting = part.level
    if setting is not None:
        words = f"turn RestrictPublicBuckets off in {setting} (BPA-5): this is wider than this one request"
        yield Change("setting", part.layer, setting, words, TurnOff(setting), attached_to=setting)


# ---- one statement more ----------------------------------------------------------------------------------


def why_fixed(scene: Scene, layer: LayerKind) -> str | None:
    """Why nobody can add a statement to this layer, or None."""
    caller, arn = scene.request.caller, scene.request.target.arn
    if layer in (LayerKind.IDENTITY, LayerKind.BOUNDARY):
        if isinstance(caller, RoleSession) and caller.service_linked:
            return "the permissions of a service-linked role are fixed (EVAL-50)"
        return None
    if layer is not LayerKind.RESOURCE:
        return None
    kind = resource_policy_kind(scene)
    if kind is None or arn is None:
        return f"no policies of {scene.request.service} resources are known to pathfinder (EVAL-23)"
    if kind is PolicyKind.TRUST and arn.path.startswith(("/aws-service-role/", "/aws-reserved/")):
        return "the trust policy of this role is fixed by AWS (EVAL-50)"
    account = scene.world.accounts.get(arn.account)
    keys = account.keys if account is not None and kind is PolicyKind.KEY else ()
    if any(key.aws_managed for key in keys if key.arn == arn):
        return "the key policy of an AWS managed key is fixed"
    return None


def _more(scene: Scene, part: Part) -> Iterator[Change]:
    if why_fixed(scene, part.layer) is not None:
        return
    found = _where(scene, part)
    if found is None:
        return
    place, words = found
    whole = part.need is not None and part.need.strengths == frozenset({Strength.ACCOUNT})
    statement = narrowest(scene, place.kind, whole_account=whole)
    yield Change(
        "add-statement",
        part.layer,
        part.level,
        f"add to {words} this statement{_refused_as_public(scene, place.kind, statement)}",
        AddStatement(part.layer, part.level, place, statement),
        place.kind,
        place.name or None,
        place.attached_to,
        add=as_json(statement),
        becomes=as_json(statement),
    )


def _where(scene: Scene, part: Part) -> tuple[Place, str] | None:
    """Where the statement goes, and how that is called; a policy of its own has no name yet."""
    actor = scene.actor.node.id
    match part.layer:
        case LayerKind.IDENTITY:
            return Place(PolicyKind.IDENTITY, "", actor), _identity_words(scene, actor)
        case LayerKind.SESSION:
            words = "the session policy that the session is started with"
            return Place(PolicyKind.SESSION, "", actor), words
        case LayerKind.SCP:
            words = f"the service control policies at {part.level} (the level's Allow list)"
            return Place(PolicyKind.SCP, "", part.level or ""), words
        case LayerKind.RESOURCE:
            kind = resource_policy_kind(scene)
            if kind is None or any(isinstance(each, Unread) for each in scene.policies.resource):
                return None
            held = next((each for each in scene.policies.resource if isinstance(each, Policy)), None)
            if held is None:
                holder = holder_of(scene, kind)
                name = "access point policy" if ":accesspoint/" in holder else "bucket policy"
                held = Policy(kind, name, holder, Document("2012-10-17", ()))
            return Place(held.kind, held.name, held.attached_to), policy_words(held)
        case LayerKind.BOUNDARY | LayerKind.ENDPOINT:
            policies = policies_at(scene.policies, part.layer, part.level)
            one = next((each for each in policies if isinstance(each, Policy)), None)
            if one is None:
                return None
            copied = ", by a copy of it, since only AWS can edit it," if aws_managed(one) else ""
            return Place(one.kind, one.name, one.attached_to), policy_words(one) + copied
        case _:
            return None


def _identity_words(scene: Scene, actor: str) -> str:
    caller = scene.request.caller
    if isinstance(caller, RoleSession) and caller.role.path.startswith("/aws-reserved/"):
        return f"the permission set behind {actor} (EVAL-50)"
    kind = "user" if isinstance(caller, UserCaller) else "role"
    return f"an identity-based policy of {kind} {actor}"


def _refused_as_public(scene: Scene, kind: PolicyKind, statement: Statement) -> str:
    public = kind is PolicyKind.RESOURCE and is_public(Document("2012-10-17", (statement,)))
    if not public or not refuses_public_policies(scene.world, scene.resource):
        return ""
    return "; BlockPublicPolicy must be off to save it (BPA-4)"


# ---- a statement that lacks one thing --------------------------------------------------------------------


def _near_misses(scene: Scene, part: Part, known: Known) -> Iterator[tuple[Change, bool]]:
    """Allow statements that match but for one thing, and whether it lets in little more than is asked."""
    looked_at = 0
    for policy in policies_at(scene.policies, part.layer, part.level):
        if not isinstance(policy, Policy) or aws_managed(policy) or why_fixed(scene, part.layer):
            continue
        for statement in policy.document.statements:
            if statement.effect is not Effect.ALLOW or statement.fault:
                continue
            looked_at += 1
            if looked_at > MOST_STATEMENTS:
                return
            yield from _near(scene, part, policy, statement, known)


def _near(
    scene: Scene, part: Part, policy: Policy, statement: Statement, known: Known
) -> Iterator[tuple[Change, bool]]:
    open_ = replace(statement, conditions=())
    conditional = bool(statement.conditions)
    if conditional and _grants(scene, part, policy, open_) != FALSE:
        for key, widening in _conditions(statement, known):
            yield _widened(scene, part, policy, statement, widening), key not in _OF_MANY
        return
    for widening in _elements(scene, statement):
        after = widening[1](statement)
        if after is not None and _grants(scene, part, policy, after) != FALSE:
            yield _widened(scene, part, policy, statement, widening), False


_OF_MANY = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principaltype",
        "aws:principalisawsservice",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:resourceorgpaths",
        "s3:resourceaccount",
        "aws:multifactorauthpresent",
        "aws:securetransport",
    }
)
"""Keys whose value many requests share: one value more lets in far more than one principal."""

Widening = tuple[str, Amend, Json | None]
"""What is widened in words, how, and what is added."""


def _widened(scene: Scene, part: Part, policy: Policy, statement: Statement, widening: Widening) -> Change:
    words, amend, add = widening
    places = places_of(scene.policies, policy)
    after = amend(statement)
    return Change(
        "widen-statement",
        part.layer,
        part.level,
        f"{statement_words(statement, policy, places)}: {words}",
        AmendStatement(places, statement.index, amend),
        policy.kind,
        policy.name,
        policy.attached_to,
        statement.label,
        add,
        None if after is None else as_json(after),
    )


def _grants(scene: Scene, part: Part, policy: Policy, statement: Statement) -> Formula:
    """When this statement alone, in the place of the policy, grants the request."""
    alone = replace(policy, document=replace(policy.document, statements=(statement,)))
    request = scene.request
    principals = None
    if part.layer in (LayerKind.RESOURCE, LayerKind.ENDPOINT):
        ids = scene.policies.canonical_ids
        gateway = part.layer is LayerKind.ENDPOINT and any(
            each.gateway for each in scene.policies.endpoints if each.id == part.level
        )
        told = PrincipalScene(request.caller, request.service, request.context, ids, gateway)
        principals = by_principal(told, bounded=scene.policies.boundary is not None)
    answer = ask((alone,), request, Compiler(), principals)
    strengths = part.need.strengths if part.need else None
    if strengths is None:
        return answer.allowed
    return any_of(*(answer.strength(each) for each in strengths))


def _conditions(statement: Statement, known: Known) -> Iterator[tuple[str, Widening]]:
    """One condition widened to what its key has in the request; each with the key."""
    for place, entry in enumerate(statement.conditions):
        use = read_operator(entry.operator)
        key = entry.key.lower()
        state = known(key)
        if use is None or use.operator.name == "Null" or not isinstance(state, Values):
            continue
        test = f"{entry.operator} {entry.key}"
        if use.operator.negated:
            hit = hitting(entry, state)
            if hit:
                yield key, (f"take {_listed(hit)} out of {test}", without_values(place, hit), None)
            continue
        more = tuple(value for value in covering(entry, state) if value not in entry.values)
        if more:
            words = f"let {test} cover {_listed(more)} as well (now {_now(entry)})"
            yield key, (words, with_values(place, more), condition_json(entry.operator, entry.key, more))


def _now(entry: ConditionEntry) -> str:
    shown = _listed(entry.values[:3]) or "nothing"
    return shown if len(entry.values) <= 3 else f"{shown} and {len(entry.values) - 3} more"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values)


def _elements(scene: Scene, statement: Statement) -> Iterator[Widening]:
    """Principal, action or resource widened by what is asked, where the rest of the statement is not wide open.

    An entry more in a statement about every action or every resource would grant far more than is asked.
    """
    action, resource = scene.request.action, resource_text(scene)
    service = f"{scene.request.service}:"
    narrow_actions = not statement.not_action and all(
        each.lower().startswith(service) and each.lower() != f"{service}*" for each in statement.actions
    )
    listed = statement.resources
    narrow_resources = listed is None or not (
        statement.not_resource or any(set(each) == {"*"} for each in listed)
    )
    if narrow_actions and narrow_resources:
        yield "one more entry of Action", with_action(action), {"Action": action}
    if narrow_actions and listed is not None and not statement.not_resource:
        yield "one more entry of Resource", with_resource(resource), {"Resource": resource}
    element = statement.principal
    if element is not None and not element.inverted and narrow_actions:
        kind, text = principal_form(scene)
        if kind != "*" and all(each != "*" for each, _ in element.entries):
            yield "one more entry of Principal", with_principal(kind, text), {"Principal": {kind: text}}
