"""A route's hops as they are when taken together: conditions with what is fixed along it, witnesses of one story.

Source: design idea 3; evaluation.md STS-9, STS-25, STS-33, TERM-2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.conditions.facts import key_at, request_of_key
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import Answer, Solution, Undecided, Unsatisfiable, holds, satisfiable, solve
from pathfinder.graph.facts import LASTING_CLAIMS, ROLE_TAGS
from pathfinder.graph.guarantees import DIRECT, NETWORK_KEYS
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.outsiders import neat
from pathfinder.graph.replay import decide_call, decide_request, request_of_witness, session_at
from pathfinder.graph.requests import asked_action, further_calls
from pathfinder.graph.tags import REQUEST_TAG, in_context
from pathfinder.graph.witness import further_witnesses, witness_of
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, any_of, negate, rewrite
from pathfinder.logic.values import variables_of
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import OPEN, SESSION_NAME, Absent, Context, KeyState, Values
from pathfinder.routes.chain import Chain
from pathfinder.routes.passing import Step
from pathfinder.routes.placing import numbered
from pathfinder.routes.sessions import (
    IDENTITY,
    IDENTITY_GIVEN,
    PRINCIPAL_TAG,
    PROVIDER,
    ROLES_ANYWHERE,
    SESSION_GIVEN,
    At,
)
from pathfinder.routes.steps import SET_SOURCE_IDENTITY, TAG_SESSION
from pathfinder.routes.ways import Taken

NOT_PROVEN = "not proven: the request found for it is not allowed when it is decided as a complete one"
"""Said where the condition and the decision procedure do not agree; no such case is known."""
_PLAIN_NAME = "session"
"""The name of a session that nothing asks about."""


def retold(world: World, steps: Sequence[Step], ways: Sequence[Taken]) -> Iterator[Hop]:
    """The hops: what is the same in all ways is put in, and the witnesses are those of the plainest way."""
    plainest = ways[0]
    answer = _solved(plainest.chain)
    solved = dict(answer.values) if isinstance(answer, Solution) else {}
    gaps: tuple[str, ...] = ()
    match answer:
        case Undecided(reason):
            gaps = (f"not decided: {reason}",)
        case Solution(unknowns=reasons):
            gaps = reasons
        case Unsatisfiable():
            raise AssertionError("a way is one that some requests allow")
    gaps = tuple(dict.fromkeys((*gaps, *(way.gap for way in ways if way.gap))))
    certain = isinstance(answer, Solution) and answer.certain and not plainest.gap
    for position, step in enumerate(steps):
        if step.actor is None:
            yield step.hop
            continue
        call = SolvedCall(world, plainest.chain, position + plainest.before, solved)
        witness, also = call.told() if certain else (None, ())
        unproven = (NOT_PROVEN,) if certain and witness is None else ()
        yield replace(
            step.hop,
            condition=_condition(step, position, ways),
            witness=witness,
            evidence=tuple(dict.fromkeys((*step.hop.evidence, *call.evidence()))),
            also=also,
            gaps=tuple(dict.fromkeys((*step.hop.gaps, *gaps, *unproven))),
        )


def _solved(chain: Chain) -> Answer:
    """Values for the whole route: as little passed as can be, requests that the callers make themselves if they can."""
    wanted = chain.formula
    numbers = range(len(chain.steps))
    passed = [chain.hands_on(number, name) for number in numbers for name in sorted(chain.names)]
    passed += [chain.passes(number, name) for number in numbers for name in sorted(chain.names)]
    passed += [chain.sets_identity(number) for number in numbers]
    wishes = [negate(each) for each in passed if each not in (TRUE, FALSE)]
    if any(request_of_key(key)[1] in NETWORK_KEYS for key in keys_of(wanted)):
        direct = (numbered(DIRECT, number) for number in numbers if chain.steps[number].actor is not None)
        wishes.append(all_of(*direct))
    for number, step in enumerate(chain.steps):
        if step.actor is not None:
            service = asked_action(step.hop).partition(":")[0].lower()
            wishes.append(numbered(neat(step.actor, keys_of(step.condition), service), number))
    for wish in wishes:
        plainer = all_of(wanted, wish)
        if satisfiable(plainer, chain.facts(plainer)):
            wanted = plainer
    return solve(wanted, chain.facts(wanted))


# ---- conditions ----------------------------------------------------------------------------------------


def _condition(step: Step, position: int, ways: Sequence[Taken]) -> Formula:
    """The hop's condition, with what the call has to be allowed besides, and what no way leaves open put in."""
    parts = [step.hop.condition]
    if step.starts_session:
        parts.extend(_besides(step, position, ways))
    formula = all_of(*parts)
    fixed: dict[str, KeyState] = dict(step.hop.given)
    for key in keys_of(formula) - fixed.keys():
        places = {
            case.place
            for way in ways
            for case in way.chain.cases(position + way.before, key)
            if case.guard == TRUE or way.may(case.guard)
        }
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


def _besides(step: Step, position: int, ways: Sequence[Taken]) -> Iterator[Formula]:
    """What is passed in every way is part of the condition; what is passed in some, needs to be allowed if it is."""
    for name in sorted(frozenset[str]().union(*(way.chain.names for way in ways))):
        guards = [(way, way.chain.passes(position + way.before, name)) for way in ways]
        yield from _if_passed(in_context(REQUEST_TAG + name), step.tagging, guards)
    given = [(way, way.chain.sets_identity(position + way.before)) for way in ways]
    yield from _if_passed(in_context(IDENTITY_GIVEN), step.naming, given)
    inherited = [(way, way.chain.tags_take_part(position + way.before)) for way in ways]
    if all(guard != FALSE and not way.may(negate(guard)) for way, guard in inherited):
        yield step.tagging
    before = [
        (way, any_of(*(way.chain.sets_identity(each) for each in range(position + way.before))))
        for way in ways
    ]
    yield from _if_passed(in_context(IDENTITY), all_of(step.naming, step.chaining), before)


