"""EC2 instance to the role in its instance profile. Source: evaluation.md STS-40."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.delivered import Delivery, delivered
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import service_actor
from pathfinder.graph.world import World
from pathfinder.model.organization import Account, Gap
from pathfinder.model.resources import Instance


@hop_kind("instance-profile")
def instance_profile(world: World) -> Iterator[Edge | Gap]:
    """From each instance with a profile, if the role trusts EC2."""
    for account in world.snapshot.accounts:
        for instance in account.instances:
            if instance.profile is not None:
                yield from _of_instance(world, account, instance, instance.profile)


def _of_instance(world: World, account: Account, instance: Instance, profile: Arn) -> Iterator[Edge | Gap]:
    held = next((each for each in account.instance_profiles if each.arn == profile), None)
    if held is None:
        yield Gap(str(instance.arn), f"its instance profile {profile} is not in the snapshot", (account.id,))
        return
    session: tuple[tuple[str, str], ...] = (("ec2:sourceinstancearn", str(instance.arn)),)
    if instance.vpc is not None:
        session = (*session, ("aws:ec2instancesourcevpc", instance.vpc))
    delivery = Delivery(
        "instance-profile",
        service_actor("ec2.amazonaws.com"),
        (Evidence("principal", "instance profile", str(profile), str(instance.arn)),),
        session_name=instance.id,
        session=session,
    )
    for arn in held.roles:
        role = world.roles.get(str(arn))
        if role is None:
            yield Gap(str(profile), f"its role {arn} is not in the snapshot", (account.id,))
            continue
        edge = delivered(world, instance_node(instance), role, delivery)
        if edge is not None:
            yield edge


def instance_node(instance: Instance) -> Node:
    """The node of an instance."""
    return Node(str(instance.arn), NodeKind.INSTANCE, instance.name or instance.id, instance.arn.account)
