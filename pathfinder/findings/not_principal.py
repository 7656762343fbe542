"""What the rules about NotPrincipal share. Source: PRIN-20, PRIN-21, PRIN-22, D-16."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.findings.finding import (
    Finding,
    Fix,
    Severity,
    evidence_for,
    finding,
    place_of,
    replaced,
)
from pathfinder.findings.statements import Reach
from pathfinder.findings.survey import Survey
from pathfinder.policy.document import ConditionEntry, PrincipalElement, Statement

_EVERYONE = PrincipalElement((("*", ("*",)),))


def inverted(survey: Survey) -> Iterator[tuple[Reach, PrincipalElement]]:
    """Every statement with NotPrincipal."""
    for reach in survey.statements():
        element = reach.statement.principal
        if element is not None and element.inverted:
            yield reach, element


def what_it_is(reach: Reach) -> str:
    """The statement in words."""
    return f"{reach.statement.label} of {reach.held.policy.name} on {reach.held.resource}"


def listed_in(element: PrincipalElement) -> str:
    """Whom it lists."""
    texts = [text for _, listed in element.entries for text in listed]
    return f"{', '.join(texts[:3])} and {len(texts) - 3} more" if len(texts) > 3 else ", ".join(texts)


def missing_from(text: str, texts: tuple[str, ...]) -> Iterator[str]:
    """What has to be listed beside a user, a role or a session (PRIN-21)."""
    arn = parse_arn(text)
    if arn is None or arn.is_root:
        return
    root = str(replace(arn, service="iam", resource="root"))
    if root not in texts and arn.account not in texts:
        yield f"account {arn.account}"
    if arn.is_role and not any(_is_session_of(arn, each) for each in texts):
        yield f"a session of role {arn.name}"
    if arn.service == "sts" and arn.resource.startswith("assumed-role/"):
        name = arn.resource.split("/")[1]
        roles = [each for text in texts if (each := parse_arn(text)) is not None and each.is_role]
        if not any(each.name == name and each.account == arn.account for each in roles):
            yield f"role {name}"


def _is_session_of(role: Arn, text: str) -> bool:
    arn = parse_arn(text)
    return (
        arn is not None
        and arn.account == role.account
        and arn.resource.startswith(f"assumed-role/{role.name}/")
    )


def by_arn(reach: Reach, element: PrincipalElement) -> Fix:
    """The same by a condition: everyone, but those whose aws:PrincipalArn is one of the list (KEY-4)."""
    text = 'Deny "*" with ArnNotEquals aws:PrincipalArn instead: it spares exactly those that it lists.'
    listed = [each for kind, texts in element.entries if kind == "AWS" for each in texts]
    arns = tuple(
        each for each in listed if (arn := parse_arn(each)) is not None and (arn.is_role or arn.is_user)
    )
    if not arns:
        return Fix(text)
    entry = ConditionEntry("ArnNotEquals", "aws:PrincipalArn", arns)
    statement = replace(reach.statement, principal=_EVERYONE, conditions=(*reach.statement.conditions, entry))
    return replaced(reach.held, reach.statement, statement, text)


def found_in(
    rule_id: str, reach: Reach, severity: Severity, title: str, reason: str, fix: Fix, about: str = ""
) -> Finding:
    """The finding about such a statement."""
    statement: Statement = reach.statement
    return finding(
        rule_id,
        severity,
        title,
        reason,
        place_of(reach.held, statement),
        hangs_on=(statement, about),
        evidence=(evidence_for(reach.held, statement),),
        fix=fix,
    )
