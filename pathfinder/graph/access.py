"""What one principal may do in one bucket: each set of S3 actions, with its resources and its condition.

Source: evaluation.md 4.2, 4.3, 8.1, 8.2, TERM-5; design ideas 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from pathfinder.authorization.acl import BUCKET_ACL, OBJECT_ACL
from pathfinder.authorization.caller import Anonymous, RootUser, ServiceCaller, account_of
from pathfinder.authorization.decision import Decision, Layer, LayerKind, Strength
from pathfinder.authorization.deputies import names_service, unguarded
from pathfinder.authorization.objects import ANONYMOUS_OWNER
from pathfinder.authorization.request import Policies
from pathfinder.aws.arn import AccountId, Arn, is_account_id
from pathfinder.aws.s3_actions import (
    S3ResourceType,
    access_point_actions,
    bucket_actions,
    object_actions,
    resource_types,
)
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.scope import split_by_object
from pathfinder.conditions.solve import Unsatisfiable, solve
from pathfinder.graph.access_notes import access_notes
from pathfinder.graph.access_points import (
    Point,
    buckets_behind,
    point_name,
    point_resource,
    resource_behind,
)
from pathfinder.graph.bucket_acls import NO_ACLS, BucketAcls
from pathfinder.graph.calls import Call, Needs, apart_by_needs, calls_for
from pathfinder.graph.coarse import CoarseStep
from pathfinder.graph.evidence import evidence_of, why_refused
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.outsiders import note_on, spared
from pathfinder.graph.principals import (
    ANONYMOUS,
    Actor,
    candidates,
    canonical_actor,
    external_actor,
    service_actor,
)
from pathfinder.graph.settle import Settled, facts_for, settle
from pathfinder.graph.unknown_buckets import uninventoried, unknown_buckets
from pathfinder.graph.world import Resource, World
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of, one
from pathfinder.logic.patterns import EVERYTHING, exact
from pathfinder.logic.values import StringTest
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.resources import AccessPoint, Bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy


def bucket_node(world: World, bucket: Bucket) -> Node:
    """The node of a bucket; its account is None where its owner is not known."""
    account = bucket.account or None
    if str(bucket.arn) in world.buckets:
        return Node(str(bucket.arn), NodeKind.BUCKET, bucket.name, account)
    if account is None or not any(mark in bucket.name for mark in "*?"):
        return Node(str(bucket.arn), NodeKind.BUCKET, bucket.name, account, external=True)
    return Node(f"{account}/{bucket.arn}", NodeKind.BUCKET, f"any bucket {bucket.name} of {account}", account)


def bucket_of(world: World, node_id: str) -> Bucket | None:
    """The bucket that a node stands for, those included that no inventory holds."""
    known = world.buckets.get(node_id)
    if known is not None:
        return known
    return next((each for each in unknown_buckets(world) if bucket_node(world, each).id == node_id), None)


def callers_of(world: World, bucket: Bucket) -> Iterator[Actor]:
    """Everyone in question for a bucket, in the order of node ids: its account, and whom its policy names."""
    acls = world.bucket_resource(bucket, objects=True).acls
    return _callers(world, bucket.account, bucket.policy, bucket.arn.partition, acls)


def callers_through(world: World, point: Point | ObjectLambdaAccessPoint) -> Iterator[Actor]:
    """Everyone in question for an access point: its account, and whom its policy names."""
    return _callers(world, AccountId(point.arn.account), point.policy, point.arn.partition)


def _callers(
    world: World, account_id: AccountId, policy: SomePolicy | None, partition: str, acls: BucketAcls = NO_ACLS
) -> Iterator[Actor]:
    asked: dict[str, Actor] = {}

    def add(actors: Iterable[Actor]) -> None:
        asked.update((actor.node.id, actor) for actor in actors)

    if not account_id:
        for owner in uninventoried(world):
            add(world.actors_by_account[owner.id])
    else:
        add(world.actors_by_account.get(account_id, ()))
    policies = tuple(each for each in (policy, *(acl.policy for acl in acls.acl)) if isinstance(each, Policy))
    named = candidates(policies, world.canonical_ids)
    owners = {each.owner for each in acls.foreign_objects} - {ANONYMOUS_OWNER}
    if named.everyone:
        add(world.actors.values())
        add((ANONYMOUS,))
    if named.anyone:
        add(world.outsiders(policies, account_id or None, partition))
    add(external_actor(arn) for arn in spared(policies) if arn.account not in world.accounts)
    for unknown in sorted({*named.canonical_ids, *(each for each in owners if not is_account_id(each))}):
        add((canonical_actor(unknown, partition),))
    for account in sorted(named.accounts | set(filter(is_account_id, owners))):
        add(world.actors_by_account.get(account, ()))
        if account not in world.accounts:
            add((external_actor(Arn(partition, "iam", "", account, "root")),))
    for arn in named.arns:
        add(_named(world, arn))
    for provider in named.providers:
        add(world.actors_by_account.get(provider.split(":")[4] if provider.count(":") > 4 else "", ()))
    add(service_actor(name) for name in named.services)
    yield from (asked[node_id] for node_id in sorted(asked))


def _named(world: World, arn: Arn) -> tuple[Actor, ...]:
    if arn.account not in world.accounts:
        return (external_actor(arn),)
    text = str(arn)
    if text in world.actors:
        return (world.actors[text],)
    if arn.service == "sts" and arn.resource.startswith("assumed-role/"):
        name = arn.resource.split("/")[1]
        actors = world.actors_by_account[arn.account]
        return tuple(each for each in actors if each.node.kind is NodeKind.ROLE and each.node.label == name)
    return ()


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """What takes the requests for a bucket: the bucket itself, or an access point in front of it (S3-50)."""

    bucket: Bucket
    point: Point | None = None

    def resource(self, world: World, *, objects: bool) -> Resource:
        """What is asked: the bucket or the access point, or the objects behind it with their key open."""
        if self.point is None:
            return world.bucket_resource(self.bucket, objects=objects)
        return point_resource(world, self.point, self.bucket, objects=objects)

    def resources(self, world: World, *, objects: bool) -> tuple[Resource, ...]:
        """The same, and the bucket that is authorized besides where it stands behind an access point."""
        asked = self.resource(world, objects=objects)
        if self.point is None:
            return (asked,)
        return (asked, resource_behind(world, self.point, self.bucket, objects=objects))

    def callers(self, world: World) -> Iterator[Actor]:
        """Everyone in question."""
        return callers_of(world, self.bucket) if self.point is None else callers_through(world, self.point)

    @property
    def kind(self) -> str:
        """The kind of the hops that lead through it."""
        return "access" if self.point is None else "access-point"

    @property
    def arn(self) -> Arn:
        """What requests name."""
        return self.bucket.arn if self.point is None else self.point.arn

    @property
    def objects_begin(self) -> str:
        """What stands before an object's key in the sixth field of its ARN."""
        return f"{self.bucket.name}/" if self.point is None else f"{self.point.arn.resource}/object/"


