"""ECS tasks to their roles (STS-42)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.compute import ContainerService, TaskDefinition
from tests.building import ALL_KNOWN, A, B, account, allow, arn, bucket, deny, role, world
from tests.graph.hops.showing import equals, gaps_about, hops_of, replays, routes_from

ECS = f"arn:aws:ecs:eu-west-1:{A}"
FAMILY = f"{ECS}:task-definition/web"
TASK, START = f"arn:aws:iam::{A}:role/task", f"arn:aws:iam::{A}:role/start"
TASKS = {"Service": "ecs-tasks.amazonaws.com"}


def revision(number: int, task: str | None = TASK, **more: Any) -> TaskDefinition:
    return TaskDefinition(arn(f"{FAMILY}:{number}"), arn(task) if task else None, **more)


def ecs_world(trust: Any, *definitions: TaskDefinition, services: Any = (), **more: Any) -> World:
    policies = more.pop("policies", ())
    return world(
        account(
            A,
            roles=(role(A, "start", TASKS), role(A, "task", trust, *policies)),
            task_definitions=definitions or (revision(1),),
            container_services=services,
            **more.pop("parts", {}),
        ),
        account(B, buckets=more.pop("buckets", ())),
        **more,
    )


def trusting(condition: Any = None, service: Any = TASKS) -> list[Any]:
    return [allow("sts:AssumeRole", principal=service, **({"condition": condition} if condition else {}))]


TRUSTS = [
    ("STS-42 ECS tasks", trusting(), True),
    ("PRIN-9 ECS itself is another service", trusting(None, {"Service": "ecs.amazonaws.com"}), False),
    ("EVAL-45 aws:SourceAccount", trusting(equals("aws:SourceAccount", A)), True),
    ("EVAL-45 another account", trusting(equals("aws:SourceAccount", B)), False),
    ("EVAL-45 aws:SourceArn of the Region", trusting({"ArnLike": {"aws:SourceArn": f"{ECS}:*"}}), True),
    (
        "EVAL-45 aws:SourceArn of another Region",
        trusting({"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-east-1:{A}:*"}}),
        False,
    ),
    (
        "EVAL-45 aws:SourceArn of another account",
        trusting({"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:*:{B}:*"}}),
        False,
    ),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), TRUSTS, ids=[c[0] for c in TRUSTS])
def test_the_trust_policy_decides(title: str, trust: Any, is_open: bool) -> None:
    found = ecs_world(trust)
    listed = hops_of(found, "ecs-task")
    assert [(hop.source, hop.target) for hop in listed] == ([(FAMILY, TASK)] if is_open else [])
    assert all(replays(found, hop) for hop in listed)


def test_revisions_of_a_family_are_one_start() -> None:
    definitions = (
        revision(2, execution_role=arn(START)),
        revision(10),
        revision(11, START),
        revision(12, None),
    )
    services = (ContainerService(arn(f"{ECS}:service/main/shop"), arn(f"{FAMILY}:10")),)
    found = ecs_world(trusting(), *definitions, services=services)
    assert [(hop.source, hop.target, dict(hop.extra)) for hop in hops_of(found, "ecs-task")] == [
        (FAMILY, START, {"role": "execution role", "revisions": "2"}),
        (FAMILY, START, {"role": "task role", "revisions": "11"}),
        (FAMILY, TASK, {"role": "task role", "revisions": "2, 10", "services": "shop"}),
    ]


@pytest.mark.parametrize(
    ("status", "runs", "is_open"),
    [("ACTIVE", False, True), (None, False, True), ("INACTIVE", False, False), ("INACTIVE", True, True)],
)
def test_an_inactive_revision_counts_while_a_service_runs_it(
    status: str | None, runs: bool, is_open: bool
) -> None:
    services = (ContainerService(arn(f"{ECS}:service/main/shop"), arn(f"{FAMILY}:1")),) if runs else ()
    found = ecs_world(trusting(), revision(1, status=status), services=services)
    assert bool(hops_of(found, "ecs-task")) is is_open


def test_a_role_that_is_not_known_is_a_gap() -> None:
    found = ecs_world(trusting(), revision(1, f"arn:aws:iam::{A}:role/gone"))
    assert hops_of(found, "ecs-task") == []
    assert gaps_about(found, "its task role") == [FAMILY]


@pytest.mark.parametrize("trusted", [True, False])
def test_task_definitions_are_missed_where_a_role_trusts_ecs(trusted: bool) -> None:
    known = {"known": ALL_KNOWN - {"task_definitions"}}
    roles = (role(A, "r", TASKS if trusted else {"AWS": A}),)
    assert gaps_about(world(account(A, roles=roles, **known)), "ECS tasks") == ([A] if trusted else [])


SESSIONS = [
    ("STS-42 names are task ids, not chosen", {"AWS": f"arn:aws:sts::{A}:assumed-role/task/mine"}, False),
    (
        "STS-42 a task id may be any",
        {"AWS": f"arn:aws:sts::{A}:assumed-role/task/0123456789abcdef0123456789abcdef"},
        True,
    ),
    ("PRIN-5 the role", {"AWS": TASK}, True),
]


@pytest.mark.parametrize(("title", "principal", "is_open"), SESSIONS, ids=[c[0] for c in SESSIONS])
def test_routes(title: str, principal: Any, is_open: bool) -> None:
    held = bucket(B, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal=principal))
    found = ecs_world(trusting(), policies=(allow("s3:*", "*"),), buckets=(held,))
    routes = routes_from(found, FAMILY)
    assert bool(routes) is is_open
    assert all(hop.condition == TRUE or hop.witness for route in routes for hop in route.hops)


def test_a_deny_on_the_source_closes_it() -> None:
    """EVAL-1."""
    trust = [
        *trusting(),
        deny("sts:*", principal="*", condition={"StringNotEquals": {"aws:SourceAccount": B}}),
    ]
    assert hops_of(ecs_world(trust), "ecs-task") == []
