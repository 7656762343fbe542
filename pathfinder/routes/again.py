"""Routes that come back to a role: worth it only where the new session opens what the first one does not.

Source: evaluation.md STS-7, STS-12: cycles are legal, and useless but for what the session carries.
"""

from __future__ import annotations

from itertools import combinations

import networkx as nx

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import valid
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, any_of, negate
from pathfinder.routes.along import depends_on_session, joined
from pathfinder.routes.sessions import IDENTITY, IDENTITY_GIVEN, PRINCIPAL_TAG


def roles_worth_assuming_again(graph: Graph) -> frozenset[str]:
    """Roles whose next hops hang on the session, or from which hops are reached that hang on what it hands on."""
    own: set[str] = set()
    handed_on: set[str] = set()
    for node_id, hops in graph.hops_from.items():
        if node_id not in graph.world.roles:
            continue
        if any(depends_on_session(hop.condition) for hop in hops):
            own.add(node_id)
        if any(_hangs_on_inherited(hop.condition) for hop in hops):
            handed_on.add(node_id)
    before = {role for each in handed_on for role in nx.ancestors(graph.network, each)}
    return frozenset(own | (before & graph.world.roles.keys()))


def _hangs_on_inherited(condition: Formula) -> bool:
    return any(
        key in (IDENTITY, IDENTITY_GIVEN)
        or key.startswith((PRINCIPAL_TAG, "aws:resourcetag/", "iam:resourcetag/"))
        for key in keys_of(condition)
    )


def is_worth_it(world: World, together: tuple[Hop, ...], hops: tuple[Hop, ...]) -> bool:
    """Whether no detour can be left out: without it the route is closed, or open under less."""
    for first, second in combinations(range(len(hops)), 2):
        if hops[first].source == hops[second].source:
            shorter = joined(world, (*hops[:first], *hops[second:]))
            if shorter is not None and _follows(world, together[-1], shorter[-1]):
                return False
    return True


def _follows(world: World, longer: Hop, shorter: Hop) -> bool:
    """Whether the shorter route's access is open wherever the longer one's is; not decided counts as not."""
    if longer.condition == shorter.condition:
        return True
    facts = facts_for(world, "s3")
    return valid(any_of(negate(longer.condition), shorter.condition), facts) is True
