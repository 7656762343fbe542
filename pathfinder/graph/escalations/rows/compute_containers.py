"""Containers: ECS, EKS Pod Identity, Batch, App Runner. Source: evaluation.md ESC-53 to ESC-56, ESC-88."""

from __future__ import annotations

from pathfinder.graph.escalations.existing import Existing
from pathfinder.graph.escalations.held import of_kind, services, task_definitions
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import It, New
from pathfinder.model.workloads import WorkloadKind

_TASKS = "ecs-tasks.amazonaws.com"
_DEFINE = New("ecs:RegisterTaskDefinition", "task-definition/")
_CLUSTER = New("ecs:CreateCluster", "cluster/")
_SERVICE = New("ecs:CreateService", "service/")
_TASK = "a new ECS task"
_NEEDS_CLUSTER = ("an ECS cluster has to exist",)


def _ecs(*steps: New, path: str = "", notes: tuple[str, ...] = _NEEDS_CLUSTER) -> PassRole:
    return PassRole("ESC-53", _TASKS, steps, _TASK, (path,) if path else (), notes)


PASS_ROLE = (
    _ecs(_DEFINE, _CLUSTER, _SERVICE, path="ecs-001", notes=()),
    _ecs(_DEFINE, _CLUSTER, New("ecs:RunTask", "task-definition/"), path="ecs-002", notes=()),
    _ecs(_DEFINE, _SERVICE, path="ecs-003"),
    _ecs(_DEFINE, New("ecs:RunTask", "task-definition/"), path="ecs-004"),
    _ecs(
        _DEFINE,
        New("ecs:StartTask", "task-definition/"),
        path="ecs-005",
        notes=("an ECS cluster with a container instance has to exist",),
    ),
    PassRole(
        "ESC-53",
        _TASKS,
        (_DEFINE, It("ecs:UpdateService")),
        "the tasks of an existing ECS service",
        things=services,
        known="container_services",
        words="ECS services",
    ),
    PassRole(
        "ESC-55",
        "pods.eks.amazonaws.com",
        (New("eks:CreatePodIdentityAssociation", "cluster/"),),
        "pods of an EKS cluster",
        gaps=("whether the source can run pods in an EKS cluster is not known",),
    ),
    PassRole(
        "ESC-56",
        _TASKS,
        (
            New("batch:RegisterJobDefinition", "job-definition/"),
            New("batch:SubmitJob", "job-definition/"),
            New("batch:SubmitJob", "job-queue/"),
        ),
        "a new Batch job",
        notes=("a job queue has to exist",),
    ),
    PassRole(
        "ESC-88",
        "tasks.apprunner.amazonaws.com",
        (New("apprunner:CreateService", "service/"),),
        "a new App Runner service",
        ("apprunner-001",),
    ),
)
EXISTING = (
    Existing(
        "ESC-54",
        _TASKS,
        task_definitions,
        "task_definitions",
        "ECS task definitions",
        (It("ecs:RunTask"),),
        "a task with another command would run from",
        notes=_NEEDS_CLUSTER,
        passes_again=True,
    ),
    Existing(
        "ESC-54",
        _TASKS,
        task_definitions,
        "task_definitions",
        "ECS task definitions",
        (New("ecs:ExecuteCommand", "cluster/"), New("ecs:ExecuteCommand", "task/")),
        "a command would run in a task of",
        gaps=("whether such a task runs, and with ECS Exec, is not known",),
    ),
    Existing(
        "ESC-88",
        "tasks.apprunner.amazonaws.com",
        of_kind(WorkloadKind.APP_RUNNER_SERVICE, "App Runner service"),
        WorkloadKind.APP_RUNNER_SERVICE.value,
        "App Runner services",
        (It("apprunner:UpdateService"),),
        "another image would run in",
        ("apprunner-002",),
    ),
)
