"""A snapshot opened for a command, with what the command tells of it on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

from pathfinder.cli.options import Running
from pathfinder.cli.progress import Progress
from pathfinder.graph.world import World
from pathfinder.report.text import plural
from pathfinder.snapshot.read import load


def open_world(path: Path, running: Running, progress: Progress) -> World:
    """Read the snapshot and make it ready to be asked."""
    snapshot = load(path, skip_invalid=running.skip_invalid, progress=progress)
    if running.verbose and not running.quiet:
        accounts = plural(len(snapshot.accounts), "account")
        tell(running, f"read {accounts}, {plural(len(snapshot.gaps), 'gap')}, in {progress.seconds:.1f} s")
    return World(snapshot)


def tell(running: Running, line: str) -> None:
    """Say something beside the results."""
    if not running.quiet:
        print(line, file=sys.stderr, flush=True)


def ended(running: Running, progress: Progress, count: int, what: str) -> None:
    """The end line of long work: how much was found, in which time."""
    if running.verbose or sys.stderr.isatty():
        tell(running, f"{plural(count, what)} in {progress.seconds:.1f} s")
