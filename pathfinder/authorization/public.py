"""Whether a bucket policy is public in the sense of S3 Block Public Access. Source: evaluation.md BPA-7, BPA-8."""

from __future__ import annotations

import re

from pathfinder.logic.values import read_network
from pathfinder.policy.document import ConditionEntry, Document, Effect, Statement
from pathfinder.policy.operators.registry import read_operator

_FIXING_KEYS = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
_ARN_PRINCIPAL_NAMES = frozenset(
    {"arnequals", "arnlike", "stringequals", "stringlike", "stringequalsignorecase"}
)
_PRIVATE = tuple(
    network for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16") if (network := read_network(text))
)


def is_public(document: Document) -> bool:
    """Whether some Allow statement is public; Deny statements do not count (BPA-7, BPA-10)."""
    return any(
        statement.effect is Effect.ALLOW and not statement.fault and _is_public(statement)
        for statement in document.statements
    )


def _is_public(statement: Statement) -> bool:
    if statement.principal is None:
        return False
    if not statement.principal.inverted and all(
        _is_fixed_principal(kind, text) for kind, texts in statement.principal.entries for text in texts
    ):
        return False
    if statement.principal.inverted:
        return True
    return not any(_fixes(entry) for entry in statement.conditions)


def _is_fixed_principal(kind: str, text: str) -> bool:
    """An account, user, role, session or service; a federated principal does not count."""
    return kind in ("AWS", "Service", "CanonicalUser") and "*" not in text and "?" not in text


def _fixes(entry: ConditionEntry) -> bool:
    """Whether the condition grants to fixed values only, by a key that counts."""
    use = read_operator(entry.operator)
    key = entry.key.lower()
    if use is None or use.operator.negated or use.if_exists or not entry.values:
        return False
    if entry.operator.lower().startswith("forallvalues:"):
        return False
    if key == "aws:sourceip":
        return use.operator.name == "IpAddress" and all(_is_narrow_network(value) for value in entry.values)
    if key not in _FIXING_KEYS or use.operator.name.lower() not in _ARN_PRINCIPAL_NAMES:
        return False
    return all(_is_fixed_value(key, value) for value in entry.values)


def _is_narrow_network(text: str) -> bool:
    """No wider than /8 (IPv4) or /32 (IPv6), private ranges excepted (BPA-8)."""
    network = read_network(text)
    if network is None:
        return False
    if network.version == 6:
        return network.prefixlen >= 32
    if network.prefixlen >= 8:
        return True
    return any(private.version == 4 and network == private for private in _PRIVATE)


def _is_fixed_value(key: str, text: str) -> bool:
    if "${" in text:
        return False
    if key == "aws:userid" and re.fullmatch(r"A(?:RO|ID)A[A-Z0-9]+:\*", text):
        return True
    if key == "s3:dataaccesspointarn":
        return re.fullmatch(r"arn:[^:*?]+:s3:[^:]*:\d{12}:accesspoint/.*", text) is not None
    return "*" not in text and "?" not in text
