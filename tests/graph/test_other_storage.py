"""Directory buckets and S3 on Outposts: named as gaps, never taken for general-purpose buckets (8.1, ORG-20)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.model.organization import Gap, Snapshot
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import ALL_KNOWN, A, B, account, allow, bucket, deny, role, user, world

FAST = "fast--use1-az4--x-s3"
DIRECTORY = f"arn:aws:s3express:us-east-1:{A}:bucket/{FAST}"
OUTPOST = f"arn:aws:s3-outposts:us-east-1:{A}:outpost/op-1/bucket/b"
CASES: list[tuple[str, tuple[dict[str, Any], ...], tuple[str, ...]]] = [
    # title, statements of a user, services that are named
    ("nothing of the kind", (allow("s3:GetObject", "*"),), ()),
    ("an administrator names no service", (allow("*", "*"),), ()),
    ("an action of s3express", (allow("s3express:CreateSession", "*"),), ("s3express",)),
    ("all actions on a directory bucket", (allow("*", DIRECTORY),), ("s3express",)),
    ("its name as that of a bucket", (allow("s3:GetObject", f"arn:aws:s3:::{FAST}/*"),), ("s3express",)),
    ("an action of s3-outposts", (allow("s3-outposts:GetObject", "*"),), ("s3-outposts",)),
    ("in other case", (allow("S3-Outposts:GetObject", "*"),), ("s3-outposts",)),
    ("a resource of s3-outposts", (allow("*", OUTPOST),), ("s3-outposts",)),
    ("both", (allow("*", [OUTPOST, DIRECTORY]),), ("s3-outposts", "s3express")),
    ("a Deny grants nothing", (deny("s3express:*", "*"), allow("s3:GetObject", "*")), ()),
    ("what a statement leaves out", (allow(None, "*", NotAction="s3express:*"),), ()),
]


def told(where: World) -> list[Gap]:
    gaps = find_routes(where, Query()).gaps
    return [each for each in gaps if "services of their own" in each.reason]


@pytest.mark.parametrize(("title", "identity", "services"), CASES, ids=[case[0] for case in CASES])
def test_what_policies_grant(
    title: str, identity: tuple[dict[str, Any], ...], services: tuple[str, ...]
) -> None:
    """One gap for the account, however many policies grant."""
    identity = tuple({k: v for k, v in each.items() if v is not None} for each in identity)
    users = (user(A, "ann", *identity), user(A, "bob", *identity))
    where = world(account(A, users=users, buckets=(bucket(A, "b"),)), account(B))
    gaps = told(where)
    assert [gap.affects for gap in gaps] == ([(A,)] if services else [])
    for service in ("s3express", "s3-outposts"):
        assert any(f"({service})" in gap.reason for gap in gaps) is (service in services)


def test_a_bucket_policy_and_a_role_count_too() -> None:
    guarded = bucket(A, "b", allow("s3express:*", DIRECTORY, principal={"AWS": B}))
    worker = role(B, "app", {"Service": "ec2.amazonaws.com"}, allow("s3-outposts:*", "*"))
    gaps = told(world(account(A, buckets=(guarded,)), account(B, roles=(worker,))))
    assert [gap.affects for gap in gaps] == [(A,), (B,)]


def test_a_listed_directory_bucket_is_no_general_purpose_bucket() -> None:
    """Nobody is said to reach it by s3 actions, and nothing is said to be closed."""
    names = (FAST, *(f"d{number}--use1-az4--x-s3" for number in range(5)))
    held = tuple(bucket(A, name) for name in names)
    where = world(
        account(A, users=(user(A, "ann", allow("s3:*", "*")),), buckets=(bucket(A, "plain"), *held))
    )
    assert {route.access.target for route in find_routes(where, Query()).routes} == {"arn:aws:s3:::plain"}
    (gap,) = told(where)
    assert "d0--use1-az4--x-s3" in gap.reason
    assert "and 3 more" in gap.reason


def test_a_name_in_a_policy_is_no_unknown_bucket() -> None:
    """Where no inventory says which buckets there are."""
    ann = user(A, "ann", allow("s3:GetObject", [f"arn:aws:s3:::{FAST}/*", "arn:aws:s3:::other/*"]))
    where = World(Snapshot((account(A, users=(ann,), known=ALL_KNOWN - {"buckets"}),)))
    targets = {route.access.target for route in find_routes(where, Query()).routes}
    assert targets
    assert not any("x-s3" in each for each in targets)
    assert len(told(where)) == 1
