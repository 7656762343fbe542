"""Writes this sample, the same bytes each time: `python -m samples.compute.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.compute import Cluster, ContainerService, PodIdentity, ServiceAccount, TaskDefinition
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Snapshot
from pathfinder.model.resources import (
    Acl,
    Bucket,
    LambdaFunction,
    ObjectOwnership,
    PublicAccessBlock,
)
from pathfinder.policy.document import PolicyKind
from samples.writing import arn, folder_given, policy, write_beside

ACCOUNT = AccountId("222222222222")
REGION = "eu-central-1"
IAM = f"arn:aws:iam::{ACCOUNT}"
ISSUER = f"oidc.eks.{REGION}.amazonaws.com/id/EXAMPLE0123456789"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/prod"
EVERYTHING_KNOWN = frozenset(
    {
        *("iam", "buckets", "access_keys", "instances", "endpoints", "keys", "functions"),
        *("access_points", "multi_region_access_points", "object_lambda_access_points", "access_grants"),
        *("task_definitions", "container_services", "clusters", "pod_identities"),
        *("identity_center", "trust_anchors", "anywhere_profiles"),
        *("public_access_block", "organization"),
    }
)

Json = dict[str, object]


def snapshot() -> Snapshot:
    """The whole sample."""
    return Snapshot(accounts=(account(),), organizations=())


def account() -> Account:
    """One account with a function, a task, and a cluster with two service accounts."""
    return Account(
        ACCOUNT,
        name="shop",
        roles=(
            role("Export", _for_function(), reads("exports")),
            role("Web", trust({"Service": "ecs-tasks.amazonaws.com"}), reads("pages")),
            role("Orders", _for_pods(), _of_own_namespace()),
            role("Reports", _for_service_account(), reads("reports")),
        ),
        buckets=(bucket("exports"), bucket("pages"), bucket("orders"), bucket("reports")),
        functions=tuple(
            LambdaFunction(
                arn(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"), arn(f"{IAM}:role/Export")
            )
            for name in ("export", "other")
        ),
        task_definitions=tuple(
            TaskDefinition(
                arn(f"{_ecs()}:task-definition/web:{number}"), arn(f"{IAM}:role/Web"), status="ACTIVE"
            )
            for number in (6, 7)
        ),
        container_services=(
            ContainerService(arn(f"{_ecs()}:service/main/web"), arn(f"{_ecs()}:task-definition/web:7")),
        ),
        clusters=(
            Cluster(
                arn(CLUSTER),
                ISSUER,
                (
                    ServiceAccount("shop", "orders"),
                    ServiceAccount("shop", "reports", f"{IAM}:role/Reports"),
                ),
            ),
        ),
        pod_identities=(
            PodIdentity(
                arn(f"arn:aws:eks:{REGION}:{ACCOUNT}:podidentityassociation/prod/a-example"),
                "prod",
                "shop",
                "orders",
                arn(f"{IAM}:role/Orders"),
            ),
        ),
        known=EVERYTHING_KNOWN,
    )


def _ecs() -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}"


def _for_function() -> Json:
    """Lambda, for one function alone."""
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:export"
    return trust({"Service": "lambda.amazonaws.com"}, condition={"ArnEquals": {"aws:SourceArn": function}})


def _for_pods() -> Json:
    return trust({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", "sts:TagSession"])


def _for_service_account() -> Json:
    provider = {"Federated": f"{IAM}:oidc-provider/{ISSUER}"}
    claims: Json = {
        f"{ISSUER}:sub": "system:serviceaccount:shop:reports",
        f"{ISSUER}:aud": "sts.amazonaws.com",
    }
    return trust(provider, "sts:AssumeRoleWithWebIdentity", {"StringEquals": claims})


def _of_own_namespace() -> Json:
    """Objects under the pod's own namespace, which its session carries as a tag."""
    return {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::orders/${aws:PrincipalTag/kubernetes-namespace}/*",
    }


def bucket(name: str, *statements: Json) -> Bucket:
    """A closed bucket, with its policy if it has one."""
    own = f"arn:aws:s3:::{name}"
    return Bucket(
        arn(own),
        ACCOUNT,
        policy(PolicyKind.RESOURCE, "bucket policy", own, *statements) if statements else None,
        region=REGION,
        public_access_block=PublicAccessBlock(True, True, True, True),
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl=Acl(None, ()),
        encryption="AES256",
        abac=False,
        versioned=False,
        requester_pays=False,
    )


def role(name: str, trust: Json, *statements: Json) -> Role:
    """A role that this statement lets in."""
    own = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    return Role(
        arn(own),
        "AROA" + name.rpartition("/")[2].upper(),
        policy(PolicyKind.TRUST, "trust policy", own, trust),
        (policy(PolicyKind.IDENTITY, "own", own, *statements),),
    )


def reads(name: str) -> Json:
    """An Allow to read the objects of a bucket."""
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}


def trust(principal: Json, action: object = "sts:AssumeRole", condition: Json | None = None) -> Json:
    """An Allow to assume the role."""
    found: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**found, "Condition": condition} if condition else found


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
