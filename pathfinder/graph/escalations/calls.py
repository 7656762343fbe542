"""The calls that an escalation needs, each decided as any request is, and all of them together.

Source: evaluation.md ESC-1, ESC-98, STS-14 (each call is a request of its own), EVAL-52.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pathfinder.authorization.caller import ServiceCaller
from pathfinder.authorization.decision import Decision
from pathfinder.conditions.facts import Facts, key_at
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import Solution, satisfiable, solve
from pathfinder.graph.assumptions import is_carried
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import EscalationCall, Evidence, Witness
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import Settled, facts_for, settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    rewrite,
)
from pathfinder.logic.patterns import Pattern, Variable, exact, parse_pattern, quotients
from pathfinder.logic.values import ArnTest, bind, variables_of
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY, Context, KeyState

NEW_NAME = "pathfinder"
"""The name of a thing to be made, where no policy asks for another."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One authorization that is needed.

    `on`: the resource; where its target has an open prefix, a new thing whose name is free. `given`: keys that the
    call fixes, in lower case. `scope`: what its open keys have to meet besides. `actor`: who calls, where not the
    source. `changed`: the resource's policies are not the snapshot's, an earlier call has changed them. `besides`:
    further actions that the same request needs (STS-25).
    """

    action: str
    on: Resource
    given: Mapping[str, KeyState] = field(default_factory=dict)
    scope: Formula = TRUE
    actor: Actor | None = None
    changed: bool = False
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """Calls that some requests make. `condition`: a context in which all are allowed; `certain`: no unknown in it.

    `asked`: the calls with the names of the things to be made, one for each request.
    """

    condition: Formula
    calls: tuple[EscalationCall, ...]
    evidence: tuple[Evidence, ...]
    gaps: tuple[str, ...]
    certain: bool
    asked: tuple[Call, ...]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """One for each call, as far as they are certain."""
        return tuple(call.witness for call in self.calls if call.witness is not None)

    @property
    def plain(self) -> bool:
        """Whether nothing stands in the way of any request."""
        return self.certain and self.condition == TRUE


def tried(world: World, actor: Actor, calls: Sequence[Call]) -> Tried | None:
    """All the calls decided; None where one of them is never allowed, or not all by one session (ESC-1)."""
    # Names are the costly part, and one call that is refused is enough.
    for call in calls:
        if call.on.target.open_prefix is None and _decided(world, call.actor or actor, call)[1] is None:
            return None
    named = _named(world, actor, calls)
    if named is None:
        return None
    made: list[EscalationCall] = []
    decisions: list[Decision] = []
    settled: list[Settled] = []
    for call in named:
        who = call.actor or actor
        found, one = _decided(world, who, call)
        if one is None:
            return None
        arn = call.on.target.arn
        decisions.extend(found)
        settled.append(one)
        policies = world.policies(who, call.action, call.on) if call.changed else None
        shown = "*" if arn is None else str(arn)
        for action in (call.action, *call.besides):
            asked = replace(call, action=action, actor=who)
            witness = None if one.witness is None else replace(one.witness, action=action)
            made.append(EscalationCall(action, shown, one.condition, witness, policies, asked))
    together = _together(world, calls, [one.condition for one in settled])
    if together is None:
        return None
    gaps = (gap for one in settled for gap in one.gaps)
    return Tried(
        together,
        tuple(made),
        evidence_of(decisions),
        tuple(dict.fromkeys(gaps)),
        all(one.certain for one in settled),
        named,
    )


def first_open(world: World, actor: Actor, ways: Iterable[Sequence[Call]]) -> Tried | None:
    """The first way that is open without any condition; else the first certain one; else the first that may be."""
    best: Tried | None = None
    for calls in ways:
        found = tried(world, actor, calls)
        if found is None:
            continue
        if found.plain:
            return found
        if best is None or (found.certain and not best.certain):
            best = found
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Decided:
    """An answer with what it is about, which is held so that nothing else can have the ids of its parts."""

    decisions: tuple[Decision, ...]
    settled: Settled | None
    actor: Actor
    call: Call


MOST_KEPT = 1 << 13
"""Calls whose decisions are kept; then it is begun anew."""


def _decided(world: World, actor: Actor, call: Call) -> tuple[tuple[Decision, ...], Settled | None]:
    """The call decided, and its condition settled, None where it is never allowed.

    The same calls stand in many ways: passing one role to all kinds of workloads, a service that assumes it.
    """
    key = _content(actor, call)
    known = world.calls.get(key)
    if known is None:
        if len(world.calls) >= MOST_KEPT:
            world.calls.clear()
        found = _decisions(world, actor, call)
        allowed = all_of(*(each.allowed for each in found))
        scope = call.scope if keys_of(call.scope) & keys_of(allowed) else TRUE
        one = settle(world, actor, call.action, call.on, allowed, scope=scope, given=call.given)
        known = world.calls[key] = _Decided(found, one, actor, call)
    assert isinstance(known, _Decided)
    return known.decisions, known.settled


def _content(actor: Actor, call: Call) -> tuple[object, ...]:
    """All that the decision hangs on: two calls with the same are decided alike."""
    content = call.on.content
    return id(actor), call.action, call.besides, content, tuple(call.given.items()), call.scope


def _decisions(world: World, actor: Actor, call: Call) -> tuple[Decision, ...]:
    """One for each action that the request needs, all in the same context."""
    own = world.context(actor, call.action, call.on)
    context = Context({**own.states, **call.given}, own.otherwise)
    assumed = world.assumed(actor, call.action, call.on)
    decisions = (world.decide(actor, each, call.on, context) for each in (call.action, *call.besides))
    return tuple(replace(each, allowed=all_of(each.allowed, assumed)) for each in decisions)


def _named(world: World, actor: Actor, calls: Sequence[Call]) -> tuple[Call, ...] | None:
    """The calls with names for the things to be made that all calls about the same thing allow; None: no name does."""
    found = list(calls)
    groups: dict[tuple[str, str], list[int]] = {}
    for number, call in enumerate(calls):
        target = call.on.target
        if target.open_prefix is not None and target.arn is not None:
            groups.setdefault((target.arn.service, target.open_prefix), []).append(number)
    for (service, prefix), numbers in groups.items():
        acting = [number for number, call in enumerate(calls) if acts_for(call) == service]
        asked = [_of_source(world, calls[number], prefix) for number in acting]
        name = _name(world, actor, [calls[number] for number in numbers], asked)
        if name is None:
            return None
        for number in numbers:
            found[number] = _called(calls[number], name)
        for number in acting:
            found[number] = acting_for(calls[number], f"{prefix}{name}")
    return tuple(found)


def _name(world: World, actor: Actor, calls: Sequence[Call], asked: Sequence[Formula] = ()) -> str | None:
    """A name that all calls allow, and that meets what is asked of it besides."""
    parts: list[Formula] = [_numbered(each, len(calls) + place) for place, each in enumerate(asked)]
    axioms: list[Formula] = []
    for place, call in enumerate(calls):
        decisions = _decisions(world, call.actor or actor, call)
        condition = all_of(*(each.allowed for each in decisions), call.scope)
        facts = facts_for(world, call.action.partition(":")[0].lower())
        parts.append(_numbered(condition, place))
        axioms.extend(_numbered(axiom, place) for axiom in facts.concerning(keys_of(condition)))
    wanted = all_of(*parts)
    if wanted == FALSE:
        return None
    if OBJECT_KEY not in keys_of(wanted):
        return NEW_NAME
    answer = solve(wanted, Facts(axioms=tuple(axioms)))
    if not isinstance(answer, Solution):
        return None
    return next(iter(answer.values.get(OBJECT_KEY, ())), NEW_NAME)


_NAME_THEMSELVES = frozenset({"lambda"})
"""Services whose own requests name, in aws:SourceArn, the very thing that is made or changed (STS-41)."""
_SOURCE = "aws:sourcearn"


def acts_for(call: Call) -> str | None:
    """The service that makes the call for a thing of its own, and names the thing; None for all other calls."""
    caller = call.actor.caller if call.actor is not None else None
    service = caller.name.partition(".")[0] if isinstance(caller, ServiceCaller) else None
    return service if service in _NAME_THEMSELVES else None


def _of_source(world: World, call: Call, prefix: str) -> Formula:
    """When a service's own call is allowed, what is asked of the thing that it names said of the thing's name.

    Regions are left aside: the thing can be made in any.
    """

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if not isinstance(leaf, KeyTest) or leaf.key != _SOURCE or not isinstance(leaf.value, ArnTest):
            return leaf
        if leaf.negated and not all(fields[3].matches_all for fields in leaf.value.patterns):
            return TRUE
        rests = [quotients(fields[5], prefix) for fields in leaf.value.patterns]
        if None in rests:
            return leaf
        named = tuple(pattern for each in rests for pattern in each or ())
        return open_text(OBJECT_KEY, named, negated=leaf.negated)

    assert call.actor is not None
    allowed = all_of(*(each.allowed for each in _decisions(world, call.actor, call)), call.scope)
    return rewrite(allowed, of_leaf)


def acting_for(call: Call, resource: str) -> Call:
    """The service's own call for this thing."""
    fields = ("arn", "*", "*", "*", "*")
    first, second, third, fourth, fifth = (parse_pattern(each, variables=False) for each in fields)
    test = ArnTest(((first, second, third, fourth, fifth, exact(resource)),))
    told = KeyTest(_SOURCE, Quantifier.ONE, test, negated=False, if_absent=True)
    return replace(call, scope=all_of(call.scope, told))


