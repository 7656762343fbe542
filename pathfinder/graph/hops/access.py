"""Principals to S3 actions on a bucket or its objects. Source: evaluation.md chapters 4 and 8.2, S3-17, EVAL-40."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access import accesses, bucket_node, callers_of
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.stale import stale_ids
from pathfinder.graph.unknown_buckets import inventory_gaps, unknown_buckets
from pathfinder.graph.world import World, members_missed
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Policy, Unread


@hop_kind("access", last=True)
def access(world: World) -> Iterator[Edge | Gap]:
    """For each bucket, from everyone whom its policy and account, and their own policies, let in."""
    yield from inventory_gaps(world)
    for bucket in (*world.buckets.values(), *unknown_buckets(world)):
        told = str(bucket.arn) in world.gaps_told or str(bucket.arn) not in world.buckets
        if isinstance(bucket.policy, Unread) and not told:
            yield Gap(
                str(bucket.arn),
                f"its bucket policy is not known ({bucket.policy.reason}): it may deny what is shown, "
                "and allow what is not",
                (str(bucket.arn),),
            )
        if isinstance(bucket.policy, Policy):
            yield from members_missed(world, (bucket.policy,), str(bucket.arn), "its bucket policy")
            yield from stale_ids(world, (bucket.policy,), str(bucket.arn), "its bucket policy")
        target = bucket_node(world, bucket)
        for actor in callers_of(world, bucket):
            for hop in accesses(world, actor, bucket):
                yield Edge(actor.node, target, hop)
