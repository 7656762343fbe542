"""What the calls of a route pass to the sessions that they start: tags, handed on or not, and a source identity.

Whether a call passes something is said as a formula over its own keys, so that it can stay open.
Source: evaluation.md STS-25, STS-30, STS-31, STS-33, STS-43, STS-45.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pathfinder.authorization.caller import RoleSession, UserCaller
from pathfinder.conditions.facts import Facts, key_at
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import starts_carrying_session
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.tags import REQUEST_TAG, TRANSITIVE, in_context, lists, tag_names, unnamed_tags
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of, any_of, negate
from pathfinder.policy.context import SESSION_NAME
from pathfinder.routes.placing import carried_tags, numbered
from pathfinder.routes.sessions import IDENTITY, IDENTITY_GIVEN, passable

_IDENTITY = frozenset({IDENTITY, IDENTITY_GIVEN})
MOST_TAGS = 12
"""Session tags that a route's conditions may tell apart."""


class TooManyTagsError(Exception):
    """More session tags than are told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A hop with all that its request needs, each as a formula over the request's own keys.

    `condition`: the hop's, and which objects it is about. `tagging`, `naming`: when the same call may pass or
    inherit session tags, or a source identity; `chaining`: when it may inherit a source identity besides
    (STS-25). `facts`: what AWS guarantees of the request. `actor` None: a hop that makes no request.
    `told`: keys of the session that the snapshot knows. `alike`: a number that steps of a world share if
    and only if `what_counts` is the same; None where none was given.
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
    alike: int | None = None

    @property
    def starts_session(self) -> bool:
        """Whether a role session comes of it."""
        return self.actor is not None and starts_carrying_session(self.hop.kind)

    @property
    def known_name(self) -> str | None:
        """The session's name where it is known beforehand (STS-40)."""
        return self.hop.extra.get("session_name")

    @property
    def what_counts(self) -> Hashable:
        """All that a chain hangs on; whoever else makes a call with the same is as good."""
        if self.actor is None:
            return (self.hop.kind, self.hop.source, self.hop.target, self.hop.condition)
        caller = self.actor.caller
        return (
            self.formulas,
            self.starts_session,
            self.facts and self.facts.axioms,
            self.told,
            self.known_name,
            type(caller) if isinstance(caller, UserCaller | RoleSession) else caller,
            self.actor.node.external,
            tuple(sorted(self.actor.tags.items())),
            tuple(sorted(((self.resource and self.resource.tags) or {}).items())),
            passable(self.actor, self.hop),
        )

    @property
    def other_tags(self) -> frozenset[str]:
        """Names for the tags that its lists of names are about, but that it does not name."""
        return unnamed_tags(self.formulas) if self.starts_session else frozenset()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All its formulas."""
        return (self.condition, self.tagging, self.naming, self.chaining)


class Passed:
    """The steps of a route, and what each call passes. Raises TooManyTagsError."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self.names = self._names()
        self._known: dict[tuple[str, int, str], Formula] = {}
        if len(self.names) > MOST_TAGS:
            raise TooManyTagsError

    def passes(self, number: int, name: str) -> Formula:
        """That the call of this number passes the tag; FALSE where it cannot, or where that makes no difference."""
        key = ("passes", number, name)
        if key not in self._known:
            self._known[key] = self._passes(number, name)
        return self._known[key]

    def _passes(self, number: int, name: str) -> Formula:
        step = self.steps[number]
        if step.actor is None or not step.starts_session or name not in self._useful[number]:
            return FALSE
        can = passable(step.actor, step.hop)
        if can.tags is not None:
            return TRUE if name in can.tags else FALSE
        return in_context(key_at(number, REQUEST_TAG + name))

    def hands_on(self, number: int, name: str) -> Formula:
        """That the call passes the tag as a transitive one."""
        key = ("hands on", number, name)
        if key not in self._known:
            self._known[key] = self._hands_on(number, name)
        return self._known[key]

    def _hands_on(self, number: int, name: str) -> Formula:
        passes = self.passes(number, name)
        step = self.steps[number]
        if passes == FALSE or step.actor is None:
            return FALSE
        can = passable(step.actor, step.hop)
        if can.transitive is not None:
            return passes if can.transitive else FALSE
        listed = TRANSITIVE in keys_of(step.condition) | keys_of(step.tagging)
        followed = number + 1 < len(self.steps) and self.steps[number + 1].starts_session
        return numbered(lists(TRANSITIVE, name), number) if listed or followed else FALSE

    def sets_identity(self, number: int) -> Formula:
        """That the call sets a source identity; FALSE where it cannot, or where that makes no difference."""
        key = ("identity", number, "")
        if key not in self._known:
            self._known[key] = self._sets_identity(number)
        return self._known[key]

    def _sets_identity(self, number: int) -> Formula:
        step = self.steps[number]
        if step.actor is None or not step.starts_session or not passable(step.actor, step.hop).identity:
            return FALSE
        if passable(step.actor, step.hop).always:
            return TRUE
        return in_context(key_at(number, IDENTITY_GIVEN)) if self._identity_matters[number] else FALSE

    @cached_property
    def _identity_matters(self) -> tuple[bool, ...]:
        """For each request, whether it or a later one speaks of a source identity."""
        found: list[bool] = []
        for step in reversed(self.steps):
            spoken = any(_IDENTITY & keys_of(formula) for formula in step.formulas)
            found.append(spoken or bool(found and found[-1]))
        return tuple(reversed(found))

    def what_requests_hang_on(self, last: int) -> Hashable:
        """All that the formulas of the requests up to this one hang on; None where a step has no number."""
        steps = tuple(step.alike for step in self.steps[: last + 1])
        if None in steps:
            return None
        following = self.steps[last + 1 : last + 2]
        return (
            steps,
            self.names,
            self._useful[: last + 1],
            self._identity_matters[: last + 1],
            any(step.starts_session for step in following),
            any(SESSION_NAME in keys_of(each) for step in following for each in step.formulas),
        )

    def _names(self) -> frozenset[str]:
        """Names, in lower case, of all tags that the conditions speak of or that callers always pass."""
        found: set[str] = set()
        for step in self.steps:
            for formula in step.formulas:
                found |= tag_names(formula) | carried_tags(formula)
            found |= step.other_tags
            if step.actor is not None and step.starts_session and passable(step.actor, step.hop).always:
                found |= passable(step.actor, step.hop).tags or frozenset()
        return frozenset(found)

    @cached_property
    def _useful(self) -> tuple[frozenset[str], ...]:
        """For each call, tags that its own conditions or later requests speak of, or that the caller always passes."""
        found: list[frozenset[str]] = []
        later: frozenset[str] = frozenset()
        for step in reversed(self.steps):
            own = (
                frozenset(name for formula in step.formulas for name in tag_names(formula)) | step.other_tags
            )
            can = passable(step.actor, step.hop) if step.actor is not None else None
            always = can.tags if can is not None and can.always else None
            found.append(own | later | (always or frozenset()))
            later |= frozenset(name for formula in step.formulas for name in carried_tags(formula))
        return tuple(reversed(found))

    def once(self) -> Iterator[Formula]:
        """What is handed on is passed in no later call, and a source identity is set once (STS-31, STS-33)."""
        numbers = range(len(self.steps))
        kept = [(each, name, self.hands_on(each, name)) for each in numbers for name in sorted(self.names)]
        for earlier, name, handed_on in kept:
            if handed_on != FALSE:
                yield from (
                    negate(all_of(handed_on, self.passes(each, name))) for each in numbers[earlier + 1 :]
                )
        for earlier in numbers:
            for each in numbers[earlier + 1 :]:
                yield negate(all_of(self.sets_identity(earlier), self.sets_identity(each)))

    def tags_take_part(self, number: int) -> Formula:
        """That the call passes or inherits session tags."""
        passed = (self.passes(number, name) for name in sorted(self.names))
        inherited = (self.hands_on(each, name) for each in range(number) for name in sorted(self.names))
        return any_of(*passed, *inherited)
