"""The paths of the pathfinding.cloud catalogue that lead through workloads, each in a snapshot of its own.

Ids, permissions and prerequisites: DataDog/pathfinding.cloud, December 2025, Apache-2.0. The table says what a path
needs; the package's own rows say how it is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from pathfinder.aws.arn import Arn
from pathfinder.graph.world import World
from pathfinder.model.identity import InstanceProfile
from pathfinder.model.resources import Instance, LambdaFunction
from pathfinder.model.workloads import Workload, WorkloadKind
from pathfinder.routes.search import graph_of
from tests.building import A, allow, arn, deny, organization
from tests.graph.escalations.finding import (
    attacker,
    escalations_from,
    in_account,
    paths_from,
    routes_of,
    target,
)

REGION = "eu-west-1"
R = f"arn:aws:iam::{A}:role/r"
PROFILE = InstanceProfile(arn(f"arn:aws:iam::{A}:instance-profile/r"), (arn(R),))
WITH_PROFILE = {"instance_profiles": (PROFILE,)}
_AGENT = allow(["ssm:UpdateInstanceInformation", "ssmmessages:*"], "*")


def runs(kind: WorkloadKind, service: str, resource: str, *, profile: bool = False) -> dict[str, Any]:
    """A workload of this kind that runs as role r."""
    own = Arn("aws", service, REGION, A, resource)
    role, holder = (None, PROFILE.arn) if profile else (arn(R), None)
    found: dict[str, Any] = {"workloads": (Workload(kind, own, "w", role, holder),)}
    return {**found, **WITH_PROFILE} if profile else found


INSTANCE = {
    "instances": (Instance(arn(f"arn:aws:ec2:{REGION}:{A}:instance/i-1"), PROFILE.arn),),
    **WITH_PROFILE,
}
FUNCTION = {"functions": (LambdaFunction(arn(f"arn:aws:lambda:{REGION}:{A}:function:f"), arn(R)),)}
STACK = runs(WorkloadKind.STACK, "cloudformation", "stack/w/1")
STACK_SET = runs(WorkloadKind.STACK_SET, "cloudformation", "stackset/w:1")
PROJECT = runs(WorkloadKind.BUILD_PROJECT, "codebuild", "project/w")
JOB = runs(WorkloadKind.GLUE_JOB, "glue", "job/w")
NOTEBOOK = runs(WorkloadKind.NOTEBOOK, "sagemaker", "notebook-instance/w")


@dataclass(frozen=True)
class Path:
    """A path: its id, the service that the role trusts, the permissions, and what has to be there."""

    id: str
    service: str
    permissions: tuple[str, ...]
    there: dict[str, Any]
    needs_it: bool = True

    @property
    def passes(self) -> bool:
        return "iam:PassRole" in self.permissions


def new(identifier: str, service: str, *permissions: str, there: dict[str, Any] | None = None) -> Path:
    return Path(identifier, service, ("iam:PassRole", *permissions), there or {}, needs_it=bool(there))


def existing(identifier: str, service: str, there: dict[str, Any], *permissions: str) -> Path:
    return Path(identifier, service, permissions, there)


EC2, ECS, GLUE, SAGEMAKER = "ec2", "ecs-tasks", "glue", "sagemaker"
PATHS = [
    new("apprunner-001", "tasks.apprunner", "apprunner:CreateService"),
    existing(
        "apprunner-002",
        "tasks.apprunner",
        runs(WorkloadKind.APP_RUNNER_SERVICE, "apprunner", "service/w/1"),
        "apprunner:UpdateService",
    ),
    new(
        "bedrock-001",
        "bedrock-agentcore",
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    existing(
        "bedrock-002",
        "bedrock-agentcore",
        runs(WorkloadKind.CODE_INTERPRETER, "bedrock-agentcore", "code-interpreter-custom/w"),
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    new("cloudformation-001", "cloudformation", "cloudformation:CreateStack"),
    existing("cloudformation-002", "cloudformation", STACK, "cloudformation:UpdateStack"),
    new(
        "cloudformation-003",
        "cloudformation",
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
    ),
    new("cloudformation-004", "cloudformation", "cloudformation:UpdateStackSet", there=STACK_SET),
    existing(
        "cloudformation-005",
        "cloudformation",
        STACK,
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
    ),
    new("codebuild-001", "codebuild", "codebuild:CreateProject", "codebuild:StartBuild"),
    existing("codebuild-002", "codebuild", PROJECT, "codebuild:StartBuild"),
    existing("codebuild-003", "codebuild", PROJECT, "codebuild:StartBuildBatch"),
    new("codebuild-004", "codebuild", "codebuild:CreateProject", "codebuild:StartBuildBatch"),
    new(
        "datapipeline-001",
        "datapipeline",
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
        "datapipeline:ActivatePipeline",
    ),
    existing("ec2instanceconnect-003", EC2, INSTANCE, "ec2-instance-connect:SendSSHPublicKey"),
    new("ec2-001", EC2, "ec2:RunInstances", there=WITH_PROFILE),
    existing(
        "ec2-002", EC2, INSTANCE, "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"
    ),
    new("ec2-003", EC2, "ec2:RequestSpotInstances", there=WITH_PROFILE),
    existing(
        "ec2-004",
        EC2,
        runs(WorkloadKind.LAUNCH_TEMPLATE, "ec2", "launch-template/lt-1", profile=True),
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
    ),
    new("ecs-001", ECS, "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    new("ecs-002", ECS, "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    new("ecs-003", ECS, "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    new("ecs-004", ECS, "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    new("ecs-005", ECS, "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    new("glue-001", GLUE, "glue:CreateDevEndpoint"),
    existing(
        "glue-002", GLUE, runs(WorkloadKind.DEV_ENDPOINT, "glue", "devEndpoint/w"), "glue:UpdateDevEndpoint"
    ),
    new("glue-003", GLUE, "glue:CreateJob", "glue:StartJobRun"),
    new("glue-004", GLUE, "glue:CreateJob", "glue:CreateTrigger"),
    new("glue-005", GLUE, "glue:UpdateJob", "glue:StartJobRun", there=JOB),
    new("glue-006", GLUE, "glue:UpdateJob", "glue:CreateTrigger", there=JOB),
    new("lambda-001", "lambda", "lambda:CreateFunction", "lambda:InvokeFunction"),
    new("lambda-002", "lambda", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    existing("lambda-003", "lambda", FUNCTION, "lambda:UpdateFunctionCode"),
    existing("lambda-004", "lambda", FUNCTION, "lambda:UpdateFunctionCode", "lambda:InvokeFunction"),
    existing("lambda-005", "lambda", FUNCTION, "lambda:UpdateFunctionCode", "lambda:AddPermission"),
    new("lambda-006", "lambda", "lambda:CreateFunction", "lambda:AddPermission"),
    new("sagemaker-001", SAGEMAKER, "sagemaker:CreateNotebookInstance"),
    new("sagemaker-002", SAGEMAKER, "sagemaker:CreateTrainingJob"),
    new("sagemaker-003", SAGEMAKER, "sagemaker:CreateProcessingJob"),
    existing("sagemaker-004", SAGEMAKER, NOTEBOOK, "sagemaker:CreatePresignedNotebookInstanceUrl"),
    existing(
        "sagemaker-005",
        SAGEMAKER,
        NOTEBOOK,
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StopNotebookInstance",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ),
    existing("ssm-001", EC2, INSTANCE, "ssm:StartSession"),
    existing("ssm-002", EC2, INSTANCE, "ssm:SendCommand"),
]
IDS = [path.id for path in PATHS]


def principal(path: Path) -> dict[str, str]:
    return {"Service": f"{path.service}.amazonaws.com"}


def made(path: Path, *statements: Any, trust: Any = None, limits: Any = None, **more: Any) -> World:
    """The path's snapshot with a user who has these statements."""
    parts = {**path.there, **{k: v for k, v in more.items() if k != "boundary"}}
    boundary = {"boundary": more["boundary"]} if "boundary" in more else {}
    user = attacker(*statements, **boundary)
    role = target(trust or principal(path), allow("s3:GetObject", "*"), _AGENT)
    return in_account(user, role, organization=limits, **parts)


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_open_with_exactly_these_permissions(path: Path) -> None:
    """ESC-1, ESC-2: and S3 is reached as the role."""
    found = made(path, allow(list(path.permissions), "*"))
    assert path.id in paths_from(found)
    assert routes_of(found)
    hops = [hop for hop in escalations_from(found).values() if path.id in hop.escalation.paths]
    assert {hop.escalation.workload for hop in hops} == {"new" if path.passes else "existing"}
    for hop in hops:
        called = {call.action for call in hop.escalation.calls}
        shown = set(path.permissions) <= called
        assert shown or len(hop.escalation.paths) > 1, "one hop shows the plainest of several ways"
        assert all(call.witness is not None for call in hop.escalation.calls)


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_each_permission_is_needed(path: Path) -> None:
    """ESC-1, ESC-98: missing, denied, outside the boundary, or denied by an SCP."""
    everything = allow(list(path.permissions), "*")
    for permission in path.permissions:
        others = [each for each in path.permissions if each != permission]
        kept = (allow(others, "*"),) if others else ()
        assert path.id not in paths_from(made(path, *kept)), permission
        assert path.id not in paths_from(made(path, everything, deny(permission, "*"))), permission
        inside = (allow([*others, "s3:*"], "*"),)
        assert path.id not in paths_from(made(path, everything, boundary=inside)), permission
        closed = organization(A, scps={A: [[deny(permission, "*")]]})
        assert path.id not in paths_from(made(path, everything, limits=closed)), permission


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_the_role_has_to_trust_the_service(path: Path) -> None:
    """ESC-2, STS-49."""
    other = {"Service": "s3.amazonaws.com"}
    assert path.id not in paths_from(made(path, allow(list(path.permissions), "*"), trust=other))


