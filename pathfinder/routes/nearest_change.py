"""One change that helps to open a refused request: in words, as JSON, and as an exact edit. Source: EVAL-5, BPA-1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathfinder.authorization.decision import LayerKind
from pathfinder.policy.context import KeyState
from pathfinder.policy.document import PolicyKind, Statement

Json = Mapping[str, object]

Amend = Callable[[Statement], Statement | None]
"""A statement to what it becomes; None: it goes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A policy where it hangs."""

    kind: PolicyKind
    name: str
    attached_to: str


@dataclass(frozen=True, slots=True, eq=False)
class AmendStatement:
    """The statement with this index changes, in all places of its policy."""

    places: tuple[Place, ...]
    index: int
    amend: Amend


@dataclass(frozen=True, slots=True, eq=False)
class AddStatement:
    """A statement is added at a layer: to its one policy, or as one more policy where there may be several."""

    layer: LayerKind
    level: str | None
    place: Place
    statement: Statement


@dataclass(frozen=True, slots=True, eq=False)
class DetachPolicy:
    """A policy that only AWS can edit is taken off where it hangs."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TurnOff:
    """RestrictPublicBuckets is turned off at one level (BPA-1)."""

    setting: str


@dataclass(frozen=True, slots=True, eq=False)
class SetKeys:
    """Keys are what they were not: sent otherwise, or tags of the principal or the resource.

    `states`: the request context's keys; the keys that stand for an object's and a session's name as well.
    """

    states: Mapping[str, KeyState]


Edit = AmendStatement | AddStatement | DetachPolicy | TurnOff | SetKeys

ChangeKind = Literal[
    "context",
    "principal-tag",
    "resource-tag",
    "add-statement",
    "widen-statement",
    "narrow-deny",
    "remove-statement",
    "detach-policy",
    "setting",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as small as it can be for exactly this principal, action and resource.

    `kind`: `context` is what the caller sends or has; `widen-statement` is of an Allow. `layer` and `level`:
    where it counts. `policy`, `attached_to`, `statement`: what changes, as far as it is there. `add`: the
    statement to add, or the part of one. `becomes`: the whole statement afterwards. `context`: keys with an
    example of a value that does; None where the key must not be there.
    """

    kind: ChangeKind
    layer: LayerKind
    level: str | None
    text: str
    edit: Edit = field(repr=False, compare=False)
    policy_kind: PolicyKind | None = None
    policy: str | None = None
    attached_to: str | None = None
    statement: str | None = None
    add: Json | None = field(default=None, compare=False)
    becomes: Json | None = field(default=None, compare=False)
    context: Mapping[str, str | tuple[str, ...] | None] = field(default_factory=dict, compare=False)
