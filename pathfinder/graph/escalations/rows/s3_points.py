"""Access points made or opened. Source: ESC-64, ESC-65, S3-18, S3-50 to S3-55, BPA-4, BPA-7, D-27."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pathfinder.authorization.block import NO_SWITCH
from pathfinder.aws.arn import AccountId, Arn, parse_arn
from pathfinder.graph.access_points import (
    Point,
    buckets_behind,
    in_front_of,
    point_name,
    point_resource,
    points_of,
)
from pathfinder.graph.escalations.calls import Call, Tried, first_open
from pathfinder.graph.escalations.changed import label_of, opening, with_point
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.point_keys import account_keys, managing, speaks_of_points
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
MOST_VPCS = 4
"""VPCs of an account for which an access point is made, where it has to be one of a VPC."""


@escalation("s3-points")
def s3_points(scene: Scene) -> Iterator[Edge | Gap]:
    """From everyone who may make an access point in their own account, or write the policy of one (S3-18)."""
    for point in points_of(scene.world):
        for actor in scene.sources(put_policy(point), point.arn.account, each_administrator=True):
            yield from opened_point(scene.world, actor, point)
    for bucket in scene.world.buckets.values():
        for account in account_keys(scene.world, bucket):
            for actor in scene.sources(CREATE, account, each_administrator=True):
                if speaks_of_points(scene.world, actor, bucket):
                    yield from made_point(scene.world, actor, bucket, account)


def put_policy(point: Point) -> str:
    """The action that writes its policy."""
    return PUT if isinstance(point, AccessPoint) else PUT_MULTI_REGION


def opened_point(world: World, actor: Actor, point: Point, behind: Bucket | None = None) -> Iterator[Edge]:
    """An access point whose policy is rewritten; `behind`: its bucket, where that has been changed before.

    The policy names the principal alone, so that BlockPublicPolicy does not refuse it (BPA-4, BPA-7).
    """
    single = isinstance(point, AccessPoint)
    bucket = next(iter(buckets_behind(world, point)), None)
    if bucket is None:
        return
    whole = point_resource(world, point, bucket, objects=False)
    on = replace(whole, policies=(), through=None)
    call = Call(put_policy(point), on, _states(point.arn) if single else {})
    made = managing(world, actor, call, whole.policies)
    if made is None:
        return
    found, gaps = made
    changed: Point = replace(point, policy=opening(point, actor))
    if behind is not None:
        changed = in_front_of(world, changed, behind)
    change = with_point(world, actor, changed, "policy of", f"let in by access point {point_name(point)}")
    if change is not None:
        said = f"the policy of access point {point_name(point)} would let in {label_of(world, actor)}"
        rule = "ESC-64" if single else "ESC-65"
        yield edge(actor, change.actor.node, found, rule, said, Session.SAME, gaps=gaps)


def made_point(
    world: World, actor: Actor, bucket: Bucket, account: str, *, changed: bool = False
) -> Iterator[Edge | Gap]:
    """A new access point in front of the bucket; what then passes the bucket is decided there (S3-51, D-27).

    Where none may take requests from everywhere, one that takes those from one VPC of the account (S3-52).
    `changed`: the bucket has been changed before.
    """
    regions = (bucket.region,) if bucket.region else regions_for(world, actor, bucket.arn.partition)
    found = first_open(world, actor, [_calls(bucket, account, region, "Internet") for region in regions])
    if found is not None:
        yield from _behind(world, actor, bucket, found, None, changed=changed)
        return
    known = vpcs_of(world, account)
    told = False
    for vpc, places in list(known.items())[:MOST_VPCS]:
        inside = [region for region in regions if not places or region in places]
        found = first_open(world, actor, [_calls(bucket, account, region, "VPC") for region in inside])
        if found is not None:
            told = True
            yield from _behind(world, actor, bucket, found, vpc, changed=changed)
    if told and len(known) <= MOST_VPCS:
        return
    if first_open(world, actor, [_calls(bucket, account, region, "VPC") for region in regions]) is not None:
        which = f"more than {MOST_VPCS} VPCs" if told else "which VPCs its account has with S3 endpoints"
        reason = (
            "not all are followed" if told else "is not known, so that what they would open is not followed"
        )
        yield Gap(
            actor.node.id,
            f"it may make access points in front of {bucket.name} that take requests from one VPC alone; "
            f"{which}: {reason}",
            (actor.node.id, str(bucket.arn)),
        )


def _behind(
    world: World, actor: Actor, bucket: Bucket, found: Tried, vpc: str | None, *, changed: bool
) -> Iterator[Edge]:
    point: Point = _point(found, bucket, actor, vpc)
    if changed:
        point = in_front_of(world, point, bucket)
    what = f"new, {bucket.name}" if vpc is None else f"new, {bucket.name} from {vpc}"
    words = "behind a new access point of its own"
    change = with_point(world, actor, point, what, words if vpc is None else f"{words} in {vpc}")
    if change is not None:
        place = "" if vpc is None else f" that takes requests from {vpc} alone"
        said = f"a new access point in front of {bucket.name}{place} would let in {label_of(world, actor)}"
        gaps = () if bucket.region else (f"the region of {bucket.name} is not known",)
        yield edge(actor, change.actor.node, found, "ESC-64", said, Session.SAME, gaps=gaps)


def vpcs_of(world: World, account: str) -> dict[str, set[str]]:
    """VPCs of the account from which S3 can be asked, and the regions that they are known to be in, sorted."""
    found: dict[str, set[str]] = {}
    for each in world.endpoints:
        if each.account == account and each.service == "s3" and each.vpc is not None:
            found.setdefault(each.vpc, set()).update((each.region,) if each.region else ())
    return dict(sorted(found.items()))


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


def _point(found: Tried, bucket: Bucket, actor: Actor, vpc: str | None) -> AccessPoint:
    arn = parse_arn(found.calls[0].resource)
    assert arn is not None
    owner = AccountId(bucket.account) if bucket.account else None
    made = AccessPoint(arn, bucket.name, owner, None, vpc=vpc, public_access_block=NO_SWITCH)
    return replace(made, policy=opening(made, actor))
