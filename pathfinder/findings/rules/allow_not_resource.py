"""Allows on every resource but some, and what that reaches in S3. Source: LANG-25."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.all_but import KINDS, found_all_but
from pathfinder.findings.finding import Finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("allow-not-resource", "An Allow with NotResource gives every resource but those listed.", "LANG-25")
def allow_not_resource(survey: Survey) -> Iterator[Finding]:
    """Where S3 is among what it gives; the access hops that it opens are counted."""
    for reach in survey.statements(*KINDS):
        if reach.statement.not_resource:
            listed = ", ".join((reach.statement.resources or ())[:3]) or "none"
            yield from found_all_but(survey, reach, "allow-not-resource", f"every resource but {listed}")
