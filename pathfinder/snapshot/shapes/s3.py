"""Buckets as `s3api` shows them, call by call, and access points as `s3control` does."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from pathfinder.model.resources import ObjectOwnership, PublicAccessBlock
from pathfinder.snapshot.shapes.base import Errors, Page, RawDocument, Shape, Tag


class BlockConfiguration(Shape):
    """A PublicAccessBlockConfiguration."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    def to_model(self) -> PublicAccessBlock:
        """The same, as the model has it."""
        return PublicAccessBlock(
            self.block_public_acls,
            self.ignore_public_acls,
            self.block_public_policy,
            self.restrict_public_buckets,
        )


class AccountBlock(Page):
    """`s3control get-public-access-block`."""

    public_access_block_configuration: BlockConfiguration | None = None


class Owner(Shape):
    """An account by its canonical user id."""

    id: str | None = msgspec.field(default=None, name="ID")


class Grantee(Shape):
    """Who is granted: a canonical user id, a group's URI, or an e-mail address."""

    id: str | None = msgspec.field(default=None, name="ID")
    uri: str | None = msgspec.field(default=None, name="URI")
    email_address: str | None = None

    @property
    def text(self) -> str:
        """The one that is given."""
        return self.id or self.uri or self.email_address or ""


class Grant(Shape):
    """One grant of an ACL."""

    grantee: Grantee = msgspec.field(default_factory=Grantee)
    permission: str = ""


class BucketAcl(Shape):
    """`get-bucket-acl` and `get-object-acl`."""

    owner: Owner | None = None
    grants: list[Grant] | None = None


class OwnershipRule(Shape):
    """A rule of OwnershipControls."""

    object_ownership: ObjectOwnership


class OwnershipControls(Shape):
    """`get-bucket-ownership-controls`."""

    rules: list[OwnershipRule] | None = None


class DefaultEncryption(Shape):
    """ApplyServerSideEncryptionByDefault."""

    algorithm: str | None = msgspec.field(default=None, name="SSEAlgorithm")
    kms_key: str | None = msgspec.field(default=None, name="KMSMasterKeyID")


class EncryptionRule(Shape):
    """A rule of the encryption configuration."""

    apply_server_side_encryption_by_default: DefaultEncryption | None = None
    bucket_key_enabled: bool | None = None


class Encryption(Shape):
    """`get-bucket-encryption`."""

    rules: list[EncryptionRule] | None = None


class Status(Shape):
    """`get-bucket-versioning` and `get-bucket-abac`."""

    status: str | None = None


class BucketEntry(Shape):
    """A bucket of `list-buckets`, with what the other calls said of it under the names that they use.

    Null means that there is no such configuration; a field that is not there is not known.
    """

    name: str
    bucket_region: str | None = None
    region: str | None = None
    location_constraint: str | UnsetType | None = UNSET
    policy: RawDocument = UNSET
    acl: BucketAcl | UnsetType | None = UNSET
    ownership_controls: OwnershipControls | UnsetType | None = UNSET
    public_access_block_configuration: BlockConfiguration | UnsetType | None = UNSET
    server_side_encryption_configuration: Encryption | UnsetType | None = UNSET
    tag_set: list[Tag] | UnsetType | None = UNSET
    abac_status: Status | UnsetType | None = UNSET
    versioning: Status | UnsetType | None = UNSET
    payer: str | UnsetType | None = UNSET
    errors: Errors | None = None


class Buckets(Page):
    """`list-buckets`."""

    owner: Owner | None = None
    buckets: list[BucketEntry] | None = None


class ObjectEntry(Shape):
    """An object of `list-objects-v2`, with what `get-object-acl` and `get-object-tagging` said of it."""

    key: str
    owner: Owner | None = None
    acl: BucketAcl | None = None
    tag_set: list[Tag] | None = None


class Objects(Page):
    """`list-objects-v2 --fetch-owner`."""

    contents: list[ObjectEntry] | None = None


class VpcConfiguration(Shape):
    """The VPC that an access point is bound to."""

    vpc_id: str | None = None


class AccessPointEntry(Shape):
    """An access point of `list-access-points`, with what `get-access-point` and its policy say."""

    access_point_arn: str
    bucket: str
    bucket_account_id: str | None = None
    alias: str | None = None
    vpc_configuration: VpcConfiguration | None = None
    public_access_block_configuration: BlockConfiguration | None = None
    policy: RawDocument = UNSET
    tags: list[Tag] | None = None
    errors: Errors | None = None


class AccessPoints(Page):
    """`list-access-points`."""

    access_point_list: list[AccessPointEntry] | None = None
