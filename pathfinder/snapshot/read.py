"""Anything that a user may call a snapshot, read into the model."""

from __future__ import annotations

import os

from pathfinder.model.organization import Snapshot
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.folder import is_snapshot, read_snapshot
from pathfinder.snapshot.importers import importers
from pathfinder.snapshot.reading import Progress, Reading, collector_paused
from pathfinder.snapshot.source import EXPECTED, open_source

_RECOGNIZED = ("iam-collect", "account-authorization-details")
"""Formats that `load` takes without being told, in the order in which it looks for them."""


def load(
    path: str | os.PathLike[str], *, skip_invalid: bool = False, progress: Progress | None = None
) -> Snapshot:
    """Read a snapshot folder or archive, `get-account-authorization-details` output, or an iam-collect folder.

    `skip_invalid`: what is invalid is left out and becomes a gap, instead of an InputError; a policy left out
    stays as `Unread`. `progress` is told what is being read, how many are done, and how many there are.
    Raises InputError.
    """
    files = open_source(path)
    reading = Reading(files, skip_invalid=skip_invalid, progress=progress)
    with collector_paused():
        if is_snapshot(files):
            return read_snapshot(reading)
        for name in _RECOGNIZED:
            found = importers()[name]
            if found.recognizes(files):
                return found.read(reading)
    raise InputError(str(path), "", "holds no snapshot", EXPECTED)
