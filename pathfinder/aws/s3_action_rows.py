"""The rows of the table of S3 actions, as evaluation.md 8.1 writes them (S3-A1 to S3-A30).

A row: its rule; resource types, in the table's short names (o object, ao object through an access point,
b bucket, ap access point, - none …); class (`AccessClass`); actions without `s3:`. A row of the table that
has two classes, such as "grant / read", is two rows here. `s3_actions` reads them.
"""

from __future__ import annotations

ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("S3-A1", "o ao", "read data", "GetObject GetObjectVersion"),
    (
        "S3-A2",
        "o ao",
        "read metadata",
        "GetObjectAttributes GetObjectVersionAttributes GetObjectTagging GetObjectVersionTagging "
        "GetObjectRetention GetObjectLegalHold GetObjectAnnotation GetObjectVersionAnnotation "
        "ListObjectAnnotations ListObjectVersionAnnotations",
    ),
    ("S3-A3", "o ao", "read permissions", "GetObjectAcl GetObjectVersionAcl"),
    ("S3-A4", "o", "read data", "GetObjectTorrent GetObjectVersionTorrent"),
    (
        "S3-A5",
        "o",
        "read data, replication roles only",
        "GetObjectVersionForReplication GetObjectVersionAnnotationForReplication",
    ),
    ("S3-A6", "o ao", "write data", "PutObject"),
    ("S3-A7", "o ao", "delete", "DeleteObject DeleteObjectVersion"),
    (
        "S3-A8",
        "o ao",
        "write metadata",
        "PutObjectTagging PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging "
        "PutObjectAnnotation PutObjectVersionAnnotation DeleteObjectAnnotation DeleteObjectVersionAnnotation",
    ),
    ("S3-A9", "o ao", "grant", "PutObjectAcl PutObjectVersionAcl"),
    (
        "S3-A10",
        "o ao",
        "lock control",
        "PutObjectRetention PutObjectLegalHold BypassGovernanceRetention",
    ),
    (
        "S3-A11",
        "o ao",
        "write-like",
        "AbortMultipartUpload ListMultipartUploadParts RestoreObject UpdateObjectEncryption",
    ),
    (
        "S3-A12",
        "o",
        "write, replication roles",
        "ReplicateObject ReplicateDelete ReplicateTags ReplicateObjectAnnotation "
        "ObjectOwnerOverrideToBucketOwner InitiateReplication",
    ),
    ("S3-A13", "b ap", "list keys", "ListBucket ListBucketVersions"),
    ("S3-A14", "b", "list", "ListBucketMultipartUploads"),
    (
        "S3-A15",
        "b ap",
        "read config",
        "GetBucketLocation GetBucketAcl GetBucketPolicy GetBucketCORS GetBucketNotification",
    ),
    (
        "S3-A16",
        "b",
        "read config",
        "GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketOwnershipControls GetBucketVersioning "
        "GetBucketLogging GetBucketTagging GetBucketWebsite GetBucketRequestPayment "
        "GetBucketObjectLockConfiguration GetEncryptionConfiguration GetLifecycleConfiguration "
        "GetReplicationConfiguration GetInventoryConfiguration GetAnalyticsConfiguration "
        "GetMetricsConfiguration GetIntelligentTieringConfiguration GetAccelerateConfiguration "
        "GetBucketMetadataTableConfiguration GetBucketAbac",
    ),
    ("S3-A17", "b", "grant", "PutBucketPolicy DeleteBucketPolicy"),
    ("S3-A18", "b", "grant", "PutBucketAcl PutBucketOwnershipControls"),
    ("S3-A19", "b", "removes a gate", "PutBucketPublicAccessBlock"),
    ("S3-A20", "b", "changes ABAC outcome", "PutBucketTagging PutBucketAbac"),
    ("S3-A20", "b ap grants lens", "changes ABAC outcome", "TagResource UntagResource"),
    (
        "S3-A21",
        "b",
        "side channel",
        "PutReplicationConfiguration PutInventoryConfiguration PutBucketNotification PutBucketLogging "
        "PutAnalyticsConfiguration PutMetricsConfiguration CreateBucketMetadataTableConfiguration "
        "DeleteBucketMetadataTableConfiguration UpdateBucketMetadataInventoryTableConfiguration "
        "UpdateBucketMetadataJournalTableConfiguration UpdateBucketMetadataAnnotationTableConfiguration",
    ),
    (
        "S3-A22",
        "b",
        "write config",
        "PutLifecycleConfiguration PutBucketVersioning PutBucketObjectLockConfiguration "
        "PutEncryptionConfiguration PutBucketCORS PutBucketWebsite DeleteBucketWebsite "
        "PutBucketRequestPayment PutAccelerateConfiguration PutIntelligentTieringConfiguration "
        "PauseReplication AllowVendedLogDeliveryForResource",
    ),
    ("S3-A23", "b", "create bucket", "CreateBucket"),
    ("S3-A23", "b", "delete bucket", "DeleteBucket"),
    (
        "S3-A24",
        "ap",
        "grant",
        "CreateAccessPoint DeleteAccessPoint PutAccessPointPolicy DeleteAccessPointPolicy",
    ),
    ("S3-A24", "ap", "read config", "GetAccessPointPolicy GetAccessPointPolicyStatus"),
    (
        "S3-A25",
        "mrap",
        "grant",
        "CreateMultiRegionAccessPoint DeleteMultiRegionAccessPoint PutMultiRegionAccessPointPolicy "
        "SubmitMultiRegionAccessPointRoutes",
    ),
    (
        "S3-A25",
        "mrap",
        "read config",
        "GetMultiRegionAccessPoint GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus "
        "GetMultiRegionAccessPointRoutes",
    ),
    (
        "S3-A26",
        "olap",
        "grant",
        "CreateAccessPointForObjectLambda DeleteAccessPointForObjectLambda PutAccessPointForObjectLambda "
        "PutAccessPointPolicyForObjectLambda DeleteAccessPointPolicyForObjectLambda "
        "PutAccessPointConfigurationForObjectLambda",
    ),
    (
        "S3-A26",
        "olap",
        "read config",
        "GetAccessPointForObjectLambda GetAccessPointPolicyForObjectLambda "
        "GetAccessPointPolicyStatusForObjectLambda GetAccessPointConfigurationForObjectLambda",
    ),
    (
        "S3-A27",
        "grants",
        "grant",
        "CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessGrant UpdateAccessGrantsLocation "
        "DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation "
        "DeleteAccessGrant PutAccessGrantsInstanceResourcePolicy AssociateAccessGrantsIdentityCenter",
    ),
    ("S3-A28", "grants", "obtain credentials", "GetDataAccess"),
    (
        "S3-A28",
        "grants",
        "read config",
        "GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix GetAccessGrant GetAccessGrantsLocation",
    ),
    (
        "S3-A28",
        "grants",
        "list",
        "ListAccessGrants ListCallerAccessGrants ListAccessGrantsLocations",
    ),
    ("S3-A29", "-", "bulk copy", "CreateJob"),
    ("S3-A29", "job", "read config", "DescribeJob GetJobTagging"),
    (
        "S3-A29",
        "job",
        "write config",
        "UpdateJobPriority UpdateJobStatus PutJobTagging DeleteJobTagging",
    ),
    (
        "S3-A30",
        "-",
        "account level: list",
        "ListAllMyBuckets ListAccessPoints ListAccessPointsForObjectLambda ListMultiRegionAccessPoints "
        "ListJobs ListAccessGrantsInstances ListStorageLensConfigurations ListStorageLensGroups",
    ),
    ("S3-A30", "-", "account level: read", "GetAccessPoint GetAccountPublicAccessBlock"),
    (
        "S3-A30",
        "-",
        "account level: write",
        "PutAccountPublicAccessBlock PutAccessPointPublicAccessBlock PutStorageLensConfiguration "
        "CreateStorageLensGroup",
    ),
)
