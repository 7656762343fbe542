"""Services: their principals, which of them resource control policies guard, and built-in identity providers.

Source: evaluation.md PRIN-9, PRIN-10, PRIN-23, ORG-20, D-31.
"""

from __future__ import annotations

import re

BUILT_IN_IDENTITY_PROVIDERS = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"}
)
"""Web identity providers that every account may trust without a provider of its own (PRIN-10)."""

_SERVICE_PRINCIPAL = re.compile(
    r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal|c2s\.ic\.gov)\Z"
)


def is_service_principal(text: str) -> bool:
    """Whether the text has the form of a service principal, such as `logs.eu-west-1.amazonaws.com`."""
    return len(text) <= 255 and _SERVICE_PRINCIPAL.match(text) is not None


_RCP_SERVICES = frozenset(
    {"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "logs", "dynamodb"}
)


def rcp_supported(service: str) -> bool:
    """Whether resource control policies guard resources of the service with this action prefix (ORG-20, D-31)."""
    return service in _RCP_SERVICES or service.startswith("cognito-")
