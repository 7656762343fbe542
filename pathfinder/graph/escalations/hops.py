"""Hops made of calls that were tried: what all rows share."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinder.graph.escalations.calls import Tried
from pathfinder.graph.hop import Escalation, Hop, Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor

KIND = "escalation"
"""The hop kind of all escalations."""


def edge(
    actor: Actor,
    target: Node,
    found: Tried,
    rule: str,
    change: str,
    session: Session,
    *,
    paths: Sequence[str] = (),
    mutating: bool = True,
    workload: str | None = None,
    notes: Sequence[str] = (),
    gaps: Sequence[str] = (),
) -> Edge:
    """The hop from the actor to the target by these calls; `gaps`: what about it is not known besides."""
    escalation = Escalation(
        rule, change, session, tuple(paths), mutating, workload, found.calls, tuple(notes)
    )
    witnesses = found.witnesses if found.certain else ()
    hop = Hop(
        KIND,
        actor.node.id,
        target.id,
        found.condition,
        tuple(call.action for call in found.calls),
        tuple(dict.fromkeys(call.resource for call in found.calls)),
        evidence=found.evidence,
        witness=witnesses[0] if witnesses else None,
        gaps=tuple(dict.fromkeys((*found.gaps, *gaps))),
        also=witnesses[1:],
        extra={"escalation": rule, "change": change},
        escalation=escalation,
    )
    return Edge(actor.node, target, hop)
