"""One folder of iam-collect: a role, a bucket, a key … with its metadata, policies and tags in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from msgspec import UNSET

from pathfinder.snapshot.decoding import as_utf8
from pathfinder.snapshot.errors import InputError, join_place
from pathfinder.snapshot.files import below
from pathfinder.snapshot.importers.iam_collect.shapes import Metadata
from pathfinder.snapshot.reading import CallFailed, Place, Reading
from pathfinder.snapshot.shapes.base import RawDocument, Tag

T = TypeVar("T")
M = TypeVar("M", bound=Metadata)

_WHOLE_FILES = {
    "AssumeRolePolicyDocument": "trust-policy.json",
    "Policy": "policy.json",
    "PolicyDocument": "endpoint-policy.json",
    "PolicyVersionList": "current-policy.json",
}
_LIST_FILES = {
    "GroupPolicyList": "inline-policies.json",
    "RolePolicyList": "inline-policies.json",
    "UserPolicyList": "inline-policies.json",
}


@dataclass(frozen=True, slots=True)
class FolderPlace(Place):
    """An entry whose parts stand in files of their own: AWS's name for the part says which."""

    def at(self, *parts: str) -> Place:
        """The place in the part's file."""
        name, bracket, index = parts[0].partition("[")
        if file := _WHOLE_FILES.get(name):
            return Place(below(self.file, file))
        if file := _LIST_FILES.get(name):
            return Place(below(self.file, file), join_place(bracket + index, *parts[1:]))
        return Place(below(self.file, "metadata.json"), parts[0][:1].lower() + parts[0][1:])


@dataclass(frozen=True, slots=True)
class Entry:
    """The folder, and how its files are read."""

    reading: Reading
    folder: str

    @property
    def place(self) -> FolderPlace:
        """Where it is."""
        return FolderPlace(self.folder)

    def file(self, name: str, shape: type[T]) -> T | None:
        """A file's content; None where there is none, or it is left out."""
        found = self.reading.one(below(self.folder, name), shape)
        return None if isinstance(found, CallFailed) else found

    def has(self, name: str) -> bool:
        """Whether the file is there, readable or not."""
        return name in self.reading.files.files(self.folder)

    def document(self, name: str, absent: RawDocument = UNSET) -> RawDocument:
        """A policy document's bytes, `absent` where there is no such file."""
        if not self.has(name):
            return absent
        try:
            file = below(self.folder, name)
            return msgspec.Raw(as_utf8(self.reading.files.read(file) or b"", file))
        except InputError as error:
            self.reading.skip(error)
            return UNSET

    def tags(self) -> list[Tag]:
        """Its tags."""
        return [
            Tag(key=key, value=value or "")
            for key, value in (self.file("tags.json", dict[str, str | None]) or {}).items()
        ]


def entries(reading: Reading, folder: str, shape: type[M]) -> Iterator[tuple[Entry, M]]:
    """Each folder in a folder with its metadata; one without is a gap, since it alone has the real name."""
    for name in reading.files.folders(folder):
        entry = Entry(reading, below(folder, name))
        metadata = entry.file("metadata.json", shape)
        if metadata is None:
            reading.lost += 1
            reading.gap(entry.folder, "has no usable metadata.json, which alone says its name; left out")
        else:
            yield entry, metadata
