"""The nodes of buckets, those included that no inventory holds.

Source: evaluation.md TERM-5.
"""

from __future__ import annotations

from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.unknown_buckets import unknown_buckets
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket


def bucket_node(world: World, bucket: Bucket) -> Node:
    """The node of a bucket; its account is None where its owner is not known."""
    account = bucket.account or None
    if str(bucket.arn) in world.buckets:
        return Node(str(bucket.arn), NodeKind.BUCKET, bucket.name, account)
    if account is None or not any(mark in bucket.name for mark in "*?"):
        return Node(str(bucket.arn), NodeKind.BUCKET, bucket.name, account, external=True)
    return Node(f"{account}/{bucket.arn}", NodeKind.BUCKET, f"any bucket {bucket.name} of {account}", account)


def bucket_of(world: World, node_id: str) -> Bucket | None:
    """The bucket that a node stands for, those included that no inventory holds."""
    known = world.buckets.get(node_id)
    if known is not None:
        return known
    return next((each for each in unknown_buckets(world) if bucket_node(world, each).id == node_id), None)
