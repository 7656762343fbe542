"""Where RestrictPublicBuckets is on for a bucket: each such setting is one thing to turn off. Source: BPA-1, BPA-5."""

from __future__ import annotations

from pathfinder.graph.world import Resource, World
from pathfinder.model.resources import Bucket, PublicAccessBlock


def bucket_asked(world: World, resource: Resource) -> Bucket | None:
    """The bucket that the resource is, or whose object it is; None for anything else."""
    arn = resource.target.arn
    if arn is None or arn.service != "s3" or arn.region or arn.account:
        return None
    return world.buckets.get(f"arn:{arn.partition}:s3:::{arn.bucket_name}")


def restricting(world: World, resource: Resource) -> tuple[str, ...]:
    """The bucket, account or organization whose RestrictPublicBuckets is on."""
    return tuple(place for place, block in _blocks(world, resource) if block.restrict_public_buckets)


def refuses_public_policies(world: World, resource: Resource) -> bool:
    """Whether BlockPublicPolicy refuses to save a public policy (BPA-4)."""
    return any(block.block_public_policy for _, block in _blocks(world, resource))


def _blocks(world: World, resource: Resource) -> list[tuple[str, PublicAccessBlock]]:
    """The switches that are in force: an organization's policy stands in the place of the account's own."""
    bucket = bucket_asked(world, resource)
    if bucket is None:
        return []
    found = [(f"bucket {bucket.name}", bucket.public_access_block)]
    organization = world.snapshot.organization_of(bucket.account)
    by_organization = dict(organization.s3_policies).get(bucket.account) if organization else None
    account = world.accounts.get(bucket.account)
    if organization is not None and by_organization is not None:
        found.append((f"the S3 policy of organization {organization.id}", by_organization))
    elif account is not None:
        found.append((f"account {account.id}", account.public_access_block))
    return [(place, block) for place, block in found if block is not None]
