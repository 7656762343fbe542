"""Who comes in question for an action at all: the coarse step of escalations (design idea 4).

It looks at Allow statements and their actions alone, and errs towards "maybe" only.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.policy.document import Document, Effect, Policy, PolicyKind


class Holders:
    """Principals by the actions that some Allow statement of theirs is about; root users hold all of theirs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_document: dict[int, list[int]] = {}
        self._documents: list[Policy] = []
        self._roots: list[int] = []
        self._found: dict[str, dict[str, tuple[Actor, ...]]] = {}
        self.actors = tuple(actor for actor in world.actors.values() if _acts(world, actor))
        self.unread: list[Actor] = []
        for number, actor in enumerate(self.actors):
            if isinstance(actor.caller, RootUser):
                self._roots.append(number)
                continue
            own = (
                actor.node.id in world.principals
            )  # a session that is a node of its own has its role's policies
            if own and not all(isinstance(policy, Policy) for policy in actor.policies):
                self.unread.append(actor)
            for policy in _distinct(actor):
                known = self._by_document.get(id(policy.document))
                if known is None:
                    known = self._by_document[id(policy.document)] = []
                    self._documents.append(policy)
                known.append(number)

    def of(self, action: str, account: str) -> tuple[Actor, ...]:
        """Users, roles and the root user of the account that may be allowed the action, by node id."""
        by_account = self._found.get(action)
        if by_account is None:
            by_account = self._found[action] = self._by_account(action)
        return by_account.get(account, ())

    def may(self, actor: Actor, action: str) -> bool:
        """Whether some Allow of the actor's is about the action, and its boundary leaves that."""
        wanted = action.lower()
        own = (each for each in actor.policies if isinstance(each, Policy))
        limit = actor.boundary if isinstance(actor.boundary, Policy) else None
        return any(self._allows(each, wanted) for each in own) and (
            limit is None or self._allows(limit, wanted)
        )

    def _by_account(self, action: str) -> dict[str, tuple[Actor, ...]]:
        numbers = set(self._roots)
        for policy in self._documents:
            if self._allows(policy, action.lower()):
                numbers.update(self._by_document[id(policy.document)])
        found: dict[str, list[Actor]] = {}
        for number in sorted(numbers):
            actor = self.actors[number]
            found.setdefault(str(actor.account), []).append(actor)
        return {
            account: tuple(sorted(actors, key=lambda actor: actor.node.id))
            for account, actors in found.items()
        }

    def _allows(self, policy: Policy, action: str) -> bool:
        return any(
            each.statement.effect is Effect.ALLOW and not each.fault and each.actions.holds(action)
            for each in self._world.compiler.compile(policy).statements
        )


def _acts(world: World, actor: Actor) -> bool:
    """Nobody but its service has sessions of a service-linked role (STS-48)."""
    role = world.roles.get(actor.node.id)
    return role is None or not role.service_linked


def _distinct(actor: Actor) -> Iterator[Policy]:
    seen: dict[int, Document] = {}
    for policy in actor.policies:
        if isinstance(policy, Policy) and policy.kind is PolicyKind.IDENTITY:
            if id(policy.document) not in seen:
                yield policy
            seen[id(policy.document)] = policy.document
