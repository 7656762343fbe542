"""S3 actions that no policy at hand tells apart, so that each class is decided once (design idea 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathfinder.authorization.request import Policies
from pathfinder.aws.catalogue import supports_key
from pathfinder.aws.s3_actions import (
    bucket_actions,
    object_actions,
    owner_account_only,
    supports_anonymous,
)
from pathfinder.policy.compile import CompiledStatement, Compiler
from pathfinder.policy.document import Policy, SomePolicy


@dataclass(frozen=True, slots=True)
class ActionClass:
    """Actions with one answer. `objects`: they are done to objects, otherwise to the bucket itself."""

    actions: tuple[str, ...]
    objects: bool


class ActionClasses:
    """Finds the classes for a set of policies; what one document says of all actions is kept."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._signatures: dict[tuple[int, bool], tuple[tuple[int, ...], frozenset[str]]] = {}
        self._classes: dict[tuple[tuple[int, ...], tuple[str, ...]], tuple[ActionClass, ...]] = {}
        self._held: list[object] = []

    def of(self, policies: Policies, wanted: frozenset[str] | None = None) -> tuple[ActionClass, ...]:
        """The classes of all S3 bucket and object actions (or of the wanted ones) under these policies."""
        documents = list(_documents(policies))
        key = (
            tuple(sorted({id(policy.document) for policy in documents})),
            tuple(sorted(wanted)) if wanted is not None else ("*",),
        )
        known = self._classes.get(key)
        if known is None:
            self._held.append(documents)
            known = self._find(documents, wanted)
            self._classes[key] = known
        return known

    def _find(self, policies: list[Policy], wanted: frozenset[str] | None) -> tuple[ActionClass, ...]:
        found: list[ActionClass] = []
        for objects, actions in ((False, bucket_actions()), (True, object_actions())):
            parts = [self._signature(policy, objects, actions) for policy in policies]
            keys = sorted({key for _, used in parts for key in used})
            groups: dict[object, list[str]] = {}
            for index, action in enumerate(actions):
                if wanted is not None and action not in wanted:
                    continue
                mark = (
                    tuple(signature[index] for signature, _ in parts),
                    owner_account_only(action),
                    supports_anonymous(action),
                    tuple(supports_key(action, key) for key in keys),
                )
                groups.setdefault(mark, []).append(action)
            found.extend(ActionClass(tuple(group), objects) for group in groups.values())
        return tuple(found)

    def _signature(
        self, policy: Policy, objects: bool, actions: tuple[str, ...]
    ) -> tuple[tuple[int, ...], frozenset[str]]:
        """For each action the set of statements that are about it, as bits; and the S3 keys they test."""
        key = (id(policy.document), objects)
        known = self._signatures.get(key)
        if known is None:
            statements = self._compiler.compile(policy).statements
            self._held.append(policy.document)
            known = (
                tuple(_bits(statements, action.lower()) for action in actions),
                frozenset(
                    condition.key
                    for statement in statements
                    for condition in statement.conditions
                    if condition.key.startswith("s3:")
                ),
            )
            self._signatures[key] = known
        return known


def _bits(statements: tuple[CompiledStatement, ...], action: str) -> int:
    return sum(1 << index for index, each in enumerate(statements) if each.actions.holds(action))


def _documents(policies: Policies) -> Iterable[Policy]:
    groups: list[Iterable[SomePolicy]] = [policies.identity, policies.resource]
    groups.append((policies.boundary,) if policies.boundary else ())
    groups.extend(level.policies for level in policies.scp or ())
    groups.extend(level.policies for level in policies.rcp or ())
    groups.append([endpoint.policy for endpoint in policies.endpoints])
    for group in groups:
        for policy in group:
            if isinstance(policy, Policy):
                yield policy
