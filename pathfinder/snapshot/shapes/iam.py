"""`iam get-account-authorization-details`, `list-access-keys`, `list-instance-profiles`, identity providers."""

from __future__ import annotations

import msgspec

from pathfinder.snapshot.shapes.base import Errors, Page, RawDocument, Shape, Tag


class InlinePolicy(Shape):
    """A policy embedded in a user, group or role."""

    policy_name: str
    policy_document: RawDocument = msgspec.UNSET
    errors: Errors | None = None


class AttachedPolicy(Shape):
    """A managed policy that is attached."""

    policy_arn: str


class Boundary(Shape):
    """The managed policy that is a permissions boundary."""

    permissions_boundary_arn: str


class Role(Shape):
    """A role named by an instance profile."""

    arn: str


class InstanceProfile(Shape):
    """An instance profile."""

    arn: str
    roles: list[Role] | None = None


class LastUsed(Shape):
    """When a role or key was last used; AWS leaves the date out, or says N/A, where it never was."""

    last_used_date: str | None = None


class UserDetail(Shape):
    """An entry of UserDetailList."""

    arn: str
    user_id: str | None = None
    user_policy_list: list[InlinePolicy] | None = None
    group_list: list[str] | None = None
    attached_managed_policies: list[AttachedPolicy] | None = None
    permissions_boundary: Boundary | None = None
    tags: list[Tag] | None = None


class GroupDetail(Shape):
    """An entry of GroupDetailList."""

    arn: str
    group_policy_list: list[InlinePolicy] | None = None
    attached_managed_policies: list[AttachedPolicy] | None = None


class RoleDetail(Shape):
    """An entry of RoleDetailList."""

    arn: str
    role_id: str | None = None
    assume_role_policy_document: RawDocument = msgspec.UNSET
    role_policy_list: list[InlinePolicy] | None = None
    attached_managed_policies: list[AttachedPolicy] | None = None
    instance_profile_list: list[InstanceProfile] | None = None
    permissions_boundary: Boundary | None = None
    tags: list[Tag] | None = None
    role_last_used: LastUsed | None = None
    max_session_duration: int | None = None
    errors: Errors | None = None


class PolicyVersion(Shape):
    """One version of a managed policy."""

    version_id: str | None = None
    is_default_version: bool = False
    document: RawDocument = msgspec.UNSET


class ManagedPolicyDetail(Shape):
    """An entry of Policies."""

    arn: str
    default_version_id: str | None = None
    policy_version_list: list[PolicyVersion] | None = None
    errors: Errors | None = None


class AuthorizationDetails(Page):
    """A page of `get-account-authorization-details`."""

    user_detail_list: list[UserDetail] | None = None
    group_detail_list: list[GroupDetail] | None = None
    role_detail_list: list[RoleDetail] | None = None
    policies: list[ManagedPolicyDetail] | None = None


class AccessKeyMetadata(Shape):
    """An entry of AccessKeyMetadata; AccessKeyLastUsed as `get-access-key-last-used` has it."""

    access_key_id: str
    user_name: str | None = None
    status: str = "Active"
    create_date: str | None = None
    access_key_last_used: LastUsed | None = None


class AccessKeys(Page):
    """A page of `list-access-keys`. `errors`: user name to why the keys of that user are not known."""

    access_key_metadata: list[AccessKeyMetadata] | None = None
    errors: Errors | None = None


class InstanceProfiles(Page):
    """A page of `list-instance-profiles`."""

    instance_profiles: list[InstanceProfile] | None = None


class Provider(Shape):
    """An OIDC or SAML provider; its details as `get-open-id-connect-provider` has them."""

    arn: str
    url: str | None = None
    client_ids: list[str] | None = msgspec.field(default=None, name="ClientIDList")


class Providers(Page):
    """`list-open-id-connect-providers`, `list-saml-providers`, or one `get-open-id-connect-provider`."""

    oidc: list[Provider] | None = msgspec.field(default=None, name="OpenIDConnectProviderList")
    saml: list[Provider] | None = msgspec.field(default=None, name="SAMLProviderList")
    url: str | None = None
    client_ids: list[str] | None = msgspec.field(default=None, name="ClientIDList")
