"""The fewest changes that open a request, found by what stops it and proven by deciding again.

What stops a request is a set of parts that no request can meet together. Each set of changes that opens it must
change one of them, so the search branches over the changes of one such set at a time, one change deeper each
time. Parts that no value of a changeable key can satisfy need a change of their own and are done first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.graph.settle import Settled
from pathfinder.logic.formula import TRUE, Formula, all_of
from pathfinder.policy.context import KeyState, Open, Values
from pathfinder.routes.nearest_allows import grants
from pathfinder.routes.nearest_change import Change
from pathfinder.routes.nearest_conditions import Known
from pathfinder.routes.nearest_core import core_of
from pathfinder.routes.nearest_denies import exceptions
from pathfinder.routes.nearest_keys import Group, fixed_by, opened_by
from pathfinder.routes.nearest_parts import Part, PartName, Way, part_now, parts_of
from pathfinder.routes.nearest_scene import Scene, applied

MOST_CHANGES = 20
"""Changes in one answer."""
MOST_CHOICES = 6
"""Changes that are chosen among others; from then on the first change that helps is taken each time."""
MOST_DECISIONS = 300
"""Decisions while choosing, for one way of granting; likewise. And as many again after that."""
LARGE = 30
"""Statements that match: with more of them each decision takes longer, by their square, and fewer are made."""
MOST_ALTERNATIVES = 8
"""Alternatives that are shown for one part."""


class SpentError(Exception):
    """The decisions are used up."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Changes that open the request together, none of them to spare; `condition`: when it is open then.

    `fewest`: the search was not cut short, so that no smaller set of such changes does along this way.
    """

    changes: tuple[Change, ...]
    condition: Settled
    fewest: bool

    @property
    def order(self) -> tuple[int, int]:
        """Fewer changes first, then those that are easier to make."""
        return len(self.changes), sum(_EFFORT[change.kind] for change in self.changes)


_EFFORT = {
    "context": 0,
    "principal-tag": 1,
    "resource-tag": 1,
    "widen-statement": 2,
    "add-statement": 3,
    "narrow-deny": 4,
    "setting": 5,
    "remove-statement": 6,
    "detach-policy": 6,
}

Chosen = tuple[tuple[Group, Part], ...]
"""Groups of keys that are left open, each with the part that it is to open."""


@dataclass(slots=True)
class Search:
    """The search along one way of granting.

    `stuck`: the part that no known change opens, once that is found. `given_up`: it takes more changes than an
    answer may have.
    """

    base: Scene
    way: Way
    groups: tuple[Group, ...]
    stuck: Part | None = None
    given_up: bool = False
    _certain: bool = True
    _spent: int = 0
    _seen: dict[object, int] = field(default_factory=dict)

    def opening(self, *, certain: bool = True) -> Opening | None:
        """The fewest changes, or None where there are none. `certain`: nothing unknown may decide then."""
        self._certain, self._spent, self._seen = certain, 0, {}
        needed = self._necessary()
        if needed is None:
            return None
        found: tuple[tuple[Change, ...], Chosen] | None = None
        try:
            for depth in range(MOST_CHOICES + 1):
                found = self._deeper(needed, (), depth)
                if found is not None:
                    return self._proven(*found, fewest=True)
        except SpentError:
            pass
        try:
            found = self._greedily(needed)
        except SpentError:
            self.given_up = True
        return None if found is None else self._proven(*found, fewest=False)

    def blocking(self) -> list[Part]:
        """The parts that stop the request as it is: each by itself, or some only together."""
        parts = self._parts(self.base)
        alone = [part for part in parts if self.base.impossible(part.passes)]
        return alone or self._core(self.base)

    def flexible(self, part: Part) -> Formula:
        """When the part passes, with all keys open that could be otherwise."""
        scene = applied(self.base, (), opened_by(self.groups))
        return part_now(scene, self.way, part)

    def alternatives(self, part: Part) -> tuple[Change, ...]:
        """Single changes by which the part no longer stops the request, the easiest first."""
        together = [part] if self.base.impossible(part.passes) else self._core(self.base)
        names = frozenset(each.name for each in together)
        found: list[Change] = []
        for group in self._relevant(self.base, (), [part], ()):
            scene = applied(self.base, (), opened_by([group]))
            passes = all_of(*(each.passes for each in self._parts(scene) if each.name in names))
            values = scene.example(passes)
            if values is not None:
                found.append(fixed_by(group, simplify(passes, scene.facts), values, self.base, part))
        for change in self._policy_changes(self.base, part, together):
            if change not in found and self._helps(applied(self.base, (change,)), names):
                found.append(change)
            if len(found) >= MOST_ALTERNATIVES:
                break
        return tuple(found)

    def _opens(self, scene: Scene) -> Settled | None:
        """The condition under which such a request is allowed; None where none is, or not for certain."""
        found = scene.settled()
        return found if found is not None and (found.certain or not self._certain) else None

    def _parts(self, scene: Scene) -> tuple[Part, ...]:
        return parts_of(scene, self.way)

    def _scene(self, changes: Iterable[Change], opened: Iterable[Group]) -> Scene:
        self._spent += 1
        if self._spent > self._most:
            raise SpentError
        return applied(self.base, changes, opened_by(opened))

    @property
    def _most(self) -> int:
        """How many decisions may be made."""
        size = max(LARGE, sum(len(layer.matches) for layer in self.base.decision.layers))
        return max(MOST_DECISIONS * LARGE**2 // size**2, 2)

    def _necessary(self) -> tuple[Change, ...] | None:
        """A change for each part that stops the request whatever the changeable keys hold."""
        changes: tuple[Change, ...] = ()
        while True:
            scene = applied(self.base, changes, opened_by(self.groups))
            hard = self._hard(scene)
            if not hard:
                return changes
            if len(changes) >= MOST_CHANGES:
                self.given_up = True
                return None
            step = self._best_for(scene, changes, hard)
            if step is None:
                self.stuck = hard[0]
                return None
            changes = (*changes, step)

    def _hard(self, scene: Scene) -> list[Part]:
        return [part for part in self._parts(scene) if scene.impossible(part.passes)]

    def _best_for(self, scene: Scene, changes: tuple[Change, ...], hard: Sequence[Part]) -> Change | None:
        """The change of the first part that opens most of them: one policy may hang in several places.

        One that opens it without a condition comes first: what is left of others may need a change more.
        """
        best: tuple[int, bool, Change] | None = None
        for change in self._policy_changes(scene, hard[0], [hard[0]]):
            after = applied(self.base, (*changes, change), opened_by(self.groups))
            passes = part_now(after, self.way, hard[0])
            if after.impossible(passes):
                continue
            found = len(self._hard(after)), passes != TRUE, change
            if best is None or found[:2] < best[:2]:
                best = found
            if not best[1] and (len(hard) == 1 or best[0] < len(hard) - 1):
                break
        return best[2] if best else None

    def _helps(self, scene: Scene, names: frozenset[PartName]) -> bool:
        """Whether the parts of these names no longer stop the request."""
        return not scene.impossible(all_of(*(p.passes for p in self._parts(scene) if p.name in names)))

    def _deeper(
        self, changes: tuple[Change, ...], chosen: Chosen, depth: int
    ) -> tuple[tuple[Change, ...], Chosen] | None:
        opened = [group for group, _ in chosen]
        asked = (frozenset(_name(each) for each in changes), frozenset(group.name for group in opened))
        if self._seen.get(asked, -1) >= depth:
            return None
        self._seen[asked] = depth
        scene = self._scene(changes, opened)
        if self._opens(scene) is not None:
            return changes, chosen
        if depth == 0:
            return None
        for step in self._steps(scene, changes, chosen):
            found = self._deeper(*step, depth - 1)
            if found is not None:
                return found
        return None

    def _greedily(self, needed: tuple[Change, ...]) -> tuple[tuple[Change, ...], Chosen] | None:
        """The first change that helps what stops the request, again and again."""
        self._spent = 0
        changes, chosen = needed, Chosen()
        while len(changes) + len(chosen) <= MOST_CHANGES:
            scene = self._scene(changes, (group for group, _ in chosen))
            if self._opens(scene) is not None:
                return changes, chosen
            names = frozenset(part.name for part in self._core(scene))
            for step in self._steps(scene, changes, chosen):
                after = self._scene(step[0], (group for group, _ in step[1]))
                if self._helps(after, names):
                    changes, chosen = step
                    break
            else:
                return None
        self.given_up = True
        return None

    def _steps(
        self, scene: Scene, changes: tuple[Change, ...], chosen: Chosen
    ) -> Iterator[tuple[tuple[Change, ...], Chosen]]:
        """Every change of one of the parts that stop the request, keys before policies."""
        core = self._core(scene)
        opened = [group for group, _ in chosen]
        for part in core:
            for group in self._relevant(scene, changes, [part], opened):
                yield changes, (*chosen, (group, part))
        names = frozenset(part.name for part in core)
        for part in core:
            for change in self._policy_changes(scene, part, core):
                longer = (*changes, change)
                if len(core) > 1 or self._helps(self._scene(longer, opened), names):
                    yield longer, chosen

    def _core(self, scene: Scene) -> list[Part]:
        return core_of(scene, self._parts(scene))

    def _relevant(
        self,
        scene: Scene,
        changes: Iterable[Change],
        parts: Sequence[Part],
        opened: Sequence[Group],
    ) -> list[Group]:
        """Groups of keys, not open yet, that the parts hang on."""
        left = [group for group in self.groups if group not in opened]
        if not left:
            return []
        names = {part.name for part in parts}
        flexible = applied(self.base, changes, opened_by(self.groups))
        keys = keys_of(all_of(*(each.passes for each in self._parts(flexible) if each.name in names)))
        return [group for group in left if group.keys & keys]

    def _policy_changes(self, scene: Scene, part: Part, core: Sequence[Part]) -> Iterator[Change]:
        known = _known(scene, [each for each in core if each.name != part.name])
        yield from exceptions(scene, part, known) if part.deny else grants(scene, part, known)

    def _proven(self, changes: tuple[Change, ...], chosen: Chosen, *, fewest: bool) -> Opening | None:
        """The changes with values for all keys, decided once more; none of them is to spare."""
        values: tuple[Change, ...] = ()
        if chosen:
            scene = applied(self.base, changes, opened_by(group for group, _ in chosen))
            settled, told = self._opens(scene), scene.example(scene.decision.allowed)
            if settled is None or told is None:
                return None
            values = tuple(
                fixed_by(group, settled.condition, told, self.base, part) for group, part in chosen
            )
        kept = (*values, *changes)
        for change in (*values, *changes):
            fewer = tuple(each for each in kept if each is not change)
            if self._opens(applied(self.base, fewer)) is not None:
                kept = fewer
        condition = self._opens(applied(self.base, kept))
        return None if condition is None else Opening(kept, condition, fewest)


def _name(change: Change) -> tuple[str, ...]:
    return (change.kind, change.layer.value, change.level or "", change.text)


def _known(scene: Scene, others: Sequence[Part]) -> Known:
    """What is known of keys; of open ones, what the other parts in the way of the request want of them."""
    wanted: Mapping[str, tuple[str, ...]] = {}
    if others:
        wanted = scene.example(all_of(*(part.passes for part in others))) or {}

    def known(key: str) -> KeyState:
        state = scene.context.state(key)
        return Values(wanted[key]) if isinstance(state, Open) and key in wanted else state

    return known
