"""Principals once something has been changed for them: what an escalation's tail is decided with.

Source: evaluation.md ESC-4: boundary, SCP and RCP stay as they are unless another hop changes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor
from pathfinder.model.resources import Bucket


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A node that stands for a principal after a change.

    `actor`: the principal with its policies as they then are; its node is this one. `base`: the principal's node in
    the snapshot. `bucket`: the bucket as it then is, where that is what has changed. `made`: each
    change made so far, by a short name, with words for it. `only`: the S3 actions that the way leads to, where it is
    less than what the principal may; None for all.
    """

    actor: Actor
    base: Node
    bucket: Bucket | None = None
    made: tuple[tuple[str, str], ...] = ()
    only: frozenset[str] | None = None
