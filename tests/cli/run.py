"""The command as users run it: in a process of its own, its outputs apart."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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


def run(*arguments: object, stdin: str | bytes = "", **environment: str) -> Done:
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
