"""Escalations as results show them: marked, and counted apart from routes that are open as things are (ESC-4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from pathfinder.graph.hop import Escalation, EscalationCall, Hop, Witness
from pathfinder.logic.formula import Formula
from pathfinder.report.text import plural, visible
from pathfinder.routes.route import Route

Json = dict[str, object]


def hop_json(
    hop: Hop, condition: Callable[[Formula], object], witness: Callable[[Witness | None], object]
) -> Json:
    """What an escalation adds to a hop in JSON; nothing for other hops."""
    escalation = hop.escalation
    if escalation is None:
        return {}
    return {
        "escalation": {
            "rule": escalation.rule,
            "paths": escalation.paths,
            "mutating": escalation.mutating,
            "change": escalation.change,
            "workload": escalation.workload,
            "session": escalation.session.value,
            "calls": [_call(call, condition, witness) for call in escalation.calls],
            "notes": escalation.notes,
        }
    }


def _call(
    call: EscalationCall,
    condition: Callable[[Formula], object],
    witness: Callable[[Witness | None], object],
) -> Json:
    return {
        "action": call.action,
        "resource": call.resource,
        "condition": condition(call.condition),
        "witness": witness(call.witness),
    }


def rules_of(route: Route) -> tuple[str, ...]:
    """The rules of its escalations, in order, being an administrator left out (ESC-99)."""
    return tuple(each.rule for each in _escalations(route))


def changes_of(route: Route) -> tuple[str, ...]:
    """What would be changed, in order."""
    return tuple(each.change for each in _escalations(route))


def paths_of(route: Route) -> tuple[str, ...]:
    """The ids in the pathfinding.cloud catalogue, each once, in order."""
    return tuple(dict.fromkeys(path for each in _escalations(route) for path in each.paths))


def _escalations(route: Route) -> tuple[Escalation, ...]:
    found = (hop.escalation for hop in route.escalations)
    return tuple(each for each in found if each is not None and each.rule != "ESC-99")


def route_json(route: Route) -> Json:
    """What escalations add to a route in JSON; nothing for plain routes."""
    if not route.escalations:
        return {}
    return {"escalations": rules_of(route), "mutating": route.mutating}


class Counts:
    """Counts of the routes with escalations."""

    def __init__(self) -> None:
        self.rules: Counter[str] = Counter()
        self.routes = 0
        self.mutating = 0

    def add(self, route: Route) -> None:
        """One more."""
        self.routes += 1
        self.mutating += route.mutating
        self.rules.update(set(rules_of(route)))

    def json(self) -> Json:
        """For `counts`."""
        return {"routes": self.routes, "mutating": self.mutating, "by_rule": dict(sorted(self.rules.items()))}


def summary(routes: Sequence[Route]) -> str:
    """How many there are, and by which rules."""
    if not routes:
        return "No route with an escalation found."
    counts = Counts()
    for route in routes:
        counts.add(route)
    rules = ", ".join(f"{rule} {count:,}" for rule, count in sorted(counts.rules.items()))
    starts = len({route.start.id for route in routes})
    return (
        f"{plural(counts.routes, 'route')} with escalations from {plural(starts, 'start')}, open to those who "
        f"first do something, {counts.mutating:,} of them by changing or making something. By rule: {rules}."
    )


def words(route: Route) -> str:
    """What has to be done first: nothing for plain routes."""
    return visible("; ".join(changes_of(route)))


def csv_cells(route: Route) -> tuple[str, str, str, str]:
    """The rules, the catalogue's ids, whether anything is changed, and what."""
    mutating = "true" if route.mutating else "false"
    return (
        " ".join(rules_of(route)),
        " ".join(paths_of(route)),
        mutating,
        "; ".join(changes_of(route)),
    )


CSV_COLUMNS = ("escalations", "escalation_paths", "mutating", "changes")
