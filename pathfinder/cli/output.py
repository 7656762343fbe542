"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pathfinder.cli.options import Results


def deliver(text: str | Iterable[str], out: Path | None) -> None:
    """Write the text, or its pieces as they come."""
    pieces = (text,) if isinstance(text, str) else text
    if out is not None:
        write_file(out, pieces)
        return
    for piece in pieces:
        sys.stdout.write(piece)
    sys.stdout.flush()


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Write a file: aside first and then renamed, so that nobody ever reads half of it.

    A device or a pipe is written to as it is. Links are followed; an existing file's permissions stay.
    Raises OSError, with the name that was given.
    """
    given, path = path, path.resolve()
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.writelines(pieces)
        return
    aside = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        with aside.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.writelines(pieces)
        if path.exists():
            shutil.copymode(path, aside)
        os.replace(aside, path)
    except FileExistsError:
        raise
    except BaseException as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            raise OSError(error.errno, error.strerror or str(error), str(given)) from None
        raise


def check_places(*paths: Path | None) -> None:
    """Before long work: whether files can be written there. Raises OSError, with the name that was given."""
    for path in paths:
        if path is None:
            continue
        place = path.resolve()
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not place.parent.is_dir():
            raise NotADirectoryError(errno.ENOENT, "there is no such folder", str(path.parent))
        if not place.exists() and not os.access(place.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def terminal_width(results: Results) -> int | None:
    """The width to fit tables into; None where they may be as wide as they need to be."""
    if results.wide or not _to_terminal(results):
        return None
    return shutil.get_terminal_size().columns


def colour(results: Results) -> bool:
    """Whether results are coloured: on a terminal that can, and whose user did not ask for none."""
    return _to_terminal(results) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def folds(results: Results) -> bool:
    """Whether alike principals become one row: as asked for, otherwise on a terminal."""
    return _to_terminal(results) if results.fold is None else results.fold


def _to_terminal(results: Results) -> bool:
    return results.out is None and sys.stdout.isatty()
