"""Containers that run with roles: ECS task definitions and services, EKS clusters and their service accounts.

Source: evaluation.md STS-42 to STS-44.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.aws.arn import Arn


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """One revision of an ECS task definition. `status`: ACTIVE, INACTIVE …; None where not known.

    `task_role`: what its containers act with. `execution_role`: what ECS itself starts them with (STS-42).
    """

    arn: Arn
    task_role: Arn | None = None
    execution_role: Arn | None = None
    status: str | None = None

    @property
    def family(self) -> str:
        """Its name without the revision."""
        return self.arn.name.rpartition(":")[0] or self.arn.name

    @property
    def revision(self) -> str:
        """Its revision, a number; empty where the ARN has none."""
        return self.arn.name.rpartition(":")[2] if ":" in self.arn.name else ""


@dataclass(frozen=True, slots=True)
class ContainerService:
    """An ECS service with the task definition that it runs."""

    arn: Arn
    task_definition: Arn | None = None

    @property
    def name(self) -> str:
        """Its name in its cluster."""
        return self.arn.name


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A Kubernetes service account. `role_arn`: its annotation `eks.amazonaws.com/role-arn` (STS-44)."""

    namespace: str
    name: str
    role_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """An EKS cluster. `issuer`: its OIDC issuer without `https://`, None where it is not known.

    `service_accounts`: None where not known.
    """

    arn: Arn
    issuer: str | None = None
    service_accounts: tuple[ServiceAccount, ...] | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.arn.name


@dataclass(frozen=True, slots=True)
class PodIdentity:
    """An EKS Pod Identity association: pods of a service account act with the role (STS-43).

    `cluster` is the cluster's name, `arn` the association's. `target_role`: a role that EKS assumes from `role`
    for the pods, with `external_id`; None where that is not known. `tags_sessions` False: the association has session
    tags switched off.
    """

    arn: Arn
    cluster: str
    namespace: str
    service_account: str
    role: Arn | None = None
    target_role: Arn | None = None
    tags_sessions: bool = True
    external_id: str | None = None
