"""One form for equal snapshots: everything sorted, and every gap that follows from the model named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from pathfinder.model.access_points import AccessGrantsInstance, MultiRegionAccessPoint
from pathfinder.model.compute import Cluster
from pathfinder.model.identity import Group, Role
from pathfinder.model.organization import Account, Member, Organization, OrganizationUnit, Snapshot
from pathfinder.model.resources import Bucket
from pathfinder.model.workforce import AnywhereProfile, IdentityCenter
from pathfinder.policy.document import SomePolicy
from pathfinder.snapshot.gaps import PARTS, gaps_of

T = TypeVar("T")
H = TypeVar("H", Group, Role)


def canonical(snapshot: Snapshot) -> Snapshot:
    """The snapshot in the form that `load` gives; done twice, it is the same as done once."""
    accounts = _sorted(map(_account, snapshot.accounts), lambda each: each.id)
    organizations = _sorted(map(_organization, snapshot.organizations), lambda each: each.id)
    gaps = tuple(sorted(gaps_of(accounts, organizations, snapshot.gaps)))
    return Snapshot(accounts, organizations, gaps, tuple(sorted(snapshot.known_accounts)))


def _account(account: Account) -> Account:
    return replace(
        account,
        users=_sorted(
            (
                replace(each, policies=_policies(each.policies), groups=tuple(sorted(each.groups)))
                for each in account.users
            ),
            lambda each: each.arn,
        ),
        groups=_sorted(map(_holder, account.groups), lambda each: each.arn),
        roles=_sorted(map(_holder, account.roles), lambda each: each.arn),
        instance_profiles=_sorted(account.instance_profiles, lambda each: each.arn),
        older_versions=_sorted(account.older_versions, lambda each: (each.arn, each.version)),
        providers=_sorted(account.providers, lambda each: each.arn),
        buckets=_sorted(map(_bucket, account.buckets), lambda each: each.arn),
        access_points=_sorted(account.access_points, lambda each: each.arn),
        multi_region_access_points=_sorted(
            map(_members_sorted, account.multi_region_access_points), lambda each: each.arn
        ),
        object_lambda_access_points=_sorted(account.object_lambda_access_points, lambda each: each.arn),
        access_grants_instances=_grants(account.access_grants_instances),
        keys=_sorted(account.keys, lambda each: each.arn),
        endpoints=_sorted(account.endpoints, lambda each: each.id),
        instances=_sorted(account.instances, lambda each: each.arn),
        functions=_sorted(account.functions, lambda each: each.arn),
        task_definitions=_sorted(account.task_definitions, lambda each: each.arn),
        container_services=_sorted(account.container_services, lambda each: each.arn),
        clusters=_sorted(map(_cluster, account.clusters), lambda each: each.arn),
        pod_identities=_sorted(account.pod_identities, lambda each: each.arn),
        workloads=_sorted(account.workloads, lambda each: each.arn),
        identity_center=None if account.identity_center is None else _center(account.identity_center),
        trust_anchors=_sorted(account.trust_anchors, lambda each: each.arn),
        anywhere_profiles=_sorted(map(_profile, account.anywhere_profiles), lambda each: each.arn),
    )


def _cluster(cluster: Cluster) -> Cluster:
    if cluster.service_accounts is None:
        return cluster
    listed = _sorted(cluster.service_accounts, lambda each: (each.namespace, each.name))
    return replace(cluster, service_accounts=listed)


def _center(center: IdentityCenter) -> IdentityCenter:
    groups = (
        each if each.members is None else replace(each, members=tuple(sorted(each.members)))
        for each in center.groups
    )
    return replace(
        center,
        permission_sets=_sorted(center.permission_sets, lambda each: each.arn),
        users=_sorted(center.users, lambda each: each.id),
        groups=_sorted(groups, lambda each: each.id),
        assignments=tuple(sorted(set(center.assignments))),
    )


def _profile(profile: AnywhereProfile) -> AnywhereProfile:
    policies = _policies(profile.session_policies or ())
    return replace(profile, session_policies=policies or None)


def _holder(holder: H) -> H:
    policies = _policies(holder.policies)
    return holder if policies == holder.policies else replace(holder, policies=policies)


def _bucket(bucket: Bucket) -> Bucket:
    """`unread` names exactly the parts that are not there; parts that can be absent only where it did before."""
    values = {
        "PublicAccessBlock": bucket.public_access_block,
        "Encryption": bucket.encryption or bucket.kms_key,
        "Tagging": bucket.tags or None,
    }
    always = {
        "OwnershipControls": bucket.ownership,
        "Acl": bucket.acl,
        "Abac": bucket.abac,
        "Versioning": bucket.versioned,
        "RequestPayment": bucket.requester_pays,
    }
    unread = tuple(
        part
        for part in PARTS
        if (part in always and always[part] is None)
        or (part in values and values[part] is None and part in bucket.unread)
    )
    bucket_key = bucket.bucket_key if values["Encryption"] is not None else None
    objects = _sorted(bucket.objects, lambda each: each.key)
    if (unread, bucket_key, objects) == (bucket.unread, bucket.bucket_key, bucket.objects):
        return bucket
    return replace(bucket, unread=unread, bucket_key=bucket_key, objects=objects)


def _members_sorted(point: MultiRegionAccessPoint) -> MultiRegionAccessPoint:
    return replace(point, buckets=_sorted(point.buckets, lambda each: (each.bucket, each.region or "")))


def _grants(instances: Iterable[AccessGrantsInstance]) -> tuple[AccessGrantsInstance, ...]:
    """Locations and grants are read of all regions or of none."""
    held = tuple(instances)
    locations = any(each.locations is not None for each in held)
    grants = any(each.grants is not None for each in held)
    return _sorted(
        (
            replace(
                each,
                locations=_sorted(each.locations or (), lambda one: one.arn) if locations else None,
                grants=_sorted(each.grants or (), lambda one: one.arn) if grants else None,
            )
            for each in held
        ),
        lambda each: each.arn,
    )


def _organization(organization: Organization) -> Organization:
    return replace(
        organization,
        units=_sorted(map(_unit, organization.units), lambda each: each.id),
        members=_sorted(map(_member, organization.members), lambda each: each.account),
        s3_policies=_sorted(organization.s3_policies, lambda each: each[0]),
    )


def _unit(unit: OrganizationUnit) -> OrganizationUnit:
    return replace(unit, scps=_policies(unit.scps), rcps=_policies(unit.rcps))


def _member(member: Member) -> Member:
    return replace(member, scps=_policies(member.scps), rcps=_policies(member.rcps))


def _policies(policies: Iterable[SomePolicy]) -> tuple[SomePolicy, ...]:
    return _sorted(policies, lambda each: (each.attached_to, each.name))


def _sorted(items: Iterable[T], key: Callable[[T], object]) -> tuple[T, ...]:
    return tuple(sorted(items, key=key))  # type: ignore[arg-type]
