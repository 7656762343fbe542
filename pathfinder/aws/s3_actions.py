"""S3's actions: what each is done to, and what it gives. Source: evaluation.md S3-A1 to S3-A30, S3-18, LANG-27.

The tables of evaluation.md come before the generated catalogue; actions that they do not name take their
resource types from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from pathfinder.aws.catalogue import ActionFacts, action, actions_of


class S3ResourceType(Enum):
    """What an S3 action can be performed on."""

    OBJECT = "object"
    ACCESS_POINT_OBJECT = "object through an access point"
    BUCKET = "bucket"
    ACCESS_POINT = "access point"
    MULTI_REGION_ACCESS_POINT = "Multi-Region Access Point"
    OBJECT_LAMBDA = "Object Lambda access point"
    ACCESS_GRANTS = "Access Grants"
    JOB = "job"
    OTHER = "other"
    NONE = "none"


class AccessGroup(Enum):
    """Actions in a reader's words."""

    READ = "read"
    WRITE = "write"
    LIST = "list"
    DELETE = "delete"
    TAKE_OVER = "take over"
    CONFIGURE = "configure"
    INSPECT = "inspect"


@dataclass(frozen=True, slots=True)
class S3Action:
    """One S3 action. `access`: the class that evaluation.md 8.1 gives it; `rule`: the row there."""

    name: str
    resources: frozenset[S3ResourceType]
    access: str
    group: AccessGroup
    rule: str


_O = frozenset({S3ResourceType.OBJECT})
_AO = frozenset({S3ResourceType.OBJECT, S3ResourceType.ACCESS_POINT_OBJECT})
_B = frozenset({S3ResourceType.BUCKET})
_BAP = frozenset({S3ResourceType.BUCKET, S3ResourceType.ACCESS_POINT})
_AP = frozenset({S3ResourceType.ACCESS_POINT})
_MRAP = frozenset({S3ResourceType.MULTI_REGION_ACCESS_POINT})
_OLAP = frozenset({S3ResourceType.OBJECT_LAMBDA})
_AG = frozenset({S3ResourceType.ACCESS_GRANTS})
_JOB = frozenset({S3ResourceType.JOB})
_NONE = frozenset({S3ResourceType.NONE})
_TAGGED = _BAP | _AG | {S3ResourceType.OTHER}

