"""Build small worlds of two accounts by hand: a role `reader` that reads the bucket `data`, and who comes to it."""

from typing import Any

from .world_values import World

A, B = "111111111111", "222222222222"
PROVIDER = f"arn:aws:iam::{A}:oidc-provider/idp.example.com"
INSTANCE = f"arn:aws:ec2:eu-west-1:{A}:instance/i-0one"
Json = dict[str, Any]


def allow(actions: Any, principal: Any = None, **conditions: Any) -> Json:
    """A statement; `StringEquals={key: value}` and so on are its conditions. No principal: identity policy."""
    element = {"Resource": "*"} if principal is None else {"Principal": principal}
    found = {"Effect": "Allow", "Action": actions} | element
    return found | ({"Condition": conditions} if conditions else {})


def deny(actions: Any, principal: Any = None, **conditions: Any) -> Json:
    """As `allow`."""
    return allow(actions, principal, **conditions) | {"Effect": "Deny"}


def arn(name: str, account: str = A) -> str:
    """Of a role, or of the user `ann`."""
    return f"arn:aws:iam::{account}:{'user' if name == 'ann' else 'role'}/{name}"


def aws(name: str, account: str = A) -> Json:
    """A Principal."""
    return {"AWS": arn(name, account)}


def holder(*statements: Json, trust: list[Json] | None = None, boundary: bool = False, **tags: str) -> Json:
    """A user, or with `trust` a role; the boundary is the account's policy `limit`."""
    found: Json = {"path": "/", "inline": [document(*statements)] if statements else [], "managed": []}
    found |= {"boundary": "limit" if boundary else None, "tags": tags, "groups": []}
    return found if trust is None else found | {"trust": document(*trust)}


def document(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def world(
    reader: Json,
    ann: Json | None = None,
    hop: Json | None = None,
    home: str = A,
    limit: Json | None = None,
    rcp: Json | None = None,
    scp: Json | None = None,
    bucket: Json | None = None,
) -> World:
    """`reader` in account A; the user `ann` and the role `hop` in account `home`."""
    accounts: Json = {account: _account() for account in (A, B)}
    accounts[A]["roles"]["reader"] = reader
    accounts[A]["buckets"]["data"] = {"policy": bucket, "restrict_public": False}
    accounts[A] |= {"providers": ["idp.example.com"], "instances": {}}
    if "ec2" in str(reader["trust"]):
        accounts[A]["instances"]["i-0one"] = {"vpc": "vpc-0one", "role": "reader"}
    if ann:
        accounts[home]["users"]["ann"] = ann
    if hop:
        accounts[home]["roles"]["hop"] = hop
    if limit:
        accounts[home]["policies"]["limit"] = document(limit)
    organization = _organization(scp, rcp) if scp or rcp else None
    return {"with_sessions": True, "organization": organization, "accounts": accounts}


def _account() -> Json:
    kinds = ("policies", "groups", "users", "roles", "buckets", "endpoints", "instances")
    return {"restrict_public": False, "providers": []} | {kind: {} for kind in kinds}


def _organization(scp: Json | None, rcp: Json | None) -> Json:
    """Both accounts are members, under a management account of which nothing is known."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    member = {"ou": "r-root", "scps": ["FullAWSAccess"], "rcps": ["RCPFullAWSAccess"]}
    return {
        "id": "o-one",
        "management": "999999999999",
        "root": "r-root",
        "scp_enabled": True,
        "rcp_enabled": True,
        "scps": {"FullAWSAccess": document(everything)} | ({"guard": document(scp)} if scp else {}),
        "rcps": {"RCPFullAWSAccess": document(everything | {"Principal": "*"})}
        | ({"perimeter": document(rcp | {"Resource": "*"})} if rcp else {}),
        "ous": {
            "r-root": {
                "parent": None,
                "scps": ["FullAWSAccess", *(["guard"] if scp else [])],
                "rcps": ["RCPFullAWSAccess", *(["perimeter"] if rcp else [])],
            }
        },
        "accounts": {account: dict(member) for account in (A, B)},
    }
