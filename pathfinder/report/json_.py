"""Results as JSON, as the contract has it: written piece by piece, the same bytes for the same input.

Each list is written one item a line. The schemas are in `schemas/`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pathfinder.authorization.decision import Layer, Match
from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.atoms import atoms
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.node import Node
from pathfinder.graph.travel import Way
from pathfinder.model.organization import Gap
from pathfinder.report import escalations
from pathfinder.report.actions import action_words
from pathfinder.report.assumed import assumed_json
from pathfinder.report.conditions import Wording
from pathfinder.report.nearest import nearest_json
from pathfinder.routes.route import Query, Route, View

if TYPE_CHECKING:
    from pathfinder.authorization.scenario import ScenarioResult
    from pathfinder.routes.explain import Explanation
    from pathfinder.routes.whocan import Grant, WhoCan

FORMAT_VERSION = 1
_MOST_HOPS = 50_000
"""Kept for the routes to come; what millions of routes need is not held in memory."""
Json = dict[str, object]
_HIDDEN = re.compile("[\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Written as escapes: a terminal may obey them, a reader cannot see them, or UTF-8 has no bytes for them."""


def compact(value: object) -> str:
    """One value as JSON on one line."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))


def document(parts: Mapping[str, object]) -> Iterator[str]:
    """A document piece by piece. An iterator in it is a list, written one item a line as it comes."""
    opening = "{\n"
    for name, value in parts.items():
        yield f"{opening}  {compact(name)}: "
        opening = ",\n"
        if isinstance(value, Iterator):
            yield from _list(value)
        elif callable(value):
            yield compact(value())
        else:
            yield compact(value)
    yield "\n}\n"


def _list(items: Iterator[object]) -> Iterator[str]:
    opening = "[\n    "
    for item in items:
        yield opening + compact(item)
        opening = ",\n    "
    yield "[]" if opening.startswith("[") else "\n  ]"


def query_json(query: Query, assumptions: Assumptions = NO_ASSUMPTIONS) -> Json:
    """What was asked for, and what was assumed, by the names of the options."""
    return {
        "from": query.starts,
        "to": query.targets,
        "actions": query.actions,
        "cross_account": query.cross_account,
        "max_hops": query.max_hops,
        **({"escalations": True} if query.escalations else {}),
        **assumed_json(assumptions),
    }


def routes_json(
    query: Mapping[str, object],
    routes: Iterable[Route],
    gaps: Iterable[Gap],
    wording: Wording | None = None,
    ways: Sequence[Way] = (),
    blocked: Iterable[Route] = (),
) -> Iterator[str]:
    """The `routes` document, and `can`, which differs in its query. Routes and gaps may be iterators.

    `ways`: the vantages that the routes were looked at from. `blocked`: what is no route for one reason alone.
    """
    told_escalations = query.get("escalations") is True
    writer = Writer(wording or Wording(), told_vantages=bool(ways), told_escalations=told_escalations)
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": query,
            **({"vantages": [way_json(way) for way in ways]} if ways else {}),
            "routes": (writer.route(route) for route in routes),
            "blocked": (writer.blocked(route) for route in blocked),
            "counts": writer.counts,
            "gaps": (gap_json(gap) for gap in gaps),
        }
    )


def who_can_json(found: WhoCan, wording: Wording | None = None) -> Iterator[str]:
    """The `who-can` document: `results` directly, `indirect` by routes of two hops and more.

    `blocked`, `indirect_blocked`: the same of those whom a key alone stops.
    """
    writer = Writer(wording or Wording())
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": {
                "actions": found.actions,
                "resource": found.resource,
                **({"escalations": True} if found.escalations else {}),
                **assumed_json(found.assumptions),
            },
            "results": (writer.grant(grant) for grant in found.results),
            "indirect": (writer.route(route) for route in found.indirect),
            "blocked": (writer.grant(grant) for grant in found.blocked),
            "indirect_blocked": (writer.blocked(route) for route in found.indirect_blocked),
            "gaps": (gap_json(gap) for gap in found.gaps),
        }
    )


def check_json(results: Iterable[ScenarioResult]) -> Iterator[str]:
    """The `check` document."""
    return document({"format_version": FORMAT_VERSION, "results": (_result(each) for each in results)})


def explain_json(query: Mapping[str, object], explanations: Iterable[Explanation]) -> Iterator[str]:
    """The `explain` document: one explanation for a request, one for each hop of a route."""
    writer = Writer(Wording())
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": query,
            "explanations": (writer.explanation(each) for each in explanations),
        }
    )


def scenarios_json(scenarios: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Scenarios as the array that `check` and other evaluators read, one a line."""
    opening = "[\n  "
    for scenario in scenarios:
        yield opening + compact(scenario)
        opening = ",\n  "
    yield "[]\n" if opening.startswith("[") else "\n]\n"


