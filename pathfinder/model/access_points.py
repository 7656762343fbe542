"""Further ways to a bucket's data beside access points. Source: evaluation.md 8.1, S3-55 to S3-57, BPA-1."""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.model.resources import PublicAccessBlock
from pathfinder.policy.document import SomePolicy


@dataclass(frozen=True, slots=True)
class MemberBucket:
    """A bucket that a Multi-Region Access Point may serve a request from. `account`: None where not known."""

    bucket: str
    account: AccountId | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class MultiRegionAccessPoint:
    """A Multi-Region Access Point. `arn` ends in its alias; `status` is AWS's, for example READY (S3-55)."""

    arn: Arn
    name: str
    buckets: tuple[MemberBucket, ...]
    policy: SomePolicy | None
    public_access_block: PublicAccessBlock | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectLambdaAccessPoint:
    """An Object Lambda access point (S3-56). `supporting`: the access point that it reads through.

    `transforms`: the S3 operations that go through its functions (`GetObject`, …); `functions`: these. Both are
    empty, and `supporting` None, where the configuration is not known.
    """

    arn: Arn
    supporting: Arn | None
    transforms: tuple[str, ...]
    functions: tuple[Arn, ...]
    policy: SomePolicy | None
    alias: str | None = None
    public_access_block: PublicAccessBlock | None = None


@dataclass(frozen=True, slots=True)
class AccessGrantsLocation:
    """A location of an Access Grants instance: S3 data (`s3://bucket/prefix*`) and the role that reaches it."""

    id: str
    arn: Arn
    scope: str
    role: Arn | None


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """A grant. `grantee_type`: IAM, DIRECTORY_USER or DIRECTORY_GROUP; `permission`: READ, WRITE or READWRITE.

    `scope`: `s3://bucket/prefix*`, or one object's URI. `application`: the Identity Center application that alone
    may use it, None for any.
    """

    id: str
    arn: Arn
    grantee_type: str
    grantee: str
    permission: str
    scope: str
    location: str
    application: str | None = None

    @property
    def is_to_directory(self) -> bool:
        """Whether the grantee is a user or a group of Identity Center."""
        return self.grantee_type in ("DIRECTORY_USER", "DIRECTORY_GROUP")


@dataclass(frozen=True, slots=True)
class AccessGrantsInstance:
    """The Access Grants instance of an account in one region (S3-57). `policy`: its resource policy.

    `locations` and `grants` are None where they were not read. `identity_center`: the associated instance of Identity
    Center, or its application for Access Grants; None where none is known.
    """

    arn: Arn
    policy: SomePolicy | None
    locations: tuple[AccessGrantsLocation, ...] | None = None
    grants: tuple[AccessGrant, ...] | None = None
    identity_center: str | None = None
