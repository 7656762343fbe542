"""`aws iam get-account-authorization-details`: one file, an array of pages, or a folder of pages.

People merge the output of several accounts into one file; each ARN says which account it belongs to.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from pathfinder.aws.arn import AccountId
from pathfinder.model.organization import Account, Snapshot
from pathfinder.snapshot.canonical import canonical
from pathfinder.snapshot.decoding import as_utf8
from pathfinder.snapshot.errors import FIX, InputError
from pathfinder.snapshot.files import Files
from pathfinder.snapshot.importers import importer
from pathfinder.snapshot.parts.identities import Found, Identities
from pathfinder.snapshot.reading import Reading
from pathfinder.snapshot.shapes.iam import AuthorizationDetails

_LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_EXPECTS = "an object with UserDetailList, GroupDetailList, RoleDetailList and Policies, or pages of it"


def recognizes(files: Files) -> bool:
    """Whether there is a JSON file right here: what it holds is looked at when it is read."""
    names = files.files()
    return len(names) == 1 or any(name.endswith(".json") for name in names)


@importer("account-authorization-details", expects=_EXPECTS, recognizes=recognizes)
def account_authorization_details(reading: Reading) -> Snapshot:
    """Every account that the ARNs name; nothing but IAM is known of each."""
    names = reading.files.files()
    pages = [name for name in names if name.endswith(".json")] or names
    for name in pages:
        _check_shape(reading, name)
    identities = Identities(reading)
    identities.add_pages(reading.pages_of(pages, AuthorizationDetails))
    if not identities.accounts and not reading.gaps:
        raise InputError(
            pages[0], "", "names no account: there is no user, group, role or policy in it", f"{FIX}."
        )
    known = frozenset({"iam"} if identities.complete else ())
    accounts = tuple(
        replace(_account(each, found, known), older_versions=identities.older_versions(each))
        for each, found in identities.accounts.items()
    )
    return canonical(Snapshot(accounts, gaps=tuple(reading.gaps)))


def _account(identifier: AccountId, found: Found, known: frozenset[str]) -> Account:
    return Account(
        id=identifier,
        partition=next((arn.partition for arn in (*found.users, *found.roles, *found.groups)), "aws"),
        users=tuple(found.users.values()),
        groups=tuple(found.groups.values()),
        roles=tuple(found.roles.values()),
        instance_profiles=tuple(found.profiles.values()),
        known=known,
    )


def _check_shape(reading: Reading, name: str) -> None:
    """A JSON file of something else is named as such, instead of being read as an empty account."""
    content = as_utf8(reading.files.read(name) or b"", name)
    try:
        found = msgspec.json.decode(content, type=dict[str, msgspec.Raw] | list[dict[str, msgspec.Raw]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return  # reading it says what is wrong
    pages = found if isinstance(found, list) else [found]
    if not any(key in page for page in pages for key in _LISTS):
        raise InputError(
            name, "", "is no output of get-account-authorization-details", f"Expected: {_EXPECTS}."
        )
