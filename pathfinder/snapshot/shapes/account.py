"""Our own small files: the mark of a snapshot, its gaps, and an account's names."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from pathfinder.snapshot.shapes.base import Shape


class Mark(msgspec.Struct):
    """`pathfinder.json`."""

    format_version: int


class GapEntry(Shape):
    """A gap."""

    place: str
    reason: str
    affects: list[str] = msgspec.field(default_factory=list)


class Gaps(Shape):
    """`gaps.json`."""

    gaps: list[GapEntry] = msgspec.field(default_factory=list)


class Described(Shape):
    """What `organizations describe-account` says."""

    name: str | None = None


class AccountFile(Shape):
    """`account.json`, in our form or as `organizations describe-account` prints it.

    `organization` null: the account is in none.
    """

    name: str | None = None
    partition: str | None = None
    canonical_id: str | None = None
    organization: str | UnsetType | None = UNSET
    account: Described | None = None