@dataclass(slots=True)
class _Group:
    """Actions that are open on the same resources under the same condition.

    `settled`: that of the first call. `also`: one witness for each further authorization of the calls. `blocked`:
    what stops them, None for what is open.
    """

    settled: Settled
    actions: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    also: dict[tuple[str, str], Witness] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)
    blocked: dict[str, None] | None = None

    def add(self, actions: Iterable[str], call: Call, settled: Settled, about: Iterable[Decision]) -> None:
        """Put actions of one answer to it; `about`: the call's decisions, as far as they concern its resources."""
        self.actions.extend(actions)
        self.decisions.extend(about)
        self.gaps.update(dict.fromkeys(settled.gaps))
        if self.blocked is not None:
            self.blocked.update(dict.fromkeys(_blocked(call)))
            self.gaps.update((gap, None) for each in call.further for gap in each.need.perhaps)
            return
        for witness in settled.also:
            if settled is self.settled or witness.action != call.action:
                self.also.setdefault((witness.action, witness.resource), witness)
        self.notes.update((each.need.note, None) for each in call.further if each.need.note)

    def join(self, other: _Group) -> None:
        """Put all of another group to it."""
        self.actions.extend(other.actions)
        self.decisions.extend(other.decisions)
        self.gaps.update(other.gaps)
        self.also.update(other.also)
        self.notes.update(other.notes)
        if self.blocked is not None:
            self.blocked.update(other.blocked or {})


def accesses(
    world: World,
    actor: Actor,
    bucket: Bucket,
    wanted: frozenset[str] | None = None,
    point: Point | None = None,
) -> Iterator[Hop]:
    """The last hops from an actor to a bucket, of all S3 actions or of the wanted ones, in a stable order.

    `point`: through this access point, not directly.
    """
    door = Door(bucket, point)
    levels = zip(door.resources(world, objects=False), door.resources(world, objects=True), strict=True)
    if not all(_coarse(world).may_reach(actor, whole, objects) for whole, objects in levels):
        return
    groups: dict[_Key, _Group] = {}
    closed: dict[_Key, _Group] = {}
    for actions, objects, needs in _classes(world, actor, door, wanted):
        action = actions[0]
        resource = door.resource(world, objects=objects)
        if not all(world.grantable(actor, action, each) for each in door.resources(world, objects=objects)):
            continue
        call = calls_for(world, actor, action, resource)
        if call.decision.allowed == FALSE:
            continue
        facts = facts_for(world, "s3", world.given(actor, action, resource))
        open_parts = tuple(_settled(world, call, _parts(bucket, call.allowed, facts, objects=objects), call))
        for part, settled in open_parts:
            key = (settled.condition, part.resources, part.except_)
            groups.setdefault(key, _Group(settled)).add(actions, call, settled, _about(call, part, facts))
        if not open_parts and needs:
            for part, settled in _settled(
                world, call, _parts(bucket, call.but_for_blocks, facts, objects=objects), None
            ):
                key = (settled.condition, part.resources, part.except_)
                closed.setdefault(key, _Group(settled, blocked={})).add(
                    actions, call, settled, _about(call, part, facts)
                )
    yield from _hops(world, actor, door, groups)
    yield from _hops(world, actor, door, closed)


