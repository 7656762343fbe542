"""Policy documents as AWS writes them, read into frozen objects. Source: evaluation.md LANG-1 to LANG-6."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What a statement does where it matches (LANG-3)."""

    ALLOW = "Allow"
    DENY = "Deny"


class PolicyKind(Enum):
    """The policy types of AWS (TERM-10)."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "trust policy"
    KEY = "key policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"
    ACL = "access control list"
    GRANT = "KMS grant"


@dataclass(frozen=True, slots=True)
class PrincipalElement:
    """`Principal` or `NotPrincipal`: the forms listed under each type; `"*"` is `("*", ("*",))`."""

    entries: tuple[tuple[str, tuple[str, ...]], ...]
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class ConditionEntry:
    """One key under one operator of a statement's `Condition`, as written (COND-1)."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `fault` names what makes it malformed, None where it is well-formed (LANG-50).

    `effect` is None where it is missing or neither Allow nor Deny. `resources` is None where the statement
    has neither Resource nor NotResource, as in a trust policy (LANG-5).
    """

    index: int
    sid: str | None
    effect: Effect | None
    principal: PrincipalElement | None
    actions: tuple[str, ...]
    not_action: bool
    resources: tuple[str, ...] | None
    not_resource: bool
    conditions: tuple[ConditionEntry, ...]
    fault: str | None = None

    @property
    def actions_readable(self) -> bool:
        """Whether it is clear which actions it is about, malformed elsewhere or not."""
        return bool(self.actions) or self.fault is None

    @property
    def label(self) -> str:
        """How people name it: its Sid, or its place in the document."""
        return self.sid or f"Statement[{self.index}]"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document. `variables`: whether `${...}` has a meaning in it (LANG-4)."""

    version: str
    statements: tuple[Statement, ...]
    id: str | None = None

    @property
    def variables(self) -> bool:
        """Whether policy variables are read: only in version 2012-10-17 (LANG-4, LANG-40)."""
        return self.version == "2012-10-17"

    @property
    def faults(self) -> tuple[str, ...]:
        """What is malformed in it, one text for each such statement."""
        return tuple(f"{s.label}: {s.fault}" for s in self.statements if s.fault)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document with what it is, its name (ARN or inline name) and what it hangs on.

    `attached_to`: the ARN or id that it is attached to: for a group's policy the group, for an SCP the root,
    OU or account.
    """

    kind: PolicyKind
    name: str
    attached_to: str
    document: Document


@dataclass(frozen=True, slots=True)
class Unread:
    """A policy that is known to exist, or may exist, and whose document is not known: a gap."""

    kind: PolicyKind
    name: str
    attached_to: str
    reason: str


SomePolicy = Policy | Unread
