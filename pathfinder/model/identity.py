"""IAM identities and what lets one start as them. Source: evaluation.md TERM-7, TERM-10, STS-40."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.policy.document import Policy, SomePolicy


@dataclass(frozen=True, slots=True)
class Group:
    """An IAM group: no principal, but its policies count for its members (TERM-10)."""

    arn: Arn
    policies: tuple[SomePolicy, ...]


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-term access key of a user; the secret is never read. `last_used` is AWS's own text."""

    id: str
    active: bool = True
    created: str | None = None
    last_used: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An IAM user. `policies`: its own and its groups', all identity-based (TERM-7).

    `access_keys` and `has_password` are None where the snapshot does not say. `unique_id`: `AIDA…`.
    """

    arn: Arn
    unique_id: str | None
    policies: tuple[SomePolicy, ...]
    boundary: SomePolicy | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Arn, ...] = ()
    access_keys: tuple[AccessKey, ...] | None = None
    has_password: bool | None = None
    has_mfa: bool | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role. `trust` is its trust policy; `unique_id`: `AROA…`."""

    arn: Arn
    unique_id: str | None
    trust: SomePolicy
    policies: tuple[SomePolicy, ...]
    boundary: SomePolicy | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    last_used: str | None = None
    max_session_seconds: int | None = None

    @property
    def service_linked(self) -> bool:
        """Neither SCPs nor RCPs restrict it, and only its service assumes it (ORG-2, ORG-21, STS-48)."""
        return self.arn.path.startswith("/aws-service-role/")

    @property
    def reserved(self) -> bool:
        """An Identity Center role: changed by its permission set only (EVAL-50)."""
        return self.arn.path.startswith("/aws-reserved/")


@dataclass(frozen=True, slots=True)
class InstanceProfile:
    """An instance profile; it holds at most one role (STS-40)."""

    arn: Arn
    roles: tuple[Arn, ...]


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version of a managed policy that is not its default one. `version`: AWS's own id, for example `v3`."""

    arn: Arn
    version: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """An OIDC or SAML provider of an account. `url`: the OIDC issuer without `https://`; None for SAML."""

    arn: Arn
    url: str | None = None
    audiences: tuple[str, ...] = ()

    @property
    def account(self) -> AccountId:
        """The account that trusts it."""
        return AccountId(self.arn.account)
