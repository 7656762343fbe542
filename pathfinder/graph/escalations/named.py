"""Principals that resource policies name one by one: whoever else has all permissions still is not them."""

from __future__ import annotations

from pathfinder.aws.arn import parse_arn
from pathfinder.graph.principals import named_principals
from pathfinder.graph.world import World
from pathfinder.logic.patterns import parse_pattern
from pathfinder.policy.document import Policy, SomePolicy


class Named:
    """ARNs and patterns of users and roles that a bucket policy or trust policy names, in principals or conditions."""

    def __init__(self, world: World) -> None:
        policies: list[SomePolicy] = [role.trust for role in world.roles.values()]
        policies.extend(bucket.policy for bucket in world.buckets.values() if bucket.policy is not None)
        texts = {text for _, text in named_principals(tuple(policies))}
        for policy in policies:
            if isinstance(policy, Policy):
                for statement in policy.document.statements:
                    for entry in statement.conditions:
                        texts.update(entry.values)
        arns = {text for text in texts if (arn := parse_arn(text)) is not None and "/" in arn.resource}
        wild = sorted(text for text in arns if "*" in text or "?" in text)
        self._arns = frozenset(arns)
        self._patterns = tuple(parse_pattern(text, variables=False) for text in wild)

    def holds(self, arn: str) -> bool:
        """Whether some policy names this user or role, by itself or by a pattern."""
        return arn in self._arns or any(pattern.matches(arn) for pattern in self._patterns)
