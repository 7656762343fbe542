"""What holds along a route: its hops share their sessions, so that they must be open together.

The name, source identity and tags that one hop gives to a session are those under which the next hop acts; claims
and the keys of a delivering service last for one session; MFA is the user's own. A route is open if one
assignment of all this opens all its hops. Source: evaluation.md STS-9 to STS-15, STS-30 to STS-35; design idea 3.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import starts_carrying_session
from pathfinder.graph.requests import DELIVERED_BY
from pathfinder.graph.tags import REQUEST_TAG, TAG_KEYS, TRANSITIVE
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, Formula, all_of, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.routes.begins import can_begin_plainly, can_begin_quietly
from pathfinder.routes.chain import Chain
from pathfinder.routes.passing import Step, TooManyTagsError
from pathfinder.routes.prefixes import Prefixes
from pathfinder.routes.retold import retold
from pathfinder.routes.sessions import (
    IDENTITY_GIVEN,
    PODS,
    ROLES_ANYWHERE,
    SESSION_GIVEN,
    hangs_on_start,
    is_carried,
)
from pathfinder.routes.steps import memory_of, step_of
from pathfinder.routes.ways import Taken, Ways

_GIVEN = frozenset({SESSION_GIVEN, IDENTITY_GIVEN, TAG_KEYS, TRANSITIVE})
_NOT_ALL_SEEN = (
    "whether somebody can start a session that opens this is not decided: too many ways lead to the role"
)


def joined(world: World, hops: tuple[Hop, ...], name: str | None = None) -> tuple[Hop, ...] | None:
    """The hops as one chain of sessions: conditions and witnesses that go together; None where none do.

    Conditions on what the caller chooses for a session stay in the hop that shows it: they are a recipe (STS-9).
    `name`: that of the session that a route from a role starts with, where it is given.
    """
    role = hops[0].source
    hands_on = len(hops) > 1 and role in world.role_nodes and not can_begin_quietly(world, role)
    if name is None and not hands_on and not _is_sensitive(hops):
        return hops
    steps = tuple(step_of(world, hop) for hop in hops)
    try:
        ways = _ways(world, steps, name)
    except TooManyTagsError:
        gap = "whether one choice of session tags opens all hops is not decided: too many tags tell sessions apart"
        return (*hops[:-1], replace(hops[-1], gaps=(*hops[-1].gaps, gap)))
    if not ways:
        return None
    return tuple(retold(world, steps, ways))


def _is_sensitive(hops: tuple[Hop, ...]) -> bool:
    """Whether some hop's condition hangs on how its session was started, or a call chooses what one carries."""
    return any(
        hop.kind in DELIVERED_BY
        or hop.source in (PODS, ROLES_ANYWHERE, "ec2.amazonaws.com")
        or depends_on_session(hop.condition)
        or (starts_carrying_session(hop.kind) and _passes(hop.condition))
        for hop in hops
    )


@lru_cache(maxsize=1 << 14)
def _passes(condition: Formula) -> bool:
    """Whether it speaks of what the call gives to the session that it starts: a name, a source identity, tags."""
    return any(key in _GIVEN or key.startswith(REQUEST_TAG) for key in keys_of(condition))


@lru_cache(maxsize=1 << 14)
def depends_on_session(condition: Formula) -> bool:
    """Whether it speaks of keys that a session carries."""
    return any(map(is_carried, keys_of(condition)))


@lru_cache(maxsize=1 << 14)
def _depends_on_start(condition: Formula) -> bool:
    return any(map(hangs_on_start, keys_of(condition)))


def _ways(world: World, steps: tuple[Step, ...], name: str | None) -> tuple[Taken, ...]:
    """All ways that differ, the plainest first, each with the hops that come before the route.

    A route that starts at a role starts with a session of it that somebody can start (TERM-8).
    """
    found = Ways(steps)
    memory = memory_of(world).requests
    role = steps[0].hop.source
    is_plain = role not in world.role_nodes or can_begin_plainly(world, role, steps, name)
    if is_plain:
        found.add(Taken(0, Chain(steps, memory, name)))
    formulas = [formula for step in steps for formula in step.formulas]
    if role not in world.role_nodes or (is_plain and not any(map(_depends_on_start, formulas))):
        return tuple(found)
    any_start = Taken(0, Chain(steps, memory, name, any_start=True), gap=_NOT_ALL_SEEN)
    if not any_start.can_be_taken:
        return tuple(found)

    def chain_of(before: tuple[Hop, ...], *, any_start: bool) -> Chain:
        earlier = [step_of(world, hop) for hop in before]
        if name is not None:
            earlier[-1] = _giving(earlier[-1], name)
        return Chain((*earlier, *steps), memory, any_start=any_start)

    def may_lead(before: tuple[Hop, ...]) -> bool:
        return Taken(len(before), chain_of(before, any_start=True)).can_be_taken

    earlier = Prefixes(world, role, may_lead, lambda hop: step_of(world, hop).what_counts)
    for before in earlier:
        chain, first = chain_of(before, any_start=False), before[0].source
        if first not in world.role_nodes or can_begin_plainly(world, first, chain.steps, None):
            found.add(Taken(len(before), chain))
    if not earlier.all_seen:
        found.add(any_start)
    return tuple(found)


def _giving(step: Step, name: str) -> Step:
    """The step, if the session that it starts has this name."""
    if step.known_name is not None:
        return step if step.known_name == name else replace(step, condition=FALSE, alike=None)
    given = one(SESSION_GIVEN, StringTest((exact(name),)))
    return replace(step, condition=all_of(step.condition, given), alike=None)
