"""S3 actions that no policy at hand tells apart, so that each class is decided once (design idea 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathfinder.authorization.objects import ownership_class
from pathfinder.authorization.request import Policies
from pathfinder.aws.catalogue import supports_key
from pathfinder.aws.s3_actions import (
    bucket_actions,
    object_actions,
    owner_account_only,
    supports_anonymous,
)
from pathfinder.policy.compile import CompiledStatement, Compiler
from pathfinder.policy.document import Policy


@dataclass(frozen=True, slots=True)
class ActionClass:
    """Actions with one answer. `objects`: they are done to objects, otherwise to the bucket itself."""

    actions: tuple[str, ...]
    objects: bool


Partition = tuple[int, ...]
"""For each S3 action, bucket actions first, the number of its class; classes are numbered as they come."""


class ActionClasses:
    """Finds the classes for a set of policies.

    What the policies of one side (a principal, a bucket, an organization) tell apart is kept, and the sides
    are laid over each other for each pair, which is cheap.
    """

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._actions = (*bucket_actions(), *object_actions())
        self._on_objects = len(bucket_actions())
        self._partitions: dict[tuple[int, ...], Partition] = {}
        self._classes: dict[tuple[Partition, ...], tuple[ActionClass, ...]] = {}
        self._held: list[object] = []
        self._basis = _numbered(
            (owner_account_only(name), supports_anonymous(name)) for name in self._actions
        )
        self._ownership = _numbered(ownership_class(name) for name in self._actions)

    def of(self, policies: Policies, wanted: frozenset[str] | None = None) -> tuple[ActionClass, ...]:
        """The classes of all S3 bucket and object actions (or of the wanted ones) under these policies."""
        basis = (self._basis, self._ownership) if policies.foreign_objects else (self._basis,)
        sides = tuple(dict.fromkeys((*basis, *(self._partition(side) for side in _sides(policies) if side))))
        known = self._classes.get(sides)
        if known is None:
            known = self._classes[sides] = self._lay_over(sides)
        if wanted is None:
            return known
        kept = (
            ActionClass(tuple(name for name in each.actions if name in wanted), each.objects)
            for each in known
        )
        return tuple(each for each in kept if each.actions)

    def _lay_over(self, sides: tuple[Partition, ...]) -> tuple[ActionClass, ...]:
        groups: dict[tuple[bool, tuple[int, ...]], list[str]] = {}
        for index, marks in enumerate(zip(*sides, strict=True)):
            groups.setdefault((index >= self._on_objects, marks), []).append(self._actions[index])
        return tuple(ActionClass(tuple(group), objects) for (objects, _), group in groups.items())

    def _partition(self, policies: tuple[Policy, ...]) -> Partition:
        """What the policies of one side tell apart: statements that are about an action, S3 keys it supports."""
        key = tuple(dict.fromkeys(id(policy.document) for policy in policies))
        known = self._partitions.get(key)
        if known is None:
            self._held.append([policy.document for policy in policies])
            statements = [each for policy in policies for each in self._compiler.compile(policy).statements]
            keys = sorted({key for each in statements for key in each.keys if key.startswith("s3:")})
            known = _numbered(
                (_bits(statements, name.lower()), tuple(supports_key(name, key) for key in keys))
                for name in self._actions
            )
            self._partitions[key] = known
        return known


def _numbered(marks: Iterable[object]) -> Partition:
    numbers: dict[object, int] = {}
    return tuple(numbers.setdefault(mark, len(numbers)) for mark in marks)


def _bits(statements: list[CompiledStatement], action: str) -> int:
    return sum(1 << index for index, each in enumerate(statements) if each.actions.holds(action))


def _sides(policies: Policies) -> Iterator[tuple[Policy, ...]]:
    """The policies by whose they are: each side comes again with many others."""
    own = (
        *policies.identity,
        *((policies.boundary,) if policies.boundary else ()),
        *(policies.session or ()),
    )
    yield tuple(policy for policy in own if isinstance(policy, Policy))
    yield tuple(policy for policy in policies.resource if isinstance(policy, Policy))
    yield tuple(each.policy for each in policies.acl if isinstance(each.policy, Policy))
    for levels in (policies.scp, policies.rcp):
        yield tuple(
            policy for level in levels or () for policy in level.policies if isinstance(policy, Policy)
        )
    yield tuple(each.policy for each in policies.endpoints if isinstance(each.policy, Policy))
