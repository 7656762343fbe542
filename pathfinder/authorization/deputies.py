"""Whether a statement that lets an AWS service in says for whom the service may act (the confused deputy).

A service acts for every customer. A bucket policy that lets it in unguarded takes what any customer makes it
write or read. In trust policies iam:PassRole is the guard (STS-49). Source: evaluation.md S3-47, EVAL-45, KEY-5.
"""

from __future__ import annotations

import re

from pathfinder.policy.document import ConditionEntry, Effect, Statement
from pathfinder.policy.operators.registry import read_operator

_WHOLE = frozenset({"aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid"})
_ACCOUNT_ID = re.compile(r"\d{12}\Z", re.ASCII)


def names_service(statement: Statement, service: str) -> bool:
    """Whether an Allow statement lets the service in: by its name, or because it names everyone (PRIN-9, PRIN-11)."""
    principal = statement.principal
    if statement.effect is not Effect.ALLOW or principal is None:
        return False
    if principal.inverted:
        return True
    return any(
        (kind == "Service" and service in texts) or (kind in ("*", "AWS") and "*" in texts)
        for kind, texts in principal.entries
    )


def unguarded(statement: Statement) -> str | None:
    """Why a statement that lets a service in does not say for whom it may act; None where it does.

    A guard is a positive condition that fixes the account, organization or resource that the service acts for.
    """
    if any(_guards(entry) for entry in statement.conditions):
        return None
    asked = [entry.key for entry in statement.conditions if entry.key.lower().startswith("aws:source")]
    if asked:
        return f"its condition on {', '.join(dict.fromkeys(asked))} does not fix for whom the service may act"
    return "no condition on aws:SourceArn, aws:SourceAccount or aws:SourceOrgID says for whom the service may act"


def _guards(entry: ConditionEntry) -> bool:
    use = read_operator(entry.operator)
    if use is None or use.operator.negated or use.if_exists or not entry.values:
        return False
    if entry.operator.lower().startswith("forallvalues:"):
        return False
    key, name = entry.key.lower(), use.operator.name.lower()
    if name == "null" or name.startswith(("numeric", "date", "bool")):
        return False
    if key in _WHOLE:
        return all(_is_plain(value) for value in entry.values)
    if key == "aws:sourceorgpaths":
        return all(re.match(r"o-[a-z0-9]+/", value) is not None for value in entry.values)
    return key == "aws:sourcearn" and all(_fixes_owner(value) for value in entry.values)


def _is_plain(value: str) -> bool:
    return not any(mark in value for mark in "*?$")


def _fixes_owner(arn: str) -> bool:
    """Whether an ARN pattern fixes the account, or the whole name of a bucket, which is unique (TERM-5)."""
    fields = arn.split(":", 5)
    if len(fields) != 6:
        return False
    if _ACCOUNT_ID.match(fields[4]):
        return True
    return fields[2] == "s3" and not fields[4] and _is_plain(fields[5])
