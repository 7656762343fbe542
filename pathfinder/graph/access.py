"""What one principal may do in one bucket: each set of S3 actions, with its resources and its condition.

Source: evaluation.md 4.2, 4.3, 8.1, 8.2, TERM-5; design ideas 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from pathfinder.authorization.request import Policies
from pathfinder.aws.s3_actions import access_point_actions, bucket_actions, object_actions
from pathfinder.graph.access_groups import Group, Key
from pathfinder.graph.access_hops import hops_of
from pathfinder.graph.access_parts import Part, about, parts_of
from pathfinder.graph.access_points import Point, buckets_behind, resource_behind
from pathfinder.graph.calls import Call, Needs, apart_by_needs, blocks, calls_for
from pathfinder.graph.coarse import CoarseStep
from pathfinder.graph.doors import Door
from pathfinder.graph.hop import Hop
from pathfinder.graph.principals import Actor
from pathfinder.graph.settle import Settled, facts_for, settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, all_of, negate
from pathfinder.model.resources import Bucket


def accesses(
    world: World,
    actor: Actor,
    bucket: Bucket,
    wanted: frozenset[str] | None = None,
    point: Point | None = None,
) -> Iterator[Hop]:
    """The last hops from an actor to a bucket, of all S3 actions or of the wanted ones, in a stable order.

    `point`: through this access point, not directly.
    """
    door = Door(bucket, point)
    levels = zip(door.resources(world, objects=False), door.resources(world, objects=True), strict=True)
    if not all(_coarse(world).may_reach(actor, whole, objects) for whole, objects in levels):
        return
    groups: dict[Key, Group] = {}
    closed: dict[Key, Group] = {}
    for actions, objects, needs in _classes(world, actor, door, wanted):
        action = actions[0]
        resource = door.resource(world, objects=objects)
        if not all(world.grantable(actor, action, each) for each in door.resources(world, objects=objects)):
            continue
        call = calls_for(world, actor, action, resource)
        if call.decision.allowed == FALSE:
            continue
        facts = facts_for(world, "s3", world.given(actor, action, resource))
        open_parts = tuple(
            _settled(world, call, parts_of(bucket, call.allowed, facts, objects=objects), call)
        )
        for part, settled in open_parts:
            key = (settled.condition, part.resources, part.except_)
            groups.setdefault(key, Group(settled)).add(actions, call, settled, about(call, part, facts))
        if needs and blocks(call):
            rest = all_of(call.but_for_blocks, *(negate(part.scope) for part, _ in open_parts))
            for part, settled in _settled(world, call, parts_of(bucket, rest, facts, objects=objects), None):
                key = (settled.condition, part.resources, part.except_)
                closed.setdefault(key, Group(settled, blocked={})).add(
                    actions, call, settled, about(call, part, facts)
                )
    yield from hops_of(world, actor, door, groups)
    yield from hops_of(world, actor, door, closed)


def _settled(
    world: World, call: Call, parts: Iterable[Part], further: Call | None
) -> Iterator[tuple[Part, Settled]]:
    for part in parts:
        found = settle(
            world, call.actor, call.action, call.resource, part.condition, scope=part.scope, call=further
        )
        if found is not None:
            yield part, found


def _classes(
    world: World, actor: Actor, door: Door, wanted: frozenset[str] | None
) -> Iterator[tuple[tuple[str, ...], bool, Needs]]:
    """The actions that neither policies nor further authorizations tell apart, and whether they are on objects."""
    if door.point is not None:
        served = served_by_points()
        wanted = served if wanted is None else wanted & served
    for each in world.action_classes.of(_policies(world, actor, door), wanted):
        resource = door.resource(world, objects=each.objects)
        parts = apart_by_needs(world, each.actions, resource)
        yield from ((actions, each.objects, needs) for needs, actions in parts)


def _policies(world: World, actor: Actor, door: Door) -> Policies:
    """The policies that tell actions apart: on all levels."""
    resources = door.resources(world, objects=False)
    if door.point is not None:
        others = (each for each in buckets_behind(world, door.point) if each.arn != door.bucket.arn)
        resources += tuple(resource_behind(world, door.point, each, objects=False) for each in others)
    found = [world.policies(actor, "s3:GetObject", each) for each in resources]
    return replace(
        found[0],
        resource=tuple(policy for each in found for policy in each.resource),
        rcp=tuple(level for each in found for level in each.rcp or ()),
        acl=tuple(acl for each in found for acl in each.acl),
        foreign_objects=tuple(group for each in found for group in each.foreign_objects),
    )


@cache
def served_by_points() -> frozenset[str]:
    """Names of the actions that work through access points (S3-54)."""
    names = (*bucket_actions(), *object_actions())
    return frozenset(name for name in names if name.lower() in access_point_actions())


def _coarse(world: World) -> CoarseStep:
    if not isinstance(world.coarse, CoarseStep):
        world.coarse = CoarseStep(world)
    return world.coarse
