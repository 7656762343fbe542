"""Groups of IAM Identity Center: who may put people into one has what it is assigned.

Source: evaluation.md ESC-34, STS-46.

The person that is put into the group is taken to be one that the source signs in as: the notes say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, first_open
from pathfinder.graph.escalations.delegated import administrators_of, not_known_whether
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import new
from pathfinder.graph.escalations.rows_shared import is_already
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.identity_center import roles_of_sets
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor, role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap
from pathfinder.model.workforce import IdentityCenter
from pathfinder.policy.resources import Target

_ACTION = "identitystore:CreateGroupMembership"
_NOTE = (
    "a user of Identity Center is needed that the source signs in as; that one would be put into the group"
)
_SOURCE = "whether the identity store takes members from elsewhere, so that AWS lets nobody put one in, is not known"


@escalation("workforce-groups")
def workforce_groups(scene: Scene) -> Iterator[Edge | Gap]:
    """From whoever may put users into groups to the roles that the groups are assigned (ESC-34)."""
    world = scene.world
    for owner in world.snapshot.accounts:
        sources = {actor.node.id: actor for actor in _sources(scene, owner)}
        if owner.identity_center is not None:
            assigned = tuple(_assigned(world, owner.identity_center))
            for _, actor in sorted(sources.items()):
                for role, groups in assigned:
                    yield from _put_in(world, actor, owner, role, groups)
        if owner.identity_center is not None or "identity_center" in owner.known:
            continue
        asked = any(not isinstance(actor.caller, RootUser) for actor in sources.values())
        organization = world.snapshot.organization_of(owner.id)
        if organization is not None and organization.management_account == owner.id and asked:
            reason = "which groups of Identity Center are assigned is not in the snapshot: joining one is not shown"
            yield Gap(f"account {owner.id}", reason, (owner.id,))
    for each in world.snapshot.organizations:
        yield from not_known_whether(scene, each, "sso.amazonaws.com", _ACTION, "joining groups")


def _sources(scene: Scene, owner: Account) -> Iterator[Actor]:
    """Principals of the account that owns the instance, and of those that administer it for the organization."""
    organization = scene.world.snapshot.organization_of(owner.id)
    holders = [owner]
    if organization is not None and organization.management_account == owner.id:
        holders.extend(administrators_of(scene, organization, "sso.amazonaws.com"))
    for holder in holders:
        yield from scene.sources(_ACTION, holder.id, each_administrator=True)


def _assigned(world: World, center: IdentityCenter) -> Iterator[tuple[Role, tuple[str, ...]]]:
    """Each role of a permission set, with the ids of the groups that are assigned to it."""
    names = {each.arn: each.name for each in center.permission_sets}
    roles = roles_of_sets(world)
    found: dict[str, tuple[Role, list[str]]] = {}
    for assignment in center.assignments:
        name = names.get(assignment.permission_set)
        if assignment.kind != "GROUP" or name is None:
            continue
        for role in roles.get((assignment.account, name), ()):
            found.setdefault(str(role.arn), (role, []))[1].append(assignment.principal)
    for arn in sorted(found):
        role, groups = found[arn]
        yield role, tuple(sorted(set(groups)))


def _put_in(
    world: World, actor: Actor, owner: Account, role: Role, groups: tuple[str, ...]
) -> Iterator[Edge]:
    if is_already(world, actor, role):
        return
    found = first_open(world, actor, (_joining(owner, str(actor.account), group) for group in groups))
    if found is None:
        return
    yield edge(
        actor,
        role_actor(role).node,
        found,
        "ESC-34",
        f"a user would be put into a group that is assigned {name_of(role.arn)} of account {role.arn.account}",
        Session.DELIVERED,
        notes=(_NOTE,),
        gaps=(_SOURCE,),
    )


def _joining(owner: Account, caller: str, group: str) -> tuple[Call, ...]:
    """On the store and the user, by whatever ids they have, and on the group.

    For a delegated administrator they are as its own: no resource policy takes part.
    """
    partition = owner.partition

    def of(account: str, rest: str) -> Resource:
        found = new(Arn(partition, "identitystore", "", account, f"{rest}*"), rest)
        return Resource(found.target, caller)

    exact = Arn(partition, "identitystore", "", "", f"group/{group}")
    return (
        Call(_ACTION, of(owner.id, "identitystore/d-")),
        Call(_ACTION, Resource(Target(exact), caller)),
        Call(_ACTION, of("", "user/")),
    )
