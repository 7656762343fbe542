"""Chapter 11: the worked examples that one scenario can hold.

EX-22 (Block Public Access), EX-23 (object ownership) and EX-24 (an AWS-managed key) need more than a scenario has.
"""

from .cases import (
    ALLOW,
    ANONYMOUS,
    BUCKET,
    EXPLICIT,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    KEY,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    USER,
    A,
    B,
    allow,
    case,
    check,
    deny,
    policy,
    table,
    trust,
)

# fmt: off
R = {"principal": SESSION}
JOB1 = f"arn:aws:sts::{A}:assumed-role/app/job1"
EC2_ONLY = allow("ec2:*")
HOME = allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")
PERIMETER = deny("s3:*", to="*", when={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-x"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}})
ROLE_GRANT = allow("s3:GetObject", to={"AWS": ROLE})
X = f"arn:aws:iam::{B}:role/X"
EXTERNAL = {"StringEquals": {"sts:ExternalId": "z9"}}
TAGS = {"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["team"]}}

CASES = [
    case("EX-1", "role ARN grant, no identity Allow", **R, resource_policy=ROLE_GRANT, expect=ALLOW),
    case("EX-2", "... within a boundary ec2:*", **R, boundary=EC2_ONLY, resource_policy=ROLE_GRANT, expect=IMPLICIT),
    case("EX-3", "... the session named", principal=JOB1, boundary=EC2_ONLY, resource_policy=allow("s3:GetObject", to={"AWS": JOB1}), expect=ALLOW),
    case("EX-4", "... and the boundary denies", principal=JOB1, boundary=[EC2_ONLY, deny("s3:*")], resource_policy=allow("s3:GetObject", to={"AWS": JOB1}), expect=EXPLICIT),
    case("EX-5", "account grant only delegates", resource_policy=allow(to={"AWS": ROOT}), expect=IMPLICIT),
    case("EX-6", "* with aws:PrincipalArn, session policy ec2:*", **R, context={"aws:PrincipalArn": ROLE}, session=EC2_ONLY, resource_policy=allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROLE}}), expect=ALLOW),
    case("EX-7", "session named across accounts, no identity Allow", **R, resource_account=B, resource_policy=allow(to={"AWS": SESSION}), expect=IMPLICIT),
    case("EX-8", "account named across accounts, boundary ec2:*", **R, resource_account=B, identity=[allow("s3:*")], boundary=EC2_ONLY, resource_policy=allow(to={"AWS": A}), expect=IMPLICIT),
    case("EX-9", "root of A reads b of B", principal=ROOT, resource_account=B, resource_policy=allow(to={"AWS": A}), expect=ALLOW),
    case("EX-10", "the owner's SCP never binds foreigners", resource_account=B, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": A}), expect=ALLOW),
    case("EX-11", "anonymous meets the RCP", principal=ANONYMOUS, resource_account=B, resource_policy=allow(to="*"), rcp=[[PERIMETER]], expect=EXPLICIT),
    case("EX-12", "every SCP level must allow", **R, identity=[allow("s3:*")], scp=[[FULL_ACCESS], [EC2_ONLY], [FULL_ACCESS]], expect=IMPLICIT),
    case("EX-13", "a service outside the organization", principal=SERVICE, action="s3:PutObject", resource_policy=[allow("s3:PutObject", to={"Service": SERVICE}), deny(to="*", when={"StringNotEquals": {"aws:PrincipalOrgID": "o-x"}})], expect=EXPLICIT),
    case("EX-14", "NotPrincipal and a boundary", **R, identity=[FULL_ACCESS], boundary=FULL_ACCESS, resource_policy=deny(NotPrincipal={"AWS": [A, ROLE, SESSION]}), expect=EXPLICIT),
    case("EX-15", "ForAllValues without tags", action="s3:PutObject", identity=[allow("s3:PutObject", when=TAGS)], expect=ALLOW),
    case("EX-16", "* spans / and the rest of the bucket's name", resource="arn:aws:s3:::logs-archive/2026/x", identity=[allow("s3:GetObject", "arn:aws:s3:::logs*")], expect=ALLOW),
    case("EX-17", "s3:ListBucket on b/*", action="s3:ListBucket", resource=BUCKET, identity=[allow("s3:ListBucket", "arn:aws:s3:::b/*")], expect=IMPLICIT),
    case("EX-18", "${...} without a version", resource="arn:aws:s3:::b/ann/x", context={"aws:username": "ann"}, identity=[policy(HOME, version=None)], expect=IMPLICIT),
    case("EX-19", "${aws:username} of a role session", **R, resource="arn:aws:s3:::b/ann/x", identity=[HOME], expect=IMPLICIT),
    case("EX-20", "a Bool Deny on a missing key", identity=[FULL_ACCESS, deny(when={"Bool": {"aws:MultiFactorAuthPresent": "false"}})], expect=ALLOW),
    case("EX-21", "aws:SourceIp through an endpoint", context={"aws:SourceVpce": "vpce-1", "aws:SourceVpc": "vpc-1"}, identity=[allow(when={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})], expect=IMPLICIT),
    case("EX-25", "key policy for one role, an administrator decrypts", action="kms:Decrypt", resource=KEY, identity=[allow("kms:*")], resource_policy=allow("kms:*", to={"AWS": f"arn:aws:iam::{A}:role/K"}), expect=IMPLICIT),
    case("EX-26", "external ID sent", action="sts:AssumeRole", resource=X, context={"sts:ExternalId": "z9"}, identity=[allow("sts:AssumeRole", X)], resource_policy=trust({"AWS": A}, when=EXTERNAL), expect=ALLOW),
    case("EX-26", "external ID not sent", action="sts:AssumeRole", resource=X, identity=[allow("sts:AssumeRole", X)], resource_policy=trust({"AWS": A}, when=EXTERNAL), expect=IMPLICIT),
    case("EX-27", "no implicit self-trust", **R, action="sts:AssumeRole", resource=ROLE, identity=[allow("sts:AssumeRole")], resource_policy=trust({"Service": "ec2.amazonaws.com"}), expect=IMPLICIT),
    case("EX-28", "the AssumeRole half", **R, action="sts:AssumeRole", resource=X, context={"aws:SourceIdentity": "ann", "sts:SourceIdentity": "ann"}, identity=[FULL_ACCESS], resource_policy=trust({"AWS": A}), expect=ALLOW),
    case("EX-28", "the SetSourceIdentity half", **R, action="sts:SetSourceIdentity", resource=X, context={"aws:SourceIdentity": "ann", "sts:SourceIdentity": "ann"}, identity=[FULL_ACCESS], resource_policy=trust({"AWS": A}), expect=IMPLICIT),
    case("EX-29", "s3:PutBucketPolicy from another account", principal=f"arn:aws:iam::{B}:role/r", action="s3:PutBucketPolicy", resource=BUCKET, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": B}), expect=IMPLICIT),
    case("EX-30", "signed", resource_account=B, identity=[EC2_ONLY], resource_policy=allow("s3:GetObject", to="*"), expect=IMPLICIT),
    case("EX-30", "unsigned", principal=ANONYMOUS, resource_account=B, resource_policy=allow("s3:GetObject", to="*"), expect=ALLOW),
    case("EX-30", "a user of the bucket's own account", principal=FOREIGN_USER, resource_account=B, resource_policy=allow("s3:GetObject", to="*"), expect=ALLOW),
    case("EX-1", "user instead of role, named", resource_policy=allow("s3:GetObject", to={"AWS": USER}), expect=ALLOW),
]
# fmt: on


@table(CASES)
def test_worked_examples(case):
    check(case)
