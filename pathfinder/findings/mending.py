"""A statement written as it was probably meant: the nearest key, the operator that reads wildcards, the role's ARN.

Source: LANG-26, LANG-52, COND-10, COND-13, KEY-4.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace

from pathfinder.aws.arn import parse_arn
from pathfinder.aws.catalogue import actions_of as actions_of_service
from pathfinder.findings.finding import Fix, replaced
from pathfinder.findings.keys import is_mistyped, nearest_key
from pathfinder.findings.statements import (
    Reach,
    dead_actions,
    unknown_actions,
    wildcards_as_text,
)
from pathfinder.policy.document import ConditionEntry, Statement


def mended(reach: Reach) -> Fix:
    """The statement mended where a mistake shows what was meant; otherwise in words."""
    changes: list[str] = []
    statement = _actions(reach.statement, changes)
    statement = _resources(statement, changes)
    conditions = tuple(_condition(entry, changes) for entry in statement.conditions)
    statement = replace(statement, conditions=conditions)
    if not changes:
        return Fix("Say what the statement is to do in a way that requests can meet, or take it out.")
    return replaced(reach.held, reach.statement, statement, f"{'; '.join(dict.fromkeys(changes))}.")


def _actions(statement: Statement, changes: list[str]) -> Statement:
    unknown = unknown_actions(statement)
    actions = []
    for text in statement.actions:
        near = _nearest_action(text) if text in unknown else None
        if near is not None:
            changes.append(f"Write {near} instead of {text}")
        actions.append(near or text)
    return replace(statement, actions=tuple(actions))


def _nearest_action(text: str) -> str | None:
    known = actions_of_service(text.partition(":")[0])
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.7)
    return near[0] if near else None


def _resources(statement: Statement, changes: list[str]) -> Statement:
    """Buckets for their objects, and objects for their buckets, where actions ask for the other."""
    if not dead_actions(statement) or statement.resources is None:
        return statement
    more = []
    for text in statement.resources:
        head, slash, key = text.partition("/")
        more.append(text)
        if slash and key == "*":
            more.append(head)
        elif not slash and not text.endswith("*"):
            more.append(f"{text}/*")
    found = replace(statement, resources=tuple(dict.fromkeys(more)))
    if found.resources == statement.resources or dead_actions(found):
        return statement
    changes.append("Name the buckets and their objects: a bucket's ARN and the same with /*")
    return found


def _condition(entry: ConditionEntry, changes: list[str]) -> ConditionEntry:
    for change in _CHANGES:
        found = change(entry)
        if found is not None:
            changes.append(found[0])
            entry = found[1]
    return entry


Change = Callable[[ConditionEntry], tuple[str, ConditionEntry] | None]


def _nearest_key(entry: ConditionEntry) -> tuple[str, ConditionEntry] | None:
    key = nearest_key(entry.key) if is_mistyped(entry.key) else None
    return None if key is None else (f"Write {key} instead of {entry.key}", replace(entry, key=key))


def _wildcard_operator(entry: ConditionEntry) -> tuple[str, ConditionEntry] | None:
    if not wildcards_as_text(entry):
        return None
    like = entry.operator.replace("NotEquals", "NotLike").replace("Equals", "Like")
    like = like.replace("LikeIgnoreCase", "Like")
    if like == entry.operator:
        return None
    return f"Write {like} instead of {entry.operator}", replace(entry, operator=like)


def _role_of_session(entry: ConditionEntry) -> tuple[str, ConditionEntry] | None:
    if entry.key.lower() != "aws:principalarn":
        return None
    values = tuple(_role(each) for each in entry.values)
    if values == entry.values:
        return None
    return "Name the role's own ARN, with its path if it has one", replace(entry, values=values)


def _role(text: str) -> str:
    arn = parse_arn(text)
    if arn is None or arn.service != "sts" or not arn.resource.startswith("assumed-role/"):
        return text
    return str(replace(arn, service="iam", resource=f"role/{arn.resource.split('/')[1]}"))


_CHANGES: tuple[Change, ...] = (_nearest_key, _wildcard_operator, _role_of_session)
