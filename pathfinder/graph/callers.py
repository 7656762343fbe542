"""Who comes in question as a caller: the owner's account, and whom policies and ACLs name.

Source: evaluation.md PRIN-1 to PRIN-16, S3-4, S3-21.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathfinder.authorization.objects import ANONYMOUS_OWNER
from pathfinder.aws.arn import AccountId, Arn, is_account_id
from pathfinder.graph.access_points import Point
from pathfinder.graph.bucket_acls import NO_ACLS, BucketAcls
from pathfinder.graph.outsiders import spared
from pathfinder.graph.principals import (
    ANONYMOUS,
    Actor,
    candidates,
    canonical_actor,
    external_actor,
    service_actor,
)
from pathfinder.graph.unknown_buckets import uninventoried
from pathfinder.graph.world import World
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy, SomePolicy


def callers_of(world: World, bucket: Bucket) -> Iterator[Actor]:
    """Everyone in question for a bucket, in the order of node ids: its account, and whom its policy names."""
    acls = world.bucket_resource(bucket, objects=True).acls
    return _callers(world, bucket.account, bucket.policy, bucket.arn.partition, acls)


def callers_through(world: World, point: Point | ObjectLambdaAccessPoint) -> Iterator[Actor]:
    """Everyone in question for an access point: its account, and whom its policy names."""
    return _callers(world, AccountId(point.arn.account), point.policy, point.arn.partition)


def _callers(
    world: World, account_id: AccountId, policy: SomePolicy | None, partition: str, acls: BucketAcls = NO_ACLS
) -> Iterator[Actor]:
    asked: dict[str, Actor] = {}

    def add(actors: Iterable[Actor]) -> None:
        asked.update((actor.node.id, actor) for actor in actors)

    if not account_id:
        for owner in uninventoried(world):
            add(world.actors_by_account[owner.id])
    else:
        add(world.actors_by_account.get(account_id, ()))
    policies = tuple(each for each in (policy, *(acl.policy for acl in acls.acl)) if isinstance(each, Policy))
    named = candidates(policies, world.canonical_ids)
    owners = {each.owner for each in acls.foreign_objects} - {ANONYMOUS_OWNER}
    if named.everyone:
        add(world.actors.values())
        add((ANONYMOUS,))
    if named.anyone:
        add(world.outsiders(policies, account_id or None, partition))
    add(external_actor(arn) for arn in spared(policies) if arn.account not in world.accounts)
    for unknown in sorted({*named.canonical_ids, *(each for each in owners if not is_account_id(each))}):
        add((canonical_actor(unknown, partition),))
    for account in sorted(named.accounts | set(filter(is_account_id, owners))):
        add(world.actors_by_account.get(account, ()))
        if account not in world.accounts:
            add((external_actor(Arn(partition, "iam", "", account, "root")),))
    for arn in named.arns:
        add(_named(world, arn))
    for provider in named.providers:
        add(world.actors_by_account.get(provider.split(":")[4] if provider.count(":") > 4 else "", ()))
    add(service_actor(name) for name in named.services)
    yield from (asked[node_id] for node_id in sorted(asked))


def members_missed(world: World, policies: tuple[SomePolicy, ...], place: str, what: str) -> Iterator[Gap]:
    """That a wildcard principal may let in accounts of a known organization which the snapshot does not hold."""
    missing = {
        member.account
        for organization in world.snapshot.organizations
        for member in organization.members
        if member.account not in world.accounts
    }
    if missing and candidates(policies, {}).anyone:
        counted = "1 account" if len(missing) == 1 else f"{len(missing)} accounts"
        reason = (
            f"{what} names everyone: what {counted} of the organization that the snapshot does not hold "
            "may do is not shown"
        )
        yield Gap(place, reason, (place,))


def _named(world: World, arn: Arn) -> tuple[Actor, ...]:
    if arn.account not in world.accounts:
        return (external_actor(arn),)
    text = str(arn)
    if text in world.actors:
        return (world.actors[text], *world.sessions_of(text))
    if arn.service == "sts" and arn.resource.startswith("assumed-role/"):
        return sessions_named(world, arn)
    return ()


def sessions_named(world: World, arn: Arn) -> tuple[Actor, ...]:
    """Those that may have the session of this ARN: the role, and sessions of it that are nodes of their own."""
    name = arn.resource.split("/")[1]
    actors = world.actors_by_account.get(arn.account, ())
    return tuple(each for each in actors if (role := world.role_of(each.node.id)) and role.arn.name == name)
