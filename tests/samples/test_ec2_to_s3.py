"""The facts of the three designs, and of what an SCP, an RCP or an endpoint policy changes, by the command line."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.samples.commands import SAMPLES, chain, pathfinder, routes

APP, LOG, OUTSIDE = "123456789012", "999999999999", "444455556666"
INSTANCE, EC2_ROLE = "i-0abc1234def567890", "EC2Role"
ENDPOINT = "vpce-0aaa3333bbb4444cc"
READ_WRITE_LIST = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]


class Design(NamedTuple):
    name: str
    chain: tuple[str, ...]
    kinds: tuple[str, ...]
    acting_principal: str
    acting_account: str
    scps_of: str
    rcps_of: str
    cross_account: bool


DESIGNS = {
    1: Design(
        "bucket policy",
        (INSTANCE, EC2_ROLE, "my-bucket"),
        ("instance-profile", "access"),
        f"arn:aws:iam::{APP}:role/EC2Role",
        acting_account=APP,
        scps_of=APP,
        rcps_of=LOG,
        cross_account=True,
    ),
    2: Design(
        "AssumeRole",
        (INSTANCE, EC2_ROLE, "S3AccessRole", "my-bucket-by-role"),
        ("instance-profile", "assume-role", "access"),
        f"arn:aws:iam::{LOG}:role/S3AccessRole",
        acting_account=LOG,
        scps_of=LOG,
        rcps_of=LOG,
        cross_account=True,
    ),
    3: Design(
        "access key",
        ("AKIAIOSFODNN7EXAMPLE", "log-writer", "my-bucket-by-key"),
        ("access-key", "access"),
        f"arn:aws:iam::{LOG}:user/log-writer",
        acting_account=LOG,
        scps_of=LOG,
        rcps_of=LOG,
        cross_account=False,
    ),
}

OPEN, CLOSED, ENDPOINT_ONLY = "open", "closed", "open through the endpoint"
VARIANTS = {
    #                              design 1       2       3
    "": (OPEN, OPEN, OPEN),
    "scp-in-app": (CLOSED, OPEN, OPEN),
    "scp-in-app-no-assume-role": (OPEN, CLOSED, OPEN),
    "scp-in-log": (OPEN, CLOSED, CLOSED),
    "rcp-in-log": (CLOSED, OPEN, OPEN),
    "only-through-endpoint": (ENDPOINT_ONLY, CLOSED, CLOSED),
    "stranger": (OPEN, OPEN, OPEN),
    "stranger-without-guards": (OPEN, OPEN, OPEN),
}


def folder(variant: str) -> str:
    return f"ec2-to-s3/variants/{variant}" if variant else "ec2-to-s3"


def test_every_variant_is_in_the_table() -> None:
    assert {path.name for path in (SAMPLES / "ec2-to-s3" / "variants").iterdir()} == set(VARIANTS) - {""}


@pytest.mark.parametrize("design", DESIGNS.values(), ids=lambda design: design.name)
def test_who_acts_and_whose_policies_decide(design: Design) -> None:
    (route,) = [each for each in routes("ec2-to-s3") if chain(each) == design.chain]
    assert tuple(hop["kind"] for hop in route["hops"]) == design.kinds
    assert route["design"] == design.name
    assert route["acting_principal"] == design.acting_principal
    assert route["acting_account"] == design.acting_account
    assert route["scp_account"] == design.scps_of
    assert route["rcp_account"] == design.rcps_of
    assert route["cross_account"] is design.cross_account
    assert route["actions"] == READ_WRITE_LIST
    assert route["condition"] is None


@pytest.mark.parametrize(
    ("variant", "number", "expected"),
    [(variant, number, states[number - 1]) for variant, states in VARIANTS.items() for number in DESIGNS],
)
def test_what_a_variant_changes(variant: str, number: int, expected: str) -> None:
    found = [each for each in routes(folder(variant)) if chain(each) == DESIGNS[number].chain]
    if expected == CLOSED:
        assert found == []
        return
    (route,) = found
    assert route["actions"] == READ_WRITE_LIST
    condition = str(route["condition"])
    assert (ENDPOINT in condition and "not through" not in condition) == (expected == ENDPOINT_ONLY)
    assert (route["condition"] is None) == (expected == OPEN)


def test_nobody_else_but_root_reaches_anything() -> None:
    others = {chain(route) for route in routes("ec2-to-s3") if route["design"] != "root user"}
    whole = [design.chain for design in DESIGNS.values()]
    parts = {each[start:] for each in whole for start in range(len(each) - 1)}
    ec2_itself = {("ec2.amazonaws.com", *each[1:]) for each in whole if each[0] == INSTANCE}
    assert others == parts | ec2_itself


def test_root_of_the_log_account_cannot_delete_logs() -> None:
    actions = {
        action
        for route in routes("ec2-to-s3")
        if route["design"] == "root user"
        for action in route["actions"]
        if route["principal"] == f"arn:aws:iam::{LOG}:root"
    }
    assert {"s3:GetObject", "s3:PutBucketPolicy"} <= actions
    assert not actions & {
        "s3:DeleteBucket",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:PutLifecycleConfiguration",
    }


@pytest.mark.parametrize(
    ("variant", "acting"),
    [
        ("stranger", {f"arn:aws:iam::{OUTSIDE}:root"}),
        (
            "stranger-without-guards",
            {f"arn:aws:iam::{OUTSIDE}:root", DESIGNS[1].acting_principal, DESIGNS[2].acting_principal},
        ),
    ],
)
def test_the_guards_keep_data_from_the_strangers_bucket(variant: str, acting: set[str]) -> None:
    copy = "arn:aws:s3:::my-bucket-by-role-copy"
    found = [route for route in routes(folder(variant)) if route["target"] == copy]
    assert {route["acting_principal"] for route in found} == acting


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_witness_is_allowed_when_it_is_checked(variant: str, tmp_path: Path) -> None:
    tests = tmp_path / "tests.json"
    assert pathfinder("routes", SAMPLES / folder(variant), "--export-tests", tests).returncode == 0
    done = pathfinder("check", tests)
    assert done.returncode == 0, done.stdout
