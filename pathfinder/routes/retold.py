"""A route's hops as they are when taken together: conditions with what is fixed along it, witnesses of one story.

Source: design idea 3; evaluation.md STS-9, STS-25, STS-33, TERM-2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import ScenarioError, outcome
from pathfinder.conditions.facts import key_at, request_of_key
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import Answer, Solution, Undecided, Unsatisfiable, solve
from pathfinder.graph.guarantees import DIRECT, NETWORK_KEYS
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.tags import REQUEST_TAG, in_context
from pathfinder.graph.witness import witness_of
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, KeyTest, Unknown, all_of, any_of, negate, rewrite
from pathfinder.logic.values import variables_of
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import OPEN, SESSION_NAME, Absent, Context, KeyState, Values
from pathfinder.routes.chain import Chain, Step, Way, numbered
from pathfinder.routes.sessions import IDENTITY, IDENTITY_GIVEN, PRINCIPAL_TAG, SESSION_GIVEN, At, Call
from pathfinder.routes.steps import SET_SOURCE_IDENTITY, TAG_SESSION

_PLAIN_NAME = "session"
"""The name of a session that nothing asks about."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A way to take a route; `before`: the hops of the chain that are not the route's, but start its first session."""

    before: int
    chain: Chain
    way: Way


def retold(world: World, steps: Sequence[Step], ways: Sequence[Taken]) -> Iterator[Hop]:
    """The hops: what is the same in all ways is put in, and the witnesses are those of the plainest way."""
    plainest = ways[0]
    answer = _solved(plainest.chain, plainest.way)
    values = dict(answer.values) if isinstance(answer, Solution) else {}
    gaps: tuple[str, ...] = ()
    match answer:
        case Undecided(reason):
            gaps = (f"not decided: {reason}",)
        case Solution(unknowns=reasons):
            gaps = reasons
        case Unsatisfiable():
            raise AssertionError("a way is one that some requests allow")
    for position, step in enumerate(steps):
        call = plainest.way.calls[position + plainest.before]
        calls = [taken.way.calls[position + taken.before] for taken in ways]
        if call is None:
            yield step.hop
            continue
        witness = (
            _witness(world, step, call, values) if isinstance(answer, Solution) and answer.certain else None
        )
        yield replace(
            step.hop,
            condition=_condition(step, [each for each in calls if each is not None]),
            witness=witness,
            evidence=tuple(dict.fromkeys((*step.hop.evidence, *_evidence(step, call)))),
            also=tuple(_also(call, witness)) if witness is not None else (),
            gaps=tuple(dict.fromkeys((*step.hop.gaps, *gaps))),
        )


def _solved(chain: Chain, way: Way) -> Answer:
    """Values for the whole route; requests that the callers make themselves where that is possible."""
    if any(request_of_key(key)[1] in NETWORK_KEYS for key in keys_of(way.formula)):
        direct = all_of(
            way.formula, *(numbered(DIRECT, call.number) for call in way.calls if call is not None)
        )
        found = solve(direct, chain.facts(direct))
        if not isinstance(found, Unsatisfiable):
            return found
    return solve(way.formula, chain.facts(way.formula))


# ---- conditions ----------------------------------------------------------------------------------------


def _condition(step: Step, calls: Sequence[Call]) -> Formula:
    """The hop's condition, with what the call has to be allowed besides, and what no way leaves open put in."""
    parts = [step.hop.condition]
    if step.starts_session:
        parts.extend(_besides(step, calls))
    formula = all_of(*parts)
    fixed: dict[str, KeyState] = {}
    for key in keys_of(formula):
        places = {call.place(key) for call in calls}
        place = places.pop()
        if not places and not isinstance(place, At):
            fixed[key] = place
    context = Context(fixed, lambda _key: OPEN)

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown):
            return leaf
        return fold_test(leaf, context, bound=not variables_of(leaf.value))

    folded = rewrite(formula, of_leaf)
    assert step.facts is not None
    return simplify(folded, step.facts)


