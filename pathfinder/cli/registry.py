"""The commands, in the order of the help; a new command is one new file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

COMMANDS: dict[str, str] = {
    "routes": "routes:routes",
    "who-can": "who_can:who_can",
    "can": "can:can",
    "explain": "explain:explain",
    "findings": "findings:findings",
    "diff": "diff:diff",
    "check": "check:check",
    "import": "import_:import_",
    "schema": "schema:schema",
    "completion": "completion:completion",
}
"""The name that users type, with the module here and the function in it. What a command needs beyond its
options it imports when it runs, so that `--help` stays quick."""

USAGE: dict[str, str] = {
    "who-can": "Usage: pathfinder who-can SNAPSHOT ACTION... --resource ARN [OPTIONS]",
    "explain": "Usage: pathfinder explain SNAPSHOT (ROUTE | PRINCIPAL ACTION RESOURCE) [OPTIONS]",
    "diff": "Usage: pathfinder diff OLD NEW [OPTIONS]",
    "check": "Usage: pathfinder check FILE... [OPTIONS]",
    "import": "Usage: pathfinder import FORMAT SOURCE DEST [OPTIONS]",
}
"""The first line of the help, where the parser cannot say it as clearly."""


def function_of(command: str) -> Callable[..., int]:
    """The function that runs the command, and gives the exit status."""
    module, _, name = COMMANDS[command].partition(":")
    function: Callable[..., int] = getattr(import_module(f"{__package__}.{module}"), name)
    return function
