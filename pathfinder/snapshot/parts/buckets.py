"""Buckets: entries of `list-buckets` with what the other calls said of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from msgspec import UNSET

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.model.organization import Account
from pathfinder.model.resources import Bucket, ObjectOwnership
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.files import below
from pathfinder.snapshot.gaps import parts_gap
from pathfinder.snapshot.parts.acls import acl_of, acl_written
from pathfinder.snapshot.parts.common import Json, block_written, policy_written, tags_written
from pathfinder.snapshot.parts.objects import objects
from pathfinder.snapshot.parts.supplements import BUCKET, supplement
from pathfinder.snapshot.reading import CallFailed, Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import s3
from pathfinder.snapshot.shapes.base import tags_of

BUCKET_POLICY = "bucket policy"

FIELDS = {
    "PublicAccessBlock": "PublicAccessBlockConfiguration",
    "OwnershipControls": "OwnershipControls",
    "Acl": "Acl",
    "Encryption": "ServerSideEncryptionConfiguration",
    "Tagging": "TagSet",
    "Abac": "AbacStatus",
    "Versioning": "Versioning",
    "RequestPayment": "Payer",
}
"""The parts that `Bucket.unread` may name, and the fields of AWS's output that hold them."""


def buckets(
    reading: Reading, pages: Pages[s3.Buckets] | None, folder: str, account: AccountId, partition: str
) -> tuple[Bucket, ...]:
    """The buckets listed, and those that only have a folder of their own."""
    entries = [
        (place.at(f"Buckets[{index}]"), entry)
        for place, page in pages or ()
        for index, entry in enumerate(page.buckets or ())
    ]
    listed = {entry.name for _, entry in entries}
    alone = [name for name in reading.files.folders(folder) if name not in listed]
    entries += [(Place(below(folder, name)), s3.BucketEntry(name=name)) for name in alone]
    found: dict[str, tuple[Bucket, s3.BucketEntry]] = {}
    for place, entry in entries:
        if not reading.is_owned(Arn(partition, "s3", "", "", entry.name), account, place):
            if pages is not None:
                pages.complete = False
            continue
        places = supplement(reading, below(folder, entry.name), entry, BUCKET)
        bucket = bucket_of(reading, entry, place, places, account, partition)
        known, listed_whole = objects(reading, folder.rpartition("/")[0], entry.name, str(bucket.arn))
        bucket = replace(bucket, objects=known, objects_listed=listed_whole)
        found.setdefault(bucket.name, (bucket, entry))
    note_unread_parts(reading, account, found.values())
    return tuple(bucket for bucket, _ in found.values())


def note_unread_parts(
    reading: Reading, account: AccountId, found: Iterable[tuple[Bucket, s3.BucketEntry]]
) -> None:
    """One gap for each part and reason, whatever the number of buckets."""
    failed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for bucket, entry in found:
        for part in bucket.unread:
            if reason := why_not(entry.errors, FIELDS[part]):
                failed[part, reason].append(str(bucket.arn))
    reading.gaps += [parts_gap(account, part, arns, reason) for (part, reason), arns in failed.items()]


def bucket_of(
    reading: Reading,
    entry: s3.BucketEntry,
    place: Place,
    places: Mapping[str, Place],
    account: AccountId,
    partition: str,
) -> Bucket:
    """One bucket; `places`: where its parts stand, if not in the entry."""
    arn = Arn(partition, "s3", "", "", entry.name)
    failed = why_not(entry.errors, "Policy")
    acl = entry.acl or None
    default, bucket_key = _default_encryption(entry)
    block = entry.public_access_block_configuration
    return Bucket(
        arn=arn,
        account=account,
        policy=None
        if entry.policy is UNSET and failed and CallFailed(failed).absent
        else reading.optional_policy(
            PolicyKind.RESOURCE,
            BUCKET_POLICY,
            str(arn),
            entry.policy,
            (places.get("Policy", place)).at("Policy"),
            failed,
        ),
        region=_region(entry),
        public_access_block=block.to_model() if block else None,
        ownership=_ownership(entry),
        acl=acl_of(acl) if acl else None,
        kms_key=default.kms_key,
        encryption=default.algorithm,
        bucket_key=bucket_key,
        tags=tags_of(entry.tag_set or ()),
        abac=_is(entry.abac_status, "Enabled"),
        versioned=_is(entry.versioning, "Enabled"),
        requester_pays=None if entry.payer is UNSET else entry.payer == "Requester",
        unread=_unread(entry),
    )


