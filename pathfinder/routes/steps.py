"""Hops made ready to be decided together: each with its caller, and what its call may pass besides.

Source: evaluation.md STS-25, STS-33, STS-40, TERM-2.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

from pathfinder.authorization.decision import Decision, LayerKind
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.guarantees import is_
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import ends_route, starts_carrying_session
from pathfinder.graph.principals import Actor
from pathfinder.graph.requests import asked_action, caller_of, resource_of_hop
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import facts_for, what_is_there
from pathfinder.graph.tags import REQUEST_TAG
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Unknown, all_of, one, rewrite
from pathfinder.logic.patterns import EVERYTHING, parse_pattern
from pathfinder.logic.values import StringTest
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY, Context, Values
from pathfinder.routes.passing import Step
from pathfinder.routes.sessions import PRINCIPAL_TAG, ROLES_ANYWHERE, SESSION_GIVEN

TAG_SESSION = "sts:TagSession"
SET_SOURCE_IDENTITY = "sts:SetSourceIdentity"
_NAMES = {"ec2.amazonaws.com": "i-*", "ecs-task": "?" * 32}
"""Names of delivered sessions, by hop kind or service: ids of instances (STS-40) and of tasks (STS-42)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was found for the steps and chains of a world: by hop, by what counts of a step, by request."""

    steps: dict[Hashable, Step]
    numbers: dict[Hashable, int]
    requests: dict[Hashable, Formula]


def memory_of(world: World) -> Memory:
    """The world's own."""
    if not isinstance(world.chains, Memory):
        world.chains = Memory({}, {}, {})
    return world.chains


def step_of(world: World, hop: Hop) -> Step:
    """The hop as a step of a chain.

    What its request needs is computed once for hops whose requests are the same, whatever else they show.
    """
    memory = memory_of(world)
    key = (
        hop.kind,
        hop.source,
        hop.target,
        hop.condition,
        hop.resources,
        hop.except_,
        hop.caller,
        () if ends_route(hop.kind) else hop.actions[:1],
        asked_action(hop) if hop.actions else None,
        hop.extra.get("session_name"),
        hop.given,
        hop.session,
        hop.through,
        hop.blocked,
        None if hop.call is None else id(hop.call),
        hop.now,
    )
    found = memory.steps.get(key)
    if found is None:
        step = _step(world, hop)
        alike = memory.numbers.setdefault(step.what_counts, len(memory.numbers))
        found = memory.steps[key] = replace(step, alike=alike)
    return replace(found, hop=hop)


def _step(world: World, hop: Hop) -> Step:
    actor = caller_of(world, hop)
    resource = resource_of_hop(world, hop)
    if actor is None or resource is None:
        return Step(hop, None, resource, hop.condition)
    asked = asked_action(hop)
    given = world.given(actor, asked, resource)
    facts = facts_for(world, asked.partition(":")[0].lower(), given)
    condition = all_of(hop.condition, world.assumed(actor, asked, resource))
    if not starts_carrying_session(hop.kind):
        condition = all_of(condition, objects_of(hop)) if ends_route(hop.kind) else condition
        there = what_is_there(condition, world.context(actor, asked, resource), facts)
        return Step(hop, actor, resource, all_of(condition, there), facts=facts)
    condition = all_of(condition, *_passed(hop), *_named(hop))
    tagging = passing(world, actor, hop, resource, TAG_SESSION)
    naming = passing(world, actor, hop, resource, SET_SOURCE_IDENTITY)
    tags_allowed, name_allowed = tagging.allowed, naming.allowed
    if actor.node.id == ROLES_ANYWHERE:
        tags_allowed, name_allowed = of_certificate(tags_allowed), of_certificate(name_allowed)
        condition = all_of(of_certificate(condition), tags_allowed)
    spoken = all_of(condition, tags_allowed, name_allowed)
    there = what_is_there(spoken, world.context(actor, asked, resource), facts)
    return Step(
        hop,
        actor,
        resource,
        all_of(condition, there),
        tags_allowed,
        name_allowed,
        _of_identity(naming),
        facts,
        hop.session,
        evidence_of((tagging,)),
        evidence_of((naming,)),
    )


def of_certificate(formula: Formula) -> Formula:
    """The formula, what a certificate says called by the session tags that it becomes (STS-45)."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown) or not leaf.key.startswith(PRINCIPAL_TAG):
            return leaf
        return replace(leaf, key=REQUEST_TAG + leaf.key.removeprefix(PRINCIPAL_TAG))

    return rewrite(formula, of_leaf)


def _passed(hop: Hop) -> Iterator[Formula]:
    """The session tags that whoever makes the call passes, where they are known (STS-43)."""
    for key, state in hop.given:
        if key.startswith(REQUEST_TAG) and isinstance(state, Values):
            yield is_(key, *state.values)


def _named(hop: Hop) -> Iterator[Formula]:
    """What is known of the session's name, where it is not known itself (STS-40, STS-42)."""
    pattern = _NAMES.get(hop.kind) or _NAMES.get(hop.source)
    if pattern is not None and "session_name" not in hop.extra:
        yield one(SESSION_GIVEN, StringTest((parse_pattern(pattern),)))


def has_known_name(hop: Hop) -> bool:
    """Whether something is known of the name of the session that the hop starts."""
    return "session_name" in hop.extra or hop.kind in _NAMES or hop.source in _NAMES


def passing(world: World, actor: Actor, hop: Hop, resource: Resource, permission: str) -> Decision:
    """The decision on what a call may pass besides, in the context of the call itself (STS-25)."""
    known = world.context(actor, hop.actions[0], resource)
    context = Context({**known.states, **dict(hop.given)}, known.otherwise)
    return world.decide(actor, permission, resource, context)


def _of_identity(decision: Decision) -> Formula:
    """When the caller's own policies allow it: a source identity that is inherited needs that always (STS-25)."""
    layers = [each for each in decision.layers if each.kind is LayerKind.IDENTITY and each.applies]
    return all_of(*(layer.allows for layer in layers))


def objects_of(hop: Hop) -> Formula:
    """That the object key is one of those that the hop is about, for an action on objects."""
    if any("/" not in text for text in hop.resources):
        return TRUE
    inside, outside = (
        tuple(parse_pattern(text.partition("/")[2], variables=False) for text in texts)
        for texts in (hop.resources, hop.except_)
    )
    if EVERYTHING in inside and not outside:
        return TRUE
    return all_of(open_text(OBJECT_KEY, inside), open_text(OBJECT_KEY, outside, negated=True))
