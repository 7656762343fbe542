"""What decided, as evidence: the statements of a decision, by side. Source: design idea 6."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pathfinder.authorization.decision import Decision, LayerKind
from pathfinder.graph.hop import Evidence
from pathfinder.logic.formula import FALSE, KeyTest, leaves

_SIDES = {
    LayerKind.RULE: "resource",
    LayerKind.RCP: "organization",
    LayerKind.SCP: "organization",
    LayerKind.ENDPOINT: "network",
    LayerKind.PUBLIC_ACCESS: "resource",
    LayerKind.RESOURCE: "resource",
    LayerKind.IDENTITY: "principal",
    LayerKind.BOUNDARY: "principal",
    LayerKind.SESSION: "principal",
}


def evidence_of(decisions: Iterable[Decision]) -> tuple[Evidence, ...]:
    """Every statement that can match in the decisions, each once, in the order of evaluation."""
    found: dict[Evidence, dict[KeyTest, None]] = {}
    for decision in decisions:
        for layer in decision.layers:
            if not layer.applies:
                continue
            for match in layer.matches:
                if match.condition == FALSE:
                    continue
                evidence = Evidence(
                    _SIDES[layer.kind],
                    match.kind.value,
                    match.policy,
                    match.attached_to,
                    match.statement,
                    match.effect.value,
                )
                tests = found.setdefault(evidence, {})
                tests.update((leaf, None) for leaf in leaves(match.condition) if isinstance(leaf, KeyTest))
    return tuple(replace(evidence, tests=tuple(tests)) for evidence, tests in found.items())
