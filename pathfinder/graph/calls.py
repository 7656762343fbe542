"""One call with all authorizations that it needs, decided together over one set of keys.

Which they are is said in `graph/further`, one file for each reason. Source: evaluation.md TERM-2, S3-31, S3-40,
S3-50, KMS-8, KMS-13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import Anonymous
from pathfinder.authorization.decision import Decision, Layer, LayerKind
from pathfinder.aws.condition_keys import spelling
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.solve import holds, satisfiable
from pathfinder.graph.assumptions import is_carried
from pathfinder.graph.evidence import why_refused
from pathfinder.graph.further.registry import VERSION_ID, Need, ObjectNamed, needs_of
from pathfinder.graph.principals import Actor
from pathfinder.graph.request_facts import facts_for
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, any_of, negate, rewrite
from pathfinder.logic.patterns import EVERYTHING, pattern_of
from pathfinder.logic.values import StringTest, variables_of
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import ABSENT, OBJECT_KEY, Absent, Context, KeyState, Values


@dataclass(frozen=True, slots=True, eq=False)
class Authorization:
    """A further authorization of a call, decided.

    `context`: the call's, with what is its own. `allowed`: over the call's keys; `when`: whether it is needed.
    """

    need: Need
    context: Context
    decision: Decision
    allowed: Formula
    denied: Formula
    when: Formula

    @property
    def fixed(self) -> frozenset[str]:
        """The keys that are its own."""
        return frozenset((*self.need.differs, *(key for reading in self.need.readings for key in reading)))

    @property
    def passes(self) -> Formula:
        """When it does not stop the call."""
        return any_of(negate(self.when), self.allowed)


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call of an actor: the authorization on what it is about, and further ones (TERM-2)."""

    actor: Actor
    action: str
    resource: Resource
    context: Context
    decision: Decision
    further: tuple[Authorization, ...]

    @property
    def allowed(self) -> Formula:
        """When all its authorizations are."""
        return all_of(self.decision.allowed, *(each.passes for each in self.further))

    @property
    def but_for_blocks(self) -> Formula:
        """When all are, but for those that have something to say where they alone stop the call."""
        others = (each.passes for each in self.further if not each.need.blocked)
        return all_of(self.decision.allowed, *others)

    @property
    def denied(self) -> Formula:
        """When one of them is explicitly denied."""
        return any_of(self.decision.denied, *(all_of(each.when, each.denied) for each in self.further))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of all its authorizations, its own first."""
        return (self.decision, *(each.decision for each in self.further))

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is not known of its further authorizations."""
        return tuple(gap for each in self.further for gap in (*each.need.resource.gaps, *each.need.gaps))


def calls_for(
    world: World, actor: Actor, action: str, resource: Resource, context: Context | None = None
) -> Call:
    """The actor's call, decided in the given context, or under what is assumed, as `World.decide` does."""
    told = context or world.context(actor, action, resource)
    needs = tuple(each for each in needs_of(world, action, resource) if _counts(each, context))
    return call_with(world, actor, action, resource, told, needs, given=context)


def _counts(need: Need, context: Context | None) -> bool:
    if not need.unless_given:
        return True
    return context is not None and any(isinstance(context.state(key), Values) for key in need.unless_given)


def call_with(
    world: World,
    actor: Actor,
    action: str,
    resource: Resource,
    told: Context,
    needs: tuple[Need, ...],
    given: Context | None = None,
) -> Call:
    """The call with these further authorizations. `given`: the context, if it is not what is assumed of all calls."""
    decision = world.decide(actor, action, resource, given)
    further = tuple(_decided(world, actor, (action, resource, told), need) for need in needs)
    call = Call(actor, action, resource, told, decision, further)
    return _chosen(world, call) if any(need.choices for need in needs) else call


def _chosen(world: World, call: Call) -> Call:
    """The call with what is needed where the caller chooses so that it is possible at all."""
    facts = facts_for(
        world, call.action.partition(":")[0].lower(), world.given(call.actor, call.action, call.resource)
    )
    found: list[Authorization] = []
    for each in call.further:
        others = (other.passes for other in call.further if other is not each)
        rest = all_of(call.decision.allowed, *others)
        found.extend(_first_possible(world, call, each, rest, facts) if each.need.choices else (each,))
    return replace(call, further=tuple(found))


