"""The search: every simple route that a query asks for, shortest first. Source: STS-12, STS-15, design idea 5."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pathfinder.authorization.acl import BUCKET_ACL, OBJECT_ACL
from pathfinder.aws.catalogue import matching_actions
from pathfinder.aws.s3_actions import bucket_actions, object_actions, s3_action
from pathfinder.graph.federation_tokens import token_sessions
from pathfinder.graph.graph import Graph, Progress
from pathfinder.graph.hop import Hop, Witness
from pathfinder.graph.hops.registry import ends_route
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.object_lambda import HOP
from pathfinder.graph.principals import role_actor
from pathfinder.graph.requests import with_what_is_needed
from pathfinder.graph.settle import facts_for
from pathfinder.graph.standing import Standing
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.routes.again import is_worth_it, roles_worth_assuming_again
from pathfinder.routes.along import joined
from pathfinder.routes.closed_keys import closed_ends
from pathfinder.routes.escalating import Walk
from pathfinder.routes.lambda_names import authorized_as
from pathfinder.routes.names import UnknownNameError, matching_nodes, matching_targets
from pathfinder.routes.route import Found, Query, Route


def find_routes(world: World, query: Query, progress: Progress | None = None) -> Found:
    """Every route that the query asks for, in a stable order, shortest first, with the gaps around it."""
    graph = graph_of(world, progress)
    routes = tuple(iter_routes(world, query))
    blocked = tuple(iter_blocked(world, query))
    gaps = _gaps_for(graph, query)
    return Found(query, routes, gaps, world.account_names, world.assumptions, blocked=blocked)


def _gaps_for(graph: Graph, query: Query) -> tuple[Gap, ...]:
    """The gaps that may change the answer: not those about other buckets than the query asks for."""
    targets = matching_targets(graph, query.targets)
    if targets is None:
        return graph.gaps
    asked = {node_id for node_id, _ in targets.wanted}
    return tuple(
        gap
        for gap in graph.gaps
        if not gap.affects
        or not all(each.startswith("arn:") and ":s3:::" in each for each in gap.affects)
        or asked & set(gap.affects)
    )


def graph_of(world: World, progress: Progress | None = None) -> Graph:
    """The world's graph, built once."""
    known = getattr(world, "graph", None)
    if not isinstance(known, Graph):
        known = Graph(world, progress)
        world.graph = known
    return known


def iter_routes(world: World, query: Query) -> Iterator[Route]:
    """The routes one by one, shortest first; names that match nothing raise UnknownNameError at once."""
    graph = graph_of(world)
    starts, unsigned = _starts(graph, query)
    actions = wanted_actions(query.actions)
    last = _last_hops(graph, query, actions, graph.hops_from)
    for route in _along(world, query, last, starts, partial(_route, world, graph)):
        yield _unsigned(route) if route.start.id in unsigned else route
    if query.escalations:
        yield from _escalating(world, graph, query, starts, actions, last)


def iter_blocked(world: World, query: Query) -> Iterator[Route]:
    """What would be routes but for what blocks their last hop, which says why (KMS-13); shortest first.

    Those whose key is closed for their last principal, and those whose sessions do not carry what the key asks for.
    Routes with escalations are not among them.
    """
    graph = graph_of(world)
    starts, unsigned = _starts(graph, query)
    actions = wanted_actions(query.actions)
    closed = _last_hops(graph, query, actions, graph.blocked)
    plain = _last_hops(graph, query, actions, graph.hops_from)
    by_session, stands_for = closed_ends(world, plain.items())
    last = {
        node_id: (*closed.get(node_id, ()), *by_session.get(node_id, ()))
        for node_id in sorted({*closed, *by_session})
    }
    if not last:
        return

    def made(hops: tuple[Hop, ...]) -> Route | None:
        asked = stands_for.get(id(hops[-1]))
        if asked is not None and joined(world, (*hops[:-1], asked)) is not None:
            return None
        return _route(world, graph, hops)

    for route in _along(world, query, last, starts, made):
        yield _unsigned(route) if route.start.id in unsigned else route


