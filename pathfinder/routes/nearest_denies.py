"""How a Deny statement can be made to spare one request, the narrowest exception first. Source: PRIN-19 to 22."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.authorization.caller import Anonymous, ServiceCaller
from pathfinder.aws.arn import parse_arn
from pathfinder.policy.context import Values
from pathfinder.policy.document import Policy, PolicyKind, Statement
from pathfinder.policy.operators.registry import read_operator
from pathfinder.routes.nearest_change import (
    Amend,
    AmendStatement,
    Change,
    ChangeKind,
    DetachPolicy,
    Json,
)
from pathfinder.routes.nearest_conditions import Known, covering, hitting
from pathfinder.routes.nearest_parts import Part
from pathfinder.routes.nearest_scene import Scene, places_of, policies_at
from pathfinder.routes.nearest_statements import (
    as_json,
    condition_json,
    principal_arns,
    principal_form,
    remove,
    resource_text,
    with_action,
    with_all_but,
    with_condition,
    with_principal,
    with_resource,
    with_values,
    without_action,
    without_principal,
    without_resource,
    without_values,
)
from pathfinder.routes.nearest_words import aws_managed, hanging, policy_words, statement_words


@dataclass(frozen=True, slots=True)
class _Offer:
    """One exception, in words that stand after the statement's name."""

    words: str
    amend: Amend
    add: Json | None = None
    kind: ChangeKind = "narrow-deny"


def exceptions(scene: Scene, part: Part, known: Known) -> Iterator[Change]:
    """The exceptions that may spare the request; whether each does is for the decision to say."""
    policy = _policy_of(scene, part)
    if policy is None or part.deny is None:
        return
    places = places_of(scene.policies, policy)
    if aws_managed(policy):
        words = f"detach {policy_words(policy)} from {hanging(places)}: only AWS can edit it"
        yield Change(
            "detach-policy",
            part.layer,
            part.level,
            words,
            DetachPolicy(places),
            policy.kind,
            policy.name,
            policy.attached_to,
            part.deny.statement,
        )
        return
    index = part.deny.index
    statement = next((each for each in policy.document.statements if each.index == index), None)
    if statement is None:
        return
    for offer in _offers(scene, policy, statement, known):
        after = offer.amend(statement)
        yield Change(
            offer.kind,
            part.layer,
            part.level,
            f"{statement_words(statement, policy, places)}: {offer.words}",
            AmendStatement(places, index, offer.amend),
            policy.kind,
            policy.name,
            policy.attached_to,
            statement.label,
            offer.add,
            None if after is None else as_json(after),
        )


def _policy_of(scene: Scene, part: Part) -> Policy | None:
    match = part.deny
    if match is None:
        return None
    for policy in policies_at(scene.policies, part.layer, part.level):
        here = (policy.kind, policy.name, policy.attached_to)
        if isinstance(policy, Policy) and here == (match.kind, match.policy, match.attached_to):
            return policy
    return None


def _offers(scene: Scene, policy: Policy, statement: Statement, known: Known) -> Iterator[_Offer]:
    values = list(_values(statement, known))
    yield from (offer for key, offer in values if key == "aws:principalarn")
    if not _hangs_on_caller_alone(scene, policy):
        yield from _principal(scene, statement)
    yield from (offer for key, offer in values if key != "aws:principalarn")
    yield from _resource(scene, statement)
    yield from _action(scene, statement)
    yield _Offer("remove it", remove, kind="remove-statement")


def _hangs_on_caller_alone(scene: Scene, policy: Policy) -> bool:
    """An inline policy of the caller's own: to except its principal is to remove the statement."""
    own = policy.kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION)
    return own and parse_arn(policy.name) is None and policy.attached_to == scene.actor.node.id


def _principal(scene: Scene, statement: Statement) -> Iterator[_Offer]:
    """Except this principal; a condition spares it whatever forms the list holds (PRIN-21, PRIN-22)."""
    kind, text = principal_form(scene)
    element = statement.principal
    if element is not None and not element.inverted:
        named = dict(element.entries)
        if text in named.get(kind, ()) and sum(map(len, named.values())) > 1:
            yield _Offer(f"take {text} out of Principal", without_principal(kind, text))
    caller = scene.request.caller
    if isinstance(caller, ServiceCaller):
        yield _except("StringNotEquals", "aws:PrincipalServiceName", (caller.name,), "this service")
    elif isinstance(caller, Anonymous):
        yield _except("StringNotEquals", "aws:PrincipalType", ("Anonymous",), "unsigned requests")
    elif arns := principal_arns(scene):
        yield _except("ArnNotEquals", "aws:PrincipalArn", arns, "this principal")
    elif element is not None and element.inverted:
        yield _Offer(
            "except this principal in NotPrincipal",
            with_principal(kind, text),
            {"NotPrincipal": {kind: text}},
        )


def _except(operator: str, key: str, values: tuple[str, ...], whom: str) -> _Offer:
    words = f"except {whom}, by one more condition {operator} {key}"
    return _Offer(words, with_condition(operator, key, values), condition_json(operator, key, values))


def _values(statement: Statement, known: Known) -> Iterator[tuple[str, _Offer]]:
    """Except the values that the request's keys have."""
    for place, entry in enumerate(statement.conditions):
        use = read_operator(entry.operator)
        state = known(entry.key.lower())
        if use is None or use.operator.name == "Null" or not isinstance(state, Values) or not state.values:
            continue
        test = f"{entry.operator} {entry.key}"
        if use.operator.negated:
            more = covering(entry, state)
            if not more:
                continue
            words = f"except {', '.join(more)} as well, in {test}"
            add = condition_json(entry.operator, entry.key, more)
            yield entry.key.lower(), _Offer(words, with_values(place, more), add)
            continue
        hit = hitting(entry, state)
        if hit and len(hit) < len(entry.values):
            words = f"take {', '.join(hit)} out of {test}"
            yield entry.key.lower(), _Offer(words, without_values(place, hit))


def _resource(scene: Scene, statement: Statement) -> Iterator[_Offer]:
    """Except this resource."""
    resource = resource_text(scene)
    listed = statement.resources
    if listed is None or resource == "*":
        return
    if statement.not_resource:
        yield _Offer(
            "except this resource as well, in NotResource", with_resource(resource), {"NotResource": resource}
        )
    elif all(set(text) == {"*"} for text in listed):
        words = "except this resource, by NotResource in the place of Resource"
        yield _Offer(words, with_all_but(resource), {"NotResource": resource})
    elif resource in listed and len(listed) > 1:
        yield _Offer(f"take {resource} out of Resource", without_resource(resource))


def _action(scene: Scene, statement: Statement) -> Iterator[_Offer]:
    """Except this action."""
    action = scene.request.action
    listed = [each.lower() for each in statement.actions]
    if statement.not_action:
        yield _Offer("except this action as well, in NotAction", with_action(action), {"NotAction": action})
    elif action.lower() in listed and len(listed) > 1:
        yield _Offer(f"take {action} out of Action", without_action(action))
