"""`kms list-keys`, `describe-key`, `get-key-policy`, `list-grants`, `list-aliases`, `list-resource-tags`."""

from __future__ import annotations

from msgspec import UNSET

from pathfinder.snapshot.shapes.base import Errors, Page, RawDocument, Shape, Tag


class Constraints(Shape):
    """What a grant asks of the encryption context."""

    encryption_context_subset: dict[str, str] | None = None
    encryption_context_equals: dict[str, str] | None = None


class Grant(Shape):
    """A grant on a key."""

    grant_id: str
    grantee_principal: str
    operations: list[str] | None = None
    constraints: Constraints | None = None


class Alias(Shape):
    """A name of a key."""

    alias_name: str


class KeyMetadata(Shape):
    """`describe-key`."""

    arn: str | None = None
    key_manager: str | None = None
    key_state: str | None = None


class KeyEntry(Shape):
    """A key of `list-keys`, with what the other calls said of it."""

    key_arn: str
    key_metadata: KeyMetadata | None = None
    policy: RawDocument = UNSET
    grants: list[Grant] | None = None
    aliases: list[Alias] | None = None
    tags: list[Tag] | None = None
    errors: Errors | None = None


class Keys(Page):
    """`list-keys`."""

    keys: list[KeyEntry] | None = None
