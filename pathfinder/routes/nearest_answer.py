"""The answer to "what would open this request": the fewest changes, and the alternatives of each layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathfinder.authorization.decision import LayerKind
from pathfinder.logic.formula import Formula
from pathfinder.routes.nearest_change import Change

State = Literal["blocks", "conditional", "fixed", "unknown"]


@dataclass(frozen=True, slots=True)
class LayerWay:
    """What one layer has against the request, and the changes of which each alone takes that away, easiest first.

    `state`: it `blocks`; it lets pass under a condition (`conditional`); no change opens it (`fixed`); or its
    policies are not known (`unknown`).
    """

    layer: LayerKind
    level: str | None
    state: State
    why: str
    alternatives: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest way to open a request.

    `changes`: the fewest that open it, empty where nothing known does. `condition`: when it is open then, FALSE
    where it is not. `verified`: decided again with all changes, and nothing unknown in the decision. `fewest`:
    the search was not cut short, so that no smaller set of such changes does. `impossible`: what no change opens,
    and why. `omitted`: how many parts stop the request beyond those in `layers`.
    """

    changes: tuple[Change, ...]
    layers: tuple[LayerWay, ...]
    condition: Formula
    verified: bool
    fewest: bool
    impossible: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    omitted: int = 0
