"""What runs with a role, read from the outputs of the AWS CLI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathfinder.model.workloads import WorkloadKind
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.read import load

A = "111111111111"
ROLE = f"arn:aws:iam::{A}:role/service/runs"
PROFILE = f"arn:aws:iam::{A}:instance-profile/runs"

# file, content, kind, ARN, role, profile
CASES: list[tuple[str, Any, WorkloadKind, str, str | None, str | None]] = [
    (
        "cloudformation-stacks",
        {"Stacks": [{"StackId": f"arn:aws:cloudformation:eu-west-1:{A}:stack/net/1-2", "RoleARN": ROLE}]},
        WorkloadKind.STACK,
        f"arn:aws:cloudformation:eu-west-1:{A}:stack/net/1-2",
        ROLE,
        None,
    ),
    (
        "cloudformation-stack-sets",
        [
            {
                "StackSet": {
                    "StackSetName": "all",
                    "StackSetARN": f"arn:aws:cloudformation:eu-west-1:{A}:stackset/all:1",
                    "AdministrationRoleARN": ROLE,
                }
            }
        ],
        WorkloadKind.STACK_SET,
        f"arn:aws:cloudformation:eu-west-1:{A}:stackset/all:1",
        ROLE,
        None,
    ),
    (
        "codebuild-projects",
        {
            "projects": [
                {"arn": f"arn:aws:codebuild:eu-west-1:{A}:project/p", "name": "p", "serviceRole": ROLE}
            ]
        },
        WorkloadKind.BUILD_PROJECT,
        f"arn:aws:codebuild:eu-west-1:{A}:project/p",
        ROLE,
        None,
    ),
    (
        "glue-jobs/eu-west-1",
        {"Jobs": [{"Name": "load", "Role": "service/runs"}]},
        WorkloadKind.GLUE_JOB,
        f"arn:aws:glue:eu-west-1:{A}:job/load",
        ROLE,
        None,
    ),
    (
        "glue-dev-endpoints",
        {"DevEndpoints": [{"EndpointName": "dev", "RoleArn": ROLE, "Region": "eu-west-1"}]},
        WorkloadKind.DEV_ENDPOINT,
        f"arn:aws:glue:eu-west-1:{A}:devEndpoint/dev",
        ROLE,
        None,
    ),
    (
        "sagemaker-notebooks",
        {
            "NotebookInstanceArn": f"arn:aws:sagemaker:eu-west-1:{A}:notebook-instance/n",
            "NotebookInstanceName": "n",
            "RoleArn": ROLE,
            "NotebookInstanceStatus": "InService",
        },
        WorkloadKind.NOTEBOOK,
        f"arn:aws:sagemaker:eu-west-1:{A}:notebook-instance/n",
        ROLE,
        None,
    ),
    (
        "apprunner-services",
        {
            "Service": {
                "ServiceArn": f"arn:aws:apprunner:eu-west-1:{A}:service/web/1",
                "ServiceName": "web",
                "InstanceConfiguration": {"InstanceRoleArn": ROLE},
            }
        },
        WorkloadKind.APP_RUNNER_SERVICE,
        f"arn:aws:apprunner:eu-west-1:{A}:service/web/1",
        ROLE,
        None,
    ),
    (
        "code-interpreters",
        {
            "codeInterpreterArn": f"arn:aws:bedrock-agentcore:eu-west-1:{A}:code-interpreter-custom/c",
            "executionRoleArn": ROLE,
        },
        WorkloadKind.CODE_INTERPRETER,
        f"arn:aws:bedrock-agentcore:eu-west-1:{A}:code-interpreter-custom/c",
        ROLE,
        None,
    ),
    (
        "launch-templates/eu-west-1",
        {
            "LaunchTemplateVersions": [
                {
                    "LaunchTemplateId": "lt-1",
                    "DefaultVersion": True,
                    "LaunchTemplateData": {"IamInstanceProfile": {"Name": "runs"}},
                },
                {"LaunchTemplateId": "lt-2", "DefaultVersion": False, "LaunchTemplateData": {}},
            ]
        },
        WorkloadKind.LAUNCH_TEMPLATE,
        f"arn:aws:ec2:eu-west-1:{A}:launch-template/lt-1",
        None,
        PROFILE,
    ),
    (
        "emr-clusters",
        {
            "Cluster": {
                "ClusterArn": f"arn:aws:elasticmapreduce:eu-west-1:{A}:cluster/j-1",
                "ServiceRole": "service/runs",
                "Ec2InstanceAttributes": {"IamInstanceProfile": "runs"},
                "Status": {"State": "WAITING"},
            }
        },
        WorkloadKind.EMR_CLUSTER,
        f"arn:aws:elasticmapreduce:eu-west-1:{A}:cluster/j-1",
        ROLE,
        PROFILE,
    ),
]


def snapshot_with(folder: Path, file: str, content: Any) -> Path:
    place = folder / "accounts" / A / f"{file}.json"
    place.parent.mkdir(parents=True)
    (folder / "pathfinder.json").write_text('{"format_version": 1}', encoding="utf-8")
    place.write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "content", "kind", "arn", "role", "profile"), CASES, ids=[case[0] for case in CASES]
)
def test_read(
    tmp_path: Path,
    file: str,
    content: Any,
    kind: WorkloadKind,
    arn: str,
    role: str | None,
    profile: str | None,
) -> None:
    (account,) = load(snapshot_with(tmp_path, file, content)).accounts
    (found,) = account.workloads
    assert (found.kind, str(found.arn)) == (kind, arn)
    assert [None if each is None else str(each) for each in (found.role, found.profile)] == [role, profile]
    assert kind.value in account.known


def test_a_region_that_nobody_says(tmp_path: Path) -> None:
    folder = snapshot_with(tmp_path, "glue-jobs", {"Jobs": [{"Name": "load", "Role": ROLE}]})
    with pytest.raises(InputError, match=r"Jobs\[0\].*does not say its Region"):
        load(folder)
    (account,) = load(folder, skip_invalid=True).accounts
    assert not account.workloads
    assert WorkloadKind.GLUE_JOB.value not in account.known


def test_what_is_no_role(tmp_path: Path) -> None:
    wrong = {"Jobs": [{"Name": "load", "Role": f"arn:aws:iam::{A}:user/ann", "Region": "eu-west-1"}]}
    with pytest.raises(InputError, match="the ARN of a role was expected"):
        load(snapshot_with(tmp_path, "glue-jobs", wrong))
