"""The nearest way to open a request that is refused: the fewest changes, and for each layer what would open it.

Every set of changes that is given has been decided: with all of them the request is open, without any one of
them it is not. Each change is the narrowest for exactly this principal, action and resource.
Source: evaluation.md TERM-11, EVAL-1 to EVAL-53, COND-51, COND-53; asks.md ranks 1, 2, 13 and 16.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pathfinder.authorization.decision import Layer, LayerKind, Strength
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.wording import sentence
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, unknowns
from pathfinder.policy.context import Context, KeyState
from pathfinder.routes.nearest_allows import why_fixed
from pathfinder.routes.nearest_answer import LayerWay, Nearest
from pathfinder.routes.nearest_conditional import of_conditional
from pathfinder.routes.nearest_keys import groups_of
from pathfinder.routes.nearest_parts import PLAIN_IDENTITY, Part, PartName, ways_of
from pathfinder.routes.nearest_scene import Scene, scene_of
from pathfinder.routes.nearest_search import Search
from pathfinder.routes.nearest_words import layer_words, policy_name


def nearest_way(
    world: World,
    actor: Actor,
    action: str,
    resource: Resource,
    context: Context,
    told: Mapping[str, KeyState],
) -> Nearest | None:
    """The nearest way, or None for a request that is allowed as it is.

    `context`: the request's, some of it open. `told`: the keys in it that whoever asks has fixed.
    """
    base = scene_of(world, actor, action, resource, context, told)
    settled = base.settled()
    if settled is None:
        return _of_refused(base)
    if settled.certain:
        return None if settled.condition == TRUE else of_conditional(base, settled.condition)
    layers = tuple(_unknown_layers(base))
    return Nearest((), layers, settled.condition, verified=False, fewest=False, unknown=unknown_reasons(base))


def _of_refused(base: Scene) -> Nearest:
    groups = groups_of(base)
    searches = [Search(base, way, groups) for way in ways_of(base)]
    openings = [found for search in searches if (found := search.opening()) is not None]
    if not openings and unknown_reasons(base):
        openings = [found for search in searches if (found := search.opening(certain=False)) is not None]
    best = min(openings, key=lambda each: each.order, default=None)
    given_up = any(search.given_up for search in searches)
    fewest = best is not None and not given_up and all(each.fewest for each in openings)
    blocking = _blocking_parts(searches, best is None)
    layers = (*_blocking_layers(base, blocking[:MOST_PARTS]), *_unknown_layers(base))
    return Nearest(
        changes=best.changes if best else (),
        layers=layers,
        condition=best.condition.condition if best else FALSE,
        verified=best is not None and best.condition.certain,
        fewest=fewest,
        impossible=() if best else tuple(dict.fromkeys(_why_not(base, searches))),
        unknown=unknown_reasons(base),
        omitted=len(blocking[MOST_PARTS:]),
    )


MOST_PARTS = 24
"""Parts that stop the request for which the alternatives are told; of more, their number."""


def _why_not(base: Scene, searches: Sequence[Search]) -> Iterator[str]:
    """Why there is no answer."""
    for search in searches:
        if search.stuck is not None:
            yield _why_stuck(base, search.stuck)
    if any(search.given_up for search in searches):
        yield "it takes more changes than are looked for"


def _blocking_parts(searches: Sequence[Search], stuck: bool) -> list[tuple[Part, Search]]:
    """The parts that stop the request, in AWS's order; of ways of granting those that can be opened, or all."""
    found: dict[PartName, tuple[Part, Search]] = {}
    for search in searches:
        if search.stuck is None or stuck:
            for part in search.blocking():
                found.setdefault(part.name, (part, search))
    return sorted(found.values(), key=lambda each: _ORDER[each[0].layer])


def _blocking_layers(base: Scene, parts: Sequence[tuple[Part, Search]]) -> Iterator[LayerWay]:
    """Each part with what alone takes it away."""
    seen: set[tuple[LayerKind, str | None, str]] = set()
    for part, search in parts:
        alternatives = search.alternatives(part)
        why = _why(base, part, search) if alternatives else _why_stuck(base, part)
        told = (part.layer, part.level, why)
        if told not in seen:
            seen.add(told)
            yield LayerWay(part.layer, part.level, "blocks" if alternatives else "fixed", why, alternatives)


_ORDER = {kind: place for place, kind in enumerate(LayerKind)}


def _why(base: Scene, part: Part, search: Search) -> str:
    flexible = search.flexible(part)
    when = "" if base.impossible(flexible) else sentence(simplify(flexible, base.facts))
    if part.deny is not None:
        spares = f"; it spares requests {when}" if when else ""
        return f"explicit deny by {part.deny.statement} of {policy_name(part.deny.policy)}{spares}"
    if when:
        return f"lets it pass only: {when}"
    if _names_account_alone(base, part):
        return "names the account, which switches identity policies on; naming the principal would be enough (PRIN-24)"
    if part.layer is LayerKind.RESOURCE and part.need is not None and PLAIN_IDENTITY in ways_of(base):
        return "does not allow it by itself, which would be enough within the account (EVAL-13)"
    return part.note or "no statement allows it"


def _names_account_alone(base: Scene, part: Part) -> bool:
    """Whether a resource's policy grants, but by a strength that is not enough by itself (PRIN-18)."""
    if part.layer is not LayerKind.RESOURCE or part.need is None or part.need.strengths is None:
        return False
    return any(
        match.strength is Strength.ACCOUNT
        for layer in base.decision.layers
        if layer.kind is LayerKind.RESOURCE
        for match in layer.matches
    )


def _why_stuck(base: Scene, part: Part) -> str:
    """Why no change opens the part."""
    fixed = None if part.deny else why_fixed(base, part.layer)
    reason = fixed or part.note or "no change that is known here opens it"
    return f"{layer_words(part.layer, part.level)}: {reason}"


def _unknown_layers(base: Scene) -> Iterator[LayerWay]:
    """Layers with policies, or statements, that are not known: neither open nor in the way."""
    for layer in base.decision.layers:
        reasons = _reasons(layer)
        if reasons:
            yield LayerWay(layer.kind, layer.level, "unknown", "; ".join(reasons))


def unknown_reasons(base: Scene) -> tuple[str, ...]:
    """What is not known of the layers that take part."""
    found = (reason for layer in base.decision.layers for reason in _reasons(layer))
    return tuple(dict.fromkeys((*found, *unknowns(base.decision.allowed))))


def _reasons(layer: Layer) -> tuple[str, ...]:
    """A Deny that always matches hides in the whole what is unknown of the others."""
    if not layer.applies:
        return ()
    conditions = (layer.allows, layer.denies, *(match.condition for match in layer.matches))
    return tuple(dict.fromkeys(reason for each in conditions for reason in unknowns(each)))
