"""Sessions of sts:GetFederationToken: where policies grant to them, that nobody follows who starts them.

Source: evaluation.md STS-21, PRIN-7, D-13.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.federation_tokens import GET_FEDERATION_TOKEN, sessions_named, started
from pathfinder.graph.principals import root_of
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Effect, Policy, SomePolicy, Statement
from pathfinder.policy.resources import Target

_SESSION = ":federated-user/"
_TYPE = "federateduser"


def federated_users(world: World, policies: tuple[SomePolicy, ...], place: str, what: str) -> Iterator[Gap]:
    """A gap where policies grant to federated users of accounts of the snapshot in a way that no hop follows.

    Users that may start a session with a name that a policy gives are followed (`federation_tokens`), root users are
    not; nor are sessions that a condition means, whose name is whatever the caller chooses.
    """
    named = sorted(sessions_named(world, policies), key=str)
    for arn in [each for each in named if _by_root(world, each)][:1]:
        reason = (
            f"{what} lets the federated user {arn} in: that the root user of account {arn.account} may start such a "
            "session with sts:GetFederationToken is not followed"
        )
        yield Gap(place, reason, (place,))
    if any(_asks_for_them(world, each) for policy in policies for each in _allows(policy)):
        reason = (
            f"{what} lets federated users in: which users start such a session with sts:GetFederationToken "
            "is not followed"
        )
        yield Gap(place, reason, (place,))


def _by_root(world: World, arn: Arn) -> bool:
    """Whether the account's root user may call sts:GetFederationToken, whatever it is authorized on."""
    root = root_of(arn.account, arn.partition)
    actor = world.actors.get(root.node.id, root)
    asked = (started(arn), Resource(Target(Arn(arn.partition, "iam", "", arn.account, "root")), arn.account))
    return any(world.decide(actor, GET_FEDERATION_TOKEN, each).allowed != FALSE for each in asked)


def _allows(policy: SomePolicy) -> Iterator[Statement]:
    if isinstance(policy, Policy):
        yield from (each for each in policy.document.statements if each.effect is Effect.ALLOW)


def _asks_for_them(world: World, statement: Statement) -> bool:
    """Whether a condition names such sessions, by ARN or by kind, and the principal does not name them all."""
    if statement.principal is not None and not statement.principal.inverted:
        texts = [text for _, named in statement.principal.entries for text in named]
        if all(_SESSION in text for text in texts):
            return False
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
