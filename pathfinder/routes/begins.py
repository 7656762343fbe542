"""How sessions of each role can begin, mostly without looking at whole chains: what a route from a role starts with.

"Role X can do Y" means that some session of X can, so a session that nobody can start opens nothing. Where a
role's sessions can begin in the plainest way, that is enough to know; all else is left to the chains of hops that
lead to the role. Source: evaluation.md TERM-8, STS-9, STS-12, STS-31, STS-33.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathfinder.authorization.caller import IdentityProviderCaller, ServiceCaller
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import starts_carrying_session
from pathfinder.graph.requests import caller_of
from pathfinder.graph.tags import REQUEST_TAG, TAG_KEYS, TRANSITIVE
from pathfinder.graph.world import World
from pathfinder.policy.context import SESSION_NAME
from pathfinder.routes.chain import Chain
from pathfinder.routes.passing import Step, TooManyTagsError
from pathfinder.routes.prefixes import Prefixes
from pathfinder.routes.sessions import IDENTITY_GIVEN, SESSION_GIVEN, hangs_on_start, passable
from pathfinder.routes.steps import has_known_name, memory_of, step_of

_CARRYING = frozenset({IDENTITY_GIVEN, TAG_KEYS, TRANSITIVE})
_NAMED_BY_CALLER = frozenset({"assume-role", "federated", "irsa", "service"})
"""Hop kinds whose caller, or an identity provider that the snapshot says nothing of, picks the name (STS-9)."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A way in which sessions of a role can begin that hand no tag and no source identity on.

    `any_name`: under whatever name. `bare`: they carry no key of a provider or service either.
    """

    any_name: bool
    bare: bool


_PLAIN = Begin(any_name=True, bare=True)
_Begins = dict[str, set[Begin]]


def can_begin_plainly(world: World, role: str, steps: tuple[Step, ...], name: str | None) -> bool:
    """Whether a session of the role that carries nothing, under the name or any, can take part in all these steps.

    False does not say that none can: chains before the role tell.
    """
    begins = _begins(world)
    if begins is None:
        return True
    spoken = frozenset(key for formula in steps[0].formulas for key in keys_of(formula))
    by_name = name is not None or SESSION_NAME in spoken
    by_start = any(map(hangs_on_start, spoken))
    found = begins.get(role, set())
    return any((begin.any_name or not by_name) and (begin.bare or not by_start) for begin in found)


def can_begin_quietly(world: World, role: str) -> bool:
    """Whether some session of the role hands nothing on: what follows does not hang on how it began."""
    begins = _begins(world)
    return begins is None or bool(begins.get(role))


def _begins(world: World) -> _Begins | None:
    """By role, what is known of the ways in which its sessions begin; None where no graph is built yet."""
    graph = world.graph
    if not isinstance(graph, Graph):
        return None
    if not isinstance(world.begins, dict):
        world.begins = _of_all(world, graph)
    found: _Begins = world.begins
    return found


def _of_all(world: World, graph: Graph) -> _Begins:
    """The ways of all roles. A role that nobody known can assume begins in any way: somebody unknown might."""
    found: _Begins = {node_id: set() for node_id in sorted(world.role_nodes & graph.nodes.keys())}
    _spread(world, graph, found)
    rooted = _rooted(world, graph)
    for role in [role for role in world.roles if not found[role]]:
        if role not in rooted or not _can_be_assumed(world, role):
            found[role].add(_PLAIN)
    _spread(world, graph, found)
    return found


def _spread(world: World, graph: Graph, found: _Begins) -> None:
    """Add what follows by single hops, until nothing does."""
    todo = sorted(found)
    while todo:
        changed: set[str] = set()
        for role in todo:
            new = {begin for hop in graph.hops_to(role) for begin in _given(world, hop, found)}
            if not new <= found[role]:
                found[role] |= new
                changed.update(hop.target for hop in graph.hops_from[role] if hop.target in found)
        todo = sorted(changed)


def _rooted(world: World, graph: Graph) -> set[str]:
    """The roles that some chain of hops reaches from what is no role, each hop taken by itself."""
    border = sorted(node_id for node_id in graph.nodes if node_id not in world.role_nodes)
    found: set[str] = set()
    while border:
        reached = {hop.target for node_id in border for hop in graph.hops_from[node_id]}
        border = sorted(each for each in reached if each in world.role_nodes and each not in found)
        found.update(border)
    return found


def _can_be_assumed(world: World, role: str) -> bool:
    """Whether some chain from what is no role can be taken to the role; not decided counts as yes."""

    def is_open(before: tuple[Hop, ...], *, any_start: bool) -> bool:
        chain = Chain(
            tuple(step_of(world, hop) for hop in before), memory_of(world).requests, any_start=any_start
        )
        return satisfiable(chain.formula, chain.facts(chain.formula)) is not False

    chains = Prefixes(
        world,
        role,
        lambda before: is_open(before, any_start=True),
        lambda hop: step_of(world, hop).what_counts,
    )
    try:
        if any(
            before[0].source not in world.role_nodes and is_open(before, any_start=False) for before in chains
        ):
            return True
    except TooManyTagsError:
        return True
    return not chains.all_seen


def _given(world: World, hop: Hop, known: Mapping[str, Iterable[Begin]]) -> Iterable[Begin]:
    """How sessions begin by this hop, where its condition tells by itself."""
    if not starts_carrying_session(hop.kind):
        return (_PLAIN,)
    keys = keys_of(hop.condition)
    is_by_role = hop.source in known
    if is_by_role and any(map(hangs_on_start, keys)):
        return ()
    if is_by_role and not any(each.any_name or SESSION_NAME not in keys for each in known[hop.source]):
        return ()
    actor = caller_of(world, hop)
    if actor is None or passable(actor, hop).always:
        return ()
    if any(key in _CARRYING or key.startswith(REQUEST_TAG) for key in keys):
        return ()
    bare = not isinstance(actor.caller, ServiceCaller | IdentityProviderCaller)
    picks = hop.kind in _NAMED_BY_CALLER and not has_known_name(hop)
    return (Begin(picks and SESSION_GIVEN not in keys, bare),)
