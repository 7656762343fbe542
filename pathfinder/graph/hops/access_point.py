"""Principals to S3 actions on a bucket through an access point. Source: evaluation.md S3-50 to S3-55, D-27."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access import Door, accesses, bucket_node
from pathfinder.graph.access_points import Point, buckets_behind, points_of
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.principals import wildcard_gap
from pathfinder.graph.world import World
from pathfinder.model.access_points import MultiRegionAccessPoint
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Unread


@hop_kind("access-point", last=True)
def access_point(world: World) -> Iterator[Edge | Gap]:
    """For each access point and bucket behind it, from everyone whom both let in; it takes no unsigned requests."""
    for point in points_of(world):
        yield from _gaps(world, point)
        for bucket in buckets_behind(world, point):
            target = bucket_node(world, bucket)
            for actor in Door(bucket, point).callers(world):
                for hop in accesses(world, actor, bucket, point=point):
                    yield Edge(actor.node, target, hop)


def _gaps(world: World, point: Point) -> Iterator[Gap]:
    place = str(point.arn)
    if isinstance(point.policy, Unread) and place not in world.gaps_told:
        reason = f"its policy is not known ({point.policy.reason}): it may allow and deny what is not shown"
        yield Gap(place, reason, (place,))
    if point.policy is not None:
        yield from wildcard_gap((point.policy,), place, "its policy")
    if isinstance(point, MultiRegionAccessPoint) and len(point.buckets) > 1:
        reason = "which of its buckets serves a request is not for the caller to say (S3-55)"
        yield Gap(place, reason, (place,))
