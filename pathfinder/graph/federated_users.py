"""Sessions of sts:GetFederationToken: where policies grant to them, that nobody follows who starts them.

Source: evaluation.md STS-21, PRIN-7, D-13.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import parse_arn
from pathfinder.graph.principals import named_principals
from pathfinder.graph.world import World
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Effect, Policy, SomePolicy, Statement

_SESSION = ":federated-user/"
_TYPE = "federateduser"


def federated_users(world: World, policies: tuple[SomePolicy, ...], place: str, what: str) -> Iterator[Gap]:
    """A gap where policies grant to federated users of accounts of the snapshot.

    Any user or root who may call sts:GetFederationToken chooses the name; such a session is no start, and no hop.
    """
    named = {text for kind, text in named_principals(policies) if kind == "AWS" and _is_held(world, text)}
    if named or any(_asks_for_them(world, each) for policy in policies for each in _allows(policy)):
        whom = f"the federated user {min(named)}" if named else "federated users"
        reason = f"{what} lets {whom} in: which users start such a session with sts:GetFederationToken is not followed"
        yield Gap(place, reason, (place,))


def _is_held(world: World, text: str) -> bool:
    arn = parse_arn(text)
    return arn is not None and _SESSION in text and arn.account in world.accounts


def _allows(policy: SomePolicy) -> Iterator[Statement]:
    if isinstance(policy, Policy):
        yield from (each for each in policy.document.statements if each.effect is Effect.ALLOW)


def _asks_for_them(world: World, statement: Statement) -> bool:
    """Whether a condition names such sessions, by ARN or by kind."""
    return any(
        (key == "aws:principalarn" and _is_session_of_some(world, value))
        or (key == "aws:principaltype" and value.lower() == _TYPE)
        for entry in statement.conditions
        for key in (entry.key.lower(),)
        for value in entry.values
    )


def _is_session_of_some(world: World, value: str) -> bool:
    """Whether an ARN, or a pattern of ARNs, is of federated users of an account of the snapshot."""
    if _SESSION not in value or value.count(":") < 5:
        return False
    account = parse_pattern(value.split(":")[4], variables=False)
    return any(account.matches(each) for each in world.accounts)
