"""Tags of buckets, access points and objects, as far as requests show them. Source: evaluation.md S3-26, chapter 6."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.aws.arn import Arn
from pathfinder.graph.facts import UnsureTags
from pathfinder.model.resources import Bucket


def tags_that_count(bucket: Bucket) -> Mapping[str, str] | None:
    """The bucket's tags where its ABAC is on; None where they take no part, or it is not known that they do."""
    return bucket.tags if bucket.abac and "Tagging" not in bucket.unread else None


def unsure_tags(bucket: Bucket) -> UnsureTags | None:
    """The tags that count perhaps: ABAC is not known to be off, and either that or the tags are not known."""
    unread = "Tagging" in bucket.unread
    if bucket.abac is False or (bucket.abac and not unread) or not (unread or bucket.tags):
        return None
    if bucket.abac:
        return UnsureTags(f"the tags of {bucket.name} are not known, and its ABAC is on (S3-26)")
    what = f"whether ABAC is on for {bucket.name} is not known, so neither is whether its tags count (S3-26)"
    return UnsureTags(what, None if unread else bucket.tags)


def unsure_point_tags(name: str, tags: Mapping[str, str], bucket: Bucket) -> UnsureTags | None:
    """An access point's tags under aws:ResourceTag: certain where the ABAC of its bucket is on (chapter 6)."""
    if bucket.abac or not tags:
        return None
    state = "not known" if bucket.abac is None else "off"
    reason = (
        f"whether the tags of access point {name} count under aws:ResourceTag is not known: "
        f"ABAC of {bucket.name} is {state}"
    )
    return UnsureTags(reason, tags)


def object_tags(bucket: Bucket, arn: Arn) -> Mapping[str, str] | None:
    """The tags of the object with this ARN; None where the snapshot does not say (s3:ExistingObjectTag)."""
    key = arn.resource.partition("/")[2]
    return next((each.tags for each in bucket.objects if each.key == key), None)
