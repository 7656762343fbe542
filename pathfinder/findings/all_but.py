"""Allows of everything but something: what they really reach in S3. Source: LANG-12, LANG-25."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup
from pathfinder.findings.finding import Finding, Fix, Severity, evidence_for, finding, is_allow, place_of
from pathfinder.findings.reached import Reached, reached_by
from pathfinder.findings.statements import Reach, is_about_s3
from pathfinder.findings.survey import Survey
from pathfinder.policy.document import PolicyKind

KINDS = (PolicyKind.IDENTITY, PolicyKind.RESOURCE)
_GRAVE = frozenset({AccessGroup.WRITE, AccessGroup.DELETE, AccessGroup.TAKE_OVER})


def found_all_but(survey: Survey, reach: Reach, rule_id: str, gives: str) -> Iterator[Finding]:
    """The finding for an Allow that `gives` all but something, S3 included; what it opens is counted."""
    statement = reach.statement
    if not is_allow(statement) or reach.compiled.fault or not is_about_s3(statement):
        return
    reached = reached_by(survey, reach)
    yield finding(
        rule_id,
        _severity(reached),
        f"{statement.label} of {reach.held.policy.name} on {reach.held.resource} allows {gives}: {_said(reached)}",
        "what is not listed is allowed, also what AWS adds later",
        place_of(reach.held, statement),
        hangs_on=(statement,),
        evidence=(evidence_for(reach.held, statement),),
        witnesses=[hop.witness for hop in reached.hops[:1]],
        fix=Fix("List what is to be allowed, and use a Deny for what must not be."),
        gaps=(gap for hop in reached.hops for gap in hop.gaps),
    )


def _severity(reached: Reached) -> Severity:
    if not reached.hops:
        return Severity.INFO
    return Severity.MEDIUM if reached.groups & _GRAVE else Severity.LOW


def _said(reached: Reached) -> str:
    if not reached.hops:
        return "nobody reaches a bucket by it"
    who = "1 principal" if reached.principals == 1 else f"{reached.principals} principals"
    where = "1 bucket" if reached.buckets == 1 else f"{reached.buckets} buckets"
    return f"by it {who} may {reached.words} in {where}"
