"""The condition keys that routes to S3 meet: type, number of values, who controls them. Source: evaluation.md ch. 6."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pathfinder.aws.catalogue import array_keys


class ValueType(Enum):
    """What a key's values are."""

    STRING = "string"
    ARN = "ARN"
    BOOL = "boolean"
    NUMBER = "number"
    DATE = "date"
    ADDRESS = "IP address"


class Controller(Enum):
    """Who decides a key's value."""

    CALLER = "the caller chooses it freely"
    HOLDER = "the caller chooses it, but needs something real for it: a network, a device"
    PRINCIPAL = "fixed by the principal"
    SESSION = "fixed when the session is created"
    RESOURCE = "fixed by the resource"
    ENVIRONMENT = "the environment"
    SERVICE = "set by the AWS service"
    PROVIDER = "set by the identity provider"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One row of the catalogue. `key`: AWS's spelling; a family such as `aws:PrincipalTag/` ends with its mark."""

    key: str
    type: ValueType
    multivalued: bool
    controller: Controller
    always: bool = False


_S, _A, _B, _N, _D, _I = ValueType
_C, _H, _P, _SE, _R, _E, _V, _IDP = Controller

_SINGLE: tuple[tuple[ValueType, Controller, str], ...] = (
    (_A, _P, "aws:PrincipalArn"),
    (_S, _P, "aws:PrincipalAccount aws:PrincipalOrgID aws:PrincipalType aws:userid aws:username"),
    (_S, _P, "aws:PrincipalTag/"),
    (_B, _P, "aws:PrincipalIsAWSService"),
    (_S, _V, "aws:PrincipalServiceName"),
    (_B, _SE, "aws:AssumedRoot aws:MultiFactorAuthPresent"),
    (_N, _SE, "aws:MultiFactorAuthAge ec2:RoleDelivery"),
    (_S, _SE, "aws:FederatedProvider aws:SourceIdentity aws:Ec2InstanceSourceVpc"),
    (_D, _SE, "aws:TokenIssueTime"),
    (_I, _SE, "aws:Ec2InstanceSourcePrivateIPv4"),
    (_A, _SE, "ec2:SourceInstanceArn lambda:SourceFunctionArn ecs:SourceArn ssm:SourceInstanceARN"),
    (_S, _SE, "saml:sub saml:namequalifier saml:sub_type"),
    (_S, _IDP, "saml:aud saml:iss saml:doc saml:cn saml:commonName saml:edupersonprincipalname"),
    (_S, _SE, "identitystore:UserId identitystore:IdentityStoreArn"),
    (_S, _V, "aws:CalledViaFirst aws:CalledViaLast aws:SourceAccount aws:SourceOrgID aws:SourceOwner"),
    (_B, _V, "aws:ViaAWSService"),
    (_A, _V, "aws:SourceArn"),
    (_I, _H, "aws:SourceIp aws:VpcSourceIp"),
    (_S, _H, "aws:SourceVpc aws:SourceVpce aws:VpceAccount aws:VpceOrgID"),
    (_A, _H, "aws:SourceVpcArn"),
    (_B, _C, "aws:SecureTransport"),
    (_S, _C, "aws:RequestedRegion aws:UserAgent aws:referer aws:RequestTag/"),
    (_D, _E, "aws:CurrentTime aws:EpochTime"),
    (_S, _R, "aws:ResourceAccount aws:ResourceOrgID aws:ResourceTag/ iam:ResourceTag/"),
    (_S, _C, "iam:PassedToService iam:AWSServiceName"),
    (_A, _C, "iam:AssociatedResourceArn iam:PermissionsBoundary iam:PolicyARN sts:TaskPolicyArn"),
    (_S, _C, "sts:ExternalId sts:RoleSessionName sts:SourceIdentity sts:AWSServiceName"),
    (_S, _IDP, "sts:RequestContext/"),
    (_B, _IDP, "sts:RoleAuthorizedByIdp"),
    (_N, _C, "sts:DurationSeconds"),
    (_S, _C, "s3:prefix s3:delimiter s3:VersionId"),
    (_N, _C, "s3:max-keys"),
    (_S, _R, "s3:ExistingObjectTag/ s3:ResourceAccount s3:BucketTag/ s3:AccessPointTag/"),
    (_S, _C, "s3:RequestObjectTag/ s3:x-amz-acl s3:x-amz-grant-read s3:x-amz-grant-write"),
    (_S, _C, "s3:x-amz-grant-read-acp s3:x-amz-grant-write-acp s3:x-amz-grant-full-control"),
    (_S, _C, "s3:x-amz-copy-source s3:x-amz-metadata-directive s3:x-amz-server-side-encryption"),
    (_A, _C, "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    (_S, _C, "s3:x-amz-server-side-encryption-customer-algorithm s3:x-amz-storage-class"),
    (_S, _C, "s3:x-amz-website-redirect-location s3:object-lock-mode s3:object-lock-legal-hold"),
    (_D, _C, "s3:object-lock-retain-until-date"),
    (_N, _C, "s3:object-lock-remaining-retention-days"),
    (_S, _C, "s3:if-match s3:if-none-match s3:x-amz-object-ownership s3:LocationConstraint"),
    (_S, _C, "s3:x-amz-bucket-namespace s3:authType s3:signatureversion s3:x-amz-content-sha256"),
    (_N, _C, "s3:signatureAge"),
    (_N, _H, "s3:TlsVersion"),
    (_A, _R, "s3:DataAccessPointArn"),
    (_S, _R, "s3:DataAccessPointAccount s3:AccessPointNetworkOrigin"),
    (_A, _V, "s3:AccessGrantsInstanceArn"),
    (_S, _V, "kms:ViaService kms:EncryptionContext:"),
    (_S, _P, "kms:CallerAccount"),
    (_B, _C, "kms:GrantIsForAWSResource"),
    (_S, _C, "kms:GranteePrincipal kms:RequestAlias"),
)
_SEVERAL: tuple[tuple[ValueType, Controller, str], ...] = (
    (_S, _P, "aws:PrincipalOrgPaths"),
    (_S, _V, "aws:PrincipalServiceNamesList aws:CalledVia aws:SourceOrgPaths"),
    (_S, _H, "aws:VpceOrgPaths"),
    (_S, _R, "aws:ResourceOrgPaths kms:ResourceAliases"),
    (_S, _C, "aws:TagKeys sts:TransitiveTagKeys s3:RequestObjectTagKeys kms:GrantOperations"),
    (_S, _V, "kms:EncryptionContextKeys"),
    (_A, _IDP, "sts:RequestContextProviders"),
)
_ALWAYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principaltype",
        "aws:userid",
        "aws:viaawsservice",
        "aws:securetransport",
        "aws:requestedregion",
        "aws:currenttime",
        "aws:epochtime",
        "aws:useragent",
    }
)

