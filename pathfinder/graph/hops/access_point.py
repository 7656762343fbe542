"""Principals to S3 actions on a bucket through an access point. Source: evaluation.md S3-50 to S3-55, D-27."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access import accesses
from pathfinder.graph.access_points import Point, buckets_behind, points_of
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.callers import members_missed
from pathfinder.graph.doors import Door
from pathfinder.graph.federated_users import federated_users
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.world import World
from pathfinder.model.access_points import MultiRegionAccessPoint
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Effect, Policy, Unread


@hop_kind("access-point", last=True)
def access_point(world: World) -> Iterator[Edge | Gap]:
    """For each access point and bucket behind it, from everyone whom both let in; it takes no unsigned requests."""
    for account in world.snapshot.accounts:
        yield from _missed(account)
    for point in points_of(world):
        yield from _gaps(world, point)
        for bucket in buckets_behind(world, point):
            target = bucket_node(world, bucket)
            for actor in Door(bucket, point).callers(world):
                for hop in accesses(world, actor, bucket, point=point):
                    yield Edge(actor.node, target, hop)


def _gaps(world: World, point: Point) -> Iterator[Gap]:
    place = str(point.arn)
    if isinstance(point.policy, Unread) and place not in world.gaps_told:
        reason = f"its policy is not known ({point.policy.reason}): it may allow and deny what is not shown"
        yield Gap(place, reason, (place,))
    if point.policy is not None:
        yield from members_missed(world, (point.policy,), place, "its policy")
        yield from federated_users(world, (point.policy,), place, "its policy")
    if isinstance(point, MultiRegionAccessPoint) and len(point.buckets) > 1:
        reason = "which of its buckets serves a request is not for the caller to say (S3-55)"
        yield Gap(place, reason, (place,))


def _missed(account: Account) -> Iterator[Gap]:
    """Access points that are not known, where something points at them."""
    if "multi_region_access_points" not in account.known and any(map(_leaves_it_to_points, account.buckets)):
        reason = (
            "its Multi-Region Access Points are not in the snapshot, or not completely: bucket policies leave the "
            "decision to access points (S3-55)"
        )
        yield Gap(account.id, reason, (account.id,))
    if "object_lambda_access_points" not in account.known and any(
        map(_is_of_object_lambda, _resources(account))
    ):
        reason = (
            "its Object Lambda access points are not in the snapshot, or not completely: identity-based policies "
            "name some (S3-56)"
        )
        yield Gap(account.id, reason, (account.id,))


def _leaves_it_to_points(bucket: Bucket) -> bool:
    held = bucket.policy.document.statements if isinstance(bucket.policy, Policy) else ()
    return any(
        entry.key.lower().startswith("s3:dataaccesspoint")
        for statement in held
        if statement.effect is Effect.ALLOW
        for entry in statement.conditions
    )


def _resources(account: Account) -> Iterator[str]:
    """What the Allow statements of its users and roles name."""
    holders: tuple[User | Role, ...] = (*account.users, *account.roles)
    for holder in holders:
        for policy in holder.policies:
            for statement in policy.document.statements if isinstance(policy, Policy) else ():
                if statement.effect is Effect.ALLOW:
                    yield from statement.resources or ()


def _is_of_object_lambda(resource: str) -> bool:
    return ":s3-object-lambda:" in resource.lower()
