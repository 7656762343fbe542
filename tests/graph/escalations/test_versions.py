"""ESC-25: another version of a managed policy made the default one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.model.identity import PolicyVersion
from pathfinder.policy.document import PolicyKind
from tests.building import A, allow, arn, deny, organization, policy, role
from tests.graph.escalations.finding import READ, USER, attacker, in_account, replayed, routes_of

MANAGED = f"arn:aws:iam::{A}:policy/p"
SET = allow("iam:SetDefaultPolicyVersion", MANAGED)
WIDE = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, READ)
NARROW = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, allow("s3:GetBucketLocation", "*"))


def found(*statements, older=WIDE, name=MANAGED, present=NARROW, limits=None, **more):
    """User u has the policy, and another version of it lets it read."""
    held = replace(present, name=name, attached_to=USER)
    own = attacker(*statements, **more)
    one = replace(own, policies=(*own.policies, held))
    return in_account(one, older_versions=(PolicyVersion(arn(MANAGED), "v1", older),), organization=limits)


def test_open():
    """The version decides what is open, and each request is proven."""
    whole = found(SET)
    (route,) = routes_of(whole)
    (hop,) = route.escalations
    assert hop.escalation.rule == "ESC-25"
    assert "version v1 of p" in hop.escalation.change
    assert route.access.actions == ("s3:GetObject",)
    assert set(replayed(whole, (route,))) == {"allow"}


def test_a_version_without_the_deny():
    """EVAL-1: the Deny of the version that counts now is gone."""
    denying = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, deny("s3:GetObject", "*"))
    assert routes_of(found(SET, READ, present=denying, older=NARROW))


CLOSED = [
    ("ESC-1 no permission", (), {}),
    ("ESC-1 another policy", (allow("iam:SetDefaultPolicyVersion", MANAGED + "2"),), {}),
    ("EVAL-51 it does not have the policy", (SET,), {"name": MANAGED + "2"}),
    ("ESC-4 the version opens nothing", (SET,), {"older": NARROW}),
    ("EVAL-1 a Deny", (SET, deny("iam:Set*", "*")), {}),
    ("EVAL-20 a boundary", (SET,), {"boundary": [READ]}),
    ("EVAL-20 the boundary stays", (SET,), {"boundary": [allow("iam:*", "*")]}),
    ("ORG-3 an SCP", (SET,), {"limits": organization(A, scps={A: [[deny("iam:Set*", "*")]]})}),
]


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """ESC-25 opens nothing without the call, for other policies, or against limits."""
    assert not routes_of(found(*statements, **more))


def test_a_role():
    """A role changes what it is itself."""
    own = role(A, "r", {"AWS": USER}, SET)
    own = replace(own, policies=(*own.policies, replace(NARROW, attached_to=str(own.arn))))
    one = attacker(allow("sts:AssumeRole", "*"))
    whole = in_account(one, own, older_versions=(PolicyVersion(arn(MANAGED), "v1", WIDE),))
    assert {route.escalations[0].escalation.rule for route in routes_of(whole)} == {"ESC-25"}