def _region(entry: s3.BucketEntry) -> str | None:
    """As AWS says: no location constraint is us-east-1, and EU is eu-west-1."""
    if region := entry.bucket_region or entry.region:
        return region
    if entry.location_constraint is UNSET:
        return None
    return {"EU": "eu-west-1"}.get(entry.location_constraint or "", entry.location_constraint or "us-east-1")


def _unread(entry: s3.BucketEntry) -> tuple[str, ...]:
    given = {
        "PublicAccessBlock": entry.public_access_block_configuration,
        "OwnershipControls": entry.ownership_controls,
        "Acl": entry.acl if entry.acl is not None else UNSET,
        "Encryption": entry.server_side_encryption_configuration,
        "Tagging": entry.tag_set,
        "Abac": entry.abac_status,
        "Versioning": entry.versioning,
        "RequestPayment": entry.payer,
    }
    errors = entry.errors or {}
    return tuple(
        part
        for part, value in given.items()
        if value is UNSET and not CallFailed(errors.get(FIELDS[part], "")).absent
    )


def _ownership(entry: s3.BucketEntry) -> ObjectOwnership | None:
    """A bucket without the configuration behaves as ObjectWriter."""
    if entry.ownership_controls is UNSET:
        absent = CallFailed((entry.errors or {}).get("OwnershipControls", "")).absent
        return ObjectOwnership.OBJECT_WRITER if absent else None
    rules = entry.ownership_controls.rules if entry.ownership_controls else None
    return rules[0].object_ownership if rules else ObjectOwnership.OBJECT_WRITER


def _default_encryption(entry: s3.BucketEntry) -> tuple[s3.DefaultEncryption, bool | None]:
    """The default encryption, and whether bucket keys are on."""
    configuration = entry.server_side_encryption_configuration
    for rule in (configuration.rules if configuration else None) or ():
        if rule.apply_server_side_encryption_by_default:
            return rule.apply_server_side_encryption_by_default, rule.bucket_key_enabled
    return s3.DefaultEncryption(), None


def _is(status: object, word: str) -> bool | None:
    if status is UNSET:
        return None
    return isinstance(status, s3.Status) and status.status == word


def buckets_written(account: Account) -> Json:
    """As `list-buckets` prints them, with the other calls' output in each entry."""
    found: Json = {"Buckets": [_written(each) for each in account.buckets]}
    if "buckets" not in account.known:
        found["Incomplete"] = True
    return found


def _written(bucket: Bucket) -> Json:
    found: Json = {"Name": bucket.name}
    if bucket.region is not None:
        found["BucketRegion"] = bucket.region
    found |= policy_written(bucket.policy)
    parts = {
        "PublicAccessBlock": block_written(bucket.public_access_block)
        if bucket.public_access_block
        else None,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": bucket.ownership.value}]}
        if bucket.ownership
        else None,
        "Acl": acl_written(bucket.acl) if bucket.acl else None,
        "Encryption": _encryption_written(bucket),
        "Tagging": tags_written(bucket.tags),
        "Abac": {"Status": "Enabled" if bucket.abac else "Disabled"},
        "Versioning": {"Status": "Enabled"} if bucket.versioned else {},
        "RequestPayment": "Requester" if bucket.requester_pays else "BucketOwner",
    }
    return {**found, **{FIELDS[part]: value for part, value in parts.items() if part not in bucket.unread}}


def _encryption_written(bucket: Bucket) -> Json | None:
    default = {"SSEAlgorithm": bucket.encryption, "KMSMasterKeyID": bucket.kms_key}
    given = {name: value for name, value in default.items() if value is not None}
    if not given:
        return None
    rule: Json = {"ApplyServerSideEncryptionByDefault": given}
    if bucket.bucket_key is not None:
        rule["BucketKeyEnabled"] = bucket.bucket_key
    return {"Rules": [rule]}