def _if_passed(key: Formula, needed: Formula, guards: Sequence[tuple[Taken, Formula]]) -> Iterator[Formula]:
    if not any(way.may(guard) for way, guard in guards):
        return
    if any(way.may(negate(guard)) for way, guard in guards):
        yield any_of(negate(key), needed)
    else:
        yield all_of(key, needed)


# ---- witnesses -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class SolvedCall:
    """One request of a route with the values that were found for all requests."""

    world: World
    chain: Chain
    number: int
    solved: Mapping[str, tuple[str, ...]]

    @property
    def step(self) -> Step:
        """The step that it takes."""
        return self.chain.steps[self.number]

    def told(self) -> tuple[Witness | None, tuple[Witness, ...]]:
        """The complete request, and the further authorizations of the same call (STS-25, TERM-2).

        None and nothing where the decision procedure does not allow one of them when it is replayed.
        """
        step = self.step
        assert step.actor is not None
        assert step.resource is not None
        action = asked_action(step.hop)
        values = {own: chosen for number, own, chosen in self._values() if number == self.number}
        values[SESSION_NAME] = self._name()
        if step.actor.node.id == ROLES_ANYWHERE:
            said = {key: chosen for key, chosen in values.items() if key.startswith(REQUEST_TAG)}
            values.update((PRINCIPAL_TAG + key.removeprefix(REQUEST_TAG), said[key]) for key in said)
        known = self.world.context(step.actor, action, step.resource)
        carried = self._carried(known)
        states = {**known.states, **dict(step.hop.given), **carried}
        context = Context(states, known.otherwise)
        used = keys_of(step.condition)
        found = witness_of(step.actor, action, step.resource, context, values, used)
        also = tuple(self._also(found))
        if not step.starts_session and step.hop.blocked is None:
            calls = further_calls(self.world, step.actor, step.hop, action)
            also = tuple(
                each
                for call in calls
                for each in further_witnesses(call, values, used, carried)
                if call.action == action or each.action != call.action
            )
        replays = all(_replays(self.world, step.hop, each) for each in (found, *also))
        return (found, also) if replays else (None, ())

    def _values(self) -> Iterator[tuple[int | None, str, tuple[str, ...]]]:
        for key, chosen in self.solved.items():
            yield (*request_of_key(key), chosen)

    def _name(self) -> tuple[str, ...]:
        (case,) = self.chain.cases(self.number, SESSION_NAME)
        match case.place:
            case Values(values):
                return values
            case At(key):
                return self.solved.get(key, (_PLAIN_NAME,))
            case _:
                return self.solved.get(key_at(self.number, SESSION_NAME), (_PLAIN_NAME,))

    def _carried(self, known: Context) -> dict[str, KeyState]:
        """The states of the keys that the session carries, and of what the call passes."""
        names = self.chain.names
        keys = {key for key in known.states if key.startswith((PRINCIPAL_TAG, *ROLE_TAGS))}
        keys |= {PRINCIPAL_TAG + name for name in names} | {IDENTITY, PROVIDER}
        if self.step.starts_session:
            keys |= {REQUEST_TAG + name for name in names} | {IDENTITY_GIVEN, SESSION_GIVEN}
            keys |= {ROLE_TAGS[0] + name for name in names}
        if self.number:
            keys |= {key for key, _ in self.chain.steps[self.number - 1].told}
            keys |= {
                own
                for number, own, _ in self._values()
                if number == self.number - 1 and own in LASTING_CLAIMS
            }
        found = {}
        for key in sorted(keys):
            state = self._state(key)
            if state is not None:
                found[key] = state
        return found

    def _state(self, key: str) -> KeyState | None:
        """The key's state in the case that the values make true."""
        for case in self.chain.cases(self.number, key):
            if not self._holds(case.guard):
                continue
            match case.place:
                case At(shared):
                    return Values(self.solved[shared]) if shared in self.solved else None
                case Values() | Absent() as fixed:
                    return fixed
                case _:
                    return None
        return None

    def _holds(self, guard: Formula) -> bool:
        return holds(guard, self.solved) is True

    def evidence(self) -> Iterator[Evidence]:
        """What decided on the further authorizations of the call."""
        if self.step.starts_session:
            if self._holds(self.chain.tags_take_part(self.number)):
                yield from self.step.tagging_evidence
            if self._holds(self._identity_takes_part()):
                yield from self.step.naming_evidence

    def _also(self, witness: Witness) -> Iterator[Witness]:
        """What a call that starts a session needs besides (STS-25)."""
        if self.step.starts_session:
            if self._holds(self.chain.tags_take_part(self.number)):
                yield replace(witness, action=TAG_SESSION)
            if self._holds(self._identity_takes_part()):
                yield replace(witness, action=SET_SOURCE_IDENTITY)

    def _identity_takes_part(self) -> Formula:
        return any_of(*(self.chain.sets_identity(each) for each in range(self.number + 1)))


def _replays(world: World, hop: Hop, witness: Witness) -> bool:
    try:
        of_call = decide_call(world, hop.call, witness) if hop.call is not None else None
        if of_call is not None:
            return outcome(of_call) is Outcome.ALLOW
        change, session = world.changes.get(hop.now or hop.source), session_at(world, hop.source)
        decision = decide_request(world, request_of_witness(witness), change, session)
        return outcome(decision) is Outcome.ALLOW
    except ScenarioError:
        return False