def _besides(step: Step, calls: Sequence[Call]) -> Iterator[Formula]:
    """What is passed in every way is part of the condition; what is passed in some, needs to be allowed if it is."""
    named = [call.passing.names for call in calls]
    for name in sorted(frozenset[str]().union(*named)):
        key = in_context(REQUEST_TAG + name)
        if all(name in names for names in named):
            yield all_of(key, step.tagging)
        else:
            yield any_of(negate(key), step.tagging)
    given = [call.passing.identity for call in calls]
    if any(given):
        key = in_context(IDENTITY_GIVEN)
        yield all_of(key, step.naming) if all(given) else any_of(negate(key), step.naming)
    sessions = [call.session for call in calls if call.session is not None]
    if sessions and all(session.transitive for session in sessions):
        yield step.tagging
    kept = [session.identity is not None for session in sessions]
    if any(kept):
        needed = all_of(step.naming, step.chaining)
        yield needed if all(kept) else any_of(negate(in_context(IDENTITY)), needed)


# ---- witnesses -----------------------------------------------------------------------------------------

Solved = Mapping[str, tuple[str, ...]]


def _witness(world: World, step: Step, call: Call, solved: Solved) -> Witness | None:
    """The call's complete request, or None where the decision procedure does not allow it when it is replayed."""
    assert step.resource is not None
    action = step.hop.witness.action if step.hop.witness is not None else step.hop.actions[0]
    values = {
        own: chosen
        for key, chosen in solved.items()
        for number, own in (request_of_key(key),)
        if number == call.number
    }
    values[SESSION_NAME] = _name(call, solved)
    known = world.context(call.actor, action, step.resource)
    states = {**known.states, **dict(_carried(call, known, solved))}
    used = keys_of(step.condition)
    found = witness_of(call.actor, action, step.resource, Context(states, known.otherwise), values, used)
    return found if _replays(world, found) else None


def _name(call: Call, solved: Solved) -> tuple[str, ...]:
    match call.session.name if call.session is not None else None:
        case Values(values):
            return values
        case At(key):
            return solved.get(key, (_PLAIN_NAME,))
        case _:
            return solved.get(key_at(call.number, SESSION_NAME), (_PLAIN_NAME,))


def _carried(call: Call, known: Context, solved: Solved) -> Iterator[tuple[str, KeyState]]:
    """The states of the keys that the session carries, and of what the call passes."""
    if call.session is None and not call.passing.tags and not call.passing.identity:
        return
    keys = {
        key for key in known.states if key.startswith((PRINCIPAL_TAG, "aws:resourcetag/", "iam:resourcetag/"))
    }
    if call.session is not None:
        keys |= {PRINCIPAL_TAG + name for name, _ in call.session.tags}
        keys |= {IDENTITY, IDENTITY_GIVEN, "aws:federatedprovider"} | {key for key, _ in call.session.told}
        keys |= {
            own for key in solved for number, own in (request_of_key(key),) if number == call.session.claims
        }
    for key in sorted(keys - {SESSION_GIVEN}):
        match call.place(key):
            case At(shared):
                if shared in solved:
                    yield key, Values(solved[shared])
            case Values() | Absent() as fixed:
                yield key, fixed
            case _:
                pass


def _replays(world: World, witness: Witness) -> bool:
    try:
        return outcome(decide_request(world, request_of_witness(witness))) is Outcome.ALLOW
    except ScenarioError:
        return False


def _evidence(step: Step, call: Call) -> Iterator[Evidence]:
    """What decided on the further authorizations of the call."""
    if step.starts_session:
        if tags_take_part(call):
            yield from step.tagging_evidence
        if identity_takes_part(call):
            yield from step.naming_evidence


def tags_take_part(call: Call) -> bool:
    """Whether the call passes or inherits session tags (STS-25)."""
    return bool(call.passing.tags or (call.session is not None and call.session.transitive))


def identity_takes_part(call: Call) -> bool:
    """Whether the call sets or inherits a source identity (STS-25)."""
    return call.passing.identity or (call.session is not None and call.session.identity is not None)


def _also(call: Call, witness: Witness) -> Iterator[Witness]:
    """The further authorizations of the same call (STS-25)."""
    if witness.action.lower().startswith("sts:"):
        if tags_take_part(call):
            yield replace(witness, action=TAG_SESSION)
        if identity_takes_part(call):
            yield replace(witness, action=SET_SOURCE_IDENTITY)
