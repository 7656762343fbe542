"""S3 Multi-Region Access Points."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET, Raw

from pathfinder.aws.arn import AccountId, Arn, is_account_id
from pathfinder.model.access_points import MemberBucket, MultiRegionAccessPoint
from pathfinder.model.organization import Account
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy
from pathfinder.snapshot.documents import written
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json, block_written
from pathfinder.snapshot.parts.supplements import MULTI_REGION, supplement
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import access_points as shapes
from pathfinder.snapshot.shapes.base import RawDocument

MULTI_REGION_POLICY = "Multi-Region Access Point policy"
_NONE = Raw(b"null")


def multi_region_access_points(
    reading: Reading,
    pages: Pages[shapes.MultiRegionAccessPoints] | None,
    folder: str,
    account: AccountId,
    partition: str,
) -> tuple[MultiRegionAccessPoint, ...]:
    """Those listed. What the list shows has no ARN: it is made of account and alias."""
    found: dict[Arn, MultiRegionAccessPoint] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.access_points or ()):
            place = page_place.at(f"AccessPoints[{index}]")
            try:
                arn = Arn(partition, "s3", "", account, f"accesspoint/{entry.alias}")
                places = supplement(reading, below(folder, entry.name), entry, MULTI_REGION)
                found.setdefault(arn, _point(reading, entry, arn, place, places))
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def _point(
    reading: Reading,
    entry: shapes.MultiRegionEntry,
    arn: Arn,
    place: Place,
    places: Mapping[str, Place],
) -> MultiRegionAccessPoint:
    for index, region in enumerate(entry.regions or ()):
        owner = region.bucket_account_id
        if owner is not None and not is_account_id(owner):
            where = place.at(f"Regions[{index}].BucketAccountId")
            raise where.error(f'is "{owner}"; twelve digits were expected')
    block = entry.public_access_block
    return MultiRegionAccessPoint(
        arn,
        entry.name,
        tuple(
            MemberBucket(
                each.bucket,
                AccountId(each.bucket_account_id) if each.bucket_account_id else None,
                each.region,
            )
            for each in entry.regions or ()
        ),
        reading.optional_policy(
            PolicyKind.RESOURCE,
            MULTI_REGION_POLICY,
            str(arn),
            _established(entry),
            places.get("Policy", place).at("Policy", "Established", "Policy"),
            why_not(entry.errors, "Policy"),
        ),
        block.to_model() if block else None,
        entry.status,
    )


def _established(entry: shapes.MultiRegionEntry) -> RawDocument:
    """The document in force: only a proposed one is none."""
    if entry.policy is UNSET:
        return UNSET
    held = entry.policy.established if entry.policy else None
    return _NONE if held is None or held.policy is UNSET else held.policy


def multi_region_written(account: Account) -> Json:
    """As `list-multi-region-access-points` prints them, with their policies."""
    found: Json = {"AccessPoints": [_written(each) for each in account.multi_region_access_points]}
    if "multi_region_access_points" not in account.known:
        found["Incomplete"] = True
    return found


def _written(point: MultiRegionAccessPoint) -> Json:
    found: Json = {
        "Name": point.name,
        "Alias": point.arn.resource.removeprefix("accesspoint/"),
        "Regions": [_member(each) for each in point.buckets],
    }
    if point.status is not None:
        found["Status"] = point.status
    if point.public_access_block is not None:
        found["PublicAccessBlock"] = block_written(point.public_access_block)
    return {**found, **_policy(point.policy)}


def _member(member: MemberBucket) -> Json:
    found: Json = {"Bucket": member.bucket}
    if member.region is not None:
        found["Region"] = member.region
    if member.account is not None:
        found["BucketAccountId"] = member.account
    return found


def _policy(policy: SomePolicy | None) -> Json:
    if isinstance(policy, Policy):
        return {"Policy": {"Established": {"Policy": written(policy.document)}}}
    return {"Policy": None} if policy is None else {"Errors": {"Policy": policy.reason}}
