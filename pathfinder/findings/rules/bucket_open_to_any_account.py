"""Buckets that principals of any AWS account may use. Source: PRIN-12, EVAL-21, S3-22."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.strangers import granting, names_all, open_to_strangers
from pathfinder.findings.survey import Survey
from pathfinder.graph.evidence import evidence_of
from pathfinder.policy.document import Policy

_SAMPLES = (("s3:GetObject", "read objects of", True), ("s3:PutObject", "write objects to", True))
_SAMPLES_OF_BUCKET = (("s3:ListBucket", "list", False), ("s3:PutBucketAcl", "take over", False))


@rule(
    "bucket-open-to-any-account",
    "A bucket may be used by principals of any AWS account.",
    "PRIN-12",
    "EVAL-21",
    "S3-22",
)
def bucket_open_to_any_account(survey: Survey) -> Iterator[Finding]:
    """By deciding the request of somebody of an account that nobody knows; what is public is told elsewhere."""
    public = {hop.target for hop in survey.hops("access") if hop.source == "anonymous"}
    for node_id, bucket in survey.buckets.items():
        if node_id in public or not isinstance(bucket.policy, Policy) or not names_all(bucket.policy):
            continue
        for action, does, objects in (*_SAMPLES, *_SAMPLES_OF_BUCKET):
            resource = survey.world.bucket_resource(bucket, objects=objects)
            opening = open_to_strangers(survey.world, action, resource, partition=bucket.arn.partition)
            if opening is None:
                continue
            yield finding(
                "bucket-open-to-any-account",
                Severity.MEDIUM if does == "list" else Severity.HIGH,
                f"Principals of any AWS account may {does} {bucket.name}",
                "anybody with an AWS account may: who has none can open one",
                Place(node_id, bucket.account, bucket.policy.kind.value, bucket.policy.name),
                hangs_on=(action, *granting(opening)),
                evidence=evidence_of((opening.decision,)),
                fix=Fix("Name the accounts that need it, or add a condition on aws:PrincipalOrgID."),
                gaps=resource.gaps,
            )
