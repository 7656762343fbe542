"""Policies as an escalation would write them, and the nodes for principals that live under them.

Source: evaluation.md ESC-3, ESC-4, EVAL-10, PRIN-13, BPA-7 (a fixed aws:PrincipalArn is not public).
"""

from __future__ import annotations

from dataclasses import replace

from pathfinder.authorization.caller import RoleSession
from pathfinder.aws.arn import Arn
from pathfinder.graph.access_points import Point
from pathfinder.graph.changes import Change
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import ANONYMOUS, Actor
from pathfinder.graph.standing import Standing
from pathfinder.graph.world import World
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import (
    ConditionEntry,
    Document,
    Effect,
    Policy,
    PolicyKind,
    PrincipalElement,
    SomePolicy,
    Statement,
)

_EVERYTHING = Document(
    "2012-10-17",
    (Statement(0, "Everything", Effect.ALLOW, None, ("*",), False, ("*",), False, ()),),
)
_EVERYONE = PrincipalElement((("*", ("*",)),))
_ASSUMING = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")


def everything(holder: str, name: str = "a policy that allows everything") -> Policy:
    """An identity-based policy that allows everything."""
    return Policy(PolicyKind.IDENTITY, name, holder, _EVERYTHING)


def let_in(actor: Actor) -> ConditionEntry:
    """A condition that the principal alone meets."""
    return ConditionEntry("ArnEquals", "aws:PrincipalArn", (own_arn(actor),))


def own_arn(actor: Actor) -> str:
    """The value of aws:PrincipalArn in the actor's requests."""
    caller = actor.caller
    assert not isinstance(caller, str)
    if isinstance(caller, RoleSession):
        return str(caller.role)
    return str(getattr(caller, "arn", actor.node.id))


def label_of(world: World, actor: Actor) -> str:
    """Its name for readers; that of before, where it stands before a bucket that it has changed."""
    change = world.changes.get(actor.node.id)
    return actor.node.label if change is None or change.bucket is None else change.base.label


def trusting(role: Arn, actor: Actor) -> Policy:
    """A trust policy for the role that lets in this principal alone."""
    statement = Statement(
        0, "LetIn", Effect.ALLOW, _EVERYONE, _ASSUMING, False, None, False, (let_in(actor),)
    )
    document = Document("2012-10-17", (statement,))
    return Policy(PolicyKind.TRUST, "trust policy as changed", str(role), document)


def admitting(key: str, actor: Actor) -> Policy:
    """A key policy that lets in this principal alone."""
    statement = Statement(
        0, "LetIn", Effect.ALLOW, _EVERYONE, ("kms:*",), False, ("*",), False, (let_in(actor),)
    )
    return Policy(PolicyKind.KEY, "key policy as changed", key, Document("2012-10-17", (statement,)))


def granting(bucket: Bucket, actor: Actor) -> Bucket:
    """The bucket with its policy rewritten so that it grants everything in it to this principal alone."""
    return _granting(bucket, (let_in(actor),))


def granting_all(bucket: Bucket) -> Bucket:
    """The bucket with its policy rewritten so that it grants everything in it to everyone (BPA-7)."""
    return _granting(bucket, ())


def _granting(bucket: Bucket, conditions: tuple[ConditionEntry, ...]) -> Bucket:
    own = str(bucket.arn)
    resources = (own, f"{own}/*")
    statement = Statement(0, "LetIn", Effect.ALLOW, _EVERYONE, ("s3:*",), False, resources, False, conditions)
    document = Document("2012-10-17", (statement,))
    return replace(bucket, policy=Policy(PolicyKind.RESOURCE, "bucket policy as changed", own, document))


def with_policies(
    world: World, actor: Actor, what: str, words: str, policies: tuple[SomePolicy, ...]
) -> Change | None:
    """The principal with these identity-based policies instead of its own; its limits stay."""
    return _kept(world, actor, what, words, replace(actor, policies=policies), None)


def with_version(
    world: World, actor: Actor, what: str, words: str, name: str, version: Policy
) -> Change | None:
    """The principal once a managed policy says this: where it is one of its own, and where it is its boundary."""

    def as_it_is(policy: SomePolicy) -> SomePolicy:
        return replace(version, kind=policy.kind, attached_to=policy.attached_to)

    policies = tuple(as_it_is(each) if each.name == name else each for each in actor.policies)
    boundary = actor.boundary
    if boundary is not None and boundary.name == name:
        boundary = as_it_is(boundary)
    return _kept(world, actor, what, words, replace(actor, policies=policies, boundary=boundary), None)


def without_boundary(world: World, actor: Actor) -> Change | None:
    """The principal without its permissions boundary."""
    return _kept(world, actor, "no boundary", "without its boundary", replace(actor, boundary=None), None)


def with_bucket(world: World, actor: Actor, bucket: Bucket, what: str, words: str) -> Change | None:
    """The principal before a bucket that has been changed."""
    return _kept(world, actor, f"{what} {bucket.name}", f"{words} {bucket.name}", actor, bucket)


