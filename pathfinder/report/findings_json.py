"""Findings as JSON, and as rows of CSV. The schema is `schemas/findings.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathfinder.findings.find import Findings
from pathfinder.findings.finding import Finding, Place
from pathfinder.findings.registry import rules
from pathfinder.report.csv_ import csv_lines
from pathfinder.report.findings import fix_text
from pathfinder.report.json_values import (
    FORMAT_VERSION,
    Json,
    document,
    evidence_json,
    gap_json,
    witness_json,
)


def findings_json(query: Mapping[str, object], found: Findings) -> Iterator[str]:
    """The `findings` document."""
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": query,
            "as_of": str(found.asked.as_of) if found.asked.as_of else None,
            "findings": (finding_json(each) for each in found.findings),
            "counts": {**found.counts, "milder_not_shown": found.below},
            "rules": (
                {"id": each, "about": rules()[each].about, "sources": list(rules()[each].sources)}
                for each in found.rules
            ),
            "left_out": found.left_out,
            "gaps": (gap_json(gap) for gap in found.gaps),
        }
    )


def finding_json(finding: Finding) -> Json:
    """One finding."""
    fix = finding.fix
    return {
        "id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "reason": finding.reason,
        "title": finding.title,
        "place": place_json(finding.place),
        "evidence": [evidence_json(each) for each in finding.evidence],
        "witnesses": [witness_json(each) for each in finding.witnesses],
        "routes": finding.routes,
        "fix": None if fix is None else {"text": fix.text, "change": fix.change},
        "gaps": finding.gaps,
        "assumes": finding.assumes,
    }


def place_json(place: Place) -> Json:
    """Where a finding is."""
    return {
        "resource": place.resource,
        "account": place.account,
        "policy_type": place.policy_type,
        "policy": place.policy,
        "statement": place.statement,
        "index": place.index,
        "attached_to": place.attached_to,
    }


_COLUMNS = (
    "id",
    "rule",
    "severity",
    "title",
    "reason",
    "resource",
    "account",
    "account_name",
    "policy_type",
    "policy",
    "statement",
    "fix",
    "routes",
    "gaps",
)


def findings_csv(found: Findings) -> Iterator[str]:
    """One line for each finding."""
    return csv_lines(_COLUMNS, (_row(each, found) for each in found.findings))


def _row(finding: Finding, found: Findings) -> tuple[str, ...]:
    place = finding.place
    return (
        finding.id,
        finding.rule,
        finding.severity.value,
        finding.title,
        finding.reason,
        place.resource,
        place.account or "",
        found.account_names.get(place.account or "", ""),
        place.policy_type or "",
        place.policy or "",
        place.statement or "",
        fix_text(finding),
        " ".join(finding.routes),
        "; ".join(finding.gaps),
    )
