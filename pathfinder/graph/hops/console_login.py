"""A user's password, which lets its holder into the AWS console. Source: evaluation.md TERM-7, STS-13."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import user_actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.organization import Gap

_MFA = {
    True: "a device is registered",
    False: "no device is registered: the password alone lets in",
    None: "not known",
}


@hop_kind("console-login")
def console_login(world: World) -> Iterator[Edge | Gap]:
    """Who knows a user's password is that user; users without a password do not log in."""
    for account in world.snapshot.accounts:
        unknown = [user for user in account.users if user.has_password is None]
        if unknown and len(unknown) < len(account.users):
            yield Gap(
                f"account {account.id}",
                f"whether {len(unknown)} of its {len(account.users)} users have a password is not in the snapshot",
                (account.id, "console-login"),
            )
        for user in account.users:
            if not user.has_password:
                continue
            node = Node(f"console:{user.arn}", NodeKind.CONSOLE_LOGIN, user.arn.name, user.arn.account)
            fact = Evidence("principal", "console password", "credential report", str(user.arn))
            notes = ("no MFA device is registered for it",) if user.has_mfa is False else ()
            yield Edge(
                node,
                user_actor(user).node,
                Hop(
                    "console-login",
                    node.id,
                    str(user.arn),
                    TRUE,
                    evidence=(fact,),
                    extra={"mfa": _MFA[user.has_mfa]},
                    notes=notes,
                ),
            )
