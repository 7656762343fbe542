"""The shape of `catalogue.json.gz`: what the generator writes and the catalogue reads.

Names are kept once in each service and pointed to by their index. A service stays undecoded until it is
asked about: most runs look at a handful of the several hundred. Source: evaluation.md, source SAR.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec

PATH = Path(__file__).with_name("catalogue.json.gz")
ACCESS_LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")
"""AWS's access levels; an action holds the index of its own."""


class KeyEntry(msgspec.Struct, frozen=True, array_like=True):
    """A condition key. `type`: AWS's name, such as `String` or `ArrayOfARN`."""

    name: str
    type: str


class ResourceEntry(msgspec.Struct, frozen=True, array_like=True):
    """A resource type. `keys`: indices of the condition keys that requests on it support."""

    name: str
    arn: str
    keys: tuple[int, ...]


class ActionEntry(msgspec.Struct, frozen=True, array_like=True):
    """An action. `keys`: indices of the keys that it supports whatever its resource is.

    `keys_complete`: false where the source does not hold the action and only some keys are known.
    """

    name: str
    access_level: int
    resources: tuple[int, ...]
    keys: tuple[int, ...]
    keys_complete: bool = True


class ServiceEntry(msgspec.Struct, frozen=True):
    """A service prefix; everything in it is sorted by name."""

    keys: tuple[KeyEntry, ...]
    resources: tuple[ResourceEntry, ...]
    actions: tuple[ActionEntry, ...]


class CatalogueFile(msgspec.Struct, frozen=True):
    """The whole file. `source`: what it was generated from; `services`: prefix to a `ServiceEntry`."""

    source: str
    services: dict[str, msgspec.Raw]


def encode(source: str, services: dict[str, ServiceEntry]) -> bytes:
    """The uncompressed bytes of the file; equal facts give equal bytes."""
    encoded = {prefix: msgspec.Raw(msgspec.json.encode(services[prefix])) for prefix in sorted(services)}
    return msgspec.json.encode(CatalogueFile(source, encoded))


def compress(content: bytes) -> bytes:
    """The bytes of the file itself: no time of writing in it."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def read_content(path: Path = PATH) -> bytes:
    """The uncompressed bytes of a file. Raises FileNotFoundError."""
    return gzip.decompress(path.read_bytes())
