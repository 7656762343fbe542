"""Allows of every action but some, and what that reaches in S3. Source: LANG-12."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.all_but import KINDS, found_all_but
from pathfinder.findings.finding import Finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("allow-not-action", "An Allow with NotAction gives every action but those listed.", "LANG-12")
def allow_not_action(survey: Survey) -> Iterator[Finding]:
    """Where S3 is among what it gives; the access hops that it opens are counted."""
    for reach in survey.statements(*KINDS):
        if reach.statement.not_action:
            listed = ", ".join(reach.statement.actions[:3]) or "none"
            yield from found_all_but(survey, reach, "allow-not-action", f"every action but {listed}")
