"""A finding: what is wrong, where, how bad and why, what proves it, and what would mend it. Source: design idea 6."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from pathfinder.findings.held import Held
from pathfinder.graph.hop import Evidence, Witness
from pathfinder.policy.document import ConditionEntry, Effect, PolicyKind, Statement
from pathfinder.routes.nearest_statements import as_json

Json = Mapping[str, object]


class Severity(Enum):
    """How bad it is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    def at_least(self, other: Severity) -> bool:
        """Whether it is as bad as the other, or worse."""
        return self.rank <= other.rank

    def milder(self) -> Severity:
        """One step down; INFO stays."""
        return list(Severity)[min(self.rank + 1, len(Severity) - 1)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is.

    `resource`: the ARN (or id) that it is about: what the policy hangs on, or a bucket, a key. `account`: whose
    it is, None where not known. `policy_type`, `policy`: the policy in AWS's words and by name, None where it is
    in none. `statement`: its Sid or `Statement[2]`; `index`: its place in the document. `attached_to`: all that
    a managed policy or an SCP hangs on.
    """

    resource: str
    account: str | None = None
    policy_type: str | None = None
    policy: str | None = None
    statement: str | None = None
    index: int | None = None
    attached_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """A concrete change. `text`: one sentence. `change`: the same for programs, None where it cannot be written.

    `change` holds `operation` (`replace-statement`, `remove-statement`, `add-statement`, `set`), and what it is
    done to and becomes.
    """

    text: str
    change: Json | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    `id`: stable, from the rule, the place and what it hangs on. `reason`: why it is this bad. `routes`: the ids
    of routes concerned, as `routes` gives them. `gaps`: what is not known and may change it. `assumes`: what its
    proof takes to be so of things that are not the snapshot's, such as a stranger's bucket policy.
    """

    id: str
    rule: str
    severity: Severity
    reason: str
    title: str
    place: Place
    evidence: tuple[Evidence, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    routes: tuple[str, ...] = ()
    fix: Fix | None = None
    gaps: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()


def finding(
    rule: str,
    severity: Severity,
    title: str,
    reason: str,
    place: Place,
    *,
    hangs_on: Iterable[object] = (),
    evidence: Iterable[Evidence] = (),
    witnesses: Iterable[Witness | None] = (),
    routes: Iterable[str] = (),
    fix: Fix | None = None,
    gaps: Iterable[str] = (),
    assumes: Iterable[str] = (),
) -> Finding:
    """A finding with its id. `hangs_on`: what it depends on beside rule and place: a statement, a principal."""
    return Finding(
        id=_id(rule, place, hangs_on),
        rule=rule,
        severity=severity,
        reason=reason,
        title=title,
        place=place,
        evidence=tuple(dict.fromkeys(evidence)),
        witnesses=tuple(each for each in witnesses if each is not None),
        routes=tuple(dict.fromkeys(routes)),
        fix=fix,
        gaps=tuple(dict.fromkeys(gaps)),
        assumes=tuple(dict.fromkeys(assumes)),
    )


def _id(rule: str, place: Place, hangs_on: Iterable[object]) -> str:
    """The statement's own text takes part, its place in the document does not: other statements come and go."""
    said = [rule, place.resource, place.policy_type, place.policy]
    parts = [*said, *(each if isinstance(each, str) else _text(each) for each in hangs_on)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:12]


def _text(part: object) -> str:
    if isinstance(part, Statement):
        return json.dumps(statement_json(part), sort_keys=True, ensure_ascii=True)
    return str(part)


def statement_json(statement: Statement) -> Json:
    """A statement as a policy writes it."""
    return as_json(statement)


def place_of(held: Held, statement: Statement | None = None) -> Place:
    """The place of a statement, or of a whole policy."""
    return Place(
        held.resource,
        held.account,
        held.policy.kind.value,
        held.policy.name,
        None if statement is None else statement.label,
        None if statement is None else statement.index,
        held.places,
    )


_SIDE = {
    PolicyKind.SCP: "organization",
    PolicyKind.RCP: "organization",
    PolicyKind.ENDPOINT: "network",
    PolicyKind.IDENTITY: "principal",
    PolicyKind.BOUNDARY: "principal",
    PolicyKind.SESSION: "principal",
}


def evidence_for(held: Held, statement: Statement) -> Evidence:
    """The statement as evidence."""
    return Evidence(
        _SIDE.get(held.policy.kind, "resource"),
        held.policy.kind.value,
        held.policy.name,
        held.policy.attached_to,
        statement.label,
        statement.effect.value if statement.effect else None,
    )


def replaced(held: Held, statement: Statement, by: Statement, text: str) -> Fix:
    """The fix that writes the statement otherwise."""
    return Fix(
        text, {"operation": "replace-statement", **_where(held, statement), "value": statement_json(by)}
    )


def removed(held: Held, statement: Statement, text: str) -> Fix:
    """The fix that takes the statement out."""
    return Fix(text, {"operation": "remove-statement", **_where(held, statement)})


def with_condition(
    held: Held, statement: Statement, operator: str, key: str, values: tuple[str, ...], text: str
) -> Fix:
    """The fix that adds a condition; a value in angle brackets is for the reader to fill in."""
    kept = tuple(
        each
        for each in statement.conditions
        if (each.operator.lower(), each.key.lower()) != (operator.lower(), key.lower())
    )
    entry = ConditionEntry(operator, key, values)
    return replaced(held, statement, replace(statement, conditions=(*kept, entry)), text)


def _where(held: Held, statement: Statement) -> dict[str, object]:
    return {
        "policy_type": held.policy.kind.value,
        "policy": held.policy.name,
        "attached_to": list(held.places),
        "statement": statement.label,
        "index": statement.index,
    }


def is_allow(statement: Statement) -> bool:
    """Whether it is an Allow."""
    return statement.effect is Effect.ALLOW


def is_deny(statement: Statement) -> bool:
    """Whether it is a Deny."""
    return statement.effect is Effect.DENY
