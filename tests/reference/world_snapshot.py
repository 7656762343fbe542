"""Write a small world as a snapshot folder: what the AWS CLI prints (pathfinder/snapshot/layout.py)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .world_contexts import unique_id
from .world_sessions import instance_arn
from .world_values import World

Json = dict[str, Any]


def write_snapshot(world: World, folder: Path) -> None:
    """Write the world below `folder`, which need not exist yet."""
    organization = world["organization"]
    files: dict[str, Json] = {"pathfinder": {"format_version": 1}}
    for account, content in world["accounts"].items():
        is_member = organization is not None and account in organization["accounts"]
        for name, held in _account(account, content).items():
            files[f"accounts/{account}/{name}"] = held
        if not is_member:
            files[f"accounts/{account}/account"]["Organization"] = None
    if organization:
        for name, held in _organization(organization).items():
            files[f"organizations/{organization['id']}/{name}"] = held
    for name, held in files.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(held), encoding="utf-8")


# ---- accounts -----------------------------------------------------------------------------------------


def _account(account: str, content: Json) -> dict[str, Json]:
    """Each file of the account's folder, without `.json`."""
    instances = content.get("instances", {})
    return {
        "account": {"Id": account, "Partition": "aws", "CanonicalId": account * 5 + "0000"},
        "iam": _iam(account, content),
        "access-keys": {"AccessKeyMetadata": []},
        "providers": {
            "OpenIDConnectProviderList": [
                {"Arn": f"arn:aws:iam::{account}:oidc-provider/{host}", "Url": host}
                for host in content.get("providers", [])
            ],
            "SAMLProviderList": [],
        },
        "instance-profiles": {
            "InstanceProfiles": [_profile(account, content, held["role"]) for held in instances.values()]
        },
        "ec2-instances": {
            "Reservations": [
                {
                    "OwnerId": account,
                    "Instances": [_instance(account, name, held) for name, held in instances.items()],
                }
            ]
        },
        "s3": {"Buckets": [_bucket(account, name, bucket) for name, bucket in content["buckets"].items()]},
        "public-access-block": {"PublicAccessBlockConfiguration": _block(content["restrict_public"])},
        "access-points": {"AccessPointList": []},
        "kms": {"Keys": []},
        "lambda": {"Functions": []},
        "vpc-endpoints": {
            "VpcEndpoints": [_endpoint(name, held) for name, held in content["endpoints"].items()]
        },
    }


def _iam(account: str, content: Json) -> Json:
    """As `get-account-authorization-details` prints it."""
    return {
        "UserDetailList": [
            _principal(account, "User", name, user) | {"GroupList": user["groups"]}
            for name, user in content["users"].items()
        ],
        "GroupDetailList": [
            {"GroupName": name, "Arn": f"arn:aws:iam::{account}:group/{name}"}
            | _policies(account, "Group", group)
            for name, group in content["groups"].items()
        ],
        "RoleDetailList": [
            _principal(account, "Role", name, role)
            | {"AssumeRolePolicyDocument": role["trust"], "InstanceProfileList": []}
            for name, role in content["roles"].items()
        ],
        "Policies": [
            {
                "Arn": _policy_arn(account, name),
                "PolicyName": name,
                "DefaultVersionId": "v1",
                "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}],
            }
            for name, document in content["policies"].items()
        ],
    }


def _principal(account: str, kind: str, name: str, holder: Json) -> Json:
    prefix = {"User": "AIDA", "Role": "AROA"}[kind]
    found = {
        "Path": holder["path"],
        f"{kind}Name": name,
        f"{kind}Id": unique_id(prefix, account, name),
        "Arn": f"arn:aws:iam::{account}:{kind.lower()}{holder['path']}{name}",
        "Tags": [{"Key": key, "Value": value} for key, value in holder["tags"].items()],
    }
    if holder["boundary"]:
        boundary = _policy_arn(account, holder["boundary"])
        found["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": boundary,
        }
    return found | _policies(account, kind, holder)


def _policies(account: str, kind: str, holder: Json) -> Json:
    return {
        f"{kind}PolicyList": [
            {"PolicyName": f"inline-{n}", "PolicyDocument": document}
            for n, document in enumerate(holder["inline"])
        ],
        "AttachedManagedPolicies": [
            {"PolicyName": name, "PolicyArn": _policy_arn(account, name)} for name in holder["managed"]
        ],
    }


