"""A snapshot opened for a command, with what the command tells of it on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

from pathfinder.cli.errors import UsageError
from pathfinder.cli.options import Pins, Running
from pathfinder.cli.progress import Progress
from pathfinder.conditions.assumptions import AssumptionError, read_assumptions
from pathfinder.graph.assumptions import assumptions_of
from pathfinder.graph.world import World
from pathfinder.report.text import plural
from pathfinder.snapshot.read import load

_NOTHING = Pins()


def open_world(
    path: Path, running: Running, progress: Progress, pins: Pins = _NOTHING, *, escalations: bool = False
) -> World:
    """Read the snapshot and make it ready to be asked, under what is pinned. Raises UsageError."""
    try:
        keys = read_assumptions(pins.assume)
    except AssumptionError as error:
        raise UsageError(f"--assume: {error}") from None
    snapshot = load(path, skip_invalid=running.skip_invalid, progress=progress)
    if running.verbose and not running.quiet:
        accounts = plural(len(snapshot.accounts), "account")
        tell(running, f"read {accounts}, {plural(len(snapshot.gaps), 'gap')}, in {progress.seconds:.1f} s")
    try:
        assumptions = assumptions_of(snapshot, keys, pins.network)
        return World(snapshot, assumptions, escalations=escalations)
    except AssumptionError as error:
        raise UsageError(str(error)) from None


def tell(running: Running, line: str) -> None:
    """Say something beside the results."""
    if not running.quiet:
        print(line, file=sys.stderr, flush=True)


def ended(running: Running, progress: Progress, count: int, what: str) -> None:
    """The end line of long work: how much was found, in which time."""
    if running.verbose or progress.was_long or sys.stderr.isatty():
        tell(running, f"{plural(count, what)} in {progress.seconds:.1f} s")
