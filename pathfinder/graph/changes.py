"""Principals once something has been changed for them: what an escalation's tail is decided with.

Source: evaluation.md ESC-4: boundary, SCP and RCP stay as they are unless another hop changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pathfinder.authorization.acl import AclPolicy
from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor
from pathfinder.logic.formula import all_of
from pathfinder.logic.patterns import Pattern
from pathfinder.model.access_points import MultiRegionAccessPoint, ObjectLambdaAccessPoint
from pathfinder.model.resources import AccessPoint, Bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A node that stands for a principal after a change.

    `actor`: the principal with its policies as they then are; its node is this one. `base`: the principal's node in
    the snapshot. `bucket`: the bucket as it then is, where that is what has changed; `point`: the access point as it
    then is, `through`: the Object Lambda one. `made`: each change made so far, by a short name, with words for it.
    `only`: the S3 actions that the way leads to, where it is less than what the principal may; None for all.
    `signed`: for the principal without its signature, the node after the same change with it: what is open there is
    not told again.
    """

    actor: Actor
    base: Node
    bucket: Bucket | None = None
    point: AccessPoint | MultiRegionAccessPoint | None = None
    made: tuple[tuple[str, str], ...] = ()
    only: frozenset[str] | None = None
    signed: str | None = None
    through: ObjectLambdaAccessPoint | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ObjectAcl:
    """The ACL that objects have once somebody has put it: those whose keys match a pattern and no exception."""

    acl: AclPolicy
    patterns: tuple[Pattern, ...]
    exceptions: tuple[Pattern, ...] = ()

    def is_about(self, key: str | None) -> bool:
        """Whether it is the ACL of this object; of some where the key is open."""
        if key is None:
            return True
        return _some(self.patterns, key) and not _some(self.exceptions, key)

    def at(self, key: str | None) -> AclPolicy:
        """The ACL for requests about this object; where the key is open it counts for those objects alone."""
        if key is not None:
            return self.acl
        inside = open_text(OBJECT_KEY, self.patterns)
        outside = open_text(OBJECT_KEY, self.exceptions, negated=True)
        return replace(self.acl, counts=all_of(self.acl.counts, inside, outside))


def _some(patterns: tuple[Pattern, ...], key: str) -> bool:
    return any(pattern.matches_all or pattern.matches(key) for pattern in patterns)