def _settled(
    world: World, call: Call, parts: Iterable[_Part], further: Call | None
) -> Iterator[tuple[_Part, Settled]]:
    for part in parts:
        found = settle(
            world, call.actor, call.action, call.resource, part.condition, scope=part.scope, call=further
        )
        if found is not None:
            yield part, found


def _blocked(call: Call) -> Iterator[str]:
    """What is to be said of the call that its further authorizations alone stop, and why they do."""
    saying = [each for each in call.further if each.need.blocked]
    stopping = [each for each in saying if each.passes == FALSE]
    for each in stopping:
        yield f"{each.need.blocked}: {why_refused(each.decision, each.need.action)}"
    if not stopping:
        yield from (each.need.blocked for each in saying)


_Key = tuple[Formula, tuple[str, ...], tuple[str, ...]]
"""A condition, the resources that it opens, and those taken out of them."""


def _classes(
    world: World, actor: Actor, door: Door, wanted: frozenset[str] | None
) -> Iterator[tuple[tuple[str, ...], bool, Needs]]:
    """The actions that neither policies nor further authorizations tell apart, and whether they are on objects."""
    if door.point is not None:
        served = _served_by_points()
        wanted = served if wanted is None else wanted & served
    for each in world.action_classes.of(_policies(world, actor, door), wanted):
        resource = door.resource(world, objects=each.objects)
        parts = apart_by_needs(world, each.actions, resource)
        yield from ((actions, each.objects, needs) for needs, actions in parts)


def _policies(world: World, actor: Actor, door: Door) -> Policies:
    """The policies that tell actions apart: on all levels."""
    resources = door.resources(world, objects=False)
    if door.point is not None:
        others = (each for each in buckets_behind(world, door.point) if each.arn != door.bucket.arn)
        resources += tuple(resource_behind(world, door.point, each, objects=False) for each in others)
    found = [world.policies(actor, "s3:GetObject", each) for each in resources]
    return replace(
        found[0],
        resource=tuple(policy for each in found for policy in each.resource),
        rcp=tuple(level for each in found for level in each.rcp or ()),
        acl=tuple(acl for each in found for acl in each.acl),
        foreign_objects=tuple(group for each in found for group in each.foreign_objects),
    )


@cache
def _served_by_points() -> frozenset[str]:
    """The names of the actions that work through access points (S3-54)."""
    names = (*bucket_actions(), *object_actions())
    return frozenset(name for name in names if name.lower() in access_point_actions())


def _about(call: Call, part: _Part, facts: Facts) -> tuple[Decision, ...]:
    """The call's decisions without the ACLs of other objects than the part's: there may be one for each object."""
    return tuple(_about_part(decision, part, facts) for decision in call.decisions)


def _about_part(decision: Decision, part: _Part, facts: Facts) -> Decision:
    if part.scope == TRUE or all(layer.kind is not LayerKind.ACL for layer in decision.layers):
        return decision

    def kept(layer: Layer) -> Layer:
        if layer.kind is not LayerKind.ACL:
            return layer
        matches = tuple(
            each
            for each in layer.matches
            if not isinstance(solve(all_of(each.condition, part.scope), facts), Unsatisfiable)
        )
        return replace(layer, matches=matches)

    return replace(decision, layers=tuple(map(kept, decision.layers)))


def _coarse(world: World) -> CoarseStep:
    if not isinstance(world.coarse, CoarseStep):
        world.coarse = CoarseStep(world)
    return world.coarse


@dataclass(frozen=True, slots=True)
class _Part:
    """Resources that are open under one condition; `scope` says the same of the object key."""

    resources: tuple[str, ...]
    except_: tuple[str, ...]
    condition: Formula
    scope: Formula


def _parts(bucket: Bucket, allowed: Formula, facts: Facts, *, objects: bool) -> Iterator[_Part]:
    """The resources that a condition speaks of, apart from the rest of it."""
    if not objects:
        yield _Part((str(bucket.arn),), (), allowed, TRUE)
        return
    for part in split_by_object(allowed, facts):
        yield _Part(
            tuple(sorted(f"{bucket.arn}/{pattern}" for pattern in part.patterns)),
            tuple(sorted(f"{bucket.arn}/{pattern}" for pattern in part.exceptions)),
            part.condition,
            all_of(
                open_text(OBJECT_KEY, part.patterns), open_text(OBJECT_KEY, part.exceptions, negated=True)
            ),
        )


