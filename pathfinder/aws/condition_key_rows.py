"""The rows of the condition-key catalogue, as evaluation.md chapter 6 writes them.

A row: keys, separated by spaces, with the open part of a key as `${…}`; type (S string, A ARN, B bool,
N number, D date, I IP address); 1 for a single value, n for several; who controls it (`Controller`); when a
request has it; what a later hop's request sees of it. `condition_keys` reads them.
"""

from __future__ import annotations

ALWAYS = "always"
"""The presence of a key that every request has."""

_REPLACED = "the new role's"
_AFTER_FIRST = "not after the second hop"
_PER_REQUEST = "per request"
_SIGNED = "signed requests by users, roles, root, federated users; not anonymous, not services"
_IN_ORGANIZATION = "the principal's account is in an organization; not anonymous, not services"
_SERVICE_CALLER = "service principals only"
_FOR_RESOURCE = "request by a service principal on behalf of a resource"
_FOR_RESOURCE_IN_ORG = "the same, with the source account in an organization"
_EC2 = "signed with EC2 instance-role credentials"
_BY_SERVICE = "credentials delivered by that service"
_BY_PROVIDER = "AssumeRoleWithSAML; also later requests of that session, its AssumeRole calls included"
_BY_WEB_PROVIDER = "AssumeRoleWithWebIdentity; also later requests of that session"
_FORWARDED = "forward-access requests through certain services"
_ENDPOINT = "through a VPC endpoint"
_ENDPOINT_SUPPORTED = "through a VPC endpoint, for services that support it"
_HEADER = "the header is sent"
_LIST_PARAMETER = "ListBucket, ListBucketVersions with the parameter"
_LOCK = "lock headers or lock calls"
_CREATE_BUCKET = "CreateBucket"
_THROUGH_ACCESS_POINT = "through an access point"
_CREATE_GRANT = "CreateGrant"
_ACL_HEADER = "the header is sent: PutObject, PutObjectAcl, PutBucketAcl, CreateBucket"
_IDENTITY_CENTER = "Identity Center sessions"

