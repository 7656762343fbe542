"""Buckets, access points, keys, endpoints and functions of an account, brought into AWS's own shapes."""

from __future__ import annotations

from msgspec import UNSET, Raw, UnsetType

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.model.resources import (
    AccessPoint,
    Bucket,
    Key,
    LambdaFunction,
    PublicAccessBlock,
    VpcEndpoint,
)
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.importers.iam_collect import shapes
from pathfinder.snapshot.importers.iam_collect.entries import Entry, entries
from pathfinder.snapshot.parts.access_points import access_point_of
from pathfinder.snapshot.parts.buckets import bucket_of, note_unread_parts
from pathfinder.snapshot.parts.endpoints import endpoint_of
from pathfinder.snapshot.parts.functions import function_of
from pathfinder.snapshot.parts.keys import key_of
from pathfinder.snapshot.reading import Reading
from pathfinder.snapshot.shapes import compute, kms, s3

_NONE = Raw(b"null")
_NOT_COLLECTED = dict.fromkeys(
    ("Acl", "OwnershipControls", "Versioning", "Payer"), "iam-collect does not collect it"
)


def buckets(reading: Reading, folder: str, account: AccountId, partition: str) -> tuple[Bucket, ...]:
    """The buckets in an account's `s3` folder, beside which regions hold access points."""
    found = []
    for name in reading.files.folders(folder):
        entry = Entry(reading, below(folder, name))
        metadata = entry.file("metadata.json", shapes.BucketMetadata)
        if metadata is None:
            if "accesspoint" not in reading.files.folders(entry.folder):
                reading.gap(entry.folder, "has no usable metadata.json; its name is taken from the folder")
            else:
                continue
        shape = _bucket(entry, metadata or shapes.BucketMetadata(name=name), name)
        if not reading.is_owned(Arn(partition, "s3", "", "", shape.name), account, entry.place):
            continue
        found.append((bucket_of(reading, shape, entry.place, {}, account, partition), shape))
    note_unread_parts(reading, account, found)
    return tuple(bucket for bucket, _ in found)


def _bucket(entry: Entry, metadata: shapes.BucketMetadata, name: str) -> s3.BucketEntry:
    encryption = entry.file("encryption.json", list[s3.EncryptionRule])
    abac = metadata.abac_enabled
    return s3.BucketEntry(
        name=metadata.name or name,
        bucket_region=metadata.region,
        policy=entry.document("policy.json", absent=_NONE),
        public_access_block_configuration=_block(entry),
        server_side_encryption_configuration=UNSET if encryption is None else s3.Encryption(rules=encryption),
        tag_set=entry.tags(),
        abac_status=UNSET if abac is None else s3.Status(status="Enabled" if abac else "Disabled"),
        errors=dict(_NOT_COLLECTED),
    )


def _block(entry: Entry, name: str = "bpa.json") -> s3.BlockConfiguration | UnsetType | None:
    """The four switches, whichever case their names begin with; UNSET where the file is left out."""
    switches = entry.file(name, dict[str, bool | None])
    if switches is None:
        return UNSET if entry.has(name) else None
    on = {key[:1].lower() + key[1:]: bool(value) for key, value in switches.items()}
    return s3.BlockConfiguration(
        block_public_acls=on.get("blockPublicAcls", False),
        ignore_public_acls=on.get("ignorePublicAcls", False),
        block_public_policy=on.get("blockPublicPolicy", False),
        restrict_public_buckets=on.get("restrictPublicBuckets", False),
    )


def account_block(reading: Reading, folder: str) -> PublicAccessBlock | None:
    """The account's own Block Public Access."""
    found = _block(Entry(reading, folder), "s3-bpa.json")
    return found.to_model() if found else None


def access_points(
    reading: Reading, folder: str, account: AccountId, partition: str
) -> tuple[AccessPoint, ...]:
    """The access points of all regions."""
    found = []
    for region in reading.files.folders(folder):
        points = entries(reading, below(folder, f"{region}/accesspoint"), shapes.AccessPointMetadata)
        for entry, metadata in points:
            name = metadata.name or entry.folder.rsplit("/", 1)[-1]
            vpc = metadata.vpc.rsplit("/", 1)[-1] if metadata.vpc else None
            shape = s3.AccessPointEntry(
                access_point_arn=metadata.arn
                or str(Arn(partition, "s3", region, account, f"accesspoint/{name}")),
                bucket=metadata.bucket or "",
                bucket_account_id=metadata.bucket_account,
                alias=metadata.alias,
                vpc_configuration=s3.VpcConfiguration(vpc_id=vpc) if vpc else None,
                public_access_block_configuration=_block(entry) or None,
                policy=entry.document("policy.json", absent=_NONE),
                tags=entry.tags(),
            )
            try:
                found.append(access_point_of(reading, shape, entry.place, {}))
            except InputError as error:
                reading.skip(error)
    return tuple(found)


def keys(reading: Reading, folder: str) -> tuple[Key, ...]:
    """The keys of all regions."""
    found = []
    for region in reading.files.folders(folder):
        for entry, metadata in entries(reading, below(folder, f"{region}/key"), shapes.KeyMetadata):
            described = kms.KeyMetadata(key_manager=metadata.key_manager, key_state=metadata.key_state)
            shape = kms.KeyEntry(
                key_arn=metadata.arn or "",
                key_metadata=described,
                policy=entry.document("policy.json"),
                tags=entry.tags(),
            )
            try:
                found.append(key_of(reading, shape, entry.place, {}))
            except InputError as error:
                reading.skip(error)
    return tuple(found)


def endpoints(reading: Reading, folder: str, account: AccountId) -> tuple[VpcEndpoint, ...]:
    """The VPC endpoints of all regions."""
    found = []
    for region in reading.files.folders(folder):
        for entry, metadata in entries(
            reading, below(folder, f"{region}/vpc-endpoint"), shapes.EndpointMetadata
        ):
            shape = compute.EndpointEntry(
                vpc_endpoint_id=metadata.id or entry.folder.rsplit("/", 1)[-1],
                service_name=metadata.service_name or "",
                vpc_endpoint_type="Gateway"
                if (metadata.type or "Gateway").lower() == "gateway"
                else "Interface",
                vpc_id=metadata.vpc.rsplit("/", 1)[-1] if metadata.vpc else None,
                service_region=region,
                policy_document=entry.document("endpoint-policy.json", absent=_NONE),
                tags=entry.tags(),
            )
            found.append(endpoint_of(reading, shape, entry.place, account))
    return tuple(found)


def functions(reading: Reading, folder: str) -> tuple[LambdaFunction, ...]:
    """The Lambda functions of all regions."""
    found = []
    for region in reading.files.folders(folder):
        for entry, metadata in entries(reading, below(folder, f"{region}/function"), shapes.FunctionMetadata):
            policy = entry.document("policy.json", absent=_NONE)
            shape = compute.FunctionEntry(function_arn=metadata.arn or "", role=metadata.role, policy=policy)
            try:
                found.append(function_of(reading, shape, entry.place, {}))
            except InputError as error:
                reading.skip(error)
    return tuple(found)
