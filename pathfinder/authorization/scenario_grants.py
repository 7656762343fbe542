"""KMS grants in scenarios, in the shape of `aws kms list-grants` (KMS-6). Our own addition to the format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathfinder.model.resources import KmsGrant

_CONSTRAINTS = ("EncryptionContextEquals", "EncryptionContextSubset")


def read_grants(source: object) -> tuple[KmsGrant, ...] | str:
    """The grants of `policies.kms_grants`, or what is wrong with them."""
    if source is None:
        return ()
    if not isinstance(source, (list, tuple)):
        return "policies.kms_grants is no list of grants"
    found: list[KmsGrant] = []
    for number, entry in enumerate(source):
        grant = _grant(entry, number)
        if isinstance(grant, str):
            return f"policies.kms_grants[{number}]{grant}"
        found.append(grant)
    return tuple(found)


def _grant(entry: object, number: int) -> KmsGrant | str:
    if not isinstance(entry, Mapping):
        return " is no object"
    grantee, operations = entry.get("GranteePrincipal"), entry.get("Operations")
    if not isinstance(grantee, str):
        return ".GranteePrincipal is no text"
    if not isinstance(operations, (list, tuple)) or not all(isinstance(each, str) for each in operations):
        return ".Operations is no list of texts"
    constraints = entry.get("Constraints") or {}
    if not isinstance(constraints, Mapping):
        return ".Constraints is no object"
    pairs: Any = next((constraints[name] for name in _CONSTRAINTS if name in constraints), {})
    if not isinstance(pairs, Mapping) or not all(isinstance(each, str) for each in (*pairs, *pairs.values())):
        return ".Constraints holds something else than texts"
    return KmsGrant(
        str(entry.get("GrantId") or f"grant {number}"),
        grantee,
        tuple(operations),
        dict(pairs),
        _CONSTRAINTS[0] in constraints,
    )


def grant_as_json(grant: KmsGrant) -> dict[str, Any]:
    """A grant as a scenario holds it."""
    found: dict[str, Any] = {
        "GrantId": grant.id,
        "GranteePrincipal": grant.grantee,
        "Operations": list(grant.operations),
    }
    if grant.encryption_context or grant.context_equals:
        name = _CONSTRAINTS[0] if grant.context_equals else _CONSTRAINTS[1]
        found["Constraints"] = {name: dict(sorted(grant.encryption_context.items()))}
    return found
