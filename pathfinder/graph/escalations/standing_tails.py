"""What changed organizations open: hops of principals that are closed as long as the organizations are as they are.

All that follows such a change is decided with the organizations as they then are: SCPs, RCPs, and the keys that tell
of membership, which may also close what was open. Source: evaluation.md ESC-4, ESC-35, ORG-1, ORG-20.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pathfinder.authorization.caller import RootUser
from pathfinder.graph.access import accesses
from pathfinder.graph.access_points import Point, buckets_behind, points_of
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.changes import Change
from pathfinder.graph.doors import Door
from pathfinder.graph.escalations.changed import under
from pathfinder.graph.escalations.tail import conjuncts, gained
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.assume_role import assume
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import candidates, role_actor
from pathfinder.graph.standing import Standing
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Unread

MOST_NODES = 20_000
"""Principals in changed organizations, over all such changes: a limit that is told where it is met."""


def standing_tails(
    world: World, changes: Iterable[Change], before: Mapping[str, list[Hop]]
) -> Iterator[Edge | Gap]:
    """The hops that changed organizations open, from these principals on. `before`: all hops as it is."""
    groups: dict[int, tuple[Standing, list[Change]]] = {}
    for change in changes:
        standing = change.actor.standing
        if standing is not None:
            groups.setdefault(id(standing), (standing, []))[1].append(change)
    doors = _Doors(world) if groups else None
    left = MOST_NODES
    all_walks: list[_Walk] = []
    walks: dict[tuple[tuple[str, str], ...], _Walk] = {}
    for standing, starts in groups.values():
        assert doors is not None
        walk = _Walk(world, standing, before, doors)
        walk.go(starts, left)
        all_walks.append(walk)
        left -= len(walk.reached)
        if walk.cut:
            words = ", ".join(said for _, said in standing.made)
            reason = f"more than {MOST_NODES} principals: not all that opens is looked at ({words})"
            yield Gap("escalations in organizations", reason)
        else:
            walks[standing.made] = walk
    for walk in sorted(all_walks, key=lambda each: len(each.standing.parts)):
        parts = frozenset(walk.standing.parts)
        walk.parts = tuple(
            each
            for made, each in walks.items()
            if made and made[-1][0] in parts and made[:-1] == walk.standing.made[:-1]
        )
        yield from walk.edges()


class _Doors:
    """Ways to go on: roles by whom their trust policies name, as far as these are known; access points by bucket."""

    def __init__(self, world: World) -> None:
        self.points: dict[str, list[Point]] = {}
        for point in points_of(world):
            for bucket in buckets_behind(world, point):
                self.points.setdefault(str(bucket.arn), []).append(point)
        self._everyone: list[Role] = []
        self._by_account: dict[str, list[Role]] = {}
        self._by_name: dict[str, list[Role]] = {}
        for role in world.roles.values():
            if role.service_linked or isinstance(role.trust, Unread):
                continue
            found = candidates((role.trust,), world.canonical_ids)
            if found.everyone:
                self._everyone.append(role)
            for account in found.accounts:
                self._by_account.setdefault(account, []).append(role)
            for arn in found.arns:
                text = str(arn)
                if ":assumed-role/" in text:
                    text = f"{arn.account}/{arn.resource.split('/')[1]}"
                self._by_name.setdefault(text, []).append(role)

    def of(self, change: Change) -> Iterator[Role]:
        """The roles that may let the principal in, each once."""
        base = change.base
        found = {
            str(role.arn): role
            for roles in (
                self._everyone,
                self._by_account.get(str(base.account), ()),
                self._by_name.get(base.id, ()),
                self._by_name.get(f"{base.account}/{base.id.rsplit('/', 1)[-1]}", ()),
            )
            for role in roles
        }
        return (found[arn] for arn in sorted(found))


_Who = tuple[str, tuple[tuple[str, str], ...]]
"""A principal whatever the organizations are: its node as it is, and what else has changed for it."""


@dataclass(slots=True)
class _Walk:
    """Who is reached in one changed state of the organizations, and what is open for them there.

    `whole`: node ids of those that could not be reached before: for them all that is open counts, not only what is
    open in addition. `parts`: the same for changes that are parts of this one: what they open is not told again.
    """

    world: World
    standing: Standing
    before: Mapping[str, list[Hop]]
    doors: _Doors
    reached: dict[str, Change] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)
    cut: bool = False
    parts: tuple[_Walk, ...] = ()
    _assumed: dict[str, list[Edge]] = field(default_factory=dict)
    _found: dict[_Who, list[Hop]] = field(default_factory=dict)

    def go(self, starts: Sequence[Change], most: int) -> None:
        """Everyone who is reached by assuming roles."""
        near = self._near()
        self.starts.update(each.actor.node.id for each in starts)
        waiting = list(starts)
        seen: set[tuple[str, bool]] = set()
        while waiting:
            change = waiting.pop()
            node_id = change.actor.node.id
            turn = (node_id, node_id in self.whole)
            if turn in seen:
                continue
            seen.add(turn)
            if node_id not in self.reached and len(self.reached) >= most:
                self.cut = True
                return
            self.reached[node_id] = change
            self._assumed[node_id] = []
            if isinstance(change.actor.caller, RootUser):
                continue
            anywhere = node_id in self.whole or self.standing.touches(change.base.account)
            for role in self.doors.of(change):
                arn = str(role.arn)
                if arn != change.base.id and (anywhere or arn in near):
                    waiting.extend(self._to(change, role))

    def _to(self, change: Change, role: Role) -> Iterator[Change]:
        edge = assume(self.world, change.actor, role)
        if edge is None:
            return
        source, there = change.actor.node, under(self.world, role_actor(role), self.standing)
        old = [
            hop
            for hop in self.before.get(change.base.id, ())
            if hop.kind == "assume-role" and hop.target == str(role.arn)
        ]
        if source.id in self.whole or not any(_as_open(hop, edge.hop) for hop in old):
            self.whole.add(there.actor.node.id)
        node = there.actor.node
        self._assumed[source.id].append(Edge(source, node, replace(edge.hop, target=node.id)))
        yield there

    def _near(self) -> frozenset[str]:
        """Roles from which the change may make a difference, by assuming others too."""
        found = {arn for arn, role in self.world.roles.items() if self.standing.touches(role.arn.account)}
        buckets = {node for node, _ in self._buckets()}
        before: dict[str, set[str]] = {}
        for source, hops in self.before.items():
            for hop in hops:
                if hop.kind == "assume-role":
                    before.setdefault(hop.target, set()).add(source)
                elif hop.target in buckets:
                    found.add(source)
        for bucket in self._touched():
            for door in self._doors(bucket):
                found.update(actor.node.id for actor in door.callers(self.world))
        for arn in tuple(found):
            role = self.world.roles.get(arn)
            if role is not None:
                found.update(self._named(role))
        waiting = list(found)
        while waiting:
            for source in before.get(waiting.pop(), ()):
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        return frozenset(found)

    def _named(self, role: Role) -> Iterator[str]:
        """Roles that its trust policy may name, one by one or with their account."""
        named = candidates((role.trust,), self.world.canonical_ids)
        yield from map(str, named.arns)
        for account in self.world.actors_by_account if named.everyone else named.accounts:
            yield from (each.node.id for each in self.world.actors_by_account.get(account, ()))

    def _touched(self) -> Iterator[Bucket]:
        return (each for each in self.world.buckets.values() if self.standing.touches(each.account or None))

    def _buckets(self) -> Iterator[tuple[str, Bucket]]:
        return ((bucket_node(self.world, each).id, each) for each in self._touched())

    def edges(self) -> Iterator[Edge]:
        """The hops, as far as something follows that was not open before."""
        found = list(self._accesses())
        assumed = [edge for edges in self._assumed.values() for edge in edges]
        leading = {edge.hop.source for edge in found}
        sources: dict[str, set[str]] = {}
        for edge in assumed:
            sources.setdefault(edge.hop.target, set()).add(edge.hop.source)
        waiting = list(leading)
        while waiting:
            for source in sources.get(waiting.pop(), ()):
                if source not in leading:
                    leading.add(source)
                    waiting.append(source)
        yield from (edge for edge in assumed if edge.hop.target in leading)
        yield from found

    def _who(self, change: Change) -> _Who:
        return change.base.id, tuple(each for each in change.made if each not in self.standing.made)

    def _told_by(self, part: _Walk) -> Iterator[tuple[str, list[Hop]]]:
        """By node id, what the part opens, for those who are reached there on every way on which they are here."""
        there = {part._who(change): node_id for node_id, change in part.reached.items()}
        alike = {
            node_id
            for node_id, change in self.reached.items()
            if self._who(change) in there
            and (node_id not in self.starts or there[self._who(change)] in part.starts)
        }
        fewer = True
        while fewer:  # who is reached by somebody who is not there, or not as openly there
            fewer = False
            for source, edges in self._assumed.items():
                known = part._assumed.get(there.get(self._who(self.reached[source]), ""), ())
                open_ = {
                    part._who(part.reached[each.hop.target]): each.hop
                    for each in (known if source in alike else ())
                    if each.hop.target in part.reached
                }
                for edge in edges:
                    target = edge.hop.target
                    hop = open_.get(self._who(self.reached[target])) if target in alike else None
                    if target in alike and (hop is None or not _as_open(hop, edge.hop)):
                        alike.discard(target)
                        fewer = True
        for node_id in alike:
            yield node_id, part._found.get(self._who(self.reached[node_id]), [])

    def _accesses(self) -> Iterator[Edge]:
        told: dict[str, list[Hop]] = {}
        for part in self.parts:
            for node_id, hops in self._told_by(part):
                told.setdefault(node_id, []).extend(hops)
        by_base: dict[str, list[Change]] = {}
        for change in self.reached.values():
            by_base.setdefault(change.base.id, []).append(change)
        for bucket in self.world.buckets.values():
            target = bucket_node(self.world, bucket)
            for door in self._doors(bucket):
                for actor in door.callers(self.world):
                    for change in by_base.get(actor.node.id, ()):
                        known = told.get(change.actor.node.id, ())
                        for hop in self._open(change, bucket, door.point, known):
                            self._found.setdefault(self._who(change), []).append(hop)
                            yield Edge(change.actor.node, target, hop)

    def _doors(self, bucket: Bucket) -> tuple[Door, ...]:
        return (Door(bucket), *(Door(bucket, each) for each in self.doors.points.get(str(bucket.arn), ())))

    def _open(
        self, change: Change, bucket: Bucket, point: Point | None, told: Sequence[Hop]
    ) -> Iterator[Hop]:
        whole = change.actor.node.id in self.whole
        touched = self.standing.touches(change.base.account) or self.standing.touches(bucket.account or None)
        if not whole and not touched:
            return
        kind = "access" if point is None else "access-point"
        target = bucket_node(self.world, bucket).id
        known = self.before.get(change.base.id, ())
        before = told if whole else (*known, *told)
        old = [hop for hop in before if hop.kind == kind and hop.target == target]
        for hop in accesses(self.world, change.actor, bucket, change.only, point):
            kept = gained(hop, old) if hop.blocked is None else None
            if kept is not None:
                yield kept


def _as_open(known: Hop, hop: Hop) -> bool:
    return conjuncts(known.condition) <= conjuncts(hop.condition) and set(known.gaps) <= set(hop.gaps)
