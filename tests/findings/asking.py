"""Findings of small worlds, in few words."""

from __future__ import annotations

from datetime import date
from typing import Any

from pathfinder.findings.find import find_findings
from pathfinder.findings.finding import Finding
from pathfinder.findings.survey import Asked
from pathfinder.graph.world import World
from tests.building import A, account, allow, bucket, world

TODAY = date(2026, 6, 30)


def found(rule: str, made: World, **asked: Any) -> tuple[Finding, ...]:
    """What one rule finds."""
    return find_findings(made, Asked(asked.pop("as_of", TODAY), **asked), only=(rule,)).findings


def bucket_world(*statements: dict[str, Any], **more: Any) -> World:
    """One bucket with this policy, in an account of its own."""
    return world(account(A, buckets=(bucket(A, "data", *statements, **more),)))


OBJECTS = "arn:aws:s3:::data/*"
BUCKET = "arn:aws:s3:::data"


def everyone(action: Any = "s3:GetObject", resource: Any = OBJECTS, **more: Any) -> dict[str, Any]:
    """An Allow for everyone."""
    return allow(action, resource, principal="*", **more)
