"""Users, groups, roles and instance profiles, from the entries of `get-account-authorization-details`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from pathfinder.aws.arn import AccountId, Arn, is_account_id, parse_arn
from pathfinder.model.identity import Group, InstanceProfile, PolicyVersion, Role, User
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import iam
from pathfinder.snapshot.shapes.base import RawDocument, tags_of

T = TypeVar("T")

TRUST_POLICY = "trust policy"
GROUP_POLICIES = "policies of the group"
"""The name of what is not known where a user is in a group that the data does not hold."""


@dataclass(slots=True)
class Found:
    """The identities of one account, by ARN."""

    users: dict[Arn, User] = field(default_factory=dict)
    groups: dict[Arn, Group] = field(default_factory=dict)
    roles: dict[Arn, Role] = field(default_factory=dict)
    profiles: dict[Arn, InstanceProfile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A managed policy's default version, and where it stands."""

    document: RawDocument
    place: Place
    why_not: str | None


class Identities:
    """Collects the entries: managed policies first, then groups, then users and roles, of any accounts."""

    def __init__(self, reading: Reading, only: str | None = None) -> None:
        self._reading = reading
        self._only = only
        self._managed: dict[str, ManagedPolicy] = {}
        self._versions: dict[tuple[Arn, str], Policy] = {}
        self.complete = True
        self.accounts: dict[AccountId, Found] = {}

    def add_pages(self, pages: Pages[iam.AuthorizationDetails]) -> None:
        """All entries of all pages."""
        self.complete = self.complete and pages.complete
        for place, page in pages:
            self._each(place, "Policies", page.policies, self.add_managed)
        for place, page in pages:
            self._each(place, "GroupDetailList", page.group_detail_list, self.add_group)
        for place, page in pages:
            self._each(place, "UserDetailList", page.user_detail_list, self.add_user)
            self._each(place, "RoleDetailList", page.role_detail_list, self.add_role)

    def add_profiles(self, pages: Pages[iam.InstanceProfiles]) -> None:
        """Instance profiles listed by themselves."""
        for place, page in pages:
            self._each(place, "InstanceProfiles", page.instance_profiles, self.add_profile)

    def add_managed(self, policy: iam.ManagedPolicyDetail, place: Place) -> None:
        """A managed policy: its default version counts."""
        versions = policy.policy_version_list or []
        default = [n for n, each in enumerate(versions) if each.is_default_version] or [
            n for n, each in enumerate(versions) if each.version_id == policy.default_version_id
        ]
        if not default and len(versions) == 1:
            default = [0]
        document: RawDocument = versions[default[0]].document if default else msgspec.UNSET
        at = place.at(f"PolicyVersionList[{default[0]}]", "Document") if default else place
        known = self._managed.get(policy.arn)
        if known is None or known.document is msgspec.UNSET:
            self._managed[policy.arn] = ManagedPolicy(document, at, why_not(policy.errors, "Document"))
        self._older(policy, default, place)
        account = (parse_arn(policy.arn) or Arn("", "", "", "", "")).account
        if is_account_id(account) and self._only is None:
            self.accounts.setdefault(AccountId(account), Found())

    def _older(self, policy: iam.ManagedPolicyDetail, default: list[int], place: Place) -> None:
        """Its other versions, which somebody may make the default one (ESC-25)."""
        arn = parse_arn(policy.arn)
        if arn is None or not is_account_id(arn.account) or not default:
            return
        for number, each in enumerate(policy.policy_version_list or ()):
            if number in default or each.version_id is None or each.document is msgspec.UNSET:
                continue
            at = place.at(f"PolicyVersionList[{number}]", "Document")
            try:
                found = self._reading.policy(PolicyKind.IDENTITY, policy.arn, policy.arn, each.document, at)
            except InputError:
                reason = f"version {each.version_id} is no valid policy: what it would allow is not known"
                self._reading.gap(policy.arn, reason)
                continue
            if isinstance(found, Policy):
                self._versions.setdefault((arn, each.version_id), found)

    def older_versions(self, account: str) -> tuple[PolicyVersion, ...]:
        """Other versions of the account's managed policies that somebody has, or has as a boundary."""
        held = self.accounts.get(AccountId(account), Found())
        holders: tuple[User | Group | Role, ...] = (
            *held.users.values(),
            *held.groups.values(),
            *held.roles.values(),
        )
        names = {policy.name for each in holders for policy in each.policies if isinstance(policy, Policy)}
        bounded: tuple[User | Role, ...] = (*held.users.values(), *held.roles.values())
        names.update(each.boundary.name for each in bounded if isinstance(each.boundary, Policy))
        return tuple(
            PolicyVersion(arn, version, policy)
            for (arn, version), policy in self._versions.items()
            if arn.account == account and str(arn) in names
        )

    def add_group(self, group: iam.GroupDetail, place: Place) -> None:
        """A group with its policies."""
        arn = self._arn(group.arn, "group", place)
        policies = self._policies(
            arn, group.group_policy_list, "GroupPolicyList", group.attached_managed_policies, place
        )
        self._keep(self._of(arn).groups, arn, Group(arn, policies), place)

    def add_user(self, user: iam.UserDetail, place: Place) -> None:
        """A user; its groups' policies count as its own (TERM-7)."""
        arn = self._arn(user.arn, "user", place)
        own = self._policies(
            arn, user.user_policy_list, "UserPolicyList", user.attached_managed_policies, place
        )
        groups = [self._group(arn, name) for name in user.group_list or ()]
        found = User(
            arn=arn,
            unique_id=user.user_id,
            policies=(*own, *(policy for group in groups for policy in group.policies)),
            boundary=self._boundary(arn, user.permissions_boundary),
            tags=tags_of(user.tags),
            groups=tuple(group.arn for group in groups),
        )
        self._keep(self._of(arn).users, arn, found, place)

    def add_role(self, role: iam.RoleDetail, place: Place) -> None:
        """A role, and the instance profiles that hold it."""
        arn = self._arn(role.arn, "role", place)
        found = Role(
            arn=arn,
            unique_id=role.role_id,
            trust=self._reading.policy(
                PolicyKind.TRUST,
                TRUST_POLICY,
                str(arn),
                role.assume_role_policy_document,
                place.at("AssumeRolePolicyDocument"),
                why_not(role.errors, "AssumeRolePolicyDocument"),
            ),
            policies=self._policies(
                arn, role.role_policy_list, "RolePolicyList", role.attached_managed_policies, place
            ),
            boundary=self._boundary(arn, role.permissions_boundary),
            tags=tags_of(role.tags),
            last_used=role.role_last_used.last_used_date if role.role_last_used else None,
            max_session_seconds=role.max_session_duration,
        )
        self._keep(self._of(arn).roles, arn, found, place)
        self._each(
            place,
            "InstanceProfileList",
            role.instance_profile_list,
            lambda profile, at: self.add_profile(profile, at, arn),
        )

    def add_profile(self, profile: iam.InstanceProfile, place: Place, *holds: Arn) -> None:
        """An instance profile; what several places say of it counts together."""
        arn = self._arn(profile.arn, "instance-profile", place)
        roles = {self._arn(role.arn, "role", place.at("Roles")) for role in profile.roles or ()}
        table = self._of(arn).profiles
        before = table[arn].roles if arn in table else ()
        table[arn] = InstanceProfile(arn, tuple(sorted({*before, *roles, *holds})))

    def skip(self, error: InputError) -> None:
        """Leave an entry out, where that is wanted."""
        self._reading.skip(error)
        self.complete = False

    def _each(
        self, place: Place, name: str, entries: Iterable[T] | None, add: Callable[[T, Place], None]
    ) -> None:
        for index, entry in enumerate(entries or ()):
            try:
                add(entry, place.at(f"{name}[{index}]"))
            except InputError as error:
                self.skip(error)

    def _of(self, arn: Arn) -> Found:
        return self.accounts.setdefault(AccountId(arn.account), Found())

    def _arn(self, text: str, kind: str, place: Place) -> Arn:
        arn = parse_arn(text)
        if (
            arn is None
            or not arn.resource.startswith(f"{kind}/")
            or arn.service != "iam"
            or not is_account_id(arn.account)
        ):
            raise place.at("Arn").error(f'is "{text}"; the ARN of a {kind.replace("-", " ")} was expected')
        if self._only is not None and arn.account != self._only:
            raise place.at("Arn").error(f'is "{text}"; this folder is for account {self._only}')
        return arn

    def _keep(self, table: dict[Arn, T], arn: Arn, item: T, place: Place) -> None:
        before = table.setdefault(arn, item)
        if before != item:
            self._reading.gap(
                str(arn), f"{place.file}: {place.within} differs from an entry before; that one counts"
            )

    def _group(self, user: Arn, name: str) -> Group:
        found = self._of(user).groups
        for arn, group in found.items():
            if arn.name == name:
                return group
        arn = Arn(user.partition, "iam", "", user.account, f"group/{name}")
        unread = Unread(PolicyKind.IDENTITY, GROUP_POLICIES, str(arn), "the group is not in the snapshot")
        return Group(arn, (unread,))

    def _policies(
        self,
        holder: Arn,
        inline: Iterable[iam.InlinePolicy] | None,
        inline_name: str,
        attached: Iterable[iam.AttachedPolicy] | None,
        place: Place,
    ) -> tuple[SomePolicy, ...]:
        own = [
            self._reading.policy(
                PolicyKind.IDENTITY,
                policy.policy_name,
                str(holder),
                policy.policy_document,
                place.at(f"{inline_name}[{index}]", "PolicyDocument"),
                why_not(policy.errors, "PolicyDocument"),
            )
            for index, policy in enumerate(inline or ())
        ]
        managed = {each.policy_arn: None for each in attached or ()}
        return (*own, *(self.managed_policy(PolicyKind.IDENTITY, arn, holder) for arn in managed))

    def _boundary(self, holder: Arn, boundary: iam.Boundary | None) -> SomePolicy | None:
        if boundary is None:
            return None
        return self.managed_policy(PolicyKind.BOUNDARY, boundary.permissions_boundary_arn, holder)

    def managed_policy(self, kind: PolicyKind, arn: str, holder: Arn) -> SomePolicy:
        """The managed policy of this ARN, as it hangs on its holder; unread where no page holds it."""
        found = self._managed.get(arn)
        if found is None:
            return self._reading.policy(kind, arn, str(holder), msgspec.UNSET, Place(""))
        return self._reading.policy(kind, arn, str(holder), found.document, found.place, found.why_not)
