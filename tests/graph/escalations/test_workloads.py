"""Escalations through workloads that run as a role, new and existing: the frame that all rows share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.model.resources import LambdaFunction
from pathfinder.routes.search import graph_of
from tests.building import A, B, allow, arn, deny, organization, role
from tests.graph.escalations.finding import (
    USER,
    attacker,
    escalations_from,
    in_account,
    paths_from,
    replayed,
    routes_of,
    target,
)

LAMBDA = {"Service": "lambda.amazonaws.com"}
R = f"arn:aws:iam::{A}:role/r"
FUNCTION = LambdaFunction(arn(f"arn:aws:lambda:eu-west-1:{A}:function:f"), arn(R))
CREATE = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]


def passing(service: Any) -> dict[str, Any]:
    """A condition on iam:PassedToService."""
    return {"StringEquals": {"iam:PassedToService": service}}


OPEN = [
    ("everything on everything", (allow(CREATE, "*"),)),
    (
        "ESC-98 the service is listed",
        (allow(CREATE[1:], "*"), allow("iam:PassRole", R, condition=passing(LAMBDA["Service"]))),
    ),
    (
        "a name that is allowed",
        (allow(CREATE[:1], R), allow(CREATE[1:], f"arn:aws:lambda:*:{A}:function:app-*")),
    ),
    (
        "a region that is allowed",
        (allow(CREATE[:1], R), allow(CREATE[1:], f"arn:aws:lambda:eu-west-1:{A}:function:*")),
    ),
    (
        "aws:RequestedRegion",
        (
            allow(CREATE, "*"),
            deny("lambda:*", "*", condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        ),
    ),
    (
        "ESC-98 the resource that it is passed for",
        (
            allow(CREATE[1:], "*"),
            allow(
                "iam:PassRole",
                R,
                condition={"ArnLike": {"iam:AssociatedResourceArn": f"arn:aws:lambda:*:{A}:function:*"}},
            ),
        ),
    ),
]


@pytest.mark.parametrize(("why", "statements"), OPEN, ids=[why for why, _ in OPEN])
def test_a_role_passed_to_a_new_function(why, statements):
    """ESC-50, lambda-001."""
    found = in_account(attacker(*statements), target(LAMBDA))
    hop = escalations_from(found)["ESC-50"]
    assert hop.escalation.workload == "new"
    assert "lambda-001" in paths_from(found)
    assert hop.escalation.calls[0].witness.context["iam:PassedToService"] == "lambda.amazonaws.com"
    routes = routes_of(found)
    assert routes
    assert set(replayed(found, routes)) == {"allow"}


CLOSED = [
    ("ESC-98 no PassRole", (allow(CREATE[1:], "*"),), LAMBDA, None),
    ("ESC-98 PassRole alone", (allow(CREATE[:1], "*"),), LAMBDA, None),
    ("ESC-1 no call of the function", (allow(CREATE[:2], "*"),), LAMBDA, None),
    (
        "ESC-98 another service",
        (allow(CREATE[1:], "*"), allow("iam:PassRole", R, condition=passing("ec2.amazonaws.com"))),
        LAMBDA,
        None,
    ),
    ("ESC-98 another role", (allow(CREATE[1:], "*"), allow("iam:PassRole", f"{R}x")), LAMBDA, None),
    (
        "ESC-98 passed for an instance alone",
        (
            allow(CREATE[1:], "*"),
            allow(
                "iam:PassRole",
                R,
                condition={"ArnLike": {"iam:AssociatedResourceArn": f"arn:aws:ec2:*:{A}:instance/*"}},
            ),
        ),
        LAMBDA,
        None,
    ),
    ("STS-49 the role does not trust Lambda", (allow(CREATE, "*"),), {"Service": "ec2.amazonaws.com"}, None),
    (
        "ESC-98 an SCP denies PassRole",
        (allow(CREATE, "*"),),
        LAMBDA,
        organization(A, scps={A: [[deny("iam:PassRole", "*")]]}),
    ),
    (
        "no name that both calls allow",
        (
            allow(CREATE[:1], R),
            allow("lambda:CreateFunction", f"arn:aws:lambda:*:{A}:function:a"),
            allow("lambda:InvokeFunction", f"arn:aws:lambda:*:{A}:function:b"),
        ),
        LAMBDA,
        None,
    ),
]


@pytest.mark.parametrize(("why", "statements", "trust", "limits"), CLOSED, ids=[each[0] for each in CLOSED])
def test_not_passed(why, statements, trust, limits):
    """ESC-50, ESC-98."""
    found = in_account(attacker(*statements), target(trust), organization=limits)
    assert "lambda-001" not in paths_from(found)


FOR_WHOM = [
    ("the account", {"StringEquals": {"aws:SourceAccount": A}}, True),
    ("another account", {"StringEquals": {"aws:SourceAccount": B}}, False),
    ("any account but this", {"StringNotEquals": {"aws:SourceAccount": A}}, True),  # where it is not sent
    ("something of the account", {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{A}:function:*"}}, True),
    ("something of another", {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{B}:function:*"}}, False),
    ("a bucket, where Lambda names its function", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}, False),
    ("the organization", {"StringEquals": {"aws:SourceOrgID": "o-x"}}, True),
    ("another organization", {"StringEquals": {"aws:SourceOrgID": "o-y"}}, False),
]


@pytest.mark.parametrize(("whom", "condition", "is_open"), FOR_WHOM, ids=[each[0] for each in FOR_WHOM])
def test_the_service_acts_for_the_account_of_the_role(whom, condition, is_open):
    """STS-49, STS-50, ESC-2: what runs as a role belongs to the role's account, and the service says so."""
    trusts = [allow("sts:AssumeRole", principal=LAMBDA, condition=condition)]
    passed = in_account(attacker(allow(CREATE, "*")), target(trusts), organization=organization(A))
    assert ("ESC-50" in escalations_from(passed)) is is_open
    may = attacker(allow("lambda:UpdateFunctionCode", "*"))
    taken = in_account(may, target(trusts), functions=(FUNCTION,), organization=organization(A))
    assert ("ESC-51" in escalations_from(taken)) is is_open


