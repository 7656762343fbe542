"""Access points as requests meet them: the access point itself, and the bucket behind it (S3-50).

A request through an access point is decided twice, with the same caller and context: on the access point, with its
policy and its owner's RCPs, and on the bucket, with the bucket's. Source: evaluation.md S3-50 to S3-55, BPA-1,
BPA-5, BPA-7, BPA-9, VPCE-4, D-27.
"""

from __future__ import annotations

from dataclasses import replace

from pathfinder.authorization.block import EffectiveBlock, effective
from pathfinder.authorization.public import access_point_policy_is_public, is_public
from pathfinder.authorization.request import PublicAccess
from pathfinder.aws.arn import AccountId, Arn
from pathfinder.graph.bucket_acls import acls_of_object, bucket_acls, unread_acls
from pathfinder.graph.bucket_tags import tags_that_count, unsure_point_tags, unsure_tags
from pathfinder.graph.facts import PointFacts
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.access_points import MemberBucket, MultiRegionAccessPoint
from pathfinder.model.organization import Account
from pathfinder.model.resources import AccessPoint, Bucket
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.policy.resources import Target

Point = AccessPoint | MultiRegionAccessPoint
"""What takes requests for a bucket in its stead."""


def points_of(world: World) -> tuple[Point, ...]:
    """Every access point of the snapshot, Multi-Region ones last in each account."""
    return tuple(point for account in world.snapshot.accounts for point in _held(account))


def point_at(world: World, arn: Arn) -> Point | None:
    """The access point that an ARN names, by itself or by an object through it."""
    own = str(arn.own_access_point)
    account = world.accounts.get(arn.account)
    held = _held(account) if account is not None else ()
    return next((each for each in held if str(each.arn) == own), None)


def point_of(world: World, resource: Resource) -> Point | None:
    """The access point that a request about the resource goes through, as it is for that request."""
    through = resource.through
    if through is None:
        return None
    if isinstance(through.changed, AccessPoint | MultiRegionAccessPoint):
        return through.changed
    return point_at(world, through.arn)


def _held(account: Account) -> tuple[Point, ...]:
    return (*account.access_points, *account.multi_region_access_points)


def buckets_behind(world: World, point: Point) -> tuple[Bucket, ...]:
    """The buckets that serve its requests: one, or the members of a Multi-Region Access Point."""
    if isinstance(point, AccessPoint):
        members: tuple[MemberBucket, ...] = (MemberBucket(point.bucket, point.bucket_account),)
    else:
        members = point.buckets
    return tuple(_bucket(world, point, each) for each in members if each.bucket)


def in_front_of(world: World, point: Point, bucket: Bucket) -> Point:
    """The access point as it is once the bucket behind it is this one, as an escalation leaves it (ESC-4).

    It is itself where the bucket is none of those behind it.
    """
    if all(each.arn != bucket.arn for each in buckets_behind(world, point)):
        return point
    key = ("in front of", id(point), id(bucket))
    known = world.facts.get(key)
    if known is None:
        copy = replace(point)
        known = world.facts[key] = (point, bucket, copy)
        world.facts[("behind", id(copy))] = (copy, bucket)
    assert isinstance(known, tuple)
    found = known[2]
    assert isinstance(found, AccessPoint | MultiRegionAccessPoint)
    return found


def _bucket(world: World, point: Point, member: MemberBucket) -> Bucket:
    """The bucket of the inventory, or one of which nothing but name and perhaps owner is known (TERM-5).

    An access point that an escalation leaves in front of a changed bucket serves that one.
    """
    arn = Arn(point.arn.partition, "s3", "", "", member.bucket)
    changed = world.facts.get(("behind", id(point)))
    left = changed[1] if isinstance(changed, tuple) else None
    if isinstance(left, Bucket) and left.arn == arn:
        return left
    known = world.buckets.get(str(arn))
    if known is not None:
        return known
    policy = Unread(
        PolicyKind.RESOURCE, "bucket policy", str(arn), "the bucket is in no inventory of the snapshot"
    )
    return Bucket(
        arn, member.account or AccountId(""), policy, unread=("PublicAccessBlock", "Tagging", "Abac")
    )


def point_resource(world: World, point: Point, bucket: Bucket, *, objects: bool) -> Resource:
    """The access point as a resource: level (a). `objects`: the objects through it, their key open.

    What the bucket's Block Public Access says is decided on level (b), together with the access point's.
    """
    key = (_id(world, point), str(bucket.arn), objects)
    known = world.point_resources.get(key)
    if known is None:
        prefix = f"{point.arn.resource}/object/" if objects else None
        unsure = unsure_point_tags(point_name(point), _tags(point), bucket)
        known = Resource(
            Target(point.arn, open_prefix=prefix),
            point.arn.account,
            (point.policy,) if point.policy is not None else (),
            None if unsure is not None else _tags(point),
            PublicAccess(_restricted(world, point), point_is_public(point), _inside(point, bucket)),
            (),
            _facts(world, point, bucket),
            unsure_tags=unsure,
        )
        world.point_resources[key] = known
    return known


def resource_behind(
    world: World, point: Point, bucket: Bucket, *, objects: bool, key: Arn | None = None
) -> Resource:
    """The bucket or its objects, asked through the access point: level (b). `key`: the one object asked through it.

    A bucket policy that is not known may grant there what it grants to nobody directly (S3-51).
    """
    found = _behind(world, point, bucket, objects=objects)
    if key is None or not key.is_object_through_access_point:
        return found
    own = target_behind(key, bucket)
    return replace(
        requested_behind(world, point, bucket, Target(own)), object_tags=world.object_tags_of(bucket, own)
    )


