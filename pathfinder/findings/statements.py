"""Whether a statement can ever match, and which of its parts stand in the way.

Decided by the solver for every kind of caller that it could bind and for actions of each kind that it names;
"never" is said only where that is proven. Source: LANG-14, LANG-26, LANG-52, COND-2, COND-54, KEY-4, KEY-5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pathfinder.aws.catalogue import matching_actions, supports_key
from pathfinder.aws.condition_keys import spelling
from pathfinder.aws.s3_actions import S3ResourceType, resource_types
from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.callers import Caller, callers_of
from pathfinder.findings.held import Held
from pathfinder.findings.keys import is_mistyped
from pathfinder.findings.values import facts_of, is_free_of_wildcards
from pathfinder.logic.formula import FALSE, Formula, all_of, negate
from pathfinder.logic.patterns import Variable, Wildcard, parse_pattern
from pathfinder.policy.compile import CompiledStatement
from pathfinder.policy.conditions import Condition, fold, read_condition
from pathfinder.policy.context import Absent, Context
from pathfinder.policy.document import ConditionEntry, Statement
from pathfinder.policy.operators.registry import read_operator

_FIRST = ("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject", "sts:AssumeRole", "kms:Decrypt")
_MOST_KINDS = 60
"""Kinds of actions that are tried for one statement."""


class Reach:
    """What one statement of a policy can match."""

    def __init__(self, held: Held, compiled: CompiledStatement) -> None:
        self.held = held
        self.compiled = compiled
        self.statement = compiled.statement
        self.actions = actions_of(self.statement)
        self._callers: tuple[Caller, ...] | None = None
        self._contexts: tuple[tuple[str, Context], ...] | None = None

    @property
    def callers(self) -> tuple[Caller, ...]:
        """The kinds of callers that it could bind."""
        if self._callers is None:
            self._callers = callers_of(self.held, self.statement)
        return self._callers

    def contexts(self) -> tuple[tuple[str, Context], ...]:
        """Each kind of action with the context of each kind of caller."""
        if self._contexts is None:
            kinds = self._kinds()
            self._contexts = tuple((name, each.context(name)) for name in kinds for each in self.callers)
        return self._contexts

    def _kinds(self) -> tuple[str, ...]:
        """One action for each way in which the statement's keys and resources can be supported."""
        known: dict[object, str] = {}
        keys = sorted(self.compiled.keys)
        first = [name for name in _FIRST if self.compiled.actions.holds(name.lower())]
        services = {key.partition(":")[0] for key in keys} | {"s3", "sts", "iam", "kms"}
        listed = (
            self.actions
            if len(self.actions) < 2000
            else [name for name in self.actions if name.partition(":")[0] in services]
        )
        for name in (*first, *listed):
            kind = (name.partition(":")[0], *(supports_key(name, key) for key in keys))
            known.setdefault(kind, name)
            if len(known) >= _MOST_KINDS:
                break
        return tuple(known.values())

    @property
    def whole(self) -> bool:
        """Whether it is well-formed and about actions and callers that are known, so that "never" can be said."""
        return not self.compiled.fault and bool(self.actions) and bool(self.callers)

    def ever(self, conditions: Sequence[Condition]) -> bool | None:
        """Whether some request of somebody can meet these conditions; None: not decided."""
        undecided = False
        for name, context in self.contexts():
            formula = all_of(*(fold(each, context, self.statement.effect) for each in conditions))
            found = _possible(formula, name)
            if found:
                return True
            undecided = undecided or found is None
        return None if undecided else False

    def always(self, condition: Condition) -> bool | None:
        """Whether every request of everybody meets the condition; None: not decided."""
        undecided = False
        for name, context in self.contexts():
            formula = negate(fold(condition, context, self.statement.effect))
            found = _possible(formula, name)
            if found:
                return False
            undecided = undecided or found is None
        return None if undecided else True

    def carried(self, key: str) -> bool:
        """Whether some request can carry the key."""
        return any(not isinstance(context.state(key), Absent) for _, context in self.contexts())

    def entries(self) -> Iterator[tuple[ConditionEntry, Condition]]:
        """The condition entries as written, each with what it was read as."""
        for entry in self.statement.conditions:
            read = read_condition(entry, variables=self._variables)
            if isinstance(read, Condition):
                yield entry, read

    @property
    def _variables(self) -> bool:
        return self.held.policy.document.variables


def _possible(formula: Formula, action: str) -> bool | None:
    if formula == FALSE:
        return False
    return satisfiable(formula, facts_of(action.partition(":")[0].lower()))


@lru_cache(maxsize=4096)
def actions_of(statement: Statement) -> tuple[str, ...]:
    """All actions of the catalogue that the statement is about (LANG-12)."""
    named = {name for pattern in statement.actions for name in matching_actions(pattern)}
    if not statement.not_action:
        return tuple(sorted(named))
    return tuple(name for name in matching_actions("*") if name not in named)


def unknown_actions(statement: Statement) -> tuple[str, ...]:
    """Names among its actions that are none of AWS's, in services whose actions are all known (LANG-14)."""
    return tuple(
        text
        for text in statement.actions
        if not matching_actions(text) and text.partition(":")[0].lower() in ("s3", "sts", "kms", "iam")
    )


