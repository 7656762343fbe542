"""Denies that stop nobody. Source: LANG-14, LANG-26, LANG-52, COND-2, COND-54, KEY-4, KEY-5."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Severity, evidence_for, finding, is_deny, place_of
from pathfinder.findings.mending import mended
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import dead_actions, mismatch, why_never
from pathfinder.findings.survey import Survey
from pathfinder.policy.document import PolicyKind

_RELIED_ON = frozenset(
    {PolicyKind.SCP, PolicyKind.RCP, PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.KEY}
)


@rule(
    "deny-never-matches",
    "A Deny statement, or an action in it, can match no request of anybody.",
    "LANG-14",
    "LANG-26",
    "LANG-52",
    "COND-54",
    "KEY-4",
)
def deny_never_matches(survey: Survey) -> Iterator[Finding]:
    """Where it is proven that no request of any caller that it is about meets all that it says."""
    for reach in survey.statements():
        statement = reach.statement
        if not is_deny(statement):
            continue
        relied_on = reach.held.policy.kind in _RELIED_ON
        why = why_never(reach)
        partly = () if why else dead_actions(statement)
        if why is None and not partly:
            continue
        what = f"{statement.label} of {reach.held.policy.name} on {reach.held.resource}"
        severity = Severity.HIGH if relied_on else Severity.MEDIUM
        yield finding(
            "deny-never-matches",
            severity.milder() if partly else severity,
            f"{what} never denies {', '.join(partly)}: {mismatch(statement, partly)}"
            if partly
            else f"{what} never denies anything: {why}",
            "a guard that somebody relies on does nothing",
            place_of(reach.held, statement),
            hangs_on=(statement,),
            evidence=(evidence_for(reach.held, statement),),
            fix=mended(reach),
        )
