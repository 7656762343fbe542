"""Buckets that principals of any AWS account may use. Source: PRIN-12, EVAL-21, S3-22."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.s3_actions import AccessGroup, s3_action
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.strangers import granting
from pathfinder.findings.survey import Survey
from pathfinder.graph.evidence import evidence_of

_WORDS = {
    AccessGroup.READ: "read objects of",
    AccessGroup.WRITE: "write objects to",
    AccessGroup.LIST: "list",
    AccessGroup.DELETE: "delete in",
    AccessGroup.TAKE_OVER: "take over",
    AccessGroup.CONFIGURE: "configure",
}
_MILD = frozenset({AccessGroup.LIST})


@rule(
    "bucket-open-to-any-account",
    "A bucket may be used by principals of any AWS account.",
    "PRIN-12",
    "EVAL-21",
    "S3-22",
)
def bucket_open_to_any_account(survey: Survey) -> Iterator[Finding]:
    """By deciding requests of somebody of an account that nobody knows; what is public is told elsewhere."""
    for node_id, bucket in survey.buckets.items():
        public = survey.public_actions.get(node_id, frozenset())
        openings = {name: each for name, each in survey.strangers(bucket).items() if name not in public}
        groups = {known.group for name in openings if (known := s3_action(name))}
        words = [word for group, word in _WORDS.items() if group in groups]
        if not words:
            continue
        distinct = {id(each): each for each in openings.values()}
        yield finding(
            "bucket-open-to-any-account",
            Severity.HIGH if groups & (_WORDS.keys() - _MILD) else Severity.MEDIUM,
            f"Principals of any AWS account may {', '.join(words)} {bucket.name}",
            "anybody with an AWS account may: who has none can open one",
            Place(node_id, bucket.account, "resource-based policy", "bucket policy"),
            hangs_on=(*words, *sorted({label for each in distinct.values() for label in granting(each)})),
            evidence=evidence_of([each.decision for each in distinct.values()]),
            fix=Fix("Name the accounts that need it, or add a condition on aws:PrincipalOrgID."),
            gaps=survey.world.bucket_resource(bucket, objects=True).gaps,
        )
