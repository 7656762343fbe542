"""ESC-26 with a PassRole row, or an existing workload, as the way into the widened role."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.model.resources import LambdaFunction
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.search import graph_of
from tests.building import A, allow, arn, bucket, deny, organization, policy
from tests.graph.escalations.finding import (
    READ,
    USER,
    attacker,
    in_account,
    replayed,
    routes_of,
    target,
)

LAMBDA = {"Service": "lambda.amazonaws.com"}
BATCH = {"Service": "batchoperations.s3.amazonaws.com"}
R = f"arn:aws:iam::{A}:role/r"
MANAGED = f"arn:aws:iam::{A}:policy/p"
NAMES = allow("s3:ListAllMyBuckets", "*")
RUN = allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*")
WIDEN = allow("iam:PutRolePolicy", R)
FUNCTION = LambdaFunction(arn(f"arn:aws:lambda:eu-west-1:{A}:function:f"), arn(R))


def found(*statements, one=None, trust=LAMBDA, limits=None, attacking=None, **more):
    held = target(trust, NAMES) if one is None else one
    return in_account(attacker(*statements, **(attacking or {})), held, organization=limits, **more)


def widened(whole):
    """The ESC-26 hops of user u."""
    return [
        hop
        for hop in graph_of(whole).escalated.get(USER, ())
        if hop.escalation is not None and hop.escalation.rule == "ESC-26"
    ]


def with_managed():
    """Role r with a managed policy of the account."""
    held = policy(PolicyKind.IDENTITY, MANAGED, R, NAMES)
    return replace(target(LAMBDA), policies=(held,))


OPEN = [
    ("ESC-23 inline", (RUN, WIDEN), None, "iam:PutRolePolicy"),
    ("ESC-23 attached", (RUN, allow("iam:AttachRolePolicy", R)), None, "iam:AttachRolePolicy"),
    ("ESC-24", (RUN, allow("iam:CreatePolicyVersion", MANAGED)), with_managed(), "iam:CreatePolicyVersion"),
]


@pytest.mark.parametrize(("why", "statements", "one", "action"), OPEN, ids=[each[0] for each in OPEN])
def test_a_new_workload(why, statements, one, action):
    """The policy first, then what runs as the role: each call is proven, and so is what is reached."""
    whole = found(*statements, one=one)
    (hop,) = widened(whole)
    calls = [call.action for call in hop.escalation.calls]
    assert calls == [
        action,
        "iam:PassRole",
        "lambda:CreateFunction",
        "lambda:InvokeFunction",
        "sts:AssumeRole",
    ]
    assert hop.escalation.workload == "new"
    assert hop.escalation.change.endswith(
        "would allow everything, and a new Lambda function would run as role r"
    )
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    assert route.acting.id == R
    assert set(replayed(whole, (route,))) == {"allow"}


def test_an_existing_workload():
    """ESC-6: the function has the role already."""
    whole = found(WIDEN, allow("lambda:UpdateFunctionCode", "*"), functions=(FUNCTION,))
    (hop,) = widened(whole)
    assert hop.escalation.workload == "existing"
    assert routes_of(whole, actions=("s3:GetObject",))


CLOSED = [
    ("ESC-26 no widening", (RUN,), {}),
    ("ESC-26 another role widened", (RUN, allow("iam:PutRolePolicy", f"{R}2")), {}),
    ("ESC-26 no way in", (WIDEN,), {}),
    ("ESC-98 PassRole without the service", (WIDEN, allow("iam:PassRole", "*")), {}),
    ("ESC-98 the service without PassRole", (WIDEN, allow("lambda:*", "*")), {}),
    ("ESC-2 the role trusts another service", (RUN, WIDEN), {"trust": {"Service": "ec2.amazonaws.com"}}),
    ("EVAL-1 a Deny", (RUN, WIDEN, deny("iam:PutRolePolicy", "*")), {}),
    ("EVAL-20 a boundary of the source", (RUN, WIDEN), {"attacking": {"boundary": [allow(["iam:PassRole", "lambda:*"], "*")]}}),
    ("ORG-3 an SCP", (RUN, WIDEN), {"limits": organization(A, scps={A: [[deny("iam:Put*", "*")]]})}),
    ("ESC-4 the role's boundary stays", (RUN, WIDEN), {"one": target(LAMBDA, NAMES, boundary=[NAMES])}),
    ("ESC-4 an RCP stays", (RUN, WIDEN), {"limits": organization(A, rcps={A: [[deny("s3:*", "*", principal="*")]]})}),
    ("EVAL-1 the role's own Deny stays", (RUN, WIDEN), {"one": target(LAMBDA, deny("s3:*", "*"))}),
    ("ESC-24 not AWS's policies", (RUN, allow("iam:CreatePolicyVersion", "*")), {}),
    ("ESC-6 no such function", (WIDEN, allow("lambda:UpdateFunctionCode", "*")), {}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """ESC-26 needs both, and no limit goes."""
    assert not routes_of(found(*statements, **more), actions=("s3:GetObject",))


def test_a_deny_that_goes_with_the_version():
    """ESC-24: the Deny in the policy that is rewritten is gone."""
    held = policy(PolicyKind.IDENTITY, MANAGED, R, deny("s3:*", "*"))
    one = replace(target(LAMBDA), policies=(held,))
    assert routes_of(
        found(RUN, allow("iam:CreatePolicyVersion", MANAGED), one=one), actions=("s3:GetObject",)
    )
    assert not routes_of(found(RUN, WIDEN, one=one), actions=("s3:GetObject",))


def test_what_the_role_may_anyway_is_told_once():
    """ESC-4: the widened role adds what it could not do before."""
    routes = routes_of(found(RUN, WIDEN, one=target(LAMBDA, READ)))
    told = {route.escalations[0].escalation.rule: set(route.access.actions) for route in routes}
    assert told["ESC-50"] == {"s3:GetObject"}
    assert "s3:PutObject" in told["ESC-26"]
    assert "s3:GetObject" not in told["ESC-26"]


def test_as_far_as_the_workload_goes():
    """ESC-71: a batch job does what batch jobs can do, and no more; what the role may already is told once."""
    whole = found(
        allow(["iam:PassRole", "s3:CreateJob"], "*"), WIDEN, one=target(BATCH, allow("s3:GetObject", "*"))
    )
    told = {route.escalations[0].escalation.rule: set(route.access.actions) for route in routes_of(whole)}
    assert told["ESC-71"] == {"s3:GetObject"}
    assert "s3:PutObject" in told["ESC-26"]
    assert not told["ESC-26"] & {"s3:GetObject", "s3:PutBucketPolicy", "s3:ListBucket"}
    assert set(replayed(whole, routes_of(whole))) == {"allow"}


def test_a_bucket_replicated_as_a_widened_role():
    """ESC-70: from this bucket alone."""
    buckets = tuple(replace(bucket(A, name), versioned=True) for name in ("b", "c"))
    may = allow("s3:PutReplicationConfiguration", "arn:aws:s3:::b")
    statements = (allow("iam:PassRole", R), may, WIDEN)
    whole = found(*statements, trust={"Service": "s3.amazonaws.com"}, buckets=buckets)
    (route,) = routes_of(whole)
    assert route.escalations[0].escalation.rule == "ESC-26"
    assert route.target.id == "arn:aws:s3:::b"
    assert route.access.actions == ("s3:GetObjectVersionForReplication",)


def test_nothing_has_to_run_where_it_can_be_assumed():
    """ESC-16, ESC-15: the widened role is assumed."""
    also = allow("iam:UpdateAssumeRolePolicy", R)
    (hop,) = widened(found(RUN, WIDEN, also))
    assert hop.escalation.workload is None
