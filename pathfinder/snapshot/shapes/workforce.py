"""`sso-admin` and `identitystore` calls, and those of `rolesanywhere`, which name fields in camel case."""

from __future__ import annotations

from pathfinder.snapshot.shapes.base import CamelPage, CamelShape, Errors, Page, Shape


class InstanceEntry(Shape):
    """An instance of Identity Center."""

    instance_arn: str
    identity_store_id: str | None = None


class Instances(Page):
    """`sso-admin list-instances`."""

    instances: list[InstanceEntry] | None = None


class PermissionSetEntry(Shape):
    """A permission set."""

    permission_set_arn: str
    name: str


class PermissionSets(Page):
    """`sso-admin list-permission-sets`, or one `describe-permission-set`."""

    permission_sets: list[str] | None = None
    permission_set: PermissionSetEntry | None = None


class AssignmentEntry(Shape):
    """Who may use a permission set in an account."""

    account_id: str
    permission_set_arn: str
    principal_type: str
    principal_id: str


class Assignments(Page):
    """`sso-admin list-account-assignments`, of every account and permission set."""

    account_assignments: list[AssignmentEntry] | None = None


class UserEntry(Shape):
    """A user of an identity store."""

    user_id: str
    user_name: str | None = None


class Users(Page):
    """`identitystore list-users`."""

    users: list[UserEntry] | None = None


class GroupEntry(Shape):
    """A group of an identity store."""

    group_id: str
    display_name: str | None = None


class Groups(Page):
    """`identitystore list-groups`."""

    groups: list[GroupEntry] | None = None


class MemberId(Shape):
    """Who is a member."""

    user_id: str | None = None


class MembershipEntry(Shape):
    """A member of a group."""

    group_id: str
    member_id: MemberId


class Memberships(Page):
    """`identitystore list-group-memberships`, of every group."""

    group_memberships: list[MembershipEntry] | None = None


class TrustAnchorEntry(CamelShape):
    """A trust anchor."""

    trust_anchor_arn: str
    name: str | None = None
    enabled: bool | None = None


class TrustAnchors(CamelPage):
    """`rolesanywhere list-trust-anchors`."""

    trust_anchors: list[TrustAnchorEntry] | None = None


class ProfileEntry(CamelShape):
    """A profile. `session_policy`: a policy document as text; empty or absent where there is none."""

    profile_arn: str
    name: str | None = None
    enabled: bool | None = None
    role_arns: list[str] | None = None
    session_policy: str | None = None
    managed_policy_arns: list[str] | None = None
    accept_role_session_name: bool | None = None
    errors: Errors | None = None


class Profiles(CamelPage):
    """`rolesanywhere list-profiles`."""

    profiles: list[ProfileEntry] | None = None
