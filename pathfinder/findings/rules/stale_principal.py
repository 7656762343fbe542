"""Principals in policies that are ids of deleted users and roles. Source: PRIN-8, PRIN-16."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pathfinder.findings.finding import (
    Finding,
    Severity,
    evidence_for,
    finding,
    is_deny,
    place_of,
    removed,
    replaced,
)
from pathfinder.findings.registry import rule
from pathfinder.findings.survey import Survey
from pathfinder.policy.document import PrincipalElement

_ID = re.compile(r"A(?:ID|RO)A[A-Z0-9]{4,}\Z", re.ASCII)


@rule("stale-principal", "A policy names a user or role by the id of one that is gone.", "PRIN-8", "PRIN-16")
def stale_principal(survey: Survey) -> Iterator[Finding]:
    """AWS shows an id instead of an ARN only where the identity is deleted; those in the inventory are not."""
    live: set[str | None] = set()
    for account in survey.world.snapshot.accounts:
        live.update(user.unique_id for user in account.users)
        live.update(role.unique_id for role in account.roles)
    for reach in survey.statements():
        statement = reach.statement
        if statement.principal is None:
            continue
        stale = [
            text
            for kind, texts in statement.principal.entries
            if kind == "AWS"
            for text in texts
            if _ID.match(text) and text not in live
        ]
        for text in stale:
            spares = statement.principal.inverted
            guards = is_deny(statement) and not spares
            rest = _without(statement.principal, text)
            advice = f"Take {text} out of the statement."
            yield finding(
                "stale-principal",
                Severity.MEDIUM if guards else Severity.LOW,
                f"{statement.label} of {reach.held.policy.name} on {reach.held.resource} names {text}, "
                "a user or role that is gone",
                "the Deny stops nobody: a new user or role of the same name has another id"
                if guards
                else "it matches nobody, not even a new user or role of the same name",
                place_of(reach.held, statement),
                hangs_on=(text, statement.effect.value if statement.effect else ""),
                evidence=(evidence_for(reach.held, statement),),
                fix=replaced(reach.held, statement, replace(statement, principal=rest), advice)
                if rest.entries
                else removed(reach.held, statement, "Take the statement out: it names nobody else."),
            )


def _without(element: PrincipalElement, gone: str) -> PrincipalElement:
    entries = ((kind, tuple(text for text in texts if text != gone)) for kind, texts in element.entries)
    return replace(element, entries=tuple((kind, texts) for kind, texts in entries if texts))
