"""Who makes a request. Source: evaluation.md TERM-4, TERM-7, TERM-8, EVAL-40, EVAL-45, STS-20."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pathfinder.aws.arn import Arn


class SessionName(Enum):
    """What is said of a role session's name where no single name is given (TERM-8, STS-9)."""

    UNNAMED = "unnamed"
    """A session whose name no policy names: what a role's ARN as principal means."""
    OPEN = "open"
    """Whatever name the caller chooses: the key `SESSION_NAME` in formulas."""


@dataclass(frozen=True, slots=True)
class RootUser:
    """The root user of an account."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class UserCaller:
    """An IAM user, with a long-term key or by GetSessionToken."""

    arn: Arn
    unique_id: str | None = None


@dataclass(frozen=True, slots=True)
class RoleSession:
    """A session of a role. `role` has no path where only the session's ARN is known (TERM-9)."""

    role: Arn
    session: str | SessionName
    unique_id: str | None = None
    path_known: bool = True
    provider: str | None = None

    @property
    def service_linked(self) -> bool:
        """A session of a service-linked role (ORG-2, ORG-21)."""
        return self.role.path.startswith("/aws-service-role/") or (
            not self.path_known and self.role.name.startswith("AWSServiceRoleFor")
        )


@dataclass(frozen=True, slots=True)
class FederatedUser:
    """A GetFederationToken session. `user` is the IAM user that made it, None where not known (D-13)."""

    arn: Arn
    user: Arn | None = None


@dataclass(frozen=True, slots=True)
class ServiceCaller:
    """An AWS service principal acting as itself (EVAL-45)."""

    name: str


@dataclass(frozen=True, slots=True)
class IdentityProviderCaller:
    """A caller whom an OIDC or SAML provider has proven, before it has an AWS session (STS-20)."""

    provider: str


@dataclass(frozen=True, slots=True)
class Anonymous:
    """An unsigned request (EVAL-40)."""


Caller = (
    RootUser | UserCaller | RoleSession | FederatedUser | ServiceCaller | IdentityProviderCaller | Anonymous
)


def account_of(caller: Caller) -> str | None:
    """The principal account P; None for anonymous callers, services and proven identities (TERM-4)."""
    match caller:
        case RootUser(arn) | UserCaller(arn) | FederatedUser(arn):
            return arn.account
        case RoleSession(role):
            return role.account
        case ServiceCaller() | IdentityProviderCaller() | Anonymous():
            return None


def partition_of(caller: Caller) -> str | None:
    """The caller's partition; None for callers that belong to none of their own (TERM-6)."""
    match caller:
        case RootUser(arn) | UserCaller(arn) | FederatedUser(arn):
            return arn.partition
        case RoleSession(role):
            return role.partition
        case ServiceCaller() | IdentityProviderCaller() | Anonymous():
            return None


def caller_text(caller: Caller) -> str:
    """The caller as a scenario's `principal`: an ARN, a service or provider, or `anonymous`."""
    match caller:
        case RootUser(arn) | UserCaller(arn) | FederatedUser(arn):
            return str(arn)
        case RoleSession(role, str() as session):
            return f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session}"
        case RoleSession(role):
            return str(role)
        case ServiceCaller(name):
            return name
        case IdentityProviderCaller(provider):
            return provider
        case Anonymous():
            return "anonymous"
