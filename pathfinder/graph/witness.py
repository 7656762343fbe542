"""Witnesses: a solution of a condition written out as one complete request. Source: TERM-1, design idea 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pathfinder.authorization.caller import FederatedUser, RoleSession, SessionName, caller_text
from pathfinder.aws.condition_keys import is_multivalued, spelling
from pathfinder.graph.calls import Call, needed
from pathfinder.graph.further.registry import VERSION_ID, ObjectNamed
from pathfinder.graph.guarantees import NETWORK_KEYS
from pathfinder.graph.hop import Witness
from pathfinder.graph.outsiders import shown
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.policy.context import (
    OBJECT_KEY,
    SESSION_NAME,
    Absent,
    Composed,
    Context,
    KeyState,
    Open,
    Unsure,
    Values,
)

_DEFAULTS = {
    "aws:currenttime": "2026-01-01T00:00:00Z",
    "aws:epochtime": "1767225600",
    "aws:requestedregion": "us-east-1",
    "aws:securetransport": "true",
    "aws:tokenissuetime": "2026-01-01T00:00:00Z",
    "aws:useragent": "pathfinder",
    "aws:viaawsservice": "false",
    "aws:userid": "AIDAEXAMPLE",
    "aws:resourceaccount": "111122223333",
    "sts:rolesessionname": "session",
}
PUBLIC_ADDRESS = "203.0.113.10"
_SESSION = "session"
_OBJECT = "object"
"""The object key where nothing hangs on it."""


def witness_of(
    actor: Actor,
    action: str,
    resource: Resource,
    context: Context,
    values: Mapping[str, tuple[str, ...]],
    used: frozenset[str],
) -> Witness:
    """The complete request: what AWS fixes, what the solution chose, and plain values for the rest."""
    somebody, values = shown(actor, values)
    session = next(iter(values.get(SESSION_NAME, ())), _SESSION)
    held: dict[str, str | tuple[str, ...]] = {}
    for key, state in context.states.items():
        value = _value_of(key, state, values, session)
        if value is None:
            value = _own_tag(actor, key, state, values)
        if value is not None:
            held[key] = value
    for key, chosen in values.items():
        if key not in (SESSION_NAME, OBJECT_KEY) and key not in held:
            held[key] = _as_value(key, chosen)
    from_somewhere = not isinstance(context.state("aws:sourceip"), Absent)
    if (
        not used & NETWORK_KEYS
        and from_somewhere
        and not any(key in held for key in ("aws:sourceip", "aws:sourcevpce"))
    ):
        held["aws:sourceip"] = PUBLIC_ADDRESS
    caller = actor.caller
    principal = somebody or caller_text(caller)
    if isinstance(caller, RoleSession) and caller.session is SessionName.OPEN:
        role = caller.role
        principal = f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session}"
    _in_order(held)
    spelled = {spelling(key): value for key, value in held.items()}
    return Witness(
        principal,
        action,
        _resource_text(resource, values),
        resource.account,
        dict(sorted(spelled.items(), key=lambda item: item[0].lower())),
        str(caller.user) if isinstance(caller, FederatedUser) and caller.user is not None else None,
    )


def _in_order(held: dict[str, str | tuple[str, ...]]) -> None:
    """Services that call for the caller stand in their order: the first one first, the last one last."""
    services = held.get("aws:calledvia")
    if not isinstance(services, tuple) or len(services) < 2:
        return
    first, last = held.get("aws:calledviafirst"), held.get("aws:calledvialast")
    ends = {each for each in (first, last) if each is not None}
    between = tuple(each for each in services if each not in ends)
    start, end = ((each,) if isinstance(each, str) else () for each in (first, last))
    held["aws:calledvia"] = (*start, *between, *end)


def further_witnesses(
    call: Call,
    values: Mapping[str, tuple[str, ...]],
    used: frozenset[str],
    carried: Mapping[str, KeyState] | None = None,
) -> Iterator[Witness]:
    """The further authorizations that the call needs with these values, each as a complete request (TERM-2).

    `carried`: what its session is known to carry, and what it does not.
    """
    for each in needed(call, values):
        own = each.context
        states = {
            **own.states,
            **{key: state for key, state in (carried or {}).items() if key not in each.fixed},
        }
        context = Context(states, own.otherwise)
        there = {
            key: chosen
            for key, chosen in values.items()
            if key in (SESSION_NAME, OBJECT_KEY) or not isinstance(context.state(key), Absent)
        }
        if each.need.names is not None:
            there = _naming(there, values, each.need.names)
        yield witness_of(call.actor, each.need.action, each.need.resource, context, there, used)


def _naming(
    there: Mapping[str, tuple[str, ...]], values: Mapping[str, tuple[str, ...]], named: ObjectNamed
) -> dict[str, tuple[str, ...]]:
    """The values with the key of the object that the call names, not of the one that it is about."""
    found = {key: chosen for key, chosen in there.items() if key != OBJECT_KEY}
    text = next(iter(values.get(named.key, ())), "")
    own = next((text.removeprefix(each) for each in named.before if text.startswith(each)), "")
    if named.after:
        own, _, version = own.rpartition(named.after)
        found[VERSION_ID] = (version,)
    return {**found, OBJECT_KEY: (own,)} if own else found


def _value_of(
    key: str, state: KeyState, values: Mapping[str, tuple[str, ...]], session: str
) -> str | tuple[str, ...] | None:
    match state:
        case Values(fixed, multivalued):
            return fixed if multivalued or len(fixed) != 1 else fixed[0]
        case Absent() | Unsure():
            return None
        case Composed(_, base) if base not in (OBJECT_KEY, SESSION_NAME) and base not in values:
            return None
        case Composed(prefix, base):
            other = _OBJECT if base == OBJECT_KEY else ""
            return prefix + (session if base == SESSION_NAME else next(iter(values.get(base, ())), other))
        case Open(present):
            if key in values:
                return _as_value(key, values[key])
            return _DEFAULTS.get(key) if present else None


def _own_tag(actor: Actor, key: str, state: KeyState, values: Mapping[str, tuple[str, ...]]) -> str | None:
    """The actor's own tag, where a session tag could replace it and none is chosen."""
    if not isinstance(state, Open) or key in values or not key.startswith(_PRINCIPAL_TAG):
        return None
    wanted = key.removeprefix(_PRINCIPAL_TAG)
    return next((value for name, value in actor.tags.items() if name.lower() == wanted), None)


_PRINCIPAL_TAG = "aws:principaltag/"


def _as_value(key: str, chosen: tuple[str, ...]) -> str | tuple[str, ...]:
    return chosen if is_multivalued(key) or len(chosen) != 1 else chosen[0]


def _resource_text(resource: Resource, values: Mapping[str, tuple[str, ...]]) -> str:
    target = resource.target
    if target.arn is None:
        return "*"
    if target.open_prefix is None:
        return str(target.arn)
    chosen = next(iter(values.get(OBJECT_KEY, ())), _OBJECT)
    return str(replace(target.arn, resource=f"{target.open_prefix}{chosen}"))
