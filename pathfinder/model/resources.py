"""Resources of an account: buckets, access points, keys, endpoints, compute. Source: evaluation.md ch. 8, 9."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.policy.document import SomePolicy


class ObjectOwnership(Enum):
    """Who owns new objects, and whether ACLs count (S3-5, S3-21)."""

    BUCKET_OWNER_ENFORCED = "BucketOwnerEnforced"
    BUCKET_OWNER_PREFERRED = "BucketOwnerPreferred"
    OBJECT_WRITER = "ObjectWriter"


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The four switches of S3 Block Public Access at one level (BPA-1)."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False


@dataclass(frozen=True, slots=True)
class AclGrant:
    """One grant of an ACL. `grantee`: a canonical user id, or a group URI (S3-22)."""

    grantee: str
    permission: str


@dataclass(frozen=True, slots=True)
class Acl:
    """A bucket's or an object's ACL. `owner`: the canonical user id of its owner."""

    owner: str | None
    grants: tuple[AclGrant, ...]


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object that the snapshot knows: `owner` is a canonical user id; `acl`, `tags` None where not known."""

    key: str
    owner: str | None = None
    acl: Acl | None = None
    tags: Mapping[str, str] | None = None


_OF_DIRECTORIES = "--x-s3"


def is_directory_bucket(name: str) -> bool:
    """Whether the name, or a pattern of names, is of directory buckets: S3 keeps the ending for them (s3express)."""
    return name.endswith(_OF_DIRECTORIES)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A general-purpose bucket and what guards it.

    `policy` is None where there is none, and `Unread` where it is not known. `public_access_block` is None
    where the bucket has no such configuration, `ownership` and `acl` None where the snapshot does not say;
    `unread` names the parts that the snapshot does not say: "PublicAccessBlock", "OwnershipControls", "Acl",
    "Encryption", "Tagging", "Abac", "Versioning", "RequestPayment". `encryption`: the default algorithm;
    `kms_key`: its key as AWS gives it, an id, an ARN or an alias; `bucket_key`: whether bucket keys are on.
    `objects`: those that are known, by key; `objects_listed`: whether these are all.
    """

    arn: Arn
    account: AccountId
    policy: SomePolicy | None
    region: str | None = None
    public_access_block: PublicAccessBlock | None = None
    ownership: ObjectOwnership | None = None
    acl: Acl | None = None
    kms_key: str | None = None
    encryption: str | None = None
    bucket_key: bool | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    abac: bool | None = None
    versioned: bool | None = None
    requester_pays: bool | None = None
    unread: tuple[str, ...] = ()
    objects: tuple[S3Object, ...] = ()
    objects_listed: bool = False

    @property
    def name(self) -> str:
        """The bucket's name, unique in its partition (TERM-5)."""
        return self.arn.resource


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An S3 access point. `vpc`: the only VPC it takes requests from, None for Internet origin (S3-52)."""

    arn: Arn
    bucket: str
    bucket_account: AccountId | None
    policy: SomePolicy | None
    alias: str | None = None
    vpc: str | None = None
    public_access_block: PublicAccessBlock | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KmsGrant:
    """A live grant on a key (KMS-6). `encryption_context`: pairs that requests must carry."""

    id: str
    grantee: str
    operations: tuple[str, ...]
    encryption_context: Mapping[str, str] = field(default_factory=dict)
    context_equals: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key. `state`: AWS's KeyState, for example Enabled. None where not known, as for grants and aliases."""

    arn: Arn
    policy: SomePolicy
    aws_managed: bool | None = None
    state: str | None = None
    grants: tuple[KmsGrant, ...] | None = None
    aliases: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VpcEndpoint:
    """A VPC endpoint. `service`: `s3`, `sts`, `kms` …; `policy` None is the default one (VPCE-2)."""

    id: str
    account: AccountId
    service: str
    gateway: bool
    vpc: str | None
    policy: SomePolicy | None
    region: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instance:
    """An EC2 instance with the instance profile that it runs with."""

    arn: Arn
    profile: Arn | None
    vpc: str | None = None
    public: bool | None = None
    state: str | None = None
    name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its instance id, which is the name of its role session (STS-40)."""
        return self.arn.name


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """A Lambda function and its execution role (STS-41). `policy`: its resource-based policy."""

    arn: Arn
    role: Arn | None
    policy: SomePolicy | None = None

    @property
    def name(self) -> str:
        """Its name, which is that of its role sessions (STS-41)."""
        return self.arn.resource.removeprefix("function:")