def unsigned_before(
    world: World, actor: Actor, bucket: Bucket, what: str, words: str, signed: Change | None = None
) -> Change | None:
    """The principal without its signature before a bucket that has been changed (S3-17).

    `signed`: where the same is open to the principal with its signature, so that it is not told again.
    """
    what, words = f"{what} {bucket.name}, unsigned", f"{words} {bucket.name}, unsigned"
    found = _kept(world, actor, what, words, ANONYMOUS, bucket)
    if found is None or signed is None:
        return found
    known = replace(found, signed=signed.actor.node.id)
    world.changes[found.actor.node.id] = known
    return known


def with_point(world: World, actor: Actor, point: Point, what: str, words: str) -> Change | None:
    """The principal before an access point that has been made or changed."""
    return _kept(world, actor, f"{what} {point.arn}", words, actor, None, None, point)


def through_lambda(
    world: World, actor: Actor, point: ObjectLambdaAccessPoint, what: str, words: str
) -> Change | None:
    """The principal before an Object Lambda access point whose policy lets it in."""
    policy = _opening(point.arn, (str(point.arn),), "s3-object-lambda:*", actor)
    found = _kept(world, actor, f"{what} {point.arn}", words, actor, None)
    if found is not None and found.through is None:
        found = replace(found, through=replace(point, policy=policy))
        world.changes[found.actor.node.id] = found
    return found


def opening(point: Point, actor: Actor) -> Policy:
    """A policy for the access point that grants everything through it to this principal alone."""
    return _opening(point.arn, (str(point.arn), f"{point.arn}/object/*"), "s3:*", actor)


def _opening(arn: Arn, resources: tuple[str, ...], actions: str, actor: Actor) -> Policy:
    statement = Statement(
        0, "LetIn", Effect.ALLOW, _EVERYONE, (actions,), False, resources, False, (let_in(actor),)
    )
    document = Document("2012-10-17", (statement,))
    return Policy(PolicyKind.RESOURCE, "access point policy as changed", str(arn), document)


def with_tagged_objects(
    world: World, actor: Actor, bucket: Bucket, what: str, words: str, others: Policy | None
) -> Change | None:
    """The principal before objects that it has tagged; `others`: a Deny for those that it may not tag."""
    changed = actor if others is None else replace(actor, policies=(*actor.policies, others))
    return _kept(world, actor, f"{what} {bucket.name}", f"{words} {bucket.name}", changed, bucket)


def made(world: World, principal: Actor, name: str) -> Change:
    """A principal that does not exist yet."""
    node = Node(f"{principal.node.id}{_MARK}new]", NodeKind.CHANGED, f"{name} (new)", principal.account)
    change = Change(replace(principal, node=node), principal.node, made=(("new", "new"),))
    return world.changes.setdefault(node.id, change)


def with_own_tags(world: World, actor: Actor) -> Change | None:
    """The principal with whatever tags it wants."""
    changed = replace(actor, trusted=actor.trusted | {"tags"})
    return _kept(world, actor, "own tags", "with tags of its choice", changed, None)


def under(world: World, actor: Actor, standing: Standing) -> Change:
    """The principal in organizations as somebody has changed them; one node for it, whoever has."""
    before = world.changes.get(actor.node.id)
    base = actor.node if before is None else before.base
    made = dict(before.made if before is not None else ()) | dict(standing.made)
    ordered = tuple(sorted(made.items()))
    node_id = base.id + _MARK + ", ".join(each for each, _ in ordered) + "]"
    known = world.changes.get(node_id)
    if known is None:
        label = f"{base.label} ({', '.join(said for _, said in ordered)})"
        node = Node(node_id, NodeKind.CHANGED, label, base.account, external=base.external)
        changed = replace(actor, node=node, standing=standing)
        known = world.changes[node_id] = Change(changed, base, made=ordered)
    return known


def with_own_trust(world: World, actor: Actor) -> Change | None:
    """The role once its trust policy lets sessions carry whatever tags and source identity their starter wants."""
    changed = replace(actor, trusted=actor.trusted | {"tags", "source-identity"})
    return _kept(world, actor, "own trust policy", "with a trust policy for it", changed, None)


def limited(
    world: World, actor: Actor, what: str, words: str, only: frozenset[str], bucket: Bucket | None = None
) -> Change | None:
    """The principal as somebody can use it who reaches it so: for these S3 actions only, perhaps on one bucket."""
    return _kept(world, actor, what, words, actor, bucket, only)


_MARK = " ["


def _kept(
    world: World,
    actor: Actor,
    what: str,
    words: str,
    changed: Actor,
    bucket: Bucket | None,
    only: frozenset[str] | None = None,
    point: Point | None = None,
) -> Change | None:
    """The node for it, the same in whichever order changes are made; None where this one has been made already."""
    before = world.changes.get(actor.node.id)
    base = actor.node if before is None else before.base
    made = dict(before.made) if before is not None else {}
    if what in made:
        return None
    made[what] = words
    ordered = tuple(sorted(made.items()))
    node_id = base.id + _MARK + ", ".join(each for each, _ in ordered) + "]"
    label = f"{base.label} ({', '.join(said for _, said in ordered)})"
    known = world.changes.get(node_id)
    if known is None:
        node = Node(node_id, NodeKind.CHANGED, label, base.account, external=base.external)
        own = bucket if bucket is not None or before is None else before.bucket
        known = world.changes[node_id] = Change(
            replace(changed, node=node), base, own, point or (before.point if before else None), ordered, only
        )
    return known
