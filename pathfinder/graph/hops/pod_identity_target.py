"""From the session that EKS keeps to the target role of a Pod Identity association. Source: STS-4, STS-31, STS-43."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.delivered import Delivery, delivered
from pathfinder.graph.guarantees import NETWORK_KEYS
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.pod_identity import POD_TAGS, REQUEST_TAG
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.role_sessions import kept_node
from pathfinder.graph.world import World
from pathfinder.model.compute import PodIdentity
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import ABSENT, KeyState, Unsure, Values

_NOT_TOLD = "what EKS passes, beside the external id, when it assumes a target role is not known (STS-43)"
_FROM_WHERE = "which network keys EKS's own requests for a target role carry is not known (STS-43)"
_PASSED = (
    "aws:tagkeys",
    "sts:transitivetagkeys",
    "sts:sourceidentity",
    "sts:rolesessionname",
    "aws:useragent",
)


@hop_kind("pod-identity-target")
def pod_identity_target(world: World) -> Iterator[Edge | Gap]:
    """EKS assumes the target role with the session of the association's role; the pods get the second session alone."""
    for account in world.snapshot.accounts:
        for association in account.pod_identities:
            if association.target_role is not None and association.role is not None:
                yield from _to_target(world, account, association)


def _to_target(world: World, account: Account, association: PodIdentity) -> Iterator[Edge | Gap]:
    first = world.roles.get(str(association.role))
    target = world.roles.get(str(association.target_role))
    if target is None:
        reason = f"its target role {association.target_role} is not in the snapshot"
        yield Gap(str(association.arn), reason, (account.id,))
    if first is None or target is None:
        return
    kept = world.sessions[kept_node(association, first).id].actor
    delivery = Delivery(
        "pod-identity-target",
        kept,
        (
            Evidence(
                "principal", "Pod Identity association", str(association.target_role), str(association.arn)
            ),
        ),
        given=_given(association),
        extra={"association": str(association.arn)},
        absent=(REQUEST_TAG,),
    )
    edge = delivered(world, kept.node, target, delivery)
    if edge is not None:
        yield edge


def _given(association: PodIdentity) -> dict[str, KeyState]:
    """EKS makes the call: nobody chooses what it is made with."""
    told: KeyState = Unsure(_NO_ID)
    if association.external_id is not None:
        told = Values((association.external_id,))
    states: dict[str, KeyState] = {
        **dict.fromkeys(_PASSED, Unsure(_NOT_TOLD)),
        **dict.fromkeys(sorted(NETWORK_KEYS), Unsure(_FROM_WHERE)),
        "sts:externalid": told,
    }
    if association.tags_sessions:
        states.update({f"{REQUEST_TAG}{name}": Unsure(_NOT_TOLD) for name in POD_TAGS})
    else:
        states.update({"aws:tagkeys": ABSENT, "sts:transitivetagkeys": ABSENT})
    return states


_NO_ID = "the external id of the Pod Identity association is not in the snapshot"
