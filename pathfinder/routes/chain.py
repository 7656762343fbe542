"""The requests of a route decided together, with every way in which its sessions can be started.

A way says what each call passes. For each way the conditions of all requests become one formula, in which a key
that a session carries is the key of the call that chose it; the solver decides that formula exactly.
Source: evaluation.md STS-14, STS-15, STS-25, STS-30 to STS-35; design idea 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from pathfinder.conditions.facts import Facts, key_at, request_of_key
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.principals import Actor
from pathfinder.graph.tags import REQUEST_TAG, TAG_KEYS, TRANSITIVE, in_context, lists, tag_names, tag_ties
from pathfinder.graph.world import Resource
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, any_of, negate, rewrite
from pathfinder.logic.patterns import Pattern, Variable
from pathfinder.logic.values import bind, variables_of
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import OPEN, SESSION_NAME, Context, KeyState
from pathfinder.routes.sessions import (
    IDENTITY_GIVEN,
    PLAIN,
    PRINCIPAL_TAG,
    SESSION_GIVEN,
    At,
    Call,
    Passing,
    Session,
    carries,
    passable,
    started,
)

MOST_TAGS = 4
"""Session tags that one call may pass and that a route's conditions tell apart."""
MOST_WAYS = 200
"""Ways of passing tags and source identities along one route that are looked at."""


class TooManyWaysError(Exception):
    """More ways than are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A hop with all that its request needs, each as a formula over the request's own keys.

    `condition`: the hop's, and which objects it is about. `tagging`, `naming`: when the same call may pass or
    inherit session tags, or a source identity; `chaining`: when it may inherit a source identity besides
    (STS-25). `facts`: what AWS guarantees of the request. `actor` None: a hop that makes no request.
    `told`: keys of the session that the snapshot knows.
    """

    hop: Hop
    actor: Actor | None
    resource: Resource | None
    condition: Formula
    tagging: Formula = TRUE
    naming: Formula = TRUE
    chaining: Formula = TRUE
    facts: Facts | None = None
    told: tuple[tuple[str, str], ...] = ()
    tagging_evidence: tuple[Evidence, ...] = ()
    naming_evidence: tuple[Evidence, ...] = ()

    @property
    def starts_session(self) -> bool:
        """Whether a role session comes of it."""
        return self.actor is not None and self.hop.kind != "access"

    @property
    def known_name(self) -> str | None:
        """The session's name where it is known beforehand (STS-40)."""
        return self.hop.extra.get("session_name")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take all hops: each hop's call (None: no request), and the formula over all of them."""

    calls: tuple[Call | None, ...]
    formula: Formula


