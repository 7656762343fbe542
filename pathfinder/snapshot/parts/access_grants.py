"""S3 Access Grants: instances with their locations and grants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.access_points import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from pathfinder.model.organization import Account
from pathfinder.policy.document import PolicyKind, SomePolicy, Unread
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json, policy_written
from pathfinder.snapshot.parts.supplements import ACCESS_GRANTS, supplement
from pathfinder.snapshot.reading import NOT_GIVEN, Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import access_points as shapes

ACCESS_GRANTS_POLICY = "Access Grants instance policy"


def access_grants_instances(
    reading: Reading,
    pages: Pages[shapes.GrantsInstances] | None,
    location_pages: Pages[shapes.GrantsLocations] | None,
    grant_pages: Pages[shapes.Grants] | None,
    folder: str,
) -> tuple[AccessGrantsInstance, ...]:
    """The instances listed, one for each region, each with its own locations and grants.

    A region that shows locations or grants has an instance, listed or not; its policy is then not known.
    """
    locations = _locations(reading, location_pages)
    grants = _grants(reading, grant_pages)
    found: dict[Arn, AccessGrantsInstance] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.access_grants_instances_list or ()):
            place = page_place.at(f"AccessGrantsInstancesList[{index}]")
            try:
                arn = _arn(entry.access_grants_instance_arn, place.at("AccessGrantsInstanceArn"))
                places = supplement(reading, below(folder, arn.region), entry, ACCESS_GRANTS)
                instance = AccessGrantsInstance(
                    arn,
                    _policy(reading, entry, arn, place, places),
                    None if location_pages is None else tuple(locations[arn.region]),
                    None if grant_pages is None else tuple(grants[arn.region]),
                    entry.identity_center_instance_arn or entry.identity_center_arn,
                )
                found.setdefault(arn, instance)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    things: tuple[AccessGrantsLocation | AccessGrant, ...] = (
        *chain(*locations.values()),
        *chain(*grants.values()),
    )
    for thing in things:
        arn = replace(thing.arn, resource="access-grants/default")
        if arn.region not in {each.region for each in found}:
            policy = Unread(PolicyKind.RESOURCE, ACCESS_GRANTS_POLICY, str(arn), NOT_GIVEN)
            found[arn] = AccessGrantsInstance(
                arn,
                policy,
                None if location_pages is None else tuple(locations[arn.region]),
                None if grant_pages is None else tuple(grants[arn.region]),
            )
    return tuple(found.values())


def _policy(
    reading: Reading, entry: shapes.GrantsInstance, arn: Arn, place: Place, places: Mapping[str, Place]
) -> SomePolicy | None:
    return reading.optional_policy(
        PolicyKind.RESOURCE,
        ACCESS_GRANTS_POLICY,
        str(arn),
        entry.policy,
        places.get("Policy", place).at("Policy"),
        why_not(entry.errors, "Policy"),
    )


def _locations(
    reading: Reading, pages: Pages[shapes.GrantsLocations] | None
) -> defaultdict[str, list[AccessGrantsLocation]]:
    """Locations by region."""
    found: defaultdict[str, list[AccessGrantsLocation]] = defaultdict(list)
    for page_place, page in pages or ():
        for index, entry in enumerate(page.access_grants_locations_list or ()):
            place = page_place.at(f"AccessGrantsLocationsList[{index}]")
            try:
                arn = _arn(entry.access_grants_location_arn, place.at("AccessGrantsLocationArn"))
                role = parse_arn(entry.iam_role_arn) if entry.iam_role_arn else None
                if entry.iam_role_arn and (role is None or not role.is_role):
                    text = f'is "{entry.iam_role_arn}"; the ARN of a role was expected'
                    raise place.at("IAMRoleArn").error(text)
                location = AccessGrantsLocation(
                    entry.access_grants_location_id, arn, entry.location_scope, role
                )
                found[arn.region].append(location)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return found


def _grants(reading: Reading, pages: Pages[shapes.Grants] | None) -> defaultdict[str, list[AccessGrant]]:
    """Grants by region."""
    found: defaultdict[str, list[AccessGrant]] = defaultdict(list)
    for page_place, page in pages or ():
        for index, entry in enumerate(page.access_grants_list or ()):
            place = page_place.at(f"AccessGrantsList[{index}]")
            try:
                arn = _arn(entry.access_grant_arn, place.at("AccessGrantArn"))
                grant = AccessGrant(
                    entry.access_grant_id,
                    arn,
                    entry.grantee.grantee_type,
                    entry.grantee.grantee_identifier,
                    entry.permission,
                    entry.grant_scope,
                    entry.access_grants_location_id,
                    entry.application_arn,
                )
                found[arn.region].append(grant)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return found


def _arn(text: str, place: Place) -> Arn:
    arn = parse_arn(text)
    if arn is None or arn.service != "s3" or not arn.resource.startswith("access-grants/"):
        raise place.error(f'is "{text}"; an ARN of S3 Access Grants was expected')
    return arn


def access_grants_instances_written(account: Account) -> Json:
    """As `list-access-grants-instances` prints them, with their policies."""
    found: Json = {"AccessGrantsInstancesList": [_instance(each) for each in account.access_grants_instances]}
    if "access_grants" not in account.known:
        found["Incomplete"] = True
    return found


def _instance(instance: AccessGrantsInstance) -> Json:
    found: Json = {
        "AccessGrantsInstanceId": instance.arn.name,
        "AccessGrantsInstanceArn": str(instance.arn),
    }
    if instance.identity_center is not None:
        found["IdentityCenterInstanceArn"] = instance.identity_center
    return {**found, **policy_written(instance.policy)}


def access_grants_locations_written(account: Account) -> Json:
    """As `list-access-grants-locations` prints them, of all regions."""
    return {
        "AccessGrantsLocationsList": [
            _location(each)
            for instance in account.access_grants_instances
            for each in instance.locations or ()
        ]
    }


def _location(location: AccessGrantsLocation) -> Json:
    found: Json = {
        "AccessGrantsLocationId": location.id,
        "AccessGrantsLocationArn": str(location.arn),
        "LocationScope": location.scope,
    }
    if location.role is not None:
        found["IAMRoleArn"] = str(location.role)
    return found


def access_grants_written(account: Account) -> Json:
    """As `list-access-grants` prints them, of all regions."""
    return {
        "AccessGrantsList": [
            _grant(each) for instance in account.access_grants_instances for each in instance.grants or ()
        ]
    }


def _grant(grant: AccessGrant) -> Json:
    found: Json = {
        "AccessGrantId": grant.id,
        "AccessGrantArn": str(grant.arn),
        "Grantee": {"GranteeType": grant.grantee_type, "GranteeIdentifier": grant.grantee},
        "Permission": grant.permission,
        "GrantScope": grant.scope,
        "AccessGrantsLocationId": grant.location,
    }
    if grant.application is not None:
        found["ApplicationArn"] = grant.application
    return found