def _first_possible(
    world: World, call: Call, each: Authorization, rest: Formula, facts: Facts
) -> tuple[Authorization, ...]:
    found: tuple[Authorization, ...] = (each,)
    assert each.need.choices is not None
    for needs in each.need.choices(call.actor, rest, call.context):
        found = tuple(
            _decided(world, call.actor, (call.action, call.resource, call.context), need) for need in needs
        )
        asks_nothing = rewrite(all_of(rest, *(one.passes for one in found)), _without_session)
        if satisfiable(rewrite(asks_nothing, _without_unknowns), facts):
            break
    return found


def _without_session(leaf: KeyTest | Unknown) -> Formula:
    """Nothing asked of the session: whether one can carry it, a single call does not tell (STS-14)."""
    return FALSE if isinstance(leaf, KeyTest) and is_carried(leaf.key) else leaf


def blocks(call: Call) -> bool:
    """Whether some further authorization has something to say where it alone stops the call."""
    return any(each.need.blocked for each in call.further)


def why_blocked(call: Call) -> Iterator[str]:
    """What is to be said of the call that its further authorizations alone stop, and why they do (KMS-13)."""
    saying = [each for each in call.further if each.need.blocked and each.passes != TRUE]
    stopping = [each for each in saying if each.passes == FALSE] or [
        each for each in saying if each.allowed == FALSE
    ]
    for each in stopping[:_MOST_SAID]:
        closed = each.need.closed or each.decision.allowed != FALSE
        why = "" if closed else f": {why_refused(each.decision, each.need.action)}"
        yield f"{each.need.blocked}{why}"
    if len(stopping) > _MOST_SAID:
        yield f"and {len(stopping) - _MOST_SAID} other keys that a request could name"
    if not stopping:
        yield from (each.need.blocked for each in saying)


_MOST_SAID = 3
"""Further authorizations that are told where they stop a call: of many keys that could be named, the first."""


def perhaps_open(call: Call) -> Iterator[str]:
    """What may open the call all the same, where its further authorizations alone stop it."""
    yield from (gap for each in call.further for gap in each.need.perhaps)


Needs = tuple[tuple[str, str, str], ...]
"""What an action needs besides, by names."""


def apart_by_needs(
    world: World, actions: tuple[str, ...], resource: Resource
) -> tuple[tuple[Needs, tuple[str, ...]], ...]:
    """Actions that policies do not tell apart, by what they need besides; computed once."""
    key = (actions, resource)
    known = world.needs.get(key)
    if known is None:
        parts: dict[Needs, list[str]] = {}
        for action in actions:
            parts.setdefault(needs_tell_apart(world, action, resource), []).append(action)
        known = world.needs[key] = tuple((needs, tuple(each)) for needs, each in parts.items())
    assert isinstance(known, tuple)
    return known


def needs_tell_apart(world: World, action: str, resource: Resource) -> Needs:
    """What the action needs besides, by names: actions of one answer need the same.

    An action that is needed again on another resource tells nothing apart by itself: the policies there do.
    """
    return tuple(need.name(action) for need in needs_of(world, action, resource) if not need.unless_given)


def _decided(world: World, actor: Actor, call: tuple[str, Resource, Context], need: Need) -> Authorization:
    if need.closed:
        return _not_looked_at(need, call[2])
    if need.unknown and not isinstance(actor.caller, Anonymous):
        return _undecided(need, call[2])
    contexts = [_context(world, actor, call, need, reading) for reading in need.readings or ({},)]
    decisions = [world.decide(actor, need.action, need.resource, each) for each in contexts]
    allowed = [_over_keys_of_call(each.allowed, call, need) for each in decisions]
    denied = [_over_keys_of_call(each.denied, call, need) for each in decisions]
    when = rewrite(need.when, lambda leaf: _folded(leaf, call[2]))
    return Authorization(need, contexts[0], decisions[0], _in_all(allowed, need), _in_all(denied, need), when)


def _without_unknowns(leaf: KeyTest | Unknown) -> Formula:
    return FALSE if isinstance(leaf, Unknown) else leaf


def _not_looked_at(need: Need, context: Context) -> Authorization:
    decision = Decision(FALSE, FALSE, (Layer(LayerKind.RULE, True, FALSE, note=need.closed),))
    when = rewrite(need.when, lambda leaf: _folded(leaf, context))
    return Authorization(need, context, decision, FALSE, FALSE, when)


