"""A snapshot folder (see `layout`) read into the model."""

from __future__ import annotations

from urllib.parse import unquote

from pathfinder.aws.arn import AccountId, is_account_id
from pathfinder.model.organization import Account, Organization, Snapshot
from pathfinder.snapshot.canonical import canonical
from pathfinder.snapshot.errors import InputError, skippable
from pathfinder.snapshot.files import Files
from pathfinder.snapshot.layout import (
    ACCOUNT_FILES,
    ACCOUNTS,
    FORMAT_VERSION,
    GAPS,
    KNOWN_ACCOUNTS,
    MARK,
    ORGANIZATIONS,
)
from pathfinder.snapshot.parts.accounts import account
from pathfinder.snapshot.parts.organizations import Names, organization
from pathfinder.snapshot.reading import Reading
from pathfinder.snapshot.shapes.account import Gaps, Mark


def is_snapshot(files: Files) -> bool:
    """Whether the files are a snapshot folder: marked as one, or with an account's files where they belong."""
    if MARK in files.files():
        return True
    if any(
        "organization.json" in files.files(f"{ORGANIZATIONS}/{each}") for each in files.folders(ORGANIZATIONS)
    ):
        return True
    ours = {*(f"{each}.json" for each in ACCOUNT_FILES), "account.json"}
    return any(ours & set(files.files(f"{ACCOUNTS}/{each}")) for each in files.folders(ACCOUNTS))


def read_snapshot(reading: Reading) -> Snapshot:
    """The snapshot. Raises InputError."""
    _check_mark(reading)
    organizations: list[Organization] = []
    names: Names = {}
    for each in reading.files.folders(ORGANIZATIONS):
        if found := organization(reading, f"{ORGANIZATIONS}/{each}"):
            organizations.append(found[0])
            names |= found[1]
    accounts: list[Account] = []
    listed = reading.files.folders(ACCOUNTS)
    for done, each in enumerate(listed):
        reading.progress("accounts", done, len(listed))
        identifier = unquote(each)
        if is_account_id(identifier):
            accounts.append(account(reading, f"{ACCOUNTS}/{each}", AccountId(identifier), names))
        else:
            reason = "is no account id; each folder in accounts is named by twelve digits"
            reading.skip(InputError(f"{ACCOUNTS}/{each}", "", reason, skippable("folder")))
    reading.progress("accounts", len(listed), len(listed))
    noted = reading.one(GAPS, Gaps)
    if isinstance(noted, Gaps):
        for gap in noted.gaps:
            reading.gap(gap.place, gap.reason, *gap.affects)
    known = _known_accounts(reading)
    return canonical(Snapshot(tuple(accounts), tuple(organizations), tuple(reading.gaps), known))


def _known_accounts(reading: Reading) -> tuple[tuple[AccountId, str], ...]:
    """The accounts outside that the user has given names."""
    found = reading.one(KNOWN_ACCOUNTS, dict[str, str])
    named: list[tuple[AccountId, str]] = []
    for key, name in found.items() if isinstance(found, dict) else ():
        if is_account_id(key):
            named.append((AccountId(key), name))
        else:
            reason = "is no account id; each name in it stands under twelve digits"
            reading.skip(InputError(KNOWN_ACCOUNTS, key, reason, skippable("entry")))
    return tuple(named)


def _check_mark(reading: Reading) -> None:
    mark = reading.one(MARK, Mark)
    if isinstance(mark, Mark) and mark.format_version != FORMAT_VERSION:
        reason = f"is {mark.format_version}; this pathfinder reads {FORMAT_VERSION}"
        raise InputError(
            MARK, "format_version", reason, "Use the pathfinder that wrote it, or make the snapshot anew."
        )
