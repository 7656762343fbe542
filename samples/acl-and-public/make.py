"""Writes this sample, the same bytes each time: `python -m samples.acl-and-public.make [FOLDER]`.

FOLDER is where to write; without it, beside this script. README.md tells what the sample shows.
"""

from __future__ import annotations

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Snapshot
from pathfinder.model.resources import Acl, AclGrant, Bucket, ObjectOwnership, PublicAccessBlock, S3Object
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.gaps import KINDS
from samples.writing import arn, folder_given, policy, write_beside

MEDIA, PARTNER = AccountId("111122223333"), AccountId("444455556666")
CANONICAL = {MEDIA: "1d" * 32, PARTNER: "4e" * 32}
STRANGER = "9f" * 32
"""An account that nobody remembers: only its canonical user id stands in an ACL."""

GROUPS = "http://acs.amazonaws.com/groups"
EVERYONE, SIGNED = f"{GROUPS}/global/AllUsers", f"{GROUPS}/global/AuthenticatedUsers"
LOGS = f"{GROUPS}/s3/LogDelivery"

ENFORCED, WRITER = ObjectOwnership.BUCKET_OWNER_ENFORCED, ObjectOwnership.OBJECT_WRITER
OPEN, CLOSED = PublicAccessBlock(), PublicAccessBlock(True, True, True, True)
NO_PUBLIC_ACLS = PublicAccessBlock(ignore_public_acls=True)
ONLY_OWN = PublicAccessBlock(restrict_public_buckets=True)

Json = dict[str, object]


def snapshot() -> Snapshot:
    """Two accounts that belong to no organization."""
    return Snapshot((media(), partner()))


def media() -> Account:
    """The account that owns the buckets; its editor may do everything in S3, its intern nothing."""
    read_all = allow("s3:GetObject", "arn:aws:s3:::{}/*", "*")
    to_partner = allow("s3:GetObject", "arn:aws:s3:::{}/*", {"AWS": PARTNER})
    location = allow("s3:GetBucketLocation", "arn:aws:s3:::{}", "*")
    return account(
        MEDIA,
        "media",
        users=(user(MEDIA, "intern", allow("ec2:Describe*", "*")),),
        roles=(role(MEDIA, "Editor", allow("s3:*", "*")),),
        buckets=(
            bucket("media-site", read_all, block=OPEN),
            bucket("media-downloads", read_all, block=OPEN, requester_pays=True),
            bucket("media-tainted", to_partner, location, block=ONLY_OWN),
            bucket("media-archive", ownership=WRITER, grants={EVERYONE: "READ"}, block=NO_PUBLIC_ACLS),
            bucket("media-shared", ownership=WRITER, grants={SIGNED: "READ", STRANGER: "READ"}, block=OPEN),
            bucket(
                "media-uploads",
                ownership=WRITER,
                grants={CANONICAL[PARTNER]: "WRITE"},
                objects=(
                    s3_object("clip-1.mp4", PARTNER),
                    s3_object("clip-2.mp4", PARTNER, {CANONICAL[MEDIA]: "FULL_CONTROL"}),
                    s3_object("index.html", MEDIA, {EVERYONE: "READ"}),
                    s3_object("notes.txt", MEDIA),
                ),
                block=OPEN,
            ),
            bucket("media-access-logs", ownership=WRITER, logs=True, block=CLOSED),
        ),
    )


def partner() -> Account:
    """The account that uploads: its Uploader may use S3, its Reader has no permission at all."""
    return account(
        PARTNER,
        "partner",
        roles=(role(PARTNER, "Reader"), role(PARTNER, "Uploader", allow("s3:*", "*"))),
    )


def account(identifier: AccountId, name: str, **parts: object) -> Account:
    """An account of which everything is known."""
    return Account(
        identifier,
        name=name,
        canonical_id=CANONICAL[identifier],
        known=frozenset({*KINDS, "organization"}),
        **parts,  # type: ignore[arg-type]
    )


def bucket(
    name: str,
    *statements: Json,
    ownership: ObjectOwnership = ENFORCED,
    grants: dict[str, str] | None = None,
    logs: bool = False,
    block: PublicAccessBlock,
    objects: tuple[S3Object, ...] = (),
    requester_pays: bool = False,
) -> Bucket:
    """A bucket of `media`; `{}` in a statement's resource stands for its name."""
    own = arn(f"arn:aws:s3:::{name}")
    told = [{**each, "Resource": str(each["Resource"]).format(name)} for each in statements]
    further = [(LOGS, "WRITE"), (LOGS, "READ_ACP")] if logs else []
    return Bucket(
        own,
        MEDIA,
        policy(PolicyKind.RESOURCE, "bucket policy", str(own), *told) if told else None,
        region="eu-central-1",
        public_access_block=block,
        ownership=ownership,
        acl=acl(MEDIA, [*(grants or {}).items(), *further]),
        encryption="AES256",
        abac=False,
        versioned=False,
        requester_pays=requester_pays,
        objects=objects,
        objects_listed=True,
    )


def s3_object(key: str, owner: AccountId, grants: dict[str, str] | None = None) -> S3Object:
    """An object with its ACL."""
    return S3Object(key, CANONICAL[owner], acl(owner, list((grants or {}).items())))


def acl(owner: AccountId, grants: list[tuple[str, str]]) -> Acl:
    """An ACL with the owner's full control, which every ACL begins with."""
    every = [(CANONICAL[owner], "FULL_CONTROL"), *grants]
    return Acl(CANONICAL[owner], tuple(AclGrant(*each) for each in sorted(every)))


def role(account_id: AccountId, name: str, *statements: Json) -> Role:
    """A role that its own account may assume."""
    own = arn(f"arn:aws:iam::{account_id}:role/{name}")
    trust = {"Effect": "Allow", "Principal": {"AWS": account_id}, "Action": "sts:AssumeRole"}
    return Role(
        own,
        f"AROA{name.upper()}",
        policy(PolicyKind.TRUST, "trust policy", str(own), trust),
        (policy(PolicyKind.IDENTITY, "permissions", str(own), *statements),) if statements else (),
    )


def user(account_id: AccountId, name: str, *statements: Json) -> User:
    """An IAM user without keys."""
    own = arn(f"arn:aws:iam::{account_id}:user/{name}")
    held = (policy(PolicyKind.IDENTITY, "permissions", str(own), *statements),)
    return User(own, f"AIDA{name.upper()}", held, access_keys=())


def allow(action: str, resource: str, principal: object = None) -> Json:
    """An Allow statement."""
    named: Json = {} if principal is None else {"Principal": principal}
    return {"Effect": "Allow", **named, "Action": action, "Resource": resource}


if __name__ == "__main__":
    write_beside(snapshot(), folder_given(__file__))
