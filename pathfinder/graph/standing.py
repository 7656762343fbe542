"""Where accounts stand in organizations, and which SCPs and RCPs that brings: as it is, or once it has changed.

Source: evaluation.md ORG-1, ORG-2, ORG-3, ORG-7, ORG-20, ESC-4, ESC-35.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.request import Level
from pathfinder.aws.arn import AccountId
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit
from pathfinder.policy.document import PolicyKind, SomePolicy


@dataclass(frozen=True, slots=True)
class Place:
    """An account in its organization. `known`: whether it is known that it is in `organization`, or in none."""

    account: str | None
    organization: Organization | None
    known: bool


class Standing:
    """The organizations of a snapshot, asked about their accounts. Everything is computed once, on first use.

    `made`: each change by which they are not the snapshot's, by a short name, with words for it. `accounts`: those
    that it makes a difference for; None for all of the organizations. `parts`: short names of changes that whoever
    makes the last one of these could make instead, each a part of it.
    """

    def __init__(
        self,
        organizations: tuple[Organization, ...],
        held: Mapping[str, Account],
        made: tuple[tuple[str, str], ...] = (),
        accounts: frozenset[str] | None = None,
        parts: tuple[str, ...] = (),
    ) -> None:
        self.organizations = organizations
        self.made = made
        self.accounts = accounts
        self.parts = parts
        self._held = held
        self._levels: dict[tuple[str, PolicyKind], tuple[Level, ...] | None] = {}
        self._places: dict[str | None, Place] = {}
        self._organizations: dict[str, Organization] = {}
        for each in organizations:
            for account in (each.management_account, *(member.account for member in each.members)):
                self._organizations.setdefault(account, each)

    def changed(
        self,
        organization: Organization,
        what: str,
        words: str,
        accounts: frozenset[str],
        parts: tuple[str, ...] = (),
    ) -> Standing:
        """The same with one organization as a change makes it."""
        others = tuple(organization if each.id == organization.id else each for each in self.organizations)
        whom = accounts if self.accounts is None else accounts | self.accounts
        return Standing(others, self._held, (*self.made, (what, words)), whom, parts)

    def touches(self, account: str | None) -> bool:
        """Whether the changes may make a difference for principals or resources of the account."""
        return account is None or self.accounts is None or account in self.accounts

    def organization_of(self, account: str) -> Organization | None:
        """The organization that the account is in, its management account included, or None."""
        return self._organizations.get(account)

    def place(self, account: str | None) -> Place:
        """Where the account stands."""
        known = self._places.get(account)
        if known is None:
            known = self._places[account] = self._place(account)
        return known

    def _place(self, account: str | None) -> Place:
        if account is None:
            return Place(None, None, known=False)
        organization = self.organization_of(account)
        held = self._held.get(account)
        told = held is not None and (bool(self.organizations) or "organization" in held.known)
        return Place(account, organization, known=organization is not None or told)

    def scp_levels(self, account: str | None) -> tuple[Level, ...] | None:
        """The SCPs that bind principals of the account, root first; None where none do (ORG-1, ORG-2, ORG-7)."""
        return self._of_kind(account, PolicyKind.SCP)

    def rcp_levels(self, account: str | None) -> tuple[Level, ...] | None:
        """The RCPs that guard resources of the account, root first; None where none do (ORG-20)."""
        return self._of_kind(account, PolicyKind.RCP)

    def _of_kind(self, account: str | None, kind: PolicyKind) -> tuple[Level, ...] | None:
        if account is None:
            return None
        key = (account, kind)
        if key not in self._levels:
            organization = self.organization_of(account)
            bound = organization is not None and organization.management_account != account
            self._levels[key] = levels(organization, account, kind) if organization and bound else None
        return self._levels[key]


def levels(organization: Organization, account: str, kind: PolicyKind) -> tuple[Level, ...] | None:
    """The SCPs or RCPs on the way from the root to a member; None where the type is switched off."""
    if not is_enabled(organization, kind):
        return None
    member = next((each for each in organization.members if each.account == account), None)
    if member is None:
        return None
    path = organization.unit_path(AccountId(account))
    return (*(Level(unit.id, attached(unit, kind)) for unit in path), Level(account, attached(member, kind)))


def attached(holder: OrganizationUnit | Member, kind: PolicyKind) -> tuple[SomePolicy, ...]:
    """The SCPs or RCPs attached to a root, an OU or an account directly."""
    return holder.scps if kind is PolicyKind.SCP else holder.rcps


def is_enabled(organization: Organization, kind: PolicyKind) -> bool:
    """Whether the policy type is switched on (ORG-7)."""
    return organization.scps_enabled if kind is PolicyKind.SCP else organization.rcps_enabled


def switched_off(organization: Organization, kind: PolicyKind) -> Organization:
    """The organization once the policy type is switched off."""
    if kind is PolicyKind.SCP:
        return replace(organization, scps_enabled=False)
    return replace(organization, rcps_enabled=False)


def moved(organization: Organization, account: str, parent: str) -> Organization:
    """The organization once the account is directly in another root or OU."""
    members = tuple(
        replace(each, parent=parent) if each.account == account else each for each in organization.members
    )
    return replace(organization, members=members)


def without(organization: Organization, account: str) -> Organization:
    """The organization once the account is no longer in it."""
    return replace(
        organization, members=tuple(each for each in organization.members if each.account != account)
    )


def with_attached(
    organization: Organization, kind: PolicyKind, change: Callable[[str, SomePolicy], SomePolicy | None]
) -> Organization:
    """The organization with each SCP or RCP as the change makes it, which is told where it hangs; None: detached."""

    def kept(holder: str, policies: tuple[SomePolicy, ...]) -> tuple[SomePolicy, ...]:
        made = (change(holder, policy) for policy in policies)
        return tuple(each for each in made if each is not None)

    def of_unit(unit: OrganizationUnit) -> OrganizationUnit:
        found = kept(unit.id, attached(unit, kind))
        return replace(unit, scps=found) if kind is PolicyKind.SCP else replace(unit, rcps=found)

    def of_member(member: Member) -> Member:
        found = kept(str(member.account), attached(member, kind))
        return replace(member, scps=found) if kind is PolicyKind.SCP else replace(member, rcps=found)

    return replace(
        organization,
        units=tuple(map(of_unit, organization.units)),
        members=tuple(map(of_member, organization.members)),
    )