class Chain:
    """A route's steps, decided together."""

    def __init__(self, steps: tuple[Step, ...], first: Session = PLAIN) -> None:
        self.steps = steps
        self.first = first
        self.names = self._names()
        self._asked = 0

    def ways(self) -> Iterator[Way]:
        """Every way that some requests allow, the plainest first. Raises TooManyWaysError."""
        self._asked = 0
        found = list(self._further((), None, TRUE))
        yield from sorted(found, key=lambda way: [c.passing.amount for c in way.calls if c is not None])

    def _further(
        self, calls: tuple[Call | None, ...], session: Session | None, so_far: Formula
    ) -> Iterator[Way]:
        number = len(calls)
        if number == len(self.steps):
            yield Way(calls, so_far)
            return
        step = self.steps[number]
        if step.actor is None:
            yield from self._further((*calls, None), None, so_far)
            return
        if session is None and carries(step.actor):
            session = self.first if number == 0 else PLAIN
        for passing in self._choices(number, session):
            self._asked += 1
            if self._asked > MOST_WAYS:
                raise TooManyWaysError
            call = Call(number, step.actor, step.resource, session, passing)
            formula = all_of(so_far, self.formula_of(call))
            if formula == FALSE or satisfiable(formula, self.facts(formula)) is False:
                continue
            following = None
            if step.starts_session:
                following = started(call, kind=step.hop.kind, known_name=step.known_name, told=step.told)
            yield from self._further((*calls, call), following, formula)

    def _names(self) -> frozenset[str]:
        """Names, in lower case, of all tags that the conditions speak of."""
        found: set[str] = set()
        for step in self.steps:
            for formula in (step.condition, step.tagging, step.naming, step.chaining):
                found |= tag_names(formula) | carried_tags(formula)
            can = passable(step.actor) if step.actor is not None and step.starts_session else None
            if can is not None and can.always and can.tags is not None:
                found |= can.tags
        return frozenset(found)

    def _choices(self, number: int, session: Session | None) -> Iterable[Passing]:
        """What the call may pass, as far as that makes a difference to some hop; the plainest first."""
        step = self.steps[number]
        if not step.starts_session:
            return (Passing(),)
        assert step.actor is not None
        can = passable(step.actor)
        inherited = session.transitive if session is not None else frozenset[str]()
        options: list[tuple[tuple[str, bool] | None, ...]] = []
        for name in sorted(self.names):
            if name in inherited or (can.tags is not None and name not in can.tags):
                continue
            marks = self._marks(number, name)
            if can.transitive is not None and (marks or can.always):
                marks = (can.transitive,)
            if marks:
                none = () if can.always else (None,)
                options.append((*none, *((name, transitive) for transitive in marks)))
        if sum(len(each) > 1 for each in options) > MOST_TAGS:
            raise TooManyWaysError
        identities = self._identities(number, session) if can.identity else (False,)
        identities = (True,) if can.identity_always else identities
        found = [
            Passing(tuple(each for each in tags if each is not None), identity)
            for tags in product(*options)
            for identity in identities
        ]
        return sorted(found, key=lambda passing: (passing.amount, passing))

    def _marks(self, number: int, name: str) -> tuple[bool, ...]:
        """Whether passing the tag matters, plainly or transitively."""
        step = self.steps[number]
        own = any(name in tag_names(formula) for formula in (step.condition, step.tagging, step.naming))
        lists_transitive = own and TRANSITIVE in keys_of(step.condition) | keys_of(step.tagging)
        later = [each for each in self.steps[number + 1 :] if _speaks_of(each, name)]
        beyond = any(_speaks_of(each, name) for each in self.steps[number + 2 :])
        next_role = len(self.steps) > number + 1 and _speaks_of_role_tag(self.steps[number + 1], name)
        marks: list[bool] = []
        if own or later:
            marks.append(False)
        if lists_transitive or beyond or next_role:
            marks.append(True)
        return tuple(marks)

    def _identities(self, number: int, session: Session | None) -> tuple[bool, ...]:
        if session is not None and session.identity is not None:
            return (False,)
        own = IDENTITY_GIVEN in keys_of(self.steps[number].condition) | keys_of(self.steps[number].naming)
        later = any(
            {"aws:sourceidentity", IDENTITY_GIVEN} & (keys_of(each.condition) | keys_of(each.tagging))
            for each in self.steps[number + 1 :]
        )
        return (False, True) if own or later else (False,)

    def formula_of(self, call: Call) -> Formula:
        """All that the call needs, over the keys of the whole route."""
        step = self.steps[call.number]
        session, passing = call.session or PLAIN, call.passing
        assert step.actor is not None
        parts = [step.condition]
        if step.starts_session:
            if passing.tags or session.transitive or passable(step.actor).always:
                parts.append(step.tagging)
            if passing.identity or session.identity is not None:
                parts.append(step.naming)
            if session.identity is not None:
                parts.append(step.chaining)
            parts.extend(self._lists(call, all_of(*parts)))
        whole = all_of(*parts)
        return placed(all_of(whole, tag_ties(whole), *_present(call, self.steps)), call)

    def _lists(self, call: Call, said: Formula) -> Iterator[Formula]:
        """What the call's lists of tag names hold, and that nothing is passed twice (STS-31)."""
        passed = dict(call.passing.tags)
        session = call.session or PLAIN
        keys = keys_of(said)
        for name in sorted(self.names):
            if TAG_KEYS in keys or passed:
                yield _is(lists(TAG_KEYS, name), name in passed and name not in session.transitive)
            if TRANSITIVE in keys or any(passed.values()):
                yield _is(lists(TRANSITIVE, name), passed.get(name, False))

    def facts(self, formula: Formula) -> Facts:
        """What AWS guarantees of all requests, as far as the formula speaks of them."""
        by_number: dict[int, set[str]] = {}
        for key in keys_of(formula):
            number, own = request_of_key(key)
            assert number is not None
            by_number.setdefault(number, set()).add(own)
        axioms: list[Formula] = []
        for number in sorted(by_number):
            facts = self.steps[number].facts
            if facts is not None:
                axioms.extend(
                    numbered(axiom, number) for axiom in facts.concerning(frozenset(by_number[number]))
                )
        return _facts_of(tuple(axioms))


