"""An iam-collect folder, written by hand after its format: the three designs and what a reader may trip over.

`write_iam_collect(folder)` writes `folder/aws/aws/…`: an organization with a management account (not collected),
an app account whose role reaches the log account's bucket, and a log account.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

APP, LOG, MANAGEMENT = "123456789012", "999999999999", "111111111111"
ORGANIZATION, ROOT, OU = "o-exampleorgid", "r-ab12", "ou-ab12-workload"
FULL_SCP = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
DENY_SCP = f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/service_control_policy/p-NoRoot123"
PERIMETER_RCP = f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/resource_control_policy/p-Perim12"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
BOUNDARY = f"arn:aws:iam::{APP}:policy/limits/Boundary"
OIDC = f"arn:aws:iam::{APP}:oidc-provider/token.actions.githubusercontent.com"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any = None, principal: Any = None, **more: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Action": action, **more}
    if resource is not None:
        found["Resource"] = resource
    if principal is not None:
        found["Principal"] = principal
    return found


class IamCollectFolder:
    """Writes into a folder as iam-collect does: only what there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: str, content: Any) -> Path:
        """One file, `.json` added."""
        file = self.folder / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return file

    def entry(self, path: str, **files: Any) -> None:
        """A folder with one file for each keyword; `trust_policy` is `trust-policy.json`."""
        for name, content in files.items():
            self.put(f"{path}/{name.replace('_', '-')}", content)

    def identity(self, kind: str, arn: str, *, metadata: dict[str, Any] | None = None, **files: Any) -> None:
        """A user, group, role or policy, in the folder that its ARN gives."""
        account, name = arn.split(":")[4], arn.split(":", 5)[5].partition("/")[2]
        owner, service = (APP, "iam/aws") if account == "aws" else (account, "iam")
        path = f"accounts/{owner}/{service}/{kind}/{quote(name.lower(), safe='')}"
        self.entry(path, metadata={"arn": arn, "name": name.rsplit("/", 1)[-1], **(metadata or {})}, **files)


def write_iam_collect(folder: Path) -> IamCollectFolder:
    """The whole folder; returns the writer, for a test that wants to change something."""
    written = IamCollectFolder(folder / "aws/aws")
    _organization(written)
    _app_account(written)
    _log_account(written)
    written.put("indexes/buckets-to-accounts", {"my-bucket": {"accountId": LOG, "region": "eu-central-1"}})
    return written


def _organization(written: IamCollectFolder) -> None:
    base = f"organizations/{ORGANIZATION}"
    written.put(
        f"{base}/metadata",
        {
            "id": ORGANIZATION,
            "arn": f"arn:aws:organizations::{MANAGEMENT}:organization/{ORGANIZATION}",
            "rootOu": ROOT,
            "rootAccountArn": f"arn:aws:organizations::{MANAGEMENT}:account/{ORGANIZATION}/{MANAGEMENT}",
            "rootAccountId": MANAGEMENT,
            "features": {
                "SERVICE_CONTROL_POLICY": True,
                "RESOURCE_CONTROL_POLICY": True,
                "AISERVICES_OPT_OUT_POLICY": False,
            },
        },
    )
    accounts = {
        each: f"arn:aws:organizations::{MANAGEMENT}:account/{ORGANIZATION}/{each}"
        for each in (APP, LOG, MANAGEMENT)
    }
    branch = {"accounts": [accounts[APP], accounts[LOG]], "children": {}}
    written.put(f"{base}/structure", {ROOT: {"accounts": [accounts[MANAGEMENT]], "children": {OU: branch}}})
    written.put(
        f"{base}/ous",
        {
            ROOT: {"scps": [FULL_SCP], "rcps": []},
            OU: {"parent": ROOT, "scps": [FULL_SCP, DENY_SCP], "rcps": [PERIMETER_RCP]},
        },
    )
    written.put(
        f"{base}/accounts",
        {
            APP: {"ou": OU, "scps": [FULL_SCP], "rcps": []},
            LOG: {"ou": OU, "scps": [FULL_SCP], "rcps": []},
            MANAGEMENT: {"ou": ROOT, "scps": [FULL_SCP], "rcps": []},
        },
    )
    written.entry(
        f"{base}/ous/{ROOT}",
        metadata={"arn": f"arn:aws:organizations::{MANAGEMENT}:root/{ORGANIZATION}/{ROOT}", "name": "Root"},
    )
    written.entry(
        f"{base}/ous/{OU}",
        metadata={"arn": f"arn:aws:organizations::{MANAGEMENT}:ou/{ORGANIZATION}/{OU}", "name": "Workload"},
    )
    full = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    deny = document(
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
        }
    )
    perimeter = document(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        }
    )
    written.entry(
        f"{base}/scps/p-fullawsaccess",
        metadata={"arn": FULL_SCP, "name": "FullAWSAccess", "awsManaged": True},
        policy=full,
    )
    written.entry(f"{base}/scps/p-noroot123", metadata={"arn": DENY_SCP, "name": "NoRoot"}, policy=deny)
    written.entry(
        f"{base}/rcps/p-perim12", metadata={"arn": PERIMETER_RCP, "name": "Perimeter"}, policy=perimeter
    )


