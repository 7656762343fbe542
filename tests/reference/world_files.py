"""Write a small world as the folder that iam-collect would have written (formats.md, chapter 3)."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .world_contexts import unique_id
from .world_values import World

AWS_MANAGED = {"FullAWSAccess", "RCPFullAWSAccess"}


def write_world(world: World, folder: Path) -> None:
    """Write the world below `folder`, which need not exist yet."""
    base = folder / "aws" / "aws"
    for account, content in world["accounts"].items():
        _write_account(base / "accounts" / account, account, content, world["organization"])
    if world["organization"]:
        _write_organization(base / "organizations" / world["organization"]["id"], world["organization"])


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _write_account(
    folder: Path, account: str, content: dict[str, Any], organization: dict[str, Any] | None
) -> None:
    _write(folder / "metadata.json", {"accountId": account})
    if organization and account in organization["accounts"]:
        _write(folder / "organization.json", {"organizationId": organization["id"]})
    _write(folder / "s3-bpa.json", _public_access_block(content["restrict_public"]))
    for name, document in content["policies"].items():
        arn = _policy_arn(account, name)
        _write_thing(
            folder / "iam" / "policy" / name,
            {
                "metadata": {"arn": arn, "name": name, "path": "/", "defaultVersionId": "v1"},
                "current-policy": document,
            },
        )
    for name, group in content["groups"].items():
        metadata = {"arn": f"arn:aws:iam::{account}:group/{name}", "name": name, "path": "/"}
        _write_thing(folder / "iam" / "group" / name, {"metadata": metadata} | _policies(account, group))
    for kind, prefix in (("user", "AIDA"), ("role", "AROA")):
        for name, holder in content[kind + "s"].items():
            _write_principal(folder, account, kind, name, unique_id(prefix, account, name), holder)
    for name, bucket in content["buckets"].items():
        metadata = {"name": name, "region": "eu-west-1", "arn": f"arn:aws:s3:::{name}"}
        files = {"metadata": metadata, "bpa": _public_access_block(bucket["restrict_public"])}
        _write_thing(folder / "s3" / name, files | _if_any("policy", bucket["policy"]))
    for name, endpoint in content["endpoints"].items():
        region = f"arn:aws:ec2:eu-west-1:{account}"
        metadata = {
            "id": name,
            "arn": f"{region}:vpc-endpoint/{name}",
            "vpc": f"{region}:vpc/{endpoint['vpc']}",
            "type": "Gateway",
            "serviceName": "com.amazonaws.eu-west-1.s3",
        }
        where = folder / "ec2" / "eu-west-1" / "vpc-endpoint" / name
        _write_thing(where, {"metadata": metadata} | _if_any("endpoint-policy", endpoint["policy"]))


def _write_principal(
    folder: Path, account: str, kind: str, name: str, unique: str, holder: dict[str, Any]
) -> None:
    path = holder["path"]
    arn = f"arn:aws:iam::{account}:{kind}{path}{name}"
    metadata = {"arn": arn, "name": name, "id": unique, "path": path, "created": "2025-01-01T00:00:00Z"}
    if holder["boundary"]:
        metadata["permissionBoundary"] = _policy_arn(account, holder["boundary"])
    files: dict[str, Any] = {"metadata": metadata, "tags": holder["tags"]} | _policies(account, holder)
    if kind == "role":
        files |= {"trust-policy": holder["trust"], "instance-profiles": []}
    else:
        files["groups"] = [f"arn:aws:iam::{account}:group/{group}" for group in holder["groups"]]
    _write_thing(folder / "iam" / kind / quote((path + name).lstrip("/").lower(), safe=""), files)


def _policies(account: str, holder: dict[str, Any]) -> dict[str, Any]:
    inline = [{"PolicyName": f"inline-{n}", "PolicyDocument": d} for n, d in enumerate(holder["inline"])]
    return {
        "inline-policies": inline,
        "managed-policies": [_policy_arn(account, n) for n in holder["managed"]],
    }


def _write_thing(folder: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        _write(folder / f"{name}.json", content)


def _if_any(name: str, document: Any) -> dict[str, Any]:
    return {} if document is None else {name: document}


def _policy_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:policy/{name}"


def _public_access_block(restrict: bool) -> dict[str, bool]:
    return {
        "blockPublicAcls": False,
        "ignorePublicAcls": False,
        "blockPublicPolicy": False,
        "restrictPublicBuckets": restrict,
    }


def _write_organization(folder: Path, organization: dict[str, Any]) -> None:
    management = organization["management"]
    home = f"arn:aws:organizations::{management}"
    account_arn = f"{home}:account/{organization['id']}"
    _write(
        folder / "metadata.json",
        {
            "id": organization["id"],
            "arn": f"{home}:organization/{organization['id']}",
            "rootOu": organization["root"],
            "rootAccountArn": f"{account_arn}/{management}",
            "rootAccountId": management,
            "features": {
                "SERVICE_CONTROL_POLICY": organization["scp_enabled"],
                "RESOURCE_CONTROL_POLICY": organization["rcp_enabled"],
            },
        },
    )
    root = organization["root"]
    _write(folder / "structure.json", {root: _subtree(organization, root, account_arn)})
    ous, accounts = {}, {}
    for name, ou in organization["ous"].items():
        ous[name] = _attached(organization, ou) | ({"parent": ou["parent"]} if ou["parent"] else {})
        _write(folder / "ous" / name / "metadata.json", {"name": name, "arn": f"{home}:ou/{name}"})
    for account, entry in organization["accounts"].items():
        accounts[account] = {"ou": entry["ou"]} | _attached(organization, entry)
    _write(folder / "ous.json", ous)
    _write(folder / "accounts.json", accounts)
    for kind in ("scp", "rcp"):
        for name, document in organization[f"{kind}s"].items():
            arn = _control_policy_arn(organization, kind, name)
            metadata = {"arn": arn, "name": name, "description": "", "awsManaged": name in AWS_MANAGED}
            where = folder / f"{kind}s" / arn.rsplit("/", 1)[-1].lower()
            _write_thing(where, {"metadata": metadata, "policy": document})


def _subtree(organization: dict[str, Any], ou: str, account_arn: str) -> dict[str, Any]:
    below = [name for name, other in organization["ous"].items() if other["parent"] == ou]
    return {
        "children": {name: _subtree(organization, name, account_arn) for name in below},
        "accounts": [
            f"{account_arn}/{a}" for a, entry in organization["accounts"].items() if entry["ou"] == ou
        ],
    }


def _attached(organization: dict[str, Any], level: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{kind}s": [_control_policy_arn(organization, kind, name) for name in level[f"{kind}s"]]
        for kind in ("scp", "rcp")
    }


def _control_policy_arn(organization: dict[str, Any], kind: str, name: str) -> str:
    kinds = {"scp": "service_control_policy", "rcp": "resource_control_policy"}
    if name in AWS_MANAGED:
        return f"arn:aws:organizations::aws:policy/{kinds[kind]}/p-{name}"
    owner = organization["management"]
    return f"arn:aws:organizations::{owner}:policy/{organization['id']}/{kinds[kind]}/p-{name}"
