"""Principals to S3 actions on a bucket or its objects. Source: evaluation.md chapters 4 and 8.2, S3-17, EVAL-40."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access import accesses
from pathfinder.graph.bucket_acls import acls_count, objects_known
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.callers import callers_of, members_missed
from pathfinder.graph.federated_users import federated_users
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.other_storage import other_storage_gaps
from pathfinder.graph.stale import stale_ids
from pathfinder.graph.unknown_buckets import inventory_gaps, unknown_buckets
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy, Unread


@hop_kind("access", last=True)
def access(world: World) -> Iterator[Edge | Gap]:
    """For each bucket, from everyone whom its policy and account, and their own policies, let in."""
    yield from inventory_gaps(world)
    yield from other_storage_gaps(world)
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
            yield from federated_users(world, (bucket.policy,), str(bucket.arn), "its bucket policy")
        yield from _acl_gaps(world, bucket)
        target = bucket_node(world, bucket)
        for actor in callers_of(world, bucket):
            for hop in accesses(world, actor, bucket):
                yield Edge(actor.node, target, hop)


def _acl_gaps(world: World, bucket: Bucket) -> Iterator[Gap]:
    """ACLs that count and that nobody read, and what those that are known let in besides (S3-7, S3-22)."""
    acls = world.bucket_resource(bucket, objects=True).acls
    place = str(bucket.arn)
    policies = tuple(each.policy for each in acls.acl)
    yield from members_missed(world, policies, place, "an ACL of it or of an object in it")
    if acls_count(bucket) != TRUE:
        return
    missing = [
        *(["its ACL is not known"] if bucket.acl is None else []),
        *([] if objects_known(bucket) else ["the ACLs of its objects are not all known"]),
    ]
    if missing:
        reason = f"ACLs count in it, and {' and '.join(missing)}: they may allow what is not shown"
        yield Gap(place, reason, (place,))
