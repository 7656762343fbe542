"""Storage of other services beside general-purpose buckets: it is named, not followed.

Directory buckets belong to s3express, S3 on Outposts to s3-outposts.

Source: evaluation.md 8.1 ("Other services, not covered here"), ORG-20.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.world import World
from pathfinder.model.identity import Group, Role, User
from pathfinder.model.organization import Account, Gap
from pathfinder.model.resources import AccessPoint, Bucket, is_directory_bucket
from pathfinder.policy.document import Effect, Policy, SomePolicy, Statement

_SERVICES = {"s3express": "directory buckets (s3express)", "s3-outposts": "S3 on Outposts (s3-outposts)"}
_MOST_NAMES = 3


def other_storage_gaps(world: World) -> Iterator[Gap]:
    """One gap for each account that has such a bucket, or whose policies grant on one."""
    for account in world.snapshot.accounts:
        held = sorted(each.name for each in account.buckets if is_directory_bucket(each.name))
        granted = {
            service
            for policy in _policies(account)
            for statement in (policy.document.statements if isinstance(policy, Policy) else ())
            if statement.effect is Effect.ALLOW
            for service in _services_of(statement)
        }
        parts = []
        if held:
            more = f" and {len(held) - _MOST_NAMES} more" if len(held) > _MOST_NAMES else ""
            parts.append(f"it has directory buckets ({', '.join(held[:_MOST_NAMES])}{more})")
        if granted:
            parts.append(f"its policies grant on {' and '.join(_SERVICES[each] for each in sorted(granted))}")
        if parts:
            reason = (
                f"{', and '.join(parts)}: these are services of their own, and who reaches data in them is "
                "not followed"
            )
            yield Gap(f"account {account.id}", reason, (account.id,))


def _policies(account: Account) -> Iterator[SomePolicy]:
    """The identity-based policies of the account, and those of its buckets and access points."""
    holders: tuple[User | Group | Role, ...] = (*account.users, *account.groups, *account.roles)
    for holder in holders:
        yield from holder.policies
    guarded: tuple[Bucket | AccessPoint, ...] = (*account.buckets, *account.access_points)
    for resource in guarded:
        if resource.policy is not None:
            yield resource.policy


def _services_of(statement: Statement) -> Iterator[str]:
    """The services that its actions or its resources name; a bare `*` names none."""
    for action in () if statement.not_action else statement.actions:
        service = action.lower().partition(":")[0]
        if service in _SERVICES:
            yield service
    for resource in () if statement.not_resource else statement.resources or ():
        fields = resource.lower().split(":", 5)
        if len(fields) > 2 and fields[2] in _SERVICES:
            yield fields[2]
        elif len(fields) == 6 and is_directory_bucket(fields[5].partition("/")[0]):
            yield "s3express"
