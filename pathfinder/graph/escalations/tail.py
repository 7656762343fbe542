"""What a change opens: the hops of a principal under the changed policies that it does not have without.

Source: evaluation.md ESC-4: the tail is decided again with the changed policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from pathfinder.authorization.caller import RootUser
from pathfinder.aws.s3_actions import object_actions
from pathfinder.graph.access import accesses, served_by_points
from pathfinder.graph.access_points import Point, buckets_behind, in_front_of, points_of
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.callers import callers_of
from pathfinder.graph.changes import Change
from pathfinder.graph.doors import Door
from pathfinder.graph.escalations.changed import own_arn
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.assume_role import assume
from pathfinder.graph.hops.object_lambda import reads_through
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import candidates
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, AllOf, Formula
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.identity import Role
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Unread


def tails(world: World, changes: Sequence[Change], before: dict[str, list[Hop]]) -> Iterator[Edge]:
    """The hops that the changes open. `before`: all hops so far, by where they start."""
    by_base: dict[str, list[Change]] = {}
    new: list[Change] = []
    in_front: dict[str, list[Point]] = {}
    for point in points_of(world):
        for bucket in buckets_behind(world, point):
            in_front.setdefault(str(bucket.arn), []).append(point)
    for change in changes:
        if change.through is not None:
            yield from _through_lambda(world, change, change.through, before)
        elif change.point is not None:
            for bucket in buckets_behind(world, change.point):
                yield from _accesses(world, change, bucket, before, change.point)
        elif change.bucket is not None and change.only is None:
            yield from _before_bucket(
                world, change, change.bucket, before, in_front.get(str(change.bucket.arn), ())
            )
        elif change.bucket is not None:
            yield from _accesses(world, change, change.bucket, before)
        elif change.actor.standing is not None:
            continue  # standing_tails.py
        elif change.base.id in world.actors:
            by_base.setdefault(change.base.id, []).append(change)
        else:
            new.append(change)
    if not by_base and not new:
        return
    for bucket in world.buckets.values():
        for actor in callers_of(world, bucket):
            for change in by_base.get(actor.node.id, ()):
                yield from _accesses(world, change, bucket, before)
        for change in new:
            yield from _accesses(world, change, bucket, before)
    for point in points_of(world):
        for bucket in buckets_behind(world, point):
            for actor in Door(bucket, point).callers(world):
                for change in by_base.get(actor.node.id, ()):
                    yield from _accesses(world, change, bucket, before, point)
    whole = [change for change in (*chain.from_iterable(by_base.values()), *new) if change.only is None]
    for role in world.roles.values():
        if not role.service_linked and not isinstance(role.trust, Unread):
            yield from _assumed(world, role, whole, before)


def _before_bucket(
    world: World, change: Change, bucket: Bucket, before: dict[str, list[Hop]], points: Iterable[Point]
) -> Iterator[Edge]:
    """A changed bucket, directly, and through its access points what is not open directly (S3-50)."""
    direct = [hop for hop in opened(world, change, bucket) if hop.blocked is None]
    signed = world.changes.get(change.signed) if change.signed is not None else None
    told = [] if signed is None or signed.bucket is None else opened(world, signed, signed.bucket)
    old = _old(world, change, bucket, before, {"access"})
    yield from _gained(world, change, bucket, direct, [*told, *old])
    if all_open(bucket, direct, served_by_points()):
        return
    for point in points:
        front = in_front_of(world, point, bucket)
        hops = [hop for hop in accesses(world, change.actor, bucket, None, front) if hop.blocked is None]
        old = _old(world, change, bucket, before, {"access", "access-point"})
        yield from _gained(world, change, bucket, hops, [*direct, *old])


def _through_lambda(
    world: World, change: Change, point: ObjectLambdaAccessPoint, before: dict[str, list[Hop]]
) -> Iterator[Edge]:
    """What is read through it and in no other way (S3-56)."""
    for edge in reads_through(world, point, change.actor):
        old = [hop for hop in before.get(change.base.id, ()) if hop.target == edge.target.id]
        kept = gained(edge.hop, old)
        if kept is not None and "s3:GetObject" in kept.actions:
            yield edge


def opened(world: World, change: Change, bucket: Bucket) -> tuple[Hop, ...]:
    """What the principal may do in the changed bucket directly, and what something else alone blocks there."""
    known = world.facts.get(("opened", change.actor.node.id))
    if known is None:
        known = tuple(accesses(world, change.actor, bucket))
        world.facts[("opened", change.actor.node.id)] = known
    assert isinstance(known, tuple)
    return known


def all_open(bucket: Bucket, hops: Iterable[Hop], actions: Set[str]) -> bool:
    """Whether all the actions are open always, on the bucket and on all objects in it."""
    found: set[str] = set()
    for hop in hops:
        if hop.condition == TRUE and not (hop.gaps or hop.except_ or hop.blocked):
            if f"{bucket.arn}/*" in hop.resources:
                found.update(hop.actions)
            elif str(bucket.arn) in hop.resources:
                found.update(set(hop.actions) - _on_objects())
    return actions <= found


def _accesses(
    world: World,
    change: Change,
    bucket: Bucket,
    before: dict[str, list[Hop]],
    point: Point | None = None,
) -> Iterator[Edge]:
    kinds = {"access" if point is None else "access-point"}
    if change.point is not None:
        kinds.add("access")
    hops = accesses(world, change.actor, bucket, change.only, point)
    alone = change.only is not None and len(change.made) == 1
    old = () if alone else _old(world, change, bucket, before, kinds)
    yield from _gained(world, change, bucket, hops, old)


def _old(
    world: World, change: Change, bucket: Bucket, before: dict[str, list[Hop]], kinds: Set[str]
) -> list[Hop]:
    """What the principal has without the change."""
    target = bucket_node(world, bucket).id
    return [hop for hop in before.get(change.base.id, ()) if hop.kind in kinds and hop.target == target]


def _gained(
    world: World, change: Change, bucket: Bucket, hops: Iterable[Hop], old: Sequence[Hop]
) -> Iterator[Edge]:
    target = bucket_node(world, bucket)
    for hop in hops:
        kept = None if hop.blocked is not None else gained(hop, old)
        if kept is not None:
            yield Edge(change.actor.node, target, kept)


def gained(hop: Hop, old: Iterable[Hop]) -> Hop | None:
    """The hop with the actions alone that the old ones do not open as well; None where it adds nothing."""
    known = [
        each for each in old if each.condition in (TRUE, hop.condition) and not set(each.gaps) - set(hop.gaps)
    ]
    reached = reach(hop)
    covered = frozenset[str]().union(*(reach(each).covers(reached) for each in known))
    kept = tuple(name for name in hop.actions if name not in covered)
    if not kept:
        return None
    return hop if len(kept) == len(hop.actions) else replace(hop, actions=kept)


def conjuncts(condition: Formula) -> frozenset[Formula]:
    """What the condition asks for, each on its own: more of it is a stricter condition."""
    if condition == TRUE:
        return frozenset()
    return frozenset(condition.parts if isinstance(condition, AllOf) else (condition,))


@dataclass(frozen=True, slots=True)
class Reach:
    """What an access hop reaches, actions on objects and on the bucket itself apart."""

    on_objects: frozenset[str]
    on_bucket: frozenset[str]
    objects: frozenset[str]
    bucket: frozenset[str]
    except_: frozenset[str]

    def covers(self, other: Reach) -> frozenset[str]:
        """The actions with which it reaches all that the other one does, conditions left aside."""
        if not self.except_ <= other.except_:
            return frozenset()
        found = self.on_objects if other.objects <= self.objects else frozenset[str]()
        return found | self.on_bucket if other.bucket <= self.bucket else found


def reach(hop: Hop) -> Reach:
    """What the hop reaches."""
    actions, resources = frozenset(hop.actions), frozenset(hop.resources)
    objects = frozenset(text for text in resources if "/" in text)
    on_objects = actions & _on_objects()
    return Reach(on_objects, actions - on_objects, objects, resources - objects, frozenset(hop.except_))


@cache
def _on_objects() -> frozenset[str]:
    return frozenset(object_actions())


def _assumed(
    world: World, role: Role, changes: Sequence[Change], before: dict[str, list[Hop]]
) -> Iterator[Edge]:
    named = candidates((role.trust,), world.canonical_ids)
    arns = {str(each) for each in named.arns}
    for change in changes:
        base = change.base.id
        within = named.everyone or change.base.account in named.accounts
        if not within and own_arn(change.actor) not in arns and not _names_session(arns, change):
            continue
        if base == str(role.arn) or isinstance(change.actor.caller, RootUser):
            continue
        edge = assume(world, change.actor, role)
        old = [
            hop for hop in before.get(base, ()) if hop.kind == "assume-role" and hop.target == str(role.arn)
        ]
        if edge is not None and not any(
            conjuncts(hop.condition) <= conjuncts(edge.hop.condition) for hop in old
        ):
            yield edge


def _names_session(arns: Iterable[str], change: Change) -> bool:
    wanted = f":{change.base.account}:assumed-role/{change.base.id.rsplit('/', 1)[-1]}/"
    return any(wanted in each for each in arns)
