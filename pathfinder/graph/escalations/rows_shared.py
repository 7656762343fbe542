"""What rows about roles and workloads ask: which roles a service may assume, and who is one of them already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathfinder.authorization.caller import RootUser
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


def is_missing(scene: Scene, account: Account, kind: str, action: str) -> bool:
    """Whether the account's things of a kind are not in the snapshot, and somebody may use them."""
    if kind in account.known:
        return False
    return not all(isinstance(actor.caller, RootUser) for actor in scene.sources(action, account.id))


def missing_gap(account: Account, words: Iterable[str]) -> Iterator[Gap]:
    """One gap for all kinds of things of an account that are not in the snapshot."""
    listed = sorted(set(words), key=str.lower)
    if listed:
        reason = (
            f"not in the snapshot: its {', '.join(listed)}; escalations through existing ones are not shown"
        )
        yield Gap(f"account {account.id}", reason, (account.id,))
