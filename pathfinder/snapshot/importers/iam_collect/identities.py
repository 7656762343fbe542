"""Users, groups, roles, policies and providers of an account, brought into AWS's own shapes."""

from __future__ import annotations

from typing import TypeVar

from msgspec import UNSET

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import IdentityProvider
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.importers.iam_collect.entries import Entry, entries
from pathfinder.snapshot.importers.iam_collect.shapes import Metadata, PrincipalMetadata, ProviderMetadata
from pathfinder.snapshot.parts.identities import Identities
from pathfinder.snapshot.parts.providers import provider_of
from pathfinder.snapshot.reading import Reading
from pathfinder.snapshot.shapes import iam

T = TypeVar("T")


def identities(reading: Reading, folder: str, account: AccountId) -> Identities:
    """Everything in an account's `iam` folder but the providers."""
    found = Identities(reading, only=account)
    for kind in ("policy", "aws/policy"):
        for entry, metadata in entries(reading, below(folder, kind), Metadata):
            if _has_arn(found, entry, metadata):
                found.add_managed(_managed_policy(entry, metadata), entry.place)
    for kind, add in (
        ("group", _add_group),
        ("user", _add_user),
        ("role", _add_role),
        ("instance-profile", _add_profile),
    ):
        for entry, principal in entries(reading, below(folder, kind), PrincipalMetadata):
            if _has_arn(found, entry, principal):
                try:
                    add(found, entry, principal)
                except InputError as error:
                    found.skip(error)
    return found


def providers(reading: Reading, folder: str) -> tuple[IdentityProvider, ...]:
    """The OIDC and SAML providers."""
    found = []
    for kind in ("oidc-provider", "saml-provider"):
        for entry, metadata in entries(reading, below(folder, kind), ProviderMetadata):
            shape = iam.Provider(arn=metadata.arn or "", url=metadata.url, client_ids=metadata.client_ids)
            if provider := provider_of(reading, shape, {}, entry.place):
                found.append(provider)
    return tuple(found)


def _has_arn(found: Identities, entry: Entry, metadata: Metadata) -> bool:
    if metadata.arn is None:
        found.skip(entry.place.at("Arn").error("is missing"))
    return metadata.arn is not None


def _managed_policy(entry: Entry, metadata: Metadata) -> iam.ManagedPolicyDetail:
    version = iam.PolicyVersion(is_default_version=True, document=entry.document("current-policy.json"))
    return iam.ManagedPolicyDetail(arn=metadata.arn or "", policy_version_list=[version])


def _add_group(found: Identities, entry: Entry, metadata: PrincipalMetadata) -> None:
    lost: list[iam.InlinePolicy] = []
    managed = _managed(entry, lost)
    group = iam.GroupDetail(
        arn=metadata.arn or "", group_policy_list=_inline(entry, lost), attached_managed_policies=managed
    )
    found.add_group(group, entry.place)


def _add_user(found: Identities, entry: Entry, metadata: PrincipalMetadata) -> None:
    lost: list[iam.InlinePolicy] = []
    groups = _list(entry, "groups.json", list[str], lost)
    managed = _managed(entry, lost)
    user = iam.UserDetail(
        arn=metadata.arn or "",
        user_id=metadata.id,
        user_policy_list=_inline(entry, lost),
        group_list=[group.rsplit("/", 1)[-1] for group in groups],
        attached_managed_policies=managed,
        permissions_boundary=_boundary(metadata),
        tags=entry.tags(),
    )
    found.add_user(user, entry.place)


def _add_role(found: Identities, entry: Entry, metadata: PrincipalMetadata) -> None:
    lost: list[iam.InlinePolicy] = []
    managed = _managed(entry, lost)
    profiles = entry.file("instance-profiles.json", list[str]) or []
    role = iam.RoleDetail(
        arn=metadata.arn or "",
        role_id=metadata.id,
        assume_role_policy_document=entry.document("trust-policy.json"),
        role_policy_list=_inline(entry, lost),
        attached_managed_policies=managed,
        instance_profile_list=[iam.InstanceProfile(arn=each) for each in profiles],
        permissions_boundary=_boundary(metadata),
        tags=entry.tags(),
    )
    found.add_role(role, entry.place)


def _add_profile(found: Identities, entry: Entry, metadata: PrincipalMetadata) -> None:
    found.add_profile(iam.InstanceProfile(arn=metadata.arn or ""), entry.place)


def _inline(entry: Entry, lost: list[iam.InlinePolicy]) -> list[iam.InlinePolicy]:
    """The inline policies, and behind them, as unread, what other files should have said."""
    own = _list(entry, "inline-policies.json", list[iam.InlinePolicy], lost)
    return [*own, *lost]


def _managed(entry: Entry, lost: list[iam.InlinePolicy]) -> list[iam.AttachedPolicy]:
    return [
        iam.AttachedPolicy(policy_arn=arn) for arn in _list(entry, "managed-policies.json", list[str], lost)
    ]


def _boundary(metadata: PrincipalMetadata) -> iam.Boundary | None:
    arn = metadata.permission_boundary
    return iam.Boundary(permissions_boundary_arn=arn) if arn else None


def _list(entry: Entry, name: str, shape: type[list[T]], lost: list[iam.InlinePolicy]) -> list[T]:
    """A file's list. Policies in a file that is left out must not vanish: they are noted in `lost`."""
    found = entry.file(name, shape)
    if found is None and entry.has(name):
        reason = f"{below(entry.folder, name)} is not usable; left out"
        stem = name.removesuffix(".json")
        lost.append(
            iam.InlinePolicy(policy_name=stem, policy_document=UNSET, errors={"PolicyDocument": reason})
        )
    return found or []
