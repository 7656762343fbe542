"""What decided, as evidence: the statements of a decision, by side. Source: design idea 6."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pathfinder.authorization.decision import Decision, LayerKind, Match
from pathfinder.graph.hop import Evidence
from pathfinder.logic.formula import FALSE, TRUE, KeyTest, leaves
from pathfinder.policy.document import Effect

_SIDES = {
    LayerKind.RULE: "resource",
    LayerKind.RCP: "organization",
    LayerKind.SCP: "organization",
    LayerKind.ENDPOINT: "network",
    LayerKind.PUBLIC_ACCESS: "resource",
    LayerKind.RESOURCE: "resource",
    LayerKind.GRANT: "resource",
    LayerKind.ACL: "resource",
    LayerKind.IDENTITY: "principal",
    LayerKind.BOUNDARY: "principal",
    LayerKind.SESSION: "principal",
}


def why_refused(decision: Decision, action: str) -> str:
    """The first thing that stops an authorization that nothing opens, in a few words."""
    for layer in decision.layers:
        if layer.applies and layer.kind is LayerKind.RULE and layer.allows == FALSE:
            return layer.note or f"the service refuses {action}"
    for layer in decision.layers:
        if layer.applies and layer.denies == TRUE:
            found = [
                f"{each.statement} of {each.policy}"
                for each in layer.matches
                if each.condition == TRUE and each.effect is Effect.DENY
            ]
            return f"explicit deny of {action} by {', '.join(found) or layer.kind.value}"
    for layer in decision.layers:
        limits = layer.kind not in (LayerKind.RESOURCE, LayerKind.IDENTITY, LayerKind.GRANT)
        if layer.applies and limits and layer.allows == FALSE:
            return f"{layer.kind.value} does not allow {action}"
    granting = {
        layer.kind: layer.allows != FALSE
        for layer in decision.layers
        if layer.kind in (LayerKind.RESOURCE, LayerKind.IDENTITY)
    }
    if not granting.get(LayerKind.RESOURCE):
        own = "key policy" if action.startswith("kms:") else "resource-based policy"
        return f"the {own} does not allow {action}"
    if not granting.get(LayerKind.IDENTITY):
        return f"no identity-based policy allows {action}"
    return f"nothing allows {action}"


def evidence_of(decisions: Iterable[Decision]) -> tuple[Evidence, ...]:
    """Every statement that can match in the decisions, each once, in the order of evaluation."""
    found: dict[Evidence, dict[KeyTest, None]] = {}
    seen: dict[tuple[int, str], Match] = {}
    for decision in decisions:
        for layer in decision.layers:
            if not layer.applies:
                continue
            side = _SIDES[layer.kind]
            for match in layer.matches:
                # Decisions on actions that policies do not tell apart have the same ones.
                if (id(match), side) in seen or match.condition == FALSE:
                    continue
                seen[(id(match), side)] = match
                evidence = Evidence(
                    side,
                    match.kind.value,
                    match.policy,
                    match.attached_to,
                    match.statement,
                    match.effect.value,
                )
                tests = found.setdefault(evidence, {})
                tests.update((leaf, None) for leaf in leaves(match.condition) if isinstance(leaf, KeyTest))
    return tuple(replace(evidence, tests=tuple(tests)) for evidence, tests in found.items())
