"""ACLs that somebody puts on a bucket or its objects. Source: ESC-62, BPA-2, BPA-3, S3-17, S3-21 to S3-25, EVAL-22."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.authorization.acl import acl_actions
from pathfinder.authorization.caller import Anonymous, RoleSession, RootUser, UserCaller, account_of
from pathfinder.conditions.scope import ScopePart, split_by_object
from pathfinder.graph.escalations.acl_changes import (
    OWNERSHIP,
    Put,
    brought_back,
    grantee_of,
    object_acl,
    puttable,
    ways_to_put,
)
from pathfinder.graph.escalations.askers import askers, has_always, held_back_by_the_bucket_alone
from pathfinder.graph.escalations.calls import Call, Tried, tried
from pathfinder.graph.escalations.changed import unsigned_before, with_bucket
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, Formula, all_of
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY

ON_OBJECTS = ("s3:PutObjectAcl", "s3:PutObjectVersionAcl")
MOST_PARTS = 4
"""Sets of objects with conditions of their own whose ACL somebody may put, in one bucket."""


@escalation("s3-acls")
def s3_acls(scene: Scene) -> Iterator[Edge | Gap]:
    """For each bucket, from everyone who may put its ACL or its objects', or have ACLs count again."""
    for bucket in scene.world.buckets.values():
        if not bucket.account:
            continue
        yield from _revived(scene, bucket)
        for actor in askers(scene, "s3:PutBucketAcl", bucket):
            if _may_gain(scene, actor, bucket, objects=False):
                yield from _on_bucket(scene.world, actor, bucket)
        for action in ON_OBJECTS:
            for actor in askers(scene, action, bucket, objects=True):
                if _may_gain(scene, actor, bucket, objects=True):
                    yield from _on_objects(scene.world, actor, bucket, action)


def _may_gain(scene: Scene, actor: Actor, bucket: Bucket, *, objects: bool) -> bool:
    """Not those who have all that an ACL can grant already, always."""
    if not isinstance(actor.caller, Anonymous | RoleSession | RootUser | UserCaller):
        return False
    wanted = acl_actions(on_object=objects)
    if has_always(scene, actor, bucket, wanted, objects=objects):
        return False
    return not held_back_by_the_bucket_alone(scene.world, actor, bucket, wanted, objects=objects)


def _revived(scene: Scene, bucket: Bucket) -> Iterator[Edge]:
    """ACLs that are there count again once object ownership is changed (S3-21)."""
    new = brought_back(bucket)
    if new is None:
        return
    world = scene.world
    for actor in askers(scene, OWNERSHIP, bucket):
        found = tried(world, actor, [Call(OWNERSHIP, world.bucket_resource(bucket, objects=False))])
        if found is not None and not isinstance(actor.caller, Anonymous):
            said = f"the ACLs that {bucket.name} and its objects have would count again"
            yield from _hops(world, actor, found, new, "ACLs count in", "where ACLs count in", said)


def _on_bucket(world: World, actor: Actor, bucket: Bucket) -> Iterator[Edge | Gap]:
    on = world.bucket_resource(bucket, objects=False)
    best: tuple[Tried, Put] | None = None
    for way in ways_to_put(world, actor, bucket, on_object=False):
        found = tried(world, actor, (*way.calls, Call("s3:PutBucketAcl", on, way.given)))
        if found is not None and (best is None or (found.plain and not best[0].plain)):
            best = found, way
            if found.plain:
                break
    if best is None:
        yield from _not_known(world, actor, bucket, "s3:PutBucketAcl")
        return
    found, way = best
    new = way.with_bucket_acl(world)
    said = f"{way.words}the ACL of {bucket.name} would let in {way.whom}"
    yield from _hops(
        world, actor, found, new, "ACL of", "let in by the ACL of", said, way.gaps, public=way.public
    )


def _on_objects(world: World, actor: Actor, bucket: Bucket, action: str) -> Iterator[Edge | Gap]:
    on = world.bucket_resource(bucket, objects=True)
    decision = world.decide(actor, action, on)
    if decision.allowed == FALSE:
        return
    parts = split_by_object(decision.allowed, facts_for(world, "s3", world.given(actor, action, on)))
    done = False
    for number, part in enumerate(parts[:MOST_PARTS]):
        for hop in _part(world, actor, bucket, Call(action, on, scope=_scope(part)), part, number):
            done = True
            yield hop
    if len(parts) > MOST_PARTS:
        yield Gap(
            actor.node.id,
            f"it may put the ACL of objects in {bucket.name} under {len(parts)} conditions: "
            f"only the first {MOST_PARTS} are followed",
            (actor.node.id, str(bucket.arn)),
        )
    if not done:
        yield from _not_known(world, actor, bucket, action)


def _part(
    world: World, actor: Actor, bucket: Bucket, call: Call, part: ScopePart, number: int
) -> Iterator[Edge]:
    best: tuple[Tried, Put] | None = None
    for way in ways_to_put(world, actor, bucket, on_object=True):
        found = tried(world, actor, (*way.calls, replace(call, given=way.given)))
        if found is not None and (best is None or (found.plain and not best[0].plain)):
            best = found, way
            if found.plain:
                break
    if best is None:
        return
    found, way = best
    new = way.follows(world, replace(way.bucket))
    world.change_acls(new, (object_acl(world, new, way, part),))
    said = f"{way.words}the ACL of objects in {bucket.name} that it may put would let in {way.whom}"
    what = f"object ACLs {number} {call.action} of"
    yield from _hops(
        world, actor, found, new, what, "let in by object ACLs of", said, way.gaps, public=way.public
    )


def _scope(part: ScopePart) -> Formula:
    return all_of(open_text(OBJECT_KEY, part.patterns), open_text(OBJECT_KEY, part.exceptions, negated=True))


def _hops(
    world: World,
    actor: Actor,
    found: Tried,
    new: Bucket,
    what: str,
    words: str,
    said: str,
    gaps: tuple[str, ...] = (),
    *,
    public: bool = True,
) -> Iterator[Edge]:
    """To the principal as it then is; where everyone is let in, also without its signature (S3-17)."""
    changes = [with_bucket(world, actor, new, what, words)]
    if public and not isinstance(actor.caller, Anonymous):
        changes.append(unsigned_before(world, actor, new, what, words))
    for change in changes:
        if change is not None:
            yield edge(actor, change.actor.node, found, "ESC-62", said, Session.SAME, gaps=gaps)


def _not_known(world: World, actor: Actor, bucket: Bucket, action: str) -> Iterator[Gap]:
    """An account whose canonical user id is in no snapshot may name itself all the same."""
    account = account_of(actor.caller)
    if account in (None, bucket.account) or grantee_of(world, actor, bucket) is not None:
        return
    on = world.bucket_resource(bucket, objects=action != "s3:PutBucketAcl")
    if puttable(bucket) and world.decide(actor, action, on).allowed != FALSE:
        yield Gap(
            actor.node.id,
            f"it may have {action} on {bucket.name}, but the canonical user id of its account is not known: "
            "what an ACL that names it would open is not shown",
            (actor.node.id, str(bucket.arn)),
        )
