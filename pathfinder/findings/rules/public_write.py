"""Buckets that everyone may write to, delete in, or take over. Source: EVAL-40, S3-17, S3-35."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup
from pathfinder.findings.exposure import exposed
from pathfinder.findings.finding import Finding, Severity
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey

_CHANGING = (AccessGroup.WRITE, AccessGroup.DELETE, AccessGroup.TAKE_OVER, AccessGroup.CONFIGURE)


@rule(
    "public-write",
    "Anonymous callers may write to, delete in or configure a bucket.",
    "EVAL-40",
    "S3-17",
    "S3-35",
)
def public_write(survey: Survey) -> Iterator[Finding]:
    """By an access hop from the anonymous caller, conditions decided."""
    harm = "whoever likes replaces or deletes data, or stores their own at your cost"
    return exposed(survey, "public-write", _CHANGING, Severity.CRITICAL, "change", harm)
