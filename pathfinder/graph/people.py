"""People of IAM Identity Center: users and groups that something is given to. Source: evaluation.md STS-46, S3-57."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.graph.node import Node, NodeKind
from pathfinder.model.workforce import IdentityCenter, WorkforceGroup, WorkforceUser


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs in: a user, or some member of a group that is not known better.

    `name`, `user_id`: None where not known. `through`: the group that it is a member of.
    """

    node: Node
    name: str | None
    user_id: str | None
    through: WorkforceGroup | None = None

    @property
    def gap(self) -> str | None:
        """That nobody knows who the members of the group are."""
        unknown = self.through is not None and self.user_id is None
        return "the members of the group are not in the snapshot" if unknown else None


def people_of(center: IdentityCenter, principal: str, *, is_group: bool) -> Iterator[Person]:
    """The user with this id, or each member of the group; the group itself where its members are not known."""
    users = {each.id: each for each in center.users}
    if not is_group:
        yield _user(center, users.get(principal) or WorkforceUser(principal))
        return
    group = next((each for each in center.groups if each.id == principal), None)
    group = group or WorkforceGroup(principal)
    if group.members is None:
        node = Node(f"{center.arn}/group/{group.id}", NodeKind.WORKFORCE_GROUP, group.name or group.id)
        yield Person(node, None, None, group)
        return
    for member in group.members:
        yield _user(center, users.get(member) or WorkforceUser(member), group)


def _user(center: IdentityCenter, user: WorkforceUser, through: WorkforceGroup | None = None) -> Person:
    node = Node(f"{center.arn}/user/{user.id}", NodeKind.WORKFORCE_USER, user.name or user.id)
    return Person(node, user.name, user.id, through)
