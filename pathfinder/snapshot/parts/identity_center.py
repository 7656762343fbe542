"""IAM Identity Center: permission sets, their assignments, and the identity store's users and groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pathfinder.aws.arn import AccountId, Arn, is_account_id, parse_arn
from pathfinder.model.organization import Account
from pathfinder.model.workforce import (
    Assignment,
    IdentityCenter,
    PermissionSet,
    WorkforceGroup,
    WorkforceUser,
)
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.reading import Pages, Place, Reading
from pathfinder.snapshot.shapes import workforce
from pathfinder.snapshot.shapes.base import Page

P = TypeVar("P", bound=Page)
Listed = Callable[[str, type[P]], Pages[P] | None]
"""The pages of a file of the account, by its name."""

FILES = (
    "sso-instances",
    "sso-permission-sets",
    "sso-account-assignments",
    "identity-store-users",
    "identity-store-groups",
    "identity-store-memberships",
)


@dataclass(frozen=True, slots=True)
class Found:
    """The instance, None where the account has none that is known of; and whether all of it is known."""

    center: IdentityCenter | None
    complete: bool


def identity_center(
    reading: Reading,
    instances: Pages[workforce.Instances] | None,
    sets: Pages[workforce.PermissionSets] | None,
    assigned: Pages[workforce.Assignments] | None,
    users: Pages[workforce.Users] | None,
    groups: Pages[workforce.Groups] | None,
    memberships: Pages[workforce.Memberships] | None,
) -> Found:
    """The instance of Identity Center that the account owns, as far as its files tell of it."""
    permission_sets = _permission_sets(reading, sets)
    assignments = _assignments(reading, assigned)
    arn = _instance(reading, instances, permission_sets, assignments)
    every = (sets, assigned, users, groups, memberships)
    complete = all(each is not None and each.complete for each in every)
    if arn is None:
        return Found(None, complete or (instances is not None and instances.complete))
    people = {
        each.user_id: WorkforceUser(each.user_id, each.user_name)
        for _, page in users or ()
        for each in page.users or ()
    }
    members = _members(memberships)
    teams = {
        each.group_id: WorkforceGroup(
            each.group_id,
            each.display_name,
            None if members is None else tuple(sorted(members.get(each.group_id, ()))),
        )
        for _, page in groups or ()
        for each in page.groups or ()
    }
    center = IdentityCenter(
        arn, permission_sets, tuple(people.values()), tuple(teams.values()), tuple(sorted(assignments))
    )
    return Found(center, complete)


def _permission_sets(
    reading: Reading, pages: Pages[workforce.PermissionSets] | None
) -> tuple[PermissionSet, ...]:
    found: dict[Arn, PermissionSet] = {}
    listed: set[str] = set()
    for place, page in pages or ():
        listed.update(page.permission_sets or ())
        if page.permission_set is None:
            continue
        try:
            entry = page.permission_set
            arn = _sso_arn(entry.permission_set_arn, place.at("PermissionSet", "PermissionSetArn"))
            found.setdefault(arn, PermissionSet(arn, entry.name))
        except InputError as error:
            reading.skip(error)
            if pages:
                pages.complete = False
    if pages and listed - set(map(str, found)):
        pages.complete = False
    return tuple(found.values())


def _assignments(reading: Reading, pages: Pages[workforce.Assignments] | None) -> set[Assignment]:
    found: set[Assignment] = set()
    for page_place, page in pages or ():
        for index, entry in enumerate(page.account_assignments or ()):
            place = page_place.at(f"AccountAssignments[{index}]")
            try:
                if not is_account_id(entry.account_id):
                    raise place.at("AccountId").error(f'is "{entry.account_id}"; twelve digits were expected')
                arn = _sso_arn(entry.permission_set_arn, place.at("PermissionSetArn"))
                found.add(
                    Assignment(AccountId(entry.account_id), arn, entry.principal_type, entry.principal_id)
                )
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return found


def _sso_arn(text: str, place: Place) -> Arn:
    arn = parse_arn(text)
    if arn is None or arn.service != "sso":
        raise place.error(f'is "{text}"; an ARN of Identity Center was expected')
    return arn


def _instance(
    reading: Reading,
    pages: Pages[workforce.Instances] | None,
    sets: tuple[PermissionSet, ...],
    assignments: set[Assignment],
) -> Arn | None:
    """As listed; or as the permission sets' ARNs say: `permissionSet/ssoins-1/ps-1` is of `instance/ssoins-1`."""
    for page_place, page in pages or ():
        for index, entry in enumerate(page.instances or ()):
            try:
                return _sso_arn(entry.instance_arn, page_place.at(f"Instances[{index}]", "InstanceArn"))
            except InputError as error:
                reading.skip(error)
    arns = sorted([*(each.arn for each in sets), *(each.permission_set for each in assignments)])
    if not arns:
        return None
    first = arns[0]
    parts = first.resource.split("/")
    return Arn(first.partition, "sso", "", "", f"instance/{parts[1] if len(parts) > 2 else parts[-1]}")


def _members(pages: Pages[workforce.Memberships] | None) -> dict[str, set[str]] | None:
    """Group id to ids of users; None where the memberships are not all known."""
    if pages is None or not pages.complete:
        return None
    found: dict[str, set[str]] = {}
    for _, page in pages:
        for each in page.group_memberships or ():
            if each.member_id.user_id is not None:
                found.setdefault(each.group_id, set()).add(each.member_id.user_id)
    return found


def identity_center_written(account: Account) -> dict[str, object]:
    """File name to what its calls would print."""
    center = account.identity_center
    if center is None:
        return {"sso-instances.json": {"Instances": []}} if "identity_center" in account.known else {}
    listed: Json = {"PermissionSets": [str(each.arn) for each in center.permission_sets]}
    if "identity_center" not in account.known:
        listed["Incomplete"] = True
    files: dict[str, object] = {
        "sso-instances.json": {"Instances": [{"InstanceArn": str(center.arn)}]},
        "sso-permission-sets.json": [
            listed,
            *(
                {"PermissionSet": {"Name": each.name, "PermissionSetArn": str(each.arn)}}
                for each in center.permission_sets
            ),
        ],
        "sso-account-assignments.json": {
            "AccountAssignments": [
                {
                    "AccountId": each.account,
                    "PermissionSetArn": str(each.permission_set),
                    "PrincipalType": each.kind,
                    "PrincipalId": each.principal,
                }
                for each in center.assignments
            ]
        },
        "identity-store-users.json": {
            "Users": [
                {"UserId": each.id, **({"UserName": each.name} if each.name is not None else {})}
                for each in center.users
            ]
        },
        "identity-store-groups.json": {
            "Groups": [
                {"GroupId": each.id, **({"DisplayName": each.name} if each.name is not None else {})}
                for each in center.groups
            ]
        },
    }
    if all(each.members is not None for each in center.groups):
        files["identity-store-memberships.json"] = {
            "GroupMemberships": [
                {"GroupId": group.id, "MemberId": {"UserId": member}}
                for group in center.groups
                for member in group.members or ()
            ]
        }
    return files
