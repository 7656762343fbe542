"""What was assumed, said beside every result that it narrows: such a result is not the whole truth."""

from __future__ import annotations

from pathfinder.graph.assumptions import Assumptions
from pathfinder.report.text import visible


def assumed_lines(assumptions: Assumptions) -> tuple[str, ...]:
    """Lines for people, none where nothing was assumed."""
    if not assumptions:
        return ()
    return (f"Assumed: {assumed_text(assumptions)}.", "What needs anything else is not shown.")


def assumed_text(assumptions: Assumptions) -> str:
    """All that was assumed, on one line: `aws:SourceIp=203.0.113.0/24; requests travel by internet`."""
    parts = [
        visible(" or ".join(_values(assumption.given, assumption.name))) for assumption in assumptions.keys
    ]
    if assumptions.ways:
        parts.append(f"requests travel by {visible(' or '.join(way.name for way in assumptions.ways))}")
    return "; ".join(parts)


def _values(given: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The first value with its key, the others alone; where the key may be absent, in words."""
    texts = [text.removeprefix(f"{name}=") or "absent" for text in given]
    first = f"{name} absent" if texts[0] == "absent" else given[0]
    return (first, *texts[1:])


def assumed_json(assumptions: Assumptions) -> dict[str, object]:
    """What was assumed, by the names of the options, each as it was given."""
    return {
        "assume": [text for assumption in assumptions.keys for text in assumption.given],
        "network": [way.name for way in assumptions.ways],
    }
