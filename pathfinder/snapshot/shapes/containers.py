"""`ecs` and `eks` calls, which name fields in camel case; and `kubectl get serviceaccounts -o json`."""

from __future__ import annotations

from pathfinder.snapshot.shapes.base import CamelPage, CamelShape


class TaskDefinitionEntry(CamelShape):
    """A task definition."""

    task_definition_arn: str
    task_role_arn: str | None = None
    execution_role_arn: str | None = None
    status: str | None = None


class TaskDefinitions(CamelPage):
    """`ecs list-task-definitions`, or one `ecs describe-task-definition`."""

    task_definition_arns: list[str] | None = None
    task_definition: TaskDefinitionEntry | None = None


class ServiceEntry(CamelShape):
    """An ECS service."""

    service_arn: str
    task_definition: str | None = None


class Services(CamelPage):
    """`ecs list-services`, or `ecs describe-services`."""

    service_arns: list[str] | None = None
    services: list[ServiceEntry] | None = None


class Oidc(CamelShape):
    """The OIDC side of a cluster."""

    issuer: str | None = None


class ClusterIdentity(CamelShape):
    """How a cluster's service accounts prove who they are."""

    oidc: Oidc | None = None


class ClusterEntry(CamelShape):
    """An EKS cluster."""

    name: str
    arn: str
    identity: ClusterIdentity | None = None


class Clusters(CamelPage):
    """`eks list-clusters`, or one `eks describe-cluster`."""

    clusters: list[str] | None = None
    cluster: ClusterEntry | None = None


class AssociationEntry(CamelShape):
    """A Pod Identity association; the list names no role."""

    association_arn: str
    cluster_name: str
    namespace: str
    service_account: str
    role_arn: str | None = None
    target_role_arn: str | None = None
    disable_session_tags: bool | None = None
    external_id: str | None = None


class Associations(CamelPage):
    """`eks list-pod-identity-associations`, or one `eks describe-pod-identity-association`."""

    associations: list[AssociationEntry] | None = None
    association: AssociationEntry | None = None


class ObjectMetadata(CamelShape):
    """What Kubernetes says of a service account."""

    name: str
    namespace: str = "default"
    annotations: dict[str, str] | None = None


class KubernetesObject(CamelShape):
    """A service account."""

    metadata: ObjectMetadata


class ServiceAccounts(CamelPage):
    """`kubectl get serviceaccounts --all-namespaces -o json`."""

    items: list[KubernetesObject] | None = None
