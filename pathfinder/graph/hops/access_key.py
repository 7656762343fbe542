"""A long-term access key to the user that it belongs to. Source: design.md, third design; TERM-7."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import user_actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.organization import Gap


@hop_kind("access-key")
def access_key(world: World) -> Iterator[Edge | Gap]:
    """Who holds an active key is its user; an inactive key opens nothing."""
    for account in world.snapshot.accounts:
        unknown = [user for user in account.users if user.access_keys is None]
        if unknown:
            yield Gap(
                f"account {account.id}",
                f"the access keys of {len(unknown)} of its {len(account.users)} users are not in the snapshot",
                (account.id, "access-key"),
            )
        for user in account.users:
            for key in user.access_keys or ():
                if not key.active:
                    continue
                node = Node(f"key:{key.id}", NodeKind.ACCESS_KEY, key.id, account.id)
                fact = Evidence("principal", "access key", key.id, str(user.arn))
                extra = {"last_used": key.last_used} if key.last_used else {}
                yield Edge(
                    node,
                    user_actor(user).node,
                    Hop("access-key", node.id, str(user.arn), TRUE, evidence=(fact,), extra=extra),
                )
