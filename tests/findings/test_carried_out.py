"""Data that can be copied to buckets of strangers. Source: S3-31, ORG-5."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.findings.rules.data_can_be_carried_out import data_can_be_carried_out
from pathfinder.findings.survey import Survey
from pathfinder.graph.world import World
from tests.building import A, account, allow, bucket, deny, organization, user, world

READ = allow("s3:GetObject", "arn:aws:s3:::data/*")
OURS = {"StringEquals": {"aws:ResourceOrgID": "o-x"}}
NOT_OURS = {"StringNotEquals": {"aws:ResourceOrgID": "o-x"}}

CASES: list[tuple[str, tuple[Any, ...], Any, bool]] = [
    # why                                     ann's policy                              SCPs   found?
    ("S3-31 reads, and writes anywhere", (READ, allow("s3:PutObject", "*")), None, True),
    ("reads only", (READ,), None, False),
    ("writes only", (allow("s3:PutObject", "*"),), None, False),
    ("writes into our bucket alone", (READ, allow("s3:PutObject", "arn:aws:s3:::data/*")), None, False),
    ("a name that a stranger can take", (READ, allow("s3:PutObject", "arn:aws:s3:::acme-*")), None, True),
    ("a bucket that nobody listed", (READ, allow("s3:PutObject", "arn:aws:s3:::other/*")), None, True),
    ("no object", (READ, allow("s3:PutObject", "arn:aws:s3:::other")), None, False),
    ("in the organization alone", (READ, allow("s3:PutObject", "*", condition=OURS)), None, False),
    (
        "in this account alone",
        (READ, allow("s3:PutObject", "*", condition={"StringEquals": {"s3:ResourceAccount": A}})),
        None,
        False,
    ),
    ("denied", (READ, allow("s3:PutObject", "*"), deny("s3:Put*", "*", condition=NOT_OURS)), None, False),
    (
        "ORG-5 an SCP keeps insiders inside",
        (READ, allow("s3:PutObject", "*")),
        {A: [[deny("s3:PutObject", "*", condition=NOT_OURS)]]},
        False,
    ),
    (
        "an SCP about something else",
        (READ, allow("s3:PutObject", "*")),
        {A: [[deny("s3:DeleteObject", "*", condition=NOT_OURS)]]},
        True,
    ),
]


def made(statements: tuple[Any, ...], scps: Any) -> World:
    place = account(A, users=(user(A, "ann", *statements),), buckets=(bucket(A, "data"),))
    return world(place, organization=organization(A, scps=scps))


@pytest.mark.parametrize(("why", "statements", "scps", "is_found"), CASES, ids=[case[0] for case in CASES])
def test_data_can_be_carried_out(why: str, statements: tuple[Any, ...], scps: Any, is_found: bool) -> None:
    found = [each for each in data_can_be_carried_out(Survey(made(statements, scps))) if "ann" in each.title]
    assert bool(found) is is_found, why
    for each in found:
        read, written = each.witnesses[-2:]
        assert (read.action, written.action) == ("s3:GetObject", "s3:PutObject")
        assert written.resource_account != A
        assert not written.resource.startswith("arn:aws:s3:::data/")


def test_what_is_not_known_is_told_and_not_left_out() -> None:
    """COND-50: a malformed Deny may keep ann from writing; the finding stands, with the gap."""
    faulty = deny("s3:PutObject", "*", condition={"StringIs": {"aws:ResourceOrgID": "o-x"}})
    (found,) = data_can_be_carried_out(Survey(made((READ, allow("s3:PutObject", "*"), faulty), None)))
    assert any("malformed" in gap for gap in found.gaps)
    assert [each.action for each in found.witnesses] == ["s3:GetObject"]
