"""`pathfinder completion`: for shells."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter


def completion(
    shell: Annotated[
        Literal["bash", "zsh", "fish"], Parameter(name="SHELL", help="The shell to complete in.")
    ],
    /,
) -> int:
    """Print a script that completes commands and options in your shell.

    Example: pathfinder completion bash > ~/.pathfinder-completion
    """
    from pathfinder.cli.main import app
    from pathfinder.cli.output import deliver

    deliver(app().generate_completion(shell=shell), None)
    return 0
