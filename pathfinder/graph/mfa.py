"""The open question whether a role session's requests say that MFA was not used, or nothing (D-21).

The key is taken as absent there. Where its value `false` would change the answer, that is said.
"""

from __future__ import annotations

from pathfinder.authorization.request import Level, Policies
from pathfinder.policy.compile import Compiler
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


MOST_KEPT = 1 << 17
"""Pairs of a policy and an action that are kept; then it is begun anew."""


class Mentions:
    """Which policies speak of MFA in what they say about an action; each is read once."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._known: dict[tuple[int, str], tuple[Policy, bool]] = {}
        self._of_levels: dict[tuple[tuple[int, ...], str], tuple[tuple[Level, ...], bool]] = {}

    def among(self, policies: Policies, action: str) -> bool:
        """Whether one of the policies does; the action decides which statements take part at all."""
        action = action.lower()
        of_one = (
            *policies.identity,
            *((policies.boundary,) if policies.boundary else ()),
            *policies.resource,
            *(endpoint.policy for endpoint in policies.endpoints),
        )
        if any(isinstance(policy, Policy) and self._speaks(policy, action) for policy in of_one):
            return True
        return self._do(policies.scp or (), action) or self._do(policies.rcp or (), action)

    def _do(self, levels: tuple[Level, ...], action: str) -> bool:
        """Whether one of the policies of these levels does."""
        key = (tuple(map(id, levels)), action)
        known = self._of_levels.get(key)
        if known is None:
            every = (policy for level in levels for policy in level.policies)
            does = any(isinstance(policy, Policy) and self._speaks(policy, action) for policy in every)
            known = self._of_levels[key] = levels, does
        return known[1]

    def _speaks(self, policy: Policy, action: str) -> bool:
        known = self._known.get((id(policy), action))
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            does = any(
                statement.may_apply(action)
                and any(entry.key.lower() == MFA for entry in statement.statement.conditions)
                for statement in self._compiler.compile(policy).statements
            )
            known = self._known[(id(policy), action)] = policy, does
        return known[1]
