"""Requests to one bucket with ACLs and objects of several owners, decided in a world, for tables of cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pathfinder.authorization.acl import ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY
from pathfinder.authorization.scenario import outcome, read_request
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.graph.replay import decide_request
from pathfinder.graph.world import World
from pathfinder.model.resources import Acl, AclGrant, Bucket, ObjectOwnership, PublicAccessBlock, S3Object
from tests.building import A, B, C, account, allow, bucket, role, user, world

CANONICAL = {A: "a" * 64, B: "b" * 64, C: "c" * 64}
STRANGER = "e" * 64
ENFORCED, PREFERRED, WRITER = (
    ObjectOwnership.BUCKET_OWNER_ENFORCED,
    ObjectOwnership.BUCKET_OWNER_PREFERRED,
    ObjectOwnership.OBJECT_WRITER,
)
GROUPS = {"all": ALL_USERS, "authenticated": AUTHENTICATED_USERS, "log": LOG_DELIVERY}
S3 = allow("s3:*", "*")
NOTHING = allow("ec2:*", "*")
UNKNOWN = "unknown"
ALLOW, DENY, IMPLICIT = "allow", "explicit-deny", "implicit-deny"


def acl(owner: str | None, *grants: tuple[str, str]) -> Acl:
    """An ACL of an owner; grantees are account ids, words of GROUPS, or canonical ids."""
    return Acl(
        CANONICAL.get(owner or "", owner),  # type: ignore[call-overload]
        tuple(AclGrant(CANONICAL.get(who, GROUPS.get(who, who)), what) for who, what in grants),  # type: ignore[call-overload]
    )


def object_of(key: str, owner: str, *grants: tuple[str, str]) -> S3Object:
    """An object with its ACL: its owner's full control, and the grants."""
    own = acl(owner, (owner, "FULL_CONTROL"), *grants)
    return S3Object(key, own.owner, own)


def acl_world(
    *grants: tuple[str, str],
    ownership: ObjectOwnership | None = WRITER,
    block: PublicAccessBlock | None = None,
    objects: tuple[S3Object, ...] = (),
    listed: bool = True,
    policy: tuple[dict[str, Any], ...] = (),
    account_block: PublicAccessBlock | None = None,
    **more: Any,
) -> World:
    """A's bucket `b`, with users `full` and `none` and roles of the same names in A, B and C."""
    own: Bucket = bucket(A, "b", *policy, ownership=ownership, acl=acl(A, (A, "FULL_CONTROL"), *grants))
    own = replace(own, objects=objects, objects_listed=listed, **more)
    if block is not None:
        own = replace(own, public_access_block=block)
    accounts = (
        account(
            each,
            canonical_id=CANONICAL[each],
            users=(user(each, "full", S3), user(each, "none", NOTHING)),
            roles=(role(each, "full", {"AWS": each}, S3), role(each, "none", {"AWS": each}, NOTHING)),
            buckets=(own,) if each == A else (),
            public_access_block=account_block if each == A else None,
        )
        for each in (A, B, C)
    )
    return world(*accounts)


def decided(of: World, who: str, action: str, resource: str = "b") -> str:
    """The outcome in a world, or UNKNOWN. `who`: `B full` is a user, `B role none`, `B root`, or as in scenarios."""
    request = {
        "principal": _principal(who),
        "action": f"s3:{action}",
        "resource": f"arn:aws:s3:::{resource}",
        "context": {},
    }
    decision = decide_request(of, read_request(request))
    try:
        return outcome(decision).value
    except ScenarioError:
        return UNKNOWN


_ACCOUNTS = {"A": A, "B": B, "C": C}


def _principal(who: str) -> str:
    first, _, rest = who.partition(" ")
    if first not in _ACCOUNTS:
        return who
    own = _ACCOUNTS[first]
    if rest == "root":
        return f"arn:aws:iam::{own}:root"
    if rest.startswith("role "):
        return f"arn:aws:sts::{own}:assumed-role/{rest.removeprefix('role ')}/s"
    return f"arn:aws:iam::{own}:user/{rest}"