def gap_json(gap: Gap) -> Json:
    """A gap."""
    return {"place": gap.place, "reason": gap.reason, "affects": gap.affects}


def witness_json(witness: Witness | None) -> Json | None:
    """A witness, with the names of a scenario's `request`."""
    if witness is None:
        return None
    return {
        "principal": witness.principal,
        "action": witness.action,
        "resource": witness.resource,
        "resource_account": witness.resource_account,
        "context": dict(witness.context),
    }


def evidence_json(evidence: Evidence) -> Json:
    """One statement or fact that decided."""
    return {
        "side": evidence.side,
        "source": evidence.source,
        "policy": evidence.policy,
        "attached_to": evidence.attached_to,
        "statement": evidence.statement,
        "effect": evidence.effect,
    }


def node_json(node: Node) -> Json:
    """A node of a route."""
    return {
        "id": node.id,
        "kind": node.kind.value,
        "label": node.label,
        "account": node.account,
        "external": node.external,
    }


def way_json(way: Way) -> Json:
    """A vantage: its name, and the endpoint that it stands for, if any."""
    endpoint = way.endpoint
    return {
        "vantage": way.name,
        "services": sorted(way.services) if way.services is not None else None,
        "endpoint": None
        if endpoint is None
        else {
            "id": endpoint.id,
            "type": "gateway" if endpoint.gateway else "interface",
            "service": endpoint.service,
            "account": endpoint.account,
            "vpc": endpoint.vpc,
        },
    }


def _result(result: ScenarioResult) -> Json:
    return {
        "name": result.name,
        "decision": result.decision,
        "expect": result.expect,
        "passed": result.passed,
        "error": result.error,
        "warnings": result.warnings,
    }


