"""Where RestrictPublicBuckets is on for a bucket: each such setting is one thing to turn off. Source: BPA-1, BPA-5."""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.graph.access_points import Point, point_at, point_name
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket, PublicAccessBlock


def bucket_asked(world: World, resource: Resource) -> Bucket | None:
    """The bucket that the resource is, or whose object it is; None for anything else."""
    arn = resource.target.arn
    if arn is None or arn.service != "s3" or arn.region or arn.account:
        return None
    return world.buckets.get(f"arn:{arn.partition}:s3:::{arn.bucket_name}")


def restricting(world: World, resource: Resource) -> tuple[str, ...]:
    """The bucket, account or organization whose RestrictPublicBuckets is on; nothing where that cannot be changed.

    The switches of an access point are what they were when it was made (BPA-9).
    """
    point = _point(world, resource)
    own = point.public_access_block if point is not None else None
    if own is not None and own.restrict_public_buckets:
        return ()
    blocks = dict.fromkeys(
        place for place, block in _blocks(world, resource) if block.restrict_public_buckets
    )
    return tuple(blocks)


def refuses_public_policies(world: World, resource: Resource) -> bool:
    """Whether BlockPublicPolicy refuses to save a public policy (BPA-4)."""
    return any(block.block_public_policy for _, block in _blocks(world, resource))


def _blocks(world: World, resource: Resource) -> list[tuple[str, PublicAccessBlock]]:
    """The switches that are in force at the resource, those of the access point that it is asked through included."""
    bucket = bucket_asked(world, resource)
    found: list[tuple[str, PublicAccessBlock | None]] = []
    if bucket is not None:
        found.append((f"bucket {bucket.name}", bucket.public_access_block))
        found.extend(_of_account(world, bucket.account))
    point = _point(world, resource)
    if point is not None:
        found.append((f"access point {point_name(point)}", point.public_access_block))
        found.extend(_of_account(world, point.arn.account))
    return [(place, block) for place, block in found if block is not None]


def _of_account(world: World, identifier: str) -> list[tuple[str, PublicAccessBlock | None]]:
    """An organization's policy stands in the place of the account's own."""
    organization = world.snapshot.organization_of(identifier)
    by_organization = dict(organization.s3_policies).get(AccountId(identifier)) if organization else None
    account = world.accounts.get(identifier)
    if organization is not None and by_organization is not None:
        return [(f"the S3 policy of organization {organization.id}", by_organization)]
    return [(f"account {account.id}", account.public_access_block)] if account is not None else []


def _point(world: World, resource: Resource) -> Point | None:
    return point_at(world, resource.through.arn) if resource.through is not None else None
