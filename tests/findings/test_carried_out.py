"""Data that can be copied to buckets of strangers. Source: S3-31, ORG-5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.authorization.decide import decide
from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.findings.finding import Finding
from pathfinder.findings.rules.data_can_be_carried_out import data_can_be_carried_out
from pathfinder.findings.survey import Survey
from pathfinder.graph.hop import Witness
from pathfinder.graph.replay import decide_request, policies_of_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.policy.document import PolicyKind
from tests.building import A, account, allow, bucket, deny, organization, policy, user, world
from tests.graph.test_kms import CONTEXT, key

READ = allow("s3:GetObject", "arn:aws:s3:::data/*")
ANYBODY = policy(PolicyKind.RESOURCE, "taken", "*", allow("s3:PutObject", "*", principal="*"))
KEY = f"arn:aws:kms:eu-west-1:{A}:key/11111111-2222-3333-4444-555555555555"
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


def read_and_written(found: Finding) -> tuple[Witness, Witness]:
    (read,) = (each for each in found.witnesses if each.action == "s3:GetObject")
    (written,) = (each for each in found.witnesses if each.action == "s3:PutObject")
    return read, written


def made(statements: tuple[Any, ...], scps: Any) -> World:
    place = account(A, users=(user(A, "ann", *statements),), buckets=(bucket(A, "data"),))
    return world(place, organization=organization(A, scps=scps))


@pytest.mark.parametrize(("why", "statements", "scps", "is_found"), CASES, ids=[case[0] for case in CASES])
def test_data_can_be_carried_out(why: str, statements: tuple[Any, ...], scps: Any, is_found: bool) -> None:
    found = [each for each in data_can_be_carried_out(Survey(made(statements, scps))) if "ann" in each.title]
    assert bool(found) is is_found, why
    for each in found:
        assert each.assumes
        _, written = read_and_written(replace(each, witnesses=each.witnesses[-2:]))
        assert written.resource_account != A
        assert not written.resource.startswith("arn:aws:s3:::data/")


COPY, PLACE = "s3:x-amz-copy-source", "aws:SourceVpce"
ONE_CALL, TWO_CALLS = "CopyObject is shown", "calls of their own"
READS_PUBLIC = allow("s3:GetObject", "arn:aws:s3:::data/public/*")


def write_if(operator: str, key: str, value: str) -> Any:
    return allow("s3:PutObject", "*", condition={operator: {key: value}})


WAYS: list[tuple[str, tuple[Any, ...], str | None]] = [
    # why                                              ann's policy                                     how; None: not at all
    ("S3-31 one call", (READ, allow("s3:PutObject", "*")), ONE_CALL),
    ("a copy of what is public alone", (READ, write_if("StringLike", COPY, "data/public/*")), ONE_CALL),
    ("... with a slash before it", (READ, write_if("StringLike", COPY, "/data/public/*")), ONE_CALL),
    ("... and that is all that ann reads", (READS_PUBLIC, write_if("StringLike", COPY, "data/*")), ONE_CALL),
    (
        "a copy of what ann does not read",
        (READS_PUBLIC, write_if("StringLike", COPY, "data/private/*")),
        None,
    ),
    ("a copy from another bucket", (READ, write_if("StringLike", COPY, "other/*")), None),
    ("no copies", (READ, write_if("Null", COPY, "true")), TWO_CALLS),
    (
        "a copy that replaces metadata",
        (READ, write_if("StringEquals", "s3:x-amz-metadata-directive", "REPLACE")),
        ONE_CALL,
    ),
    (
        "TERM-2 one way to travel for both",
        (
            allow("s3:GetObject", "*", condition={"StringEquals": {PLACE: "vpce-1"}}),
            write_if("StringEquals", PLACE, "vpce-1"),
        ),
        ONE_CALL,
    ),
    (
        "TERM-2 a read through one endpoint, a write through another",
        (
            allow("s3:GetObject", "*", condition={"StringEquals": {PLACE: "vpce-1"}}),
            write_if("StringEquals", PLACE, "vpce-2"),
        ),
        TWO_CALLS,
    ),
]


@pytest.mark.parametrize(("why", "statements", "how"), WAYS, ids=[case[0] for case in WAYS])
def test_copies_are_one_call_of_two_authorizations(
    why: str, statements: tuple[Any, ...], how: str | None
) -> None:
    """S3-31: with what the source's side and the target's side say, in one context."""
    the_world = made(statements, None)
    found = [each for each in data_can_be_carried_out(Survey(the_world)) if "ann" in each.title]
    assert bool(found) is (how is not None), why
    for each in found:
        assert how is not None
        assert how in each.reason
        read, written = read_and_written(each)
        if how == ONE_CALL:
            name = str(written.context["s3:x-amz-copy-source"])
            assert read.resource == f"arn:aws:s3:::{name.removeprefix('/')}"
            assert "s3:x-amz-copy-source" not in read.context
            assert read.context.get(PLACE) == written.context.get(PLACE)
        else:
            assert "s3:x-amz-copy-source" not in written.context
        assert outcome(decide_request(the_world, request_of_witness(read))) is Outcome.ALLOW
        request, policies = policies_of_request(the_world, request_of_witness(written))
        taken = replace(policies, resource=(ANYBODY,))
        assert outcome(decide(request, taken, the_world.compiler)) is Outcome.ALLOW
        assert any("taken to let the principal write" in text for text in each.assumes)


def test_the_key_of_the_source_counts_for_the_copy() -> None:
    """S3-31, S3-40: kms:Decrypt on the source's key, for the object that is copied."""
    decrypt = allow("kms:Decrypt", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::data/ours/*"}})
    statements = (READ, allow("s3:PutObject", "*"))
    encrypted = bucket(A, "data", encryption="aws:kms", kms_key=KEY, region="eu-west-1", bucket_key=False)
    for more, is_found in (((), False), ((decrypt,), True)):
        place = account(
            A,
            users=(user(A, "ann", *statements, *more),),
            buckets=(encrypted,),
            keys=(key(allow("kms:*", "*", principal={"AWS": f"arn:aws:iam::{A}:root"}), at=KEY),),
        )
        found = [each for each in data_can_be_carried_out(Survey(world(place))) if "ann" in each.title]
        assert bool(found) is is_found
        for each in found:
            read, written = read_and_written(each)
            (of_key,) = (one for one in each.witnesses if one.action == "kms:Decrypt")
            assert of_key.context[CONTEXT] == read.resource
            assert read.resource.startswith("arn:aws:s3:::data/ours/")
            assert str(written.context["s3:x-amz-copy-source"]).endswith(
                read.resource.removeprefix("arn:aws:s3:::")
            )


def test_what_is_not_known_is_told_and_not_left_out() -> None:
    """COND-50: a malformed Deny may keep ann from writing; the finding stands, with the gap."""
    faulty = deny("s3:PutObject", "*", condition={"StringIs": {"aws:ResourceOrgID": "o-x"}})
    (found,) = data_can_be_carried_out(Survey(made((READ, allow("s3:PutObject", "*"), faulty), None)))
    assert any("malformed" in gap for gap in found.gaps)
    assert [each.action for each in found.witnesses] == ["s3:GetObject"]