def _policy_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:policy/{name}"


def _profile(account: str, content: Json, role: str) -> Json:
    arn = f"arn:aws:iam::{account}:role{content['roles'][role]['path']}{role}"
    return {
        "Arn": _profile_arn(account, role),
        "InstanceProfileName": f"{role}-profile",
        "Roles": [{"RoleName": role, "Arn": arn}],
    }


def _profile_arn(account: str, role: str) -> str:
    return f"arn:aws:iam::{account}:instance-profile/{role}-profile"


def _instance(account: str, name: str, instance: Json) -> Json:
    return {
        "InstanceId": name,
        "Arn": instance_arn(account, name),
        "IamInstanceProfile": {"Arn": _profile_arn(account, instance["role"])},
        "VpcId": instance["vpc"],
        "Public": False,
        "State": {"Name": "running"},
    }


def _bucket(account: str, name: str, bucket: Json) -> Json:
    """Everything of it is known, and nothing but the policy grants anything."""
    owner = account * 5 + "0000"
    grant = {"Grantee": {"Type": "CanonicalUser", "ID": owner}, "Permission": "FULL_CONTROL"}
    return {
        "Name": name,
        "BucketRegion": "eu-west-1",
        "Policy": bucket["policy"],
        "PublicAccessBlockConfiguration": _block(bucket["restrict_public"]),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "Acl": {"Owner": {"ID": owner}, "Grants": [grant]},
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "TagSet": [],
        "AbacStatus": {"Status": "Disabled"},
        "Payer": "BucketOwner",
    }


def _block(restrict: bool) -> dict[str, bool]:
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"), False)
    return closed | {"RestrictPublicBuckets": restrict}


def _endpoint(name: str, endpoint: Json) -> Json:
    found = {
        "VpcEndpointId": name,
        "VpcEndpointType": "Gateway",
        "ServiceName": "com.amazonaws.eu-west-1.s3",
        "VpcId": endpoint["vpc"],
    }
    everything = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    return found | {"PolicyDocument": endpoint["policy"] or everything}


# ---- the organization ---------------------------------------------------------------------------------


def _organization(organization: Json) -> dict[str, Json]:
    """Each file of the organization's folder, without `.json`."""
    types = [
        {"Type": kind, "Status": "ENABLED"}
        for kind, name in (("SERVICE_CONTROL_POLICY", "scp"), ("RESOURCE_CONTROL_POLICY", "rcp"))
        if organization[f"{name}_enabled"]
    ]
    described = {"Id": organization["id"], "MasterAccountId": organization["management"]}
    files: dict[str, Json] = {
        "organization": {"Organization": described | {"AvailablePolicyTypes": types}},
        "roots": {"Roots": [{"Id": organization["root"], "Name": "Root", "PolicyTypes": types}]},
    }
    for unit in organization["ous"]:
        below = [name for name, other in organization["ous"].items() if other["parent"] == unit]
        files[f"units/{unit}"] = {"OrganizationalUnits": [{"Id": name, "Name": name} for name in below]}
        members = [account for account, held in organization["accounts"].items() if held["ou"] == unit]
        files[f"members/{unit}"] = {"Accounts": [{"Id": account, "Name": account} for account in members]}
    for kind, word in (("scp", "SERVICE_CONTROL_POLICY"), ("rcp", "RESOURCE_CONTROL_POLICY")):
        for name, document in organization[f"{kind}s"].items():
            arn = f"arn:aws:organizations::aws:policy/{word.lower()}/p-{name}"
            summary = {"Id": f"p-{name}", "Arn": arn, "Name": name, "Type": word}
            files[f"policies/p-{name}"] = {"Policy": {"PolicySummary": summary, "Content": document}}
            files[f"targets/p-{name}"] = {"Targets": _targets(organization, f"{kind}s", name)}
    return files


def _targets(organization: Json, kind: str, name: str) -> list[Json]:
    levels: Mapping[str, Json] = {**organization["ous"], **organization["accounts"]}
    return [{"TargetId": level} for level, held in levels.items() if name in held[kind]]
