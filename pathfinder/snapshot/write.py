"""A snapshot written as a folder (see `layout`): the same bytes for the same snapshot."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from pathfinder.model.organization import Account, Snapshot
from pathfinder.snapshot.canonical import canonical
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import Folder
from pathfinder.snapshot.folder import is_snapshot
from pathfinder.snapshot.layout import ACCOUNTS, FORMAT_VERSION, GAPS, KNOWN_ACCOUNTS, MARK, ORGANIZATIONS
from pathfinder.snapshot.parts.access_grants import (
    access_grants_instances_written,
    access_grants_locations_written,
    access_grants_written,
)
from pathfinder.snapshot.parts.access_points import access_points_written
from pathfinder.snapshot.parts.buckets import buckets_written
from pathfinder.snapshot.parts.clusters import (
    clusters_written,
    pod_identities_written,
    service_accounts_written,
)
from pathfinder.snapshot.parts.common import Json, block_written
from pathfinder.snapshot.parts.containers import container_services_written, task_definitions_written
from pathfinder.snapshot.parts.credentials import access_keys_written, credential_report_written
from pathfinder.snapshot.parts.endpoints import endpoints_written
from pathfinder.snapshot.parts.functions import functions_written
from pathfinder.snapshot.parts.identities_written import identities_written, instance_profiles_written
from pathfinder.snapshot.parts.identity_center import identity_center_written
from pathfinder.snapshot.parts.instances import instances_written
from pathfinder.snapshot.parts.keys import keys_written
from pathfinder.snapshot.parts.multi_region import multi_region_written
from pathfinder.snapshot.parts.object_lambda import object_lambda_written
from pathfinder.snapshot.parts.objects import objects_stem, objects_written
from pathfinder.snapshot.parts.organizations_written import file_name, organization_written
from pathfinder.snapshot.parts.providers import providers_written
from pathfinder.snapshot.parts.roles_anywhere import profiles_written, trust_anchors_written
from pathfinder.snapshot.parts.workloads import workloads_written


def write(snapshot: Snapshot, folder: str | os.PathLike[str]) -> None:
    """Write the snapshot; an older snapshot in the folder is replaced as a whole, or not at all.

    Raises InputError where the folder holds something else, or cannot be written.
    """
    target = Path(folder)
    _refuse_other_content(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            for name, content in contents(snapshot):
                file = aside / "new" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            if target.exists():
                target.rename(aside / "old")
            (aside / "new").rename(target)
        finally:
            if (aside / "old").exists() and not target.exists():
                (aside / "old").rename(target)
            shutil.rmtree(aside, ignore_errors=True)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(str(target), "", f"cannot be written: {reason}", "Choose another folder.") from None


def contents(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Each file's path in the folder, and its bytes."""
    snapshot = canonical(snapshot)
    yield MARK, _json({"format_version": FORMAT_VERSION})
    gaps = [
        {"Place": each.place, "Reason": each.reason, "Affects": list(each.affects)} for each in snapshot.gaps
    ]
    if snapshot.known_accounts:
        yield KNOWN_ACCOUNTS, _json(dict(snapshot.known_accounts))
    yield GAPS, _json({"Gaps": gaps})
    for organization in snapshot.organizations:
        for name, content in organization_written(organization, snapshot.accounts):
            yield f"{ORGANIZATIONS}/{file_name(organization.id)}/{name}", _json(content)
    for account in snapshot.accounts:
        for name, part in _account(account):
            yield f"{ACCOUNTS}/{account.id}/{name}", part


def _account(account: Account) -> Iterator[tuple[str, bytes]]:
    described: Json = {"Id": account.id, "Partition": account.partition}
    if account.name is not None:
        described["Name"] = account.name
    if account.canonical_id is not None:
        described["CanonicalId"] = account.canonical_id
    if "organization" in account.known:
        described["Organization"] = None
    yield "account.json", _json(described)
    identities = (*account.users, *account.groups, *account.roles)
    if identities or "iam" in account.known:
        yield "iam.json", _json(identities_written(account))
    if any(user.access_keys is not None for user in account.users) or "access_keys" in account.known:
        yield "access-keys.json", _json(access_keys_written(account))
    if any(user.has_password is not None or user.has_mfa is not None for user in account.users):
        yield "credential-report.csv", credential_report_written(account.users).encode()
    if account.instance_profiles:
        yield "instance-profiles.json", _json(instance_profiles_written(account.instance_profiles))
    if account.providers:
        yield "providers.json", _json(providers_written(account.providers))
    if account.public_access_block or "public_access_block" in account.known:
        yield "public-access-block.json", _json(_account_block(account))
    lists: tuple[tuple[str, str, Sequence[object], Callable[[Account], object]], ...] = (
        ("s3.json", "buckets", account.buckets, buckets_written),
        ("access-points.json", "access_points", account.access_points, access_points_written),
        (
            "multi-region-access-points.json",
            "multi_region_access_points",
            account.multi_region_access_points,
            multi_region_written,
        ),
        (
            "object-lambda-access-points.json",
            "object_lambda_access_points",
            account.object_lambda_access_points,
            object_lambda_written,
        ),
        (
            "access-grants-instances.json",
            "access_grants",
            account.access_grants_instances,
            access_grants_instances_written,
        ),
        ("kms.json", "keys", account.keys, keys_written),
        ("ec2-instances.json", "instances", account.instances, instances_written),
        ("vpc-endpoints.json", "endpoints", account.endpoints, endpoints_written),
        ("lambda.json", "functions", account.functions, functions_written),
        (
            "ecs-task-definitions.json",
            "task_definitions",
            account.task_definitions,
            task_definitions_written,
        ),
        ("ecs-services.json", "container_services", account.container_services, container_services_written),
        ("eks-clusters.json", "clusters", account.clusters, clusters_written),
        ("pod-identity-associations.json", "pod_identities", account.pod_identities, pod_identities_written),
        ("trust-anchors.json", "trust_anchors", account.trust_anchors, trust_anchors_written),
        (
            "roles-anywhere-profiles.json",
            "anywhere_profiles",
            account.anywhere_profiles,
            profiles_written,
        ),
    )
    for file, kind, things, shown in lists:
        if things or kind in account.known:
            yield file, _json(shown(account))
    for file, content in workloads_written(account):
        yield file, _json(content)
    for file, part in identity_center_written(account).items():
        yield file, _json(part)
    for file, content in service_accounts_written(account).items():
        yield f"service-accounts/{file}", _json(content)
    if any(each.locations is not None for each in account.access_grants_instances):
        yield "access-grants-locations.json", _json(access_grants_locations_written(account))
    if any(each.grants is not None for each in account.access_grants_instances):
        yield "access-grants.json", _json(access_grants_written(account))
    for bucket in account.buckets:
        stem = objects_stem(bucket.name)
        if stem and (bucket.objects or bucket.objects_listed):
            yield f"{stem}.json", _json(objects_written(bucket))


def _account_block(account: Account) -> Json:
    block = account.public_access_block
    found: Json = {"PublicAccessBlockConfiguration": block_written(block) if block else None}
    if "public_access_block" not in account.known:
        found["Incomplete"] = True
    return found


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _refuse_other_content(target: Path) -> None:
    """Only nothing, an empty folder, or a snapshot may be replaced."""
    if not target.exists() and not target.is_symlink():
        return
    if target.is_dir() and not target.is_symlink():
        files = Folder(target)
        if not any(target.iterdir()) or is_snapshot(files):
            return
    reason = "exists and is no snapshot, so it is not replaced"
    raise InputError(str(target), "", reason, "Choose another folder, or remove it first.")
