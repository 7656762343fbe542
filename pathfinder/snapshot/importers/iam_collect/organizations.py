"""iam-collect's organizations: the tree, and what is attached directly to each part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import UNSET

from pathfinder.aws.arn import AccountId, is_account_id
from pathfinder.model.organization import Member, Organization, OrganizationUnit
from pathfinder.policy.document import PolicyKind, SomePolicy
from pathfinder.snapshot.errors import InputError, skippable
from pathfinder.snapshot.files import below
from pathfinder.snapshot.importers.iam_collect.entries import Entry
from pathfinder.snapshot.importers.iam_collect.shapes import (
    Attachments,
    Branch,
    Metadata,
    OrganizationMetadata,
)
from pathfinder.snapshot.parts.attachments import RCP, SCP, well_known
from pathfinder.snapshot.reading import Reading


def organization(reading: Reading, folder: str) -> Organization | None:
    """The organization of a folder; None where its metadata cannot be used."""
    entry = Entry(reading, folder)
    metadata = entry.file("metadata.json", OrganizationMetadata)
    management = _management_account(metadata) if metadata else None
    if metadata is None or management is None:
        reason = "is missing, or has no rootAccountId"
        reading.skip(InputError(below(folder, "metadata.json"), "", reason, skippable("organization")))
        return None
    structure = entry.file("structure.json", dict[str, Branch]) or {}
    for name in ("ous.json", "accounts.json"):
        if not entry.has(name):
            reading.gap(
                below(folder, name), "is missing; which SCPs and RCPs are attached is not known", metadata.id
            )
    units = _units(entry, structure, metadata.root_ou)
    members = _members(entry, structure)
    holders: tuple[OrganizationUnit | Member, ...] = (*units, *members)
    features = metadata.features or {}
    return Organization(
        id=metadata.id,
        management_account=management,
        units=units,
        members=members,
        scps_enabled=_switched_on(features, SCP, any(each.scps for each in holders)),
        rcps_enabled=_switched_on(features, RCP, any(each.rcps for each in holders)),
    )


def _management_account(metadata: OrganizationMetadata) -> AccountId | None:
    """Its id, or the last part of its ARN."""
    found = metadata.root_account_id or (metadata.root_account_arn or "").rsplit("/", 1)[-1]
    return AccountId(found) if is_account_id(found) else None


def _switched_on(features: Mapping[str, bool | None], feature: str, attached: bool) -> bool:
    """As the features say; where they do not, whether any such policy is attached anywhere."""
    said = features.get(feature)
    return attached if said is None else said


def _units(entry: Entry, structure: Mapping[str, Branch], root: str | None) -> tuple[OrganizationUnit, ...]:
    parents = {unit: parent for unit, parent, _ in _walk(structure, None)}
    attached = entry.file("ous.json", dict[str, Attachments]) or {}
    found = []
    for unit in sorted({*parents, *attached}):
        here = attached.get(unit, Attachments())
        parent = here.parent or parents.get(unit)
        named = Entry(entry.reading, below(entry.folder, f"ous/{unit}")).file("metadata.json", Metadata)
        found.append(
            OrganizationUnit(
                id=unit,
                name=named.name if named else None,
                parent=None if unit == root else parent,
                scps=_policies(entry, PolicyKind.SCP, here.scps, unit),
                rcps=_policies(entry, PolicyKind.RCP, here.rcps, unit),
            )
        )
    return tuple(found)


def _members(entry: Entry, structure: Mapping[str, Branch]) -> tuple[Member, ...]:
    """The accounts, those too of which nothing else was collected."""
    parents = {
        arn.rsplit("/", 1)[-1]: unit
        for unit, _, branch in _walk(structure, None)
        for arn in branch.accounts or ()
    }
    attached = entry.file("accounts.json", dict[str, Attachments]) or {}
    found = []
    for account in sorted({*parents, *attached}):
        here = attached.get(account, Attachments())
        parent = here.ou or here.parent or parents.get(account)
        if not is_account_id(account) or parent is None:
            reason = "has no parent" if is_account_id(account) else "is no account id"
            file = below(entry.folder, "accounts.json")
            entry.reading.skip(InputError(file, account, reason, skippable("entry")), account)
            continue
        scps = _policies(entry, PolicyKind.SCP, here.scps, account)
        rcps = _policies(entry, PolicyKind.RCP, here.rcps, account)
        found.append(Member(AccountId(account), parent, scps, rcps))
    return tuple(found)


def _walk(branches: Mapping[str, Branch], parent: str | None) -> Iterator[tuple[str, str | None, Branch]]:
    """Each unit of the tree, with its parent."""
    for unit, branch in branches.items():
        yield unit, parent, branch
        yield from _walk(branch.children or {}, unit)


def _policies(entry: Entry, kind: PolicyKind, arns: list[str] | None, target: str) -> tuple[SomePolicy, ...]:
    """The policies attached to a target; their documents are in folders named by their ids in lower case."""
    folder = "scps" if kind is PolicyKind.SCP else "rcps"
    found = []
    for arn in arns or ():
        identifier = arn.rsplit("/", 1)[-1].lower()
        policy = Entry(entry.reading, below(entry.folder, f"{folder}/{identifier}"))
        document = policy.document("policy.json", absent=well_known(arn) or UNSET)
        found.append(entry.reading.policy(kind, arn, target, document, policy.place.at("Policy")))
    return tuple(found)
