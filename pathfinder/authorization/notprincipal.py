"""Warnings about Deny statements whose NotPrincipal list spares less than it seems. Source: PRIN-21, D-16."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinder.authorization.caller import RoleSession, UserCaller
from pathfinder.authorization.request import Request
from pathfinder.aws.arn import Arn
from pathfinder.policy.document import Effect, Policy, SomePolicy, Statement


def incomplete_lists(policies: Iterable[SomePolicy], request: Request) -> tuple[str, ...]:
    """One warning for each Deny that spares the caller's role or user and leaves out its account or session."""
    return tuple(
        f"notprincipal-incomplete: {statement.label} of {policy.name} may deny the caller all the same; "
        "list its account, its role and its session (PRIN-21)"
        for policy in policies
        if isinstance(policy, Policy)
        for statement in policy.document.statements
        if _is_incomplete(statement, request)
    )


def _is_incomplete(statement: Statement, request: Request) -> bool:
    if statement.effect is not Effect.DENY or statement.principal is None or not statement.principal.inverted:
        return False
    listed = {text for kind, texts in statement.principal.entries if kind == "AWS" for text in texts}
    match request.caller:
        case UserCaller(arn):
            own, needed = arn, {str(arn)}
        case RoleSession(role, session):
            ending = f":assumed-role/{role.name}/{session if isinstance(session, str) else ''}"
            own, needed = role, {str(role), *(text for text in listed if text.endswith(ending))}
            if isinstance(session, str):
                needed.add(f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session}")
        case _:
            return False
    if not listed & (needed | _account_forms(own)):
        return False
    return not (needed <= listed and listed & _account_forms(own))


def _account_forms(arn: Arn) -> set[str]:
    return {arn.account, f"arn:{arn.partition}:iam::{arn.account}:root"}
