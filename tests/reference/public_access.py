"""Whether a bucket policy is public in the sense of S3 Block Public Access (BPA-7, BPA-8)."""

import ipaddress
from typing import Any

from .language import as_list

FIXING_KEYS = {
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceip",
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
POSITIVE = {"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "ipaddress"}


def is_public(policy: dict[str, Any]) -> bool:
    """Public iff some Allow statement is; Deny is ignored (BPA-7)."""
    statements = as_list(policy["Statement"])
    return any(_is_public_statement(s) for s in statements if s.get("Effect") == "Allow")


def _is_public_statement(statement: dict[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal", {})
    if principal != "*" and not _names_everyone(principal):
        return False
    return not any(
        _fixes(operator, key, as_list(values))
        for operator, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
    )


def _names_everyone(principal: dict[str, Any]) -> bool:
    """`Federated` does not count as fixed."""
    return "Federated" in principal or any("*" in as_list(values) for values in principal.values())


def _fixes(operator: str, key: str, values: list[str]) -> bool:
    """A positive test that admits only fixed values: no wildcard, no variable."""
    name = operator.lower().removeprefix("foranyvalue:")
    if name not in POSITIVE or key.lower() not in FIXING_KEYS or not values:
        return False
    if key.lower() == "aws:sourceip":
        return all(_is_narrow(value) for value in values)
    return not any(mark in value for value in values for mark in ("*", "?", "${"))


def _is_narrow(cidr: str) -> bool:
    """No wider than /8 or /32 (BPA-8)."""
    network = ipaddress.ip_network(cidr, strict=False)
    return network.prefixlen >= (8 if network.version == 4 else 32)
