"""The requests of a route as one formula: a key that a session carries is the key of the call that chose it.

Which call that was may be open: a tag may be the role's own, passed in the last call, or inherited from an earlier
one. Each such case has a guard that says, over the calls' own keys, when it holds; so that the solver decides all
ways to take the route at once. Source: evaluation.md STS-14, STS-15, STS-25, STS-30 to STS-35; design idea 3.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cached_property, lru_cache
from itertools import product

from pathfinder.authorization.caller import IdentityProviderCaller, ServiceCaller
from pathfinder.conditions.facts import Facts, key_at, request_of_key
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.facts import LASTING_CLAIMS, ROLE_TAGS, delivering_service
from pathfinder.graph.tags import (
    REQUEST_TAG,
    TAG_KEYS,
    TRANSITIVE,
    in_context,
    lists,
    lists_only,
    tag_ties,
)
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, any_of, negate, rewrite
from pathfinder.logic.values import variables_of
from pathfinder.policy.context import ABSENT, OPEN, SESSION_NAME, KeyState, Values
from pathfinder.routes.passing import Passed, Step
from pathfinder.routes.placing import numbered, tag_cases, with_places
from pathfinder.routes.sessions import (
    IDENTITY,
    IDENTITY_GIVEN,
    PRINCIPAL_TAG,
    PROVIDER,
    SESSION_GIVEN,
    At,
    Case,
    carries,
    is_carried,
    own_tag,
)


class Chain(Passed):
    """A route's steps, decided together. `first_name`: that of the session that it starts with, where it is given.

    `any_start`: that session may carry and hand on anything, whoever could have started it. Such a chain may
    be open where no session can take it, and never closed where some session can. `memory`: what requests were
    found to be, for all chains of a world.
    """

    def __init__(
        self,
        steps: tuple[Step, ...],
        memory: dict[Hashable, Formula],
        first_name: str | None = None,
        *,
        any_start: bool = False,
    ) -> None:
        super().__init__(steps)
        self._memory = memory
        self.first_name = first_name
        self.any_start = any_start

    @cached_property
    def formula(self) -> Formula:
        """When all hops can be taken, over the keys of all requests."""
        requests = [number for number, step in enumerate(self.steps) if step.actor is not None]
        return all_of(*(self._known_request(number) for number in requests), *self.once())

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
                own_axioms = facts.concerning(frozenset(by_number[number]))
                axioms.extend(numbered(axiom, number) for axiom in own_axioms)
        return _facts_of(tuple(axioms))

    # ---- one request ---------------------------------------------------------------------------------------

    def _known_request(self, number: int) -> Formula:
        """Many routes have the same chains before them, so each request is placed once for all of them."""
        hangs_on = self.what_requests_hang_on(number)
        if hangs_on is None:
            return self._of_request(number)
        key = (number, self.first_name, self.any_start, hangs_on)
        found = self._memory.get(key)
        if found is None:
            found = self._memory[key] = self._of_request(number)
        return found

    def _of_request(self, number: int) -> Formula:
        step = self.steps[number]
        condition = all_of(step.condition, tag_ties(step.condition))
        parts = [self.placed(condition, number)]
        if step.starts_session:
            parts.extend(self._besides(number))
        parts.extend(self._delivered(number))
        if step.starts_session and step.known_name is None and self._shows_name(number + 1):
            parts.append(in_context(key_at(number, SESSION_GIVEN)))
        return all_of(*parts)

    def _delivered(self, number: int) -> Iterator[Formula]:
        """Requests of a session that a service has delivered carry that service's keys (chapter 6, STS-40)."""
        for key in sorted({key for formula in self.steps[number].formulas for key in keys_of(formula)}):
            service = delivering_service(key)
            open_here = service is not None and self.cases(number, key) == (Case(TRUE, OPEN),)
            if open_here and self._session_service(number) == service:
                yield in_context(key_at(number, key))

    def _session_service(self, number: int) -> str | None:
        """The service that has delivered the session of this request."""
        before = self.steps[number - 1] if number else None
        caller = before.actor.caller if before is not None and before.actor is not None else None
        return caller.name if isinstance(caller, ServiceCaller) else None

    def _shows_name(self, number: int) -> bool:
        """Whether the request of this number says something of its session's name."""
        following = self.steps[number : number + 1]
        return any(SESSION_NAME in keys_of(each) for step in following for each in step.formulas)

    def _besides(self, number: int) -> Iterator[Formula]:
        """What the call has to be allowed besides, and how it lists what it passes (STS-25, STS-31)."""
        step = self.steps[number]
        yield any_of(negate(self.tags_take_part(number)), self._placed_besides(step.tagging, number))
        inherits = any_of(*(self.sets_identity(each) for each in range(number)))
        naming = self._placed_besides(step.naming, number)
        yield any_of(negate(any_of(inherits, self.sets_identity(number))), naming)
        yield any_of(negate(inherits), self._placed_besides(step.chaining, number))
        for name in sorted(self.names):
            passes, hands_on = self.passes(number, name), self.hands_on(number, name)
            if passes == TRUE:
                yield in_context(key_at(number, REQUEST_TAG + name))
            if passes != FALSE or TAG_KEYS in keys_of(step.condition) | keys_of(step.tagging):
                yield _same(numbered(lists(TAG_KEYS, name), number), passes)
            if hands_on != FALSE:
                yield any_of(negate(hands_on), passes)
            elif TRANSITIVE in keys_of(step.condition) | keys_of(step.tagging):
                yield negate(numbered(lists(TRANSITIVE, name), number))
        if self.sets_identity(number) == TRUE:
            yield in_context(key_at(number, IDENTITY_GIVEN))
        for listing in (TAG_KEYS, TRANSITIVE):
            if any(listing in keys_of(formula) for formula in step.formulas):
                yield numbered(lists_only(listing, self.names), number)

    def _placed_besides(self, formula: Formula, number: int) -> Formula:
        return self.placed(all_of(formula, tag_ties(formula)) if formula != FALSE else FALSE, number)

    # ---- keys ----------------------------------------------------------------------------------------------

    def placed(self, formula: Formula, number: int) -> Formula:
        """A formula over one request's keys, over the keys of the whole route."""
        cases = {key: self.cases(number, key) for key in keys_of(formula)}

        def of_leaf(leaf: KeyTest | Unknown) -> Formula:
            if isinstance(leaf, Unknown):
                return leaf
            keys = (leaf.key, *dict.fromkeys(v.key for v in variables_of(leaf.value) if v.key != leaf.key))
            alternatives = []
            for chosen in product(*(cases[key] for key in keys)):
                guard = all_of(*(case.guard for case in chosen))
                if guard != FALSE:
                    places = dict(zip(keys, (case.place for case in chosen), strict=True))
                    alternatives.append(all_of(guard, with_places(leaf, places, number)))
            return any_of(*alternatives)

        return rewrite(formula, of_leaf)

    def cases(self, number: int, key: str) -> tuple[Case, ...]:
        """What the key of a request can be: its own open key, a fixed state, or the key of an earlier call."""
        step = self.steps[number]
        assert step.actor is not None
        if key == SESSION_GIVEN and step.known_name is not None:
            return (Case(TRUE, Values((step.known_name,))),)
        if key == IDENTITY_GIVEN and step.starts_session:
            return self._identity(number, own=True)
        if key.startswith(REQUEST_TAG) and step.starts_session:
            passes = self.passes(number, key.removeprefix(REQUEST_TAG))
            return (Case(TRUE, ABSENT if passes == FALSE else OPEN),)
        if not carries(step.actor) or (self.any_start and number == 0 and is_carried(key)):
            return (Case(TRUE, OPEN),)
        if key == IDENTITY:
            return self._identity(number, own=False)
        if key.startswith(PRINCIPAL_TAG):
            return self._tag(number, key.removeprefix(PRINCIPAL_TAG))
        if key.startswith(ROLE_TAGS) and step.starts_session:
            return self._role_tag(number, key.partition("/")[2])
        return (Case(TRUE, self._of_start(number, key)),)

    def _identity(self, number: int, *, own: bool) -> tuple[Case, ...]:
        last = number + 1 if own else number
        found = [
            Case(self.sets_identity(each), At(key_at(each, IDENTITY_GIVEN)))
            for each in range(last)
            if self.sets_identity(each) != FALSE
        ]
        return (*found, Case(negate(any_of(*(case.guard for case in found))), ABSENT))

    def _tag(self, number: int, name: str) -> tuple[Case, ...]:
        """The caller's tag: inherited, passed in the call that started its session, or its own (STS-30, STS-31)."""
        step = self.steps[number]
        assert step.actor is not None
        guards = [(each, self.hands_on(each, name)) for each in range(number - 1)]
        if number:
            guards.append((number - 1, self.passes(number - 1, name)))
        return (*self._from_before(number, name), *tag_cases(guards, name, own_tag(step.actor.tags, name)))

    def _role_tag(self, number: int, name: str) -> tuple[Case, ...]:
        """The tag of the role to be assumed, or what the caller's session inherited instead (STS-32)."""
        step = self.steps[number]
        assert step.resource is not None
        guards = [(each, self.hands_on(each, name)) for each in range(number)]
        own = own_tag(step.resource.tags or {}, name)
        return (*self._from_before(number, name), *tag_cases(guards, name, own))

    def _from_before(self, number: int, name: str) -> Iterator[Case]:
        """The tag as inherited through the session that the route starts with, which may carry anything (STS-31).

        Whether that session hands the tag on is left open: its call has no key that tells it.
        """
        if self.any_start and number:
            carried = key_at(0, PRINCIPAL_TAG + name)
            yield Case(in_context(carried), At(carried))

    def _of_start(self, number: int, key: str) -> KeyState | At:
        """What else the caller's session has from the call that started it; nothing where the route starts with it."""
        before = self.steps[number - 1] if number else None
        caller = before.actor.caller if before is not None and before.actor is not None else None
        if key == SESSION_NAME:
            if before is None:
                return OPEN if self.first_name is None else Values((self.first_name,))
            return (
                Values((before.known_name,)) if before.known_name else At(key_at(number - 1, SESSION_GIVEN))
            )
        told = dict(before.told).get(key) if before is not None else None
        if told is not None:
            return Values((told,))
        service = delivering_service(key)
        if service is not None:
            return OPEN if self._session_service(number) == service else ABSENT
        if key == PROVIDER:
            return Values((caller.provider,)) if isinstance(caller, IdentityProviderCaller) else ABSENT
        if key.startswith("identitystore:"):
            return OPEN if isinstance(caller, IdentityProviderCaller) else ABSENT
        if key in LASTING_CLAIMS:
            federated = isinstance(caller, IdentityProviderCaller)
            return At(key_at(number - 1, key)) if federated else ABSENT
        return OPEN


@lru_cache(maxsize=1 << 10)
def _facts_of(axioms: tuple[Formula, ...]) -> Facts:
    return Facts(axioms=axioms)


def _same(left: Formula, right: Formula) -> Formula:
    return all_of(any_of(negate(left), right), any_of(negate(right), left))