def _along(
    world: World,
    query: Query,
    last: dict[str, tuple[Hop, ...]],
    starts: tuple[str, ...],
    made: Callable[[tuple[Hop, ...]], Route | None],
) -> Iterator[Route]:
    """All routes whose last hop is among these, by where they start."""
    graph = graph_of(world)
    walk = _Walk(graph, last, _distances(graph, last), roles_worth_assuming_again(graph))
    for length in range(1, query.max_hops + 1):
        for start in starts:
            for hops in walk.paths(start, length):
                route = made(hops)
                if route is not None and not (query.cross_account and not route.cross_account):
                    yield route


def _escalating(
    world: World,
    graph: Graph,
    query: Query,
    starts: tuple[str, ...],
    actions: frozenset[str] | None,
    last: dict[str, tuple[Hop, ...]],
) -> Iterator[Route]:
    """The routes with escalations, after all others: by start, the fewest changes first (STS-15)."""
    ends = {**last, **_last_hops(graph, query, actions, graph.escalated)}
    walk = Walk(world, graph, ends, query.max_hops)
    try:
        for start in starts:
            for hops in walk.routes(start):
                route = _made(world, graph, hops)
                if not (query.cross_account and not route.cross_account):
                    yield route
    finally:
        walk.tell()


def wanted_actions(patterns: tuple[str, ...]) -> frozenset[str] | None:
    """The actions that the patterns stand for, in lower case; None for all."""
    if not patterns:
        return None
    found: set[str] = set()
    for pattern in patterns:
        text = pattern if ":" in pattern or set(pattern) == {"*"} else f"s3:{pattern}"
        names = {name.lower() for name in matching_actions(text)}
        if not any(s3_action(name) or authorized_as(name) for name in names):
            raise UnknownNameError(_no_action(text))
        found.update(names)
    return frozenset(found)


def _no_action(text: str) -> str:
    if text.lower().startswith("s3-object-lambda:"):
        return (
            f"{text} is not followed: of calls through Object Lambda access points GetObject alone is (S3-56)"
        )
    near = difflib.get_close_matches(text, (*bucket_actions(), *object_actions()), n=2, cutoff=0.7)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no S3 action on buckets or objects is called {text}{hint}"


def _unsigned(route: Route) -> Route:
    """The same under the name that it has beside the routes of a principal (S3-17)."""
    *before, last = route.hops
    via = "unsigned" if last.via == "public" else last.via
    return replace(route, design="unsigned", hops=(*before, replace(last, via=via)))


def _starts(graph: Graph, query: Query) -> tuple[tuple[str, ...], frozenset[str]]:
    """Where the routes start, and which of these were not asked for.

    Any principal can drop its signature: what it reaches so stands once, beside the principals asked for (S3-17).
    """
    if query.starts:
        found = {node.id for text in query.starts for node in matching_nodes(graph, text)}
        unsigned = frozenset({"anonymous"} & set(graph.network)) - found
        return tuple(sorted(found)) + tuple(sorted(unsigned)), unsigned
    everyone = (node_id for node_id, node in graph.nodes.items() if node.kind not in _REACHED)
    return tuple(everyone), frozenset()


_REACHED = (
    NodeKind.BUCKET,
    NodeKind.ACCESS_POINT,
    NodeKind.ACCESS_GRANT,
    NodeKind.ROLE_SESSION,
    NodeKind.FEDERATED_USER,
)
"""Kinds of nodes that nobody starts from."""


def _last_hops(
    graph: Graph, query: Query, actions: frozenset[str] | None, ends: Mapping[str, tuple[Hop, ...]]
) -> dict[str, tuple[Hop, ...]]:
    """Node id to its `access` hops that the query asks for, narrowed to what it asks for."""
    targets = matching_targets(graph, query.targets)
    facts = facts_for(graph.world, "s3")
    found: dict[str, tuple[Hop, ...]] = {}
    for node_id, hops in ends.items():
        kept = [
            narrowed
            for hop in hops
            if ends_route(hop.kind)
            and (about := hop if targets is None else targets.narrowed(hop, facts)) is not None
            and (narrowed := _narrowed(graph.world, about, actions)) is not None
        ]
        if kept:
            found[node_id] = tuple(kept)
    return found


