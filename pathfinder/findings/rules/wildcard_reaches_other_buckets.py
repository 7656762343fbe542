"""Resources that mean one bucket and reach others as well. Source: LANG-22."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.callers import SOMEBODY
from pathfinder.findings.finding import (
    Finding,
    Fix,
    Severity,
    evidence_for,
    finding,
    is_allow,
    place_of,
    replaced,
)
from pathfinder.findings.held import Held
from pathfinder.findings.reached import reached_by
from pathfinder.findings.registry import rule
from pathfinder.findings.statements import Reach, is_about_s3
from pathfinder.findings.survey import Survey
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import facts_for
from pathfinder.logic.formula import all_of
from pathfinder.logic.patterns import Wildcard, parse_pattern
from pathfinder.model.resources import Bucket
from pathfinder.policy.conditions import fold
from pathfinder.policy.context import ABSENT, Context
from pathfinder.policy.document import PolicyKind, Statement
from pathfinder.policy.resources import Target


@rule(
    "wildcard-reaches-other-buckets",
    "A resource such as arn:aws:s3:::logs* reaches other buckets than the one it seems to mean.",
    "LANG-22",
)
def wildcard_reaches_other_buckets(survey: Survey) -> Iterator[Finding]:
    """By Allows whose resource is a bucket's whole name, or a piece of a word of it, and then `*`."""
    buckets = {bucket.name: bucket for bucket in survey.buckets.values()}
    names = sorted(buckets)
    for reach in survey.statements(PolicyKind.IDENTITY):
        statement = reach.statement
        if not is_allow(statement) or reach.compiled.fault or statement.not_resource:
            continue
        for text in statement.resources or ():
            start = _start(text)
            if start is None:
                continue
            matched = [
                name for name in names if name.startswith(start) and _may(survey, reach, buckets[name])
            ]
            exactly = start in matched
            others = [name for name in matched if name != start]
            cut = start[-1:].isalnum() and any(name[len(start) :][:1].isalnum() for name in others)
            strange = _strangers(survey, reach)
            if not (exactly or (cut and len(matched) > 1)) or not is_about_s3(statement):
                continue
            if not others and not strange:
                continue
            reached = {hop.target.rpartition(":")[2] for hop in reached_by(survey, reach).hops}
            severity = Severity.LOW if strange or not exactly else Severity.INFO
            yield finding(
                "wildcard-reaches-other-buckets",
                Severity.MEDIUM if exactly and reached & set(others) else severity,
                f"{text} in {reach.held.policy.name} reaches {_listed(matched if not exactly else others)}",
                "* goes on past the end of a bucket's name: "
                + ("it means one bucket" if exactly else "it stops within a word")
                + " and takes in all whose name begins so"
                + (", also those that strangers make" if strange else ""),
                place_of(reach.held, statement),
                hangs_on=(text, *matched),
                evidence=(evidence_for(reach.held, statement),),
                fix=_fix(reach.held, statement, text, start, exactly=exactly),
            )


_SAMPLES = (
    ("s3:GetObject", True),
    ("s3:PutObject", True),
    ("s3:ListBucket", False),
    ("s3:DeleteObject", True),
)


def _may(survey: Survey, reach: Reach, bucket: Bucket) -> bool:
    """Whether the statement's conditions let some holder do something in this bucket."""
    resources = {objects: survey.world.bucket_resource(bucket, objects=objects) for objects in (True, False)}
    return any(
        _holds(survey, reach, action, survey.world.context(actor, action, resources[objects]))
        for actor in reach.held.holders[:_MOST]
        for action, objects in _SAMPLES
    )


def _strangers(survey: Survey, reach: Reach) -> bool:
    """Whether they let some holder do something in a bucket of an account that nobody knows."""
    for actor in reach.held.holders[:_MOST]:
        for action, _ in _SAMPLES:
            told = survey.world.context(actor, action, Resource(Target(None, service="s3"), SOMEBODY))
            nowhere = {"aws:resourceorgid": ABSENT, "aws:resourceorgpaths": ABSENT}
            if _holds(survey, reach, action, Context({**told.states, **nowhere}, told.otherwise)):
                return True
    return False


_MOST = 5


def _holds(survey: Survey, reach: Reach, action: str, context: Context) -> bool:
    if not reach.compiled.actions.holds(action.lower()):
        return False
    conditions = (fold(each, context, reach.statement.effect) for each in reach.compiled.conditions)
    return satisfiable(all_of(*conditions), facts_for(survey.world, "s3")) is not False


def _start(text: str) -> str | None:
    """What stands before the `*`, where the resource is a beginning of bucket names and then `*`."""
    fields = text.split(":", 5)
    if len(fields) != 6 or fields[2] != "s3" or fields[3] or fields[4]:
        return None
    tokens = parse_pattern(fields[5]).tokens
    if len(tokens) != 2 or tokens[1] is not Wildcard.MANY or not isinstance(tokens[0], str):
        return None
    return None if "/" in tokens[0] else tokens[0]


def _listed(names: list[str]) -> str:
    if not names:
        return "every other bucket whose name begins so"
    shown = ", ".join(names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _fix(held: Held, statement: Statement, text: str, start: str, *, exactly: bool) -> Fix:
    advice = "Name the bucket, and its objects by /*."
    if not exactly:
        return Fix("Write out the names of the buckets that are meant.")
    whole = text[:-1]
    resources = tuple(
        each
        for old in statement.resources or ()
        for each in ((whole, f"{whole}/*") if old == text else (old,))
    )
    return replaced(held, statement, replace(statement, resources=tuple(dict.fromkeys(resources))), advice)
