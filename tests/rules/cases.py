"""Builds scenarios (one request, its policies, the expected decision) in one or two lines each.

Two accounts and a bucket suffice for nearly all: the caller is user `ann` of account A, who asks for
s3:GetObject on `b/k`, in a bucket of account A. A case says only what differs from that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario

A, B, C = "111111111111", "222222222222", "333333333333"

ROOT = f"arn:aws:iam::{A}:root"
USER = f"arn:aws:iam::{A}:user/ann"
ROLE = f"arn:aws:iam::{A}:role/app"
SESSION = f"arn:aws:sts::{A}:assumed-role/app/s1"
FEDERATED = f"arn:aws:sts::{A}:federated-user/fay"
OTHER_USER = f"arn:aws:iam::{A}:user/joe"
OTHER_ROLE = f"arn:aws:iam::{A}:role/batch"
FOREIGN_ROOT = f"arn:aws:iam::{B}:root"
FOREIGN_USER = f"arn:aws:iam::{B}:user/bob"
FOREIGN_ROLE = f"arn:aws:iam::{B}:role/partner"
FOREIGN_SESSION = f"arn:aws:sts::{B}:assumed-role/partner/p1"
SERVICE_LINKED_ROLE = f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
IDENTITY_CENTER_ROLE = (
    f"arn:aws:iam::{A}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
)
SERVICE = "cloudtrail.amazonaws.com"
ANONYMOUS = "anonymous"

BUCKET = "arn:aws:s3:::b"
OBJECT = "arn:aws:s3:::b/k"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/11111111-2222-3333-4444-555555555555"

ALLOW, EXPLICIT, IMPLICIT = "allow", "explicit-deny", "implicit-deny"
UNDECIDED = "undecided"
"""No decision, and an error that says why."""
NOT_ALLOWED = "anything but allow"
"""The rules leave open whether this is a deny or undecided; they do not leave open that it is no allow."""

Json = Any
OWNER_OF_ARN = "the account in the ARN, and A for ARNs without one"


@dataclass(frozen=True)
class Case:
    rule: str
    title: str
    scenario: Mapping[str, Json]
    expect: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"


def case(
    rule: str,
    title: str,
    *,
    expect: str,
    principal: str = USER,
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    resource_account: str | None = OWNER_OF_ARN,
    context: Mapping[str, Json] | None = None,
    federated_by: str | None = None,
    identity: Json = (),
    boundary: Json = None,
    session: Json = None,
    resource_policy: Json = None,
    scp: Json = None,
    rcp: Json = None,
    endpoint: Json = None,
) -> Case:
    """One scenario. Policies are given as statements; see `policy` for documents of another version."""
    request: dict[str, Json] = {"principal": principal, "action": action, "resource": resource}
    owner = _owner(resource) if resource_account == OWNER_OF_ARN else resource_account
    if owner is not None:
        request["resource_account"] = owner
    request["context"] = dict(context or {})
    if federated_by is not None:
        request["federated_by"] = federated_by
    policies = {
        "identity": _documents(identity),
        "permissions_boundary": _document(boundary),
        "session": _document(session),
        "resource": _document(resource_policy),
        "scp": _levels(scp),
        "rcp": _levels(rcp),
        "vpc_endpoint": _document(endpoint),
    }
    present = {kind: value for kind, value in policies.items() if value is not None}
    return Case(rule, title, {"name": title, "request": request, "policies": present}, expect)


def allow(action: Json = "*", resource: Json = "*", *, to: Json = None, when: Json = None, **elements: Json):
    """An Allow statement: `to` is its Principal, `when` its Condition, `NotAction=` and kin replace the positive form."""
    return _statement("Allow", action, resource, to, when, elements)


def deny(action: Json = "*", resource: Json = "*", *, to: Json = None, when: Json = None, **elements: Json):
    """A Deny statement, written like `allow`."""
    return _statement("Deny", action, resource, to, when, elements)


def trust(
    to: Json, action: Json = "sts:AssumeRole", *, effect: str = "Allow", when: Json = None, **elements: Json
):
    """A trust policy's statement: it has no Resource (LANG-5)."""
    statement = _statement(effect, action, None, to, when, elements)
    del statement["Resource"]
    return statement


def policy(*statements: Json, version: str | None = "2012-10-17") -> Json:
    """A whole document, for those that need their own version (None leaves it out)."""
    document = {"Statement": list(statements)}
    return document if version is None else {"Version": version} | document


def table(cases: Iterable[Case]) -> pytest.MarkDecorator:
    """Run a test once for each case, under the name `RULE-1: title`."""
    return pytest.mark.parametrize("case", list(cases), ids=str)


def check(case: Case) -> None:
    """Decide the scenario and compare with what the rule says."""
    decided = decide_scenario(case.scenario)
    if case.expect == NOT_ALLOWED:
        assert decided.decision != ALLOW, f"{case}: allowed"
        return
    expected = None if case.expect == UNDECIDED else case.expect
    assert decided.decision == expected, f"{case}: {decided.decision} (error: {decided.error})"
    assert bool(decided.error) == (expected is None), f"{case}: error is {decided.error!r}"


def _statement(
    effect: str, action: Json, resource: Json, to: Json, when: Json, elements: Mapping[str, Json]
) -> Json:
    statement = {"Effect": effect}
    if to is not None:
        statement["Principal"] = to
    if "NotAction" not in elements:
        statement["Action"] = action
    if "NotResource" not in elements:
        statement["Resource"] = resource
    if when is not None:
        statement["Condition"] = when
    return statement | dict(elements)


def _document(given: Json) -> Json:
    if given is None or (isinstance(given, Mapping) and "Statement" in given):
        return given
    return policy(*([given] if isinstance(given, Mapping) else given))


def _documents(given: Json) -> list[Json]:
    return [_document(one) for one in ([given] if isinstance(given, Mapping) else given)]


def _levels(given: Json) -> Json:
    return None if given is None else [_documents(level) for level in given]


def _owner(resource: str) -> str | None:
    fields = resource.split(":", 5)
    return A if len(fields) < 6 or not fields[4] else None


FULL_ACCESS = allow()
