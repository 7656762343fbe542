"""Where a snapshot's bytes come from: a folder, one file, or an archive held in memory; all read alike."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

from pathfinder.snapshot.errors import FIX, InputError

LARGEST_FILE = 1 << 30
"""Bytes. Nothing that AWS or a collector writes comes near; a bigger file is a mistake or an attack."""


class Files(Protocol):
    """A tree of files. Paths are relative and use `/`; the empty path is the tree itself."""

    @property
    def label(self) -> str:
        """How messages name the whole."""

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is no such file. Raises InputError."""

    def files(self, folder: str = "") -> list[str]:
        """Names of the files directly in the folder, sorted; none where there is no such folder."""

    def folders(self, folder: str = "") -> list[str]:
        """Names of the folders directly in the folder, sorted; none where there is no such folder."""


class Folder:
    """Files of a folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def label(self) -> str:
        """The folder's path as given."""
        return str(self.root)

    def read(self, path: str) -> bytes | None:
        """The file's bytes; see `Files.read`."""
        return read_file(self.root / path, path)

    def files(self, folder: str = "") -> list[str]:
        """Names of files; see `Files.files`. What is neither file nor folder counts, and fails when read."""
        return [entry.name for entry in self._entries(folder) if not _is_folder(entry)]

    def folders(self, folder: str = "") -> list[str]:
        """Names of folders; see `Files.folders`."""
        return [entry.name for entry in self._entries(folder) if _is_folder(entry)]

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / folder) as found:
                return sorted(
                    (each for each in found if not each.name.startswith(".")), key=lambda each: each.name
                )
        except (FileNotFoundError, NotADirectoryError):
            return []
        except (OSError, ValueError) as error:
            raise unreadable(folder or self.label, error) from None


class Packed:
    """Files held in memory: an archive's, or a single file under its own name."""

    def __init__(self, label: str, contents: dict[str, bytes]) -> None:
        self.label = label
        self._contents = contents
        self._files: dict[str, set[str]] = {}
        self._folders: dict[str, set[str]] = {}
        for path in contents:
            self._index(path)

    def read(self, path: str) -> bytes | None:
        """The file's bytes; see `Files.read`."""
        if path in self._files or path in self._folders:
            raise InputError(path, "", "is a folder; a file was expected", f"{FIX}.")
        return self._contents.get(path)

    def files(self, folder: str = "") -> list[str]:
        """Names of files; see `Files.files`."""
        return sorted(self._files.get(folder, ()))

    def folders(self, folder: str = "") -> list[str]:
        """Names of folders; see `Files.folders`."""
        return sorted(self._folders.get(folder, ()))

    def _index(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if not name.startswith("."):
            self._files.setdefault(folder, set()).add(name)
        while folder:
            parent, _, name = folder.rpartition("/")
            if not name.startswith("."):
                self._folders.setdefault(parent, set()).add(name)
            folder = parent


class Subtree:
    """One folder of other files, as files of their own."""

    def __init__(self, whole: Files, folder: str) -> None:
        self._whole = whole
        self._folder = folder

    @property
    def label(self) -> str:
        """The whole's label."""
        return self._whole.label

    def read(self, path: str) -> bytes | None:
        """The file's bytes; see `Files.read`."""
        return self._whole.read(below(self._folder, path))

    def files(self, folder: str = "") -> list[str]:
        """Names of files; see `Files.files`."""
        return self._whole.files(below(self._folder, folder))

    def folders(self, folder: str = "") -> list[str]:
        """Names of folders; see `Files.folders`."""
        return self._whole.folders(below(self._folder, folder))


def below(folder: str, name: str) -> str:
    """The path of a name in a folder; either may be empty."""
    return f"{folder}/{name}" if folder and name else folder or name


def read_file(file: Path, label: str) -> bytes | None:
    """A regular file's bytes, None where there is none. Raises InputError, `label` being the file's name."""
    try:
        found = file.stat()
        if stat.S_ISDIR(found.st_mode):
            raise InputError(label, "", "is a folder; a file was expected", f"{FIX}.")
        if not stat.S_ISREG(found.st_mode):
            raise InputError(label, "", "is no regular file", "Replace it by a plain file.")
        if found.st_size > LARGEST_FILE:
            raise too_large(label, LARGEST_FILE)
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise unreadable(label, error) from None


def too_large(label: str, limit: int) -> InputError:
    """The error for more bytes than any real input has."""
    return InputError(label, "", f"holds more than {limit >> 20} MiB", "Check that it is the right file.")


def unreadable(label: str, error: OSError | ValueError) -> InputError:
    """What the operating system said, as an InputError."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(label, "", f"cannot be read: {reason}", "Check the path and its permissions.")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
