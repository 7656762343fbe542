"""Access points made or opened. Source: ESC-64, ESC-65, S3-18, S3-50 to S3-55, BPA-4, BPA-7, D-27."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pathfinder.authorization.block import NO_SWITCH
from pathfinder.aws.arn import AccountId, Arn, parse_arn
from pathfinder.graph.access_points import Point, buckets_behind, point_name, point_resource, points_of
from pathfinder.graph.escalations.calls import Call, Tried, first_open, tried
from pathfinder.graph.escalations.changed import opening, with_point
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.point_keys import account_keys, speaks_of_points
from pathfinder.graph.escalations.regions import regions_for
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import new
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.model.resources import AccessPoint, Bucket
from pathfinder.policy.context import KeyState, Values

CREATE, PUT = "s3:CreateAccessPoint", "s3:PutAccessPointPolicy"
PUT_MULTI_REGION = "s3:PutMultiRegionAccessPointPolicy"
_PREFIX = "accesspoint/"


@escalation("s3-points")
def s3_points(scene: Scene) -> Iterator[Edge | Gap]:
    """From everyone who may make an access point in their own account, or write the policy of one (S3-18)."""
    for point in points_of(scene.world):
        yield from _opened(scene, point)
    for bucket in scene.world.buckets.values():
        for account in account_keys(scene.world, bucket):
            for actor in scene.sources(CREATE, account, each_administrator=True):
                if speaks_of_points(scene.world, actor, bucket):
                    yield from _made(scene.world, actor, bucket, account)


def _opened(scene: Scene, point: Point) -> Iterator[Edge]:
    """The policy names the principal alone, so that BlockPublicPolicy does not refuse it (BPA-4, BPA-7)."""
    world = scene.world
    single = isinstance(point, AccessPoint)
    action, rule = (PUT, "ESC-64") if single else (PUT_MULTI_REGION, "ESC-65")
    bucket = next(iter(buckets_behind(world, point)), None)
    if bucket is None:
        return
    on = replace(point_resource(world, point, bucket, objects=False), policies=(), through=None)
    for actor in scene.sources(action, point.arn.account, each_administrator=True):
        found = tried(world, actor, [Call(action, on, _states(point.arn) if single else {})])
        if found is None:
            continue
        changed = replace(point, policy=opening(point, actor))
        change = with_point(world, actor, changed, "policy of", f"let in by access point {point_name(point)}")
        if change is not None:
            said = f"the policy of access point {point_name(point)} would let in {actor.node.label}"
            yield edge(actor, change.actor.node, found, rule, said, Session.SAME)


def _made(world: World, actor: Actor, bucket: Bucket, account: str) -> Iterator[Edge | Gap]:
    """A new access point in front of the bucket; what then passes the bucket is decided there (S3-51, D-27)."""
    regions = (bucket.region,) if bucket.region else regions_for(world, actor, bucket.arn.partition)
    ways = [(_calls(bucket, account, region, "Internet")) for region in regions]
    found = first_open(world, actor, ways)
    if found is None:
        inside = [(_calls(bucket, account, region, "VPC")) for region in regions]
        if first_open(world, actor, inside) is not None:
            yield Gap(
                actor.node.id,
                f"it may make access points in front of {bucket.name} that take requests from one VPC alone: "
                "what they would open is not followed",
                (actor.node.id, str(bucket.arn)),
            )
        return
    point = _point(found, bucket, actor)
    change = with_point(world, actor, point, f"new, {bucket.name}", "behind a new access point of its own")
    if change is not None:
        said = f"a new access point in front of {bucket.name} would let in {actor.node.label}"
        gaps = () if bucket.region else (f"the region of {bucket.name} is not known",)
        yield edge(actor, change.actor.node, found, "ESC-64", said, Session.SAME, gaps=gaps)


def _calls(bucket: Bucket, account: str, region: str, origin: str) -> tuple[Call, ...]:
    """Both about the same new access point; its switches of Block Public Access are for its maker to choose."""
    arn = Arn(bucket.arn.partition, "s3", region, account, f"{_PREFIX}*")
    given: dict[str, KeyState] = {
        "s3:dataaccesspointaccount": Values((account,)),
        "s3:accesspointnetworkorigin": Values((origin,)),
        "aws:requestedregion": Values((region,)),
    }
    return tuple(Call(action, new(arn, _PREFIX), given) for action in (CREATE, PUT))


def _states(arn: Arn) -> Mapping[str, KeyState]:
    return {
        "s3:dataaccesspointaccount": Values((arn.account,)),
        "s3:dataaccesspointarn": Values((str(arn),)),
        "aws:requestedregion": Values((arn.region,)),
    }


def _point(found: Tried, bucket: Bucket, actor: Actor) -> AccessPoint:
    arn = parse_arn(found.calls[0].resource)
    assert arn is not None
    owner = AccountId(bucket.account) if bucket.account else None
    made = AccessPoint(arn, bucket.name, owner, None, public_access_block=NO_SWITCH)
    return replace(made, policy=opening(made, actor))
