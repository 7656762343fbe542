"""The open question whether a role session's requests say that MFA was not used, or nothing (D-21).

The key is taken as absent there. Where its value `false` would change the answer, that is said.
"""

from __future__ import annotations

from pathfinder.authorization.request import Policies
from pathfinder.policy.context import Context, Values
from pathfinder.policy.document import Policy

MFA = "aws:multifactorauthpresent"
MFA_UNKNOWN = (
    "whether requests of a role session carry aws:MultiFactorAuthPresent with the value false, or not at all, "
    "is not known: taken as not at all"
)


def said_false(context: Context) -> Context:
    """The context with the key saying that MFA was not used."""
    return Context({**context.states, MFA: Values(("false",))}, context.otherwise)


class Mentions:
    """Which policies speak of MFA; each is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Policy, bool]] = {}

    def among(self, policies: Policies) -> bool:
        """Whether one of the policies does."""
        levels = (*(policies.scp or ()), *(policies.rcp or ()))
        every = (
            *policies.identity,
            *((policies.boundary,) if policies.boundary else ()),
            *policies.resource,
            *(policy for level in levels for policy in level.policies),
            *(endpoint.policy for endpoint in policies.endpoints),
        )
        return any(isinstance(policy, Policy) and self._speaks(policy) for policy in every)

    def _speaks(self, policy: Policy) -> bool:
        known = self._known.get(id(policy))
        if known is None:
            entries = (entry for each in policy.document.statements for entry in each.conditions)
            known = self._known[id(policy)] = (policy, any(entry.key.lower() == MFA for entry in entries))
        return known[1]
