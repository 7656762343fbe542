"""Conditions that look like guards and hold for everybody. Source: LANG-52, COND-10, COND-11, KEY-4."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Severity, evidence_for, finding, is_allow, place_of
from pathfinder.findings.keys import is_mistyped
from pathfinder.findings.mending import mended
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import Reach, wildcards_as_text
from pathfinder.findings.survey import Survey
from pathfinder.policy.document import ConditionEntry


@rule(
    "condition-always-true",
    "A condition with a mistyped key or a wildcard that is read as text holds for every request.",
    "LANG-52",
    "COND-10",
    "COND-11",
    "KEY-4",
)
def condition_always_true(survey: Survey) -> Iterator[Finding]:
    """Where it is proven that every request meets the condition, and its words say that this was not meant."""
    for reach in survey.statements():
        if not reach.whole:
            continue
        for entry, condition in reach.entries():
            why = _mistake(entry)
            if why is None or reach.always(condition) is not True:
                continue
            yield _finding(reach, entry, why)


def _mistake(entry: ConditionEntry) -> str | None:
    if is_mistyped(entry.key):
        return f"AWS has no condition key {entry.key} (LANG-52)"
    if wildcards_as_text(entry):
        return "* and ? are plain text under this operator (COND-10)"
    if entry.key.lower() == "aws:principalarn" and all(":assumed-role/" in each for each in entry.values):
        return "aws:PrincipalArn never holds the ARN of a role's session (KEY-4)"
    return None


def _finding(reach: Reach, entry: ConditionEntry, why: str) -> Finding:
    grants = is_allow(reach.statement)
    return finding(
        "condition-always-true",
        Severity.HIGH if grants else Severity.LOW,
        f"{entry.operator} {entry.key} in {reach.statement.label} of {reach.held.policy.name} on "
        f"{reach.held.resource} holds for every request: {why}",
        "the Allow is not guarded by it" if grants else "the Deny stops more than it seems to",
        place_of(reach.held, reach.statement),
        hangs_on=(reach.statement, entry.operator, entry.key),
        evidence=(evidence_for(reach.held, reach.statement),),
        fix=mended(reach),
    )
