"""How each kind of node looks: its shape, the sign on it, and its name. Colours are in `page/graph.css`.

Shapes differ by outline and not by colour alone. Paths are SVG paths in a box of 48 by 48.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.graph.node import NodeKind


@dataclass(frozen=True, slots=True)
class Look:
    """One kind's look. `outline`: the shape. `sign`: drawn on it, holes by the even-odd rule."""

    one: str
    many: str
    outline: str
    sign: str


def _disc(x: float, y: float, radius: float) -> str:
    return (
        f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"
    )


_CIRCLE = _disc(24, 24, 22)
_HEXAGON = "M13 4h22l11 20l-11 20h-22l-11 -20z"
_OCTAGON = "M15 2h18l13 13v18l-13 13h-18l-13 -13v-18z"
_CHIP = "M9 5h30a4 4 0 0 1 4 4v30a4 4 0 0 1 -4 4h-30a4 4 0 0 1 -4 -4v-30a4 4 0 0 1 4 -4z"
_DIAMOND = "M24 1l23 23l-23 23l-23 -23z"
_SHIELD = "M24 2l20 6v15c0 12 -8 19 -20 23c-12 -4 -20 -11 -20 -23v-15z"
_GEAR = (
    "M20 2h8l1.5 6l5 2l5.3 -3.2l5.4 5.4l-3.2 5.3l2 5l6 1.5v0l0 0v6l-6 1.5l-2 5l3.2 5.3l-5.4 5.4l-5.3 -3.2"
    "l-5 2l-1.5 6h-8l-1.5 -6l-5 -2l-5.3 3.2l-5.4 -5.4l3.2 -5.3l-2 -5l-6 -1.5v-6l6 -1.5l2 -5l-3.2 -5.3"
    "l5.4 -5.4l5.3 3.2l5 -2z"
)
_PAIL = "M2 10c0 -5 10 -8 22 -8s22 3 22 8l-6 30c-0.6 3.5 -8 6 -16 6s-15.4 -2.5 -16 -6z"
_CLOUD = "M13 41c-15 0 -16 -17 -4 -19c-1 -15 18 -20 23 -8c9 -3 14 5 11 11c8 4 5 16 -5 16z"
_HOUSE = "M24 2l22 16v28h-44v-28z"

_PERSON = _disc(24, 17, 7) + "M10 38c0 -16 28 -16 28 0z"
_HELMET = "M12 29c0 -18 24 -18 24 0zM8 31h32v5h-32z"
_CROWN = "M11 35l-3 -19l9 8l7 -12l7 12l9 -8l-3 19z"
_CORE = (
    "M15 15h18v18h-18zM20 20v8h8v-8z"
    "M17 9h3v4h-3zM23 9h3v4h-3zM29 9h3v4h-3zM17 35h3v4h-3zM23 35h3v4h-3zM29 35h3v4h-3z"
)
_KEY = _disc(17, 24, 7) + _disc(17, 24, 3) + "M23.5 22h15v4h-2.5v5h-4v-5h-3v4h-4v-4h-1.5z"
_TICK = "M13 24l5 -5l5 5l10 -10l5 5l-15 15z"
_HOLE = _disc(24, 24, 8)
_RIM = "M6 11c3 -3.5 10 -5 18 -5s15 1.5 18 5c-3 3.5 -10 5 -18 5s-15 -1.5 -18 -5z"
_QUESTION = "M13 25h22v3h-22zM13 31h22v3h-22z"
_LAMBDA = "M14 10h8l12 28h-7l-6 -15l-7 15h-6l10 -21l-2 -3h-2z"
_BOXES = "M13 13h10v10h-10zM26 13h10v10h-10zM13 26h10v10h-10zM26 26h10v10h-10z"
_HELM = _disc(24, 24, 13) + _disc(24, 24, 9) + "M22 9h4v30h-4zM9 22h30v4h-30z"
_SCREEN = "M12 15h24v16h-24zM15 18v10h18v-10zM20 33h8v3h-8z"
_BADGE = _disc(24, 14, 5) + "M14 30c0 -12 20 -12 20 0zM14 33h20v4h-20z"
_PEOPLE = (
    _disc(17, 18, 5) + _disc(31, 18, 5) + "M7 35c0 -14 20 -14 20 0zM29 35c0 -4 -1 -7 -3 -9c5 -5 15 -1 15 9z"
)
_SEAL = _disc(24, 20, 8) + _disc(24, 20, 4) + "M19 28l-3 11l8 -4l8 4l-3 -11z"
_DOOR = "M19 44v-13h10v13zM12 22h7v6h-7zM29 22h7v6h-7z"

