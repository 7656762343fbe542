"""What stands beside a hop: shared providers, confused deputies, unique ids of nobody."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.graph import Graph
from pathfinder.graph.world import World
from tests.building import A, B, account, allow, bucket, deny, role, user, world
from tests.graph.hops.showing import equals, gaps_about, hops_of

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{A}:oidc-provider/{GITHUB}"
TRAIL = "cloudtrail.amazonaws.com"


@pytest.mark.parametrize(
    ("condition", "noted"),
    [
        (
            None,
            (
                "Statement[0] of the trust policy: any customer of GitHub Actions can sign in: no condition fixes "
                f"{GITHUB}:sub or {GITHUB}:repository",
            ),
        ),
        ({"StringLike": {f"{GITHUB}:sub": "repo:org/app:*"}}, ()),
    ],
)
def test_a_trust_that_fixes_no_customer_is_noted(condition: Any, noted: tuple[str, ...]) -> None:
    """STS-20."""
    said = {"condition": condition} if condition else {}
    trust = [allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": PROVIDER}, **said)]
    found = world(account(A, roles=(role(A, "r", trust),)))
    (hop,) = hops_of(found, "federated")
    assert hop.notes == noted
    assert Graph(found).node(PROVIDER).label == "GitHub Actions"


def to_service(condition: Any = None, principal: Any = None) -> World:
    said = {"condition": condition} if condition else {}
    statement = allow(
        "s3:PutObject", "arn:aws:s3:::b/*", principal=principal or {"Service": TRAIL}, sid="Write", **said
    )
    return world(account(B, buckets=(bucket(B, "b", statement),)))


def notes_of(found: World, source: str) -> tuple[str, ...]:
    return tuple(note for hop in Graph(found).hops_from[source] for note in hop.notes)


def test_a_service_that_may_act_for_anybody_is_noted() -> None:
    """S3-47, EVAL-45."""
    assert notes_of(to_service(), TRAIL) == (
        "confused deputy: Write of the bucket policy: no condition on aws:SourceArn, aws:SourceAccount or "
        "aws:SourceOrgID says for whom the service may act",
    )
    assert notes_of(to_service(equals("aws:SourceAccount", B)), TRAIL) == ()
    assert "confused deputy" in notes_of(to_service(principal="*"), "any-aws-service")[0]


STALE = [
    # rule                               policies of the bucket                                     ids told
    ("PRIN-8 a principal", allow("s3:*", "*", principal={"AWS": "AROAGONE"}), ["AROAGONE"]),
    ("PRIN-8 a live principal", allow("s3:*", "*", principal={"AWS": "AIDAU"}), []),
    (
        "PRIN-16 a condition",
        deny("s3:*", "*", principal="*", condition={"StringNotLike": {"aws:userid": "AROAGONE:*"}}),
        ["AROAGONE"],
    ),
    (
        "PRIN-16 of a live role",
        deny("s3:*", "*", principal="*", condition={"StringNotLike": {"aws:userid": "AROAR:*"}}),
        [],
    ),
    ("PRIN-3 an ARN", allow("s3:*", "*", principal={"AWS": f"arn:aws:iam::{A}:user/u"}), []),
]


@pytest.mark.parametrize(("title", "statement", "ids"), STALE, ids=[s[0] for s in STALE])
def test_unique_ids_of_nobody_are_told(title: str, statement: Any, ids: list[str]) -> None:
    found = world(
        account(
            A, users=(user(A, "u"),), roles=(role(A, "r", {"AWS": A}),), buckets=(bucket(A, "b", statement),)
        )
    )
    told = [gap.reason.split()[7] for gap in Graph(found).gaps if "unique id" in gap.reason]
    assert [each.rstrip(",") for each in told] == ids


def test_unique_ids_in_trust_policies() -> None:
    found = world(account(A, roles=(role(A, "t", {"AWS": "AIDAGONE"}),)))
    assert gaps_about(found, "AIDAGONE") == [f"arn:aws:iam::{A}:role/t"]
