"""People and machines that sign in from outside AWS: IAM Identity Center, and IAM Roles Anywhere.

Source: evaluation.md STS-45, STS-46.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.policy.document import SomePolicy


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set; in each account that it is assigned in there is a role of its name (STS-46)."""

    arn: Arn
    name: str


@dataclass(frozen=True, slots=True)
class WorkforceUser:
    """A user of an identity store. `name` becomes the name of its role sessions; None where not known."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class WorkforceGroup:
    """A group of an identity store. `members`: ids of users; None where not known."""

    id: str
    name: str | None = None
    members: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """That a user or a group may use a permission set in an account. `kind`: USER or GROUP."""

    account: AccountId
    permission_set: Arn
    kind: str
    principal: str


@dataclass(frozen=True, slots=True)
class IdentityCenter:
    """An instance of IAM Identity Center, in the account that owns it."""

    arn: Arn
    permission_sets: tuple[PermissionSet, ...] = ()
    users: tuple[WorkforceUser, ...] = ()
    groups: tuple[WorkforceGroup, ...] = ()
    assignments: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """A trust anchor of Roles Anywhere: whose certificates count. `enabled` None where not known."""

    arn: Arn
    name: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class AnywhereProfile:
    """A profile of Roles Anywhere: the roles that certificates lead to, and what limits their sessions.

    `session_policies`: the inline one and the managed ones, all of them one set (LANG-9); None where none is set.
    """

    arn: Arn
    name: str | None = None
    enabled: bool | None = None
    roles: tuple[Arn, ...] = ()
    session_policies: tuple[SomePolicy, ...] | None = None
    accepts_session_name: bool = False
