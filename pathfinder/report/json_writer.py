"""Routes, hops, grants and explanations as JSON values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pathfinder.authorization.decision import Layer, Match
from pathfinder.graph.atoms import atoms
from pathfinder.graph.hop import Hop
from pathfinder.report import escalations
from pathfinder.report.actions import action_words
from pathfinder.report.conditions import Wording
from pathfinder.report.json_values import Json, evidence_json, node_json, witness_json
from pathfinder.report.nearest import nearest_json
from pathfinder.routes.route import Route, View

if TYPE_CHECKING:
    from pathfinder.routes.explain import Explanation
    from pathfinder.routes.whocan import Grant

_MOST_HOPS = 50_000
"""Kept for the routes to come; what millions of routes need is not held in memory."""


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
