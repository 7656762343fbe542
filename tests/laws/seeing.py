"""What the laws look at: who can do what at which test point, which hops there are, and the whole answer as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.aws.s3_actions import object_actions
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.hop import Hop, Witness
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import all_of
from pathfinder.logic.patterns import exact, parse_pattern
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.report.json_ import query_json, routes_json
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes, graph_of

from .worlds import Written, world_of

MAX_HOPS = 4
QUERY = Query(max_hops=MAX_HOPS)
KEYS = ("o", "team/o", "a.txt", "ann/o", "blue/o", "red/o")
"""Object keys at which a world is tested: every pattern of `statements` tells some of them apart."""

Open = tuple[str, str, str]
"""Where a route starts, an action, the ARN of a bucket or object."""


@dataclass(frozen=True)
class Seen:
    """A world with its answers, each found once."""

    world: World
    keys: tuple[str, ...] = KEYS

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """All routes."""
        return find_routes(self.world, QUERY).routes

    @cached_property
    def open(self) -> frozenset[Open]:
        """Everything that some route opens at the test points."""
        return frozenset(each for route in self.routes for each in opened_by(self.world, route, self.keys))

    @cached_property
    def hops(self) -> frozenset[tuple[str, str, str]]:
        """Kind, source and target of each hop in the graph."""
        return frozenset((hop.kind, hop.source, hop.target) for hop in self._all_hops())

    def _all_hops(self) -> Iterator[Hop]:
        for hops in graph_of(self.world).hops_from.values():
            yield from hops

    def witnesses(self) -> Iterator[Witness]:
        """Every request that the answers show as proof, further authorizations of the same call included."""
        shown: Iterable[Hop] = (*self._all_hops(), *(hop for route in self.routes for hop in route.hops))
        for hop in shown:
            if hop.witness is not None:
                yield from (hop.witness, *hop.also)

    @cached_property
    def json(self) -> str:
        """The `routes` document."""
        gaps = find_routes(self.world, QUERY).gaps
        return "".join(routes_json(query_json(QUERY), self.routes, gaps))


def see(written: Written, keys: tuple[str, ...] = KEYS) -> Seen:
    """The world as written, to be asked; `keys`: the object keys at which it is tested."""
    return Seen(world_of(written), keys)


def opened_by(world: World, route: Route, keys: tuple[str, ...]) -> Iterator[Open]:
    """What a route opens at the test points."""
    hop, start = route.access, route.start.id
    on_objects = [action for action in hop.actions if action in object_actions()]
    for action in set(hop.actions) - set(on_objects):
        yield start, action, route.target.id
    if not on_objects:
        return
    for key in keys:
        point = f"{route.target.id}/{key}"
        if _covers(hop, point) and _holds_at(world, hop, key):
            yield from ((start, action, point) for action in on_objects)


def _covers(hop: Hop, point: str) -> bool:
    inside, outside = (
        any(parse_pattern(text, variables=False).matches(point) for text in texts)
        for texts in (hop.resources, hop.except_)
    )
    return inside and not outside


def _holds_at(world: World, hop: Hop, key: str) -> bool:
    """Whether the condition, where it still speaks of the object's key, can hold for this one."""
    if OBJECT_KEY not in keys_of(hop.condition):
        return True
    here = all_of(hop.condition, open_text(OBJECT_KEY, (exact(key),)))
    return satisfiable(here, facts_for(world, "s3")) is not False


def allowed(world: World, witness: Witness) -> bool:
    """Whether the decision procedure allows the witness as a complete request."""
    return outcome(decide_request(world, request_of_witness(witness))) is Outcome.ALLOW