_ROWS: tuple[tuple[str, str, frozenset[S3ResourceType], str, AccessGroup], ...] = (
    ("S3-A1", "GetObject GetObjectVersion", _AO, "read data", AccessGroup.READ),
    (
        "S3-A2",
        "GetObjectAttributes GetObjectVersionAttributes GetObjectTagging GetObjectVersionTagging "
        "GetObjectRetention GetObjectLegalHold GetObjectAnnotation GetObjectVersionAnnotation "
        "ListObjectAnnotations ListObjectVersionAnnotations",
        _AO,
        "read metadata",
        AccessGroup.INSPECT,
    ),
    ("S3-A3", "GetObjectAcl GetObjectVersionAcl", _AO, "read permissions", AccessGroup.INSPECT),
    ("S3-A4", "GetObjectTorrent GetObjectVersionTorrent", _O, "read data (legacy)", AccessGroup.READ),
    (
        "S3-A5",
        "GetObjectVersionForReplication GetObjectVersionAnnotationForReplication",
        _O,
        "read data, replication",
        AccessGroup.READ,
    ),
    ("S3-A6", "PutObject", _AO, "write data", AccessGroup.WRITE),
    ("S3-A7", "DeleteObject DeleteObjectVersion", _AO, "delete", AccessGroup.DELETE),
    (
        "S3-A8",
        "PutObjectTagging PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging "
        "PutObjectAnnotation PutObjectVersionAnnotation DeleteObjectAnnotation DeleteObjectVersionAnnotation",
        _AO,
        "write metadata",
        AccessGroup.CONFIGURE,
    ),
    ("S3-A9", "PutObjectAcl PutObjectVersionAcl", _AO, "grant", AccessGroup.TAKE_OVER),
    (
        "S3-A10",
        "PutObjectRetention PutObjectLegalHold BypassGovernanceRetention",
        _AO,
        "lock control",
        AccessGroup.CONFIGURE,
    ),
    (
        "S3-A11",
        "AbortMultipartUpload ListMultipartUploadParts RestoreObject UpdateObjectEncryption",
        _AO,
        "write-like",
        AccessGroup.CONFIGURE,
    ),
    (
        "S3-A12",
        "ReplicateObject ReplicateDelete ReplicateTags ReplicateObjectAnnotation "
        "ObjectOwnerOverrideToBucketOwner InitiateReplication",
        _O,
        "write, replication",
        AccessGroup.WRITE,
    ),
    ("S3-A13", "ListBucket ListBucketVersions", _BAP, "list keys", AccessGroup.LIST),
    ("S3-A14", "ListBucketMultipartUploads", _B, "list", AccessGroup.LIST),
    (
        "S3-A15",
        "GetBucketLocation GetBucketAcl GetBucketPolicy GetBucketCORS GetBucketNotification",
        _BAP,
        "read config",
        AccessGroup.INSPECT,
    ),
    (
        "S3-A16",
        "GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketOwnershipControls GetBucketVersioning "
        "GetBucketLogging GetBucketTagging GetBucketWebsite GetBucketRequestPayment "
        "GetBucketObjectLockConfiguration GetEncryptionConfiguration GetLifecycleConfiguration "
        "GetReplicationConfiguration GetInventoryConfiguration GetAnalyticsConfiguration "
        "GetMetricsConfiguration GetIntelligentTieringConfiguration GetAccelerateConfiguration "
        "GetBucketMetadataTableConfiguration GetBucketAbac",
        _B,
        "read config",
        AccessGroup.INSPECT,
    ),
    ("S3-A17", "PutBucketPolicy DeleteBucketPolicy", _B, "grant", AccessGroup.TAKE_OVER),
    ("S3-A18", "PutBucketAcl PutBucketOwnershipControls", _B, "grant", AccessGroup.TAKE_OVER),
    ("S3-A19", "PutBucketPublicAccessBlock", _B, "removes a gate", AccessGroup.TAKE_OVER),
    ("S3-A20", "PutBucketTagging PutBucketAbac", _B, "changes ABAC", AccessGroup.CONFIGURE),
    ("S3-A20", "TagResource UntagResource", _TAGGED, "changes ABAC", AccessGroup.CONFIGURE),
    (
        "S3-A21",
        "PutReplicationConfiguration PutInventoryConfiguration PutBucketNotification PutBucketLogging "
        "PutAnalyticsConfiguration PutMetricsConfiguration CreateBucketMetadataTableConfiguration "
        "DeleteBucketMetadataTableConfiguration UpdateBucketMetadataInventoryTableConfiguration "
        "UpdateBucketMetadataJournalTableConfiguration UpdateBucketMetadataAnnotationTableConfiguration",
        _B,
        "side channel",
        AccessGroup.CONFIGURE,
    ),
    (
        "S3-A22",
        "PutLifecycleConfiguration PutBucketVersioning PutBucketObjectLockConfiguration "
        "PutEncryptionConfiguration PutBucketCORS PutBucketWebsite DeleteBucketWebsite "
        "PutBucketRequestPayment PutAccelerateConfiguration PutIntelligentTieringConfiguration "
        "PauseReplication AllowVendedLogDeliveryForResource",
        _B,
        "write config",
        AccessGroup.CONFIGURE,
    ),
    ("S3-A23", "CreateBucket", _B, "create", AccessGroup.CONFIGURE),
    ("S3-A23", "DeleteBucket", _B, "delete bucket", AccessGroup.DELETE),
    (
        "S3-A24",
        "CreateAccessPoint DeleteAccessPoint PutAccessPointPolicy DeleteAccessPointPolicy",
        _AP,
        "grant",
        AccessGroup.TAKE_OVER,
    ),
    ("S3-A24", "GetAccessPointPolicy GetAccessPointPolicyStatus", _AP, "read config", AccessGroup.INSPECT),
    (
        "S3-A25",
        "CreateMultiRegionAccessPoint DeleteMultiRegionAccessPoint PutMultiRegionAccessPointPolicy "
        "SubmitMultiRegionAccessPointRoutes",
        _MRAP,
        "grant",
        AccessGroup.TAKE_OVER,
    ),
    (
        "S3-A25",
        "GetMultiRegionAccessPoint GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus "
        "GetMultiRegionAccessPointRoutes",
        _MRAP,
        "read config",
        AccessGroup.INSPECT,
    ),
    (
        "S3-A26",
        "CreateAccessPointForObjectLambda DeleteAccessPointForObjectLambda PutAccessPointPolicyForObjectLambda "
        "DeleteAccessPointPolicyForObjectLambda PutAccessPointConfigurationForObjectLambda",
        _OLAP,
        "grant",
        AccessGroup.TAKE_OVER,
    ),
    (
        "S3-A26",
        "GetAccessPointForObjectLambda GetAccessPointPolicyForObjectLambda "
        "GetAccessPointPolicyStatusForObjectLambda GetAccessPointConfigurationForObjectLambda",
        _OLAP,
        "read config",
        AccessGroup.INSPECT,
    ),
    (
        "S3-A27",
        "CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessGrant UpdateAccessGrantsLocation "
        "DeleteAccessGrantsInstance DeleteAccessGrantsLocation DeleteAccessGrant "
        "DeleteAccessGrantsInstanceResourcePolicy PutAccessGrantsInstanceResourcePolicy "
        "AssociateAccessGrantsIdentityCenter DissociateAccessGrantsIdentityCenter",
        _AG,
        "grant",
        AccessGroup.TAKE_OVER,
    ),
    ("S3-A28", "GetDataAccess", _AG, "obtain credentials", AccessGroup.TAKE_OVER),
    (
        "S3-A28",
        "GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy "
        "ListAccessGrants ListCallerAccessGrants ListAccessGrantsLocations GetAccessGrant "
        "GetAccessGrantsLocation",
        _AG,
        "read config",
        AccessGroup.INSPECT,
    ),
    ("S3-A29", "CreateJob", _NONE, "bulk copy", AccessGroup.TAKE_OVER),
    (
        "S3-A29",
        "DescribeJob UpdateJobPriority UpdateJobStatus PutJobTagging GetJobTagging DeleteJobTagging",
        _JOB,
        "job",
        AccessGroup.CONFIGURE,
    ),
    (
        "S3-A30",
        "ListAllMyBuckets ListAccessPoints ListAccessPointsForObjectLambda ListMultiRegionAccessPoints "
        "ListJobs ListAccessGrantsInstances ListStorageLensConfigurations ListStorageLensGroups "
        "GetAccessPoint GetAccountPublicAccessBlock PutAccountPublicAccessBlock "
        "PutAccessPointPublicAccessBlock PutStorageLensConfiguration CreateStorageLensGroup",
        _NONE,
        "account level",
        AccessGroup.INSPECT,
    ),
)

