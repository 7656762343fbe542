"""Buckets whose keys everyone may list. Source: EVAL-40, S3-17, S3-32."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup
from pathfinder.findings.exposure import exposed
from pathfinder.findings.finding import Finding, Severity
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey


@rule("public-list", "Anonymous callers may list the keys of a bucket.", "EVAL-40", "S3-17", "S3-32")
def public_list(survey: Survey) -> Iterator[Finding]:
    """By an access hop from the anonymous caller, conditions decided."""
    harm = "whoever likes sees the name of every object"
    return exposed(survey, "public-list", (AccessGroup.LIST,), Severity.MEDIUM, "list", harm)
