"""One account of iam-collect's folder, and what of it was collected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pathfinder.aws.arn import AccountId
from pathfinder.model.organization import Account
from pathfinder.snapshot.files import below
from pathfinder.snapshot.importers.iam_collect import resources
from pathfinder.snapshot.importers.iam_collect.entries import Entry
from pathfinder.snapshot.importers.iam_collect.identities import identities, providers
from pathfinder.snapshot.importers.iam_collect.identity_center import identity_center
from pathfinder.snapshot.importers.iam_collect.shapes import AccountMetadata
from pathfinder.snapshot.parts.identities import Found
from pathfinder.snapshot.reading import Reading

T = TypeVar("T")


def account(
    reading: Reading, folder: str, identifier: AccountId, partition: str | None, collected: frozenset[str]
) -> Account:
    """The account of a folder; `partition` where the folder above says it.

    `collected`: the services that were collected of some account, so that no folder means nothing of it.
    """
    entry = Entry(reading, folder)
    metadata = entry.file("metadata.json", AccountMetadata) or AccountMetadata()
    services = set(reading.files.folders(folder)) | collected
    known: set[str] = set()

    def read(kind: str, service: str, part: Callable[[], T]) -> T:
        """The part; it is known where its service was collected and nothing of it was left out."""
        lost = reading.lost
        found = part()
        if service in services and reading.lost == lost:
            known.add(kind)
        return found

    s3, iam = below(folder, "s3"), below(folder, "iam")
    own = read("iam", "iam", lambda: identities(reading, iam, identifier)).accounts.get(identifier, Found())
    where = partition or next((arn.partition for arn in (*own.roles, *own.users)), "aws")
    has_center = "sso" in reading.files.folders(folder)
    if entry.has("s3-bpa.json"):
        services.add("s3-bpa")
    return Account(
        id=identifier,
        partition=where,
        name=metadata.account_name or metadata.name,
        users=tuple(own.users.values()),
        groups=tuple(own.groups.values()),
        roles=tuple(own.roles.values()),
        instance_profiles=tuple(own.profiles.values()),
        providers=providers(reading, iam),
        buckets=read("buckets", "s3", lambda: resources.buckets(reading, s3, identifier, where)),
        access_points=read(
            "access_points", "s3", lambda: resources.access_points(reading, s3, identifier, where)
        ),
        keys=read("keys", "kms", lambda: resources.keys(reading, below(folder, "kms"))),
        endpoints=read(
            "endpoints", "ec2", lambda: resources.endpoints(reading, below(folder, "ec2"), identifier)
        ),
        functions=read("functions", "lambda", lambda: resources.functions(reading, below(folder, "lambda"))),
        public_access_block=read(
            "public_access_block",
            "s3-bpa" if "s3-bpa" in services else "s3",
            lambda: resources.account_block(reading, folder),
        ),
        identity_center=identity_center(reading, below(folder, "sso"), identifier) if has_center else None,
        known=frozenset(known),
    )
