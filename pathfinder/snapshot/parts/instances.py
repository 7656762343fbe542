"""EC2 instances with their instance profiles."""

from __future__ import annotations

import re

from msgspec import UNSET

from pathfinder.aws.arn import AccountId, Arn, parse_arn
from pathfinder.model.organization import Account
from pathfinder.model.resources import Instance
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.parts.common import Json, tags_written
from pathfinder.snapshot.reading import Pages, Place, Reading
from pathfinder.snapshot.shapes import compute
from pathfinder.snapshot.shapes.base import tags_of

_ZONE = re.compile(r"(?P<region>[a-z]{2,}(?:-[a-z]+)+-\d+)")


def instances(
    reading: Reading,
    pages: Pages[compute.Instances] | None,
    associations: Pages[compute.Associations] | None,
    account: AccountId,
    partition: str,
) -> tuple[Instance, ...]:
    """The instances listed; an association says a profile where the instance does not."""
    profiles = {
        each.instance_id: each.iam_instance_profile
        for _, page in associations or ()
        for each in page.iam_instance_profile_associations or ()
        if each.state in ("associated", "associating")
    }
    found: dict[Arn, Instance] = {}
    for page_place, page in pages or ():
        for number, reservation in enumerate(page.reservations or ()):
            for index, entry in enumerate(reservation.instances or ()):
                place = page_place.at(f"Reservations[{number}]", f"Instances[{index}]")
                try:
                    profile = entry.iam_instance_profile or profiles.get(entry.instance_id)
                    instance = _instance(entry, profile, place, account, partition)
                    found.setdefault(instance.arn, instance)
                except InputError as error:
                    reading.skip(error)
                    if pages:
                        pages.complete = False
    return tuple(found.values())


def _instance(
    entry: compute.InstanceEntry,
    profile: compute.ProfileRef | None,
    place: Place,
    account: AccountId,
    partition: str,
) -> Instance:
    holder = parse_arn(profile.arn) if profile else None
    if profile is not None and holder is None:
        raise place.at("IamInstanceProfile", "Arn").error(
            f'is "{profile.arn}"; an instance profile\'s ARN was expected'
        )
    tags = tags_of(entry.tags)
    return Instance(
        arn=_arn(entry, place, account, partition),
        profile=holder,
        vpc=entry.vpc_id,
        public=bool(entry.public_ip_address or entry.ipv6_address) if entry.public is UNSET else entry.public,
        state=entry.state.name if entry.state else None,
        name=tags.get("Name") if entry.name is UNSET else entry.name,
        tags=tags,
    )


def _arn(entry: compute.InstanceEntry, place: Place, account: AccountId, partition: str) -> Arn:
    if entry.arn is not None:
        arn = parse_arn(entry.arn)
        if arn is None or arn.service != "ec2":
            raise place.at("Arn").error(f'is "{entry.arn}"; an instance\'s ARN was expected')
        return arn
    zone = (entry.placement.availability_zone if entry.placement else None) or ""
    region = found["region"] if (found := _ZONE.match(zone)) else ""
    return Arn(partition, "ec2", region, account, f"instance/{entry.instance_id}")


def instances_written(account: Account) -> Json:
    """As `describe-instances` prints them."""
    entries = [_written(each) for each in account.instances]
    found: Json = {"Reservations": [{"OwnerId": account.id, "Instances": entries}] if entries else []}
    if "instances" not in account.known:
        found["Incomplete"] = True
    return found


def _written(instance: Instance) -> Json:
    found: Json = {"InstanceId": instance.id, "Arn": str(instance.arn)}
    if instance.profile is not None:
        found["IamInstanceProfile"] = {"Arn": str(instance.profile)}
    if instance.vpc is not None:
        found["VpcId"] = instance.vpc
    found["Public"] = instance.public
    if instance.state is not None:
        found["State"] = {"Name": instance.state}
    if instance.name != instance.tags.get("Name"):
        found["Name"] = instance.name
    return {**found, "Tags": tags_written(instance.tags)}
