"""Escalations from the management account to members."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.world import World
from tests.building import MANAGEMENT, A, account, allow, bucket, deny, organization, role, user, world
from tests.graph.escalations.finding import READ, escalating, routes_of

BOSS = f"arn:aws:iam::{MANAGEMENT}:user/boss"
NO_DATA = deny("s3:GetObject", "*")
ACCESS = role(A, "access", {"AWS": BOSS}, READ)
RESERVED = role(
    A,
    "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Readers_1",
    {"Federated": f"arn:aws:iam::{A}:saml-provider/AWSSSO"},
    READ,
)


def company(*statements: Any, roles: Any = (ACCESS,), scps: Any = None, start: str = MANAGEMENT) -> World:
    """A user boss of the start account, and role access of member A with bucket b."""
    boss = user(start, "boss", *statements)
    return escalating(
        world(
            account(MANAGEMENT, users=(boss,) if start == MANAGEMENT else ()),
            account(A, roles=tuple(roles), buckets=(bucket(A, "b"),), users=(boss,) if start == A else ()),
            organization=organization(A, scps=scps or {}),
        )
    )


REMOVING = ["organizations:DisablePolicyType", "organizations:UpdatePolicy", "organizations:DetachPolicy"]


@pytest.mark.parametrize("action", REMOVING)
def test_scps_removed(action):
    """ESC-35: a role that is assumed anyway does more once no SCP binds it."""
    found = company(allow([action, "sts:AssumeRole"], "*"), scps={str(A): [[NO_DATA]]})
    (route,) = routes_of(found, BOSS)
    assert route.escalations[0].escalation.rule == "ESC-35"
    assert route.access.actions == ("s3:GetObject",)
    assert route.scp_account == (None if action == "organizations:DisablePolicyType" else A)
    assert not routes_of(company(allow("sts:AssumeRole", "*"), scps={str(A): [[NO_DATA]]}), BOSS)
    assert not routes_of(company(allow(action, "*"), scps={str(A): [[NO_DATA]]}), BOSS)


def test_no_scp_that_limits():
    """ESC-4: where nothing opens, there is no hop."""
    assert not routes_of(company(allow(["organizations:*", "sts:AssumeRole"], "*")), BOSS)


def test_a_member_may_not():
    """ESC-35: organizations' own calls are the management account's."""
    found = company(
        allow(["organizations:*", "sts:AssumeRole"], "*"), scps={str(A): [[NO_DATA]]}, start=str(A)
    )
    assert not [
        each
        for each in routes_of(found, f"arn:aws:iam::{A}:user/boss")
        if each.escalations[0].escalation.rule == "ESC-35"
    ]


def test_a_root_session_for_one_task():
    """ESC-17, STS-23: it reads and deletes bucket policies, no more; whether it is switched on is not known."""
    (route,) = [
        each for each in routes_of(company(allow("sts:AssumeRoot", "*")), BOSS) if each.target.label == "b"
    ]
    assert route.escalations[0].escalation.rule == "ESC-17"
    assert route.access.actions == ("s3:DeleteBucketPolicy", "s3:GetBucketPolicy")
    assert route.gaps
    task = {
        "ArnEquals": {"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
    }
    assert not routes_of(company(allow("sts:AssumeRoot", "*", condition=task)), BOSS)
    assert not routes_of(company(READ), BOSS)


def test_a_permission_set_assigned():
    """ESC-34: the reserved role itself stays as it is (EVAL-50); its permission set does not."""
    found = company(allow("sso:CreateAccountAssignment", "*"), roles=(RESERVED,))
    (route,) = routes_of(found, BOSS)
    assert route.access.actions == ("s3:GetObject",)
    more = ["sso:CreateAccountAssignment", "sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"]
    widened = company(allow(more, "*"), roles=(replace(RESERVED, policies=()),))
    assert routes_of(widened, BOSS)
    assert not routes_of(company(allow(more[1:], "*"), roles=(RESERVED,)), BOSS)
    assert not routes_of(company(allow(more, f"arn:aws:sso:::account/{MANAGEMENT}"), roles=(RESERVED,)), BOSS)
    assert not routes_of(company(allow(more, "*"), deny("sso:*", "*"), roles=(RESERVED,)), BOSS)