class Writer:
    """Turns results into JSON values, counting the routes on the way; hops that routes share, once.

    Routes with escalations are counted apart.
    """

    def __init__(
        self, wording: Wording, *, told_vantages: bool = False, told_escalations: bool = False
    ) -> None:
        self.wording = wording
        self._escalations = escalations.Counts()
        self._told_escalations = told_escalations
        self._told_vantages = told_vantages
        self._hops: dict[int, tuple[Hop, Json]] = {}
        self._designs: Counter[str] = Counter()
        self._starts: set[str] = set()
        self._targets: set[str] = set()
        self._across = 0
        self._blocked = 0

    def counts(self) -> Json:
        """Counts of the routes written so far."""
        return {
            "routes": self._designs.total(),
            "cross_account": self._across,
            "principals": len(self._starts),
            "targets": len(self._targets),
            "by_design": dict(sorted(self._designs.items())),
            **({"escalations": self._escalations.json()} if self._told_escalations else {}),
            "blocked": self._blocked,
        }

    def blocked(self, route: Route) -> Json:
        """What would be a route but for what `blocked` says."""
        self._blocked += 1
        return {**self._route(route), "blocked": route.blocked}

    def route(self, route: Route) -> Json:
        """One route."""
        self._count(route)
        return self._route(route)

    def _route(self, route: Route) -> Json:
        access = route.access
        return {
            "id": route.id,
            "principal": route.start.id,
            "target": route.target.id,
            "actions": access.actions,
            "action_words": action_words(access.actions),
            "resources": access.resources,
            "except": access.except_,
            "cross_account": route.cross_account,
            "design": route.design,
            "acting_principal": route.acting.id,
            "acting_account": route.acting.account,
            "scp_account": route.scp_account,
            "rcp_account": route.rcp_account,
            "nodes": [node_json(node) for node in route.nodes],
            "hops": [self.hop(hop) for hop in route.hops],
            "condition": self.wording.route_json(route.hops),
            "gaps": route.gaps,
            **escalations.route_json(route),
            **({"vantages": [self._view(view) for view in route.vantages]} if self._told_vantages else {}),
        }

    def _count(self, route: Route) -> None:
        if route.escalations:
            self._escalations.add(route)
            return
        self._designs[route.design] += 1
        self._starts.add(route.start.id)
        self._targets.add(route.target.id)
        self._across += route.cross_account

    def _view(self, view: View) -> Json:
        return {
            "vantage": view.vantage,
            "open": view.open,
            "condition": self.wording.along_json(view.conditions),
            "reason": view.reason,
        }

    def hop(self, hop: Hop) -> Json:
        """One hop."""
        made = self._hops.get(id(hop))
        if made is None:
            if len(self._hops) >= _MOST_HOPS:
                self._hops.clear()
            made = self._hops[id(hop)] = hop, self._hop(hop)
        return made[1]

    def _hop(self, hop: Hop) -> Json:
        return {
            "kind": hop.kind,
            "from": hop.source,
            "to": hop.target,
            "via": hop.via,
            "through": hop.through,
            "actions": hop.actions,
            "condition": self.wording.json(hop.condition),
            "tests": [
                {"text": self.wording.text(atom.test), "evidence": atom.sources}
                for atom in atoms(hop.condition, hop.evidence)
            ],
            "evidence": [evidence_json(each) for each in hop.evidence],
            "witness": witness_json(hop.witness),
            "also": [witness_json(each) for each in hop.also],
            "gaps": hop.gaps,
            "notes": hop.notes,
            "extra": dict(sorted(hop.extra.items())),
            **escalations.hop_json(hop, self.wording.json, witness_json),
        }

    def grant(self, grant: Grant) -> Json:
        """One principal and action that is allowed directly."""
        return {
            "principal": grant.principal,
            "action": grant.action,
            "resource": grant.resource,
            "condition": self.wording.json(grant.condition),
            "witness": witness_json(grant.witness),
            "also": [witness_json(each) for each in grant.also],
            "evidence": [evidence_json(each) for each in grant.evidence],
            "gaps": grant.gaps,
            **({"blocked": grant.blocked} if grant.blocked is not None else {}),
        }

    def explanation(self, explanation: Explanation) -> Json:
        """One explained request."""
        return {
            "principal": explanation.principal,
            "action": explanation.action,
            "resource": explanation.resource,
            "hop": explanation.hop,
            "verdict": explanation.verdict,
            "condition": self.wording.json(explanation.condition),
            "blocking": explanation.blocking,
            "missing": explanation.missing,
            "blocked": explanation.blocked,
            "nearest": nearest_json(explanation.nearest, self.wording),
            "layers": [self._layer(layer) for layer in explanation.decision.layers],
            "further": [self.explanation(each) for each in explanation.further],
            "when": self.wording.json(explanation.when),
            "witness": witness_json(explanation.witness),
            "gaps": explanation.gaps,
            "warnings": explanation.warnings,
        }

    def _layer(self, layer: Layer) -> Json:
        return {
            "layer": layer.kind.value,
            "level": layer.level,
            "applies": layer.applies,
            "allows": self.wording.text(layer.allows),
            "denies": self.wording.text(layer.denies),
            "statements": [self._statement(match) for match in layer.matches],
            "note": layer.note,
        }

    def _statement(self, match: Match) -> Json:
        return {
            "policy_type": match.kind.value,
            "policy": match.policy,
            "attached_to": match.attached_to,
            "statement": match.statement,
            "effect": match.effect.value,
            "condition": self.wording.json(match.condition),
        }
