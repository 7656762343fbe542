"""Who calls, and which Principal elements match (evaluation.md chapters 1 and 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .language import Context, as_list, fields

Kind = Literal["root", "user", "federated-user", "session", "service", "federated", "anonymous"]
Strength = Literal["DIRECT", "ROLE", "ACCOUNT", "SERVICE", "FEDERATED"]
BUILT_IN_PROVIDERS = (
    "cognito-identity.amazonaws.com",
    "www.amazon.com",
    "accounts.google.com",
    "graph.facebook.com",
)


@dataclass(frozen=True)
class Caller:
    """One caller (TERM-7). `name` is the user, role or federated-user name, or the service or provider."""

    kind: Kind
    text: str
    partition: str | None = None
    account: str | None = None
    name: str = ""
    role_arn: str | None = None  # of a session, where its path is known
    unique_id: str | None = None  # AIDA… or AROA…, where the context tells
    federated_by: str | None = None
    provider: str | None = None  # aws:FederatedProvider of a role session

    @property
    def service_linked(self) -> bool:
        """TERM-7, ORG-2."""
        return self.kind == "session" and (
            ":role/aws-service-role/" in (self.role_arn or "") or self.name.startswith("AWSServiceRoleFor")
        )

    @property
    def signs_in_account(self) -> bool:
        """Whether the caller belongs to an account, so identity policies and SCPs can concern it."""
        return self.kind in ("root", "user", "federated-user", "session")


def read_caller(request: Mapping[str, Any], context: Context) -> Caller:
    """The caller that the scenario's `principal` names."""
    text = request["principal"]
    if text == "anonymous":
        return Caller("anonymous", text)
    if text in BUILT_IN_PROVIDERS:
        return Caller("federated", text)
    if not text.startswith("arn:"):
        return Caller("service", text)
    _, partition, _, _, account, rest = fields(text)
    if rest.startswith(("oidc-provider/", "saml-provider/")):
        return Caller("federated", text, partition, account)
    if rest == "root":
        return Caller("root", text, partition, account)
    kind, _, path = rest.partition("/")
    unique_id = (context.single("aws:userid") or "").partition(":")[0]
    if kind == "user":
        return Caller("user", text, partition, account, path.rsplit("/", 1)[-1], unique_id=unique_id)
    if kind == "federated-user":
        return Caller(
            "federated-user", text, partition, account, path, federated_by=request.get("federated_by")
        )
    if kind == "role":  # some session of it, which no session ARN names
        name, role_arn = path.rsplit("/", 1)[-1], text
    else:
        name, role_arn = path.partition("/")[0], _role_arn(context, account, path.partition("/")[0])
    provider = context.single("aws:FederatedProvider")
    return Caller("session", text, partition, account, name, role_arn, unique_id, provider=provider)


def _role_arn(context: Context, account: str, name: str) -> str | None:
    """aws:PrincipalArn tells the role's path, which a session's ARN does not (TERM-9)."""
    arn = context.single("aws:PrincipalArn") or ""
    return arn if re.fullmatch(rf"arn:[^:]+:iam::{account}:role/(.*/)?{re.escape(name)}", arn) else None


def principal_strengths(
    statement: Mapping[str, Any], caller: Caller, place: str, has_boundary: bool
) -> set[Strength]:
    """The strengths with which the statement's Principal or NotPrincipal matches; empty if it does not.

    `place` is "bucket", "trust", "key", "gateway-endpoint" or "interface-endpoint".
    """
    if "NotPrincipal" in statement:
        if statement.get("Effect") == "Deny" and has_boundary:
            return {"DIRECT"}  # PRIN-22
        listed = _matching_forms(statement["NotPrincipal"], caller, place)
        return set() if listed else {"DIRECT"}  # PRIN-20, PRIN-21
    if "Principal" not in statement:
        return set()  # LANG-5
    return _matching_forms(statement["Principal"], caller, place)


def _matching_forms(principal: Any, caller: Caller, place: str) -> set[Strength]:
    """Several values and keys are OR-ed (PRIN-15)."""
    if principal == "*":
        return {"DIRECT"}  # PRIN-11
    found = {
        _one_form(form, value, caller, place)
        for form, values in principal.items()
        for value in as_list(values)
    }
    return {strength for strength in found if strength is not None}


def _one_form(form: str, value: str, caller: Caller, place: str) -> Strength | None:
    if form == "Service":  # PRIN-9
        return "SERVICE" if caller.kind == "service" and value == caller.text else None
    if form == "Federated":
        if caller.kind == "federated":  # PRIN-10
            return "FEDERATED" if value == caller.text else None
        if place == "bucket" and caller.kind == "session":  # PRIN-14, D-15
            return "DIRECT" if value == caller.provider else None
        return None
    if form != "AWS":
        return None
    if value == "*":  # PRIN-12, D-4, D-14
        return None if caller.kind == "federated" else "DIRECT"
    if not caller.signs_in_account:
        return None
    if _is_account(value, caller):  # PRIN-1
        if place == "gateway-endpoint" and caller.kind != "root":  # VPCE-3
            return None
        return "ACCOUNT"
    return _identity_form(value, caller)


def _is_account(value: str, caller: Caller) -> bool:
    return value in (caller.account, f"arn:{caller.partition}:iam::{caller.account}:root")


def _identity_form(value: str, caller: Caller) -> Strength | None:
    if caller.kind == "user":  # PRIN-3, PRIN-8
        return "DIRECT" if value == caller.text or (value == caller.unique_id and value) else None
    if caller.kind == "federated-user":
        if value == caller.text:  # PRIN-7
            return "DIRECT"
        return "ROLE" if value == caller.federated_by else None  # PRIN-4, D-13
    if caller.kind == "session":
        if ":assumed-role/" in value:  # PRIN-6
            return "DIRECT" if value == caller.text else None
        if value and value == caller.unique_id:  # PRIN-8
            return "ROLE"
        return "ROLE" if _is_role_of(value, caller) else None  # PRIN-5
    return None


def _is_role_of(value: str, caller: Caller) -> bool:
    """The role's ARN; by account and name where the session does not tell the path (TERM-9)."""
    if caller.role_arn is not None:
        return value == caller.role_arn
    start = f"arn:{caller.partition}:iam::{caller.account}:role/"
    return value.startswith(start) and value.rsplit("/", 1)[-1] == caller.name
