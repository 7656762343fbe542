"""pathfinder: by which routes a principal reaches S3, under exactly which conditions, and what closes them.

From Python: `import pathfinder as pf`, `pf.load`, `pf.find_routes`, `pf.to_networkx`; see `pathfinder.api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathfinder.api import (
        AssumptionError,
        InputError,
        Route,
        Routes,
        UnknownNameError,
        find_routes,
        load,
        to_networkx,
    )

__version__ = "0.1.0"
__all__ = [
    "AssumptionError",
    "InputError",
    "Route",
    "Routes",
    "UnknownNameError",
    "find_routes",
    "load",
    "to_networkx",
]


def __getattr__(name: str) -> object:
    """What `pathfinder.api` holds, imported when it is first asked for: the command line does not need it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("pathfinder.api"), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
