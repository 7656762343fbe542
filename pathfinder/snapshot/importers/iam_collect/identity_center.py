"""What iam-collect keeps of IAM Identity Center in an account's `sso` folder.

The form of its files is not documented. So nothing is taken from their names: an object counts where its own fields
say what it is, by AWS's names for them in whichever case. What is read so may be less than there is, which is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pathfinder.aws.arn import AccountId, Arn, is_account_id, parse_arn
from pathfinder.model.workforce import (
    Assignment,
    IdentityCenter,
    PermissionSet,
    WorkforceGroup,
    WorkforceUser,
)
from pathfinder.snapshot.files import below
from pathfinder.snapshot.reading import CallFailed, Reading

_DEEPEST = 20
"""Folders in folders that are looked into."""


@dataclass(slots=True)
class _Found:
    """What the files tell; ids to what is known of them."""

    instances: set[Arn] = field(default_factory=set)
    sets: dict[Arn, PermissionSet] = field(default_factory=dict)
    assignments: set[Assignment] = field(default_factory=set)
    users: dict[str, str | None] = field(default_factory=dict)
    groups: dict[str, str | None] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)


def identity_center(reading: Reading, folder: str, account: AccountId) -> IdentityCenter | None:
    """The instance that the account owns, as far as files of its `sso` folder tell; None where they tell of none."""
    found = _Found()
    silent: list[str] = []
    for file in _files(reading, folder):
        content = reading.one(file, Any)
        if isinstance(content, CallFailed) or not _read(content, found):
            silent.append(file)
    _tell(reading, folder, account, found, silent)
    arn = _instance(found)
    if arn is None:
        return None
    groups = {*found.groups, *found.members, *(a.principal for a in found.assignments if a.kind == "GROUP")}
    of_all = groups <= found.members.keys()
    return IdentityCenter(
        arn,
        tuple(found.sets.values()),
        tuple(WorkforceUser(each, name) for each, name in found.users.items()),
        tuple(
            WorkforceGroup(
                each, found.groups.get(each), tuple(sorted(found.members[each])) if of_all else None
            )
            for each in sorted(groups)
        ),
        tuple(sorted(found.assignments)),
    )


def _files(reading: Reading, folder: str) -> Iterator[str]:
    border = [(folder, 0)]
    while border:
        at, depth = border.pop()
        yield from (below(at, name) for name in reading.files.files(at) if name.endswith(".json"))
        if depth < _DEEPEST:
            border.extend((below(at, name), depth + 1) for name in reversed(reading.files.folders(at)))


def _read(content: object, found: _Found) -> bool:
    """Every object in the content, however deep; whether one of them says what it is."""
    told, todo = False, [content]
    while todo:
        each = todo.pop()
        if isinstance(each, Mapping):
            told |= _object({str(key).lower(): value for key, value in each.items()}, found)
            todo.extend(each.values())
        elif isinstance(each, list):
            todo.extend(each)
    return told


def _object(told: Mapping[str, object], found: _Found) -> bool:
    def text(*names: str) -> str | None:
        values = (told.get(name) for name in names)
        return next((value for value in values if isinstance(value, str) and value), None)

    own = _of_center(text("permissionsetarn", "instancearn", "arn"))
    account, kind, principal = text("accountid", "targetid"), text("principaltype"), text("principalid")
    of_set = own is not None and own.resource_type == "permissionSet"
    if principal is not None:
        if own is None or not of_set or not is_account_id(account or "") or kind not in ("USER", "GROUP"):
            return False
        found.assignments.add(Assignment(AccountId(account or ""), own, kind, principal))
        return True
    if own is not None and of_set and (name := text("name")):
        found.sets.setdefault(own, PermissionSet(own, name))
        return True
    if own is not None and own.resource_type == "instance":
        found.instances.add(own)
        return True
    return _person(told, text("userid"), text("groupid"), text("username"), text("displayname"), found)


def _person(
    told: Mapping[str, object],
    user: str | None,
    group: str | None,
    user_name: str | None,
    display_name: str | None,
    found: _Found,
) -> bool:
    """A user, a group, or that a user is a member of a group."""
    if group is None:
        if user is None or user_name is None:
            return False
        found.users.setdefault(user, user_name)
        return True
    member = told.get("memberid")
    ids = {str(key).lower(): value for key, value in member.items()} if isinstance(member, Mapping) else {}
    known = ids.get("userid")
    if isinstance(known, str) and known:
        found.members.setdefault(group, set()).add(known)
        return True
    if display_name is None:
        return False
    found.groups.setdefault(group, display_name)
    return True


def _of_center(text: str | None) -> Arn | None:
    arn = parse_arn(text) if text is not None else None
    return arn if arn is not None and arn.service == "sso" else None


def _instance(found: _Found) -> Arn | None:
    """As told; or as the ARNs of permission sets say: `permissionSet/ssoins-1/ps-1` is of `instance/ssoins-1`."""
    if found.instances:
        return min(found.instances)
    arns = sorted({*found.sets, *(each.permission_set for each in found.assignments)})
    for each in arns:
        parts = each.resource.split("/")
        if len(parts) > 2:
            return Arn(each.partition, "sso", "", "", f"instance/{parts[1]}")
    return None


def _tell(reading: Reading, folder: str, account: AccountId, found: _Found, silent: list[str]) -> None:
    counts = (
        f"{len(found.sets)} permission sets, {len(found.assignments)} assignments, {len(found.users)} users and "
        f"{len(found.groups.keys() | found.members.keys())} groups"
    )
    reason = (
        f"the form of its IAM Identity Center data is not documented: read are {counts}; there may be more"
    )
    if silent:
        reason += f"; nothing is known of {len(silent)} files, {silent[0]} first"
    reading.gap(folder, reason, account)