def requested_behind(world: World, point: Point, bucket: Bucket, target: Target) -> Resource:
    """The bucket, or one object of it, in a request that somebody asks about: level (b).

    IgnorePublicAcls of the access point counts, and so do ACLs that nobody read, as in a direct request (BPA-1).
    """
    found, block = _behind(world, point, bucket, objects=False), _block(world, point, bucket)
    acls, arn = found.acls, target.arn
    if arn is not None and arn.is_object:
        name = arn.resource.partition("/")[2]
        of_object = acls_of_object(bucket, name, block, world.canonical_ids)
        acls = world.with_changed_acls(bucket, of_object, name)
    unread = unread_acls(bucket, target, block)
    return replace(found, target=target, acls=replace(acls, acl=(*acls.acl, *unread)))


def target_behind(arn: Arn, bucket: Bucket) -> Arn:
    """The bucket's own ARN for the access point's, with the object's key if it has one."""
    if not arn.is_object_through_access_point:
        return bucket.arn
    return replace(bucket.arn, resource=f"{bucket.name}/{arn.resource.split('/', 3)[3]}")


def _behind(world: World, point: Point, bucket: Bucket, *, objects: bool) -> Resource:
    key = (str(bucket.arn), _id(world, point), objects)
    known = world.point_resources.get(key)
    if known is None:
        direct = world.bucket_resource(bucket, objects=objects)
        block = _block(world, point, bucket)
        known = replace(
            direct,
            policies=(bucket.policy,) if bucket.policy is not None else (),
            public_access=_public_access(world, point, bucket),
            through=_facts(world, point, bucket),
            acls=world.with_changed_acls(bucket, bucket_acls(bucket, block, world.canonical_ids)),
        )
        world.point_resources[key] = known
    return known


def _block(world: World, point: Point, bucket: Bucket) -> EffectiveBlock:
    """Block Public Access at every level that a request through the access point touches (BPA-1)."""
    return world.block_of(bucket, point.public_access_block, world.block_of_account(point.arn.account))


def _facts(world: World, point: Point, bucket: Bucket) -> PointFacts:
    return PointFacts(
        point.arn,
        bucket.arn,
        point.vpc if isinstance(point, AccessPoint) else None,
        bucket.account or None,
        _tags(point),
        tags_that_count(bucket),
        unsure_tags(bucket),
        None if _is_held(world, point) else point,
    )


def _is_held(world: World, point: Point) -> bool:
    """Whether it is the snapshot's, and not one as an escalation makes it."""
    return point_at(world, point.arn) is point


def _id(world: World, point: Point) -> str:
    """What tells access points apart; those that escalations make may have the same ARN."""
    return str(point.arn) if _is_held(world, point) else f"{point.arn} {id(point)}"


def _tags(point: Point) -> dict[str, str]:
    return dict(point.tags) if isinstance(point, AccessPoint) else {}


def _public_access(world: World, point: Point, bucket: Bucket) -> PublicAccess:
    """RestrictPublicBuckets at every level that the request touches, and whether a policy is public (BPA-1, BPA-5)."""
    public = either(
        isinstance(bucket.policy, Policy) and is_public(bucket.policy.document), point_is_public(point)
    )
    restricted = _block(world, point, bucket).restrict_public_buckets
    return PublicAccess(restricted, public, _inside(point, bucket))


def _restricted(world: World, point: Point) -> bool | None:
    """An access point always has the four switches: where none are known, they were not read."""
    return effective(
        (point.public_access_block, world.block_of_account(point.arn.account))
    ).restrict_public_buckets


def _inside(point: Point, bucket: Bucket) -> frozenset[str]:
    """The accounts that a public policy still serves: the bucket's and the access point's (BPA-5)."""
    return frozenset({point.arn.account, bucket.account} - {""})


def point_is_public(point: Point) -> bool | None:
    """Whether its policy is public; never with a VPC as origin (BPA-7, BPA-9). None where that is not known."""
    if isinstance(point, AccessPoint) and point.vpc is not None:
        return False
    if isinstance(point.policy, Policy):
        return access_point_policy_is_public(point.policy.document)
    return False if point.policy is None else None


def public_with(world: World, resource: Resource, policies: tuple[SomePolicy, ...]) -> bool | None:
    """Whether a policy that decides at the resource is public, if these were its own (BPA-7, BPA-9)."""
    documents = [each.document for each in policies if isinstance(each, Policy)]
    point = point_of(world, resource)
    if point is None:
        return any(map(is_public, documents))
    arn = resource.target.arn
    if arn is not None and arn.is_access_point:
        return point_is_public(replace(point, policy=next(iter(policies), None)))
    return either(*map(is_public, documents), point_is_public(point))


def either(*parts: bool | None) -> bool | None:
    """Whether some part is true; None where that hangs on one that is not known."""
    if any(parts):
        return True
    return None if None in parts else False


def point_name(point: Point) -> str:
    """Its short name."""
    return point.name if isinstance(point, MultiRegionAccessPoint) else point.arn.name


def point_node(point: Point) -> Node:
    """The access point as a node."""
    return Node(str(point.arn), NodeKind.ACCESS_POINT, point_name(point), point.arn.account)
