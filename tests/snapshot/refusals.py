"""Whether input is refused, and how."""

from __future__ import annotations

from collections.abc import Callable

from pathfinder.snapshot.errors import InputError


def refused(action: Callable[[], object]) -> InputError | None:
    """The error that the action raises, None where it does not; anything but an InputError is a bug."""
    try:
        action()
    except InputError as error:
        return error
    return None
