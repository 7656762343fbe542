"""The command line: parse, call the command, and turn what goes wrong into one line and an exit status."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError

from pathfinder.cli.configuration import configuration
from pathfinder.cli.errors import UsageError
from pathfinder.cli.registry import COMMANDS, USAGE, function_of

DONE, FOUND, WRONG = 0, 1, 2
INTERRUPTED = 130
_NOT_WRITTEN = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)
"""What goes wrong with standard output itself, without the name of a file."""
READER_LEFT = 141

INTRODUCTION = """\
pathfinder shows by which routes principals reach S3 in AWS accounts: through bucket policies, AssumeRole,
instance roles and access keys, under exactly which conditions, and what closes a route.

Examples:
  pathfinder routes samples/ec2-to-s3                              every route in the sample
  pathfinder who-can snapshot s3:GetObject --resource arn:aws:s3:::my-bucket/report.csv
  aws iam get-account-authorization-details > account.json; pathfinder can account.json EC2Role

Go on with `pathfinder --help` for all commands, and `pathfinder COMMAND --help` for one of them.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 done, 1 found something or an expectation failed, 2 wrong use."""
    tokens = list(sys.argv[1:] if argv is None else argv)
    if sys.stderr is None:  # closed by the caller, who wants to hear nothing
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - as long as the process lives
    if sys.stdout is None:
        return _fail("pathfinder: standard output is closed; results have nowhere to go")
    _speak_utf8()
    try:
        status = _run(tokens)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return _fail("pathfinder: interrupted", INTERRUPTED)
    except BrokenPipeError:
        _leave_pipe()
        return READER_LEFT
    except UnusedCliTokensError as error:
        return _fail(
            f"pathfinder: too many arguments: {_shown(error.unused_tokens)}. Try: {_help_of(tokens)}"
        )
    except CycloptsError as error:
        return _fail(f"pathfinder: {error} Try: {_help_of(tokens)}")
    except UsageError as error:
        return _fail(f"pathfinder: {error}. Try: {_help_of(tokens)}")
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None:
            _leave_pipe()
        return _fail(_one_line_of(error, tokens))


def app() -> App:
    """The parser with all commands."""
    parser = App(
        name="pathfinder",
        help="Every route by which an AWS principal reaches S3, under which conditions, and what closes it.",
        version=_version,
        help_format="plaintext",
        default_parameter=Parameter(show_default=False, negative=()),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
        config=tuple(configuration(COMMANDS)),
    )
    for place, command in enumerate(COMMANDS):
        parser.command(function_of(command), name=command, usage=USAGE.get(command), sort_key=place)
    return parser


def _run(tokens: Sequence[str]) -> int:
    if not tokens:
        sys.stdout.write(INTRODUCTION)
        return DONE
    status = app()(tokens, exit_on_error=False, print_error=False, verbose=False)
    return status if isinstance(status, int) else DONE


def _one_line_of(error: Exception, tokens: Sequence[str]) -> str:
    """What a user is told of an error that stopped a command."""
    from pathfinder.snapshot.errors import InputError

    if isinstance(error, InputError):
        return str(error)
    names = sys.modules.get("pathfinder.routes.names")  # if it was never imported, it raised nothing
    if names is not None and isinstance(error, names.UnknownNameError):
        return f"pathfinder: {error}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror or error}. Check the path and its permissions."
    if isinstance(error, OSError) and error.errno in _NOT_WRITTEN:
        return f"pathfinder: the results could not be written: {error.strerror}"
    if "--verbose" in tokens or "-v" in tokens:
        import traceback

        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"pathfinder: internal error: {what}; please report it, with what --verbose shows"


def _fail(line: str, status: int = WRONG) -> int:
    from pathfinder.report.text import visible

    print(visible(" ".join(line.split())), file=sys.stderr, flush=True)
    return status


def _shown(tokens: Sequence[str] | None) -> str:
    return " ".join(tokens or ())


def _help_of(tokens: Sequence[str]) -> str:
    return f"pathfinder {tokens[0]} --help" if tokens and tokens[0] in COMMANDS else "pathfinder --help"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"pathfinder {version('aws-pathfinder')}"
    except PackageNotFoundError:
        return "pathfinder, not installed"


def _speak_utf8() -> None:
    """UTF-8 whatever the locale; a text that has no UTF-8 is escaped, not an error."""
    import io

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _leave_pipe() -> None:
    """Nobody reads any more, or nothing can be written: what is still in the buffer must not raise again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
