"""Whether a policy is public in the sense of S3 Block Public Access. Source: evaluation.md BPA-7, BPA-8."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    return any(_is_public(statement) for statement in _allows(document))


def access_point_policy_is_public(document: Document) -> bool | None:
    """The same of an access point's policy, where any use of s3:DataAccessPoint* is public (BPA-7).

    None where such a use stands beside principals that are fixed: AWS does not say whether that is public.
    """
    used = [each for each in _allows(document) if any(map(_is_of_access_points, each.conditions))]
    if is_public(document) or any(not _names_fixed_principals(each) for each in used):
        return True
    return None if used else False


def _allows(document: Document) -> Iterator[Statement]:
    return (
        each
        for each in document.statements
        if each.effect is Effect.ALLOW and not each.fault and each.principal is not None
    )


def _is_of_access_points(entry: ConditionEntry) -> bool:
    return entry.key.lower().startswith("s3:dataaccesspoint")


def _names_fixed_principals(statement: Statement) -> bool:
    principal = statement.principal
    return (
        principal is not None
        and not principal.inverted
        and all(_is_fixed_principal(kind, text) for kind, texts in principal.entries for text in texts)
    )


def _is_public(statement: Statement) -> bool:
    if statement.principal is None or _names_fixed_principals(statement):
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
        positive = use.operator.name == "IpAddress" or use.operator.name.lower() in _ARN_PRINCIPAL_NAMES
        return positive and all(_is_narrow_network(value) for value in entry.values)
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
