"""Nodes of the graph: what a route starts from, passes through and ends at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class NodeKind(Enum):
    """What a node is."""

    USER = "user"
    ROLE = "role"
    ROOT = "root"
    INSTANCE = "instance"
    FUNCTION = "function"
    TASK_DEFINITION = "task-definition"
    SERVICE_ACCOUNT = "service-account"
    CONSOLE_LOGIN = "console-login"
    WORKFORCE_USER = "identity-center-user"
    WORKFORCE_GROUP = "identity-center-group"
    TRUST_ANCHOR = "trust-anchor"
    ACCESS_KEY = "access-key"
    OIDC_PROVIDER = "oidc-provider"
    SAML_PROVIDER = "saml-provider"
    SERVICE = "service"
    ANONYMOUS = "anonymous"
    EXTERNAL = "external"
    BUCKET = "bucket"
    CHANGED = "changed"
    ADMINISTRATOR = "administrator"
    ACCESS_POINT = "access-point"
    ACCESS_GRANT = "access-grant"
    ROLE_SESSION = "role-session"
    FEDERATED_USER = "federated-user"


@dataclass(frozen=True, slots=True)
class Node:
    """One node. A `changed` one is a principal once policies have been changed, an `administrator` one stands for
    everyone who may do anything in the account; both come of escalations alone (ESC-4, ESC-99).

    `id`: its ARN where it has one, otherwise a stable text such as `anonymous`, a service
    principal, or `key:AKIA…`. `label`: its short name. `account`: its account id, None where it has none.
    `external`: it belongs to an account that the snapshot does not hold.
    """

    id: str
    kind: NodeKind
    label: str
    account: str | None = None
    external: bool = False
