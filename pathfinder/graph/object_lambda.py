"""Object Lambda access points as requests meet them, and the functions that they call. Source: evaluation.md S3-56."""

from __future__ import annotations

from pathfinder.authorization.block import effective
from pathfinder.authorization.public import is_public
from pathfinder.authorization.request import PublicAccess
from pathfinder.aws.arn import Arn
from pathfinder.graph.access_points import buckets_behind, point_at
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.resources import AccessPoint, Bucket
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.policy.resources import Target

SERVICE = "s3-object-lambda.amazonaws.com"
GET_OBJECT = "s3-object-lambda:GetObject"
INVOKE = "lambda:InvokeFunction"
HOP = "object-lambda"


def lambda_point_at(world: World, arn: Arn) -> ObjectLambdaAccessPoint | None:
    """The Object Lambda access point with this ARN."""
    account = world.accounts.get(arn.account)
    held = account.object_lambda_access_points if account is not None else ()
    return next((each for each in held if each.arn == arn), None)


def supporting(world: World, point: ObjectLambdaAccessPoint) -> tuple[AccessPoint, Bucket] | None:
    """The access point that it reads through and the bucket behind that; None where they are not known."""
    found = point_at(world, point.supporting) if point.supporting is not None else None
    buckets = buckets_behind(world, found) if found is not None else ()
    return (found, buckets[0]) if isinstance(found, AccessPoint) and buckets else None


def is_followed(world: World, point: ObjectLambdaAccessPoint) -> bool:
    """Whether all is known that a GetObject through it needs."""
    return "GetObject" in point.transforms and bool(point.functions) and supporting(world, point) is not None


def lambda_point_resource(world: World, point: ObjectLambdaAccessPoint) -> Resource:
    """What s3-object-lambda:GetObject is authorized on; RCPs do not guard it (ORG-20)."""
    held = lambda_point_at(world, point.arn) is point
    key = (str(point.arn) if held else f"{point.arn} {id(point)}", "", True)
    known = world.point_resources.get(key)
    if known is None:
        levels = (point.public_access_block, world.block_of_account(point.arn.account))
        public = is_public(point.policy.document) if isinstance(point.policy, Policy) else False
        known = world.point_resources[key] = Resource(
            Target(point.arn),
            point.arn.account,
            (point.policy,) if point.policy is not None else (),
            public_access=PublicAccess(effective(levels).restrict_public_buckets, public),
        )
    return known


def function_resource(world: World, arn: Arn) -> Resource:
    """A function as something to invoke; the policy of one that no inventory holds is not known."""
    own = ":".join(arn.resource.split(":")[:2])
    account = world.accounts.get(arn.account)
    held = (
        next((f for f in account.functions if f.arn.resource == own), None) if account is not None else None
    )
    policy: SomePolicy | None
    if held is not None and held.arn.region == arn.region:
        policy = held.policy
    else:
        reason = "the function is in no inventory of the snapshot"
        policy = Unread(PolicyKind.RESOURCE, "function policy", str(arn), reason)
    return Resource(Target(arn), arn.account, (policy,) if policy is not None else ())
