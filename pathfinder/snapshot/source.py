"""A path that a user gives: a folder, an archive, or one file."""

from __future__ import annotations

import os
from pathlib import Path

from pathfinder.snapshot.archive import looks_packed, open_archive
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import Files, Folder, Packed, read_file

EXPECTED = (
    "Give a snapshot folder or archive, a file or folder of `aws iam get-account-authorization-details` output, "
    "or an iam-collect folder."
)


def open_source(source: str | os.PathLike[str]) -> Files:
    """Its files. Raises InputError where there is nothing to read."""
    path = Path(source)
    try:
        if path.is_dir():
            return Folder(path)
    except (OSError, ValueError):
        pass  # reading it says why
    content = read_file(path, str(source))
    if content is None:
        raise InputError(str(source), "", "does not exist", EXPECTED)
    if looks_packed(content):
        return open_archive(path, content)
    return Packed(str(source), {path.name: content})
