"""Organizations, accounts, and the whole that a snapshot holds. Source: evaluation.md ORG-1 to ORG-25."""

from __future__ import annotations

from dataclasses import dataclass, field

from pathfinder.aws.arn import AccountId
from pathfinder.model.access_points import (
    AccessGrantsInstance,
    MultiRegionAccessPoint,
    ObjectLambdaAccessPoint,
)
from pathfinder.model.compute import Cluster, ContainerService, PodIdentity, TaskDefinition
from pathfinder.model.identity import Group, IdentityProvider, InstanceProfile, PolicyVersion, Role, User
from pathfinder.model.resources import (
    AccessPoint,
    Bucket,
    Instance,
    Key,
    LambdaFunction,
    PublicAccessBlock,
    VpcEndpoint,
)
from pathfinder.model.workforce import AnywhereProfile, IdentityCenter, TrustAnchor
from pathfinder.model.workloads import Workload
from pathfinder.policy.document import SomePolicy


@dataclass(frozen=True, slots=True)
class OrganizationUnit:
    """A root or an OU with what is attached to it directly. `parent` is None for the root."""

    id: str
    name: str | None
    parent: str | None
    scps: tuple[SomePolicy, ...]
    rcps: tuple[SomePolicy, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """An account's place in its organization, with the policies attached to it directly."""

    account: AccountId
    parent: str
    scps: tuple[SomePolicy, ...]
    rcps: tuple[SomePolicy, ...]


@dataclass(frozen=True, slots=True)
class DelegatedAdministrator:
    """A member that administers services for the whole organization. `services`: None where not known (STS-23)."""

    account: AccountId
    services: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization. `scps_enabled`, `rcps_enabled`: the policy types that are switched on (ORG-7).

    `s3_policies`: account id to the four switches of an organization S3 policy in force (BPA-1).
    `delegated_administrators`: None where not known. `resource_policy`: what lets members manage its policies, None
    where there is none, or where `resource_policy_known` is False (ESC-35).
    """

    id: str
    management_account: AccountId
    units: tuple[OrganizationUnit, ...]
    members: tuple[Member, ...]
    scps_enabled: bool = True
    rcps_enabled: bool = False
    s3_policies: tuple[tuple[AccountId, PublicAccessBlock], ...] = ()
    delegated_administrators: tuple[DelegatedAdministrator, ...] | None = None
    resource_policy: SomePolicy | None = None
    resource_policy_known: bool = False

    def unit_path(self, account: AccountId) -> tuple[OrganizationUnit, ...]:
        """Root first, the account's own parent last; empty where the account is not a member."""
        units = {unit.id: unit for unit in self.units}
        member = next((member for member in self.members if member.account == account), None)
        path: list[OrganizationUnit] = []
        at = member.parent if member else None
        while at is not None and at in units and units[at] not in path:
            path.append(units[at])
            at = units[at].parent
        return tuple(reversed(path))

    def path_text(self, account: AccountId) -> str:
        """The value of aws:PrincipalOrgPaths and its kin: `o-x/r-x/ou-a/ou-b/`."""
        return "/".join([self.id, *(unit.id for unit in self.unit_path(account))]) + "/"


@dataclass(frozen=True, slots=True)
class Account:
    """One account and what the snapshot knows of it.

    `known` names the kinds of things that were read completely: an empty `buckets` with "buckets" in
    `known` is an account without buckets, and without it, an account whose buckets are not known.
    Kinds: "iam", "buckets", "access_keys", "instances", "endpoints", "keys", "access_points", "functions",
    "public_access_block"; "task_definitions", "container_services", "clusters", "pod_identities",
    "multi_region_access_points", "object_lambda_access_points", "access_grants", "identity_center",
    "trust_anchors", "anywhere_profiles" and the values of `WorkloadKind`, which are missed only where they can
    make a difference; and "organization" for an account that is known to be in none. `older_versions`: those of its own
    managed policies that some user, group or role has, or that are a permissions boundary.
    """

    id: AccountId
    partition: str = "aws"
    name: str | None = None
    canonical_id: str | None = None
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    roles: tuple[Role, ...] = ()
    instance_profiles: tuple[InstanceProfile, ...] = ()
    providers: tuple[IdentityProvider, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    multi_region_access_points: tuple[MultiRegionAccessPoint, ...] = ()
    object_lambda_access_points: tuple[ObjectLambdaAccessPoint, ...] = ()
    access_grants_instances: tuple[AccessGrantsInstance, ...] = ()
    keys: tuple[Key, ...] = ()
    endpoints: tuple[VpcEndpoint, ...] = ()
    instances: tuple[Instance, ...] = ()
    functions: tuple[LambdaFunction, ...] = ()
    task_definitions: tuple[TaskDefinition, ...] = ()
    container_services: tuple[ContainerService, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    pod_identities: tuple[PodIdentity, ...] = ()
    workloads: tuple[Workload, ...] = ()
    identity_center: IdentityCenter | None = None
    trust_anchors: tuple[TrustAnchor, ...] = ()
    anywhere_profiles: tuple[AnywhereProfile, ...] = ()
    public_access_block: PublicAccessBlock | None = None
    older_versions: tuple[PolicyVersion, ...] = ()
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Something that could not be read or decided.

    `place`: file and place in it, or the ARN that it is about. `affects`: the account ids, ARNs or kinds
    whose results it may change; empty where it may change all.
    """

    place: str
    reason: str
    affects: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known about the organizations and accounts at one moment.

    `known_accounts`: ids and names of accounts outside that the user knows, such as vendors'.
    """

    accounts: tuple[Account, ...]
    organizations: tuple[Organization, ...] = ()
    gaps: tuple[Gap, ...] = field(default=())
    known_accounts: tuple[tuple[AccountId, str], ...] = ()

    def account(self, account: str) -> Account | None:
        """The account with this id, or None where the snapshot does not hold it."""
        return next((each for each in self.accounts if each.id == account), None)

    def organization_of(self, account: str) -> Organization | None:
        """The organization that the account is in, its management account included, or None."""
        return next(
            (
                each
                for each in self.organizations
                if each.management_account == account or any(m.account == account for m in each.members)
            ),
            None,
        )
