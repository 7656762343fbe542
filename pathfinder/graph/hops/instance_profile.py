"""EC2 instance to the role in its instance profile. Source: evaluation.md STS-40."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import role_actor, service_actor
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.model.organization import Account, Gap
from pathfinder.model.resources import Instance
from pathfinder.policy.context import Context, Values


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
    service = service_actor("ec2.amazonaws.com")
    for arn in held.roles:
        role = world.roles.get(str(arn))
        if role is None:
            yield Gap(str(profile), f"its role {arn} is not in the snapshot", (account.id,))
            continue
        resource = world.role_resource(role)
        known = world.context(service, "sts:AssumeRole", resource)
        name = {"sts:rolesessionname": Values((instance.id,))}
        decision = world.decide(
            service, "sts:AssumeRole", resource, Context({**known.states, **name}, known.otherwise)
        )
        settled = settle(world, service, "sts:AssumeRole", resource, decision.allowed, given=name)
        if settled is None:
            continue
        fact = Evidence("principal", "instance profile", str(profile), str(instance.arn))
        yield Edge(
            instance_node(instance),
            role_actor(role).node,
            Hop(
                "instance-profile",
                str(instance.arn),
                str(arn),
                settled.condition,
                ("sts:AssumeRole",),
                (str(arn),),
                evidence=(fact, *evidence_of((decision,))),
                witness=settled.witness,
                gaps=settled.gaps,
                extra={"session_name": instance.id},
            ),
        )


def instance_node(instance: Instance) -> Node:
    """The node of an instance."""
    return Node(str(instance.arn), NodeKind.INSTANCE, instance.name or instance.id, instance.arn.account)
