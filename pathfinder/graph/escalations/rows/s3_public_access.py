"""Block Public Access turned off before what is public already. Source: ESC-63, BPA-1, BPA-3, BPA-5, S3-17."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.acl import is_public_acl
from pathfinder.authorization.block import EffectiveBlock
from pathfinder.authorization.caller import Anonymous
from pathfinder.authorization.public import is_public
from pathfinder.graph.escalations.askers import askers
from pathfinder.graph.escalations.block_changes import Unblocked, of_own_account, unblocked
from pathfinder.graph.escalations.calls import tried
from pathfinder.graph.escalations.changed import unsigned_before, with_bucket
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy


@escalation("s3-public-access")
def s3_public_access(scene: Scene) -> Iterator[Edge]:
    """For each bucket with a public ACL or policy, from everyone who may turn off what holds that back.

    What then is open: the principal with its signature, and without it, where its own Denies and limits do not count.
    """
    world = scene.world
    for bucket in world.buckets.values():
        if not _has_something_public(bucket):
            continue
        before, *ways = unblocked(world, bucket)
        for way in ways:
            if _reading(way.block) == _reading(before.block):
                continue
            action = way.calls[0].action
            for actor in askers(scene, action, bucket):
                if of_own_account(way, actor) and not isinstance(actor.caller, Anonymous):
                    yield from _opened(world, actor, way)


def _opened(world: World, actor: Actor, way: Unblocked) -> Iterator[Edge]:
    found = tried(world, actor, way.calls)
    if found is None:
        return
    what = f"no block at {len(way.calls)} {way.calls[-1].action} for"
    words = "without Block Public Access of"
    for change in (
        with_bucket(world, actor, way.bucket, what, words),
        unsigned_before(world, actor, way.bucket, what, words),
    ):
        if change is not None:
            yield edge(actor, change.actor.node, found, "ESC-63", way.words, Session.SAME)


def _has_something_public(bucket: Bucket) -> bool:
    acls = (bucket.acl, *(each.acl for each in bucket.objects))
    return any(acl is not None and is_public_acl(acl) for acl in acls) or (
        isinstance(bucket.policy, Policy) and is_public(bucket.policy.document)
    )


def _reading(block: EffectiveBlock) -> tuple[bool | None, bool | None]:
    """The two switches that count when something is asked for; the others when something is put (BPA-2, BPA-4)."""
    return block.ignore_public_acls, block.restrict_public_buckets
