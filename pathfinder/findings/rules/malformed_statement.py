"""Statements that AWS would not have saved, so that nobody knows what they do. Source: LANG-50, LANG-51, LANG-53."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Fix, Severity, evidence_for, finding, is_allow, place_of
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("malformed-statement", "A statement is malformed.", "LANG-50", "LANG-51", "LANG-53")
def malformed_statement(survey: Survey) -> Iterator[Finding]:
    """As the decision procedure takes it: it grants nothing, and may deny."""
    for reach in survey.statements():
        statement, fault = reach.statement, reach.compiled.fault
        nobody = _nobody(statement.principal)
        if fault is None and nobody is None:
            continue
        grants, certain = is_allow(statement), fault is None
        what = fault or nobody
        yield finding(
            "malformed-statement",
            Severity.LOW if grants else Severity.MEDIUM,
            f"{statement.label} of {reach.held.policy.name} on {reach.held.resource} is malformed: {what}",
            "it grants nothing by that"
            if grants
            else f"{'it denies nobody by that' if certain else 'whether it denies anything is not certain'}",
            place_of(reach.held, statement),
            hangs_on=(statement.label, what or ""),
            evidence=(evidence_for(reach.held, statement),),
            fix=Fix(
                "Write the statement as the policy grammar has it; aws accessanalyzer validate-policy checks it."
            ),
            gaps=() if grants or certain else (f"{statement.label}: {fault}",),
        )


def _nobody(element: object) -> str | None:
    """A principal with a wildcard inside a name: it matches nobody (LANG-53)."""
    for kind, texts in getattr(element, "entries", ()):
        for text in texts:
            if kind == "AWS" and text != "*" and ("*" in text or "?" in text):
                return f"principal {text} has a wildcard, and so matches nobody"
    return None
