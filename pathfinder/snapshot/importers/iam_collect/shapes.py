"""What iam-collect's metadata files hold, as far as it matters here."""

from __future__ import annotations

import msgspec


class Metadata(msgspec.Struct, rename="camel", kw_only=True):
    """`metadata.json` of anything that has an ARN."""

    arn: str | None = None
    id: str | None = None
    name: str | None = None
    region: str | None = None


class PrincipalMetadata(Metadata, kw_only=True):
    """Of a user, group, role or instance profile."""

    permission_boundary: str | None = None


class ProviderMetadata(Metadata, kw_only=True):
    """Of an OIDC or SAML provider."""

    url: str | None = None
    client_ids: list[str] | None = None


class BucketMetadata(Metadata, kw_only=True):
    """Of a bucket."""

    abac_enabled: bool | None = None


class AccessPointMetadata(Metadata, kw_only=True):
    """Of an access point."""

    alias: str | None = None
    vpc: str | None = None
    bucket: str | None = None
    bucket_account: str | None = None


class KeyMetadata(Metadata, kw_only=True):
    """Of a KMS key."""

    key_manager: str | None = None
    key_state: str | None = None


class EndpointMetadata(Metadata, kw_only=True):
    """Of a VPC endpoint."""

    vpc: str | None = None
    type: str | None = None
    service_name: str | None = None


class FunctionMetadata(Metadata, kw_only=True):
    """Of a Lambda function."""

    role: str | None = None


class AccountMetadata(msgspec.Struct, rename="camel", kw_only=True):
    """`accounts/A/metadata.json`."""

    name: str | None = None
    account_name: str | None = None


class AccountOrganization(msgspec.Struct, rename="camel", kw_only=True):
    """`accounts/A/organization.json`."""

    organization_id: str | None = None


class OrganizationMetadata(msgspec.Struct, rename="camel", kw_only=True):
    """`organizations/O/metadata.json`."""

    id: str
    root_ou: str | None = None
    root_account_id: str | None = None
    root_account_arn: str | None = None
    features: dict[str, bool | None] | None = None


class Attachments(msgspec.Struct, rename="camel", kw_only=True):
    """What is attached directly to a root, OU or account, and its parent."""

    parent: str | None = None
    ou: str | None = None
    scps: list[str] | None = None
    rcps: list[str] | None = None


class Branch(msgspec.Struct, rename="camel", kw_only=True):
    """A root or OU in `structure.json`."""

    accounts: list[str] | None = None
    children: dict[str, Branch] | None = None
