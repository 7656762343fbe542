"""Progress on standard error: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from pathfinder.cli.options import Running

if TYPE_CHECKING:
    import rich.progress

_SECONDS_BETWEEN_LINES = 5.0
_SECONDS_BEFORE_BAR = 0.4
"""What is done sooner needs no bar."""


class Progress:
    """Told what is being done, how much of it is done, and how much there is; a context manager."""

    def __init__(self, running: Running) -> None:
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None
        terminal = sys.stderr.isatty()
        self._shows_bar = terminal and not running.quiet
        self._shows_lines = not terminal and not running.quiet
        self._started = self._last = time.monotonic()

    def __call__(self, doing: str, done: int, total: int) -> None:
        """Report where the work stands."""
        now = time.monotonic()
        if self._shows_bar and now - self._started >= _SECONDS_BEFORE_BAR:
            self._draw(doing, done, total)
        elif self._shows_lines and now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            print(f"{doing}: {done:,} of {total:,}", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """The work is done: no bar any more."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None
        self._shows_bar = self._shows_lines = False

    @property
    def was_long(self) -> bool:
        """Whether the work took so long that whoever waits wants to hear of its end."""
        return self.seconds >= _SECONDS_BETWEEN_LINES

    @property
    def seconds(self) -> float:
        """Since the work began."""
        return time.monotonic() - self._started

    def _draw(self, doing: str, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
        if self._task is None:
            self._task = self._bar.add_task("", total=None)
        self._bar.update(self._task, description=doing, completed=done, total=total)