ROWS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("aws:PrincipalArn", "A", "1", "P", _SIGNED, "replaced by the new role's ARN"),
    # An anonymous request has it as well: with the text `anonymous`.
    ("aws:PrincipalAccount", "S", "1", "P", ALWAYS, _REPLACED),
    ("aws:PrincipalOrgID", "S", "1", "P", _IN_ORGANIZATION, _REPLACED),
    ("aws:PrincipalOrgPaths", "S", "n", "P", _IN_ORGANIZATION, _REPLACED),
    (
        "aws:PrincipalTag/${TagKey}",
        "S",
        "1",
        "P S",
        "the user or role has the tag, or the session",
        "role tags, overlaid by session tags passed now, overlaid by inherited transitive tags (STS-31)",
    ),
    ("aws:PrincipalType", "S", "1", "P", ALWAYS, "AssumedRole"),
    (
        "aws:PrincipalIsAWSService",
        "B",
        "1",
        "P",
        "all signed requests; true only for service principals",
        "false",
    ),
    ("aws:PrincipalServiceName", "S", "1", "V", _SERVICE_CALLER, "-"),
    ("aws:PrincipalServiceNamesList", "S", "n", "V", _SERVICE_CALLER, "-"),
    ("aws:userid", "S", "1", "P S", ALWAYS, "the new role's id and the new session's name"),
    (
        "aws:username",
        "S",
        "1",
        "P",
        "IAM users only, GetSessionToken included",
        "lost after the first AssumeRole",
    ),
    ("aws:AssumedRoot", "B", "1", "S", "AssumeRoot sessions (true)", "cannot chain"),
    (
        "aws:FederatedProvider",
        "S",
        "1",
        "S",
        "role session issued by SAML or OIDC",
        "lost after chaining",
    ),
    ("aws:TokenIssueTime", "D", "1", "S", "temporary credentials", "new issue time"),
    (
        "aws:MultiFactorAuthPresent",
        "B",
        "1",
        "S",
        "temporary credentials; absent for long-term keys",
        "absent or false for role sessions; true in the AssumeRole call itself if MFA was passed (D-21)",
    ),
    ("aws:MultiFactorAuthAge", "N", "1", "S", "only if MFA was used", "as aws:MultiFactorAuthPresent (D-21)"),
    (
        "aws:SourceIdentity",
        "S",
        "1",
        "S C",
        "the session has a source identity",
        "persists unchanged through every hop",
    ),
    ("aws:Ec2InstanceSourceVpc", "S", "1", "S", _EC2, "lost after chaining"),
    ("aws:Ec2InstanceSourcePrivateIPv4", "I", "1", "S", _EC2, "lost after chaining"),
    ("ec2:SourceInstanceArn", "A", "1", "S", _EC2, "lost after chaining"),
    (
        "lambda:SourceFunctionArn ssm:SourceInstanceArn ecs:Source${Source} ssm:Source${Source} "
        "glue:Source${Source}",
        "A",
        "1",
        "S",
        _BY_SERVICE,
        "lost after chaining",
    ),
    ("ec2:RoleDelivery", "N", "1", "S", "EC2 role credentials (1.0 IMDSv1, 2.0 IMDSv2)", "lost"),
    ("saml:sub saml:namequalifier saml:sub_type", "S", "1", "S", _BY_PROVIDER, _AFTER_FIRST),
    (
        "cognito-identity.amazonaws.com:aud cognito-identity.amazonaws.com:sub accounts.google.com:aud "
        "accounts.google.com:sub www.amazon.com:app_id www.amazon.com:user_id graph.facebook.com:app_id "
        "graph.facebook.com:id",
        "S",
        "1",
        "S IdP",
        _BY_WEB_PROVIDER,
        _AFTER_FIRST,
    ),
    ("identitystore:UserId", "S", "1", "S", _IDENTITY_CENTER, "lost"),
    ("identitystore:IdentityStoreArn", "A", "1", "S", _IDENTITY_CENTER, "lost"),
    ("aws:CalledVia", "S", "n", "V", _FORWARDED, _PER_REQUEST),
    ("aws:CalledViaFirst aws:CalledViaLast", "S", "1", "V", _FORWARDED, _PER_REQUEST),
    ("aws:ViaAWSService", "B", "1", "V", ALWAYS, _PER_REQUEST),
    ("aws:SourceArn", "A", "1", "V", _FOR_RESOURCE, "-"),
    ("aws:SourceAccount", "S", "1", "V", _FOR_RESOURCE, "-"),
    ("aws:SourceOrgID", "S", "1", "V", _FOR_RESOURCE_IN_ORG, "-"),
    ("aws:SourceOrgPaths", "S", "n", "V", _FOR_RESOURCE_IN_ORG, "-"),
    ("aws:SourceOwner", "S", "1", "V", "legacy SNS and S3 form of aws:SourceAccount", "-"),
    (
        "aws:SourceIp",
        "I",
        "1",
        "c E",
        "not through a VPC endpoint; the caller's public address (EC2: the NAT's)",
        "credentials can be moved to another network unless pinned",
    ),
    ("aws:VpcSourceIp", "I", "1", "c E", _ENDPOINT, _PER_REQUEST),
    ("aws:SourceVpc aws:SourceVpce", "S", "1", "c E", _ENDPOINT, _PER_REQUEST),
    ("aws:SourceVpcArn", "A", "1", "c E", _ENDPOINT_SUPPORTED, _PER_REQUEST),
    ("aws:VpceAccount aws:VpceOrgID", "S", "1", "c E", _ENDPOINT_SUPPORTED, _PER_REQUEST),
    ("aws:VpceOrgPaths", "S", "n", "c E", _ENDPOINT_SUPPORTED, _PER_REQUEST),
    ("aws:SecureTransport", "B", "1", "C", ALWAYS, _PER_REQUEST),
    ("aws:RequestedRegion", "S", "1", "C", ALWAYS, _PER_REQUEST),
    ("aws:CurrentTime aws:EpochTime", "D", "1", "E", ALWAYS, _PER_REQUEST),
    ("aws:UserAgent", "S", "1", "C", ALWAYS, _PER_REQUEST),
    ("aws:referer", "S", "1", "C", _HEADER, _PER_REQUEST),
    ("aws:ResourceAccount", "S", "1", "R", "most actions; for S3 the bucket's owner", "the target's"),
    ("aws:ResourceOrgID", "S", "1", "R", "the resource's account is in an organization", "the target's"),
    ("aws:ResourceOrgPaths", "S", "n", "R", "the resource's account is in an organization", "the target's"),
    (
        "aws:ResourceTag/${TagKey}",
        "S",
        "1",
        "R",
        "the resource has the tag and supports tag authorization; buckets with ABAC only (S3-26)",
        "for AssumeRole the role's tags, overridden by inherited transitive tags (STS-32)",
    ),
    ("aws:RequestTag/${TagKey}", "S", "1", "C", "the request passes the tag", _PER_REQUEST),
    ("aws:TagKeys", "S", "n", "C", "the request passes tags; missing or empty otherwise", _PER_REQUEST),
    ("iam:PassedToService", "S", "1", "API", "iam:PassRole", "-"),
    ("iam:AssociatedResourceArn", "A", "1", "C", "iam:PassRole, services that support it", "-"),
    (
        "iam:PermissionsBoundary",
        "A",
        "1",
        "C",
        "create and change calls on users and roles: boundary passed or already attached",
        "-",
    ),
    ("iam:PolicyARN", "A", "1", "C", "attaching and detaching managed policies", "-"),
    ("iam:AWSServiceName", "S", "1", "C", "CreateServiceLinkedRole", "-"),
    ("iam:ResourceTag/${TagKey}", "S", "1", "R", "the IAM user or role has the tag", "-"),
    ("sts:ExternalId", "S", "1", "C", "the caller passed an external id", "per hop"),
    (
        "sts:RoleSessionName",
        "S",
        "1",
        "C IdP V",
        "every AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity",
        "becomes part of the new session's ARN",
    ),
    (
        "sts:SourceIdentity",
        "S",
        "1",
        "C S",
        "an AssumeRole call that passes or inherits a source identity",
        "persists",
    ),
    ("sts:TransitiveTagKeys", "S", "n", "C", "an AssumeRole call with transitive tags", "per hop"),
    ("sts:RoleAuthorizedByIdp", "B", "1", "IdP", "AssumeRoleWithWebIdentity", "-"),
    ("sts:TaskPolicyArn", "A", "1", "C", "AssumeRoot", "-"),
    ("sts:RequestContext/${ContextKey}", "S", "1", "IdP", "SetContext", "-"),
    ("sts:RequestContextProviders", "A", "n", "IdP", "SetContext", "-"),
    ("sts:DurationSeconds", "N", "1", "C", "bearer and web-identity tokens; not AssumeRole", "-"),
    ("sts:AWSServiceName", "S", "1", "C", "bearer and web-identity tokens; not AssumeRole", "-"),
    ("s3:prefix s3:delimiter", "S", "1", "C", _LIST_PARAMETER, "-"),
    ("s3:max-keys", "N", "1", "C", f"{_LIST_PARAMETER} (D-22)", "-"),
    ("s3:VersionId", "S", "1", "C", "actions on versions", "-"),
    (
        "s3:ExistingObjectTag/${TagKey}",
        "S",
        "1",
        "R",
        "GetObject and its kin, object tagging, object ACLs, annotations; "
        "not PutObject, DeleteObject, ListBucket",
        "-",
    ),
    ("s3:RequestObjectTag/${TagKey}", "S", "1", "C", "PutObject with tags, PutObjectTagging", "-"),
    ("s3:RequestObjectTagKeys", "S", "n", "C", "PutObject with tags, PutObjectTagging", "-"),
    (
        "s3:x-amz-acl s3:x-amz-grant-read s3:x-amz-grant-write s3:x-amz-grant-read-acp "
        "s3:x-amz-grant-write-acp s3:x-amz-grant-full-control",
        "S",
        "1",
        "C",
        _ACL_HEADER,
        "-",
    ),
    ("s3:x-amz-copy-source s3:x-amz-metadata-directive", "S", "1", "C", "CopyObject, UploadPartCopy", "-"),
    (
        "s3:x-amz-server-side-encryption",
        "S",
        "1",
        "C",
        "the header is sent; a bucket's default encryption does not set it",
        "-",
    ),
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", "A", "1", "C", _HEADER, "-"),
    ("s3:x-amz-server-side-encryption-customer-algorithm", "S", "1", "C", "the SSE-C header is sent", "-"),
    ("s3:x-amz-storage-class s3:x-amz-website-redirect-location", "S", "1", "C", _HEADER, "-"),
    ("s3:object-lock-mode s3:object-lock-legal-hold", "S", "1", "C", _LOCK, "-"),
    ("s3:object-lock-retain-until-date", "D", "1", "C", _LOCK, "-"),
    ("s3:object-lock-remaining-retention-days", "N", "1", "C", _LOCK, "-"),
    ("s3:if-match s3:if-none-match", "S", "1", "C", "conditional write and delete headers", "-"),
    (
        "s3:x-amz-object-ownership s3:LocationConstraint s3:x-amz-bucket-namespace",
        "S",
        "1",
        "C",
        _CREATE_BUCKET,
        "-",
    ),
    ("s3:authType", "S", "1", "C", "signed requests: REST-HEADER, REST-QUERY-STRING or POST", "-"),
    ("s3:signatureversion", "S", "1", "C", "signed requests: AWS4-HMAC-SHA256 or AWS", "-"),
    ("s3:signatureAge", "N", "1", "C", "presigned SigV4; milliseconds", "-"),
    ("s3:x-amz-content-sha256", "S", "1", "C", "SigV4", "-"),
    ("s3:TlsVersion", "N", "1", "c", "TLS requests", "-"),
    ("s3:ResourceAccount", "S", "1", "R", "as aws:ResourceAccount", "-"),
    ("s3:DataAccessPointArn", "A", "1", "R C", _THROUGH_ACCESS_POINT, "-"),
    ("s3:DataAccessPointAccount s3:AccessPointNetworkOrigin", "S", "1", "R C", _THROUGH_ACCESS_POINT, "-"),
    ("s3:BucketTag/${TagKey}", "S", "1", "R", "the bucket has the tag and ABAC is on (S3-26)", "-"),
    ("s3:AccessPointTag/${TagKey}", "S", "1", "R", "the access point has the tag", "-"),
    ("s3:AccessGrantsInstanceArn", "A", "1", "V", "request with Access Grants credentials", "-"),
    ("kms:ViaService", "S", "1", "V", "a service calls KMS for the caller: s3.<region>.amazonaws.com", "-"),
    ("kms:CallerAccount", "S", "1", "P", "all KMS requests by principals", "-"),
    (
        "kms:EncryptionContext:${EncryptionContextKey}",
        "S",
        "1",
        "V",
        "cryptographic calls; for S3 aws:s3:arn is the object's ARN, or the bucket's with bucket keys",
        "-",
    ),
    ("kms:EncryptionContextKeys", "S", "n", "V", "cryptographic calls", "-"),
    ("kms:GrantIsForAWSResource", "B", "1", "C", _CREATE_GRANT, "-"),
    ("kms:GrantOperations", "S", "n", "C", _CREATE_GRANT, "-"),
    ("kms:GranteePrincipal", "S", "1", "C", _CREATE_GRANT, "-"),
    ("kms:RequestAlias", "S", "1", "C", "the key is addressed by an alias", "-"),
    ("kms:ResourceAliases", "S", "n", "R", "the key has aliases", "-"),
)
