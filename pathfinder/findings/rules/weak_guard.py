"""Statements that let everyone in who sends the right words. Source: KEY-2, COND-53."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.condition_keys import Controller, key_facts, spelling
from pathfinder.findings.finding import Finding, Severity, evidence_for, finding, is_allow, place_of, removed
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import Reach
from pathfinder.findings.strangers import granting
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Hop
from pathfinder.graph.principals import ANONYMOUS
from pathfinder.policy.document import PolicyKind


@rule(
    "weak-guard",
    "A bucket policy lets in everyone, guarded only by what the caller chooses to send.",
    "KEY-2",
    "COND-53",
)
def weak_guard(survey: Survey) -> Iterator[Finding]:
    """By statements for everyone whose every condition is on keys of the caller's choice, and that really open."""
    public: dict[tuple[str, str], list[Hop]] = {}
    for hop in survey.hops("access"):
        if hop.source == ANONYMOUS.node.id:
            for each in hop.evidence:
                public.setdefault((each.attached_to, each.statement or ""), []).append(hop)
    for reach in survey.statements(PolicyKind.RESOURCE):
        keys = _keys(reach)
        if not keys:
            continue
        hops = public.get((reach.held.resource, reach.statement.label), [])
        if not hops and not _strangers(survey, reach):
            continue
        names = ", ".join(spelling(key) for key in keys)
        yield finding(
            "weak-guard",
            Severity.HIGH,
            f"{reach.statement.label} of the bucket policy of {reach.held.resource} is guarded by {names} alone",
            "the caller chooses what it sends: it is no proof of who it is",
            place_of(reach.held, reach.statement),
            hangs_on=(reach.statement,),
            evidence=(evidence_for(reach.held, reach.statement),),
            witnesses=[hop.witness for hop in hops],
            routes=[
                route.id
                for route in survey.routes_from(ANONYMOUS.node.id)
                if hops and route.target.id == reach.held.resource
            ],
            fix=removed(
                reach.held, reach.statement, "Name who needs the access, or share objects by presigned URLs."
            ),
            gaps=(gap for hop in hops for gap in hop.gaps),
        )


def _keys(reach: Reach) -> tuple[str, ...]:
    """The keys of its conditions, where it is an Allow for everyone and callers choose all of them."""
    statement = reach.statement
    if not is_allow(statement) or statement.principal is None or reach.compiled.fault:
        return ()
    named = {text for kind, texts in statement.principal.entries if kind in ("*", "AWS") for text in texts}
    if "*" not in named and not statement.principal.inverted:
        return ()
    keys = dict.fromkeys(entry.key.lower() for entry in statement.conditions)
    chosen = all((facts := key_facts(key)) and facts.controllers == (Controller.CALLER,) for key in keys)
    return tuple(keys) if chosen else ()


def _strangers(survey: Survey, reach: Reach) -> bool:
    """Whether strangers get in by the statement."""
    bucket = survey.buckets.get(reach.held.resource)
    if bucket is None:
        return False
    openings = survey.strangers(bucket).items()
    return any(
        reach.compiled.actions.holds(name.lower()) and reach.statement.label in granting(opening)
        for name, opening in openings
    )
