"""Another role in the profile that an existing instance runs with. Source: evaluation.md ESC-42, ESC-2, STS-40."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.merging import Way, merged
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.escalations.rows_shared import is_already, is_missing, missing_gap, trusting_roles
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import role_actor, service_actor
from pathfinder.graph.world import World
from pathfinder.model.identity import InstanceProfile, Role
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import Values

_SERVICE = "ec2.amazonaws.com"
_ADD, _REMOVE = "iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"
_CONTROLLED = "whether the source can run code on the instance is not known"
_LATER = "the instance takes the other role once it asks for credentials again"


@escalation("instance-profile-roles")
def instance_profile_roles(scene: Scene) -> Iterator[Edge | Gap]:
    """From everyone who may pass a role and put it into a profile with which an instance runs."""
    for account in scene.world.snapshot.accounts:
        roles = [each for each in trusting_roles(scene, account, _SERVICE) if not each.reserved]
        if roles and is_missing(scene, account, "instances", _ADD):
            yield from missing_gap(account, ("instances",))
        yield from merged("ESC-42", "existing", _ways(scene, account, roles), scene.delivered)


def _ways(scene: Scene, account: Account, roles: Sequence[Role]) -> Iterator[Way]:
    world = scene.world
    used = {str(instance.profile) for instance in account.instances if instance.profile is not None}
    for profile in account.instance_profiles:
        if str(profile.arn) not in used:
            continue
        for actor in scene.sources(_ADD, account.id):
            for role in roles:
                if role.arn in profile.roles or is_already(world, actor, role):
                    continue
                found = tried(world, actor, tuple(_calls(world, profile, role)))
                if found is not None:
                    said = f"an instance with profile {profile.arn.name} would run as {name_of(role.arn)}"
                    yield Way(actor, role_actor(role).node, found, said, (), (_LATER,), (_CONTROLLED,))


def _calls(world: World, profile: InstanceProfile, role: Role) -> Iterator[Call]:
    """A profile holds one role: the one that it holds goes first."""
    on = of_arn(profile.arn)
    yield from [Call(_REMOVE, on)] if profile.roles else []
    yield Call(_ADD, on)
    yield Call("iam:PassRole", of_arn(role.arn), {"iam:passedtoservice": Values((_SERVICE,))})
    yield Call("sts:AssumeRole", world.role_resource(role), actor=service_actor(_SERVICE))