def _narrowed(world: World, hop: Hop, actions: frozenset[str] | None) -> Hop | None:
    if actions is None:
        return hop
    kept = tuple(name for name in hop.actions if name.lower() in actions)
    return with_what_is_needed(world, _about(hop, kept)) if kept else None


def _about(hop: Hop, actions: tuple[str, ...]) -> Hop:
    """The hop with some of its actions, and a request about one of them: they are open where its own is."""
    if hop.witness is None or hop.witness.action in actions or hop.kind == HOP:
        return replace(hop, actions=actions)
    before = hop.witness.action
    on_objects = before in object_actions()
    of_kind = [name for name in actions if (name in object_actions()) == on_objects]
    action = of_kind[0] if of_kind else actions[0]

    def told(witness: Witness) -> Witness:
        if witness.action != before:
            return witness
        # Actions on a bucket and on all its objects make one hop, whose witness is about an object.
        resource = witness.resource if of_kind else _without_object(witness.resource)
        return replace(witness, action=action, resource=resource)

    return replace(hop, actions=actions, witness=told(hop.witness), also=tuple(map(told, hop.also)))


def _without_object(resource: str) -> str:
    """The bucket or access point that an object is in."""
    beginning, slash, name = resource.partition("/")
    if beginning.endswith(":accesspoint"):
        return beginning + slash + name.partition("/")[0]
    return beginning


def _distances(graph: Graph, last: dict[str, tuple[Hop, ...]]) -> dict[str, int]:
    """The fewest hops from each node to the end of a route."""
    distance = dict.fromkeys(last, 1)
    border = sorted(last)
    while border:
        following: list[str] = []
        for node_id in border:
            for before in sorted(set(graph.network.predecessors(node_id))):
                if before not in distance:
                    distance[before] = distance[node_id] + 1
                    following.append(before)
        border = following
    return distance


@dataclass(frozen=True, slots=True)
class _Walk:
    """What the walk through the graph needs. `last`: the hops that end a route, by where they start.

    `distance`: the fewest hops to the end. `again`: roles that a route may come back to, in another session.
    """

    graph: Graph
    last: dict[str, tuple[Hop, ...]]
    distance: dict[str, int]
    again: frozenset[str]

    def paths(self, start: str, length: int) -> Iterator[tuple[Hop, ...]]:
        """All paths of exactly this many hops, depth first, without recursion."""
        stack: list[tuple[str, tuple[Hop, ...]]] = [(start, ())]
        while stack:
            at, hops = stack.pop()
            left = length - len(hops)
            if self.distance.get(at, left + 1) > left:
                continue
            if left == 1:
                yield from ((*hops, hop) for hop in self.last.get(at, ()))
                continue
            visited = (start, *(hop.target for hop in hops))
            stack.extend(
                (hop.target, (*hops, hop))
                for hop in reversed(self.graph.hops_from[at])
                if not ends_route(hop.kind) and self._may_go_to(hop.target, visited)
            )

    def _may_go_to(self, node_id: str, visited: tuple[str, ...]) -> bool:
        times = visited.count(node_id)
        return times == 0 or (times == 1 and node_id in self.again)


_DESIGNS = {
    "access-key": "access key",
    "instance-profile": "instance role",
    "lambda-function": "Lambda role",
    "ecs-task": "ECS task role",
    "pod-identity": "EKS Pod Identity",
    "pod-identity-target": "EKS Pod Identity",
    "irsa": "IRSA",
    "identity-center": "Identity Center",
    "roles-anywhere": "Roles Anywhere",
    "console-login": "console login",
    "service": "service",
    "federated": "federated",
    "federation-token": "federation token",
}


