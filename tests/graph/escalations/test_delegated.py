"""Members that administer something for the whole organization (STS-23, ESC-17, ESC-34, ESC-35)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.model.organization import DelegatedAdministrator
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.routes.search import graph_of
from tests.building import (
    MANAGEMENT,
    A,
    B,
    account,
    allow,
    bucket,
    deny,
    organization,
    policy,
    role,
    user,
    world,
)
from tests.graph.escalations.finding import READ, escalating, replayed, routes_of

CHIEF = f"arn:aws:iam::{B}:user/chief"
NO_DATA = deny("s3:GetObject", "*")
NOBODY = {"Federated": f"arn:aws:iam::{A}:saml-provider/AWSSSO"}


def reserved(owner: str, name: str) -> Any:
    """The role of a permission set."""
    return role(owner, f"aws-reserved/sso.amazonaws.com/AWSReservedSSO_{name}_1", NOBODY, READ)


def company(
    *statements: Any,
    services: Any = (),
    listed: bool = True,
    granting: Any = None,
    scps: Any = None,
    boundary: Any = None,
    of_management: Any = (),
    **more: Any,
) -> World:
    """A user chief of member B, which administers these services; member A with bucket b and roles."""
    found = organization(A, B, scps=scps or {})
    administrators = (DelegatedAdministrator(B, services),) if services != () else ()
    of = (PolicyKind.RESOURCE, "organization resource policy", "o-x")
    found = replace(
        found,
        delegated_administrators=administrators if listed else None,
        resource_policy=policy(*of, *granting) if isinstance(granting, list) else granting,
        resource_policy_known=granting != "not known",
    )
    if granting == "not known":
        found = replace(found, resource_policy=None)
    access = role(A, "access", {"AWS": CHIEF}, READ)
    return escalating(
        world(
            account(MANAGEMENT, roles=tuple(of_management)),
            account(A, roles=(access, reserved(A, "Readers")), buckets=(bucket(A, "b"),)),
            account(B, users=(user(B, "chief", *statements, boundary=boundary),)),
            organization=found,
        )
    )


def by_rule(found: World, rule: str) -> set[str]:
    """The actions at bucket b of chief's routes by this rule; every witness is replayed."""
    routes = [
        each
        for each in routes_of(found, CHIEF)
        if each.escalations[0].escalation and each.escalations[0].escalation.rule == rule
    ]
    assert set(replayed(found, tuple(routes))) <= {"allow"}
    return {action for route in routes for action in route.access.actions if route.target.label == "b"}


def told(found: World, words: str) -> bool:
    """Whether a gap about the organization says this."""
    return any(words in gap.reason for gap in graph_of(found).gaps if gap.place == "organization o-x")


UNLOCKING = {"s3:DeleteBucketPolicy", "s3:GetBucketPolicy"}
ROOT = allow("sts:AssumeRoot", "*")


def test_root_sessions_by_a_delegated_administrator():
    """STS-23, ESC-17: the member that administers IAM; its SCPs bind it (ORG-2)."""
    iam = ("iam.amazonaws.com",)
    assert by_rule(company(ROOT, services=iam), "ESC-17") == UNLOCKING
    assert not by_rule(company(READ, services=iam), "ESC-17")
    assert not by_rule(company(ROOT, services=("sso.amazonaws.com",)), "ESC-17")
    assert not by_rule(company(ROOT), "ESC-17")
    assert not by_rule(company(ROOT, services=iam, boundary=[READ]), "ESC-17")
    assert not by_rule(company(ROOT, services=iam, scps={str(B): [[deny("sts:AssumeRoot", "*")]]}), "ESC-17")
    elsewhere = allow("sts:AssumeRoot", f"arn:aws:iam::{B}:root")
    assert not by_rule(company(elsewhere, services=iam), "ESC-17")


@pytest.mark.parametrize(
    ("services", "listed", "expected"),
    [((), False, True), (None, True, True), ((), True, False), (("iam.amazonaws.com",), True, False)],
)
def test_who_administers_is_not_known(services, listed, expected):
    """STS-23: not known is a gap, where somebody might; known is none."""
    words = "whether members administer iam.amazonaws.com"
    assert told(company(ROOT, services=services, listed=listed), words) is expected
    assert not told(company(READ, services=services, listed=listed), words)
    assert not by_rule(company(ROOT, services=None), "ESC-17")