def fits(text: str, action: str) -> bool:
    """Whether the resource can be one that an S3 action is performed on; True where that is not decided (LANG-26)."""
    types = resource_types(action)
    if not types or set(text) == {"*"} or S3ResourceType.NONE in types:
        return True
    fields = text.split(":", 5)
    if len(fields) < 6:
        return True
    sixth = parse_pattern(fields[5])
    elsewhere = bool(types - {S3ResourceType.BUCKET, S3ResourceType.OBJECT}) and bool(
        fields[3] or fields[4] or "*" in fields[2]
    )
    if elsewhere:
        return True
    return (S3ResourceType.BUCKET in types and _may_be_bucket(sixth.tokens)) or (
        S3ResourceType.OBJECT in types and _may_be_object(sixth.tokens)
    )


def _may_be_bucket(tokens: Sequence[object]) -> bool:
    return not any(isinstance(each, str) and "/" in each for each in tokens)


def _may_be_object(tokens: Sequence[object]) -> bool:
    if any(each is Wildcard.MANY or isinstance(each, Variable) for each in tokens):
        return True
    return any(isinstance(each, str) and "/" in each for each in tokens) or Wildcard.ONE in tokens


def dead_actions(statement: Statement) -> tuple[str, ...]:
    """S3 actions that it names one by one, and that none of its resources can be performed on (LANG-26)."""
    if statement.not_action or statement.not_resource or statement.resources is None:
        return ()
    found = []
    for text in statement.actions:
        names = matching_actions(text)
        if not names or not text.lower().startswith("s3:") or ("*" in text and len(names) > 12):
            continue
        if not any(fits(resource, name) for resource in statement.resources for name in names):
            found.append(text)
    return tuple(found)


def why_never(reach: Reach) -> str | None:
    """Why the statement can never match, in words; None where it may, or that is not decided."""
    statement = reach.statement
    if reach.compiled.fault:
        return None
    if not statement.not_action and statement.actions:
        if len(unknown_actions(statement)) == len(statement.actions):
            return f"AWS has no action {' or '.join(statement.actions)} (LANG-14)"
        if len(dead_actions(statement)) == len(statement.actions):
            return mismatch(statement, statement.actions)
    if not reach.whole:
        return None
    if not reach.compiled.conditions:
        return _missing_variable(reach)
    if reach.ever(reach.compiled.conditions) is not False:
        return _missing_variable(reach)
    for entry, condition in reach.entries():
        if reach.ever((condition,)) is False:
            return explained(reach, entry)
    return "its conditions contradict each other: no request meets all of them (COND-54)"


def mismatch(statement: Statement, actions: Sequence[str]) -> str:
    """That actions and resources do not go together."""
    on_objects = any(
        S3ResourceType.OBJECT in resource_types(name) for text in actions for name in matching_actions(text)
    )
    other = (
        "buckets, and its resources are objects"
        if not on_objects
        else "objects, and its resources are buckets"
    )
    return f"{', '.join(actions)} {'is' if len(actions) == 1 else 'are'} performed on {other} (LANG-26)"


def _missing_variable(reach: Reach) -> str | None:
    """A variable in every resource that no caller's request can have (LANG-44)."""
    entries = reach.compiled.resources
    if not entries or reach.statement.not_resource or not reach.whole:
        return None
    missing = []
    for entry in entries:
        keys = [each.key for each in entry.sixth.variables if each.default is None]
        gone = [key for key in keys if not reach.carried(key)]
        if not gone:
            return None
        missing.extend(gone)
    names = ", ".join(spelling(key) for key in dict.fromkeys(missing))
    return f"its resources name {names}, which no request that it is about carries (LANG-44)"


def explained(reach: Reach, entry: ConditionEntry) -> str:
    """Why no request can meet one condition."""
    key = entry.key
    what = f"{entry.operator} {key}"
    if is_mistyped(key):
        return f"{what}: AWS has no condition key {key}, so that no request carries it (LANG-52)"
    if not reach.carried(key.lower()):
        return f"{what}: no request that it is about carries {spelling(key)} (COND-2)"
    if _is_session_arn(key, entry.values):
        return f"{what}: {spelling(key)} never holds the ARN of a role's session (KEY-4)"
    gone = [name for name in _variables(entry) if not reach.carried(name)]
    if gone:
        names = ", ".join(map(spelling, gone))
        return f"{what} is compared with {names}, which no request that it is about carries (LANG-45)"
    if wildcards_as_text(entry):
        return f"{what} takes * and ? as plain text; StringLike or ArnLike reads them as wildcards (COND-10)"
    return f"{what}: no value that {spelling(key)} can have passes (COND-35)"


def _variables(entry: ConditionEntry) -> tuple[str, ...]:
    """The keys of the variables without a default in its values (LANG-42)."""
    found = (each for text in entry.values for each in parse_pattern(text).variables)
    return tuple(dict.fromkeys(each.key for each in found if each.default is None))


def wildcards_as_text(entry: ConditionEntry) -> bool:
    """Whether a wildcard in a value is compared as plain text with a key that never holds one (COND-10)."""
    use = read_operator(entry.operator)
    if (
        use is None
        or not use.operator.name.lower().startswith("string")
        or "like" in use.operator.name.lower()
    ):
        return False
    return is_free_of_wildcards(entry.key.lower()) and any(
        "*" in each or "?" in each for each in entry.values
    )


def _is_session_arn(key: str, values: Sequence[str]) -> bool:
    if key.lower() != "aws:principalarn":
        return False
    return any(":assumed-role/" in each for each in values)


def is_about_s3(statement: Statement) -> bool:
    """Whether it is about some action on buckets or objects."""
    return any(name.startswith("s3:") for name in actions_of(statement))
