"""Findings for people: a table whose rows are findings, worst first."""

from __future__ import annotations

from pathfinder.findings.find import Findings
from pathfinder.findings.finding import Finding
from pathfinder.report.json_values import compact
from pathfinder.report.listing import Listing, gap_lines
from pathfinder.report.text import plural, visible

_SHORT = ("severity", "rule", "finding", "id")
_WHOLE = ("severity", "rule", "finding", "why", "fix", "routes", "id")


def findings_listing(found: Findings, *, wide: bool) -> Listing:
    """One row for each finding; `wide` adds why it is that bad, the fix and the routes."""
    return Listing(
        _WHOLE if wide else _SHORT,
        [_whole(each) if wide else _short(each) for each in found.findings],
        (_summary(found), *_left_out(found)),
        gap_lines(found.gaps, wide=wide),
        ("Why, proof and fix of each: --wide, or --output json.",) if found.findings and not wide else (),
    )


def _short(finding: Finding) -> tuple[str, ...]:
    doubt = f" (not certain: {plural(len(finding.gaps), 'gap')})" if finding.gaps else ""
    return (finding.severity.value, finding.rule, visible(finding.title) + doubt, finding.id)


def _whole(finding: Finding) -> tuple[str, ...]:
    severity, rule, title, id_ = _short(finding)
    why = "; taken to be so: ".join((finding.reason, *finding.assumes))
    return (severity, rule, title, visible(why), fix_text(finding), " ".join(finding.routes), id_)


def fix_text(finding: Finding) -> str:
    """The fix in words, with what the statement becomes."""
    if finding.fix is None:
        return ""
    value = (finding.fix.change or {}).get("value")
    text = finding.fix.text if value is None else f"{finding.fix.text} {compact(value)}"
    return visible(text)


def _summary(found: Findings) -> str:
    counted = ", ".join(f"{count:,} {name}" for name, count in found.counts.items() if count)
    below = f" {found.below:,} milder not shown." if found.below else ""
    if not found.findings:
        return f"No finding from {plural(len(found.rules), 'rule')}.{below}"
    many = plural(len(found.findings), "finding")
    return f"{many} from {plural(len(found.rules), 'rule')}: {counted}.{below}"


def _left_out(found: Findings) -> tuple[str, ...]:
    day = f"Ages are counted at {found.asked.as_of}." if found.asked.as_of else ""
    return (*((day,) if day else ()), *(f"Not looked at: {visible(each)}." for each in found.left_out))
