"""A decision's condition settled: can some request meet it, what does it say at its shortest, which request proves it.

Source: design idea 3; evaluation.md COND-50 to COND-54, KEY-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.authorization.caller import RoleSession, SessionName, caller_text
from pathfinder.aws.condition_keys import is_multivalued, spelling
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import Solution, Undecided, Unsatisfiable, solve
from pathfinder.graph.guarantees import DIRECT, NETWORK_KEYS, axioms
from pathfinder.graph.hop import Witness
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import Resource, World
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    all_of,
    unknowns,
)
from pathfinder.policy.context import (
    OBJECT_KEY,
    SESSION_NAME,
    Absent,
    Composed,
    Context,
    KeyState,
    Open,
    Values,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A condition that some request meets. `certain` is False where that hangs on something unknown.

    `condition`: simplified, TRUE where every request meets it. `witness`: None where none is certain.
    """

    condition: Formula
    witness: Witness | None
    gaps: tuple[str, ...]
    certain: bool


def facts_for(world: World, service: str) -> Facts:
    """What AWS guarantees of requests to a service in this world."""
    known = world.facts.get(service)
    if known is None:
        complete = frozenset(
            account.id for account in world.snapshot.accounts if "endpoints" in account.known
        )
        known = Facts(axioms=axioms(service, world.endpoints, complete))
        world.facts[service] = known
    assert isinstance(known, Facts)
    return known


def settle(
    world: World,
    actor: Actor,
    action: str,
    resource: Resource,
    condition: Formula,
    *,
    scope: Formula = TRUE,
    given: Mapping[str, KeyState] | None = None,
) -> Settled | None:
    """The condition settled, or None where no request meets it.

    `scope`: what the witness has to keep to besides, such as the object keys asked about. `given`: keys that
    the caller of this function has fixed.
    """
    if condition == FALSE:
        return None
    facts = facts_for(world, action.partition(":")[0].lower())
    known_gaps = (*resource.gaps, *_gaps_of(actor))
    wanted = all_of(condition, scope)
    found = solve(all_of(wanted, DIRECT), facts) if keys_of(wanted) & NETWORK_KEYS else solve(wanted, facts)
    if isinstance(found, Unsatisfiable):
        found = solve(wanted, facts)
    match found:
        case Unsatisfiable():
            return None
        case Undecided(reason):
            gaps = (f"not decided: {reason}", *known_gaps)
            return Settled(simplify(condition, facts), None, gaps, certain=False)
        case Solution(values, certain, reasons):
            short = simplify(condition, facts)
            context = Context(
                {**world.context(actor, action, resource).states, **(given or {})},
                world.context(actor, action, resource).otherwise,
            )
            used = keys_of(condition) | keys_of(scope)
            witness = _witness(actor, action, resource, context, values, used) if certain else None
            gaps = tuple(dict.fromkeys((*reasons, *unknowns(short), *known_gaps)))
            return Settled(short, witness, gaps, certain)


def _gaps_of(actor: Actor) -> tuple[str, ...]:
    if not actor.node.external or actor.account is None:
        return ()
    return (f"account {actor.account} is not in the snapshot: its SCPs and policies are not known",)


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
_PUBLIC_ADDRESS = "203.0.113.10"
_SESSION = "session"


def _witness(
    actor: Actor,
    action: str,
    resource: Resource,
    context: Context,
    values: Mapping[str, tuple[str, ...]],
    used: frozenset[str],
) -> Witness:
    """The complete request: what AWS fixes, what the solution chose, and plain values for the rest."""
    session = next(iter(values.get(SESSION_NAME, ())), _SESSION)
    held: dict[str, str | tuple[str, ...]] = {}
    for key, state in context.states.items():
        value = _value_of(key, state, values, session)
        if value is not None:
            held[key] = value
    for key, chosen in values.items():
        if key not in (SESSION_NAME, OBJECT_KEY) and key not in held:
            held[key] = _as_value(key, chosen)
    if not used & NETWORK_KEYS and not any(key in held for key in ("aws:sourceip", "aws:sourcevpce")):
        held["aws:sourceip"] = _PUBLIC_ADDRESS
    caller = actor.caller
    principal = caller_text(caller)
    if isinstance(caller, RoleSession) and caller.session is SessionName.OPEN:
        role = caller.role
        principal = f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session}"
    spelled = {spelling(key): value for key, value in held.items()}
    return Witness(
        principal,
        action,
        _resource_text(resource, values),
        resource.account,
        dict(sorted(spelled.items(), key=lambda item: item[0].lower())),
    )


def _value_of(
    key: str, state: KeyState, values: Mapping[str, tuple[str, ...]], session: str
) -> str | tuple[str, ...] | None:
    match state:
        case Values(fixed, multivalued):
            return fixed if multivalued or len(fixed) != 1 else fixed[0]
        case Absent():
            return None
        case Composed(prefix, base):
            return prefix + (session if base == SESSION_NAME else next(iter(values.get(base, ())), ""))
        case Open(present):
            if key in values:
                return _as_value(key, values[key])
            return _DEFAULTS.get(key) if present else None


def _as_value(key: str, chosen: tuple[str, ...]) -> str | tuple[str, ...]:
    return chosen if is_multivalued(key) or len(chosen) != 1 else chosen[0]


def _resource_text(resource: Resource, values: Mapping[str, tuple[str, ...]]) -> str:
    target = resource.target
    if target.arn is None:
        return "*"
    if target.open_prefix is None:
        return str(target.arn)
    chosen = next(iter(values.get(OBJECT_KEY, ())), "object")
    beginning = str(target.arn).split("/", 1)[0].rsplit(":", 1)[0]
    return f"{beginning}:{target.open_prefix}{chosen}"
