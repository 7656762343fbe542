"""Instance profiles that hold a role: those that there are, or a new one. Source: STS-40, ESC-40, ESC-42."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.escalations.steps import New, call_of
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account

_MAKE = (
    New("iam:CreateInstanceProfile", "instance-profile/", regional=False),
    New("iam:AddRoleToInstanceProfile", "instance-profile/", regional=False),
)


def profiles_for(
    world: World, account: Account, actor: Actor, role: Role
) -> Iterator[tuple[str, Sequence[Call]]]:
    """Each profile with this role in it, by its ARN, and the calls that put it there first.

    Those that hold it already need none; after them an empty one, and one that the actor makes.
    """
    for profile in account.instance_profiles:
        if role.arn in profile.roles:
            yield str(profile.arn), ()
    for profile in account.instance_profiles:
        if not profile.roles:
            yield str(profile.arn), (Call("iam:AddRoleToInstanceProfile", of_arn(profile.arn)),)
    made = [call_of(step, account.partition, account.id, "us-east-1") for step in _MAKE]
    found = tried(world, actor, made)
    if found is not None:
        text = found.calls[0].resource
        arn = Arn(account.partition, "iam", "", account.id, text.split(":", 5)[5])
        yield text, [Call(step.action, of_arn(arn)) for step in _MAKE]
