"""Findings as SARIF 2.1.0, for code scanning. No text in it is markup: every message is plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

from pathfinder.findings.find import Findings
from pathfinder.findings.finding import Finding, Place, Severity
from pathfinder.findings.registry import rules
from pathfinder.report.findings_json import finding_json
from pathfinder.report.json_values import Json, document
from pathfinder.report.text import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}
"""What code scanning sorts by, on the scale of CVSS."""

FileOf = Callable[[Place], str]
"""The file that a place is in, as a relative path with `/`."""


def findings_sarif(found: Findings, file_of: FileOf) -> Iterator[str]:
    """One run: all rules that were asked, a result for each finding, gaps as notifications."""
    run = {
        "tool": {"driver": {"name": "pathfinder", "rules": [_rule(each, found) for each in found.rules]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(found)}],
        "results": [_result(each, found, file_of) for each in found.findings],
    }
    return document({"$schema": SCHEMA, "version": "2.1.0", "runs": iter([run])})


def _rule(id_: str, found: Findings) -> Json:
    rule = rules()[id_]
    worst = min(
        (each.severity for each in found.findings if each.rule == id_),
        key=lambda severity: severity.rank,
        default=None,
    )
    properties: dict[str, object] = {"tags": ["security", *rule.sources]}
    if worst is not None:
        properties["security-severity"] = _SCORES[worst]
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in id_.split("-")),
        "shortDescription": {"text": rule.about},
        "help": {"text": f"{rule.about} Rests on: {', '.join(rule.sources)}."},
        "properties": properties,
    }


def _result(finding: Finding, found: Findings, file_of: FileOf) -> Json:
    told = finding_json(finding)
    advice = f" Fix: {finding.fix.text}" if finding.fix else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": found.rules.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": visible(f"{finding.title}. Why: {finding.reason}.{advice}")},
        "locations": [_location(finding.place, file_of)],
        "partialFingerprints": {"pathfinder/v1": finding.id},
        "properties": {
            key: told[key] for key in ("severity", "reason", "evidence", "witnesses", "routes", "fix", "gaps")
        },
    }


def _location(place: Place, file_of: FileOf) -> Json:
    parts = (place.resource, place.policy, place.statement)
    name = " / ".join(dict.fromkeys(part for part in parts if part))
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(file_of(place), safe="/._-~")},
            "region": {"startLine": 1},
        },
        "logicalLocations": [
            {
                "name": visible(place.statement or place.policy or place.resource),
                "fullyQualifiedName": visible(name),
                "kind": "resource",
            }
        ],
    }


def _notifications(found: Findings) -> list[Json]:
    left_out = [f"Not looked at: {each}" for each in found.left_out]
    return [
        {"level": "note", "message": {"text": visible(text)}}
        for text in (*left_out, *(f"Gap: {gap}" for gap in found.gaps))
    ]
