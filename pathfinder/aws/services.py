"""Partitions, service principals, and which services take part in what.

Source: evaluation.md TERM-6, PRIN-10, PRIN-23, ORG-20.
"""

from __future__ import annotations

import re

PARTITIONS = {
    "aws": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
    "aws-eusc": "amazonaws.eu",
}
"""Partition to the DNS suffix of its services; partitions never trust each other (TERM-6)."""

BUILT_IN_IDENTITY_PROVIDERS = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"}
)
"""Web identity providers that trust policies name without a provider in the account (PRIN-10, STS-20)."""

_LABELS = r"(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+"
_SUFFIXES = "|".join(re.escape(suffix) for suffix in sorted(set(PARTITIONS.values())))
_SERVICE_PRINCIPAL = re.compile(rf"{_LABELS}(?:{_SUFFIXES})\Z", re.ASCII)


def is_service_principal(text: str) -> bool:
    """Whether the text has the form of a service principal: `logs.eu-west-1.amazonaws.com` (PRIN-9, PRIN-23).

    The form is all that is looked at: `cognito-identity.amazonaws.com` has it too, and is a web identity
    provider where a policy calls it `Federated`.
    """
    return _SERVICE_PRINCIPAL.match(text) is not None


_RCP_SERVICES = frozenset(
    {"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "logs", "dynamodb"},
)
_RCP_SERVICE_FAMILY = "cognito-"


def rcp_supported(service: str) -> bool:
    """Whether resource control policies guard the resources of a service prefix (ORG-20, D-31).

    Exactly the services that AWS's pages name; `iam`, `s3express` and `s3-object-lambda` are not among them.
    """
    service = service.lower()
    return service in _RCP_SERVICES or service.startswith(_RCP_SERVICE_FAMILY)
