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


WIDER = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, allow(["s3:GetObject", "iam:Set*"], "*"))
NARROWER = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, allow("iam:Set*", "*"))


def bounded(*statements, older=WIDER, present=NARROWER, name=MANAGED, limits=None, also=()):
    """User u may read, but its permissions boundary, a managed policy, does not let it; another version would."""
    limit = replace(present, kind=PolicyKind.BOUNDARY, name=name, attached_to=USER)
    one = replace(attacker(READ, *statements), boundary=limit)
    one = replace(one, policies=(*one.policies, *also))
    return in_account(one, older_versions=(PolicyVersion(arn(MANAGED), "v1", older),), organization=limits)


def test_a_boundary():
    """ESC-25, EVAL-20: the version that is made the default one is the boundary from then on."""
    whole = bounded(SET)
    (route,) = routes_of(whole)
    (hop,) = route.escalations
    assert hop.escalation.rule == "ESC-25"
    assert [call.action for call in hop.escalation.calls] == ["iam:SetDefaultPolicyVersion"]
    assert (
        hop.escalation.change == "version v1 of p, which is a permissions boundary, would be the default one"
    )
    assert route.access.actions == ("s3:GetObject",)
    assert set(replayed(whole, (route,))) == {"allow"}


DENIES = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, allow("*", "*"), deny("s3:*", "*"))
NOT_SET = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, allow("s3:ListBucket", "*"))
NOT_OPENED = [
    ("ESC-1 no permission", (), {}),
    ("ESC-1 another policy", (allow("iam:SetDefaultPolicyVersion", MANAGED + "2"),), {}),
    ("EVAL-51 another policy is the boundary", (SET,), {"name": MANAGED + "2"}),
    ("EVAL-20 the boundary does not let it make the call", (SET,), {"present": NOT_SET}),
    ("EVAL-20 the version lets it do no more", (SET,), {"older": NARROWER}),
    ("EVAL-1 the version denies", (SET,), {"older": DENIES}),
    ("EVAL-1 a Deny", (SET, deny("iam:Set*", "*")), {}),
    ("EVAL-1 a Deny of the data", (SET, deny("s3:GetObject", "*")), {}),
    ("ORG-3 an SCP", (SET,), {"limits": organization(A, scps={A: [[deny("iam:Set*", "*")]]})}),
    ("ESC-4 an RCP", (SET,), {"limits": organization(A, rcps={A: [[deny("s3:*", "*", principal="*")]]})}),
]


@pytest.mark.parametrize(("why", "statements", "more"), NOT_OPENED, ids=[each[0] for each in NOT_OPENED])
def test_a_boundary_that_stays(why, statements, more):
    """ESC-25 on a boundary: the boundary as it is has to allow the call, and the other one the data."""
    assert not routes_of(bounded(*statements, **more))


def test_both_at_once():
    """A policy that is its own and its boundary changes in both places."""
    own = replace(NARROWER, attached_to=USER)
    limit = replace(NARROWER, kind=PolicyKind.BOUNDARY, attached_to=USER)
    one = replace(attacker(), policies=(own,), boundary=limit)
    versions = (PolicyVersion(arn(MANAGED), "v1", WIDER),)
    whole = in_account(one, older_versions=versions)
    (route,) = routes_of(whole)
    assert len(route.escalations) == 1
    assert set(replayed(whole, (route,))) == {"allow"}


def test_a_wider_boundary_and_then_a_policy():
    """ESC-25, ESC-20: what the wider boundary lets it do may be a change of its own."""
    limit = replace(NARROWER, kind=PolicyKind.BOUNDARY, attached_to=USER)
    wide = policy(PolicyKind.IDENTITY, MANAGED, MANAGED, allow(["s3:*", "iam:*"], "*"))
    one = replace(attacker(SET, allow("iam:PutUserPolicy", USER)), boundary=limit)
    whole = in_account(one, older_versions=(PolicyVersion(arn(MANAGED), "v1", wide),))
    routes = routes_of(whole)
    assert ("ESC-25", "ESC-20") in {
        tuple(hop.escalation.rule for hop in route.escalations) for route in routes
    }
    assert set(replayed(whole, routes)) == {"allow"}
