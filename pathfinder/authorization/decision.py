"""What a decision is: a condition, with the layers and statements that made it.

Source: evaluation.md TERM-3, TERM-11, COND-51, COND-52.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pathfinder.logic.formula import FALSE, Formula
from pathfinder.policy.document import Effect, PolicyKind


class Outcome(Enum):
    """AWS's three outcomes (TERM-3), in the words of the scenario format."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit-deny"
    IMPLICIT_DENY = "implicit-deny"


class Strength(Enum):
    """The power of a matched Allow in a resource-based policy (PRIN-24)."""

    DIRECT = "direct"
    ROLE = "role"
    ACCOUNT = "account"
    SERVICE = "service"
    FEDERATED = "federated"


class LayerKind(Enum):
    """The steps of AWS's evaluation, in its order (TERM-11)."""

    RULE = "service rule"
    RCP = "resource control policies"
    SCP = "service control policies"
    ENDPOINT = "VPC endpoint policy"
    PUBLIC_ACCESS = "S3 Block Public Access"
    RESOURCE = "resource-based policy"
    GRANT = "KMS grants"
    ACL = "S3 access control lists"
    IDENTITY = "identity-based policies"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that can match the request, and when. `strength` is set for Allows of resource policies."""

    kind: PolicyKind
    policy: str
    attached_to: str
    statement: str
    index: int
    effect: Effect
    condition: Formula
    strength: Strength | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's part in the decision.

    `applies`: whether the layer takes part at all. `allows`: when the layer lets the request pass, its
    Denies left aside (for a granting layer: when it grants). `denies`: when one of its Denies matches.
    `matches`: every statement that is not plainly beside the request, in order.
    `note`: why the layer does not apply, or what a person should know of it.
    """

    kind: LayerKind
    applies: bool
    allows: Formula
    denies: Formula = FALSE
    matches: tuple[Match, ...] = ()
    level: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """When a request is allowed, when it is explicitly denied, and every layer's part in that.

    `allowed` is exact up to the unknowns in it; `denied` is the explicit denies alone. `layers` stand in the
    order of evaluation. `warnings`: things a reader should know that do not change the decision.
    """

    allowed: Formula
    denied: Formula
    layers: tuple[Layer, ...]
    warnings: tuple[str, ...] = ()
