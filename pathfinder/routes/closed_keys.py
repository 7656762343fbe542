"""Routes that only a key closes, by what it asks of the session: shown as blocked, as those that it closes for all.

Source: evaluation.md KMS-13, STS-9, STS-30 to STS-33, TERM-2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.wording import sentence
from pathfinder.graph.access_parts import object_parts
from pathfinder.graph.bucket_nodes import bucket_of
from pathfinder.graph.calls import Call, blocks, calls_for, perhaps_open, why_blocked
from pathfinder.graph.hop import Hop
from pathfinder.graph.object_lambda import HOP
from pathfinder.graph.requests import asked_action, caller_of, resource_of_action
from pathfinder.graph.settle import facts_for, settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of
from pathfinder.routes.along import depends_on_session
from pathfinder.routes.sessions import is_carried
from pathfinder.routes.steps import objects_of


def but_for_keys(world: World, hop: Hop) -> Iterator[Hop]:
    """The last hop of a route, as it would be if its keys asked nothing; nothing where no key asks for a session.

    Each is marked as blocked: that holds for those routes alone that the hop itself does not end.
    """
    if not depends_on_session(hop.condition) or hop.blocked is not None:
        return
    actor = caller_of(world, hop)
    if actor is None:
        return
    found: dict[tuple[object, ...], tuple[Hop, list[str]]] = {}
    for action in (asked_action(hop),) if hop.kind == HOP else hop.actions:
        resource = resource_of_action(world, hop, action)
        if resource is None:
            continue
        call = calls_for(world, actor, action, resource)
        if not blocks(call):
            continue
        facts = facts_for(world, "s3", world.given(actor, action, resource))
        for made in _without(world, hop, call, facts):
            key = (made.condition, made.resources, made.except_, made.blocked)
            found.setdefault(key, (made, []))[1].append(action)
    for made, actions in found.values():
        yield replace(made, actions=hop.actions if hop.kind == HOP else tuple(actions))


def _without(world: World, hop: Hop, call: Call, facts: Facts) -> Iterator[Hop]:
    scope = objects_of(hop)
    why = _why(call, scope, facts)
    bucket = bucket_of(world, hop.target)
    if not why or bucket is None:
        return
    allowed = all_of(call.but_for_blocks, scope)
    for resources, except_, condition, part in object_parts(bucket, allowed, facts):
        settled = settle(world, call.actor, call.action, call.resource, condition, scope=part)
        if settled is not None and settled.condition != hop.condition:
            yield replace(
                hop,
                condition=settled.condition,
                resources=resources,
                except_=except_,
                witness=settled.witness,
                also=(),
                gaps=tuple(dict.fromkeys((*settled.gaps, *perhaps_open(call)))),
                notes=(),
                blocked="; ".join(why),
            )


def _why(call: Call, scope: Formula, facts: Facts) -> list[str]:
    """What the keys ask of the session."""
    told: dict[str, None] = {}
    for each in call.further:
        if not each.need.blocked or each.passes in (TRUE, FALSE):
            continue
        asked = simplify(all_of(each.passes, scope), facts)
        if any(map(is_carried, keys_of(asked))):
            told[
                f"{each.need.blocked}: {each.need.action} is allowed only {_when(asked)}, {_NOT_CARRIED}"
            ] = None
    return list(told)


_NOT_CARRIED = "which no session on this way carries"


def why_closed(world: World, call: Call, scope: Formula) -> tuple[str, ...]:
    """What is to be said of a call that its keys alone stop: what they refuse, or ask of the session."""
    facts = facts_for(world, "s3", world.given(call.actor, call.action, call.resource))
    if any(each.need.blocked and each.passes == FALSE for each in call.further):
        return tuple(why_blocked(call))
    return tuple(_why(call, scope, facts)) or tuple(why_blocked(call))


def _when(condition: Formula) -> str:
    text = sentence(condition)
    return text if text.startswith(("unless ", "perhaps ")) else f"when {text}"


def closed_ends(
    world: World, ends: Iterable[tuple[str, tuple[Hop, ...]]]
) -> tuple[dict[str, tuple[Hop, ...]], dict[int, Hop]]:
    """The hops that would end a route but for what a key asks, by where they start; and what each stands for."""
    found: dict[str, tuple[Hop, ...]] = {}
    stands_for: dict[int, Hop] = {}
    for node_id, hops in ends:
        made: list[Hop] = []
        for hop in hops:
            for each in but_for_keys(world, hop):
                made.append(each)
                stands_for[id(each)] = hop
        if made:
            found[node_id] = tuple(made)
    return found, stands_for