def _undecided(need: Need, context: Context) -> Authorization:
    unknown = Unknown(need.unknown)
    decision = Decision(unknown, FALSE, (Layer(LayerKind.RULE, True, unknown, note=need.unknown),))
    when = rewrite(need.when, lambda leaf: _folded(leaf, context))
    return Authorization(need, context, decision, unknown, FALSE, when)


def _in_all(readings: list[Formula], need: Need) -> Formula:
    """What holds in all readings; what in some only, is unknown."""
    if all(each == readings[0] for each in readings):
        return readings[0]
    return any_of(all_of(*readings), all_of(Unknown(need.unsure), any_of(*readings)))


def _folded(leaf: KeyTest | Unknown, context: Context) -> Formula:
    return fold_test(leaf, context) if isinstance(leaf, KeyTest) else leaf


def needed(call: Call, values: Mapping[str, tuple[str, ...]]) -> Iterator[Authorization]:
    """The further authorizations that the call needs with these values of its open keys."""
    return (each for each in call.further if holds(each.when, values) is not False)


# ---- the context of a further authorization ------------------------------------------------------------------


def _context(
    world: World,
    actor: Actor,
    call: tuple[str, Resource, Context],
    need: Need,
    reading: Mapping[str, KeyState],
) -> Context:
    """The call's context, but for what is fixed, and for what is said of the resource."""
    own = world.context(actor, need.action, need.resource)
    fixed = {**need.differs, **reading}

    def state(key: str) -> KeyState:
        if key in fixed:
            return fixed[key]
        if need.names is not None and key.startswith("s3:") and isinstance(own.state(key), Absent):
            return ABSENT
        return call[2].state(key) if _is_shared(key, call, need) else own.state(key)

    return Context({key: state(key) for key in (*own.states, *call[2].states, *fixed)}, state)


def _is_shared(key: str, call: tuple[str, Resource, Context], need: Need) -> bool:
    """Whether the key has one value in both: it speaks of the caller, the time, the network, not of the resource."""
    services = {action.partition(":")[0].lower() for action in (need.action, call[0])}
    if len(services) > 1 and key.partition(":")[0] in services:
        return False
    if need.names is not None and key.startswith("s3:existingobjecttag/"):
        return False
    if key.startswith(_ABOUT_RESOURCE):
        tags = "tag/" in key
        return not tags and call[1].account is not None and call[1].account == need.resource.account
    return True


_ABOUT_RESOURCE = ("aws:resource", "s3:resourceaccount", "s3:buckettag/", "s3:accesspointtag/")


def _over_keys_of_call(formula: Formula, call: tuple[str, Resource, Context], need: Need) -> Formula:
    """The formula, keys unknown that nobody chooses and that are not the call's."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown):
            return leaf
        keys = [leaf.key, *(variable.key for variable in variables_of(leaf.value))]
        named = need.names is not None and (OBJECT_KEY in keys or _names_version(leaf, need.names))
        for key in keys[named:]:
            if not _is_shared(key, call, need):
                return Unknown(f"{spelling(key)} of the request {need.action} is not known")
        return leaf if not named or need.names is None else _of_object_named(leaf, need.names, call[2])

    return rewrite(formula, of_leaf)


def _names_version(leaf: KeyTest, named: ObjectNamed) -> bool:
    """Whether the test is one on the version of the object that is named."""
    return bool(named.after) and leaf.key == VERSION_ID


def _of_object_named(leaf: KeyTest, named: ObjectNamed, context: Context) -> Formula:
    """A test on the object's key as one on the key of the call that names it."""
    if _names_version(leaf, named) and isinstance(leaf.value, StringTest):
        versions = [
            pattern_of([*EVERYTHING.tokens, named.after, *each.tokens]) for each in leaf.value.patterns
        ]
        test = StringTest(tuple(versions), leaf.value.ignore_case)
        return _folded(replace(leaf, key=named.key, value=test), context)
    if leaf.key != OBJECT_KEY or not isinstance(leaf.value, StringTest):
        return Unknown("what is asked of the key of an object that is copied is not decided")
    after = [named.after, *EVERYTHING.tokens] if named.after else []
    patterns = [
        pattern_of([before, *each.tokens, *after]) for before in named.before for each in leaf.value.patterns
    ]
    value = StringTest(tuple(patterns), leaf.value.ignore_case)
    return _folded(replace(leaf, key=named.key, value=value), context)