LOOKS: Mapping[NodeKind, Look] = {
    NodeKind.USER: Look("user", "users", _CIRCLE, _PERSON),
    NodeKind.ROLE: Look("role", "roles", _HEXAGON, _HELMET),
    NodeKind.ROOT: Look("root user", "root users", _OCTAGON, _CROWN),
    NodeKind.INSTANCE: Look("EC2 instance", "EC2 instances", _CHIP, _CORE),
    NodeKind.FUNCTION: Look("Lambda function", "Lambda functions", _CHIP, _LAMBDA),
    NodeKind.TASK_DEFINITION: Look("ECS task definition", "ECS task definitions", _CHIP, _BOXES),
    NodeKind.SERVICE_ACCOUNT: Look("Kubernetes service account", "Kubernetes service accounts", _CHIP, _HELM),
    NodeKind.CONSOLE_LOGIN: Look("console login", "console logins", _DIAMOND, _SCREEN),
    NodeKind.WORKFORCE_USER: Look("Identity Center user", "Identity Center users", _CIRCLE, _BADGE),
    NodeKind.WORKFORCE_GROUP: Look("Identity Center group", "Identity Center groups", _CIRCLE, _PEOPLE),
    NodeKind.TRUST_ANCHOR: Look("trust anchor", "trust anchors", _SHIELD, _SEAL),
    NodeKind.ACCESS_KEY: Look("access key", "access keys", _DIAMOND, _KEY),
    NodeKind.OIDC_PROVIDER: Look("OIDC provider", "OIDC providers", _SHIELD, _TICK),
    NodeKind.SAML_PROVIDER: Look("SAML provider", "SAML providers", _SHIELD, _TICK),
    NodeKind.SERVICE: Look("AWS service", "AWS services", _GEAR, _HOLE),
    NodeKind.ANONYMOUS: Look("anyone on the internet", "anyone on the internet", _CLOUD, _QUESTION),
    NodeKind.EXTERNAL: Look("outside principal", "outside principals", _HOUSE, _DOOR),
    NodeKind.BUCKET: Look("bucket", "buckets", _PAIL, _RIM),
    NodeKind.CHANGED: Look("principal after a change", "principals after a change", _DIAMOND, _PERSON),
    NodeKind.ADMINISTRATOR: Look("administrators of the account", "administrators", _OCTAGON, _PERSON),
    NodeKind.ACCESS_GRANT: Look("access grant", "access grants", _HEXAGON, _KEY),
    NodeKind.ROLE_SESSION: Look("session of a role", "sessions of roles", _DIAMOND, _HELMET),
    NodeKind.FEDERATED_USER: Look("federated user", "federated users", _DIAMOND, _TICK),
    NodeKind.ACCESS_POINT: Look("access point", "access points", _HOUSE, _HOLE),
}

_HOPS: Mapping[str, str] = {
    "assume-role": "AssumeRole",
    "instance-profile": "instance profile",
    "lambda-function": "execution role",
    "ecs-task": "ECS task role",
    "pod-identity": "EKS Pod Identity",
    "pod-identity-target": "EKS Pod Identity target role",
    "irsa": "IAM role for a service account",
    "identity-center": "Identity Center",
    "roles-anywhere": "IAM Roles Anywhere",
    "console-login": "logs in",
    "access-key": "holds key",
    "service": "service",
    "federated": "federated sign-in",
    "access": "S3 access",
    "escalation": "escalation",
    "access-point": "access point",
    "access-grant": "access grant",
    "federation-token": "GetFederationToken",
}


def hop_words(kind: str, via: str | None) -> str:
    """What a hop is, in a word or two: how the permission comes about, or the hop's kind."""
    return via or _HOPS.get(kind, kind.replace("-", " "))
