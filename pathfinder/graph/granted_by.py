"""How a permission at a bucket comes about, in the words that reports show.

Source: evaluation.md 4.2, 4.3, S3-4.
"""

from __future__ import annotations

from pathfinder.authorization.acl import BUCKET_ACL, OBJECT_ACL
from pathfinder.authorization.caller import Anonymous, RootUser, ServiceCaller, account_of
from pathfinder.authorization.decision import Decision, LayerKind, Strength
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import PolicyKind


def granted_by(world: World, actor: Actor, bucket: Bucket, decisions: list[Decision]) -> str:
    """How the permission comes about, in words that reports show; across accounts both sides are needed anyway."""
    match actor.caller:
        case Anonymous():
            return "public"
        case RootUser() if actor.account == bucket.account:
            return "root user"
        case _:
            pass
    if isinstance(actor.caller, ServiceCaller) or (bucket.account and actor.account != bucket.account):
        return _of_resource(
            decisions, "object owner" if _owns_objects(world, actor, bucket) else "bucket policy"
        )
    strengths = {
        match.strength for decision in decisions for layer in decision.layers for match in layer.matches
    }
    identity = any(
        match.kind is PolicyKind.IDENTITY
        for decision in decisions
        for layer in decision.layers
        for match in layer.matches
        if match.effect.value == "Allow"
    )
    if identity:
        return "identity policy"
    if not strengths & {Strength.DIRECT, Strength.ROLE}:
        return "identity policy"
    return _of_resource(decisions, "bucket policy")


def _owns_objects(world: World, actor: Actor, bucket: Bucket) -> bool:
    """Whether the actor's account owns some of the bucket's objects, so that it needs no grant for them (S3-4)."""
    account = account_of(actor.caller)
    return any(
        each.owner == account for each in world.bucket_resource(bucket, objects=True).acls.foreign_objects
    )


def _of_resource(decisions: list[Decision], otherwise: str) -> str:
    """What the resource's side grants by: its policy before its ACLs."""
    granting = {
        match.policy if match.kind is PolicyKind.ACL else "bucket policy"
        for decision in decisions
        for layer in decision.layers
        if layer.kind in (LayerKind.RESOURCE, LayerKind.ACL)
        for match in layer.matches
        if match.effect.value == "Allow" and match.condition != FALSE
    }
    return next((each for each in ("bucket policy", BUCKET_ACL, OBJECT_ACL) if each in granting), otherwise)
