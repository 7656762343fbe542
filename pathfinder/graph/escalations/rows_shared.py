"""What rows about roles and workloads ask: which roles a service may assume, and who is one of them already."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.registry import Scene
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Gap


def trusting_roles(scene: Scene, account: Account, service: str) -> tuple[Role, ...]:
    """Roles of the account that the service, or a provider of its own, may assume (ESC-2, STS-20, STS-49)."""
    kinds = ("service", "federated")
    trusted = {hop.target for hop in scene.plain.get(service, ()) if hop.kind in kinds}
    return tuple(role for role in account.roles if str(role.arn) in trusted and not role.service_linked)


def is_already(world: World, actor: Actor, identity: User | Role) -> bool:
    """Whether the actor is that user, or a session of that role, already, changed or not (ESC-7)."""
    change = world.changes.get(actor.node.id)
    return (actor.node.id if change is None else change.base.id) == str(identity.arn)


def not_known(scene: Scene, account: Account, kind: str, words: str, *actions: str) -> Iterator[Gap]:
    """A gap where the account's things of a kind are not in the snapshot, and somebody may use them."""
    if kind in account.known or not any(
        True for action in actions for _ in scene.sources(action, account.id)
    ):
        return
    yield Gap(
        f"account {account.id}",
        f"its {words} are not in the snapshot: escalations through existing ones are not shown",
        (account.id, kind),
    )
