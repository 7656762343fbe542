"""The nearest way to open a request, in words for people and as JSON. Nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pathfinder.logic.formula import FALSE, TRUE
from pathfinder.report.conditions import Wording
from pathfinder.report.text import plural

if TYPE_CHECKING:
    from pathfinder.routes.nearest_answer import LayerWay, Nearest
    from pathfinder.routes.nearest_change import Change

Section = tuple[str, tuple[str, ...]]


def nearest_sections(nearest: Nearest, wording: Wording) -> Iterator[Section]:
    """What to change, then what each layer could change instead; a title and its lines each."""
    conditional = any(layer.state == "conditional" for layer in nearest.layers)
    count = plural(len(nearest.changes), "change")
    title = "To have it allowed always" if conditional else "The nearest way to open it"
    yield f"{title}: {count}", tuple(_changes(nearest, wording))
    for layer in nearest.layers:
        if any(change not in nearest.changes for change in layer.alternatives):
            title = f"{_named(layer)}: {layer.why}; each of these alone opens this layer"
            yield title, tuple(_line_or_number(change, nearest) for change in layer.alternatives)
    if nearest.omitted:
        yield "And beyond these", (f"{nearest.omitted} more that stop it",)
    yield "What no change opens", nearest.impossible
    yield "Not known, so neither open nor in the way", tuple(_unknown(nearest))


def _changes(nearest: Nearest, wording: Wording) -> Iterator[str]:
    if not nearest.changes:
        return
    for number, change in enumerate(nearest.changes, 1):
        yield f"{number}. {change_line(change)}"
    text = wording.text(nearest.condition)
    plain = nearest.condition == TRUE or text.startswith(("perhaps ", "unless "))
    then = text if plain else f"when {text}"
    if nearest.verified:
        yield f"Decided again with {'it' if len(nearest.changes) == 1 else 'all of them'}: open {then}"
    elif nearest.condition != FALSE:
        yield f"Decided again: it is not certain whether it is open then: {then}"
    if not nearest.fewest:
        yield "Perhaps fewer would do: not every set of changes was looked at"


def _line_or_number(change: Change, nearest: Nearest) -> str:
    if change in nearest.changes:
        return f"change {nearest.changes.index(change) + 1} above"
    return change_line(change)


def _unknown(nearest: Nearest) -> Iterator[str]:
    layers = [layer for layer in nearest.layers if layer.state == "unknown"]
    yield from (f"{_named(layer)}: {layer.why}" for layer in layers)
    if not layers:
        yield from nearest.unknown


def change_line(change: Change) -> str:
    """A change on one line, with the statement or the part of one that it adds."""
    if change.add is None:
        return change.text
    return f"{change.text}: {json.dumps(change.add, ensure_ascii=False)}"


def _named(layer: LayerWay) -> str:
    return f"{layer.layer.value} at {layer.level}" if layer.level else layer.layer.value


def nearest_json(nearest: Nearest | None, wording: Wording) -> dict[str, object] | None:
    """The nearest way for programs; None for a request that is allowed as it is, and for the hops of a route."""
    if nearest is None:
        return None
    return {
        "changes": [_change_json(change) for change in nearest.changes],
        "layers": [_layer_json(layer) for layer in nearest.layers],
        "condition": wording.json(nearest.condition),
        "verified": nearest.verified,
        "fewest": nearest.fewest,
        "impossible": nearest.impossible,
        "unknown": nearest.unknown,
        "omitted": nearest.omitted,
    }


def _layer_json(layer: LayerWay) -> dict[str, object]:
    return {
        "layer": layer.layer.value,
        "level": layer.level,
        "state": layer.state,
        "why": layer.why,
        "alternatives": [_change_json(change) for change in layer.alternatives],
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "layer": change.layer.value,
        "level": change.level,
        "policy_type": change.policy_kind.value if change.policy_kind else None,
        "policy": change.policy,
        "attached_to": change.attached_to,
        "statement": change.statement,
        "text": change.text,
        "add": change.add,
        "becomes": change.becomes,
        "context": dict(change.context),
    }
