"""Fields that descriptions of workloads share: roles and profiles by ARN or name, Regions, ARNs that AWS leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.aws.arn import AccountId, Arn, parse_arn
from pathfinder.model.workloads import Workload
from pathfinder.snapshot.parts.common import Json, tags_written
from pathfinder.snapshot.reading import Place

_REGION = re.compile(r"(?P<region>[a-z]{2,}(?:-[a-z]+)+-\d+)\.json\Z")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose workloads are described."""

    account: AccountId
    partition: str


def arn_of(text: str, service: str, place: Place) -> Arn:
    """An ARN of this service. Raises InputError for anything else."""
    arn = parse_arn(text)
    if arn is None or arn.service != service:
        raise place.error(f'is "{text}"; an ARN of {service} was expected')
    return arn


def own_arn(owner: Owner, service: str, region: str, resource: str) -> Arn:
    """The ARN of a thing whose description does not say it."""
    return Arn(owner.partition, service, region, owner.account, resource)


def role_of(text: str | None, place: Place, owner: Owner) -> Arn | None:
    """A role by ARN, or by its name, with or without path, in the same account. Raises InputError."""
    if not text:
        return None
    if not text.startswith("arn:"):
        return own_arn(owner, "iam", "", f"role/{text.lstrip('/')}")
    arn = parse_arn(text)
    if arn is None or not arn.is_role:
        raise place.error(f'is "{text}"; the ARN of a role was expected')
    return arn


def profile_of(text: str | None, place: Place, owner: Owner) -> Arn | None:
    """An instance profile by ARN or name. Raises InputError."""
    if not text:
        return None
    if not text.startswith("arn:"):
        return own_arn(owner, "iam", "", f"instance-profile/{text.lstrip('/')}")
    return arn_of(text, "iam", place)


def region_of(told: str | None, place: Place) -> str:
    """The Region: our own field, or the file's name. Raises InputError where neither says it."""
    named = _REGION.search(place.file)
    if told:
        return told
    if named:
        return named["region"]
    raise place.error("does not say its Region; name the file after it, for example glue-jobs/eu-west-1.json")


def told(fields: Mapping[str, object], tagged: Workload | None = None) -> Json:
    """The fields that have a value, as texts, and the tags."""
    found: Json = {name: str(value) for name, value in fields.items() if value is not None}
    if tagged is not None:
        found["Tags"] = tags_written(tagged.tags)
    return found
