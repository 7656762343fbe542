"""Credentials that may lie in secrets, parameters, code and user data: what they open nobody can know.

They are never a hop, but named. Source: evaluation.md ESC-95.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.hops.registry import Edge
from pathfinder.model.organization import Gap

READS = (
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "lambda:GetFunction",
    "lambda:GetFunctionConfiguration",
    "ec2:DescribeInstanceAttribute",
)
"""Calls whose answers may hold credentials."""


@escalation("stored-credentials")
def stored_credentials(scene: Scene) -> Iterator[Edge | Gap]:
    """For each account, how many principals may read what may hold credentials."""
    for account in scene.world.snapshot.accounts:
        may: dict[str, set[str]] = {}
        for action in READS:
            for actor in scene.sources(action, account.id):
                if not isinstance(actor.caller, RootUser) and actor.node.id in scene.world.principals:
                    may.setdefault(action, set()).add(actor.node.id)
        if may:
            readers = set().union(*may.values())
            reason = (
                f"possible-credential: {len(readers)} of its principals may read what can hold credentials "
                f"({', '.join(sorted(may))}): what these open is not known"
            )
            yield Gap(f"account {account.id}", reason, (account.id,))
