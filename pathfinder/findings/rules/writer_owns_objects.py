"""Buckets into which other accounts write objects that the bucket's owner cannot read. Source: S3-4, S3-5, S3-6."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.finding import Finding, Fix, Place, Severity, finding
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import all_of, negate, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import ObjectOwnership

_WITHOUT_OWNER = negate(one("s3:x-amz-acl", StringTest((exact("bucket-owner-full-control"),))))


@rule(
    "writer-owns-objects",
    "Other accounts write objects that they, and not the bucket's owner, then own.",
    "S3-5",
    "S3-6",
)
def writer_owns_objects(survey: Survey) -> Iterator[Finding]:
    """By access hops across accounts that may put objects, and the bucket's object ownership."""
    facts = facts_for(survey.world, "s3")
    found: dict[str, list[Hop]] = {}
    for hop in survey.hops("access"):
        bucket = survey.buckets.get(hop.target)
        source = survey.graph.node(hop.source)
        if bucket is None or "s3:PutObject" not in hop.actions or source.account in (None, bucket.account):
            continue
        if bucket.ownership is ObjectOwnership.OBJECT_WRITER or (
            bucket.ownership is ObjectOwnership.BUCKET_OWNER_PREFERRED
            and satisfiable(all_of(hop.condition, _WITHOUT_OWNER), facts) is not False
        ):
            found.setdefault(hop.target, []).append(hop)
    for target, hops in sorted(found.items()):
        bucket = survey.buckets[target]
        always = bucket.ownership is ObjectOwnership.OBJECT_WRITER
        writers = sorted({survey.graph.node(hop.source).account or "" for hop in hops})
        yield finding(
            "writer-owns-objects",
            Severity.MEDIUM if always else Severity.LOW,
            f"What account {', '.join(writers)} writes into {bucket.name} belongs to the writer, "
            "and the bucket's owner cannot read it",
            "the bucket policy's Allows give nothing on such objects"
            + ("" if always else ", unless the writer sends the ACL bucket-owner-full-control"),
            Place(target, bucket.account, "object ownership"),
            hangs_on=(bucket.ownership.value if bucket.ownership else "", *writers),
            evidence=(each for hop in hops for each in hop.evidence),
            witnesses=[hop.witness for hop in hops],
            fix=Fix(
                "Set the bucket's object ownership to BucketOwnerEnforced.",
                {
                    "operation": "set",
                    "resource": target,
                    "setting": "OwnershipControls",
                    "value": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                },
            ),
            gaps=(gap for hop in hops for gap in hop.gaps),
        )
