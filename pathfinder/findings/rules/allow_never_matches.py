"""Allows that grant nothing. Source: LANG-14, LANG-26, COND-2, COND-54, KEY-4, KEY-5."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Severity, evidence_for, finding, is_allow, place_of
from pathfinder.findings.mending import mended
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import dead_actions, mismatch, why_never
from pathfinder.findings.survey import Survey


@rule(
    "allow-never-matches",
    "An Allow statement, or an action in it, can match no request of anybody.",
    "LANG-14",
    "LANG-26",
    "COND-54",
    "KEY-4",
)
def allow_never_matches(survey: Survey) -> Iterator[Finding]:
    """Where it is proven that no request of any caller that it is about meets all that it says."""
    for reach in survey.statements():
        statement = reach.statement
        if not is_allow(statement):
            continue
        why = why_never(reach)
        partly = () if why else dead_actions(statement)
        if why is None and not partly:
            continue
        what = f"{statement.label} of {reach.held.policy.name} on {reach.held.resource}"
        yield finding(
            "allow-never-matches",
            Severity.INFO,
            f"{what} never allows {', '.join(partly)}: {mismatch(statement, partly)}"
            if partly
            else f"{what} never allows anything: {why}",
            "it grants nothing; what it was to allow is refused, or allowed by something else",
            place_of(reach.held, statement),
            hangs_on=(statement,),
            evidence=(evidence_for(reach.held, statement),),
            fix=mended(reach),
        )
