"""What others wrote, read into the model: one file a format, found through this registry.

A new format is one new file here with a function marked `@importer(...)`. It takes a `Reading`, whose `files`
hold the source (a folder, one file, or an archive), and returns a canonical Snapshot.
"""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from pathfinder.model.organization import Snapshot
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import Files
from pathfinder.snapshot.reading import Progress, Reading, collector_paused
from pathfinder.snapshot.source import open_source

ReadSource = Callable[[Reading], Snapshot]


@dataclass(frozen=True, slots=True)
class Importer:
    """A format: its name, what it expects in words, whether files look like it, and how it is read."""

    format: str
    expects: str
    recognizes: Callable[[Files], bool]
    read: ReadSource


_importers: dict[str, Importer] = {}


def importer(
    format: str, *, expects: str, recognizes: Callable[[Files], bool]
) -> Callable[[ReadSource], ReadSource]:
    """Registers the function as the reader of a format."""

    def register(read: ReadSource) -> ReadSource:
        _importers[format] = Importer(format, expects, recognizes, read)
        return read

    return register


def formats() -> tuple[str, ...]:
    """The names of all formats."""
    return tuple(importers())


@cache
def importers() -> Mapping[str, Importer]:
    """Every importer by its format's name, in the order of the names."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_importers.items()))


def import_from(
    format: str,
    source: str | os.PathLike[str],
    *,
    skip_invalid: bool = False,
    progress: Progress | None = None,
) -> Snapshot:
    """Read a source of a named format. Raises InputError."""
    found = importers().get(format)
    if found is None:
        near = difflib.get_close_matches(format, formats(), n=1)
        remedy = f"Did you mean {near[0]}?" if near else f"Formats are {', '.join(formats())}."
        raise InputError(format, "", "is no import format", remedy)
    reading = Reading(open_source(source), skip_invalid=skip_invalid, progress=progress)
    if not found.recognizes(reading.files):
        raise InputError(str(source), "", f"does not look like {format}", f"Expected: {found.expects}.")
    with collector_paused():
        return found.read(reading)