def _app_account(written: IamCollectFolder) -> None:
    account = f"accounts/{APP}"
    written.put(f"{account}/metadata", {"accountId": APP, "accountName": "app"})
    written.put(f"{account}/organization", {"organizationId": ORGANIZATION})
    iam = f"arn:aws:iam::{APP}"
    written.identity(
        "role",
        f"{iam}:role/service/EC2Role",
        metadata={"id": "AROAEXAMPLEEC2", "path": "/service/", "permissionBoundary": BOUNDARY},
        trust_policy=document(allow("sts:AssumeRole", principal={"Service": "ec2.amazonaws.com"})),
        inline_policies=[
            {
                "PolicyName": "logs",
                "PolicyDocument": document(
                    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::my-bucket/*")
                ),
            }
        ],
        managed_policies=[READ_ONLY],
        instance_profiles=[f"{iam}:instance-profile/EC2Profile"],
        tags={"team": "app", "empty": ""},
    )
    written.identity("instance-profile", f"{iam}:instance-profile/EC2Profile")
    written.identity(
        "policy", BOUNDARY, metadata={"defaultVersionId": "v3"}, current_policy=document(allow("s3:*", "*"))
    )
    written.identity("policy", READ_ONLY, current_policy=document(allow(["s3:Get*", "s3:List*"], "*")))
    written.identity(
        "user",
        f"{iam}:user/Ann",
        metadata={"id": "AIDAEXAMPLEANN", "path": "/"},
        groups=[f"{iam}:group/Readers"],
    )
    written.identity("group", f"{iam}:group/Readers", managed_policies=[READ_ONLY])
    written.identity(
        "oidc-provider",
        OIDC,
        metadata={"url": "https://token.actions.githubusercontent.com", "clientIds": ["sts.amazonaws.com"]},
    )
    written.identity("saml-provider", f"{iam}:saml-provider/AWSSSO_1234_DO_NOT_DELETE")
    written.entry(
        f"{account}/ec2/eu-central-1/vpc-endpoint/vpce-0aaa",
        metadata={
            "id": "vpce-0aaa",
            "vpc": f"arn:aws:ec2:eu-central-1:{APP}:vpc/vpc-0aaa",
            "type": "Gateway",
            "serviceName": "com.amazonaws.eu-central-1.s3",
            "arn": f"arn:aws:ec2:eu-central-1:{APP}:vpc-endpoint/vpce-0aaa",
        },
        endpoint_policy=document(allow("s3:*", "*", "*")),
        tags={"Name": "to-s3"},
    )
    function = f"arn:aws:lambda:eu-central-1:{APP}:function:Export"
    written.entry(
        f"{account}/lambda/eu-central-1/function/export",
        metadata={"arn": function, "name": "Export", "role": f"{iam}:role/service/EC2Role"},
    )


def _log_account(written: IamCollectFolder) -> None:
    account = f"accounts/{LOG}"
    written.put(f"{account}/metadata", {"accountId": LOG})
    written.put(f"{account}/organization", {"organizationId": ORGANIZATION})
    written.put(
        f"{account}/s3-bpa",
        {
            "blockPublicAcls": True,
            "ignorePublicAcls": True,
            "blockPublicPolicy": True,
            "restrictPublicBuckets": True,
        },
    )
    written.identity(
        "role",
        f"arn:aws:iam::{LOG}:role/S3AccessRole",
        metadata={"id": "AROAEXAMPLELOG"},
        trust_policy=document(
            allow("sts:AssumeRole", principal={"AWS": f"arn:aws:iam::{APP}:role/service/EC2Role"})
        ),
    )
    written.entry(
        f"{account}/s3/my-bucket",
        metadata={
            "name": "my-bucket",
            "region": "eu-central-1",
            "arn": "arn:aws:s3:::my-bucket",
            "abacEnabled": True,
        },
        policy=document(
            allow(
                "s3:GetObject",
                "arn:aws:s3:::my-bucket/*",
                {"AWS": f"arn:aws:iam::{APP}:role/service/EC2Role"},
            )
        ),
        bpa={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": False,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": False,
        },
        encryption=[
            {
                "ApplyServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "aws:kms",
                    "KMSMasterKeyID": f"arn:aws:kms:eu-central-1:{LOG}:key/1234",
                }
            }
        ],
        tags={"class": "log"},
    )
    written.entry(
        f"{account}/s3/bare-bucket",
        metadata={"name": "bare-bucket", "region": "us-east-1", "arn": "arn:aws:s3:::bare-bucket"},
    )
    written.entry(
        f"{account}/s3/eu-central-1/accesspoint/Reader",
        metadata={
            "name": "Reader",
            "alias": "reader-abc-s3alias",
            "networkOrigin": "VPC",
            "vpc": "vpc-0bbb",
            "bucket": "my-bucket",
            "bucketAccount": LOG,
        },
        bpa={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
        policy=document(allow("s3:GetObject", "*", {"AWS": APP})),
    )
    written.entry(
        f"{account}/kms/eu-central-1/key/1234",
        metadata={"arn": f"arn:aws:kms:eu-central-1:{LOG}:key/1234", "id": "1234"},
        policy=document(allow("kms:*", "*", {"AWS": f"arn:aws:iam::{LOG}:root"})),
        tags={"use": "logs"},
    )
