"""Whether any policy looks at a key that a caller chooses: where none does, nothing hangs on it. Source: KEY-1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathfinder.graph.world import World
from pathfinder.model.identity import Role, User
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy, SomePolicy


def speak_of(world: World, bucket: Bucket, *beginnings: str) -> bool:
    """Whether the bucket's policy looks at a key that begins so, or one that does not hang on a bucket."""
    key = ("policies speak of", beginnings)
    known = world.needs.get(key)
    if known is None:
        known = world.needs[key] = _speak(_policies(world), beginnings)
    assert isinstance(known, bool)
    return known or _speak((bucket.policy,), beginnings)


def _speak(policies: Iterable[SomePolicy | None], beginnings: tuple[str, ...]) -> bool:
    return any(
        entry.key.lower().startswith(beginnings)
        for policy in policies
        if isinstance(policy, Policy)
        for statement in policy.document.statements
        for entry in statement.conditions
    )


def _policies(world: World) -> Iterator[SomePolicy | None]:
    for account in world.snapshot.accounts:
        holders: tuple[User | Role, ...] = (*account.users, *account.roles)
        for holder in holders:
            yield from (*holder.policies, holder.boundary)
        yield from (endpoint.policy for endpoint in account.endpoints)
        yield from (point.policy for point in account.access_points)
        yield from (point.policy for point in account.multi_region_access_points)
        for levels in (world.scp_levels(account.id), world.rcp_levels(account.id)):
            yield from (policy for level in levels or () for policy in level.policies)
