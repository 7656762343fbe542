"""Organizations: the tree of OUs and accounts, and what is attached to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import unquote

from pathfinder.aws.arn import AccountId, is_account_id
from pathfinder.model.organization import Member, Organization, OrganizationUnit
from pathfinder.model.resources import PublicAccessBlock
from pathfinder.snapshot.errors import InputError, skippable
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.attachments import RCP, SCP, Attached, attachments, s3_switches
from pathfinder.snapshot.parts.delegations import with_delegations
from pathfinder.snapshot.reading import Pages, Reading
from pathfinder.snapshot.shapes import organizations as shapes

Names = dict[AccountId, str]


def organization(reading: Reading, folder: str) -> tuple[Organization, Names] | None:
    """The organization of a folder, and the names of its accounts; None where it is left out."""
    file = below(folder, "organization.json")
    described = reading.one(file, shapes.DescribeOrganization)
    if not isinstance(described, shapes.DescribeOrganization):
        reading.gap(file, "is missing, so this organization is left out; `describe-organization` prints it")
        return None
    detail = described.organization
    if not is_account_id(detail.master_account_id):
        reason = f'is "{detail.master_account_id}"; twelve digits were expected'
        reading.skip(InputError(file, "Organization.MasterAccountId", reason, skippable("organization")))
        return None
    roots = reading.pages(below(folder, "roots"), shapes.Roots)
    attached = attachments(reading, folder)
    units = _units(reading, folder, roots, attached)
    members, names = _members(reading, folder, {unit.id for unit in units}, attached)
    types = _policy_types(detail, roots)
    found = Organization(
        id=detail.id,
        management_account=AccountId(detail.master_account_id),
        units=tuple(units),
        members=tuple(members),
        scps_enabled=any(attached.scps.values()) if types is None else SCP in types,
        rcps_enabled=any(attached.rcps.values()) if types is None else RCP in types,
    )
    _name_lost_targets(reading, found, attached)
    found = with_delegations(reading, folder, found)
    return with_s3_policies(reading, folder, found, attached), names


def _policy_types(detail: shapes.OrganizationDetail, roots: Pages[shapes.Roots] | None) -> set[str] | None:
    """The policy types that are switched on, None where nothing says so."""
    listed = [root.policy_types for _, page in roots or () for root in page.roots or ()]
    given = [types for types in (*listed, detail.available_policy_types) if types is not None]
    if not given:
        return None
    return {each.type for each in given[0] if each.status == "ENABLED"}


def _units(
    reading: Reading, folder: str, roots: Pages[shapes.Roots] | None, attached: Attached
) -> list[OrganizationUnit]:
    found: dict[str, OrganizationUnit] = {}

    def add(unit: shapes.Root | shapes.Unit, parent: str | None) -> None:
        scps, rcps = tuple(attached.scps.get(unit.id, ())), tuple(attached.rcps.get(unit.id, ()))
        found.setdefault(unit.id, OrganizationUnit(unit.id, unit.name, parent, scps, rcps))

    for _, page in roots or ():
        for root in page.roots or ():
            add(root, None)
    parents = _ids(reading, below(folder, "units"))
    for stem, parent in parents.items():
        for _, units in reading.pages(below(folder, f"units/{stem}"), shapes.Units, parent) or ():
            for unit in units.organizational_units or ():
                add(unit, parent)
    if roots is None:
        reading.gap(below(folder, "roots.json"), "is missing; what is attached to the root is not known")
    for missing in sorted(found.keys() - set(parents.values())):
        reading.gap(missing, "the OUs directly in it are not in the snapshot", missing)
    return list(found.values())


def _members(
    reading: Reading, folder: str, units: set[str], attached: Attached
) -> tuple[list[Member], Names]:
    found: dict[str, Member] = {}
    names: Names = {}
    parents = _ids(reading, below(folder, "members"))
    for stem, parent in parents.items():
        for place, page in reading.pages(below(folder, f"members/{stem}"), shapes.Accounts, parent) or ():
            for index, entry in enumerate(page.accounts or ()):
                if not is_account_id(entry.id):
                    at = place.at(f"Accounts[{index}]", "Id")
                    reading.skip(at.error(f'is "{entry.id}"; twelve digits were expected'), parent)
                    continue
                account = AccountId(entry.id)
                scps, rcps = tuple(attached.scps.get(account, ())), tuple(attached.rcps.get(account, ()))
                found.setdefault(account, Member(account, parent, scps, rcps))
                if entry.name is not None:
                    names[account] = entry.name
    for missing in sorted(units - set(parents.values())):
        reading.gap(missing, "the accounts directly in it are not in the snapshot", missing)
    return list(found.values()), names


def _ids(reading: Reading, folder: str) -> dict[str, str]:
    """File or folder name to the id that it stands for."""
    files = [name.removesuffix(".json") for name in reading.files.files(folder) if name.endswith(".json")]
    return {stem: unquote(stem) for stem in sorted({*files, *reading.files.folders(folder)})}


def _name_lost_targets(reading: Reading, found: Organization, attached: Attached) -> None:
    """A policy attached to something that no list shows must not vanish."""
    here = {unit.id for unit in found.units} | {member.account for member in found.members}
    for target in sorted({*attached.scps, *attached.rcps, *attached.s3} - here):
        reading.gap(
            target, "has policies attached, and is in no list of this organization's OUs and accounts", target
        )


def with_s3_policies(reading: Reading, folder: str, found: Organization, attached: Attached) -> Organization:
    """The organization with the S3 policies in force: as described for an account, or as inherited."""
    effective: dict[AccountId, PublicAccessBlock] = {}
    for member in found.members:
        path: Iterable[str] = (*(unit.id for unit in found.unit_path(member.account)), member.account)
        inherited = [attached.s3[each] for each in path if each in attached.s3]
        if inherited:
            effective[member.account] = inherited[-1]
    for stem, account in _ids(reading, below(folder, "s3-policies")).items():
        file = below(folder, f"s3-policies/{stem}.json")
        described = reading.one(file, shapes.DescribeEffectivePolicy, account)
        if isinstance(described, shapes.DescribeEffectivePolicy):
            block = s3_switches(described.effective_policy.policy_content)
            if block is None:
                reading.gap(file, "says nothing of Block Public Access", account)
            else:
                effective[AccountId(account)] = block
    return replace(found, s3_policies=tuple(sorted(effective.items(), key=lambda each: each[0])))
