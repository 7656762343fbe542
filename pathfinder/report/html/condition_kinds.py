"""What kind of thing a condition asks for, in the few words that the page filters by."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinder.conditions.keys_used import keys_of
from pathfinder.logic.formula import Formula, unknowns

KINDS: dict[str, tuple[str, ...]] = {
    "network": (
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:vpc",
        "aws:ec2instancesource",
        "s3:accesspointnetworkorigin",
    ),
    "through a service": ("aws:calledvia", "aws:viaawsservice", "kms:viaservice"),
    "organization or account": (
        "aws:principalorg",
        "aws:principalaccount",
        "aws:resourceorg",
        "aws:resourceaccount",
        "aws:sourceorg",
        "aws:sourceaccount",
        "aws:sourcearn",
        "s3:resourceaccount",
        "kms:calleraccount",
    ),
    "MFA": ("aws:multifactorauth",),
    "TLS": ("aws:securetransport", "s3:tlsversion"),
    "time": ("aws:currenttime", "aws:epochtime", "aws:tokenissuetime", "s3:signatureage"),
    "external id": ("sts:externalid",),
    "tags": (
        "aws:principaltag",
        "aws:requesttag",
        "aws:resourcetag",
        "aws:tagkeys",
        "s3:existingobjecttag",
        "s3:requestobjecttag",
        "s3:buckettag",
        "s3:accesspointtag",
        "iam:resourcetag",
        "sts:transitivetagkeys",
    ),
}
"""Kind to how its keys begin, in lower case. What fits none is `other`; what cannot be decided is `unknown`."""

OTHER, UNKNOWN = "other", "unknown"


def condition_kinds(conditions: Iterable[Formula]) -> tuple[str, ...]:
    """The kinds of a route's conditions, in the order of KINDS; none where it is open always."""
    found: set[str] = set()
    for condition in conditions:
        found.update(map(_kind_of, keys_of(condition)))
        if unknowns(condition):
            found.add(UNKNOWN)
    return tuple(kind for kind in (*KINDS, OTHER, UNKNOWN) if kind in found)


def _kind_of(key: str) -> str:
    return next((kind for kind, begins in KINDS.items() if key.startswith(begins)), OTHER)
