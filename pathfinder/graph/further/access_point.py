"""Behind an access point: the same call is authorized on the bucket too. Source: evaluation.md S3-50, S3-53, S3-55."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access_points import buckets_behind, point_of, resource_behind
from pathfinder.graph.further.registry import Need, further
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import Unknown


@further("access-point")
def bucket_behind(world: World, action: str, resource: Resource) -> Iterator[Need]:
    """The bucket that serves the request; the other members where a Multi-Region Access Point may choose (S3-55)."""
    arn = resource.target.arn
    if resource.through is None or arn is None or not arn.is_access_point:
        return
    point = point_of(world, resource)
    if point is None:
        return
    objects = resource.target.open_prefix is not None
    for bucket in buckets_behind(world, point):
        behind = resource_behind(world, point, bucket, objects=objects, key=resource.target.arn)
        if bucket.arn == resource.through.bucket:
            yield Need(action, behind)
        else:
            chosen = Unknown(
                f"which member bucket of {point.arn} serves a request is not for the caller to say: "
                f"whether {bucket.name} would allow it"
            )
            yield Need(action, behind, when=chosen)
