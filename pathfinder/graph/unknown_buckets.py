"""Buckets that no inventory holds: what identity-based policies say of them, and what cannot be said.

A bucket that a policy names stands for itself, its owner not known (TERM-5). A pattern stands for whatever
buckets of the account match it: a name with a wildcard in it is no real bucket's name, so that exactly the
patterns that cover it match it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.graph.world import World
from pathfinder.model.organization import Account, Gap
from pathfinder.model.resources import Bucket, is_directory_bucket
from pathfinder.policy.document import Effect, Policy, PolicyKind, SomePolicy, Unread


def uninventoried(world: World) -> tuple[Account, ...]:
    """Accounts of which the snapshot does not say which buckets they own."""
    return tuple(account for account in world.snapshot.accounts if "buckets" not in account.known)


def inventory_gaps(world: World) -> Iterator[Gap]:
    """One gap for each such account."""
    for account in uninventoried(world):
        yield Gap(
            f"account {account.id}",
            "its buckets are not in the snapshot: routes to them are read off identity-based policies alone; "
            "bucket policies may deny some of them and open others",
            (account.id, "buckets"),
        )


def unknown_buckets(world: World) -> tuple[Bucket, ...]:
    """Buckets that policies of such accounts name or cover, sorted by account and name."""
    found: dict[tuple[str, str], Bucket] = {}
    for account in uninventoried(world):
        for name in sorted({"*", *_names(account)}):
            arn = Arn(account.partition, "s3", "", "", name)
            if str(arn) in world.buckets or is_directory_bucket(name):
                continue
            reason = "no bucket of the account is in the snapshot"
            policy = Unread(PolicyKind.RESOURCE, "bucket policy", str(arn), reason)
            owner = account.id if any(mark in name for mark in "*?") else AccountId("")
            found[(owner, name)] = Bucket(arn, owner, policy, unread=("Tagging", "Abac"))
    return tuple(found[key] for key in sorted(found))


def _names(account: Account) -> Iterator[str]:
    """Bucket names and patterns in the Allow statements of the account's identity-based policies."""
    policies: list[SomePolicy] = [policy for user in account.users for policy in user.policies]
    policies.extend(policy for role in account.roles for policy in role.policies)
    for policy in policies:
        if not isinstance(policy, Policy):
            continue
        for statement in policy.document.statements:
            if statement.effect is not Effect.ALLOW or statement.not_resource:
                continue
            for text in statement.resources or ():
                fields = text.split(":", 5)
                if len(fields) == 6 and fields[2] == "s3" and not fields[3] and not fields[4]:
                    name = fields[5].split("/", 1)[0]
                    if name and "${" not in name:
                        yield name
