"""Services that copy data as a role that is passed to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.building import A, allow, bucket, deny
from tests.graph.escalations.finding import READ, attacker, escalations_from, in_account, routes_of, target

ROWS = [
    # rule    service                            calls besides iam:PassRole
    (
        "ESC-66",
        "access-grants.s3.amazonaws.com",
        ("s3:CreateAccessGrantsLocation", "s3:CreateAccessGrant", "s3:GetDataAccess"),
    ),
    ("ESC-71", "batchoperations.s3.amazonaws.com", ("s3:CreateJob",)),
    (
        "ESC-72",
        "datasync.amazonaws.com",
        ("datasync:CreateLocationS3", "datasync:CreateTask", "datasync:StartTaskExecution"),
    ),
    ("ESC-72", "transfer.amazonaws.com", ("transfer:CreateServer", "transfer:CreateUser")),
    (
        "ESC-72",
        "dms.amazonaws.com",
        ("dms:CreateEndpoint", "dms:CreateReplicationTask", "dms:StartReplicationTask"),
    ),
]


@pytest.mark.parametrize(("rule", "service", "calls"), ROWS, ids=[service for _, service, _ in ROWS])
def test_a_role_passed(rule, service, calls):
    """Open with every call, for what the service does only; closed without one of them, or for another service."""
    trust = {"Service": service}
    every = [*calls, "iam:PassRole"]
    may_more = (READ, allow("s3:PutBucketPolicy", "*"))
    found = in_account(attacker(allow(every, "*")), target(trust, *may_more))
    (route,) = [each for each in routes_of(found) if each.escalations[0].escalation.rule == rule]
    assert route.access.actions == ("s3:GetObject",)
    for call in every:
        rest = [each for each in every if each != call]
        assert rule not in escalations_from(in_account(attacker(allow(rest, "*")), target(trust)))
    passed = allow(
        "iam:PassRole", "*", condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    )
    assert rule not in escalations_from(in_account(attacker(allow(list(calls), "*"), passed), target(trust)))
    assert rule not in escalations_from(in_account(attacker(allow(every, "*")), target()))


def test_a_bucket_replicated():
    """ESC-70: the source keeps versions, and the role reads it."""
    trust = {"Service": "s3.amazonaws.com"}
    copies = allow("s3:GetObjectVersionForReplication", "*")
    one = attacker(allow(["s3:PutReplicationConfiguration", "iam:PassRole"], "*"))
    versioned = (replace(bucket(A, "b"), versioned=True),)
    (route,) = routes_of(in_account(one, target(trust, copies), buckets=versioned))
    assert route.access.actions == ("s3:GetObjectVersionForReplication",)
    assert not route.gaps
    assert all(each.gaps for each in routes_of(in_account(one, target(trust, copies))))
    plain = (replace(bucket(A, "b"), versioned=False),)
    assert not routes_of(in_account(one, target(trust, copies), buckets=plain))
    closed = deny("s3:PutReplicationConfiguration", "arn:aws:s3:::b", principal="*")
    denied = (replace(bucket(A, "b", closed), versioned=True),)
    assert not routes_of(in_account(one, target(trust, copies), buckets=denied))
