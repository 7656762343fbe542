"""Keys whose policy is rewritten, or on which a grant is made. Source: evaluation.md ESC-67, KMS-6, KMS-7, KMS-13."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.graph.escalations.calls import Call, first_open
from pathfinder.graph.escalations.changed import admitting, label_of, own_arn, with_bucket
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.keys import default_key, held_key, is_encrypted_with_kms, key_resource
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket, Key, KmsGrant
from pathfinder.policy.context import ABSENT, KeyState, Values

_GRANTED = ("Decrypt", "GenerateDataKey")
CHANGES = ("kms:PutKeyPolicy", "kms:CreateGrant")


@escalation("kms-keys")
def kms_keys(scene: Scene) -> Iterator[Edge]:
    """For each bucket, from everyone in its key's account who may write the key's policy or grant its use."""
    world = scene.world
    for bucket in world.buckets.values():
        key = changeable_key(world, bucket)
        if key is None:
            continue
        for action in CHANGES:
            for actor in _askers(scene, action, key):
                yield from let_in_by_key(world, actor, bucket, key, action)


def changeable_key(world: World, bucket: Bucket) -> Key | None:
    """The key that the bucket's objects are encrypted with, where it is the snapshot's, and a customer's own."""
    if not is_encrypted_with_kms(bucket):
        return None
    arn = default_key(world, bucket)
    key = None if isinstance(arn, str) else held_key(world, arn)
    if key is None or key.aws_managed or any(each.startswith("alias/aws/") for each in key.aliases or ()):
        return None
    return key


def _askers(scene: Scene, action: str, key: Key) -> Iterator[Actor]:
    """Those whose own policies allow it, and all whom the key's policy may allow it (KMS-4)."""
    asked = {
        actor.node.id: actor for actor in scene.sources(action, key.arn.account, each_administrator=True)
    }
    for actor in scene.world.actors_by_account.get(key.arn.account, ()):
        if actor.node.id not in asked and scene.world.grantable(
            actor, action, key_resource(scene.world, key.arn)
        ):
            asked[actor.node.id] = actor
    yield from (asked[node_id] for node_id in sorted(asked))


def let_in_by_key(world: World, actor: Actor, bucket: Bucket, key: Key, action: str) -> Iterator[Edge]:
    """To the principal once the key of the bucket, which may have been changed before, lets it in."""
    on = key_resource(world, key.arn)
    own: dict[str, KeyState] = {"kms:viaservice": ABSENT, "aws:viaawsservice": Values(("false",))}
    if action == "kms:PutKeyPolicy":
        new = replace(key, policy=admitting(str(key.arn), actor))
    else:
        own |= {
            "kms:grantisforawsresource": Values(("false",)),
            "kms:granteeprincipal": Values((own_arn(actor),)),
            "kms:grantoperations": Values(_GRANTED, multivalued=True),
        }
        grant = KmsGrant("new", own_arn(actor), _GRANTED)
        new = replace(key, grants=(*(key.grants or ()), grant))
    found = first_open(world, actor, [(Call(action, on, own),)])
    if found is None:
        return
    copy = replace(bucket)
    what = "key policy for" if action == "kms:PutKeyPolicy" else "grant for"
    change = with_bucket(world, actor, copy, what, "let in by the key of")
    if change is None or change.bucket is None:
        return
    world.keep_changes(bucket, change.bucket)
    world.change_key(change.bucket, new)
    said = (
        f"the policy of key {key.arn.name}"
        if action == "kms:PutKeyPolicy"
        else f"a grant on key {key.arn.name}"
    )
    yield edge(
        actor,
        change.actor.node,
        found,
        "ESC-67",
        f"{said} would let in {label_of(world, actor)}",
        Session.SAME,
    )
