"""A snapshot folder as somebody with nothing but the AWS CLI makes it: one file for each call's output.

`write_aws_cli(folder)` writes it, with the messages that the CLI prints where there is nothing, or no access.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ACCOUNT, OTHER, MANAGEMENT = "123456789012", "999999999999", "111111111111"


def failed(code: str, operation: str, message: str = "no") -> str:
    """What `2>&1` keeps of a failed call."""
    return f"\nAn error occurred ({code}) when calling the {operation} operation: {message}\n"


def policy_text(**statement: Any) -> str:
    """A policy as get-bucket-policy and others give it: JSON as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


class AwsCliFolder:
    """Writes the files; a string is written as it is, anything else as JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: str, content: Any) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return file

    def account(self, path: str, content: Any) -> Path:
        return self.put(f"accounts/{ACCOUNT}/{path}", content)


def write_aws_cli(folder: Path) -> AwsCliFolder:
    written = AwsCliFolder(folder)
    _organization(written)
    _identities(written)
    _buckets(written)
    _others(written)
    return written


def _organization(written: AwsCliFolder) -> None:
    base = "organizations/o-exampleorgid"
    detail = {
        "Id": "o-exampleorgid",
        "MasterAccountId": MANAGEMENT,
        "FeatureSet": "ALL",
        "AvailablePolicyTypes": [],
    }
    written.put(f"{base}/organization.json", {"Organization": detail})
    types = [
        {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"},
        {"Type": "RESOURCE_CONTROL_POLICY", "Status": "PENDING_ENABLE"},
    ]
    written.put(
        f"{base}/roots.json", {"Roots": [{"Id": "r-ab12", "Arn": "…", "Name": "Root", "PolicyTypes": types}]}
    )
    written.put(
        f"{base}/units/r-ab12.json",
        {"OrganizationalUnits": [{"Id": "ou-ab12-x", "Arn": "…", "Name": "Workload"}]},
    )
    written.put(f"{base}/units/ou-ab12-x.json", {"OrganizationalUnits": []})
    written.put(
        f"{base}/members/r-ab12.json", {"Accounts": [{"Id": MANAGEMENT, "Name": "main", "Status": "ACTIVE"}]}
    )
    written.put(
        f"{base}/members/ou-ab12-x.json",
        {"Accounts": [{"Id": ACCOUNT, "Name": "app"}, {"Id": OTHER, "Name": "log"}]},
    )
    scp = {
        "Id": "p-1",
        "Arn": "arn:aws:organizations::111111111111:policy/o-exampleorgid/service_control_policy/p-1",
        "Type": "SERVICE_CONTROL_POLICY",
    }
    written.put(
        f"{base}/policies/p-1.json",
        {"Policy": {"PolicySummary": scp, "Content": policy_text(Action="s3:*", Resource="*")}},
    )
    written.put(
        f"{base}/targets/p-1.json",
        {"Targets": [{"TargetId": "ou-ab12-x", "Type": "ORGANIZATIONAL_UNIT"}, {"TargetId": OTHER}]},
    )
    written.put(
        f"{base}/targets/p-FullAWSAccess.json",
        [{"Targets": [{"TargetId": "r-ab12"}], "NextToken": "t"}, {"Targets": [{"TargetId": ACCOUNT}]}],
    )
    s3 = {"Id": "p-s3", "Type": "S3_POLICY"}
    content = json.dumps({"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}})
    written.put(f"{base}/policies/p-s3.json", {"Policy": {"PolicySummary": s3, "Content": content}})
    written.put(f"{base}/targets/p-s3.json", {"Targets": [{"TargetId": "ou-ab12-x"}]})
    effective = {
        "PolicyContent": content.replace("all", "none"),
        "TargetId": OTHER,
        "PolicyType": "S3_POLICY",
    }
    written.put(f"{base}/s3-policies/{OTHER}.json", {"EffectivePolicy": effective})


def _identities(written: AwsCliFolder) -> None:
    iam = f"arn:aws:iam::{ACCOUNT}"
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    users = [
        {"UserName": name, "Arn": f"{iam}:user/{name}", "UserId": f"AIDA{name}", "GroupList": []}
        for name in ("ann", "bob")
    ]
    role = {
        "RoleName": "app",
        "Arn": f"{iam}:role/app",
        "RoleId": "AROAAPP",
        "AssumeRolePolicyDocument": trust,
    }
    written.account("iam/1.json", {"UserDetailList": users, "IsTruncated": True, "Marker": "m"})
    written.account("iam/2.json", {"RoleDetailList": [role], "IsTruncated": False})
    written.account(
        "access-keys/ann.json",
        {
            "AccessKeyMetadata": [
                {"UserName": "ann", "AccessKeyId": "AKIA2", "Status": "Inactive"},
                {"UserName": "ann", "AccessKeyId": "AKIA1", "Status": "Active", "CreateDate": "2026-01-01"},
            ]
        },
    )
    written.account("access-keys/bob.json", {"AccessKeyMetadata": []})
    report = "user,arn,user_creation_time,password_enabled,mfa_active\n<root_account>,x,y,not_supported,true\nann,x,y,true,false\nbob,x,y,no_information,N/A\n"
    written.account("credential-report.csv", report)
    written.account(
        "instance-profiles.json",
        {"InstanceProfiles": [{"Arn": f"{iam}:instance-profile/app", "Roles": [{"Arn": f"{iam}:role/app"}]}]},
    )
    written.account(
        "providers/list.json", {"OpenIDConnectProviderList": [{"Arn": f"{iam}:oidc-provider/id.example/x"}]}
    )
    written.account(
        "providers/x.json", {"Url": "id.example/x", "ClientIDList": ["b", "a"], "ThumbprintList": []}
    )
    written.account(
        "providers/saml.json", {"SAMLProviderList": [{"Arn": f"{iam}:saml-provider/idp", "ValidUntil": "…"}]}
    )


def _buckets(written: AwsCliFolder) -> None:
    owner = {"ID": "canonical-id"}
    names = ["whole", "bare", "denied", "silent"]
    written.account(
        "s3.json", {"Owner": owner, "Buckets": [{"Name": name, "CreationDate": "…"} for name in names]}
    )
    grant = {
        "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
        "Permission": "READ",
    }
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
        "BucketKeyEnabled": True,
    }
    switches = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": False,
    }
    answers: dict[str, tuple[Any, str]] = {
        "policy": (
            {"Policy": policy_text(Principal="*", Action="s3:GetObject", Resource="*")},
            "NoSuchBucketPolicy",
        ),
        "acl": ({"Owner": owner, "Grants": [grant]}, "AccessDenied"),
        "ownership-controls": (
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
            "OwnershipControlsNotFoundError",
        ),
        "public-access-block": (
            {"PublicAccessBlockConfiguration": switches},
            "NoSuchPublicAccessBlockConfiguration",
        ),
        "encryption": (
            {"ServerSideEncryptionConfiguration": {"Rules": [rule]}},
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
        "tagging": ({"TagSet": [{"Key": "team", "Value": "é"}]}, "NoSuchTagSet"),
        "versioning": ({"Status": "Enabled"}, ""),
        "abac": ({"AbacStatus": {"Status": "Enabled"}}, "AccessDenied"),
        "location": ({"LocationConstraint": "EU"}, ""),
        "request-payment": ({"Payer": "Requester"}, "AccessDenied"),
    }
    for call, (answer, none) in answers.items():
        written.account(f"s3/whole/{call}.json", answer)
        written.account(
            f"s3/bare/{call}.json",
            failed(none, "GetBucket") if none else {"location": {"LocationConstraint": None}}.get(call, ""),
        )
        written.account(f"s3/denied/{call}.json", failed("AccessDenied", "GetBucket"))
    written.account("s3/unlisted/policy.json", failed("NoSuchBucketPolicy", "GetBucketPolicy"))
    written.account(
        "public-access-block.json", failed("NoSuchPublicAccessBlockConfiguration", "GetPublicAccessBlock")
    )


def _rare(written: AwsCliFolder, region: str) -> None:
    """Multi-Region and Object Lambda access points, and Access Grants."""
    member = {"Bucket": "whole", "Region": region, "BucketAccountId": ACCOUNT}
    point = {
        "Name": "many",
        "Alias": "abc123.mrap",
        "CreatedAt": "2026-01-01T00:00:00+00:00",
        "PublicAccessBlock": {"RestrictPublicBuckets": True},
        "Status": "READY",
        "Regions": [member, {"Bucket": "elsewhere", "Region": "us-east-1"}],
    }
    written.account("multi-region-access-points.json", {"AccessPoints": [point]})
    text = policy_text(Principal="*", Action="s3:GetObject", Resource="*")
    written.account(
        "multi-region-access-points/many/policy.json",
        {"Policy": {"Established": {"Policy": text}, "Proposed": {"Policy": "{}"}}},
    )
    lambda_point = f"arn:aws:s3-object-lambda:{region}:{ACCOUNT}:accesspoint/masked"
    written.account(
        "object-lambda-access-points.json",
        {"ObjectLambdaAccessPointList": [{"Name": "masked", "ObjectLambdaAccessPointArn": lambda_point}]},
    )
    function = {"AwsLambda": {"FunctionArn": f"arn:aws:lambda:{region}:{ACCOUNT}:function:mask"}}
    written.account(
        "object-lambda-access-points/masked/configuration.json",
        {
            "Configuration": {
                "SupportingAccessPoint": f"arn:aws:s3:{region}:{ACCOUNT}:accesspoint/ap",
                "TransformationConfigurations": [
                    {"Actions": ["GetObject"], "ContentTransformation": function}
                ],
            }
        },
    )
    written.account(
        "object-lambda-access-points/masked/policy.json",
        failed("NoSuchAccessPointPolicy", "GetAccessPointPolicyForObjectLambda"),
    )
    grants = f"arn:aws:s3:{region}:{ACCOUNT}:access-grants/default"
    written.account(
        "access-grants-instances.json",
        {"AccessGrantsInstancesList": [{"AccessGrantsInstanceArn": grants}]},
    )
    written.account(f"access-grants-instances/{region}/policy.json", {"Policy": text})
    written.account(
        "access-grants-locations.json",
        {
            "AccessGrantsLocationsList": [
                {
                    "AccessGrantsLocationId": "loc",
                    "AccessGrantsLocationArn": f"{grants}/location/loc",
                    "LocationScope": "s3://whole/logs/*",
                    "IAMRoleArn": f"arn:aws:iam::{ACCOUNT}:role/location",
                }
            ]
        },
    )
    written.account(
        "access-grants.json",
        {
            "AccessGrantsList": [
                {
                    "AccessGrantId": "one",
                    "AccessGrantArn": f"{grants}/grant/one",
                    "Grantee": {
                        "GranteeType": "IAM",
                        "GranteeIdentifier": f"arn:aws:iam::{ACCOUNT}:user/ann",
                    },
                    "Permission": "READ",
                    "AccessGrantsLocationId": "loc",
                    "GrantScope": "s3://whole/logs/app/*",
                }
            ]
        },
    )


def _others(written: AwsCliFolder) -> None:
    region = "eu-central-1"
    point = {
        "Name": "ap",
        "AccessPointArn": f"arn:aws:s3:{region}:{ACCOUNT}:accesspoint/ap",
        "Bucket": "whole",
        "VpcConfiguration": {"VpcId": "vpc-1"},
        "NetworkOrigin": "VPC",
        "Alias": "ap-s3alias",
        "BucketAccountId": ACCOUNT,
    }
    written.account(f"access-points/{region}.json", {"AccessPointList": [point]})
    written.account(
        "access-points/ap/policy.json", {"Policy": policy_text(Principal="*", Action="s3:*", Resource="*")}
    )
    written.account(
        "access-points/ap/access-point.json",
        {"Name": "ap", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
    )
    _rare(written, region)
    key = {"KeyId": "1234", "KeyArn": f"arn:aws:kms:{region}:{ACCOUNT}:key/1234"}
    written.account(f"kms/{region}.json", {"Keys": [key], "Truncated": False})
    written.account(
        "kms/1234/policy.json",
        {"Policy": policy_text(Principal="*", Action="kms:*", Resource="*"), "PolicyName": "default"},
    )
    written.account(
        "kms/1234/key.json",
        {"KeyMetadata": {"KeyId": "1234", "KeyManager": "CUSTOMER", "KeyState": "Enabled", "Enabled": True}},
    )
    grant = {
        "GrantId": "g",
        "GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/app",
        "Operations": ["Decrypt"],
        "Constraints": {"EncryptionContextSubset": {"a": "b"}},
    }
    written.account("kms/1234/grants.json", {"Grants": [grant], "Truncated": False})
    written.account(
        "kms/1234/aliases.json", {"Aliases": [{"AliasName": "alias/logs", "TargetKeyId": "1234"}]}
    )
    written.account("kms/1234/tags.json", {"Tags": [{"TagKey": "use", "TagValue": "logs"}]})
    instance = {
        "InstanceId": "i-0abc",
        "Placement": {"AvailabilityZone": f"{region}a"},
        "VpcId": "vpc-1",
        "PublicIpAddress": "203.0.113.7",
        "State": {"Code": 16, "Name": "running"},
        "Tags": [{"Key": "Name", "Value": "app"}],
    }
    inside = {
        "InstanceId": "i-0def",
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/app", "Id": "AIPA"},
    }
    written.account(
        "ec2-instances.json", {"Reservations": [{"OwnerId": ACCOUNT, "Instances": [instance, inside]}]}
    )
    association = {
        "AssociationId": "iip",
        "InstanceId": "i-0abc",
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/app"},
        "State": "associated",
    }
    written.account("profile-associations.json", {"IamInstanceProfileAssociations": [association]})
    endpoint = {
        "VpcEndpointId": "vpce-1",
        "VpcEndpointType": "Interface",
        "ServiceName": f"com.amazonaws.{region}.sts",
        "VpcId": "vpc-1",
        "PolicyDocument": policy_text(Principal="*", Action="*", Resource="*"),
    }
    written.account("vpc-endpoints.json", {"VpcEndpoints": [endpoint]})
    function = {
        "FunctionName": "export",
        "FunctionArn": f"arn:aws:lambda:{region}:{ACCOUNT}:function:export",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/app",
    }
    written.account("lambda.json", {"Functions": [function]})
    written.account("lambda/export/policy.json", failed("ResourceNotFoundException", "GetPolicy"))
