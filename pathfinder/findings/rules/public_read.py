"""Objects that everyone may read. Source: EVAL-40, S3-17, BPA-7."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup
from pathfinder.findings.exposure import exposed
from pathfinder.findings.finding import Finding, Severity
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("public-read", "Anonymous callers may read objects of a bucket.", "EVAL-40", "S3-17")
def public_read(survey: Survey) -> Iterator[Finding]:
    """By an access hop from the anonymous caller, conditions decided."""
    harm = "whoever knows an object's key reads its data"
    return exposed(survey, "public-read", (AccessGroup.READ,), Severity.HIGH, "read objects of", harm)
