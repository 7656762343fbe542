"""Sessions of sts:GetFederationToken that policies name: for each, the IAM users of its account that may start it.

Source: evaluation.md STS-21, PRIN-4, PRIN-7, EVAL-10, D-13.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.authorization.caller import FederatedUser
from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.access_points import points_of
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import Actor, named_principals
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy
from pathfinder.policy.parse import parse_document
from pathfinder.policy.resources import Target

GET_FEDERATION_TOKEN = "sts:GetFederationToken"
_SESSION = "federated-user/"


@dataclass(frozen=True, slots=True, eq=False)
class TokenSession:
    """A session of the federated user `arn` that an IAM user, `user`, starts; `actor` is the session."""

    arn: Arn
    user: Actor
    user_arn: Arn
    actor: Actor


def token_sessions(world: World) -> dict[str, TokenSession]:
    """The sessions that policies of buckets and access points name, by node id, of each user of their account.

    Whether the user may start it is not decided here. Computed once.
    """
    if not isinstance(world.tokens, dict):
        world.tokens = {each.actor.node.id: each for each in _sessions(world)}
    found: dict[str, TokenSession] = world.tokens
    return found


def sessions_named(world: World, policies: tuple[SomePolicy | None, ...]) -> frozenset[Arn]:
    """The federated users, of accounts of the snapshot, whom Allow statements name as principals (PRIN-7)."""
    held = tuple(each for each in policies if isinstance(each, Policy))
    arns = (parse_arn(text) for kind, text in named_principals(held) if kind == "AWS")
    return frozenset(arn for arn in arns if arn is not None and _is_session(world, arn))


def started(arn: Arn) -> Resource:
    """The session's ARN as what sts:GetFederationToken is asked for."""
    return Resource(Target(arn), arn.account)


def _sessions(world: World) -> Iterator[TokenSession]:
    buckets = tuple(bucket.policy for bucket in world.buckets.values())
    named = sessions_named(world, (*buckets, *(point.policy for point in points_of(world))))
    for arn in sorted(named, key=str):
        for user in world.accounts[arn.account].users:
            if user.arn.partition == arn.partition:
                by = world.actors[str(user.arn)]
                yield TokenSession(arn, by, user.arn, _actor(arn, by, user.arn))


def _is_session(world: World, arn: Arn) -> bool:
    name = arn.resource.removeprefix(_SESSION)
    whole = bool(name) and name != arn.resource and "/" not in name and ":" not in name
    return arn.service == "sts" and whole and arn.account in world.accounts


def _actor(arn: Arn, user: Actor, own: Arn) -> Actor:
    """The session with the user's policies and boundary; whoever starts it gives it a session policy.

    That can only narrow: one that allows everything shows all that such a session can do.
    """
    everything = parse_document(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    label = f"{arn.name} by {own.name}"
    return Actor(
        Node(f"{arn}:{own.resource}", NodeKind.FEDERATED_USER, label, arn.account),
        FederatedUser(arn, own),
        user.policies,
        user.boundary,
        session=(Policy(PolicyKind.SESSION, "session policy that allows everything", str(arn), everything),),
    )