_TABLE: dict[str, KeyFacts] = {
    name.lower(): KeyFacts(name, type_, several, controller, name.lower() in _ALWAYS)
    for rows, several in ((_SINGLE, False), (_SEVERAL, True))
    for type_, controller, names in rows
    for name in names.split()
}
_FAMILIES = tuple(sorted(key for key in _TABLE if key.endswith(("/", ":"))))


@lru_cache(maxsize=1 << 12)
def key_facts(key: str) -> KeyFacts | None:
    """The row of a key in any case, or None where the catalogue has none."""
    lower = key.lower()
    found = _TABLE.get(lower)
    if found is not None:
        return found
    family = next((each for each in _FAMILIES if lower.startswith(each) and len(lower) > len(each)), None)
    return None if family is None else _TABLE[family]


def spelling(key: str) -> str:
    """A key in AWS's spelling; the tag part of a tag key stays as given."""
    found = key_facts(key)
    if found is None:
        return key
    return found.key + key[len(found.key) :]


def is_multivalued(key: str) -> bool:
    """Whether requests can carry several values for the key."""
    found = key_facts(key)
    return found.multivalued if found is not None else key.lower() in array_keys()


def value_type(key: str) -> ValueType:
    """What the key's values are; text where the catalogue has no row."""
    found = key_facts(key)
    return ValueType.STRING if found is None else found.type


def always_present(key: str) -> bool:
    """Whether every request carries the key."""
    found = key_facts(key)
    return found is not None and found.always
