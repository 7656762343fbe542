"""Tags of buckets and objects changed where policies ask about them. Source: ESC-68, S3-26, S3-A8, S3-A20."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pathfinder.authorization.caller import RoleSession, RootUser, UserCaller
from pathfinder.aws.s3_actions import bucket_actions, object_actions
from pathfinder.conditions.scope import ScopePart, split_by_object
from pathfinder.graph.escalations.askers import askers, has_always
from pathfinder.graph.escalations.calls import Call, first_open, tried
from pathfinder.graph.escalations.changed import with_bucket, with_tagged_objects
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.tag_choices import asked_about, choices, left_out
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, all_of
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import ABSENT, OBJECT_KEY, KeyState, Values
from pathfinder.policy.document import Document, Effect, Policy, PolicyKind, Statement

TAG, UNTAG = "s3:TagResource", "s3:UntagResource"
PUT_TAGS, PUT_ABAC = "s3:PutBucketTagging", "s3:PutBucketAbac"
PUT_OBJECT_TAGS, DELETE_OBJECT_TAGS = "s3:PutObjectTagging", "s3:DeleteObjectTagging"
_OF_BUCKET = ("aws:resourcetag/", "s3:buckettag/")
_OF_OBJECT = ("s3:existingobjecttag/",)
_ANY_OBJECT_TAG = (*_OF_OBJECT, "s3:requestobjecttag/")
MOST_PARTS = 2


@escalation("s3-tags")
def s3_tags(scene: Scene) -> Iterator[Edge | Gap]:
    """For each bucket, from everyone who may change tags that the policies on the way to it ask about."""
    world = scene.world
    for bucket in world.buckets.values():
        asked: dict[str, Actor] = {}
        for action in (TAG, PUT_TAGS, PUT_ABAC):
            asked.update((actor.node.id, actor) for actor in askers(scene, action, bucket))
        for _, actor in sorted(asked.items()):
            if not _has_all(scene, actor, bucket):
                yield from _bucket_tags(world, actor, bucket)
        for actor in askers(scene, PUT_OBJECT_TAGS, bucket, objects=True):
            if not _has_all(scene, actor, bucket):
                yield from _object_tags(world, actor, bucket, PUT_OBJECT_TAGS)
        for actor in askers(scene, DELETE_OBJECT_TAGS, bucket, objects=True):
            if not _has_all(scene, actor, bucket):
                yield from _object_tags(world, actor, bucket, DELETE_OBJECT_TAGS)


def _has_all(scene: Scene, actor: Actor, bucket: Bucket) -> bool:
    return has_always(scene, actor, bucket, object_actions(), objects=True) and has_always(
        scene, actor, bucket, bucket_actions(), objects=False
    )


def _bucket_tags(world: World, actor: Actor, bucket: Bucket) -> Iterator[Edge | Gap]:
    if not isinstance(actor.caller, RoleSession | RootUser | UserCaller):
        return
    told = world.policies(actor, "s3:GetObject", world.bucket_resource(bucket, objects=True))
    asked = asked_about(world, told, _OF_BUCKET)
    if not asked:
        return
    unread = "Tagging" in bucket.unread
    old: Mapping[str, str] | None = None if unread else bucket.tags
    made = False
    for number, tags in enumerate(choices(actor, asked, old or {})):
        if bucket.abac and not unread and tags == dict(bucket.tags):
            continue
        found = first_open(world, actor, _ways(world, bucket, old, tags))
        if found is None:
            continue
        made = True
        left = tuple(each for each in bucket.unread if each not in ("Tagging", "Abac"))
        new = replace(bucket, tags=tags, abac=True, unread=left)
        change = with_bucket(world, actor, new, f"tags {number} of", "with other tags on")
        if change is not None:
            said = f"{bucket.name} would have {_said(tags)}, with its ABAC on"
            yield edge(actor, change.actor.node, found, "ESC-68", said, Session.SAME)
    if bucket.abac is not False:
        yield from _without_abac(world, actor, bucket)
    if made and left_out(actor, asked):
        yield _not_all(actor, bucket, "tags")


def _without_abac(world: World, actor: Actor, bucket: Bucket) -> Iterator[Edge]:
    """Tags count no more, so that no Deny that asks for one holds."""
    found = tried(world, actor, [Call(PUT_ABAC, world.bucket_resource(bucket, objects=False))])
    left = tuple(each for each in bucket.unread if each != "Abac")
    change = with_bucket(
        world, actor, replace(bucket, abac=False, unread=left), "no ABAC of", "without ABAC of"
    )
    if found is not None and change is not None:
        said = f"ABAC of {bucket.name} would be turned off"
        yield edge(actor, change.actor.node, found, "ESC-68", said, Session.SAME)


def _ways(
    world: World, bucket: Bucket, old: Mapping[str, str] | None, tags: Mapping[str, str]
) -> Iterator[tuple[Call, ...]]:
    """While ABAC is on, PutBucketTagging is refused; TagResource and UntagResource are not."""
    on = world.bucket_resource(bucket, objects=False)
    abac = Call(PUT_ABAC, on)
    one_by_one = _one_by_one(world, bucket, old, tags)
    if bucket.abac:
        if one_by_one is not None:
            yield one_by_one
        yield (abac, Call(PUT_TAGS, on))
        return
    if old is not None and dict(old) == dict(tags):
        yield (abac,)
        return
    yield (Call(PUT_TAGS, on), abac)
    if one_by_one is not None:
        yield (*one_by_one, abac)


def _one_by_one(
    world: World, bucket: Bucket, old: Mapping[str, str] | None, tags: Mapping[str, str]
) -> tuple[Call, ...] | None:
    """Tags added, then tags taken away; None where those that it has are not known."""
    if old is None:
        return None
    on = world.bucket_resource(bucket, objects=False)
    added = {key: value for key, value in tags.items() if old.get(key) != value}
    gone = tuple(key for key in old if key not in tags)
    calls = []
    if added:
        states: dict[str, KeyState] = {
            f"aws:requesttag/{key.lower()}": Values((added[key],)) for key in added
        }
        calls.append(Call(TAG, on, {**states, "aws:tagkeys": Values(tuple(added), multivalued=True)}))
    if gone:
        calls.append(Call(UNTAG, on, {"aws:tagkeys": Values(gone, multivalued=True)}))
    return tuple(calls)


def _object_tags(world: World, actor: Actor, bucket: Bucket, action: str) -> Iterator[Edge | Gap]:
    """Objects as they are once the principal has tagged those that it may (s3:ExistingObjectTag)."""
    if not isinstance(actor.caller, RoleSession | RootUser | UserCaller):
        return
    on = world.bucket_resource(bucket, objects=True)
    told = world.policies(actor, "s3:GetObject", on)
    if not asked_about(world, told, _OF_OBJECT):
        return
    asked = asked_about(world, told, _ANY_OBJECT_TAG)
    decision = world.decide(actor, action, on)
    if decision.allowed == FALSE:
        return
    parts = split_by_object(decision.allowed, facts_for(world, "s3", world.given(actor, action, on)))
    sets = list(choices(actor, asked, {})) if action == PUT_OBJECT_TAGS else [{}]
    made = False
    for place, part in enumerate(parts[:MOST_PARTS]):
        others = _all_but(part, bucket, actor)
        if others is not None and isinstance(actor.caller, RootUser):
            continue
        scope = all_of(
            open_text(OBJECT_KEY, part.patterns), open_text(OBJECT_KEY, part.exceptions, negated=True)
        )
        for number, tags in enumerate(sets):
            given = _request_tags(tags, asked) if action == PUT_OBJECT_TAGS else {}
            found = tried(world, actor, [Call(action, on, given, scope)])
            if found is None:
                continue
            made = True
            new = replace(bucket)
            world.change_object_tags(new, tags)
            what = f"{action} {place} {number} in"
            change = with_tagged_objects(world, actor, new, what, "with other tags on objects in", others)
            if change is not None:
                said = f"objects in {bucket.name} that it may tag would have {_said(tags)}"
                yield edge(actor, change.actor.node, found, "ESC-68", said, Session.SAME)
    if made and (len(parts) > MOST_PARTS or (len(sets) > 1 and left_out(actor, asked))):
        yield _not_all(actor, bucket, "tags of objects")


def _request_tags(tags: Mapping[str, str], asked: Mapping[str, object]) -> dict[str, KeyState]:
    """What the request says of the tags: those that it puts, and no other that anybody asks about."""
    states: dict[str, KeyState] = {f"s3:requestobjecttag/{key.lower()}": ABSENT for key in asked}
    states |= {f"s3:requestobjecttag/{key.lower()}": Values((value,)) for key, value in tags.items()}
    states["s3:requestobjecttagkeys"] = Values(tuple(tags), multivalued=True) if tags else ABSENT
    return states


def _all_but(part: ScopePart, bucket: Bucket, actor: Actor) -> Policy | None:
    """That what is found is about the tagged objects alone: a Deny for all others; None where there are none."""
    statements = []
    if not any(pattern.matches_all for pattern in part.patterns):
        kept = (str(bucket.arn), *(f"{bucket.arn}/{pattern}" for pattern in part.patterns))
        statements.append(_denying(0, kept, negated=True))
    if part.exceptions:
        statements.append(
            _denying(1, tuple(f"{bucket.arn}/{each}" for each in part.exceptions), negated=False)
        )
    if not statements:
        return None
    document = Document("2012-10-17", tuple(statements))
    return Policy(PolicyKind.IDENTITY, "objects that it may not tag, left out", actor.node.id, document)


def _denying(index: int, resources: tuple[str, ...], *, negated: bool) -> Statement:
    return Statement(index, "NotTagged", Effect.DENY, None, ("s3:*",), False, resources, negated, ())


def _said(tags: Mapping[str, str]) -> str:
    if not tags:
        return "no tags"
    return "the tags " + ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))


def _not_all(actor: Actor, bucket: Bucket, what: str) -> Gap:
    return Gap(
        actor.node.id,
        f"it may change {what} of {bucket.name}: not every set of tags that policies ask about is tried",
        (actor.node.id, str(bucket.arn)),
    )
