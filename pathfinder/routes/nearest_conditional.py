"""What a request that is open under a condition needs to be open: values to send, and what would spare it them.

Source: evaluation.md COND-51, COND-53; chapter 6.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.wording import sentence
from pathfinder.graph.guarantees import NETWORK_KEYS
from pathfinder.logic.formula import TRUE, AnyOf, Formula, all_of, present
from pathfinder.routes.nearest_allows import grants
from pathfinder.routes.nearest_answer import LayerWay, Nearest
from pathfinder.routes.nearest_change import Change
from pathfinder.routes.nearest_denies import exceptions
from pathfinder.routes.nearest_keys import fixed_by, open_groups
from pathfinder.routes.nearest_parts import Part, PartName, Way, part_now, parts_of, ways_of
from pathfinder.routes.nearest_scene import Scene, applied
from pathfinder.routes.nearest_search import MOST_ALTERNATIVES
from pathfinder.routes.nearest_words import policy_name

MOST_BRANCHES = 12
"""Ways to meet a condition that are looked at."""


def of_conditional(base: Scene, condition: Formula) -> Nearest:
    """The fewest things to send, and for each layer that sets a condition what else would open it."""
    parts = _conditional_parts(base)
    sent = _fewest(base, condition, next(iter(parts), (None, ()))[0])
    layers = tuple(_layer(base, part, way) for part, way in parts)
    return Nearest(
        changes=sent or (),
        layers=layers,
        condition=TRUE if sent else condition,
        verified=bool(sent),
        fewest=bool(sent),
    )


def _fewest(base: Scene, condition: Formula, part: Part | None) -> tuple[Change, ...] | None:
    """Values with which every such request is allowed, of as few kinds as are found."""
    if part is None:
        return None
    branches = condition.parts if isinstance(condition, AnyOf) else (condition,)
    found: list[tuple[Change, ...]] = []
    for branch in branches[:MOST_BRANCHES]:
        kept = _sent(base, branch, part)
        if not applied(base, kept).always():
            continue
        for change in kept:
            fewer = tuple(each for each in kept if each is not change)
            kept = fewer if applied(base, fewer).always() else kept
        found.append(kept)
    return min(found, key=len, default=None)


def _sent(base: Scene, condition: Formula, part: Part) -> tuple[Change, ...]:
    """One change for each group of keys that the condition speaks of."""
    groups = open_groups(base, keys_of(condition))
    values = base.example(all_of(condition, *_sendable(base, condition))) or base.example(condition)
    if values is None:
        return ()
    return tuple(fixed_by(group, condition, values, base, part) for group in groups)


def _sendable(base: Scene, condition: Formula) -> Iterator[Formula]:
    """That keys are there which may be: a value is easier to send than none. Not of those that tell the way."""
    for key in sorted(keys_of(condition) - NETWORK_KEYS):
        if not base.impossible(all_of(condition, present(key))):
            yield present(key)


def _conditional_parts(base: Scene) -> list[tuple[Part, Way]]:
    """The parts of every open way of granting that do not always pass, each once."""
    found: dict[PartName, tuple[Part, Way]] = {}
    for way in ways_of(base):
        parts = parts_of(base, way)
        if any(base.impossible(part.passes) for part in parts):
            continue
        for part in parts:
            if simplify(part.passes, base.facts) != TRUE:
                found.setdefault(part.name, (part, way))
    return list(found.values())


def _layer(base: Scene, part: Part, way: Way) -> LayerWay:
    passes = simplify(part.passes, base.facts)
    who = "lets it pass only: "
    if part.deny is not None:
        who = f"{part.deny.statement} of {policy_name(part.deny.policy)} denies it unless: "
    alternatives = (*_sent(base, passes, part), *_changed(base, part, way))
    return LayerWay(
        part.layer, part.level, "conditional", f"{who}{sentence(passes)}", alternatives[:MOST_ALTERNATIVES]
    )


def _changed(base: Scene, part: Part, way: Way) -> Iterator[Change]:
    """Changes of policies after which the part always passes."""
    known = base.context.state
    for change in exceptions(base, part, known) if part.deny else grants(base, part, known):
        if simplify(part_now(applied(base, (change,)), way, part), base.facts) == TRUE:
            yield change
