"""Kubernetes service accounts to the roles that their annotation names (IRSA). Source: evaluation.md STS-44, STS-20."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.aws.arn import Arn
from pathfinder.graph.delivered import Delivery, delivered
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.pod_identity import service_account_node
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.world import World
from pathfinder.model.compute import Cluster, ServiceAccount
from pathfinder.model.organization import Gap
from pathfinder.policy.context import Values

AUDIENCE = "sts.amazonaws.com"
"""What the tokens that EKS gives to pods are for."""


@hop_kind("irsa")
def irsa(world: World) -> Iterator[Edge | Gap]:
    """From each service account with an annotation, through the OIDC provider of its cluster.

    Other roles that trust the provider are hops of kind `federated`, the service account left open.
    """
    for account in world.snapshot.accounts:
        for cluster in account.clusters:
            for each in cluster.service_accounts or ():
                if each.role_arn is not None:
                    yield from _of_service_account(world, cluster, each, each.role_arn)


def _of_service_account(
    world: World, cluster: Cluster, account: ServiceAccount, role_arn: str
) -> Iterator[Edge | Gap]:
    source = service_account_node(cluster.arn, account.namespace, account.name)
    role = world.roles.get(role_arn)
    if role is None:
        yield Gap(source.id, f"its role {role_arn} is not in the snapshot", (cluster.arn.account,))
        return
    if cluster.issuer is None:
        yield Gap(str(cluster.arn), "its OIDC issuer is not in the snapshot", (cluster.arn.account,))
        return
    provider = Arn(role.arn.partition, "iam", "", role.arn.account, f"oidc-provider/{cluster.issuer}")
    subject = f"system:serviceaccount:{account.namespace}:{account.name}"
    issuer = cluster.issuer.lower()
    delivery = Delivery(
        "irsa",
        world.provider_actor(str(provider)),
        (Evidence("principal", "service account annotation", role_arn, source.id),),
        action="sts:AssumeRoleWithWebIdentity",
        given={f"{issuer}:sub": Values((subject,)), f"{issuer}:aud": Values((AUDIENCE,))},
        extra={"subject": subject},
    )
    edge = delivered(world, source, role, delivery)
    if edge is not None:
        yield edge
