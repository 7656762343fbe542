"""ECS and EKS as the AWS CLI and kubectl print them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pathfinder.model.compute import Cluster, ContainerService, PodIdentity, ServiceAccount, TaskDefinition
from pathfinder.model.organization import Account
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.building import arn
from tests.snapshot.aws_cli_folder import ACCOUNT, AwsCliFolder, failed

REGION = "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
DEFINITION = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:3"
SERVICE = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/shop"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/prod"
ASSOCIATION = f"arn:aws:eks:{REGION}:{ACCOUNT}:podidentityassociation/prod/a-1"

DESCRIBED = {
    "taskDefinition": {
        "taskDefinitionArn": DEFINITION,
        "containerDefinitions": [{"name": "web"}],
        "family": "web",
        "taskRoleArn": ROLE,
        "executionRoleArn": f"{ROLE}-start",
        "revision": 3,
        "status": "ACTIVE",
    },
    "tags": [],
}
FILES: dict[str, Any] = {
    "ecs-task-definitions.json": {"taskDefinitionArns": [DEFINITION]},
    "ecs-task-definitions/web.json": DESCRIBED,
    "ecs-services.json": {
        "services": [{"serviceArn": SERVICE, "serviceName": "shop", "taskDefinition": DEFINITION}],
        "failures": [],
    },
    "eks-clusters.json": {"clusters": ["prod"]},
    "eks-clusters/prod.json": {
        "cluster": {
            "name": "prod",
            "arn": CLUSTER,
            "identity": {"oidc": {"issuer": f"https://oidc.eks.{REGION}.amazonaws.com/id/ABC"}},
        }
    },
    f"service-accounts/{REGION}/prod.json": {
        "apiVersion": "v1",
        "kind": "List",
        "metadata": {"resourceVersion": ""},
        "items": [
            {"kind": "ServiceAccount", "metadata": {"name": "plain", "namespace": "shop"}},
            {
                "kind": "ServiceAccount",
                "metadata": {
                    "name": "app",
                    "namespace": "shop",
                    "annotations": {"eks.amazonaws.com/role-arn": ROLE, "other": "x"},
                },
            },
        ],
    },
    "pod-identity-associations.json": {
        "associations": [
            {
                "clusterName": "prod",
                "namespace": "shop",
                "serviceAccount": "app",
                "associationArn": ASSOCIATION,
                "associationId": "a-1",
            }
        ]
    },
    "pod-identity-associations/a-1.json": {
        "association": {
            "clusterName": "prod",
            "namespace": "shop",
            "serviceAccount": "app",
            "roleArn": ROLE,
            "associationArn": ASSOCIATION,
            "disableSessionTags": True,
            "targetRoleArn": f"{ROLE}-far",
            "externalId": "eu-west-1/111111111111/prod/shop/app",
        }
    },
}


def read(folder: Path, without: str = "", **changes: Any) -> Account:
    written = AwsCliFolder(folder)
    for name, content in FILES.items():
        if name != without:
            written.account(name, changes.get(name, content))
    return load(folder).accounts[0]


def test_what_aws_prints_is_read_and_written_again(tmp_path: Path) -> None:
    found = read(tmp_path / "made")
    assert found.task_definitions == (
        TaskDefinition(arn(DEFINITION), arn(ROLE), arn(f"{ROLE}-start"), "ACTIVE"),
    )
    assert (found.task_definitions[0].family, found.task_definitions[0].revision) == ("web", "3")
    assert found.container_services == (ContainerService(arn(SERVICE), arn(DEFINITION)),)
    assert found.clusters == (
        Cluster(
            arn(CLUSTER),
            f"oidc.eks.{REGION}.amazonaws.com/id/ABC",
            (ServiceAccount("shop", "app", ROLE), ServiceAccount("shop", "plain")),
        ),
    )
    assert found.pod_identities == (
        PodIdentity(
            *(arn(ASSOCIATION), "prod", "shop", "app", arn(ROLE), arn(f"{ROLE}-far")),
            tags_sessions=False,
            external_id="eu-west-1/111111111111/prod/shop/app",
        ),
    )
    kinds = {"task_definitions", "container_services", "clusters", "pod_identities"}
    assert kinds <= found.known
    snapshot = load(tmp_path / "made")
    write(snapshot, tmp_path / "again")
    assert load(tmp_path / "again") == snapshot


NOT_KNOWN = [
    ("ecs-task-definitions/web.json", "task_definitions"),
    ("eks-clusters/prod.json", "clusters"),
]


@pytest.mark.parametrize(("file", "kind"), NOT_KNOWN)
def test_what_was_listed_but_not_described_is_not_known(tmp_path: Path, file: str, kind: str) -> None:
    assert kind in read(tmp_path / "whole").known
    assert kind not in read(tmp_path / "part", without=file).known


def test_a_call_that_failed_is_a_gap(tmp_path: Path) -> None:
    name = "pod-identity-associations.json"
    found = read(tmp_path, **{name: failed("AccessDeniedException", "ListPodIdentityAssociations")})
    assert "pod_identities" not in found.known
    assert any("AccessDeniedException" in gap.reason for gap in load(tmp_path).gaps)


WRONG = [
    ("taskRoleArn", "app", 'taskDefinition.taskRoleArn is "app"; the ARN of a role was expected'),
    ("taskDefinitionArn", "web", 'taskDefinition.taskDefinitionArn is "web"; the ARN of a task definition'),
]


@pytest.mark.parametrize(("field", "value", "said"), WRONG)
def test_what_is_no_arn_is_refused_or_left_out(tmp_path: Path, field: str, value: str, said: str) -> None:
    wrong = {"taskDefinition": {**DESCRIBED["taskDefinition"], field: value}}  # type: ignore[dict-item]
    with pytest.raises(InputError) as raised:
        read(tmp_path, **{"ecs-task-definitions/web.json": wrong})
    assert said in str(raised.value)
    (found,) = load(tmp_path, skip_invalid=True).accounts
    assert found.task_definitions == ()
    assert "task_definitions" not in found.known
