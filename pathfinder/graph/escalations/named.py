"""Principals that resource policies name one by one: whoever else has all permissions still is not them."""

from __future__ import annotations

from pathfinder.aws.arn import parse_arn
from pathfinder.graph.principals import named_principals
from pathfinder.graph.world import World
from pathfinder.policy.document import Policy, SomePolicy


def named_elsewhere(world: World) -> frozenset[str]:
    """ARNs of users and roles that a bucket policy or trust policy names, in its principals or conditions."""
    policies: list[SomePolicy] = [role.trust for role in world.roles.values()]
    policies.extend(bucket.policy for bucket in world.buckets.values() if bucket.policy is not None)
    found = {text for _, text in named_principals(tuple(policies))}
    for policy in policies:
        if isinstance(policy, Policy):
            for statement in policy.document.statements:
                for entry in statement.conditions:
                    found.update(entry.values)
    return frozenset(text for text in found if (arn := parse_arn(text)) is not None and arn.service == "iam")
