"""The folder that iam-collect writes (https://github.com/cloud-copilot/iam-collect), with its file storage.

It writes a file only where there is something to write: a bucket without `policy.json` has no policy, a role
without `tags.json` no tags, and so with Block Public Access, of buckets and of the account. ACLs, object
ownership, access keys and instances are not collected; those are gaps. A part of an account, such as `kms`,
that has no folder in any account is taken as not collected; where another account has one, the account has
nothing of that kind. An account without `organization.json` is in no organization.
"""

from __future__ import annotations

from dataclasses import replace

from pathfinder.aws.arn import AccountId, is_account_id
from pathfinder.model.organization import Account, Organization, Snapshot
from pathfinder.snapshot.canonical import canonical
from pathfinder.snapshot.files import Files, below
from pathfinder.snapshot.importers import importer
from pathfinder.snapshot.importers.iam_collect.accounts import account
from pathfinder.snapshot.importers.iam_collect.organizations import organization
from pathfinder.snapshot.importers.iam_collect.shapes import AccountOrganization
from pathfinder.snapshot.reading import Reading

_EXPECTS = "the folder that iam-collect wrote, which holds aws/aws/accounts and aws/aws/organizations"
_SERVICES = {"ec2", "iam", "kms", "lambda", "s3", "sso"}


def recognizes(files: Files) -> bool:
    """Whether iam-collect's folders are here, or one or two levels down."""
    return any(_looks_right(files, base) for base, _ in _bases(files))


@importer("iam-collect", expects=_EXPECTS, recognizes=recognizes)
def iam_collect(reading: Reading) -> Snapshot:
    """Every account and organization, of every partition in the folder."""
    accounts: list[Account] = []
    organizations: list[Organization] = []
    for base, partition in _bases(reading.files):
        folders = [
            below(base, f"organizations/{each}")
            for each in reading.files.folders(below(base, "organizations"))
        ]
        organizations += [found for each in folders if (found := organization(reading, each))]
        names = [each for each in reading.files.folders(below(base, "accounts")) if is_account_id(each)]
        homes = [below(base, f"accounts/{name}") for name in names]
        collected = frozenset(service for home in homes for service in reading.files.folders(home))
        for done, (name, home) in enumerate(zip(names, homes, strict=True)):
            reading.progress("accounts", done, len(names))
            read = account(reading, home, AccountId(name), partition, collected)
            if _organization_is_told(reading, home, name, organizations):
                read = replace(read, known=read.known | {"organization"})
            accounts.append(read)
        reading.progress("accounts", len(names), len(names))
    return canonical(Snapshot(tuple(accounts), tuple(organizations), tuple(reading.gaps)))


def _organization_is_told(
    reading: Reading, folder: str, account_id: str, organizations: list[Organization]
) -> bool:
    """Whether it is known which organization the account is in, or that it is in none."""
    found = reading.one(below(folder, "organization.json"), AccountOrganization, account_id)
    named = found.organization_id if isinstance(found, AccountOrganization) else None
    if named and named not in {each.id for each in organizations}:
        reading.gap(account_id, f"is in {named}, whose SCPs and RCPs are not in the snapshot", account_id)
        return False
    return True


def _bases(files: Files) -> list[tuple[str, str | None]]:
    """The folders that hold `accounts` and `organizations`, with their partition where a folder names it."""
    if _holds(files, ""):
        return [("", None)]
    found: list[tuple[str, str | None]] = []
    for partition in files.folders():
        if partition.startswith("aws"):
            found += [
                (base, partition) for base in (partition, f"{partition}/{partition}") if _holds(files, base)
            ]
    return found


def _holds(files: Files, base: str) -> bool:
    return bool({"accounts", "organizations"} & set(files.folders(base)))


def _looks_right(files: Files, base: str) -> bool:
    """What sets it apart from a snapshot of ours: a metadata file, or services as folders."""
    for kind in ("accounts", "organizations"):
        for name in files.folders(below(base, kind)):
            folder = below(base, f"{kind}/{name}")
            if "metadata.json" in files.files(folder) or _SERVICES & set(files.folders(folder)):
                return True
    return False