_RESOURCE_SIDE = ("bucket policy", BUCKET_ACL, OBJECT_ACL, "object owner")
"""How a permission across accounts comes about at the bucket, which says more than how the route began."""


def _route(world: World, graph: Graph, hops: tuple[Hop, ...]) -> Route | None:
    """The route that these hops make, or None where they cannot be taken together."""
    together = joined(world, hops)
    if together is None or not is_worth_it(world, together, hops):
        return None
    return _made(world, graph, together)


def _made(world: World, graph: Graph, together: tuple[Hop, ...]) -> Route:
    nodes = (graph.node(together[0].source), *(graph.node(hop.target) for hop in together))
    target = nodes[-1]
    changed = world.changes.get(nodes[-2].id)
    acting = _acting(world, nodes[-2] if changed is None else changed.base)
    stands = world.standing if changed is None else world.standing_of(changed.actor)
    return Route(
        id=route_id(together),
        nodes=nodes,
        hops=together,
        design=_design(together, nodes),
        acting=acting,
        scp_account=_bound_by_scps(world, acting, stands),
        rcp_account=target.account if stands.rcp_levels(target.account) is not None else None,
        cross_account=_crosses(nodes),
        gaps=tuple(dict.fromkeys(gap for hop in together for gap in hop.gaps)),
    )


def _acting(world: World, node: Node) -> Node:
    """The principal whose policies decide: of a session that is a node of its own, its role or user."""
    begun = token_sessions(world).get(node.id)
    if begun is not None:
        return begun.user.node
    session = world.sessions.get(node.id)
    return node if session is None else role_actor(session.role).node


def _crosses(nodes: tuple[Node, ...]) -> bool:
    return nodes[0].account is None or nodes[-1].account is None or nodes[0].account != nodes[-1].account


def _bound_by_scps(world: World, acting: Node, stands: Standing) -> str | None:
    """The account whose SCPs bind the acting principal (ORG-1, ORG-2)."""
    if acting.kind not in (NodeKind.USER, NodeKind.ROLE, NodeKind.ROOT, NodeKind.ACCESS_GRANT):
        return None
    role = world.roles.get(acting.id)
    if role is not None and role.service_linked:
        return None
    return acting.account if stands.scp_levels(acting.account) is not None else None


def _design(hops: tuple[Hop, ...], nodes: tuple[Node, ...]) -> str:
    """The way a route works, in the words of design.md."""
    if any(hop.escalation is not None for hop in hops):
        return "escalation"
    kinds = [hop.kind for hop in hops[:-1]]
    if "access-grant" in kinds:
        return "access grant"
    if "assume-role" in kinds:
        return "AssumeRole"
    if hops[-1].kind == HOP and not kinds:
        return "Object Lambda access point"
    if hops[-1].through is not None and not kinds:
        return "access point"
    via = hops[-1].via or "identity policy"
    if nodes[-2].account != nodes[-1].account and via in _RESOURCE_SIDE:
        return via
    return _DESIGNS.get(kinds[-1], kinds[-1]) if kinds else via


def route_id(hops: tuple[Hop, ...]) -> str:
    """A stable id: from the kinds and ends of the hops, and the resources reached; no run or order in it."""
    parts = [f"{hop.kind}\x1f{hop.source}\x1f{hop.target}{_way_of(hop)}" for hop in hops]
    parts.append("\x1f".join((*hops[-1].resources, "\x1e", *hops[-1].except_)))
    parts.append(hops[-1].extra.get("group", ""))
    if hops[-1].through is not None:
        parts.append(hops[-1].through)
    return hashlib.sha256("\x1d".join(parts).encode()).hexdigest()[:12]


def _way_of(hop: Hop) -> str:
    """What tells several escalations between the same two ends apart."""
    if hop.escalation is None:
        return ""
    return "\x1f".join(("", hop.escalation.rule, *hop.actions, *hop.resources))
