"""Buckets whose policy is rewritten or deleted. Source: evaluation.md ESC-60, ESC-61, S3-18, BPA-4, EVAL-33."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.changed import granting, with_bucket
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Effect, Policy


@escalation("s3-buckets")
def s3_buckets(scene: Scene) -> Iterator[Edge]:
    """From everyone in the bucket's account who may write its policy (S3-18).

    The policy would name that principal alone, so that BlockPublicPolicy does not refuse it (BPA-4, BPA-7).
    """
    world = scene.world
    for bucket in world.buckets.values():
        for actor in scene.sources("s3:PutBucketPolicy", bucket.account, each_administrator=True):
            found = tried(
                world, actor, [Call("s3:PutBucketPolicy", world.bucket_resource(bucket, objects=False))]
            )
            if found is None:
                continue
            new = granting(bucket, actor)
            change = with_bucket(world, actor, new, "policy of", "let in by the policy of")
            if change is not None:
                scene.rewritten.append((actor, change))
                said = f"the bucket policy of {bucket.name} would let in {actor.node.label}"
                yield edge(actor, change.actor.node, found, "ESC-60", said, Session.SAME)
        if _denies(bucket):
            yield from _deleted(scene, bucket, world)


def _denies(bucket: Bucket) -> bool:
    return not isinstance(bucket.policy, Policy) or any(
        each.effect is not Effect.ALLOW for each in bucket.policy.document.statements
    )


def _deleted(scene: Scene, bucket: Bucket, world: World) -> Iterator[Edge]:
    """A policy that denies is gone, and what the principal's own policies allow is open (ESC-61)."""
    if bucket.policy is None:
        return
    for actor in scene.sources("s3:DeleteBucketPolicy", bucket.account, each_administrator=True):
        call = Call("s3:DeleteBucketPolicy", world.bucket_resource(bucket, objects=False))
        found = tried(world, actor, [call])
        if found is None:
            continue
        change = with_bucket(
            world, actor, replace(bucket, policy=None), "no policy of", "without the policy of"
        )
        if change is not None:
            said = f"the bucket policy of {bucket.name} would be deleted"
            yield edge(actor, change.actor.node, found, "ESC-61", said, Session.SAME)