@pytest.mark.parametrize("path", [path for path in PATHS if path.passes], ids=lambda path: path.id)
def test_the_role_is_passed_to_this_service(path: Path) -> None:
    """ESC-98: iam:PassedToService."""
    others = [each for each in path.permissions if each != "iam:PassRole"]

    def to(service: str) -> World:
        passing = {"StringEquals": {"iam:PassedToService": service}}
        return made(path, allow(others, "*"), allow("iam:PassRole", R, condition=passing))

    assert path.id in paths_from(to(principal(path)["Service"]))
    assert path.id not in paths_from(to("s3.amazonaws.com"))


@pytest.mark.parametrize("path", [path for path in PATHS if path.needs_it], ids=lambda path: path.id)
def test_what_has_to_exist(path: Path) -> None:
    """ESC-6: nothing to take over, no path."""
    nothing = dict.fromkeys(path.there, ())
    assert path.id not in paths_from(made(path, allow(list(path.permissions), "*"), **nothing))


def test_the_agent_has_to_be_let_in() -> None:
    """ESC-45: where the instance's role does not let it, that is a gap."""
    role = target({"Service": "ec2.amazonaws.com"}, allow("s3:GetObject", "*"))
    hop = escalations_from(in_account(attacker(allow("ssm:StartSession", "*")), role, **INSTANCE))["ESC-45"]
    assert any("default host management" in gap for gap in hop.gaps)


