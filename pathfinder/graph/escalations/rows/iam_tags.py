"""Principals that give themselves tags. Source: evaluation.md ESC-32, STS-30, chapter 6 (aws:PrincipalTag)."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.changed import with_own_tags
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_identity
from pathfinder.graph.escalations.rows.iam_self import identity_of
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.model.identity import User


@escalation("iam-tags", phase=1)
def iam_tags(scene: Scene) -> Iterator[Edge]:
    """On itself; what then is open only with certain tags says so in its condition."""
    world = scene.world
    for account in world.snapshot.accounts:
        for action in ("iam:TagUser", "iam:TagRole"):
            for actor in scene.sources(action, account.id):
                identity = identity_of(world, actor)
                if identity is None or isinstance(actor.caller, RootUser):
                    continue
                if isinstance(identity, User) is not (action == "iam:TagUser"):
                    continue
                found = tried(world, actor, [Call(action, of_identity(identity))])
                change = with_own_tags(world, actor) if found is not None else None
                if found is None or change is None:
                    continue
                narrow = [key for key in keys_of(found.condition) if key.startswith(_ABOUT_TAGS)]
                gap = "which tags it may give itself is limited: whether those are enough is not decided"
                yield edge(
                    actor,
                    change.actor.node,
                    found,
                    "ESC-32",
                    f"{name_of(identity.arn)} would have the tags that the conditions ask for",
                    Session.SAME,
                    gaps=(gap,) if narrow else (),
                )


_ABOUT_TAGS = ("aws:requesttag/", "aws:tagkeys")
