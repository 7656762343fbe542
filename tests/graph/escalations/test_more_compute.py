"""ESC-42: another role in the profile of an instance; ESC-73, ESC-74: what is named, and is no hop."""

from __future__ import annotations

import pytest

from pathfinder.model.identity import InstanceProfile
from pathfinder.model.resources import Instance, LambdaFunction
from pathfinder.routes.search import graph_of
from tests.building import A, allow, arn, deny, organization
from tests.graph.escalations.finding import (
    NOBODY,
    attacker,
    escalations_from,
    in_account,
    replayed,
    routes_of,
    target,
)

EC2 = {"Service": "ec2.amazonaws.com"}
R = f"arn:aws:iam::{A}:role/r"
ADD, REMOVE = allow("iam:AddRoleToInstanceProfile", "*"), allow("iam:RemoveRoleFromInstanceProfile", "*")
PASS = allow("iam:PassRole", R)


def found(*statements, held=(), trust=None, one=None, limits=None, runs=True):
    profile = InstanceProfile(arn(f"arn:aws:iam::{A}:instance-profile/p"), tuple(map(arn, held)))
    running = Instance(arn(f"arn:aws:ec2:eu-west-1:{A}:instance/i-1"), profile.arn)
    return in_account(
        one or attacker(*statements),
        target(trust or EC2),
        instances=(running,) if runs else (),
        instance_profiles=(profile,),
        organization=limits,
    )


OTHER = f"arn:aws:iam::{A}:role/other"
OPEN = [
    ("an empty profile", (ADD, PASS), (), 3),
    ("STS-40 one role at a time", (ADD, REMOVE, PASS), (OTHER,), 4),
]


@pytest.mark.parametrize(("why", "statements", "held", "calls"), OPEN, ids=[each[0] for each in OPEN])
def test_open(why, statements, held, calls):
    """ESC-42: not certain, as nobody knows who controls the instance; each call is proven, and needed."""
    whole = found(*statements, held=held)
    hop = escalations_from(whole)["ESC-42"]
    assert hop.target == R
    assert len(hop.escalation.calls) == calls
    assert any("run code on the instance" in gap for gap in hop.gaps)
    routes = routes_of(whole)
    assert routes
    assert set(replayed(whole, routes)) == {"allow"}
    for left_out in range(len(statements)):
        rest = (*statements[:left_out], *statements[left_out + 1 :])
        assert "ESC-42" not in escalations_from(found(*rest, held=held))


CLOSED = [
    ("no instance runs with it", {"runs": False}),
    ("ESC-7 it holds the role", {"held": (R,)}),
    ("ESC-2 the role does not trust EC2", {"trust": NOBODY}),
    ("ESC-98 PassedToService", {"one": attacker(ADD, allow("iam:PassRole", "*", condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}))}),
    ("EVAL-1 a Deny", {"one": attacker(ADD, PASS, deny("iam:PassRole", "*"))}),
    ("EVAL-20 a boundary", {"one": attacker(ADD, PASS, boundary=[allow("s3:*", "*")])}),
    ("ORG-3 an SCP", {"limits": organization(A, scps={A: [[deny("iam:AddRole*", "*")]]})}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, more):
    """ESC-42 needs an instance, a role that trusts EC2, and each call."""
    given = dict(more)
    statements = () if "one" in given else (ADD, REMOVE, PASS)
    assert "ESC-42" not in escalations_from(found(*statements, **given))


def reasons(*statements, **more):
    return " ".join(gap.reason for gap in graph_of(in_account(attacker(*statements), **more)).gaps)


def test_what_leads_to_no_data():
    """ESC-73: named, and no hop."""
    assert "key names leak" in reasons(allow("s3:PutInventoryConfiguration", "*"))
    assert "key names leak" not in reasons(allow("s3:GetObject", "*"))
    assert not routes_of(in_account(attacker(allow("s3:PutInventoryConfiguration", "*"))))


def test_code_that_others_run():
    """ESC-74: where code is loaded from is in no snapshot, so that it is a gap."""
    function = LambdaFunction(arn(f"arn:aws:lambda:eu-west-1:{A}:function:f"), arn(R))
    may = allow("s3:PutObject", "*")
    assert "replace such code" in reasons(may, functions=(function,))
    assert "replace such code" not in reasons(may)
    assert "replace such code" not in reasons(allow("s3:GetObject", "*"), functions=(function,))
