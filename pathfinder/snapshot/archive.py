"""Archives of a snapshot, `.tar.gz`, `.tgz`, `.tar` or `.zip`, read into memory and never unpacked to disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import LARGEST_FILE, Files, Packed, Subtree, too_large

MOST_BYTES = LARGEST_FILE
"""Of all files together, unpacked: what a small archive may grow to at most."""
MOST_FILES = 500_000
_CHUNK = 1 << 20


def looks_packed(content: bytes) -> bool:
    """Whether the bytes begin as a zip, gzip or tar file does."""
    return (
        content[:4] in (b"PK\x03\x04", b"PK\x05\x06")
        or content[:2] == b"\x1f\x8b"
        or content[257:262] == b"ustar"
    )


def open_archive(file: Path, content: bytes) -> Files:
    """The archive's files; where all of them are in one folder, those of that folder.

    Raises InputError for links, devices, paths that lead out of the archive, damage, and contents far beyond
    any snapshot's size.
    """
    label = file.name
    contents: dict[str, bytes] = {}
    try:
        left = MOST_BYTES
        for path, stream in _members(label, content):
            if len(contents) >= MOST_FILES:
                raise InputError(
                    label, "", f"holds more than {MOST_FILES} files", "Check that it is a snapshot."
                )
            contents[path] = _bounded(label, stream, left)
            left -= len(contents[path])
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
    ) as error:
        raise _damaged(label, error) from None
    except (
        RuntimeError,
        ValueError,
        OverflowError,
    ) as error:  # what zipfile raises for encrypted or odd entries
        raise _damaged(label, error) from None
    return _without_wrapper(Packed(label, contents))


def _members(label: str, content: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    if content[:2] == b"PK":
        yield from _zip_members(label, content)
    else:
        yield from _tar_members(label, content)


def _zip_members(label: str, content: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.external_attr >> 28 == 0o12:
                raise _refused(
                    label, entry.filename, "is a link; a snapshot archive holds files and folders only"
                )
            path = _safe(label, entry.filename)
            if path and not entry.is_dir():
                with archive.open(entry) as stream:
                    yield path, stream


def _tar_members(label: str, content: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r|*") as archive:
        for entry in archive:
            path = _safe(label, entry.name)
            if entry.isdir():
                continue
            stream = archive.extractfile(entry) if entry.isreg() else None
            if stream is None:
                kind = "link" if entry.issym() or entry.islnk() else "device"
                raise _refused(
                    label, entry.name, f"is a {kind}; a snapshot archive holds files and folders only"
                )
            if path:
                yield path, stream


def _safe(label: str, name: str) -> str:
    """The path without `./`. Raises InputError where it would lead out of the archive."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
        raise _refused(label, name, "leads out of the archive")
    return "/".join(parts)


def _bounded(label: str, stream: IO[bytes], most: int) -> bytes:
    """The stream's bytes, read piece by piece, since a header's size proves nothing."""
    found = bytearray()
    while piece := stream.read(_CHUNK):
        found += piece
        if len(found) > most:
            raise too_large(label, MOST_BYTES)
    return bytes(found)


def _without_wrapper(files: Files) -> Files:
    """Most archives hold one folder that holds everything."""
    while not files.files() and len(files.folders()) == 1:
        (only,) = files.folders()
        if only in ("accounts", "organizations"):
            break
        files = Subtree(files, only)
    return files


def _refused(label: str, name: str, reason: str) -> InputError:
    return InputError(label, f"entry {name}", reason, "Pack the snapshot folder again, without it.")


def _damaged(label: str, error: Exception) -> InputError:
    return InputError(
        label, "", f"is no readable archive: {error or type(error).__name__}", "Pack or download it again."
    )
