"""What users sign in with: access keys, and the credential report's word on passwords and MFA."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pathfinder.model.identity import AccessKey, User
from pathfinder.model.organization import Account
from pathfinder.snapshot.decoding import as_utf8
from pathfinder.snapshot.errors import FIX, InputError, skippable
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.reading import Pages, Reading
from pathfinder.snapshot.shapes import iam

NOT_KNOWN = "not known"
_COLUMNS = ("user", "arn", "password_enabled", "mfa_active")


def with_access_keys(users: Iterable[User], pages: Pages[iam.AccessKeys] | None) -> tuple[User, ...]:
    """The users with their keys; without any page, nobody's keys are known."""
    if pages is None:
        return tuple(users)
    keys: dict[str, list[AccessKey]] = {}
    not_known: set[str] = set()
    some_lost = not pages.complete and not any(page.incomplete for _, page in pages)
    for _, page in pages:
        not_known.update(page.errors or {})
        for key in page.access_key_metadata or ():
            used = key.access_key_last_used.last_used_date if key.access_key_last_used else None
            found = AccessKey(key.access_key_id, key.status == "Active", key.create_date, used)
            keys.setdefault(key.user_name or "", []).append(found)
    return tuple(
        user
        if user.arn.name in not_known or (some_lost and user.arn.name not in keys)
        else replace(user, access_keys=tuple(sorted(keys.get(user.arn.name, ()), key=lambda key: key.id)))
        for user in users
    )


def access_keys_written(account: Account) -> Json:
    """As `list-access-keys` prints them, for all users at once."""
    found: Json = {
        "AccessKeyMetadata": [_key(user, key) for user in account.users for key in user.access_keys or ()]
    }
    if not_known := {user.arn.name: NOT_KNOWN for user in account.users if user.access_keys is None}:
        found["Errors"] = not_known
    if "access_keys" not in account.known:
        found["Incomplete"] = True
    return found


def _key(user: User, key: AccessKey) -> Json:
    found: Json = {
        "UserName": user.arn.name,
        "AccessKeyId": key.id,
        "Status": "Active" if key.active else "Inactive",
    }
    if key.created is not None:
        found["CreateDate"] = key.created
    if key.last_used is not None:
        found["AccessKeyLastUsed"] = {"LastUsedDate": key.last_used}
    return found


def with_credential_report(reading: Reading, users: tuple[User, ...], file: str) -> tuple[User, ...]:
    """The users with what the credential report, as CSV, says of their password and MFA."""
    try:
        content = reading.files.read(file)
        rows = _rows(content, file) if content is not None else {}
    except InputError as error:
        reading.skip(error)
        return users
    return tuple(
        replace(
            user,
            has_password=_flag(rows[user.arn.name], "password_enabled"),
            has_mfa=_flag(rows[user.arn.name], "mfa_active"),
        )
        if user.arn.name in rows
        else user
        for user in users
    )


def credential_report_written(users: Iterable[User]) -> str:
    """The report's columns that matter, for the users of whom anything is known."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for user in users:
        if user.has_password is not None or user.has_mfa is not None:
            flags = (_shown(user.has_password), _shown(user.has_mfa))
            rows.writerow((user.arn.name, str(user.arn), *flags))
    return text.getvalue()


def _rows(content: bytes, file: str) -> Mapping[str, Mapping[str, str]]:
    try:
        text = as_utf8(content, file).decode()
        table = csv.DictReader(io.StringIO(text, newline=""))
        if not {"user", "password_enabled", "mfa_active"} <= set(table.fieldnames or ()):
            reason = "has no columns user, password_enabled and mfa_active; a credential report was expected"
            raise InputError(file, "", reason, skippable("file"))
        return {row["user"]: row for row in table if row["user"]}
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(file, "", f"is no CSV text: {error}", f"{FIX}.") from None


def _flag(row: Mapping[str, str], column: str) -> bool | None:
    return {"true": True, "false": False}.get((row.get(column) or "").lower())


def _shown(flag: bool | None) -> str:
    return "no_information" if flag is None else str(flag).lower()
