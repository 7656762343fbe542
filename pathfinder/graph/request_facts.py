"""What AWS guarantees of a request, and what is assumed of it, for the solver.

Source: design idea 3; evaluation.md VPCE-5, COND-54.
"""

from __future__ import annotations

from pathfinder.conditions.facts import Facts
from pathfinder.graph.assumptions import narrowing
from pathfinder.graph.guarantees import narrowed
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula


def facts_for(world: World, service: str, given: Formula | None = None) -> Facts:
    """What AWS guarantees of requests to a service in this world, and what is assumed of them.

    `given`: what is assumed of the requests in question, where it is not the same as for others.
    """
    guaranteed = world.guarantees(service)
    if given is None:
        given = world.assumptions.of_service(service, world.guarantees)
    parts = narrowing(given)
    if not parts:
        return guaranteed
    known = world.facts.get((service, parts))
    if known is None:
        known = world.facts[(service, parts)] = Facts(axioms=(*narrowed(guaranteed.axioms, parts), *parts))
    assert isinstance(known, Facts)
    return known
