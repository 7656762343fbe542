"""One account's folder: all its parts together, and which of them are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pathfinder.aws.arn import AccountId
from pathfinder.model.organization import Account
from pathfinder.model.resources import PublicAccessBlock
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.access_grants import access_grants_instances
from pathfinder.snapshot.parts.access_points import access_points
from pathfinder.snapshot.parts.buckets import buckets
from pathfinder.snapshot.parts.clusters import clusters, pod_identities
from pathfinder.snapshot.parts.containers import container_services, task_definitions
from pathfinder.snapshot.parts.credentials import with_access_keys, with_credential_report
from pathfinder.snapshot.parts.endpoints import endpoints
from pathfinder.snapshot.parts.functions import functions
from pathfinder.snapshot.parts.identities import Found, Identities
from pathfinder.snapshot.parts.identity_center import identity_center
from pathfinder.snapshot.parts.instances import instances
from pathfinder.snapshot.parts.keys import keys
from pathfinder.snapshot.parts.multi_region import multi_region_access_points
from pathfinder.snapshot.parts.object_lambda import object_lambda_access_points
from pathfinder.snapshot.parts.providers import providers
from pathfinder.snapshot.parts.roles_anywhere import profiles, trust_anchors
from pathfinder.snapshot.parts.workload_fields import Owner
from pathfinder.snapshot.parts.workloads import workloads
from pathfinder.snapshot.reading import CallFailed, Pages, Reading
from pathfinder.snapshot.shapes import access_points as points
from pathfinder.snapshot.shapes import compute, containers, iam, kms, s3, workforce
from pathfinder.snapshot.shapes.account import AccountFile
from pathfinder.snapshot.shapes.base import Page

P = TypeVar("P", bound=Page)


def account(reading: Reading, folder: str, identifier: AccountId, names: Mapping[AccountId, str]) -> Account:
    """The account that a folder describes; `names`: what its organization calls its accounts."""

    def listed(stem: str, shape: type[P]) -> Pages[P] | None:
        return reading.pages(below(folder, stem), shape, identifier)

    described = reading.one(below(folder, "account.json"), AccountFile, identifier)
    if not isinstance(described, AccountFile):
        described = AccountFile()
    iam_pages = listed("iam", iam.AuthorizationDetails)
    identities = _identities(
        reading, iam_pages, listed("instance-profiles", iam.InstanceProfiles), identifier
    )
    found = identities.accounts.get(identifier, Found())
    partition = described.partition or _partition(found)
    key_pages = listed("access-keys", iam.AccessKeys)
    users = with_access_keys(found.users.values(), key_pages)
    users = with_credential_report(reading, users, below(folder, "credential-report.csv"))
    bucket_pages = listed("s3", s3.Buckets)
    point_pages = listed("access-points", s3.AccessPoints)
    multi_region_pages = listed("multi-region-access-points", points.MultiRegionAccessPoints)
    object_lambda_pages = listed("object-lambda-access-points", points.ObjectLambdaAccessPoints)
    grant_pages = (
        listed("access-grants-instances", points.GrantsInstances),
        listed("access-grants-locations", points.GrantsLocations),
        listed("access-grants", points.Grants),
    )
    kms_pages = listed("kms", kms.Keys)
    instance_pages = listed("ec2-instances", compute.Instances)
    associations = listed("profile-associations", compute.Associations)
    endpoint_pages = listed("vpc-endpoints", compute.Endpoints)
    function_pages = listed("lambda", compute.Functions)
    definition_pages = listed("ecs-task-definitions", containers.TaskDefinitions)
    service_pages = listed("ecs-services", containers.Services)
    cluster_pages = listed("eks-clusters", containers.Clusters)
    pod_pages = listed("pod-identity-associations", containers.Associations)
    anchor_pages = listed("trust-anchors", workforce.TrustAnchors)
    profile_pages = listed("roles-anywhere-profiles", workforce.Profiles)
    center = identity_center(
        reading,
        listed("sso-instances", workforce.Instances),
        listed("sso-permission-sets", workforce.PermissionSets),
        listed("sso-account-assignments", workforce.Assignments),
        listed("identity-store-users", workforce.Users),
        listed("identity-store-groups", workforce.Groups),
        listed("identity-store-memberships", workforce.Memberships),
    )
    block, block_known = _account_block(reading, folder, identifier)
    running, running_known = workloads(reading, folder, Owner(identifier, partition))
    parts = {
        "buckets": buckets(reading, bucket_pages, below(folder, "s3"), identifier, partition),
        "access_points": access_points(reading, point_pages, below(folder, "access-points")),
        "multi_region_access_points": multi_region_access_points(
            reading, multi_region_pages, below(folder, "multi-region-access-points"), identifier, partition
        ),
        "object_lambda_access_points": object_lambda_access_points(
            reading, object_lambda_pages, below(folder, "object-lambda-access-points")
        ),
        "access_grants_instances": access_grants_instances(
            reading, *grant_pages, below(folder, "access-grants-instances")
        ),
        "keys": keys(reading, kms_pages, below(folder, "kms")),
        "instances": instances(reading, instance_pages, associations, identifier, partition),
        "endpoints": endpoints(reading, endpoint_pages, identifier),
        "functions": functions(reading, function_pages, below(folder, "lambda")),
        "task_definitions": task_definitions(reading, definition_pages),
        "container_services": container_services(reading, service_pages),
        "clusters": clusters(reading, cluster_pages, below(folder, "service-accounts")),
        "pod_identities": pod_identities(reading, pod_pages),
        "workloads": running,
        "identity_center": center.center,
        "trust_anchors": trust_anchors(reading, anchor_pages),
        "anywhere_profiles": profiles(reading, profile_pages, identities.managed_policy),
    }
    complete: Mapping[str, bool] = {
        "iam": iam_pages is not None and identities.complete,
        "access_keys": key_pages is not None and key_pages.complete,
        "buckets": bucket_pages is not None and bucket_pages.complete,
        "access_points": point_pages is not None and point_pages.complete,
        "multi_region_access_points": multi_region_pages is not None and multi_region_pages.complete,
        "object_lambda_access_points": object_lambda_pages is not None and object_lambda_pages.complete,
        "access_grants": grant_pages[0] is not None
        and all(pages is None or pages.complete for pages in grant_pages),
        "keys": kms_pages is not None and kms_pages.complete,
        "instances": instance_pages is not None and instance_pages.complete,
        "endpoints": endpoint_pages is not None and endpoint_pages.complete,
        "functions": function_pages is not None and function_pages.complete,
        "task_definitions": definition_pages is not None and definition_pages.complete,
        "container_services": service_pages is not None and service_pages.complete,
        "clusters": cluster_pages is not None and cluster_pages.complete,
        "pod_identities": pod_pages is not None and pod_pages.complete,
        **{kind.value: True for kind in running_known},
        "identity_center": center.complete,
        "trust_anchors": anchor_pages is not None and anchor_pages.complete,
        "anywhere_profiles": profile_pages is not None and profile_pages.complete,
        "public_access_block": block_known,
        "organization": described.organization is None,
    }
    return Account(
        id=identifier,
        partition=partition,
        name=described.name
        or (described.account.name if described.account else None)
        or names.get(identifier),
        canonical_id=described.canonical_id or _canonical_id(bucket_pages),
        users=users,
        groups=tuple(found.groups.values()),
        roles=tuple(found.roles.values()),
        instance_profiles=tuple(found.profiles.values()),
        older_versions=identities.older_versions(identifier),
        providers=providers(reading, listed("providers", iam.Providers)),
        public_access_block=block,
        known=frozenset(kind for kind, whole in complete.items() if whole),
        **parts,  # type: ignore[arg-type]
    )


def _identities(
    reading: Reading,
    pages: Pages[iam.AuthorizationDetails] | None,
    profiles: Pages[iam.InstanceProfiles] | None,
    identifier: AccountId,
) -> Identities:
    identities = Identities(reading, only=identifier)
    if pages is not None:
        identities.add_pages(pages)
    if profiles is not None:
        identities.add_profiles(profiles)
    return identities


def _partition(found: Found) -> str:
    """That of the account's ARNs."""
    return next((arn.partition for arn in (*found.roles, *found.users)), "aws")


def _account_block(
    reading: Reading, folder: str, identifier: AccountId
) -> tuple[PublicAccessBlock | None, bool]:
    """The account's Block Public Access, and whether it is known."""
    answer = reading.one(below(folder, "public-access-block.json"), s3.AccountBlock, identifier)
    match answer:
        case None:
            return None, False
        case CallFailed():
            if not answer.absent:
                reading.gap(
                    identifier, f"Block Public Access of the account not known: {answer.code}", identifier
                )
            return None, answer.absent
        case _:
            block = answer.public_access_block_configuration
            return block.to_model() if block else None, not answer.incomplete


def _canonical_id(pages: Pages[s3.Buckets] | None) -> str | None:
    return next((page.owner.id for _, page in pages or () if page.owner and page.owner.id), None)
