"""What the page tells: nodes, hops, evidence and routes as plain lists, each text once and safe to show."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from pathfinder.graph.atoms import atoms
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.node import Node
from pathfinder.logic.formula import Formula, unknowns
from pathfinder.report.actions import action_words
from pathfinder.report.conditions import Wording
from pathfinder.report.html.condition_kinds import condition_kinds
from pathfinder.report.html.nodes import LOOKS, hop_words
from pathfinder.report.html.picture import LANES, Picture, is_conditional, is_unsure, lane_of
from pathfinder.report.text import visible
from pathfinder.report.vantages import long_text, title, views_of
from pathfinder.routes.route import Found, Route

Json = Mapping[str, object]
Key = TypeVar("Key", bound=Hashable)


class _Once(Generic[Key]):
    """A list without repetition: gives the place of each key."""

    def __init__(self) -> None:
        self.places: dict[Key, int] = {}

    def place(self, key: Key) -> int:
        return self.places.setdefault(key, len(self.places))


def shown_of(found: Found) -> tuple[Route, ...]:
    """The routes on the page: those that are open, then those that one thing blocks (KMS-13)."""
    return (*found.routes, *found.blocked)


def content_of(found: Found, picture: Picture, sentence: Callable[[Formula], str]) -> Json:
    """Everything that the page's script shows, apart from the drawing itself; blocked routes after the open ones."""
    conditions: _Once[Formula] = _Once()
    actions: _Once[tuple[str, ...]] = _Once()
    evidence: _Once[Evidence] = _Once()
    views: _Once[str] = _Once()
    wording = Wording(sentence)
    place_of = {node.id: place for place, node in enumerate(picture.nodes)}
    hops = [
        {
            **_hop(hop, line, place_of, conditions, actions, evidence, sentence),
            "over": {"node": place_of[hop.through], "line": picture.line_behind[place]}
            if hop.through is not None
            else None,
        }
        for place, (hop, line) in enumerate(zip(picture.hops, picture.line_of, strict=True))
    ]
    routes = [
        {
            **_route(route, places, place_of, found.account_names),
            "from": [
                (place, views.place(long_text(view, wording)))
                for place, view in enumerate(views_of(route, found.ways))
                if view is not None
            ],
        }
        for route, places in zip(shown_of(found), picture.hop_places, strict=True)
    ]
    return {
        "nodes": [_node(node, picture, found.account_names) for node in picture.nodes],
        "hops": hops,
        "conditions": [visible(sentence(condition)) for condition in conditions.places],
        "actions": [list(map(visible, each)) for each in actions.places],
        "evidence": [_evidence(each) for each in evidence.places],
        "routes": routes,
        "ways": [title(way) for way in found.ways],
        "views": list(views.places),
    }


def account_title(account: str | None, names: Mapping[str, str]) -> str | None:
    """An account's name and id, or its id alone where it has no name."""
    if account is None:
        return None
    name = names.get(account)
    return visible(f"{name} ({account})" if name else account)


def lane_title(lane: str, names: Mapping[str, str]) -> str:
    """What is written on a lane."""
    if lane in LANES:
        return LANES[lane]
    name = names.get(lane)
    return visible(f"{name} · {lane}" if name else lane)


def _node(node: Node, picture: Picture, names: Mapping[str, str]) -> Json:
    return {
        "id": visible(node.id),
        "kind": node.kind.value,
        "words": LOOKS[node.kind].one,
        "label": visible(node.label),
        "account": account_title(node.account, names),
        "outside": lane_of(node) == "~outside",
        "dot": picture.dot_of[node.id],
    }


def _hop(
    hop: Hop,
    line: str,
    place_of: Mapping[str, int],
    conditions: _Once[Formula],
    actions: _Once[tuple[str, ...]],
    evidence: _Once[Evidence],
    sentence: Callable[[Formula], str],
) -> Json:
    return {
        "line": line,
        "words": visible(hop_words(hop.kind, hop.via)),
        "kind": visible(hop.kind),
        "from": place_of[hop.source],
        "to": place_of[hop.target],
        "when": conditions.place(hop.condition),
        "conditional": is_conditional(hop),
        "unsure": is_unsure(hop),
        "blocked": hop.blocked and visible(hop.blocked),
        "actions": actions.place(hop.actions),
        "resources": list(map(visible, hop.resources)),
        "except": list(map(visible, hop.except_)),
        "evidence": [evidence.place(each) for each in hop.evidence],
        "says": _says(hop, sentence),
        "also": [visible(each.action) for each in hop.also],
        "witness": _witness(hop.witness) if hop.witness else None,
        "gaps": list(map(visible, dict.fromkeys((*hop.gaps, *unknowns(hop.condition))))),
        "notes": list(map(visible, hop.notes)),
        "extra": {visible(key): visible(value) for key, value in sorted(hop.extra.items())},
    }


def _says(hop: Hop, sentence: Callable[[Formula], str]) -> list[list[str]]:
    """For each statement in evidence, the tests of the condition that come from it."""
    said: list[list[str]] = [[] for _ in hop.evidence]
    for atom in atoms(hop.condition, hop.evidence):
        for place in atom.sources:
            said[place].append(visible(sentence(atom.test)))
    return said


def _witness(witness: Witness) -> Json:
    context = {
        visible(key): visible(value) if isinstance(value, str) else list(map(visible, value))
        for key, value in witness.context.items()
    }
    return {
        "principal": visible(witness.principal),
        "action": visible(witness.action),
        "resource": visible(witness.resource),
        "account": witness.resource_account and visible(witness.resource_account),
        "context": context,
    }


def _evidence(evidence: Evidence) -> Json:
    return {
        "side": visible(evidence.side),
        "source": visible(evidence.source),
        "policy": visible(evidence.policy),
        "attached": visible(evidence.attached_to),
        "statement": evidence.statement and visible(evidence.statement),
        "effect": evidence.effect and visible(evidence.effect),
    }


def _route(
    route: Route, hop_places: Sequence[int], place_of: Mapping[str, int], names: Mapping[str, str]
) -> Json:
    return {
        "id": visible(route.id),
        "nodes": [place_of[node.id] for node in route.nodes],
        "hops": list(hop_places),
        "design": visible(route.design),
        "acting": visible(route.acting.label),
        "scp": account_title(route.scp_account, names),
        "rcp": account_title(route.rcp_account, names),
        "cross": route.cross_account,
        "blocked": route.blocked and visible(route.blocked),
        "unowned": route.target.account is None,
        "kinds": list(condition_kinds(hop.condition for hop in route.hops)),
        "gaps": list(map(visible, route.gaps)),
        "groups": list(map(visible, action_words(route.access.actions))),
    }
