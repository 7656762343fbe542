"""A second change of something else, where the first one alone leaves the data closed.

Source: evaluation.md ESC-4, ESC-60 to ESC-64, ESC-67, BPA-4, BPA-5, KMS-13, S3-17, S3-51. Each change is a hop, in the
order in which they are made; but for Block Public Access, which is turned off for the one that follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.authorization.block import saves_policy
from pathfinder.aws.s3_actions import object_actions
from pathfinder.graph.access_points import Point, buckets_behind, points_of
from pathfinder.graph.changes import Change
from pathfinder.graph.escalations.block_changes import Unblocked, follows, of_own_account, unblocked
from pathfinder.graph.escalations.calls import Call, Tried, tried
from pathfinder.graph.escalations.changed import (
    granting,
    granting_all,
    label_of,
    unsigned_before,
    with_bucket,
)
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.point_keys import account_keys, speaks_of_points
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.rows.kms_keys import CHANGES, changeable_key, let_in_by_key
from pathfinder.graph.escalations.rows.s3_points import CREATE, made_point, opened_point, put_policy
from pathfinder.graph.escalations.tail import all_open, opened
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import NodeKind
from pathfinder.graph.principals import ANONYMOUS, Actor
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy

PUT = "s3:PutBucketPolicy"


@escalation("s3-after", phase=3)
def s3_after(scene: Scene) -> Iterator[Edge | Gap]:
    """From principals before a bucket that they have changed: its policy once it is gone, its key, access points."""
    world = scene.world
    for change, bucket in _changed_buckets(world):
        yield from _written_once_gone(world, change, bucket)
    in_front: dict[str, list[Point]] = {}
    for point in points_of(world):
        for bucket in buckets_behind(world, point):
            in_front.setdefault(str(bucket.arn), []).append(point)
    for change, bucket in _changed_buckets(world):
        yield from _key(world, change, bucket)
        yield from _points(scene, change, bucket, in_front.get(str(bucket.arn), []))
    for actor, change in scene.rewritten:
        yield from _public(world, actor, change)


def _changed_buckets(world: World) -> list[tuple[Change, Bucket]]:
    """The principals with their signature before a bucket that they have changed."""
    return [
        (each, each.bucket)
        for each in world.changes.values()
        if each.bucket is not None
        and each.point is None
        and each.only is None
        and each.actor.caller is not ANONYMOUS.caller
        and each.actor.node.kind is NodeKind.CHANGED
        and world.buckets.get(str(each.bucket.arn)) is not each.bucket
    ]


def _written_once_gone(world: World, change: Change, bucket: Bucket) -> Iterator[Edge]:
    """The policy that was deleted denied writing another one (ESC-61, then ESC-60)."""
    before = world.buckets.get(str(bucket.arn))
    if bucket.policy is not None or before is None or before.policy is None:
        return
    actor = change.actor
    found = tried(world, actor, [Call(PUT, world.bucket_resource(bucket, objects=False), changed=True)])
    if found is None or _is_open(world, change, bucket):
        return
    anyway = tried(world, actor, [Call(PUT, world.bucket_resource(before, objects=False))])
    if anyway is not None and anyway.plain:
        return
    second = with_bucket(world, actor, granting(bucket, actor), "policy of", "let in by the policy of")
    if second is not None and second.bucket is not None:
        world.keep_changes(bucket, second.bucket)
        said = f"the bucket policy of {bucket.name} would let in {label_of(world, actor)}"
        yield edge(actor, second.actor.node, found, "ESC-60", said, Session.SAME)


def _is_open(world: World, change: Change, bucket: Bucket) -> bool:
    return all_open(bucket, opened(world, change, bucket), frozenset(object_actions()))


def _key(world: World, change: Change, bucket: Bucket) -> Iterator[Edge]:
    """The key alone still closes something (KMS-13)."""
    key = changeable_key(world, bucket)
    if key is None or world.changed_key(bucket) is not None or change.actor.account != key.arn.account:
        return
    if any(hop.blocked is not None for hop in opened(world, change, bucket)):
        for action in CHANGES:
            yield from let_in_by_key(world, change.actor, bucket, key, action)


def _points(scene: Scene, change: Change, bucket: Bucket, points: list[Point]) -> Iterator[Edge | Gap]:
    """Something tells requests through access points from others, and directly not all is open (S3-51)."""
    world, actor = scene.world, change.actor
    accounts = [each for each in account_keys(world, bucket) if each == actor.account]
    makes = accounts and scene.holders.may(actor, CREATE)
    puts = [
        point
        for point in points
        if point.arn.account == actor.account and scene.holders.may(actor, put_policy(point))
    ]
    if not (makes or puts) or not speaks_of_points(world, actor, bucket) or _is_open(world, change, bucket):
        return
    for point in puts:
        yield from opened_point(world, actor, point, bucket)
    for account in accounts if makes else ():
        yield from made_point(world, actor, bucket, account, changed=True)


def _public(world: World, actor: Actor, signed: Change) -> Iterator[Edge]:
    """A policy that lets everyone in, for what the principal's own limits keep from it with its signature (S3-17).

    BlockPublicPolicy would refuse it, and RestrictPublicBuckets make it useless: they are turned off before (ESC-63).
    """
    bucket = None if signed.bucket is None else world.buckets.get(str(signed.bucket.arn))
    if bucket is None or signed.bucket is None or _is_open(world, signed, signed.bucket):
        return
    best: tuple[Tried, Unblocked, Bucket, bool | None] | None = None
    for before in unblocked(world, bucket):
        new = granting_all(before.bucket)
        assert isinstance(new.policy, Policy)
        saved = saves_policy(before.block, new.policy.document)
        if (
            not of_own_account(before, actor)
            or saved is False
            or before.block.restrict_public_buckets is True
        ):
            continue
        put = Call(PUT, world.bucket_resource(bucket, objects=False), changed=bool(before.calls))
        found = tried(world, actor, (*before.calls, put))
        if found is None:
            continue
        if best is None or (saved and found.plain and not (best[3] and best[0].plain)):
            best = found, before, new, saved
    if best is None:
        return
    found, before, new, saved = best
    new = follows(world, replace(new), before)
    change = unsigned_before(world, actor, new, "public policy of", "before the public policy of", signed)
    if change is not None:
        words = f"{before.words}; " if before.words else ""
        said = f"{words}the bucket policy of {bucket.name} would let in everyone"
        gaps = () if saved else (f"whether {bucket.name} takes a public policy is not known (BPA-4)",)
        yield edge(actor, change.actor.node, found, "ESC-60", said, Session.SAME, gaps=gaps)
