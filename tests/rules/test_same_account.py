"""Chapters 4.1, 4.2, 4.4 to 4.6: one account; root, anonymous callers and services; the services' own rules."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    BUCKET,
    EXPLICIT,
    FOREIGN_ROOT,
    FULL_ACCESS,
    IDENTITY_CENTER_ROLE,
    IMPLICIT,
    KEY,
    OBJECT,
    OTHER_USER,
    ROLE,
    ROOT,
    SERVICE,
    SERVICE_LINKED_ROLE,
    SESSION,
    USER,
    A,
    B,
    allow,
    case,
    check,
    deny,
    table,
    trust,
)

# fmt: off
EC2_ONLY = allow("ec2:*")
ANN = {"StringEquals": {"aws:username": "ann"}}

GENERAL = [
    case("EVAL-1", "Deny in the same policy", identity=[[FULL_ACCESS, deny("s3:GetObject")]], expect=EXPLICIT),
    case("EVAL-1", "Deny in the identity policy beats a direct grant", identity=[deny("s3:*")], resource_policy=allow(to={"AWS": USER}), expect=EXPLICIT),
    case("EVAL-1", "Deny in the boundary beats a direct grant", boundary=[FULL_ACCESS, deny("s3:*")], resource_policy=allow(to={"AWS": USER}), expect=EXPLICIT),
    case("EVAL-1", "Deny in the session policy beats a session grant", principal=SESSION, session=deny("s3:*"), resource_policy=allow(to={"AWS": SESSION}), expect=EXPLICIT),
    case("EVAL-1", "Deny in the bucket policy beats its own Allow", resource_policy=[allow(to={"AWS": USER}), deny(to={"AWS": USER})], expect=EXPLICIT),
    case("EVAL-1", "a Deny whose action differs", identity=[FULL_ACCESS, deny("s3:PutObject")], expect=ALLOW),
    case("EVAL-1", "a Deny whose resource differs", identity=[FULL_ACCESS, deny("s3:*", "arn:aws:s3:::b/other")], expect=ALLOW),
    case("EVAL-1", "a Deny whose condition fails", identity=[FULL_ACCESS, deny(when=ANN)], expect=ALLOW),
    case("EVAL-1", "a Deny whose principal differs", identity=[FULL_ACCESS], resource_policy=deny(to={"AWS": OTHER_USER}), expect=ALLOW),
    case("EVAL-2", "a user without policies", expect=IMPLICIT),
    case("EVAL-2", "a role without policies", principal=ROLE, expect=IMPLICIT),
    case("EVAL-2", "a service without policies", principal=SERVICE, expect=IMPLICIT),
    case("EVAL-2", "anonymous without policies", principal=ANONYMOUS, expect=IMPLICIT),
    case("EVAL-2", "root in its own account", principal=ROOT, expect=ALLOW),
    case("EVAL-3", "Allows of several policies are a union", identity=[allow("ec2:*"), allow("s3:PutObject"), allow("s3:GetObject")], expect=ALLOW),
    case("EVAL-3", "action of one statement, resource of another", identity=[[allow("s3:GetObject", "arn:aws:s3:::c/*"), allow("s3:PutObject", OBJECT)]], expect=IMPLICIT),
    case("EVAL-3", "condition of one statement, action of another", context={"aws:username": "ann"}, identity=[[allow("s3:PutObject", when=ANN), allow("s3:GetObject", when={"StringEquals": {"aws:username": "joe"}})]], expect=IMPLICIT),
    case("EVAL-3", "principal of one statement, action of another", resource_policy=[allow("s3:PutObject", to={"AWS": USER}), allow("s3:GetObject", to={"AWS": OTHER_USER})], expect=IMPLICIT),
    case("EVAL-3", "a Deny is not pieced together either", identity=[FULL_ACCESS, [deny("s3:GetObject", "arn:aws:s3:::c/*"), deny("s3:PutObject", OBJECT)]], expect=ALLOW),
    case("EVAL-4", "a session has its role's rights, not its user's", principal=SESSION, identity=[allow("ec2:*")], resource_policy=allow(to={"AWS": USER}), expect=IMPLICIT),
    case("EVAL-4", "a Deny of the user leaves the session", principal=SESSION, identity=[FULL_ACCESS], resource_policy=deny(to={"AWS": USER}), expect=ALLOW),
    case("EVAL-5", "an endpoint policy off the network path does not apply", identity=[FULL_ACCESS], endpoint=deny(to="*"), expect=ALLOW),
]

STRENGTHS = [
    case("EVAL-10", "user ARN, boundary silent", boundary=EC2_ONLY, resource_policy=allow(to={"AWS": USER}), expect=ALLOW),
    case("EVAL-10", "session ARN, boundary and session policy silent", principal=SESSION, boundary=EC2_ONLY, session=EC2_ONLY, resource_policy=allow(to={"AWS": SESSION}), expect=ALLOW),
    case("D-1", "session ARN, session policy silent", principal=SESSION, session=EC2_ONLY, resource_policy=allow(to={"AWS": SESSION}), expect=ALLOW),
    case("EVAL-10", "an identity policy without the action", identity=[EC2_ONLY], resource_policy=allow(to={"AWS": USER}), expect=ALLOW),
    case("EVAL-11", "role ARN, no identity policy", principal=SESSION, resource_policy=allow(to={"AWS": ROLE}), expect=ALLOW),
    case("D-2", "role ARN, boundary silent", principal=SESSION, boundary=EC2_ONLY, resource_policy=allow(to={"AWS": ROLE}), expect=IMPLICIT),
    case("D-2", "role ARN, session policy silent", principal=SESSION, session=EC2_ONLY, resource_policy=allow(to={"AWS": ROLE}), expect=IMPLICIT),
    case("EVAL-11", "role ARN, boundary allows, session policy silent", principal=SESSION, boundary=FULL_ACCESS, session=EC2_ONLY, resource_policy=allow(to={"AWS": ROLE}), expect=IMPLICIT),
    case("EVAL-11", "role ARN, both limits allow", principal=SESSION, boundary=allow("s3:Get*"), session=allow("s3:*", OBJECT), resource_policy=allow(to={"AWS": ROLE}), expect=ALLOW),
    case("EVAL-11", "role ARN, boundary allows another object", principal=ROLE, boundary=allow("s3:*", "arn:aws:s3:::b/other"), resource_policy=allow(to={"AWS": ROLE}), expect=IMPLICIT),
    case("EVAL-12", "identity, boundary and session policy allow", principal=SESSION, identity=[allow("s3:*")], boundary=allow("s3:Get*"), session=allow("s3:GetObject"), expect=ALLOW),
    case("EVAL-12", "identity silent", principal=SESSION, identity=[EC2_ONLY], boundary=FULL_ACCESS, session=FULL_ACCESS, expect=IMPLICIT),
    case("EVAL-12", "boundary silent", identity=[FULL_ACCESS], boundary=EC2_ONLY, expect=IMPLICIT),
    case("EVAL-12", "an empty boundary allows nothing", identity=[FULL_ACCESS], boundary=[], expect=IMPLICIT),
    case("EVAL-12", "session policy silent", principal=SESSION, identity=[FULL_ACCESS], session=EC2_ONLY, expect=IMPLICIT),
    case("EVAL-12", "an empty session policy allows nothing", principal=SESSION, identity=[FULL_ACCESS], session=[], expect=IMPLICIT),
    case("EVAL-13", "identity alone, bucket policy silent", identity=[FULL_ACCESS], resource_policy=allow("s3:PutObject", to={"AWS": OTHER_USER}), expect=ALLOW),
    case("EVAL-13", "bucket policy alone", resource_policy=allow("s3:GetObject", OBJECT, to={"AWS": USER}), expect=ALLOW),
    case("EVAL-13", "an account grant adds nothing", resource_policy=allow(to={"AWS": A}), expect=IMPLICIT),
    case("EVAL-13", "an account grant takes nothing away", identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": A}), expect=ALLOW),
    case("EVAL-14", "key policy silent: identity is void", action="kms:Decrypt", resource=KEY, identity=[FULL_ACCESS], resource_policy=allow("kms:*", to={"AWS": OTHER_USER}), expect=IMPLICIT),
    case("EVAL-14", "key policy names the account: identity counts", action="kms:Decrypt", resource=KEY, identity=[FULL_ACCESS], resource_policy=allow("kms:*", to={"AWS": A}), expect=ALLOW),
    case("EVAL-14", "key policy names the account: identity is needed", action="kms:Decrypt", resource=KEY, resource_policy=allow("kms:*", to={"AWS": A}), expect=IMPLICIT),
    case("EVAL-14", "trust policy names the account: identity is needed", action="sts:AssumeRole", resource=ROLE, resource_policy=trust({"AWS": A}), expect=IMPLICIT),
    case("EVAL-14", "no trust policy at all", action="sts:AssumeRole", resource=ROLE, identity=[FULL_ACCESS], expect=IMPLICIT),
    case("EVAL-15", "SCP silent, direct grant", resource_policy=allow(to={"AWS": USER}), scp=[[EC2_ONLY]], expect=IMPLICIT),
    case("EVAL-15", "SCP denies, direct grant", resource_policy=allow(to={"AWS": USER}), scp=[[FULL_ACCESS, deny("s3:*")]], expect=EXPLICIT),
    case("EVAL-15", "RCP denies, direct grant", resource_policy=allow(to={"AWS": USER}), rcp=[[deny("s3:*", to="*")]], expect=EXPLICIT),
    case("EVAL-15", "endpoint silent, direct grant", context={"aws:SourceVpce": "vpce-1"}, resource_policy=allow(to={"AWS": USER}), endpoint=allow("s3:PutObject", to="*"), expect=IMPLICIT),
]

PRIVILEGED = {"aws:AssumedRoot": "true"}
UNLOCK = allow(["s3:GetBucketPolicy", "s3:DeleteBucketPolicy"])
ROOT_USER = [
    case("EVAL-30", "no policies", principal=ROOT, expect=ALLOW),
    case("EVAL-30", "bucket policy for others", principal=ROOT, resource_policy=allow(to={"AWS": USER}), expect=ALLOW),
    case("EVAL-30", "bucket policy denies everyone", principal=ROOT, resource_policy=deny(to="*"), expect=EXPLICIT),
    case("EVAL-30", "key policy for others", principal=ROOT, action="kms:Decrypt", resource=KEY, resource_policy=allow("kms:*", to={"AWS": USER}), expect=IMPLICIT),
    case("EVAL-30", "key policy names the account", principal=ROOT, action="kms:Decrypt", resource=KEY, resource_policy=allow("kms:*", to={"AWS": A}), expect=ALLOW),
    case("EVAL-30", "endpoint silent", principal=ROOT, context={"aws:SourceVpce": "vpce-1"}, endpoint=allow("s3:PutObject", to="*"), expect=IMPLICIT),
    case("EVAL-32", "SCP silent", principal=ROOT, scp=[[FULL_ACCESS], [EC2_ONLY]], expect=IMPLICIT),
    case("EVAL-32", "SCP denies root", principal=ROOT, context={"aws:PrincipalArn": ROOT}, scp=[[FULL_ACCESS, deny(when={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}})]], expect=EXPLICIT),
    case("EVAL-32", "management account: no SCP", principal=ROOT, scp=None, expect=ALLOW),
    *(case("EVAL-33", f"root ignores the bucket policy's Deny: {action}", principal=ROOT, action=action, resource=BUCKET, resource_policy=deny(to="*"), expect=ALLOW) for action in ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")),
    *(case("EVAL-33", f"but not for {action}", principal=ROOT, action=action, resource=BUCKET, resource_policy=deny(to="*"), expect=EXPLICIT) for action in ("s3:PutBucketAcl", "s3:GetBucketPolicyStatus", "s3:ListBucket")),
    case("EVAL-33", "an administrator does not ignore it", action="s3:DeleteBucketPolicy", resource=BUCKET, identity=[FULL_ACCESS], resource_policy=deny(to="*"), expect=EXPLICIT),
    case("EVAL-33", "an SCP's Deny stops root", principal=ROOT, action="s3:DeleteBucketPolicy", resource=BUCKET, resource_policy=deny(to="*"), scp=[[FULL_ACCESS, deny("s3:*")]], expect=EXPLICIT),
    case("EVAL-33", "an RCP's Deny stops root", principal=ROOT, action="s3:DeleteBucketPolicy", resource=BUCKET, rcp=[[deny("s3:*", to="*")]], expect=EXPLICIT),
    case("EVAL-33", "an endpoint's Deny stops root", principal=ROOT, action="s3:DeleteBucketPolicy", resource=BUCKET, context={"aws:SourceVpce": "vpce-1"}, endpoint=[allow(to="*"), deny("s3:*", to="*")], expect=EXPLICIT),
    case("EVAL-33", "foreign root does not ignore it", principal=f"arn:aws:iam::{B}:root", action="s3:GetBucketPolicy", resource=BUCKET, resource_policy=[allow(to="*"), deny(to="*")], expect=EXPLICIT),
    case("STS-23", "a privileged root session stays within its task policy", principal=ROOT, context=PRIVILEGED, session=UNLOCK, expect=IMPLICIT),
    case("STS-23", "a bucket policy for everyone adds nothing to it", principal=ROOT, context=PRIVILEGED, session=UNLOCK, resource_policy=allow(to="*"), expect=IMPLICIT),
    case("STS-23", "across accounts neither", principal=FOREIGN_ROOT, context=PRIVILEGED, session=UNLOCK, resource_policy=allow(to="*"), expect=IMPLICIT),
    case("STS-23", "its task is allowed, whatever the bucket policy denies", principal=ROOT, action="s3:DeleteBucketPolicy", resource=BUCKET, context=PRIVILEGED, session=UNLOCK, resource_policy=deny(to="*"), expect=ALLOW),
    case("STS-23", "a Deny of the task policy counts", principal=ROOT, context=PRIVILEGED, session=[FULL_ACCESS, deny("s3:GetObject")], expect=EXPLICIT),
    case("STS-23", "SCPs bind it", principal=ROOT, action="s3:DeleteBucketPolicy", resource=BUCKET, context=PRIVILEGED, session=UNLOCK, scp=[[FULL_ACCESS, deny("s3:*")]], expect=EXPLICIT),
    case("EVAL-34", "root cannot assume a role that trusts it", principal=ROOT, action="sts:AssumeRole", resource=ROLE, resource_policy=trust({"AWS": A}), expect=IMPLICIT),
    case("EVAL-34", "root cannot assume a role that trusts everyone", principal=ROOT, action="sts:AssumeRole", resource=ROLE, resource_policy=trust("*"), expect=IMPLICIT),
    case("EVAL-34", "root cannot call AssumeRoot", principal=ROOT, action="sts:AssumeRoot", resource=f"arn:aws:iam::{B}:root", expect=IMPLICIT),
]

FORWARDED = {"aws:ViaAWSService": "true"}
OFFICE = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
OTHERS = [
    case("EVAL-45", "a service needs its own Allow", principal=SERVICE, resource_policy=allow(to={"AWS": A}), expect=IMPLICIT),
    case("EVAL-45", "identity policies say nothing about a service", principal=SERVICE, identity=[FULL_ACCESS], expect=IMPLICIT),
    case("EVAL-45", "a service obeys the RCP", principal=SERVICE, resource_policy=allow(to={"Service": SERVICE}), rcp=[[deny("s3:*", to="*")]], expect=EXPLICIT),
    case("EVAL-45", "a service's source conditions", principal=SERVICE, context={"aws:SourceAccount": A}, resource_policy=allow(to={"Service": SERVICE}, when={"StringEquals": {"aws:SourceAccount": A}}), expect=ALLOW),
    case("EVAL-45", "a service on behalf of another account", principal=SERVICE, context={"aws:SourceAccount": B}, resource_policy=allow(to={"Service": SERVICE}, when={"StringEquals": {"aws:SourceAccount": A}}), expect=IMPLICIT),
    case("EVAL-45", "a service is known by aws:PrincipalIsAWSService", principal=SERVICE, context={"aws:PrincipalIsAWSService": "true"}, resource_policy=[allow(to={"Service": SERVICE}), deny(to="*", when={"Bool": {"aws:PrincipalIsAWSService": "false"}})], expect=ALLOW),
    case("EVAL-46", "a service with a role is that role", principal=SESSION, identity=[FULL_ACCESS], resource_policy=deny(to={"Service": "lambda.amazonaws.com"}), expect=ALLOW),
    case("EVAL-46", "a forwarded session is the caller", context=FORWARDED, identity=[allow(when={"Bool": FORWARDED})], expect=ALLOW),
    case("EVAL-46", "a forwarded session lacks the network keys", context=FORWARDED, identity=[allow(when=OFFICE)], expect=IMPLICIT),
    case("EVAL-46", "a Deny outside the office strikes it too", context=FORWARDED, identity=[FULL_ACCESS, deny(when={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})], expect=EXPLICIT),
    case("EVAL-46", "... unless it exempts forwarded sessions", context=FORWARDED, identity=[FULL_ACCESS, deny(when={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "Bool": {"aws:ViaAWSService": "false"}})], expect=ALLOW),
]


def admin(rule, title, action, resource, expect):
    return case(rule, title, action=action, resource=resource, identity=[FULL_ACCESS], expect=expect)


RESERVED_CALLS = ["AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "UpdateAssumeRolePolicy", "UpdateRole", "PassRole", "TagRole", "UntagRole", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"]
HARD_RULES = [
    *(admin("EVAL-50", f"an Identity Center role refuses iam:{call}", f"iam:{call}", IDENTITY_CENTER_ROLE, IMPLICIT) for call in RESERVED_CALLS),
    *(admin("EVAL-50", f"any other role accepts iam:{call}", f"iam:{call}", ROLE, ALLOW) for call in RESERVED_CALLS[:4]),
    admin("EVAL-50", "names ignore case in this, too", "IAM:attachrolepolicy", IDENTITY_CENTER_ROLE, IMPLICIT),
    admin("EVAL-50", "an Identity Center role may be read", "iam:GetRole", IDENTITY_CENTER_ROLE, ALLOW),
    admin("EVAL-50", "a service-linked role's trust is fixed", "iam:UpdateAssumeRolePolicy", SERVICE_LINKED_ROLE, IMPLICIT),
    admin("EVAL-50", "a service-linked role's permissions are fixed", "iam:AttachRolePolicy", SERVICE_LINKED_ROLE, IMPLICIT),
    admin("EVAL-50", "... inline ones too", "iam:PutRolePolicy", SERVICE_LINKED_ROLE, IMPLICIT),
    admin("EVAL-51", "an AWS-managed policy cannot be edited", "iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/AdministratorAccess", IMPLICIT),
    admin("EVAL-51", "a customer-managed policy can", "iam:CreatePolicyVersion", f"arn:aws:iam::{A}:policy/mine", ALLOW),
    case("EVAL-51", "an AWS-managed policy can be attached", action="iam:AttachRolePolicy", resource=ROLE, context={"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}, identity=[allow("iam:AttachRolePolicy", when={"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}})], expect=ALLOW),
    admin("EVAL-52", "iam calls on a role do not ask its trust policy", "iam:GetRole", ROLE, ALLOW),
    case("EVAL-52", "a trust policy grants no iam calls", action="iam:GetRole", resource=ROLE, resource_policy=trust({"AWS": USER}, "iam:*"), expect=IMPLICIT),
    admin("EVAL-52", "IAM cannot be managed across accounts", "iam:GetRole", f"arn:aws:iam::{B}:role/x", IMPLICIT),
    *(admin("EVAL-53", f"aws/ aliases refuse kms:{call}", f"kms:{call}", f"arn:aws:kms:eu-west-1:{A}:alias/aws/s3", IMPLICIT) for call in ("CreateAlias", "UpdateAlias", "DeleteAlias")),
    *(admin("KMS-9", f"{call} is authorized on the key, not on an alias", call, f"arn:aws:kms:eu-west-1:{A}:alias/app", IMPLICIT) for call in ("kms:Decrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:CreateGrant")),
    admin("EVAL-53", "other aliases do not", "kms:UpdateAlias", f"arn:aws:kms:eu-west-1:{A}:alias/app", ALLOW),
]
# fmt: on


@table(GENERAL + STRENGTHS + ROOT_USER + OTHERS + HARD_RULES)
def test_same_account(case):
    check(case)
