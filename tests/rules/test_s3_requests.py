"""Chapters 4.5, 6 and 8.2, as far as one request, its context and one bucket policy decide."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    BUCKET,
    EXPLICIT,
    FOREIGN_ROOT,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    OBJECT,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    UNDECIDED,
    USER,
    A,
    B,
    allow,
    case,
    check,
    deny,
    table,
)

# fmt: off
PUBLIC = allow(to="*")
ACCESS_POINT = f"arn:aws:s3:eu-west-1:{A}:accesspoint/ap"
IN_ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}

UNSIGNED = [
    *(case("EVAL-40", f"anonymous {action}", principal=ANONYMOUS, action=action, resource=resource, resource_policy=PUBLIC, expect=ALLOW) for action, resource in {"s3:GetObject": OBJECT, "s3:PutObject": OBJECT, "s3:DeleteObject": OBJECT, "s3:ListBucket": BUCKET, "s3:GetBucketLocation": BUCKET}.items()),
    case("EVAL-40", "anonymous on a queue", principal=ANONYMOUS, action="sqs:SendMessage", resource=f"arn:aws:sqs:eu-west-1:{A}:q", resource_policy=PUBLIC, expect=ALLOW),
    case("EVAL-40", "anonymous on a topic", principal=ANONYMOUS, action="sns:Publish", resource=f"arn:aws:sns:eu-west-1:{A}:t", resource_policy=PUBLIC, expect=ALLOW),
    case("EVAL-40", "anonymous through an access point", principal=ANONYMOUS, resource=ACCESS_POINT + "/object/k", resource_policy=PUBLIC, expect=IMPLICIT),
    case("EVAL-40", "anonymous on a bucket called accesspoint", principal=ANONYMOUS, resource="arn:aws:s3:::accesspoint/object/k", resource_account=A, resource_policy=PUBLIC, expect=ALLOW),
    case("EVAL-40", "anonymous on a secret", principal=ANONYMOUS, action="secretsmanager:GetSecretValue", resource=f"arn:aws:secretsmanager:eu-west-1:{A}:secret:s-abc", resource_policy=PUBLIC, expect=IMPLICIT),
    *(case("EVAL-40", f"anonymous {action}, for the owner's account only", principal=ANONYMOUS, action=action, resource=BUCKET, resource_policy=PUBLIC, expect=IMPLICIT) for action in ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")),
    case("EVAL-40", "another action public", principal=ANONYMOUS, resource_policy=allow("s3:ListBucket", to="*"), expect=IMPLICIT),
    case("EVAL-40", "only the bucket public", principal=ANONYMOUS, resource_policy=allow("s3:*", BUCKET, to="*"), expect=IMPLICIT),
    case("EVAL-40", "public on a condition that holds", principal=ANONYMOUS, context={"aws:SourceIp": "192.0.2.7"}, resource_policy=allow(to="*", when={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), expect=ALLOW),
    case("EVAL-40", "public on a condition that fails", principal=ANONYMOUS, context={"aws:SourceIp": "198.51.100.7"}, resource_policy=allow(to="*", when={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), expect=IMPLICIT),
    case("EVAL-40", "a Deny for everyone", principal=ANONYMOUS, resource_policy=[PUBLIC, deny(to="*")], expect=EXPLICIT),
    case("EVAL-40", "no identity policy helps", principal=ANONYMOUS, identity=[FULL_ACCESS], expect=IMPLICIT),
    case("S3-17", "signed, cross account, without an identity Allow", principal=FOREIGN_USER, resource_policy=PUBLIC, expect=IMPLICIT),
    case("S3-17", "the same caller unsigned", principal=ANONYMOUS, resource_policy=PUBLIC, expect=ALLOW),
    case("S3-17", "signed, its own Deny binds", identity=[deny("s3:*")], resource_policy=PUBLIC, expect=EXPLICIT),
    case("S3-17", "signed, its SCP binds", resource_policy=PUBLIC, scp=[[allow("ec2:*")]], expect=IMPLICIT),
    case("S3-17", "unsigned, the SCP does not bind", principal=ANONYMOUS, resource_policy=PUBLIC, scp=[[allow("ec2:*")]], expect=ALLOW),
]

OWNER_ONLY = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
BOTH_SIDES = {"principal": FOREIGN_USER, "identity": [FULL_ACCESS], "resource_policy": allow(to={"AWS": B})}
BUCKETS = [
    *(case("S3-18", f"{action} from another account, both sides allow", **BOTH_SIDES, action=action, resource=BUCKET, expect=IMPLICIT) for action in OWNER_ONLY),
    *(case("S3-18", f"{action} within the account", action=action, resource=BUCKET, identity=[FULL_ACCESS], expect=ALLOW) for action in OWNER_ONLY),
    case("S3-18", "within the account, by the bucket policy alone", action="s3:PutBucketPolicy", resource=BUCKET, resource_policy=allow(to={"AWS": USER}), expect=ALLOW),
    case("S3-18", "foreign root", principal=FOREIGN_ROOT, action="s3:PutBucketPolicy", resource=BUCKET, resource_policy=allow(to={"AWS": B}), expect=IMPLICIT),
    case("S3-18", "in other letters", **BOTH_SIDES, action="S3:putbucketpolicy", resource=BUCKET, expect=IMPLICIT),
    case("S3-18", "a Deny is explicit all the same", **BOTH_SIDES | {"resource_policy": [allow(to={"AWS": B}), deny(to="*")]}, action="s3:PutBucketPolicy", resource=BUCKET, expect=EXPLICIT),
    case("S3-18", "s3:GetBucketPolicyStatus is not among them", **BOTH_SIDES, action="s3:GetBucketPolicyStatus", resource=BUCKET, expect=ALLOW),
    case("S3-18", "s3:PutBucketAcl is not among them", **BOTH_SIDES, action="s3:PutBucketAcl", resource=BUCKET, expect=ALLOW),
    case("S3-18", "owner unknown", action="s3:GetBucketPolicy", resource=BUCKET, resource_account=None, identity=[FULL_ACCESS], resource_policy=allow(to="*"), expect=UNDECIDED),
    case("S3-18", "access-point management from another account", **BOTH_SIDES, action="s3:PutAccessPointPolicy", resource=ACCESS_POINT, expect=IMPLICIT),
    case("S3-18", "access-point management within the account", action="s3:PutAccessPointPolicy", resource=ACCESS_POINT, identity=[FULL_ACCESS], expect=ALLOW),
    case("S3-1", "the bucket policy speaks for the objects", resource_policy=allow("s3:GetObject", "arn:aws:s3:::b/*", to={"AWS": USER}), expect=ALLOW),
    case("S3-2", "a bucket operation within the account", action="s3:ListBucket", resource=BUCKET, identity=[allow("s3:ListBucket", BUCKET)], expect=ALLOW),
    case("S3-2", "a bucket operation across accounts, one side", principal=FOREIGN_USER, action="s3:ListBucket", resource=BUCKET, identity=[allow("s3:ListBucket", BUCKET)], expect=IMPLICIT),
    case("S3-2", "a bucket operation across accounts, both sides", **BOTH_SIDES, action="s3:ListBucket", resource=BUCKET, expect=ALLOW),
    case("S3-33", "reading an object needs no s3:ListBucket", identity=[allow("s3:GetObject", OBJECT)], expect=ALLOW),
    case("S3-33", "listing gives no reading", identity=[allow("s3:ListBucket", BUCKET)], expect=IMPLICIT),
]

NOT_OUR_ORG = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
FROM_A = {"StringEquals": {"aws:SourceAccount": A}}
KEYS = [
    case("KEY-3", "a Deny outside the organization strikes services", principal=SERVICE, resource_policy=[allow(to={"Service": SERVICE}), deny(to="*", when=NOT_OUR_ORG)], expect=EXPLICIT),
    case("KEY-3", "... and anonymous", principal=ANONYMOUS, resource_policy=[PUBLIC, deny(to="*", when=NOT_OUR_ORG)], expect=EXPLICIT),
    case("KEY-3", "... but not insiders", context={"aws:PrincipalOrgID": "o-1"}, identity=[FULL_ACCESS], resource_policy=deny(to="*", when=NOT_OUR_ORG), expect=ALLOW),
    case("KEY-3", "... nor services that it exempts", principal=SERVICE, context={"aws:PrincipalIsAWSService": "true"}, resource_policy=[allow(to={"Service": SERVICE}), deny(to="*", when=NOT_OUR_ORG | {"Bool": {"aws:PrincipalIsAWSService": "false"}})], expect=ALLOW),
    case("KEY-3", "an Allow within the organization does not reach services", principal=SERVICE, resource_policy=allow(to="*", when=IN_ORG), expect=IMPLICIT),
    case("KEY-4", "aws:PrincipalArn is the role's ARN", principal=SESSION, context={"aws:PrincipalArn": ROLE}, resource_policy=allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROLE}}), expect=ALLOW),
    case("KEY-4", "a condition with the session's ARN is dead", principal=SESSION, context={"aws:PrincipalArn": ROLE}, resource_policy=allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": SESSION}}), expect=IMPLICIT),
    case("KEY-4", "a condition with a pattern of session ARNs is dead", principal=SESSION, context={"aws:PrincipalArn": ROLE}, resource_policy=allow(to="*", when={"ArnLike": {"aws:PrincipalArn": f"arn:aws:sts::{A}:assumed-role/app/*"}}), expect=IMPLICIT),
    case("KEY-5", "an Allow that wants aws:SourceAccount is not for users", resource_policy=allow(to="*", when=FROM_A), expect=IMPLICIT),
    case("KEY-5", "... nor for sessions", principal=SESSION, resource_policy=allow(to="*", when={"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{A}:trail/*"}}), expect=IMPLICIT),
    case("KEY-5", "... nor for foreign root", principal=FOREIGN_ROOT, resource_policy=allow(to="*", when=FROM_A), expect=IMPLICIT),
    case("KEY-5", "... but for services", principal=SERVICE, context={"aws:SourceAccount": A}, resource_policy=allow(to="*", when=FROM_A), expect=ALLOW),
    case("KEY-5", "a Deny on another source strikes users", principal=ROOT, resource_policy=deny(to="*", when={"StringNotEquals": {"aws:SourceAccount": A}}), expect=EXPLICIT),
]
# fmt: on


@table(UNSIGNED + BUCKETS + KEYS)
def test_s3_requests(case):
    check(case)
