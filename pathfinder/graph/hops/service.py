"""AWS services to the roles that trust them. Source: evaluation.md STS-40 to STS-49."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.outsiders import any_service
from pathfinder.graph.principals import candidates, names_everyone, role_actor, service_actor
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap


@hop_kind("service")
def service(world: World) -> Iterator[Edge | Gap]:
    """From each service principal that a role's trust policy names; if it names everyone, from any service.

    Service-linked roles are no hop (STS-48).
    """
    for role in world.roles.values():
        if role.service_linked:
            continue
        named = candidates((role.trust,), {})
        names = world.services if names_everyone((role.trust,)) else named.services
        callers = [service_actor(name) for name in names]
        callers += [any_service()] if named.anyone else []
        for actor in callers:
            resource = world.role_resource(role)
            decision = world.decide(actor, "sts:AssumeRole", resource)
            settled = settle(world, actor, "sts:AssumeRole", resource, decision.allowed)
            if settled is None:
                continue
            hop = Hop(
                "service",
                actor.node.id,
                str(role.arn),
                settled.condition,
                ("sts:AssumeRole",),
                (str(role.arn),),
                evidence=evidence_of((decision,)),
                witness=settled.witness,
                gaps=settled.gaps,
            )
            yield Edge(actor.node, role_actor(role).node, hop)
