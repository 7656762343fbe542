"""S3 access points."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.aws.arn import AccountId, Arn, is_account_id, parse_arn
from pathfinder.model.organization import Account
from pathfinder.model.resources import AccessPoint
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json, block_written, policy_written, tags_written
from pathfinder.snapshot.parts.supplements import ACCESS_POINT, supplement
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import s3
from pathfinder.snapshot.shapes.base import tags_of

ACCESS_POINT_POLICY = "access point policy"


def access_points(
    reading: Reading, pages: Pages[s3.AccessPoints] | None, folder: str
) -> tuple[AccessPoint, ...]:
    """The access points listed."""
    found: dict[Arn, AccessPoint] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.access_point_list or ()):
            place = page_place.at(f"AccessPointList[{index}]")
            try:
                name = entry.access_point_arn.rsplit("/", 1)[-1]
                places = supplement(reading, below(folder, name), entry, ACCESS_POINT)
                point = access_point_of(reading, entry, place, places)
                found.setdefault(point.arn, point)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def access_point_of(
    reading: Reading, entry: s3.AccessPointEntry, place: Place, places: Mapping[str, Place]
) -> AccessPoint:
    """One access point; `places`: where its parts stand, if not in the entry."""
    arn = parse_arn(entry.access_point_arn)
    if arn is None or not arn.is_access_point:
        raise place.at("AccessPointArn").error(
            f'is "{entry.access_point_arn}"; an access point\'s ARN was expected'
        )
    owner = entry.bucket_account_id
    if owner is not None and not is_account_id(owner):
        raise place.at("BucketAccountId").error(f'is "{owner}"; twelve digits were expected')
    block = entry.public_access_block_configuration
    return AccessPoint(
        arn=arn,
        bucket=entry.bucket,
        bucket_account=AccountId(owner) if owner else None,
        policy=reading.optional_policy(
            PolicyKind.RESOURCE,
            ACCESS_POINT_POLICY,
            str(arn),
            entry.policy,
            places.get("Policy", place).at("Policy"),
            why_not(entry.errors, "Policy"),
        ),
        alias=entry.alias,
        vpc=entry.vpc_configuration.vpc_id if entry.vpc_configuration else None,
        public_access_block=block.to_model() if block else None,
        tags=tags_of(entry.tags),
    )


def access_points_written(account: Account) -> Json:
    """As `list-access-points` prints them, with their policies and Block Public Access."""
    found: Json = {"AccessPointList": [_written(each) for each in account.access_points]}
    if "access_points" not in account.known:
        found["Incomplete"] = True
    return found


def _written(point: AccessPoint) -> Json:
    found: Json = {
        "Name": point.arn.name,
        "NetworkOrigin": "VPC" if point.vpc else "Internet",
        "AccessPointArn": str(point.arn),
        "Bucket": point.bucket,
    }
    if point.vpc is not None:
        found["VpcConfiguration"] = {"VpcId": point.vpc}
    if point.alias is not None:
        found["Alias"] = point.alias
    if point.bucket_account is not None:
        found["BucketAccountId"] = point.bucket_account
    if point.public_access_block is not None:
        found["PublicAccessBlockConfiguration"] = block_written(point.public_access_block)
    return {**found, **policy_written(point.policy), "Tags": tags_written(point.tags)}
