"""The command as users run it, its outputs apart."""

from __future__ import annotations

import io
import math
import os
import pty
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from pathfinder.cli import progress
from pathfinder.cli.main import main

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "samples" / "ec2-to-s3"
COMMAND = [sys.executable, "-m", "pathfinder"]


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line of an error."""
        assert self.status == 2, self
        assert self.out == "", self
        assert self.err.endswith("\n"), self
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err.rstrip("\n")


def run(*arguments: object, stdin: str = "", between_lines: float = math.inf) -> Done:
    """The command in this process, which is quicker.

    `between_lines`: seconds between lines of progress; none by default, as a busy machine would show some.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()))
    calm = mock.patch.object(progress, "_SECONDS_BETWEEN_LINES", between_lines)
    with redirect_stdout(out), redirect_stderr(err), mock.patch("sys.stdin", given), calm:
        status = main([*map(str, arguments)])
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Done(status, *texts)


def run_apart(*arguments: object, stdin: str = "", **environment: str) -> Done:
    """The command in a process of its own."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        env=os.environ | environment,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_on_terminal(*arguments: object, columns: int = 80, **environment: str) -> str:
    """What a terminal of this width shows; standard error goes there too."""
    import fcntl
    import struct
    import termios

    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    settings = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR")}
    settings["TERM"] = "xterm"
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=other, stdout=other, stderr=other, env=settings | environment
    )
    os.close(other)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait(timeout=120)
    os.close(main)
    return shown.decode().replace("\r\n", "\n")