def object_parts(
    bucket: Bucket, allowed: Formula, facts: Facts
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Formula, Formula]]:
    """The objects that a condition opens, those taken out of them, the rest of it, and what it says of the key."""
    for part in _parts(bucket, allowed, facts, objects=True):
        yield part.resources, part.except_, part.condition, part.scope


def _hops(
    world: World,
    actor: Actor,
    door: Door,
    groups: dict[_Key, _Group],
) -> Iterator[Hop]:
    """One hop for each group; actions on the bucket join those on all objects that hold under the same condition."""
    bucket, point = door.bucket, door.point
    whole = ((str(bucket.arn),), ())
    all_objects = ((f"{bucket.arn}/{EVERYTHING}",), ())
    for (condition, resources, except_), group in list(groups.items()):
        joined = groups.get((condition, *all_objects)) if (resources, except_) == whole else None
        if joined is not None:
            joined.join(group)
            del groups[(condition, *whole)]
    for (condition, resources, except_), group in sorted(groups.items(), key=_order):
        shown = resources
        if (resources, except_) == all_objects and any(_on_bucket(name) for name in group.actions):
            shown = (str(bucket.arn), *resources)
        via = _via(world, actor, bucket, group.decisions)
        facts = facts_for(world, "s3")
        yield Hop(
            door.kind,
            actor.node.id,
            bucket_node(world, bucket).id,
            condition,
            tuple(sorted(set(group.actions))),
            tuple(sorted(shown)),
            except_,
            (*_facts_of(door), *evidence_of(group.decisions)),
            group.settled.witness,
            tuple(dict.fromkeys((*group.settled.gaps, *group.gaps))),
            via if point is None else f"access point {point_name(point)}",
            also=tuple(group.also.values()),
            extra={"group": min(group.actions)},
            notes=(
                *group.notes,
                *_notes(world, actor, bucket),
                *access_notes(world, actor, bucket, group.actions, condition, via, facts),
            ),
            through=None if point is None else str(point.arn),
            blocked=None if group.blocked is None else "; ".join(group.blocked),
        )


def _facts_of(door: Door) -> Iterator[Evidence]:
    """That the access point stands in front of the bucket, and the only VPC that it takes requests from (S3-52)."""
    point = door.point
    if point is None:
        return
    own, behind = str(point.arn), str(door.bucket.arn)
    kind = "access point" if isinstance(point, AccessPoint) else "Multi-Region Access Point"
    yield Evidence("resource", kind, own, behind)
    if isinstance(point, AccessPoint) and point.vpc is not None:
        inside = one("aws:sourcevpc", StringTest((exact(point.vpc),)))
        yield Evidence("network", "access point origin", point.vpc, own, tests=(inside,))


def _notes(world: World, actor: Actor, bucket: Bucket) -> Iterator[str]:
    """What is to be known of the caller: an account outside; a service that may act for anybody (S3-47)."""
    if world.is_outside(actor):
        yield note_on(actor)
    if isinstance(actor.caller, ServiceCaller) and isinstance(bucket.policy, Policy):
        for number, statement in enumerate(bucket.policy.document.statements):
            why = unguarded(statement) if names_service(statement, actor.caller.name) else None
            if why is not None:
                yield f"confused deputy: {statement.sid or f'Statement[{number}]'} of the bucket policy: {why}"


def _order(item: tuple[_Key, _Group]) -> tuple[object, ...]:
    (condition, resources, except_), group = item
    return (-len(group.actions), resources, except_, sorted(group.actions), str(condition))


def _on_bucket(name: str) -> bool:
    return S3ResourceType.BUCKET in resource_types(name) and S3ResourceType.OBJECT not in resource_types(name)


def _via(world: World, actor: Actor, bucket: Bucket, decisions: list[Decision]) -> str:
    """How the permission comes about, in words that reports show; across accounts both sides are needed anyway."""
    match actor.caller:
        case Anonymous():
            return "public"
        case RootUser() if actor.account == bucket.account:
            return "root user"
        case _:
            pass
    if isinstance(actor.caller, ServiceCaller) or (bucket.account and actor.account != bucket.account):
        return _granted_by(
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
    return _granted_by(decisions, "bucket policy")


def _owns_objects(world: World, actor: Actor, bucket: Bucket) -> bool:
    """Whether the actor's account owns some of the bucket's objects, so that it needs no grant for them (S3-4)."""
    account = account_of(actor.caller)
    return any(
        each.owner == account for each in world.bucket_resource(bucket, objects=True).acls.foreign_objects
    )


def _granted_by(decisions: list[Decision], otherwise: str) -> str:
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
