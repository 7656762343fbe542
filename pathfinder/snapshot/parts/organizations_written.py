"""An organization's files, as the AWS CLI would print each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit
from pathfinder.model.resources import PublicAccessBlock
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy
from pathfinder.snapshot.documents import written
from pathfinder.snapshot.parts.attachments import RCP, SCP
from pathfinder.snapshot.parts.common import Json, block_written
from pathfinder.snapshot.parts.delegations import delegations_written


def organization_written(
    organization: Organization, accounts: Iterable[Account]
) -> Iterator[tuple[str, Json]]:
    """Each file's name and content."""
    types = _policy_types(organization)
    detail: Json = {
        "Id": organization.id,
        "MasterAccountId": organization.management_account,
        "AvailablePolicyTypes": types,
    }
    yield "organization.json", {"Organization": detail}
    roots = [unit for unit in organization.units if unit.parent is None]
    yield "roots.json", {"Roots": [{**_unit(root), "PolicyTypes": types} for root in roots]}
    for parent in sorted(
        {unit.id for unit in organization.units} | {u.parent for u in organization.units if u.parent}
    ):
        below = [_unit(unit) for unit in organization.units if unit.parent == parent]
        yield f"units/{file_name(parent)}.json", {"OrganizationalUnits": below}
    yield from _members(organization, {account.id: account.name for account in accounts})
    yield from _policies(organization)
    yield from delegations_written(organization)
    for account, block in organization.s3_policies:
        content = json.dumps({"s3_attributes": {"public_access_block_configuration": _switches(block)}})
        effective = {"PolicyContent": content, "TargetId": account, "PolicyType": "S3_POLICY"}
        yield f"s3-policies/{file_name(account)}.json", {"EffectivePolicy": effective}


def file_name(identifier: str) -> str:
    """An id as a file name; AWS's own ids stay as they are."""
    quoted = quote(identifier, safe="")
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")


def _policy_types(organization: Organization) -> list[Json]:
    switched = ((SCP, organization.scps_enabled), (RCP, organization.rcps_enabled))
    return [{"Type": name, "Status": "ENABLED"} for name, on in switched if on]


def _unit(unit: OrganizationUnit) -> Json:
    return {"Id": unit.id} if unit.name is None else {"Id": unit.id, "Name": unit.name}


def _members(organization: Organization, names: dict[str, str | None]) -> Iterator[tuple[str, Json]]:
    parents = {unit.id for unit in organization.units} | {member.parent for member in organization.members}
    for parent in sorted(parents):
        listed = [member.account for member in organization.members if member.parent == parent]
        entries = [
            {"Id": each, "Name": name} if (name := names.get(each)) else {"Id": each} for each in listed
        ]
        yield f"members/{file_name(parent)}.json", {"Accounts": entries}


def _policies(organization: Organization) -> Iterator[tuple[str, Json]]:
    """Each policy once, with all its targets beside it."""
    attached: dict[tuple[PolicyKind, str], list[SomePolicy]] = {}
    holders: tuple[OrganizationUnit | Member, ...] = (*organization.units, *organization.members)
    for holder in holders:
        for policy in (*holder.scps, *holder.rcps):
            attached.setdefault((policy.kind, policy.name), []).append(policy)
    for (kind, name), policies in sorted(attached.items(), key=lambda each: (each[0][1], each[0][0].value)):
        kind_of = SCP if kind is PolicyKind.SCP else RCP
        identifier = name.rsplit("/", 1)[-1]
        taken = [each for each in attached if each[1].rsplit("/", 1)[-1] == identifier]
        stem = file_name(identifier if len(taken) == 1 else f"{name} {kind_of}")
        summary: Json = {"Id": identifier, "Arn": name, "Type": kind_of}
        yield f"policies/{stem}.json", _described(summary, policies[0])
        targets = sorted(policy.attached_to for policy in policies)
        yield f"targets/{stem}.json", {"Targets": [{"TargetId": each} for each in targets]}


def _described(summary: Json, policy: SomePolicy) -> Json:
    if isinstance(policy, Policy):
        return {"Policy": {"PolicySummary": summary, "Content": written(policy.document)}}
    return {"Policy": {"PolicySummary": summary}, "Errors": {"Content": policy.reason}}


def _switches(block: PublicAccessBlock) -> object:
    """AWS knows only all and none; anything between is written switch by switch."""
    switches = block_written(block)
    if len(set(switches.values())) == 1:
        return {"@@assign": "all" if block.block_public_acls else "none"}
    return switches
