"""IAM users to sessions of sts:GetFederationToken that policies name, and these to data. Source: STS-21."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.access import accesses
from pathfinder.graph.access_points import buckets_behind, points_of
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.doors import Door
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.federation_tokens import (
    GET_FEDERATION_TOKEN,
    TokenSession,
    sessions_named,
    started,
    token_sessions,
)
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, KeyTest, Unknown, all_of, any_of, rewrite
from pathfinder.logic.values import variables_of
from pathfinder.model.organization import Gap
from pathfinder.policy.resources import Target


@hop_kind("federation-token", carries=False)
def federation_token(world: World) -> Iterator[Edge | Gap]:
    """From each user that may call sts:GetFederationToken to the session with a name that a policy lets in."""
    begun: list[TokenSession] = []
    for session in token_sessions(world).values():
        hop = _asked(world, session)
        if hop is not None:
            begun.append(session)
            yield Edge(session.user.node, session.actor.node, hop)
    doors = _naming(world) if begun else {}
    for session in begun:
        yield from _reached(world, session, doors.get(session.arn, ()))


def _asked(world: World, session: TokenSession) -> Hop | None:
    """The call; on which resource it is authorized is not said: what only one of the two allows is not known."""
    user, resource = session.user, started(session.arn)
    own = Resource(Target(session.user_arn), session.arn.account, tags=user.tags)
    decisions = tuple(world.decide(user, GET_FEDERATION_TOKEN, each) for each in (resource, own))
    allowed = [each.allowed for each in decisions]
    either = all_of(*allowed)
    if allowed[0] != allowed[1]:
        either = any_of(either, all_of(Unknown(_ON_WHAT), any_of(*allowed)))
    settled = settle(world, user, GET_FEDERATION_TOKEN, resource, rewrite(either, _of_tags))
    if settled is None:
        return None
    return Hop(
        "federation-token",
        user.node.id,
        session.actor.node.id,
        settled.condition,
        (GET_FEDERATION_TOKEN,),
        (str(session.arn),),
        evidence=evidence_of(decisions),
        witness=settled.witness,
        gaps=settled.gaps,
        notes=(_SESSION_POLICY,),
    )


def _reached(world: World, session: TokenSession, doors: tuple[Door, ...]) -> Iterator[Edge]:
    """What the session does where a policy names it; what it does elsewhere, as its user does, is not followed."""
    for door in doors:
        for hop in accesses(world, session.actor, door.bucket, point=door.point):
            yield Edge(session.actor.node, bucket_node(world, door.bucket), hop)


def _naming(world: World) -> dict[Arn, tuple[Door, ...]]:
    """Federated user to the buckets, and access points before them, of which some policy names it."""
    found: dict[Arn, list[Door]] = {}
    through = (Door(bucket, point) for point in points_of(world) for bucket in buckets_behind(world, point))
    for door in (*(Door(bucket, None) for bucket in world.buckets.values()), *through):
        own = door.point.policy if door.point is not None else None
        for arn in sessions_named(world, (door.bucket.policy, own)):
            found.setdefault(arn, []).append(door)
    return {arn: tuple(doors) for arn, doors in found.items()}


def _of_tags(leaf: KeyTest | Unknown) -> Formula:
    """Passing session tags needs sts:TagSession besides: calls that ask for some are not followed."""
    if isinstance(leaf, Unknown):
        return leaf
    keys = (leaf.key, *(variable.key for variable in variables_of(leaf.value)))
    return Unknown(_TAGS) if any(each.startswith(_PASSED) for each in keys) else leaf


_PASSED = ("aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys")
_ON_WHAT = (
    f"on the ARN of the session or on that of its user: on which {GET_FEDERATION_TOKEN} is authorized is not known, "
    "and policies allow it on one alone (STS-21)"
)
_TAGS = f"which session tags {GET_FEDERATION_TOKEN} passes is not followed (STS-21, STS-25)"
_SESSION_POLICY = "the session policy that the call passes is taken to allow everything; it can only narrow"
