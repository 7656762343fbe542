"""Certificates of one's own under a new trust anchor. Source: evaluation.md ESC-36, STS-45."""

from __future__ import annotations

from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import Any

PASS_ROLE = (
    PassRole(
        "ESC-36",
        "rolesanywhere.amazonaws.com",
        (Any("rolesanywhere:CreateTrustAnchor"), Any("rolesanywhere:CreateProfile")),
        "a new trust anchor and profile of IAM Roles Anywhere",
    ),
)