def _functions(name):
    return f"arn:aws:lambda:*:{A}:function:{name}"


NAMED = [
    # what may be created, what the trust policy asks of aws:SourceArn, whether one function meets both
    (("dev-*",), {"ArnLike": {"aws:SourceArn": _functions("prod-*")}}, False),
    (("*",), {"ArnLike": {"aws:SourceArn": _functions("prod-*")}}, True),
    (("dev-*", "*-x"), {"ArnLike": {"aws:SourceArn": _functions("prod-*")}}, True),
    (("dev-*",), {"StringLike": {"aws:SourceArn": _functions("prod-*")}}, False),
    (("prod-*",), {"ArnNotLike": {"aws:SourceArn": _functions("prod-*")}}, False),
    (("*",), {"ArnNotLike": {"aws:SourceArn": _functions("prod-*")}}, True),
    (("prod-1",), {"ArnEquals": {"aws:SourceArn": _functions("prod-1").replace("*", "eu-west-1")}}, True),
]


@pytest.mark.parametrize(("names", "condition", "is_open"), NAMED)
def test_the_new_function_is_the_one_that_lambda_names(names, condition, is_open):
    """STS-41, ESC-1: the function that may be created has to be the one that the trust policy asks for."""
    may = [
        allow("iam:PassRole", "*"),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"], [_functions(n) for n in names]),
    ]
    trusts = [allow("sts:AssumeRole", principal=LAMBDA, condition=condition)]
    found = in_account(attacker(*may), target(trusts))
    routes = routes_of(found)
    assert bool(routes) is is_open
    assert set(replayed(found, routes)) <= {"allow"}


@pytest.mark.parametrize(("name", "is_open"), [("dev-1", False), ("prod-1", True)])
def test_an_existing_function_is_the_one_that_lambda_names(name, is_open):
    """STS-41, ESC-51, ESC-52: whether it runs as the role already, or is given it."""
    trusts = [
        allow(
            "sts:AssumeRole", principal=LAMBDA, condition={"ArnLike": {"aws:SourceArn": _functions("prod-*")}}
        )
    ]
    function = replace(FUNCTION, arn=replace(FUNCTION.arn, resource=f"function:{name}"))
    runs = in_account(
        attacker(allow("lambda:UpdateFunctionCode", "*")), target(trusts), functions=(function,)
    )
    assert ("ESC-51" in escalations_from(runs)) is is_open
    may = allow(["iam:PassRole", "lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode"], "*")
    idle = replace(function, role=arn(R.replace("role/r", "role/other")))
    given = in_account(attacker(may), target(trusts), role(A, "other", LAMBDA), functions=(idle,))
    changed = [each for each in graph_of(given).escalated.get(USER, ()) if each.escalation.rule == "ESC-52"]
    assert (R in {each.target for each in changed}) is is_open


def test_other_code_in_a_function():
    """ESC-51, lambda-003: of a function that runs as the role already."""
    may = allow("lambda:UpdateFunctionCode", str(FUNCTION.arn))
    found = in_account(attacker(may), target(LAMBDA), functions=(FUNCTION,))
    hop = escalations_from(found)["ESC-51"]
    assert (hop.target, hop.escalation.workload) == (R, "existing")
    assert routes_of(found)
    assert "lambda-003" not in paths_from(in_account(attacker(may), target(LAMBDA)))
    elsewhere = allow("lambda:UpdateFunctionCode", f"{FUNCTION.arn}x")
    assert not routes_of(in_account(attacker(elsewhere), target(LAMBDA), functions=(FUNCTION,)))


def test_functions_that_nobody_listed():
    """ESC-6: what is not known is told."""
    may = allow("lambda:UpdateFunctionCode", "*")
    found = in_account(attacker(may), target(LAMBDA), known=frozenset({"iam", "buckets"}))

    assert any("not in the snapshot: its Lambda functions;" in gap.reason for gap in graph_of(found).gaps)
