"""Who may be allowed a change of a bucket: by its own policies, or by the bucket's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pathfinder.graph.bucket_acls import NO_ACLS
from pathfinder.graph.callers import callers_of
from pathfinder.graph.escalations.registry import Scene
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Effect, Policy


def askers(scene: Scene, action: str, bucket: Bucket, *, objects: bool = False) -> Iterator[Actor]:
    """Those whose own policies may allow it, and all whom the bucket's policy or its ACLs may let in, by node id.

    Coarse, as `Scene.sources` is: it errs towards "maybe" only.
    """
    asked = {actor.node.id: actor for actor in scene.sources(action, bucket.account, each_administrator=True)}
    if not scene.changed_only and _grants(scene.world, action, bucket, objects=objects):
        resource = scene.world.bucket_resource(bucket, objects=objects)
        for actor in callers_of(scene.world, bucket):
            if actor.node.id not in asked and scene.world.grantable(actor, action, resource):
                asked[actor.node.id] = actor
    yield from (asked[node_id] for node_id in sorted(asked))


def has_always(scene: Scene, actor: Actor, bucket: Bucket, actions: Iterable[str], *, objects: bool) -> bool:
    """Whether it has all these actions on the whole bucket, or on all objects in it, as it is and always."""
    wanted = set(actions)
    whole = f"{bucket.arn}/*" if objects else str(bucket.arn)
    for hop in scene.plain.get(actor.node.id, ()):
        always = hop.condition == TRUE and not (hop.gaps or hop.except_)
        if always and hop.kind == "access" and hop.target == str(bucket.arn) and whole in hop.resources:
            wanted -= set(hop.actions)
    return not wanted


def held_back_by_the_bucket_alone(
    world: World, actor: Actor, bucket: Bucket, actions: Iterable[str], *, objects: bool
) -> bool:
    """Whether its own side allows all of this always, so that one more grant changes nothing, signed or not.

    Not where the bucket's policy denies some callers and not others: without its signature it may not be one (S3-17).
    """
    if str(actor.account) != bucket.account or not _denies_all_alike(bucket):
        return False
    silent = replace(world.bucket_resource(bucket, objects=objects), policies=(), acls=NO_ACLS)
    return all(world.decide(actor, action, silent).allowed == TRUE for action in actions)


def _denies_all_alike(bucket: Bucket) -> bool:
    if bucket.policy is None:
        return True
    if not isinstance(bucket.policy, Policy):
        return False
    denies = (each for each in bucket.policy.document.statements if each.effect is not Effect.ALLOW)
    return all(
        each.principal is not None
        and not each.principal.inverted
        and any("*" in texts for _, texts in each.principal.entries)
        and all(entry.key.lower() == "aws:securetransport" for entry in each.conditions)
        for each in denies
    )


def _grants(world: World, action: str, bucket: Bucket, *, objects: bool) -> bool:
    """Whether some statement on the bucket's side allows anybody the action."""
    resource = world.bucket_resource(bucket, objects=objects)
    policies = (*resource.policies, *(each.policy for each in resource.acls.acl))
    return any(
        each.statement.effect is Effect.ALLOW and not each.fault and each.actions.holds(action.lower())
        for policy in policies
        if isinstance(policy, Policy)
        for each in world.compiler.compile(policy).statements
    )
