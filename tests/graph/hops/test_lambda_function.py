"""Lambda functions to their execution roles (STS-41)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.resources import LambdaFunction
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, arn, bucket, deny, organization, role, world

FUNCTION = f"arn:aws:lambda:eu-west-1:{A}:function:export"
OTHER = f"arn:aws:lambda:eu-west-1:{A}:function:other"
ROLE = f"arn:aws:iam::{A}:role/r"
LAMBDA = {"Service": "lambda.amazonaws.com"}


def trusting(condition: Any = None, service: Any = LAMBDA, *more: Any) -> list[Any]:
    first = allow("sts:AssumeRole", principal=service, **({"condition": condition} if condition else {}))
    return [first, *more]


def lambda_world(trust: Any, *policies: Any, held: str = ROLE, **more: Any) -> World:
    function = LambdaFunction(arn(FUNCTION), arn(held))
    return world(
        account(A, roles=(role(A, "r", trust, *policies),), functions=(function,)),
        account(B, buckets=more.pop("buckets", ())),
        **more,
    )


def hops(found: World) -> list[Hop]:
    return [hop for each in Graph(found).hops_from.values() for hop in each if hop.kind == "lambda-function"]


def equals(key: str, value: str) -> dict[str, Any]:
    return {"StringEquals": {key: value}}


TRUSTS = [
    # rules                                   trust policy                                              open
    ("STS-41 Lambda", trusting(), True),
    ("PRIN-9 another service", trusting(None, {"Service": "ec2.amazonaws.com"}), False),
    ("PRIN-1 its account is no service", trusting(None, {"AWS": A}), False),
    ("STS-41 aws:SourceArn of it", trusting({"ArnLike": {"aws:SourceArn": FUNCTION}}), True),
    ("STS-41 aws:SourceArn of another", trusting({"ArnLike": {"aws:SourceArn": OTHER}}), False),
    ("EVAL-45 aws:SourceAccount", trusting(equals("aws:SourceAccount", A)), True),
    ("EVAL-45 another aws:SourceAccount", trusting(equals("aws:SourceAccount", B)), False),
    ("EVAL-45 its organization", trusting(equals("aws:SourceOrgID", "o-x")), True),
    ("EVAL-45 another organization", trusting(equals("aws:SourceOrgID", "o-other")), False),
    ("EVAL-45 no aws:PrincipalOrgID", trusting(equals("aws:PrincipalOrgID", "o-x")), False),
    ("STS-41 session name", trusting(equals("sts:RoleSessionName", "export")), True),
    ("STS-41 another session name", trusting(equals("sts:RoleSessionName", "other")), False),
    ("KEY-2 Lambda passes no external id", trusting(equals("sts:ExternalId", "x")), False),
    (
        "EVAL-1 denied to others than it",
        trusting(
            None,
            LAMBDA,
            deny("sts:AssumeRole", principal=LAMBDA, condition={"ArnNotLike": {"aws:SourceArn": FUNCTION}}),
        ),
        True,
    ),
    (
        "EVAL-1 denied to it",
        trusting(
            None, LAMBDA, deny("sts:*", principal="*", condition={"ArnLike": {"aws:SourceArn": FUNCTION}})
        ),
        False,
    ),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), TRUSTS, ids=[c[0] for c in TRUSTS])
def test_the_trust_policy_decides_knowing_the_function(title: str, trust: Any, is_open: bool) -> None:
    found = lambda_world(trust, organization=organization(A, B))
    listed = hops(found)
    assert bool(listed) is is_open
    for hop in listed:
        assert (hop.source, hop.target, hop.condition) == (FUNCTION, ROLE, TRUE)
        assert hop.witness is not None
        decision = decide_request(found, request_of_witness(hop.witness))
        assert decision.allowed == TRUE
        assert ("execution role", FUNCTION) in {(each.source, each.attached_to) for each in hop.evidence}


def test_an_execution_role_that_is_not_known_is_a_gap() -> None:
    found = lambda_world(trusting(), held=f"arn:aws:iam::{A}:role/gone")
    assert hops(found) == []
    assert [gap.reason for gap in Graph(found).gaps if gap.place == FUNCTION] == [
        f"its execution role arn:aws:iam::{A}:role/gone is not in the snapshot"
    ]


def test_a_function_without_a_known_role_is_a_gap() -> None:
    found = world(account(A, functions=(LambdaFunction(arn(FUNCTION), None),)))
    assert [gap.place for gap in Graph(found).gaps if "execution role" in gap.reason] == [FUNCTION]


def test_rcps_guard_the_role_against_services_too() -> None:
    """ORG-25, ORG-21."""
    guard = organization(A, B, rcps={A: [[deny("sts:AssumeRole", "*", principal="*")]]})
    assert hops(lambda_world(trusting(), organization=guard)) == []


SESSIONS = [
    # rule                               bucket policy's principal and condition                          open
    ("STS-41 its session by name", {"AWS": f"arn:aws:sts::{A}:assumed-role/r/export"}, None, True),
    ("STS-41 another session", {"AWS": f"arn:aws:sts::{A}:assumed-role/r/other"}, None, False),
    (
        "chapter 6 lambda:SourceFunctionArn",
        {"AWS": A},
        {"ArnEquals": {"lambda:SourceFunctionArn": FUNCTION}},
        True,
    ),
    ("chapter 6 of another function", {"AWS": A}, {"ArnEquals": {"lambda:SourceFunctionArn": OTHER}}, False),
    ("KEY-5 aws:SourceArn is for services", {"AWS": A}, {"ArnEquals": {"aws:SourceArn": FUNCTION}}, False),
]


@pytest.mark.parametrize(
    ("title", "principal", "condition", "is_open"), SESSIONS, ids=[c[0] for c in SESSIONS]
)
def test_the_session_carries_its_name_and_function(
    title: str, principal: Any, condition: Any, is_open: bool
) -> None:
    more = {"condition": condition} if condition else {}
    held = bucket(B, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal=principal, **more))
    found = lambda_world(trusting(), allow("s3:*", "*"), buckets=(held,))
    routes = find_routes(found, Query(starts=(FUNCTION,))).routes
    assert bool(routes) is is_open
    for route in routes:
        assert [hop.kind for hop in route.hops] == ["lambda-function", "access"]
        assert all(hop.witness is not None for hop in route.hops)
        assert route.design == "bucket policy"
