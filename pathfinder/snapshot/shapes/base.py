"""What the shapes of all services share."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, Raw, UnsetType

RawDocument = Raw | UnsetType
"""A policy document as bytes: an object, or text that holds one. UNSET where it is not given, `null` for none."""

Errors = dict[str, str]
"""Our own addition to any entry: part to why it could not be read, for example `{"Policy": "AccessDenied"}`."""


class Shape(msgspec.Struct, rename="pascal", kw_only=True):
    """A JSON object with AWS's field names."""


class Page(Shape):
    """Output of a call that lists. `incomplete` is our own: the list is known not to be whole."""

    is_truncated: bool | None = None
    truncated: bool | None = None
    next_token: str | None = None
    next_marker: str | None = None
    incomplete: bool = False

    @property
    def truncated_here(self) -> bool:
        """Whether AWS said that more pages follow."""
        return bool(self.is_truncated or self.truncated or self.next_token or self.next_marker)


class CamelShape(msgspec.Struct, rename="camel", kw_only=True):
    """A JSON object of a service that begins its field names with a small letter: ECS, EKS, Roles Anywhere."""


class CamelPage(Page, rename="camel", kw_only=True):
    """Output of a call that lists, of such a service."""

    is_truncated: bool | None = None
    truncated: bool | None = None
    next_token: str | None = None
    next_marker: str | None = None
    incomplete: bool = False


class Tag(Shape):
    """A tag; KMS calls its fields TagKey and TagValue."""

    key: str | None = None
    value: str = ""
    tag_key: str | None = None
    tag_value: str = ""


def tags_of(tags: Iterable[Tag] | None) -> dict[str, str]:
    """Tags as a mapping, in the order of their keys."""
    found = {}
    for tag in tags or ():
        if tag.key is not None:
            found[tag.key] = tag.value
        elif tag.tag_key is not None:
            found[tag.tag_key] = tag.tag_value
    return dict(sorted(found.items()))


def given(value: object) -> bool:
    """Whether the field was there at all, be it null."""
    return value is not UNSET
