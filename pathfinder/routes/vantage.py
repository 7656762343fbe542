"""From where a route can be taken: open from the internet, through each endpoint, from the organization, by a service.

A vantage is a way to travel for the requests that it is about; all other requests of the route travel any way
(STS-14). The whole route is decided under it. Source: evaluation.md KEY-6, VPCE-1 to VPCE-6, COND-54.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pathfinder.conditions.facts import Facts
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import Solution, Undecided, Unsatisfiable, solve
from pathfinder.graph.graph import Progress
from pathfinder.graph.hop import Hop
from pathfinder.graph.requests import asked_action, caller_of, resource_of_hop
from pathfinder.graph.settle import facts_for
from pathfinder.graph.tags import tag_ties
from pathfinder.graph.travel import Way, ways_of
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of
from pathfinder.routes.along import joined
from pathfinder.routes.route import Found, Route, View


@dataclass(frozen=True, slots=True)
class _Request:
    """What a hop asks under a vantage: `given` is what the vantage says of it, TRUE where nothing.

    `facts` None: the hop makes no request.
    """

    given: Formula
    wanted: Formula
    facts: Facts | None
    concerned: bool


class Vantages:
    """Looks at routes from every vantage of a world; what routes share is decided once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ways = ways_of(world.snapshot)
        self._answers: dict[tuple[Formula, Facts], str | bool] = {}

    def seen(self, routes: Iterable[Route]) -> Iterator[Route]:
        """The routes, each with how it looks from every vantage."""
        return (replace(route, vantages=self.of(route)) for route in routes)

    def of(self, route: Route) -> tuple[View, ...]:
        """How a route looks from each vantage, those left out that none of its requests is about."""
        return tuple(view for way in self.ways if (view := self._view(route, way)) is not None)

    def _view(self, route: Route, way: Way) -> View | None:
        requests = [self._request(hop, way) for hop in route.hops]
        if not any(request.concerned for request in requests):
            return None
        reasons: list[str] = []
        for request in requests:
            answer = self._answer(request)
            if answer is False:
                return View(way.name, open=False)
            if isinstance(answer, str):
                reasons.append(answer)
        taken = tuple(
            replace(hop, condition=all_of(hop.condition, request.given))
            for hop, request in zip(route.hops, requests, strict=True)
        )
        together = joined(self._world, taken)
        if together is None:
            return View(way.name, open=False)
        for hop, before in zip(together, taken, strict=True):
            reasons.extend(gap for gap in hop.gaps if gap not in before.gaps)
        if reasons:
            return View(way.name, open=None, reason="; ".join(dict.fromkeys(reasons)))
        conditions = (
            simplify(hop.condition, request.facts) if request.facts is not None else hop.condition
            for hop, request in zip(together, requests, strict=True)
        )
        return View(way.name, open=True, conditions=tuple(conditions))

    def _request(self, hop: Hop, way: Way) -> _Request:
        actor = caller_of(self._world, hop)
        if actor is None:
            return _Request(TRUE, hop.condition, None, concerned=False)
        action = asked_action(hop)
        service = action.partition(":")[0].lower()
        given = way.of_request(actor.caller, service)
        resource = resource_of_hop(self._world, hop)
        held = self._world.given(actor, action, resource) if resource is not None else TRUE
        return _Request(
            given,
            all_of(hop.condition, tag_ties(hop.condition), held, given),
            facts_for(self._world, service, all_of(held, given)),
            way.concerns(actor.caller, service),
        )

    def _answer(self, request: _Request) -> str | bool:
        """Whether the request can be made, or why that is not decided."""
        if request.facts is None:
            return True
        if request.wanted == FALSE:
            return False
        key = (request.wanted, request.facts)
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = _answered(request.wanted, request.facts)
        return known


def seen(world: World, found: Found, progress: Progress | None = None) -> Found:
    """The answer with every route looked at from every vantage."""
    vantages = Vantages(world)
    routes: list[Route] = []
    for number, route in enumerate(found.routes):
        if progress is not None:
            progress("vantages", number, len(found.routes))
        routes.append(replace(route, vantages=vantages.of(route)))
    return replace(found, routes=tuple(routes), ways=vantages.ways)


def _answered(wanted: Formula, facts: Facts) -> str | bool:
    match solve(wanted, facts):
        case Unsatisfiable():
            return False
        case Undecided(reason):
            return f"not decided: {reason}"
        case Solution(certain=False, unknowns=reasons):
            return "; ".join(reasons)
        case Solution():
            return True
