"""What holds along a route: its hops share the session, so that they must be open together.

Source: evaluation.md STS-9, STS-12, STS-14, STS-40; design idea 3.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.settle import settle_session
from pathfinder.graph.world import World
from pathfinder.logic.formula import leaves
from pathfinder.policy.context import SESSION_NAME


def joined(world: World, graph: Graph, hops: tuple[Hop, ...]) -> tuple[Hop, ...] | None:
    """The hops with what earlier ones fix put in; None where they cannot all be taken.

    An instance's session is named after it (STS-40), so that a test on the session's name in the next hop is
    decided by it. Where the name is the caller's choice it stays a part of the condition: a recipe (STS-9).
    """
    found = [hops[0]]
    for before, hop in pairwise(hops):
        name = before.extra.get("session_name")
        if name is None or not any(
            getattr(leaf, "key", None) == SESSION_NAME for leaf in leaves(hop.condition)
        ):
            found.append(hop)
            continue
        settled = settle_session(hop.condition, name)
        if settled is None:
            return None
        found.append(replace(hop, condition=settled, witness=None))
    return tuple(found)
