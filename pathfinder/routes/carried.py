"""What sessions carry over escalations: a route's hops, and the calls of its escalations, as chains of sessions.

A change leaves the session as it is, so that what follows is asked with the same tags and source identity; a role that
is assumed takes over what its caller hands on; a service or new credentials start anew.
Source: evaluation.md STS-14, STS-15, STS-30 to STS-35, ESC-3, ESC-4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pathfinder.authorization.caller import ServiceCaller
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.facts import delivering_service
from pathfinder.graph.hop import Escalation, EscalationCall, Hop, Session
from pathfinder.graph.requests import DELIVERED_BY, call_of
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, all_of
from pathfinder.policy.context import SESSION_NAME
from pathfinder.routes.along import depends_on_session, joined
from pathfinder.routes.begins import can_begin_quietly
from pathfinder.routes.sessions import is_carried

NOT_FOLLOWED = (
    "whether the session that does it carries what the condition asks for is not followed over an escalation"
)
_ASSUME = "sts:AssumeRole"
_KINDS = {service: kind for kind, service in DELIVERED_BY.items()}


@dataclass(slots=True)
class _Asked:
    """One request of a chain. `place`: of its hop in the route, None for a request that is no hop of its own.

    `besides`: what earlier calls of the same session have asked of it.
    """

    place: int | None
    hop: Hop
    besides: list[Formula] = field(default_factory=list)


@dataclass(slots=True)
class _Chain:
    """Requests of sessions that start each other. `unknown`: how the first one started is not told.

    `delivered`: a service has started it, which gives it a name and keys of its own. `besides`: what calls of the
    session have asked of it since its last request; `last`: one of these calls.
    """

    requests: list[_Asked] = field(default_factory=list)
    unknown: bool = False
    delivered: bool = False
    besides: list[Formula] = field(default_factory=list)
    last: Hop | None = None


def hangs_together(world: World, hops: Sequence[Hop]) -> bool:
    """Whether something that is asked after an escalation, or in one, hangs on how the session began."""
    after = False
    part: list[Hop] = []
    for hop in hops:
        if hop.escalation is not None:
            if any(depends_on_session(call.condition) for call in hop.escalation.calls):
                return True
            after, part = True, []
            continue
        part.append(hop)
        if after and (depends_on_session(hop.condition) or _begins_oddly(world, part)):
            return True
    return False


def _begins_oddly(world: World, part: Sequence[Hop]) -> bool:
    """Whether a part that starts at a role hands on what the role's sessions may have to carry."""
    role = part[0].source
    return len(part) > 1 and role in world.role_nodes and not can_begin_quietly(world, role)


def carried_over(world: World, hops: tuple[Hop, ...]) -> tuple[Hop, ...] | None:
    """The hops as they can be taken together; None where they cannot. What is not followed is a gap."""
    found = dict(enumerate(hops))
    chain = _Chain()
    for place, hop in enumerate(hops):
        if hop.escalation is None:
            _ask(chain, place, hop)
            continue
        start = _start(hop, hop.escalation)
        for call in hop.escalation.calls:
            if call is start or not _is_own(hop, call) or not depends_on_session(call.condition):
                continue
            if all(map(is_carried, keys_of(call.condition))):
                chain.besides.append(call.condition)
                chain.last = _standing_for(hop, call, "access")
            else:
                found[place] = _with_gap(found[place])
        following = _after(chain, place, hop, start)
        if following is chain:
            continue
        if not _settle(world, chain, found):
            return None
        chain = following
    if not _settle(world, chain, found):
        return None
    return tuple(found[place] for place in range(len(hops)))


def _after(chain: _Chain, place: int, hop: Hop, start: EscalationCall | None) -> _Chain:
    """The chain that goes on after the escalation: the same one, or a new one."""
    assert hop.escalation is not None
    session = hop.escalation.session
    if session is Session.SAME:
        return chain
    if session is Session.CREDENTIALS:
        return _Chain()
    if start is None:
        return _Chain(unknown=True)
    if session is Session.ASSUMED:
        _ask(chain, place, _standing_for(hop, start, "assume-role"))
        return chain
    caller = call_of(start).actor
    assert caller is not None
    kind = _KINDS.get(caller.node.id, "service")
    return _Chain([_Asked(place, _standing_for(hop, start, kind))], delivered=True)


def _ask(chain: _Chain, place: int, hop: Hop) -> None:
    chain.requests.append(_Asked(place, hop, chain.besides))
    chain.besides = []


def _start(hop: Hop, escalation: Escalation) -> EscalationCall | None:
    """The call that starts the session with which the route goes on, where it is followed: an AssumeRole."""
    starts = [call for call in escalation.calls if call.action == _ASSUME]
    if not starts:
        return None
    start = starts[-1]
    if escalation.session is Session.ASSUMED:
        return start if _is_own(hop, start) else None
    caller = call_of(start).actor
    by_service = caller is not None and isinstance(caller.caller, ServiceCaller)
    return start if escalation.session is Session.DELIVERED and by_service else None