@lru_cache(maxsize=1 << 10)
def _facts_of(axioms: tuple[Formula, ...]) -> Facts:
    return Facts(axioms=axioms)


def _present(call: Call, steps: tuple[Step, ...]) -> Iterator[Formula]:
    """Keys that the call certainly has, because it passes them or a later request shows their value."""
    for name, _ in call.passing.tags:
        yield in_context(REQUEST_TAG + name)
    if call.passing.identity:
        yield in_context(IDENTITY_GIVEN)
    step = steps[call.number]
    named = step.starts_session and step.known_name is None and call.number + 1 < len(steps)
    if named and SESSION_NAME in keys_of(steps[call.number + 1].condition):
        yield in_context(SESSION_GIVEN)


def _is(test: KeyTest, wanted: bool) -> KeyTest:
    return test if wanted else test.opposite()


def carried_tags(formula: Formula) -> frozenset[str]:
    """Names, in lower case, of the caller's tags and of the role's that a formula speaks of."""
    return frozenset(
        key.partition("/")[2]
        for key in keys_of(formula)
        if key.startswith((PRINCIPAL_TAG, "aws:resourcetag/", "iam:resourcetag/"))
    )


def _speaks_of(step: Step, name: str) -> bool:
    return any(name in carried_tags(formula) for formula in (step.condition, step.tagging, step.naming))


def _speaks_of_role_tag(step: Step, name: str) -> bool:
    keys = keys_of(step.condition) | keys_of(step.tagging)
    return bool({f"aws:resourcetag/{name}", f"iam:resourcetag/{name}"} & keys)


def placed(formula: Formula, call: Call) -> Formula:
    """A formula over one call's keys, over the keys of the whole route."""
    keys = keys_of(formula)
    places = {key: call.place(key) for key in keys}
    fixed: dict[str, KeyState] = {
        key: place for key, place in places.items() if not isinstance(place, At) and place != OPEN
    }
    names = {
        key: place.key if isinstance(place, At) else key_at(call.number, key) for key, place in places.items()
    }
    context = Context(fixed, lambda _key: OPEN)

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown):
            return leaf
        folded = fold_test(leaf, context, bound=not variables_of(leaf.value))
        return rewrite(folded, lambda each: renamed(each, names, call.number))

    return rewrite(formula, of_leaf)


def renamed(leaf: KeyTest | Unknown, names: dict[str, str], number: int) -> Formula:
    """A test with its key, and those of its variables, called by their names in the whole route."""
    if isinstance(leaf, Unknown):
        return leaf

    def of_variable(variable: Variable) -> Pattern:
        name = names.get(variable.key) or key_at(number, variable.key)
        return Pattern((Variable(name, variable.default),))

    value = bind(leaf.value, of_variable) if variables_of(leaf.value) else leaf.value
    return replace(leaf, key=names.get(leaf.key) or key_at(number, leaf.key), value=value)


@lru_cache(maxsize=1 << 14)
def numbered(formula: Formula, number: int) -> Formula:
    """A formula over one request's keys, as one of the request of this number."""
    return rewrite(formula, lambda leaf: renamed(leaf, {}, number))


def unless(key: str, formula: Formula) -> Formula:
    """The formula holds, or the key is not in the context."""
    return any_of(negate(in_context(key)), formula)
