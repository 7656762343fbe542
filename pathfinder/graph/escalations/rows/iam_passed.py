"""Roles whose permissions are widened before something runs as them. Source: evaluation.md ESC-26, ESC-2, ESC-6."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.changes import Change
from pathfinder.graph.escalations.calls import tried
from pathfinder.graph.escalations.changed import limited, with_policies
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.merging import Way
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.rows.iam_roles import entering
from pathfinder.graph.escalations.widening import Widening, widenings
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import role_actor
from pathfinder.graph.world import World
from pathfinder.model.identity import Role

_WRITES = ("iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:PutRolePolicy")


@escalation("iam-passed", phase=3)
def iam_passed(scene: Scene) -> Iterator[Edge]:
    """From everyone who runs something as a role, and may write that role's permissions before.

    Not where it can assume the widened role whatever its requests look like: nothing has to run for that.
    """
    world = scene.world
    own: dict[str, list[Widening]] = {}
    best: dict[tuple[str, str], Way] = {}
    for way in scene.delivered:
        key = (way.actor.node.id, way.target.id)
        if key not in best or way.rank < best[key].rank:
            best[key] = way
    for _, way in sorted(best.items()):
        if not any(scene.holders.may(way.actor, action) for action in _WRITES):
            continue
        role = _role(world, way)
        name = str(role.arn)
        if name not in own:
            own[name] = [] if role.reserved else list(widenings(world, role, role_actor(role)))
        for each in own[name]:
            if entering(way.actor, role, each) not in scene.entered:
                yield from _widened(world, way, role, each)


def _role(world: World, way: Way) -> Role:
    """The role that it runs as; a way to a part of what the role may do leads to a node of its own."""
    change = world.changes.get(way.target.id)
    return world.roles[way.target.id if change is None else change.base.id]


def _widened(world: World, way: Way, role: Role, each: Widening) -> Iterator[Edge]:
    found = tried(world, way.actor, [each.call, *way.found.asked])
    if found is None:
        return
    change = with_policies(world, role_actor(role), each.what, "with added policies", each.policies)
    if change is not None:
        change = _as_far(world, change, world.changes.get(way.target.id))
    if change is not None:
        said = f"{each.words} would allow everything, and {way.change}"
        yield edge(
            way.actor,
            change.actor.node,
            found,
            "ESC-26",
            said,
            Session.DELIVERED,
            workload=way.workload,
            notes=way.notes,
            gaps=way.gaps,
        )


def _as_far(world: World, widened: Change, reached: Change | None) -> Change | None:
    """The widened role as far as the way leads: for some S3 actions alone, perhaps on one bucket."""
    if reached is None:
        return widened
    ((what, words),) = reached.made
    assert reached.only is not None
    return limited(world, widened.actor, what, words, reached.only, reached.bucket)
