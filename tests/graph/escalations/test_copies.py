"""Services that copy data as a role that is passed to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.building import A, allow, bucket, deny
from tests.graph.escalations.finding import (
    READ,
    attacker,
    escalations_from,
    in_account,
    replayed,
    routes_of,
    target,
)
from tests.graph.test_kms import key

KEY = f"arn:aws:kms:eu-west-1:{A}:key/11111111-2222-3333-4444-555555555555"

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


REPLICATES = allow("s3:GetObjectVersionForReplication", "*")
WRITES_COPIES = allow("s3:ReplicateObject", "*")
CONFIGURES = allow(["s3:PutReplicationConfiguration", "iam:PassRole"], "*")
BY_S3 = {"Service": "s3.amazonaws.com"}


def versioned(name="b", *statements, **more):
    return replace(bucket(A, name, *statements, **more), versioned=True)


def test_a_bucket_replicated():
    """ESC-70: the source keeps versions, and the role reads it and writes the copies."""
    one, copies = attacker(CONFIGURES), (REPLICATES, WRITES_COPIES)
    (route,) = routes_of(in_account(one, target(BY_S3, *copies), buckets=(versioned(),)))
    assert route.access.actions == ("s3:GetObjectVersionForReplication",)
    assert not route.gaps
    assert all(each.gaps for each in routes_of(in_account(one, target(BY_S3, *copies))))
    plain = (replace(bucket(A, "b"), versioned=False),)
    assert not routes_of(in_account(one, target(BY_S3, *copies), buckets=plain))
    closed = deny("s3:PutReplicationConfiguration", "arn:aws:s3:::b", principal="*")
    assert not routes_of(in_account(one, target(BY_S3, *copies), buckets=(versioned("b", closed),)))


TARGETS = [
    # why                                          the role's policy besides reading the source            where to
    ("ESC-70 anywhere", (WRITES_COPIES,), "nobody here knows"),
    (
        "a name that a stranger can take",
        (allow("s3:ReplicateObject", "arn:aws:s3:::copies-*"),),
        "nobody here knows",
    ),
    ("one bucket of the snapshot", (allow("s3:ReplicateObject", "arn:aws:s3:::c/*"),), "copies may go to c:"),
    ("the source alone", (allow("s3:ReplicateObject", "arn:aws:s3:::b/*"),), None),
    ("nowhere", (), None),
    ("S3-A12 PutObject is another action", (allow("s3:PutObject", "*"),), None),
    ("denied", (WRITES_COPIES, deny("s3:Replicate*", "*")), None),
    (
        "in its own account alone",
        (allow("s3:ReplicateObject", "*", condition={"StringEquals": {"s3:ResourceAccount": A}}),),
        "copies may go to c:",
    ),
]


@pytest.mark.parametrize(("why", "statements", "where"), TARGETS, ids=[each[0] for each in TARGETS])
def test_where_copies_may_go(why, statements, where):
    """ESC-70: the role must be able to write a target; a stranger's policy is taken to allow, and that is said."""
    buckets = (versioned("b"), versioned("c"))
    found = in_account(attacker(CONFIGURES), target(BY_S3, REPLICATES, *statements), buckets=buckets)
    routes = [each for each in routes_of(found) if each.target.label == "b"]
    assert bool(routes) is (where is not None), why
    for route in routes:
        escalation = route.escalations[0].escalation
        assert any(where in note for note in escalation.notes)
        (written,) = (each for each in escalation.calls if each.action == "s3:ReplicateObject")
        assert written.witness is not None
        assert ":assumed-role/" in written.witness.principal
        assert not written.resource.startswith("arn:aws:s3:::b/")
    assert set(replayed(found, routes)) <= {"allow"}


def test_the_source_s_key_is_needed_for_copies_too():
    """KMS-13, S3-40: the replication role reads bytes."""
    encrypted = versioned("b", encryption="aws:kms", kms_key=KEY, region="eu-west-1", bucket_key=False)
    keys = (key(allow("kms:*", "*", principal={"AWS": f"arn:aws:iam::{A}:root"}), at=KEY),)
    for more, opens in (((), False), ((allow("kms:Decrypt", "*"),), True)):
        one = target(BY_S3, REPLICATES, WRITES_COPIES, *more)
        found = in_account(attacker(CONFIGURES), one, buckets=(encrypted,), keys=keys)
        assert bool(routes_of(found)) is opens
