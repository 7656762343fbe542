"""Policies made ready to be asked: each document once, each statement with what it needs at hand.

Source: evaluation.md LANG-4 to LANG-9, LANG-26, LANG-28, LANG-44, LANG-50; design idea 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, any_of, negate
from pathfinder.logic.values import variables_of
from pathfinder.policy.actions import ActionSet, fault_in_actions
from pathfinder.policy.conditions import Condition, fold, read_condition
from pathfinder.policy.context import Context
from pathfinder.policy.document import Document, Effect, Policy, PolicyKind, SomePolicy, Statement
from pathfinder.policy.resources import ResourcePattern, Target, match_resources, read_resource

_WITHOUT_PRINCIPAL = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION, PolicyKind.SCP})
_PADDED = _WITHOUT_PRINCIPAL


@dataclass(frozen=True, slots=True, eq=False)
class CompiledStatement:
    """One statement, ready to be asked. `fault`: it is malformed, for its own sake or for its policy's kind."""

    statement: Statement
    actions: ActionSet
    resources: tuple[ResourcePattern, ...] | None
    conditions: tuple[Condition, ...]
    fault: str | None
    actions_readable: bool = True

    @property
    def keys(self) -> frozenset[str]:
        """Every condition key that the answer may hang on, those of variables included."""
        found = {condition.key for condition in self.conditions}
        for condition in self.conditions:
            if isinstance(condition.formula, KeyTest):
                found |= {variable.key for variable in variables_of(condition.formula.value)}
        for entry in self.resources or ():
            found |= {variable.key for variable in entry.sixth.variables}
        return frozenset(found)

    def applies(self, action: str, target: Target, context: Context) -> Formula:
        """When the statement's actions, resources and conditions match; its principals are left aside.

        `action` is in lower case. A malformed statement grants nothing, and may deny (LANG-50).
        """
        return self.applies_to(target, context) if self.may_apply(action) else FALSE

    def may_apply(self, action: str) -> bool:
        """Whether it is about the action, given in lower case, and not so malformed that it does nothing."""
        if self.fault and self.statement.effect is Effect.ALLOW:
            return False
        return not self.actions_readable or self.actions.holds(action)

    def applies_to(self, target: Target, context: Context) -> Formula:
        """The same for an action that it is about: when its resources and conditions match."""
        parts = [self._resource(target, context)]
        for condition in self.conditions:
            if parts[-1] == FALSE:
                return FALSE
            parts.append(fold(condition, context, self.statement.effect))
        found = all_of(*parts)
        if self.fault and found != FALSE:
            return Unknown(f"{self.statement.label} is malformed: {self.fault}")
        return found

    def _resource(self, target: Target, context: Context) -> Formula:
        if not self.resources and (self.resources is None or self.fault):
            return TRUE
        deny = self.statement.effect is not Effect.ALLOW
        found = match_resources(self.resources, target, context, deny=deny)
        if not self.statement.not_resource:
            return found.matches
        if deny:
            return any_of(found.missing, negate(found.matches))
        return all_of(negate(found.missing), negate(found.matches))


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPolicy:
    """A policy with its statements ready to be asked, Denies and Allows apart."""

    policy: Policy
    statements: tuple[CompiledStatement, ...]


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """What some policies have to say about an action: the statements in question, in order, each with its policy.

    One object for all actions about which the same statements of the same policies are. `keys`: every condition key
    that the answer of these may hang on, sorted; `principals`: the kinds of principals that they name, none where
    they name whoever asks; `answers`: what has been answered, by what it hung on.
    """

    statements: tuple[tuple[SomePolicy, CompiledStatement | None], ...]
    keys: tuple[str, ...]
    principals: frozenset[str]
    answers: dict[object, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Policies that were asked together; they are held, so that no other ones can have the same ids."""

    policies: tuple[SomePolicy, ...]
    by_action: dict[str, About] = field(default_factory=dict)
    by_statements: dict[tuple[int, ...], About] = field(default_factory=dict)


MOST_ASKED = 1 << 18
"""Pairs of policies and actions that are kept; then it is begun anew."""
MOST_ANSWERS = 1 << 15
"""Answers of one set of statements that are kept."""


class Compiler:
    """Compiles each distinct document once for each kind of policy."""

    def __init__(self) -> None:
        self._statements: dict[tuple[int, PolicyKind], tuple[Document, tuple[CompiledStatement, ...]]] = {}
        self._asked: dict[tuple[int, ...], _Asked] = {}
        self._kept = 0

    def compile(self, policy: Policy) -> CompiledPolicy:
        """The policy, ready to be asked."""
        key = (id(policy.document), policy.kind)
        known = self._statements.get(key)
        if known is None:
            known = (policy.document, compile_statements(policy.document, policy.kind))
            self._statements[key] = known
        return CompiledPolicy(policy, known[1])

    def about(self, policies: tuple[SomePolicy, ...], action: str) -> About:
        """What these policies have to say about an action, given in lower case; those that nobody read included."""
        ids = tuple(map(id, policies))
        asked = self._asked.get(ids)
        if asked is None:
            asked = self._asked[ids] = _Asked(policies)
        found = asked.by_action.get(action)
        if found is None:
            self._kept += 1
            if self._kept > MOST_ASKED:
                self._kept = 0
                self._asked = {ids: asked}
            statements = tuple(self._statements_about(policies, action))
            same = tuple(id(each) for _, each in statements)
            found = asked.by_statements.get(same)
            if found is None:
                found = asked.by_statements[same] = _about(statements)
            asked.by_action[action] = found
        return found

    def _statements_about(
        self, policies: tuple[SomePolicy, ...], action: str
    ) -> Iterator[tuple[SomePolicy, CompiledStatement | None]]:
        for policy in policies:
            if isinstance(policy, Policy):
                yield from (
                    (policy, each) for each in self.compile(policy).statements if each.may_apply(action)
                )
            else:
                yield policy, None


def _about(statements: tuple[tuple[SomePolicy, CompiledStatement | None], ...]) -> About:
    keys: set[str] = set()
    principals: set[str] = set()
    for _, each in statements:
        if each is None:
            continue
        keys |= each.keys
        named = each.statement.principal
        if named is not None and (named.inverted or named.entries != _WHOEVER):
            principals.update(kind for kind, _ in named.entries)
    return About(statements, tuple(sorted(keys)), frozenset(principals))


_WHOEVER = (("*", ("*",)),)


def compile_statements(document: Document, kind: PolicyKind) -> tuple[CompiledStatement, ...]:
    """All statements of a document that is attached as this kind of policy."""
    return tuple(_compile(statement, document, kind) for statement in document.statements)


LONGEST = 8192
"""Characters of one action, resource, key or value. AWS takes no ARN over 2,048; work on longer ones is not bounded."""


def _is_overlong(statement: Statement) -> bool:
    texts = [*statement.actions, *(statement.resources or ())]
    for entry in statement.conditions:
        texts.extend((entry.key, *entry.values))
    return any(len(text) > LONGEST for text in texts)


def _compile(statement: Statement, document: Document, kind: PolicyKind) -> CompiledStatement:
    if _is_overlong(statement):
        fault = f"an element is longer than {LONGEST} characters, which AWS does not take"
        return CompiledStatement(
            statement, ActionSet((), inverted=False), None, (), fault, actions_readable=False
        )
    faults = [statement.fault, fault_in_actions(statement.actions), fault_for_kind(statement, kind)]
    conditions: list[Condition] = []
    for entry in statement.conditions:
        read = read_condition(entry, variables=document.variables)
        if isinstance(read, str):
            faults.append(read)
        else:
            conditions.append(read)
    resources = None
    if statement.resources is not None:
        entries = (
            read_resource(text, variables=document.variables, pad=kind in _PADDED)
            for text in statement.resources
        )
        resources = tuple(entry for entry in entries if entry is not None)
    conditions.sort(key=lambda condition: (not condition.bound, condition.key))
    return CompiledStatement(
        statement=statement,
        actions=ActionSet(statement.actions, inverted=statement.not_action),
        resources=resources,
        conditions=tuple(conditions),
        fault="; ".join(fault for fault in faults if fault) or None,
        actions_readable=statement.actions_readable and faults[1] is None,
    )


def fault_for_kind(statement: Statement, kind: PolicyKind) -> str | None:
    """What this kind of policy does not allow in a statement (LANG-5 to LANG-8)."""
    named = statement.principal is not None
    inverted = statement.principal is not None and statement.principal.inverted
    if kind in _WITHOUT_PRINCIPAL and named:
        return f"a principal stands in a {kind.value}"
    if kind is PolicyKind.TRUST:
        if statement.resources is not None:
            return "a resource stands in a trust policy"
        return "NotPrincipal stands in a trust policy" if inverted else None
    if kind is PolicyKind.RCP and statement.effect is Effect.DENY:
        if statement.principal is None or inverted or statement.principal.entries != (("*", ("*",)),):
            return 'the principal of a resource control policy is not "*"'
        if statement.not_action:
            return "NotAction stands in a resource control policy"
    if statement.resources is None:
        return "neither Resource nor NotResource is there"
    return None
