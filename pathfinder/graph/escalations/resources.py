"""What the calls of an escalation are made on: IAM's own resources, and things that are yet to be made.

Source: evaluation.md EVAL-52 (trust policies do not govern iam), ESC-2, ESC-28.
"""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.aws.arn import Arn
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.model.identity import Group, Role, User
from pathfinder.model.resources import Bucket
from pathfinder.policy.context import ABSENT, KeyState, Values
from pathfinder.policy.document import SomePolicy
from pathfinder.policy.resources import Target


def of_identity(identity: User | Role) -> Resource:
    """A user or role as IAM calls change it."""
    return Resource(Target(identity.arn), identity.arn.account, tags=identity.tags)


def of_group(group: Group) -> Resource:
    """A group."""
    return Resource(Target(group.arn), group.arn.account)


def of_arn(arn: Arn, tags: Mapping[str, str] | None = None) -> Resource:
    """A thing that exists, owned by the account in its ARN."""
    return Resource(Target(arn), arn.account, tags=tags)


def new(arn: Arn, prefix: str) -> Resource:
    """A thing to be made: an ARN whose last field is the prefix and a name that is free."""
    return Resource(Target(arn, open_prefix=prefix), arn.account)


def anywhere(account: str, service: str) -> Resource:
    """No resource: what actions without one are authorized on (LANG-27)."""
    return Resource(Target(None, service=service), account)


def of_bucket(bucket: Bucket) -> Resource:
    """A bucket, its own policy left out."""
    return Resource(Target(bucket.arn), bucket.account)


def boundary_key(boundary: SomePolicy | None) -> dict[str, KeyState]:
    """What iam:PermissionsBoundary says of the user or role that a call changes."""
    return {"iam:permissionsboundary": ABSENT if boundary is None else Values((boundary.name,))}


def boundary_of(actor: Actor) -> dict[str, KeyState]:
    """The same, of a principal that changes itself."""
    return boundary_key(actor.boundary)
