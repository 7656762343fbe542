"""Statements made and changed: the narrowest Allow for a request, small amendments, and both as JSON.

Source: evaluation.md LANG-1 to LANG-8, LANG-43, VPCE-3, PRIN-1 to PRIN-12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pathfinder.authorization.caller import (
    Anonymous,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    UserCaller,
    caller_text,
)
from pathfinder.logic.patterns import exact
from pathfinder.policy.context import Values
from pathfinder.policy.document import (
    ConditionEntry,
    Document,
    Effect,
    PolicyKind,
    PrincipalElement,
    Statement,
)
from pathfinder.routes.export import document_as_json
from pathfinder.routes.nearest_change import Amend, Json
from pathfinder.routes.nearest_scene import Scene


def narrowest(scene: Scene, kind: PolicyKind, *, whole_account: bool = False) -> Statement:
    """An Allow for exactly this principal, action and resource, as this kind of policy writes it.

    `whole_account`: the account is named, its principal by a condition, which switches identity-based
    policies on and grants nothing by itself (PRIN-18).
    """
    principal, conditions = _principal(scene, kind, whole_account)
    return Statement(
        index=0,
        sid=None,
        effect=Effect.ALLOW,
        principal=principal,
        actions=(scene.request.action,),
        not_action=False,
        resources=_resources(scene, kind),
        not_resource=False,
        conditions=conditions,
    )


def _resources(scene: Scene, kind: PolicyKind) -> tuple[str, ...] | None:
    if kind is PolicyKind.TRUST:
        return None
    return ("*",) if kind is PolicyKind.KEY else (resource_text(scene),)


def resource_text(scene: Scene) -> str:
    """The requested resource as a policy names it: nothing in it is a wildcard or a variable (LANG-43)."""
    target = scene.request.target
    if target.arn is None:
        return "*"
    if target.open_prefix is None:
        return str(replace(target.arn, resource=str(exact(target.arn.resource))))
    return str(replace(target.arn, resource=str(exact(target.open_prefix)) + "*"))


_EVERYONE = PrincipalElement((("*", ("*",)),))
_NAMING_NOBODY = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION})


def _principal(
    scene: Scene, kind: PolicyKind, whole_account: bool
) -> tuple[PrincipalElement | None, tuple[ConditionEntry, ...]]:
    """The Principal element and the conditions that name the caller."""
    if kind in _NAMING_NOBODY:
        return None, ()
    only = ConditionEntry("ArnEquals", "aws:PrincipalArn", principal_arns(scene))
    only_this = (only,) if only.values else ()
    if kind is PolicyKind.SCP:
        return None, only_this
    if kind is PolicyKind.ENDPOINT and not isinstance(scene.request.caller, Anonymous):
        return _EVERYONE, only_this
    named = principal_form(scene)
    if isinstance(scene.request.caller, RootUser) or whole_account:
        named = ("AWS", f"arn:{_partition(scene)}:iam::{scene.actor.account}:root")
        return PrincipalElement(((named[0], (named[1],)),)), only_this
    return PrincipalElement(((named[0], (named[1],)),)), ()


def principal_form(scene: Scene) -> tuple[str, str]:
    """The caller as a Principal element names it: type and text."""
    caller = scene.request.caller
    match caller:
        case Anonymous():
            return "*", "*"
        case ServiceCaller(name):
            return "Service", name
        case IdentityProviderCaller(provider):
            return "Federated", provider
        case UserCaller(arn) if "*" in arn.resource:
            return "AWS", f"arn:{arn.partition}:iam::{arn.account}:root"
        case UserCaller() | RootUser() | FederatedUser() | RoleSession():
            return "AWS", caller_text(caller)


def principal_arns(scene: Scene) -> tuple[str, ...]:
    """What aws:PrincipalArn holds in the request, where it is there and known."""
    state = scene.context.state("aws:principalarn")
    return state.values if isinstance(state, Values) else ()


def _partition(scene: Scene) -> str:
    arn = scene.request.target.arn
    return arn.partition if arn is not None else "aws"


# ---- amendments ------------------------------------------------------------------------------------------


def remove(_statement: Statement) -> None:
    """The statement goes."""


def with_condition(operator: str, key: str, values: tuple[str, ...]) -> Amend:
    """One more condition, or more values of the one that says the same already."""

    def amend(statement: Statement) -> Statement:
        for place, entry in enumerate(statement.conditions):
            if (entry.operator.lower(), entry.key.lower()) == (operator.lower(), key.lower()):
                return _with_entry(statement, place, _longer(entry, values))
        return replace(statement, conditions=(*statement.conditions, ConditionEntry(operator, key, values)))

    return amend


def with_values(place: int, values: tuple[str, ...]) -> Amend:
    """More values for the condition at this place."""

    def amend(statement: Statement) -> Statement:
        return _with_entry(statement, place, _longer(statement.conditions[place], values))

    return amend


def _longer(entry: ConditionEntry, values: tuple[str, ...]) -> ConditionEntry:
    return replace(entry, values=tuple(dict.fromkeys((*entry.values, *values))))


def without_values(place: int, values: tuple[str, ...]) -> Amend:
    """Fewer values for the condition at this place; without any left, the condition goes."""

    def amend(statement: Statement) -> Statement:
        entry = statement.conditions[place]
        kept = tuple(value for value in entry.values if value not in values)
        return _with_entry(statement, place, replace(entry, values=kept) if kept else None)

    return amend


def _with_entry(statement: Statement, place: int, entry: ConditionEntry | None) -> Statement:
    before, after = statement.conditions[:place], statement.conditions[place + 1 :]
    return replace(statement, conditions=(*before, *((entry,) if entry else ()), *after))


def with_action(action: str) -> Amend:
    """One more entry of Action or NotAction."""
    return lambda statement: replace(statement, actions=(*statement.actions, action))


def without_action(action: str) -> Amend:
    """Action without this entry."""
    return lambda statement: replace(
        statement, actions=tuple(each for each in statement.actions if each.lower() != action.lower())
    )


def with_resource(resource: str) -> Amend:
    """One more entry of Resource or NotResource."""
    return lambda statement: replace(statement, resources=(*(statement.resources or ()), resource))


def without_resource(resource: str) -> Amend:
    """Resource without this entry."""
    return lambda statement: replace(
        statement, resources=tuple(each for each in statement.resources or () if each != resource)
    )


def with_all_but(resource: str) -> Amend:
    """NotResource in the place of Resource "*"."""
    return lambda statement: replace(statement, resources=(resource,), not_resource=True)


def with_principal(kind: str, text: str) -> Amend:
    """One more entry of Principal or NotPrincipal."""

    def amend(statement: Statement) -> Statement:
        element = statement.principal or PrincipalElement(())
        entries = dict(element.entries)
        entries[kind] = (*entries.get(kind, ()), text)
        return replace(statement, principal=replace(element, entries=tuple(entries.items())))

    return amend


def without_principal(kind: str, text: str) -> Amend:
    """Principal without this entry."""

    def amend(statement: Statement) -> Statement:
        element = statement.principal or PrincipalElement(())
        entries = {
            each: tuple(one for one in texts if (each, one) != (kind, text))
            for each, texts in element.entries
        }
        left = tuple((each, texts) for each, texts in entries.items() if texts)
        return replace(statement, principal=replace(element, entries=left))

    return amend


# ---- JSON ------------------------------------------------------------------------------------------------


def as_json(statement: Statement) -> Json:
    """The statement as people write it: a list of one entry is the entry (LANG-2)."""
    (written,) = document_as_json(Document("2012-10-17", (statement,)))["Statement"]
    compact = _compact(written)
    assert isinstance(compact, Mapping)
    return compact


def condition_json(operator: str, key: str, values: tuple[str, ...]) -> Json:
    """A condition as part of a statement."""
    return {"Condition": {operator: {key: _compact(list(values))}}}


def _compact(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _compact(each) for key, each in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value
