"""Small worlds as model objects, in few words, for tests of the graph and of routes."""

from __future__ import annotations

from typing import Any

from pathfinder.aws.arn import AccountId, Arn, parse_arn
from pathfinder.graph.world import World
from pathfinder.model.identity import AccessKey, InstanceProfile, Role, User
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import Bucket, Instance, PublicAccessBlock, VpcEndpoint
from pathfinder.model.workloads import WorkloadKind
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document

A, B, C = AccountId("111111111111"), AccountId("222222222222"), AccountId("333333333333")
MANAGEMENT = AccountId("999999999999")
ALL_KNOWN = frozenset(
    {
        "iam",
        "buckets",
        "access_keys",
        "instances",
        "endpoints",
        "keys",
        "access_points",
        "functions",
        "task_definitions",
        "container_services",
        "clusters",
        "pod_identities",
        *(kind.value for kind in WorkloadKind),
        "identity_center",
        "trust_anchors",
        "anywhere_profiles",
        "public_access_block",
        "organization",
    }
)


def arn(text: str) -> Arn:
    """An ARN that must be well-formed."""
    found = parse_arn(text)
    assert found is not None, text
    return found


def statement(effect: str, action: Any, resource: Any = None, **more: Any) -> dict[str, Any]:
    """One statement; `principal` and `condition` as keyword arguments."""
    found = {"Effect": effect, "Action": action}
    if resource is not None:
        found["Resource"] = resource
    for name, element in (("principal", "Principal"), ("condition", "Condition"), ("sid", "Sid")):
        if name in more:
            found[element] = more[name]
    return found


def allow(action: Any, resource: Any = None, **more: Any) -> dict[str, Any]:
    """An Allow statement."""
    return statement("Allow", action, resource, **more)


def deny(action: Any, resource: Any = None, **more: Any) -> dict[str, Any]:
    """A Deny statement."""
    return statement("Deny", action, resource, **more)


def policy(kind: PolicyKind, name: str, attached_to: str, *statements: dict[str, Any]) -> Policy:
    """A policy of these statements."""
    document = parse_document({"Version": "2012-10-17", "Statement": list(statements)})
    return Policy(kind, name, attached_to, document)


def role(account: str, name: str, trust: Any, *statements: dict[str, Any], **more: Any) -> Role:
    """A role: `trust` is a principal element, or whole trust statements; `statements` its identity policy."""
    own = arn(f"arn:aws:iam::{account}:role/{name}")
    trusts = trust if isinstance(trust, list) else [allow("sts:AssumeRole", principal=trust)]
    boundary = more.pop("boundary", None)
    return Role(
        own,
        "AROA" + name.rsplit("/", 1)[-1].upper(),
        policy(PolicyKind.TRUST, "trust policy", str(own), *trusts),
        (policy(PolicyKind.IDENTITY, "inline", str(own), *statements),) if statements else (),
        policy(PolicyKind.BOUNDARY, "boundary", str(own), *boundary) if boundary else None,
        **more,
    )


def user(account: str, name: str, *statements: dict[str, Any], **more: Any) -> User:
    """A user with an inline policy; `keys` are ids of active access keys."""
    own = arn(f"arn:aws:iam::{account}:user/{name}")
    keys = more.pop("keys", ())
    boundary = more.pop("boundary", None)
    return User(
        own,
        "AIDA" + name.rsplit("/", 1)[-1].upper(),
        (policy(PolicyKind.IDENTITY, "inline", str(own), *statements),) if statements else (),
        policy(PolicyKind.BOUNDARY, "boundary", str(own), *boundary) if boundary else None,
        access_keys=tuple(AccessKey(key) for key in keys),
        **more,
    )


def bucket(
    account: str, name: str, *statements: dict[str, Any], restricted: bool = False, **more: Any
) -> Bucket:
    """A bucket with its policy."""
    own = arn(f"arn:aws:s3:::{name}")
    return Bucket(
        own,
        AccountId(account),
        policy(PolicyKind.RESOURCE, "bucket policy", str(own), *statements) if statements else None,
        public_access_block=PublicAccessBlock(restrict_public_buckets=restricted),
        **more,
    )


def instance(account: str, identifier: str, role_name: str) -> tuple[Instance, InstanceProfile]:
    """An instance, and the profile that gives it the role."""
    profile = arn(f"arn:aws:iam::{account}:instance-profile/{role_name}")
    return (
        Instance(arn(f"arn:aws:ec2:eu-west-1:{account}:instance/{identifier}"), profile),
        InstanceProfile(profile, (arn(f"arn:aws:iam::{account}:role/{role_name}"),)),
    )


def endpoint(
    account: str, identifier: str, vpc: str, *statements: dict[str, Any], gateway: bool = True
) -> VpcEndpoint:
    """An S3 endpoint with its policy."""
    found = policy(PolicyKind.ENDPOINT, "endpoint policy", identifier, *statements) if statements else None
    return VpcEndpoint(identifier, AccountId(account), "s3", gateway, vpc, found)


def account(identifier: AccountId, **parts: Any) -> Account:
    """An account of which everything is known."""
    parts.setdefault("known", ALL_KNOWN)
    return Account(identifier, **parts)


FULL = allow("*", "*")


def organization(
    *members: AccountId,
    scps: dict[str, list[list[dict[str, Any]]]] | None = None,
    rcps: dict[str, list[list[dict[str, Any]]]] | None = None,
) -> Organization:
    """An organization of these members under one root.

    `scps` and `rcps`: "root" or an account id to its policies, each a list of statements; every place has
    FullAWSAccess besides unless "only:" stands before it.
    """
    scps, rcps = scps or {}, rcps or {}

    def at(place: str) -> tuple[Policy, ...]:
        given = scps.get(f"only:{place}")
        found = [*(given or []), *([] if given is not None else [[FULL]]), *scps.get(place, [])]
        return tuple(policy(PolicyKind.SCP, f"p-scp{n}", place, *each) for n, each in enumerate(found))

    def guards(place: str) -> tuple[Policy, ...]:
        return tuple(
            policy(PolicyKind.RCP, f"p-rcp{n}", place, *each) for n, each in enumerate(rcps.get(place, []))
        )

    return Organization(
        "o-x",
        MANAGEMENT,
        (OrganizationUnit("r-x", "Root", None, at("root"), guards("root")),),
        tuple(Member(each, "r-x", at(each), guards(each)) for each in (*members, MANAGEMENT)),
        scps_enabled=True,
        rcps_enabled=bool(rcps),
    )


def world(*accounts: Account, organization: Organization | None = None) -> World:
    """A world of these accounts."""
    return World(
        Snapshot(tuple(sorted(accounts, key=lambda each: each.id)), (organization,) if organization else ())
    )