ASSIGN = allow("sso:*", "*")


def test_permission_sets_by_a_delegated_administrator():
    """ESC-34: members only, and no permission set that the management account has, too."""
    sso = ("sso.amazonaws.com",)
    assert "s3:GetObject" in by_rule(company(ASSIGN, services=sso), "ESC-34")
    assert not by_rule(company(ASSIGN, services=("iam.amazonaws.com",)), "ESC-34")
    assert not by_rule(company(READ, services=sso), "ESC-34")
    assert not by_rule(company(ASSIGN, services=sso, boundary=[READ]), "ESC-34")
    assert not by_rule(company(ASSIGN, services=sso, scps={str(B): [[deny("sso:*", "*")]]}), "ESC-34")
    there = [reserved(MANAGEMENT, "Readers")]
    assert not by_rule(company(ASSIGN, services=sso, of_management=there), "ESC-34")
    other = [reserved(MANAGEMENT, "Others")]
    assert by_rule(company(ASSIGN, services=sso, of_management=other), "ESC-34")
    assert told(company(ASSIGN, listed=False), "whether members administer sso.amazonaws.com")
    assert not told(company(ASSIGN), "whether members administer sso.amazonaws.com")


MAY = allow(["organizations:UpdatePolicy", "sts:AssumeRole"], "*")
LET_IN = [allow("organizations:UpdatePolicy", "*", principal={"AWS": f"arn:aws:iam::{B}:root"})]
BOUND = {str(A): [[NO_DATA]]}


def test_policies_by_the_resource_policy():
    """ESC-35: both sides have to allow it, and the member's SCPs."""
    assert by_rule(company(MAY, granting=LET_IN, scps=BOUND), "ESC-35") == {"s3:GetObject"}
    assert not by_rule(company(MAY, granting=None, scps=BOUND), "ESC-35")
    assert not by_rule(company(allow("sts:AssumeRole", "*"), granting=LET_IN, scps=BOUND), "ESC-35")
    assert not by_rule(company(MAY, granting=LET_IN, scps=BOUND, boundary=[allow("sts:*", "*")]), "ESC-35")
    shut = {**BOUND, str(B): [[deny("organizations:*", "*")]]}
    assert not by_rule(company(MAY, granting=LET_IN, scps=shut), "ESC-35")
    others = [allow("organizations:UpdatePolicy", "*", principal={"AWS": f"arn:aws:iam::{A}:root"})]
    assert not by_rule(company(MAY, granting=others, scps=BOUND), "ESC-35")
    reading = [allow("organizations:DescribePolicy", "*", principal={"AWS": f"arn:aws:iam::{B}:root"})]
    assert not by_rule(company(MAY, granting=reading, scps=BOUND), "ESC-35")
    one = {"StringEquals": {"organizations:PolicyType": "RESOURCE_CONTROL_POLICY"}}
    typed = [
        allow("organizations:UpdatePolicy", "*", principal={"AWS": f"arn:aws:iam::{B}:root"}, condition=one)
    ]
    assert not by_rule(company(MAY, granting=typed, scps=BOUND), "ESC-35")
    assert not by_rule(
        company(MAY, granting=[*LET_IN, deny("organizations:*", "*", principal="*")], scps=BOUND), "ESC-35"
    )


def test_a_resource_policy_that_is_not_known():
    """ESC-35: a gap where some member's principal may ask."""
    words = "its resource policy is not known"
    unread = Unread(PolicyKind.RESOURCE, "organization resource policy", "o-x", "AccessDenied")
    assert told(company(MAY, granting="not known", scps=BOUND), words)
    assert told(company(MAY, granting=unread, scps=BOUND), words)
    assert not told(company(READ, granting="not known", scps=BOUND), words)
    assert not told(company(MAY, granting=None, scps=BOUND), words)
    assert not told(company(MAY, granting=LET_IN, scps=BOUND), words)