_OWNER_ONLY_ROWS = frozenset({"S3-A24", "S3-A25", "S3-A26", "S3-A27"})
_OWNER_ONLY = frozenset(
    {
        "s3:getbucketpolicy",
        "s3:putbucketpolicy",
        "s3:deletebucketpolicy",
        "s3:getaccountpublicaccessblock",
        "s3:putaccountpublicaccessblock",
        "s3:getaccesspoint",
    }
)
_CATALOGUE_TYPES = {
    "object": S3ResourceType.OBJECT,
    "bucket": S3ResourceType.BUCKET,
    "accesspoint": S3ResourceType.ACCESS_POINT,
    "accesspointobject": S3ResourceType.ACCESS_POINT_OBJECT,
    "multiregionaccesspoint": S3ResourceType.MULTI_REGION_ACCESS_POINT,
    "objectlambdaaccesspoint": S3ResourceType.OBJECT_LAMBDA,
    "job": S3ResourceType.JOB,
    "accessgrantsinstance": S3ResourceType.ACCESS_GRANTS,
    "accessgrantslocation": S3ResourceType.ACCESS_GRANTS,
    "accessgrant": S3ResourceType.ACCESS_GRANTS,
}
_CATALOGUE_GROUPS = {
    "Read": AccessGroup.INSPECT,
    "List": AccessGroup.INSPECT,
    "Permissions management": AccessGroup.TAKE_OVER,
}


@cache
def _table() -> dict[str, S3Action]:
    """Every S3 action by lower-case name."""
    found = {
        f"s3:{name}".lower(): S3Action(f"s3:{name}", resources, access, group, rule)
        for rule, names, resources, access, group in _ROWS
        for name in names.split()
    }
    for name in actions_of("s3"):
        facts = action(name)
        if facts is not None:
            found.setdefault(name.lower(), _from_catalogue(facts))
    return found


def _from_catalogue(facts: ActionFacts) -> S3Action:
    types = frozenset(_CATALOGUE_TYPES.get(kind, S3ResourceType.OTHER) for kind in facts.resource_types)
    group = _CATALOGUE_GROUPS.get(facts.access_level, AccessGroup.CONFIGURE)
    return S3Action(facts.name, types or _NONE, facts.access_level.lower(), group, "SAR")


def s3_action(name: str) -> S3Action | None:
    """The facts of an S3 action, its name in any case; None for a name that S3 does not know."""
    return _table().get(name.lower())


@cache
def bucket_actions() -> tuple[str, ...]:
    """Actions on a bucket itself, sorted."""
    return tuple(sorted(each.name for each in _table().values() if S3ResourceType.BUCKET in each.resources))


@cache
def object_actions() -> tuple[str, ...]:
    """Actions on objects by their bucket's name, sorted."""
    return tuple(sorted(each.name for each in _table().values() if S3ResourceType.OBJECT in each.resources))


def resource_types(name: str) -> frozenset[S3ResourceType]:
    """What the S3 action is performed on; empty for an action that is not known or not of S3."""
    found = s3_action(name)
    return found.resources if found else frozenset()


def takes_no_resource(name: str) -> bool | None:
    """Whether the action of whatever service is authorized against `*` alone (LANG-27); None: not known."""
    found = s3_action(name)
    if found is not None:
        return S3ResourceType.NONE in found.resources
    facts = action(name)
    return None if facts is None else not facts.resource_types


def owner_account_only(name: str) -> bool:
    """Whether the S3 call works for identities of the owner's account alone (S3-18)."""
    found = s3_action(name)
    return name.lower() in _OWNER_ONLY or (found is not None and found.rule in _OWNER_ONLY_ROWS)


def supports_anonymous(name: str) -> bool:
    """Whether the S3 call can be unsigned: bucket and object operations, but not owner-only calls (EVAL-40)."""
    types = resource_types(name)
    return bool(types & (_B | _O)) and not owner_account_only(name)