def _called(call: Call, name: str) -> Call:
    target = call.on.target
    assert target.arn is not None
    arn = replace(target.arn, resource=f"{target.open_prefix}{name}")
    return replace(call, on=replace(call.on, target=replace(target, arn=arn, open_prefix=None)))


def _together(world: World, calls: Sequence[Call], conditions: Sequence[Formula]) -> Formula | None:
    """One context for all calls, else that of the first; None where no session can make them all.

    What a session carries is the same in all its calls; everything else each call has for itself (STS-14).
    """
    asked = [number for number, each in enumerate(conditions) if each != TRUE]
    if len(asked) < 2:
        return all_of(*conditions)
    facts = [facts_for(world, calls[number].action.partition(":")[0].lower()) for number in asked]
    same = all_of(*conditions)
    if same != FALSE and satisfiable(same, facts[0]) is not False:
        return same
    apart = [_numbered(conditions[number], place) for place, number in enumerate(asked)]
    axioms = [
        _numbered(axiom, place)
        for place, number in enumerate(asked)
        for axiom in facts[place].concerning(keys_of(conditions[number]))
    ]
    if satisfiable(all_of(*apart), Facts(axioms=tuple(axioms))) is False:
        return None
    return conditions[asked[0]]


@lru_cache(maxsize=1 << 14)
def _numbered(formula: Formula, number: int) -> Formula:
    def name(key: str) -> str:
        return key if key == OBJECT_KEY else key_at(0 if is_carried(key) else number, key)

    def of_variable(variable: Variable) -> Pattern:
        return Pattern((Variable(name(variable.key), variable.default),))

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown):
            return leaf
        value = bind(leaf.value, of_variable) if variables_of(leaf.value) else leaf.value
        return replace(leaf, key=name(leaf.key), value=value)

    return rewrite(formula, of_leaf)
