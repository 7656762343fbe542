"""Options that are the same every time: `pathfinder.toml`, or `[tool.pathfinder]` in pyproject.toml; flags win.

A table for each command, an entry for each option, named as on the command line: `[routes]`, `max-hops = 3`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pathfinder.cli.errors import UsageError

if TYPE_CHECKING:
    from cyclopts.config import Toml

FILES = ((Path("pathfinder.toml"), ()), (Path("pyproject.toml"), ("tool", "pathfinder")))
"""Where options may stand, in the folder where the command runs; the first file goes before the second."""


def configuration(commands: Collection[str]) -> Iterator[Toml]:
    """What is there, for the parser. Raises UsageError for what is no TOML, or no table of a command."""
    for file, keys in FILES:
        if not file.is_file():
            continue
        from cyclopts.config import Toml

        _check(file, keys, commands)
        yield Toml(file, root_keys=keys)


def _check(file: Path, keys: tuple[str, ...], commands: Collection[str]) -> None:
    try:
        held: object = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{file}: is no TOML: {error}") from None
    for key in keys:
        held = held.get(key, {}) if isinstance(held, dict) else {}
    if not isinstance(held, dict):
        raise UsageError(f"{file}: {'.'.join(keys)} is no table")
    for name, options in held.items():
        if name not in commands:
            near = difflib.get_close_matches(name, commands, n=1)
            hint = f"; did you mean [{near[0]}]?" if near else ""
            raise UsageError(
                f"{file}: [{name}] is no command{hint} Options stand in the table of their command"
            )
        if not isinstance(options, dict):
            raise UsageError(f"{file}: {name} is no table; write [{name}], and its options below it")
