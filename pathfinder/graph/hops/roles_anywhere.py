"""Certificates under a trust anchor to the roles of IAM Roles Anywhere's profiles. Source: evaluation.md STS-45."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.delivered import Delivery, delivered, on_behalf_of, starts_missed
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import service_actor
from pathfinder.graph.role_sessions import profile_node
from pathfinder.graph.world import World
from pathfinder.model.organization import Account, Gap
from pathfinder.model.workforce import AnywhereProfile, TrustAnchor

_SERVICE = "rolesanywhere.amazonaws.com"


@hop_kind("roles-anywhere")
def roles_anywhere(world: World) -> Iterator[Edge | Gap]:
    """From each enabled trust anchor, by each enabled profile of its account and Region, to the profile's roles.

    Where the profile has session policies, to sessions that these limit.
    """
    for account in world.snapshot.accounts:
        kind = "trust_anchors" if "trust_anchors" not in account.known else "anywhere_profiles"
        yield from starts_missed(world, account, kind, _SERVICE, "which certificates lead to")
        for anchor in account.trust_anchors:
            if anchor.enabled is False:
                continue
            for profile in account.anywhere_profiles:
                if profile.enabled is not False and profile.arn.region == anchor.arn.region:
                    for arn in profile.roles:
                        yield from _to_role(world, account, anchor, profile, arn)


def _to_role(
    world: World, account: Account, anchor: TrustAnchor, profile: AnywhereProfile, arn: Arn
) -> Iterator[Edge | Gap]:
    role = world.roles.get(str(arn))
    if role is None:
        yield Gap(str(profile.arn), f"its role {arn} is not in the snapshot", (account.id,))
        return
    if arn.account != account.id:
        return
    delivery = Delivery(
        "roles-anywhere",
        service_actor(_SERVICE),
        (Evidence("principal", "Roles Anywhere profile", str(profile.arn), str(anchor.arn)),),
        besides=("sts:TagSession", "sts:SetSourceIdentity"),
        given=on_behalf_of(world, anchor.arn),
        extra={"profile": profile.name or profile.arn.name},
        gaps=tuple(_gaps(anchor, profile)),
    )
    limited = profile_node(profile, role) if profile.session_policies is not None else None
    edge = delivered(world, anchor_node(anchor), role, delivery, to=limited)
    if edge is not None:
        yield edge


def _gaps(anchor: TrustAnchor, profile: AnywhereProfile) -> Iterator[str]:
    for what, thing in (("trust anchor", anchor), ("profile", profile)):
        if thing.enabled is None:
            yield f"whether the {what} {thing.arn} is enabled is not in the snapshot"


def anchor_node(anchor: TrustAnchor) -> Node:
    """The node of a trust anchor: whoever holds a certificate under it."""
    return Node(str(anchor.arn), NodeKind.TRUST_ANCHOR, anchor.name or anchor.arn.name, anchor.arn.account)
