"""S3 Access Grants: sessions of a location's role, narrowed to what a grant gives. Source: evaluation.md S3-57, 8.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import RoleSession, SessionName
from pathfinder.aws.arn import AccountId, Arn
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import Actor, role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.access_points import AccessGrant, AccessGrantsInstance
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account
from pathfinder.model.resources import Bucket
from pathfinder.model.workforce import IdentityCenter
from pathfinder.policy.context import Values
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.policy.resources import Target

SERVICE = "access-grants.s3.amazonaws.com"
"""Who starts the sessions."""
GET_DATA_ACCESS = "s3:GetDataAccess"
READING = (
    *("s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectVersion", "s3:GetObjectVersionAcl"),
    "s3:ListMultipartUploadParts",
)
WRITING = (
    *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"),
    *("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
)
ASSUMED = "which actions a grant's permission stands for is taken from what AWS asks of a location's role"


@dataclass(frozen=True, slots=True, eq=False)
class GrantSession:
    """What a grant yields: `actor` is a session of the location's role, under the grant's session policy."""

    account: Account
    instance: AccessGrantsInstance
    grant: AccessGrant
    role: Role
    actor: Actor


def grant_sessions(world: World) -> dict[str, GrantSession]:
    """The sessions that grants yield, by the grant's node; computed once."""
    if world.grants is None:
        world.grants = {each.actor.node.id: each for each in _sessions(world)}
    found: dict[str, GrantSession] = world.grants  # type: ignore[assignment]
    return found


def _sessions(world: World) -> Iterator[GrantSession]:
    for account in world.snapshot.accounts:
        for instance in account.access_grants_instances:
            roles = {each.id: each.role for each in instance.locations or ()}
            for grant in instance.grants or ():
                role = world.roles.get(str(roles.get(grant.location)))
                known = grant.grantee_type == "IAM" or grant.is_to_directory
                if known and role is not None and not role.service_linked:
                    yield GrantSession(account, instance, grant, role, _actor(instance, grant, role))


def _actor(instance: AccessGrantsInstance, grant: AccessGrant, role: Role) -> Actor:
    """A session whose name AWS chooses, so that no policy names it; it carries the instance's ARN.

    For somebody of a directory it carries what their identity provider says, too.
    """
    session = Policy(
        PolicyKind.SESSION, "session policy of the grant", str(grant.arn), parse_document(_narrowing(grant))
    )
    label = f"{role.arn.name} by grant {grant.id}"
    return replace(
        role_actor(role),
        node=Node(str(grant.arn), NodeKind.ACCESS_GRANT, label, role.arn.account),
        caller=RoleSession(role.arn, SessionName.UNNAMED, role.unique_id),
        trusted=frozenset({"source-identity", *(("federated",) if grant.is_to_directory else ())}),
        session=(session,),
        carries={"s3:accessgrantsinstancearn": Values((str(instance.arn),))},
    )


def _narrowing(grant: AccessGrant) -> dict[str, object]:
    """The session policy: the grant's scope and permission (S3-57)."""
    scope = grant.scope.removeprefix("s3://")
    name, _, prefix = scope.partition("/")
    partition = grant.arn.partition
    statements: list[dict[str, object]] = []
    reads, writes = grant.permission in ("READ", "READWRITE"), grant.permission in ("WRITE", "READWRITE")
    actions = [*(READING if reads else ()), *(WRITING if writes else ())]
    if actions and prefix:
        statements.append(
            {"Effect": "Allow", "Action": actions, "Resource": f"arn:{partition}:s3:::{_literal(scope)}"}
        )
    if reads and scope.endswith("*"):
        listed: dict[str, object] = {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:{partition}:s3:::{_literal(name)}",
        }
        if prefix != "*":
            listed["Condition"] = {"StringLike": {"s3:prefix": _literal(prefix)}}
        statements.append(listed)
    return {"Version": "2012-10-17", "Statement": statements}


def _literal(text: str) -> str:
    """The text as a policy has it: of its characters the last `*` alone is a wildcard."""
    beginning, star = (text[:-1], "*") if text.endswith("*") else (text, "")
    for mark, written in (("$", "${$}"), ("*", "${*}"), ("?", "${?}")):
        beginning = beginning.replace(mark, written)
    return beginning + star


def instance_resource(instance: AccessGrantsInstance) -> Resource:
    """The instance as something to ask for data access; its policy is the resource policy."""
    policies = (instance.policy,) if instance.policy is not None else ()
    return Resource(Target(instance.arn), instance.arn.account, policies)


def instance_at(world: World, arn: Arn) -> AccessGrantsInstance | None:
    """The instance that an ARN names."""
    account = world.accounts.get(arn.account)
    held = account.access_grants_instances if account is not None else ()
    return next((each for each in held if each.arn == arn), None)


def buckets_of(world: World, grant: AccessGrant) -> tuple[Bucket, ...]:
    """The known buckets that the grant's scope speaks of."""
    name = grant.scope.removeprefix("s3://").partition("/")[0]
    pattern = parse_pattern(name or "*", variables=False)
    return tuple(
        bucket
        for bucket in world.buckets.values()
        if bucket.arn.partition == grant.arn.partition and pattern.matches(bucket.name)
    )


def center_of(world: World, instance: AccessGrantsInstance) -> IdentityCenter | None:
    """The instance of Identity Center that is associated, if the snapshot holds it; its application names it, too."""
    found = _CENTER.search(instance.identity_center or "")
    held = (each.identity_center for each in world.snapshot.accounts if each.identity_center is not None)
    return next((each for each in held if found and each.arn.name == found[0]), None)


_CENTER = re.compile(r"ssoins-[0-9A-Za-z]+")


def grantee_account(grant: AccessGrant) -> AccountId | None:
    """The account of an IAM grantee."""
    parts = grant.grantee.split(":")
    return AccountId(parts[4]) if len(parts) > 5 else None
