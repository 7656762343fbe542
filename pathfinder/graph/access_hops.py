"""The hops of what one principal may do in one bucket: one for each group of actions.

Source: evaluation.md 8.1, 8.2, S3-47, S3-52.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import ServiceCaller
from pathfinder.authorization.deputies import names_service, unguarded
from pathfinder.aws.s3_actions import S3ResourceType, resource_types
from pathfinder.graph.access_groups import Group, Key
from pathfinder.graph.access_notes import access_notes
from pathfinder.graph.access_points import point_name
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.doors import Door
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.granted_by import granted_by
from pathfinder.graph.hop import Hop
from pathfinder.graph.outsiders import note_on
from pathfinder.graph.principals import Actor
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.patterns import EVERYTHING
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy


def hops_of(
    world: World,
    actor: Actor,
    door: Door,
    groups: dict[Key, Group],
) -> Iterator[Hop]:
    """One hop for each group; actions on the bucket join those on all objects that hold under the same condition."""
    bucket, point = door.bucket, door.point
    whole = ((str(bucket.arn),), ())
    all_objects = ((f"{bucket.arn}/{EVERYTHING}",), ())
    for (condition, resources, except_), group in list(groups.items()):
        joined = groups.get((condition, *all_objects)) if (resources, except_) == whole else None
        if joined is not None:
            joined.join(group)
            del groups[(condition, *whole)]
    for (condition, resources, except_), group in sorted(groups.items(), key=_order):
        shown = resources
        if (resources, except_) == all_objects and any(_on_bucket(name) for name in group.actions):
            shown = (str(bucket.arn), *resources)
        via = granted_by(world, actor, bucket, group.decisions)
        facts = facts_for(world, "s3")
        yield Hop(
            door.kind,
            actor.node.id,
            bucket_node(world, bucket).id,
            condition,
            tuple(sorted(set(group.actions))),
            tuple(sorted(shown)),
            except_,
            (*door.evidence(), *evidence_of(group.decisions)),
            group.settled.witness,
            tuple(dict.fromkeys((*group.settled.gaps, *group.gaps))),
            via if point is None else f"access point {point_name(point)}",
            also=tuple(group.also.values()),
            extra={"group": min(group.actions)},
            notes=(
                *group.notes,
                *_notes(world, actor, bucket),
                *access_notes(world, actor, bucket, group.actions, condition, via, facts),
            ),
            through=None if point is None else str(point.arn),
            blocked=None if group.blocked is None else "; ".join(group.blocked),
        )


def _notes(world: World, actor: Actor, bucket: Bucket) -> Iterator[str]:
    """What is to be known of the caller: an account outside; a service that may act for anybody (S3-47)."""
    if world.is_outside(actor):
        yield note_on(actor)
    if isinstance(actor.caller, ServiceCaller) and isinstance(bucket.policy, Policy):
        for number, statement in enumerate(bucket.policy.document.statements):
            why = unguarded(statement) if names_service(statement, actor.caller.name) else None
            if why is not None:
                yield f"confused deputy: {statement.sid or f'Statement[{number}]'} of the bucket policy: {why}"


def _order(item: tuple[Key, Group]) -> tuple[object, ...]:
    (condition, resources, except_), group = item
    return (-len(group.actions), resources, except_, sorted(group.actions), str(condition))


def _on_bucket(name: str) -> bool:
    return S3ResourceType.BUCKET in resource_types(name) and S3ResourceType.OBJECT not in resource_types(name)
