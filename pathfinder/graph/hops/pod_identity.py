"""Kubernetes service accounts to the roles that EKS Pod Identity gives their pods. Source: evaluation.md STS-43."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.delivered import Delivery, delivered, on_behalf_of, starts_missed
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import service_actor
from pathfinder.graph.role_sessions import kept_node
from pathfinder.graph.world import World
from pathfinder.model.compute import PodIdentity
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import ABSENT, PRESENT, KeyState, Values

_SERVICE = "pods.eks.amazonaws.com"
REQUEST_TAG = "aws:requesttag/"
POD_TAGS = (
    "eks-cluster-arn",
    "eks-cluster-name",
    "kubernetes-namespace",
    "kubernetes-service-account",
    "kubernetes-pod-name",
    "kubernetes-pod-uid",
)
"""The session tags that EKS passes (STS-43)."""


@hop_kind("pod-identity")
def pod_identity(world: World) -> Iterator[Edge | Gap]:
    """From each association, if its role lets EKS assume it and tag the session."""
    for account in world.snapshot.accounts:
        yield from starts_missed(world, account, "pod_identities", _SERVICE, "which EKS pods act with")
        for association in account.pod_identities:
            yield from _of_association(world, account, association)


def _of_association(world: World, account: Account, association: PodIdentity) -> Iterator[Edge | Gap]:
    if association.role is None:
        yield Gap(str(association.arn), "its role is not in the snapshot", (account.id,))
        return
    role = world.roles.get(str(association.role))
    if role is None:
        yield Gap(str(association.arn), f"its role {association.role} is not in the snapshot", (account.id,))
        return
    cluster = cluster_arn(association)
    extra = {"association": str(association.arn)}
    if not association.tags_sessions:
        extra["session_tags"] = "switched off"
    delivery = Delivery(
        "pod-identity",
        service_actor(_SERVICE),
        (Evidence("principal", "Pod Identity association", str(association.role), str(association.arn)),),
        besides=("sts:TagSession",) if association.tags_sessions else (),
        given={**on_behalf_of(world, cluster), **_passed(association, cluster)},
        absent=(REQUEST_TAG,),
        extra=extra,
    )
    source = service_account_node(cluster, association.namespace, association.service_account)
    kept = kept_node(association, role) if association.target_role is not None else None
    edge = delivered(world, source, role, delivery, to=kept)
    if edge is not None:
        yield edge


def _passed(association: PodIdentity, cluster: Arn) -> dict[str, KeyState]:
    """The session tags that EKS passes, all of them transitive (STS-43); those of the single pod stay open."""
    if not association.tags_sessions:
        return {"aws:tagkeys": ABSENT, "sts:transitivetagkeys": ABSENT}
    known = {
        "eks-cluster-arn": str(cluster),
        "eks-cluster-name": association.cluster,
        "kubernetes-namespace": association.namespace,
        "kubernetes-service-account": association.service_account,
    }
    states: dict[str, KeyState] = {f"{REQUEST_TAG}{name}": PRESENT for name in POD_TAGS}
    states.update({f"{REQUEST_TAG}{name}": Values((value,)) for name, value in known.items()})
    listed = Values(POD_TAGS, multivalued=True)
    return {**states, "aws:tagkeys": listed, "sts:transitivetagkeys": listed}


def cluster_arn(association: PodIdentity) -> Arn:
    """The ARN of the association's cluster: it is in the same account and Region."""
    arn = association.arn
    return Arn(arn.partition, arn.service, arn.region, arn.account, f"cluster/{association.cluster}")


def service_account_node(cluster: Arn, namespace: str, name: str) -> Node:
    """The node of a Kubernetes service account: whoever runs a pod with it acts as it."""
    return Node(
        f"{cluster}:serviceaccount:{namespace}:{name}",
        NodeKind.SERVICE_ACCOUNT,
        f"{namespace}/{name} in {cluster.name}",
        cluster.account,
    )
