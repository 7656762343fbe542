"""ForAllValues in an Allow that also holds where the key is missing. Source: COND-40, COND-41, COND-45."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.condition_keys import Controller, key_facts, spelling
from pathfinder.findings.finding import (
    Finding,
    Severity,
    evidence_for,
    finding,
    is_allow,
    place_of,
    with_condition,
)
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import Reach
from pathfinder.findings.survey import Survey
from pathfinder.logic.formula import Quantifier, present
from pathfinder.policy.conditions import Condition
from pathfinder.policy.document import ConditionEntry
from pathfinder.policy.operators.registry import read_operator


@rule(
    "forallvalues-vacuous",
    "ForAllValues in an Allow holds for requests that do not carry the key.",
    "COND-40",
    "COND-45",
)
def forallvalues_vacuous(survey: Survey) -> Iterator[Finding]:
    """By asking whether a request without the key meets all conditions of the statement."""
    for reach in survey.statements():
        if not is_allow(reach.statement) or not reach.whole:
            continue
        for entry, condition in reach.entries():
            use = read_operator(entry.operator)
            if use is None or use.quantifier is not Quantifier.EVERY:
                continue
            absent = Condition(present(condition.key).opposite(), condition.key, True, False)
            if reach.ever((*reach.compiled.conditions, absent)):
                yield _finding(reach, entry)


def _finding(reach: Reach, entry: ConditionEntry) -> Finding:
    facts = key_facts(entry.key)
    chosen = facts is not None and facts.controllers == (Controller.CALLER,)
    key = spelling(entry.key)
    return finding(
        "forallvalues-vacuous",
        Severity.LOW if chosen else Severity.HIGH,
        f"{entry.operator} {key} in {reach.statement.label} of {reach.held.policy.name} on "
        f"{reach.held.resource} also holds where {key} is missing",
        "the caller leaves the key out" if chosen else "whoever does not have the key is let in as well",
        place_of(reach.held, reach.statement),
        hangs_on=(reach.statement, entry.operator, entry.key),
        evidence=(evidence_for(reach.held, reach.statement),),
        fix=with_condition(
            reach.held, reach.statement, "Null", key, ("false",), f"Add Null {key} false to the statement."
        ),
    )