def _is_own(hop: Hop, call: EscalationCall) -> bool:
    """Whether the one who escalates makes the call, and no service for it."""
    actor = call_of(call).actor
    return actor is not None and not isinstance(actor.caller, ServiceCaller) and actor.node.id == hop.source


def _standing_for(hop: Hop, call: EscalationCall, kind: str) -> Hop:
    """A call as a hop by itself; as `access` it starts no session."""
    asked = call_of(call)
    assert asked.actor is not None
    return Hop(
        kind,
        asked.actor.node.id,
        call.resource,
        call.condition,
        (call.action,),
        ("-",) if kind == "access" else (call.resource,),
        witness=call.witness,
        given=tuple(sorted(asked.given.items())),
        call=call,
    )


def _settle(world: World, chain: _Chain, found: dict[int, Hop]) -> bool:
    """Put what the chain comes to into the hops; False where it cannot be taken."""
    requests = list(chain.requests)
    if chain.besides and chain.last is not None:
        requests.append(_Asked(None, replace(chain.last, condition=TRUE), chain.besides))
    if not requests:
        return True
    if chain.unknown or (chain.delivered and any(map(_asks_a_service, requests[1:]))):
        return _left_open(world, requests, found)
    hops = tuple(replace(each.hop, condition=all_of(each.hop.condition, *each.besides)) for each in requests)
    together = _joined(world, hops)
    if together is None:
        return False
    plain = together
    if any(each.besides for each in requests):
        plain = _joined(world, tuple(each.hop for each in requests)) or together
    for each, hop, alone in zip(requests, together, plain, strict=True):
        if each.place is not None:
            told = replace(hop, condition=alone.condition)
            found[each.place] = told if told.call is None else _with_start(found[each.place], told)
    return True


def _joined(world: World, hops: tuple[Hop, ...]) -> tuple[Hop, ...] | None:
    """One chain; where a principal starts it that has been changed, its session is one of the principal before that."""
    first = hops[0]
    change = world.changes.get(first.source)
    if change is None or change.base.id not in world.role_nodes:
        return joined(world, hops)
    told = joined(world, (replace(first, source=change.base.id, now=first.source), *hops[1:]))
    return None if told is None else (replace(told[0], source=first.source, now=first.now), *told[1:])


def _asks_a_service(request: _Asked) -> bool:
    """Whether it asks for what a service that delivers the session gives to it: a name, or keys of the service."""
    keys = frozenset[str]().union(*(keys_of(each) for each in (request.hop.condition, *request.besides)))
    return SESSION_NAME in keys or any(delivering_service(key) is not None for key in keys)


def _left_open(world: World, requests: Iterable[_Asked], found: dict[int, Hop]) -> bool:
    """Not followed: a gap where something hangs on the session."""
    own = [each for each in requests if each.place is not None and each.hop.call is None]
    if not own:
        return True
    hops = tuple(each.hop for each in own)
    if any(depends_on_session(hop.condition) for hop in hops) or any(each.besides for each in own):
        hops = (_with_gap(hops[0]), *hops[1:])
    elif (told := joined(world, hops)) is not None:
        hops = told
    else:
        hops = (_with_gap(hops[0]), *hops[1:])
    for each, hop in zip(own, hops, strict=True):
        assert each.place is not None
        found[each.place] = hop
    return True


def _with_start(hop: Hop, told: Hop) -> Hop:
    """The escalation, the call that starts the session as it is when all is taken together."""
    assert hop.escalation is not None
    assert told.call is not None
    calls = tuple(_told(each, told) for each in hop.escalation.calls)
    witnesses = [call.witness for call in calls if call.witness is not None]
    proven = hop.witness is not None and len(witnesses) == len(calls)
    actions = {call.action for call in calls}
    also = tuple(each for each in told.also if each.action not in actions)
    same = told.condition == told.call.condition
    return replace(
        hop,
        condition=hop.condition if same else all_of(hop.condition, told.condition),
        escalation=replace(hop.escalation, calls=calls),
        witness=witnesses[0] if proven else None,
        also=(*witnesses[1:], *also) if proven else (),
        evidence=tuple(dict.fromkeys((*hop.evidence, *told.evidence))),
        gaps=tuple(dict.fromkeys((*hop.gaps, *told.gaps))),
    )


def _told(each: EscalationCall, told: Hop) -> EscalationCall:
    """The call as it then is; what the same request needs besides goes with it (STS-25)."""
    assert told.call is not None
    start = call_of(told.call)
    if each is told.call:
        return replace(each, condition=told.condition, witness=told.witness)
    asked = call_of(each)
    if asked.on is not start.on or asked.actor is not start.actor or told.witness is None:
        return each
    return replace(each, witness=replace(told.witness, action=each.action))


def _with_gap(hop: Hop) -> Hop:
    return replace(hop, gaps=tuple(dict.fromkeys((*hop.gaps, NOT_FOLLOWED))))
