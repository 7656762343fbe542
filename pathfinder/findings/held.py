"""Every policy of a world, once, with all that it hangs on and whom it binds. Source: TERM-10, EVAL-5."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.policy.compile import CompiledStatement
from pathfinder.policy.document import Policy, SomePolicy


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A policy. `places`: what it hangs on; `holders`: whom it binds by hanging on them, empty for others.

    `account`: whose it is. `statements`: compiled. An AWS-managed policy, and the fixed policies of
    service-linked roles, are nobody's to change.
    """

    policy: Policy
    places: tuple[str, ...]
    holders: tuple[Actor, ...]
    account: str | None
    statements: tuple[CompiledStatement, ...]

    @property
    def resource(self) -> str:
        """What a finding about it is about: a managed policy is a resource of its own."""
        return self.policy.name if _is_managed(self.policy) else self.policy.attached_to


def _is_managed(policy: Policy) -> bool:
    return policy.name.startswith("arn:")


def of_aws(policy: Policy) -> bool:
    """Whether AWS alone can change it (EVAL-50, EVAL-51)."""
    fields = policy.name.split(":")
    managed = _is_managed(policy) and len(fields) > 4 and fields[4] == "aws"
    return managed or ":role/aws-service-role/" in policy.attached_to


def policies_of(world: World) -> tuple[Held, ...]:
    """All policies that somebody can change, in a stable order; each managed one once."""
    groups: dict[tuple[object, ...], tuple[Policy, str | None, list[Actor], dict[str, None]]] = {}
    for policy, account, holders in _all(world):
        if not isinstance(policy, Policy) or of_aws(policy):
            continue
        shared = _is_managed(policy)
        key = (policy.kind, policy.name, "" if shared else policy.attached_to)
        known = groups.setdefault(key, (policy, account, [], {}))
        known[2].extend(holders)
        known[3][policy.attached_to] = None
    found = [
        Held(
            policy,
            tuple(sorted(places)),
            tuple({actor.node.id: actor for actor in holders}.values()),
            account,
            world.compiler.compile(policy).statements,
        )
        for policy, account, holders, places in groups.values()
    ]
    return tuple(sorted(found, key=lambda held: (held.policy.kind.value, held.resource, held.policy.name)))


def _all(world: World) -> Iterator[tuple[SomePolicy, str | None, Iterable[Actor]]]:
    for account in world.snapshot.accounts:
        for group in account.groups:
            members = [world.actors[str(user.arn)] for user in account.users if group.arn in user.groups]
            yield from ((policy, account.id, members) for policy in group.policies)
        for user in account.users:
            actor = world.actors[str(user.arn)]
            yield from ((policy, account.id, (actor,)) for policy in user.policies)
            if user.boundary is not None:
                yield user.boundary, account.id, (actor,)
        for role in account.roles:
            actor = world.actors[str(role.arn)]
            yield role.trust, account.id, ()
            yield from ((policy, account.id, (actor,)) for policy in role.policies)
            if role.boundary is not None:
                yield role.boundary, account.id, (actor,)
        resources: list[SomePolicy | None] = [
            *(bucket.policy for bucket in account.buckets),
            *(point.policy for point in account.access_points),
            *(key.policy for key in account.keys),
            *(endpoint.policy for endpoint in account.endpoints),
        ]
        yield from ((policy, account.id, ()) for policy in resources if policy is not None)
    for organization in world.snapshot.organizations:
        owner = organization.management_account
        for unit in organization.units:
            yield from ((policy, owner, ()) for policy in (*unit.scps, *unit.rcps))
        for member in organization.members:
            yield from ((policy, owner, ()) for policy in (*member.scps, *member.rcps))
