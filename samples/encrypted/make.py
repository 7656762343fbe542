"""Writes this sample, the same bytes each time: `python -m samples.encrypted.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Snapshot
from pathfinder.model.resources import (
    Acl,
    AclGrant,
    Bucket,
    Key,
    KmsGrant,
    ObjectOwnership,
    PublicAccessBlock,
)
from pathfinder.policy.document import PolicyKind
from samples.writing import arn, folder_given, policy, write_beside

DATA, PARTNER = AccountId("222222222222"), AccountId("333333333333")
REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{DATA}:key/0a1b2c3d-0000-4000-8000-000000000001"
READER, ADMIN = (f"arn:aws:iam::{DATA}:role/{name}" for name in ("Reader", "Admin"))
BATCH = f"arn:aws:iam::{PARTNER}:role/Batch"
ANALYST = f"arn:aws:iam::{PARTNER}:user/analyst"
CLOSED = PublicAccessBlock(True, True, True, True)
EVERYTHING_KNOWN = frozenset(
    {
        *("iam", "buckets", "access_keys", "instances", "endpoints", "keys", "functions"),
        *("access_points", "multi_region_access_points", "object_lambda_access_points", "access_grants"),
        *("public_access_block", "organization"),
    }
)

Json = dict[str, object]


def snapshot() -> Snapshot:
    """The whole sample."""
    return Snapshot(accounts=(data(), partner()), organizations=())


def data() -> Account:
    """The owner of bucket and key."""
    owner = f"arn:aws:iam::{DATA}:root"
    return Account(
        DATA,
        name="data",
        roles=(
            role(ADMIN, f"arn:aws:iam::{DATA}:root", allow("*", "*")),
            role(READER, f"arn:aws:iam::{DATA}:root", allow(["s3:GetObject", "s3:ListBucket"], "*")),
        ),
        buckets=(
            bucket("records", "aws:kms", KEY, [BATCH, ANALYST]),
            bucket("plain", "AES256", None, [BATCH, ANALYST]),
            bucket("default-key", "aws:kms", None, [BATCH, ANALYST]),
        ),
        keys=(
            Key(
                arn(KEY),
                policy(
                    PolicyKind.KEY,
                    "key policy",
                    KEY,
                    allow("kms:*", "*", {"AWS": READER}, sid="OneRoleAlone"),
                    allow(
                        ["kms:PutKeyPolicy", "kms:DescribeKey", "kms:GetKeyPolicy"],
                        "*",
                        {"AWS": owner},
                        sid="Administration",
                    ),
                ),
                aws_managed=False,
                state="Enabled",
                grants=(KmsGrant("batch", BATCH, ("Decrypt",)),),
                aliases=("alias/records",),
            ),
        ),
        public_access_block=CLOSED,
        known=EVERYTHING_KNOWN,
    )


def partner() -> Account:
    """Another account, to which the bucket policies are open."""
    reading = allow(["s3:GetObject", "s3:PutObject"], "*")
    return Account(
        PARTNER,
        name="partner",
        users=(
            User(
                arn(ANALYST),
                "AIDAANALYST",
                (policy(PolicyKind.IDENTITY, "read-all", ANALYST, allow(["s3:*", "kms:*"], "*")),),
                None,
                access_keys=(),
            ),
        ),
        roles=(role(BATCH, f"arn:aws:iam::{PARTNER}:root", reading),),
        public_access_block=CLOSED,
        known=EVERYTHING_KNOWN,
    )


def bucket(name: str, encryption: str, key: str | None, readers: list[str]) -> Bucket:
    """A bucket whose objects these may read and write."""
    own = f"arn:aws:s3:::{name}"
    statement = allow(["s3:GetObject", "s3:PutObject"], f"{own}/*", {"AWS": readers}, sid="Partner")
    return Bucket(
        arn(own),
        DATA,
        policy(PolicyKind.RESOURCE, "bucket policy", own, statement),
        region=REGION,
        public_access_block=CLOSED,
        ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl=Acl("d" * 64, (AclGrant("d" * 64, "FULL_CONTROL"),)),
        kms_key=key,
        encryption=encryption,
        bucket_key=False,
        abac=False,
        versioned=False,
        requester_pays=False,
    )


def role(own: str, trusted: str, *statements: Json) -> Role:
    """A role that principals of an account may assume."""
    trust = {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"}
    return Role(
        arn(own),
        "AROA" + own.rpartition("/")[2].upper(),
        policy(PolicyKind.TRUST, "trust policy", own, trust),
        (policy(PolicyKind.IDENTITY, "own", own, *statements),),
    )


def allow(action: object, resource: object, principal: object = None, *, sid: str | None = None) -> Json:
    """An Allow statement."""
    found: Json = {"Sid": sid} if sid else {}
    found["Effect"] = "Allow"
    if principal is not None:
        found["Principal"] = principal
    return {**found, "Action": action, "Resource": resource}


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
