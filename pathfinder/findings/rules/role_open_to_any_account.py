"""Roles that principals of any AWS account may assume. Source: PRIN-11, STS-4."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.strangers import granting, open_to_strangers
from pathfinder.findings.survey import Survey
from pathfinder.graph.evidence import evidence_of


@rule(
    "role-open-to-any-account",
    "A role may be assumed by principals of any AWS account.",
    "PRIN-11",
    "STS-4",
)
def role_open_to_any_account(survey: Survey) -> Iterator[Finding]:
    """By deciding the request of somebody of an account that nobody knows."""
    for role in survey.world.roles.values():
        if str(role.arn) not in survey.open_roles:
            continue
        resource = survey.world.role_resource(role)
        opening = open_to_strangers(survey.world, "sts:AssumeRole", resource, partition=role.arn.partition)
        if opening is None:
            continue
        routes = survey.routes_from(str(role.arn))
        reaches = bool(routes)
        yield finding(
            "role-open-to-any-account",
            Severity.CRITICAL if reaches else Severity.HIGH,
            f"Principals of any AWS account may assume role {role.arn.name}",
            "anybody with an AWS account becomes this role"
            + (", which reaches data in S3" if reaches else ""),
            Place(str(role.arn), role.arn.account, role.trust.kind.value, role.trust.name),
            hangs_on=granting(opening),
            evidence=evidence_of((opening.decision,)),
            routes=[route.id for route in routes],
            fix=Fix('Name the accounts, users or roles that are to assume it instead of "*".'),
        )