def test_a_profile_is_made_where_there_is_none() -> None:
    """ESC-40: iam:CreateInstanceProfile and iam:AddRoleToInstanceProfile."""
    making = ["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"]
    needed = ["iam:PassRole", "ec2:RunInstances"]
    role = target({"Service": "ec2.amazonaws.com"})
    assert "ec2-001" in paths_from(in_account(attacker(allow([*needed, *making], "*")), role))
    assert "ec2-001" not in paths_from(in_account(attacker(allow([*needed, making[0]], "*")), role))


def test_the_profile_that_a_policy_allows() -> None:
    """ESC-40: ec2:InstanceProfile."""

    def launching(profile: str) -> World:
        condition = {"ArnEquals": {"ec2:InstanceProfile": profile}}
        statements = (
            allow(["iam:PassRole"], "*"),
            allow("ec2:RunInstances", f"arn:aws:ec2:*:{A}:instance/*", condition=condition),
            allow("ec2:RunInstances", [f"arn:aws:ec2:*:{A}:{kind}/*" for kind in ("subnet", "volume")]),
            allow("ec2:RunInstances", f"arn:aws:ec2:*:{A}:security-group/*"),
            allow("ec2:RunInstances", [f"arn:aws:ec2:*:{A}:network-interface/*", "arn:aws:ec2:*::image/*"]),
        )
        return in_account(attacker(*statements), target({"Service": "ec2.amazonaws.com"}), **WITH_PROFILE)

    assert "ec2-001" in paths_from(launching(str(PROFILE.arn)))
    assert "ec2-001" not in paths_from(launching(f"{PROFILE.arn}x"))


@pytest.mark.parametrize(
    ("key", "permissions", "path"),
    [
        ("cloudformation:RoleArn", ("cloudformation:CreateStack",), "cloudformation-001"),
        (
            "codebuild:serviceRole",
            ("codebuild:CreateProject", "codebuild:StartBuild"),
            "codebuild-001",
        ),
    ],
)
def test_the_role_that_a_policy_names(key: str, permissions: tuple[str, ...], path: str) -> None:
    """ESC-57, ESC-59: keys that say which role is passed."""
    known = next(each for each in PATHS if each.id == path)

    def with_role(role: str) -> World:
        first, *rest = permissions
        statements = [
            allow("iam:PassRole", "*"),
            allow(first, "*", condition={"ArnEquals": {key: role}}),
            *(allow(each, "*") for each in rest),
        ]
        return made(known, *statements)

    assert path in paths_from(with_role(R))
    assert path not in paths_from(with_role(f"{R}x"))


def test_stored_credentials_are_named_and_no_hop() -> None:
    """ESC-95."""
    found = in_account(attacker(allow("secretsmanager:GetSecretValue", "*")), target())
    assert any("possible-credential: 1 of its principals" in gap.reason for gap in graph_of(found).gaps)
    assert not routes_of(found)
    nobody = in_account(attacker(allow("s3:GetObject", "*")), target())
    assert not any("possible-credential" in gap.reason for gap in graph_of(nobody).gaps)
