"""Chapter 2.1: documents and their elements."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    BUCKET,
    EXPLICIT,
    FULL_ACCESS,
    IMPLICIT,
    NOT_ALLOWED,
    OBJECT,
    OTHER_ROLE,
    SESSION,
    USER,
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
ANN = {"aws:username": "ann"}
HOME = "arn:aws:s3:::b/${aws:username}/*"
IN_HOME = {"resource": "arn:aws:s3:::b/ann/x", "context": ANN}
LITERAL_HOME = {"resource": "arn:aws:s3:::b/${aws:username}/x", "context": ANN}

STRUCTURE = [
    case("LANG-1", "Statement may be one object", identity=[{"Version": "2012-10-17", "Statement": FULL_ACCESS}], expect=ALLOW),
    case("LANG-1", "Statement may be an empty list", identity=[policy()], expect=IMPLICIT),
    case("LANG-1", "Id and Sid say nothing", identity=[{"Id": "x", "Version": "2012-10-17", "Statement": [{"Sid": "Y", **FULL_ACCESS}]}], expect=ALLOW),
    case("LANG-1", "the order of elements never matters", identity=[{"Statement": [{"Resource": "*", "Action": "*", "Effect": "Allow"}], "Version": "2012-10-17"}], expect=ALLOW),
    case("LANG-1", "the order of statements never matters", identity=[policy(deny("s3:GetObject"), FULL_ACCESS)], expect=EXPLICIT),
    case("LANG-1", "nor does the order of documents", identity=[policy(FULL_ACCESS), policy(deny("s3:GetObject"))], expect=EXPLICIT),
    case("LANG-2", "a list of actions", identity=[allow(["s3:PutObject", "s3:GetObject"])], expect=ALLOW),
    case("LANG-2", "a list of one action", identity=[allow(["s3:GetObject"])], expect=ALLOW),
    case("LANG-2", "an empty list of actions", identity=[allow([])], expect=IMPLICIT),
    case("LANG-2", "a list of resources", identity=[allow("s3:*", [BUCKET, OBJECT])], expect=ALLOW),
    case("LANG-2", "an empty list of resources", identity=[allow("s3:*", [])], expect=IMPLICIT),
    case("LANG-2", "a list of NotAction", identity=[allow(NotAction=["s3:PutObject", "s3:GetObject"])], expect=IMPLICIT),
    case("LANG-2", "a list of NotResource", identity=[allow(NotResource=[BUCKET, OBJECT])], expect=IMPLICIT),
    case("LANG-2", "a list of principals", resource_policy=allow(to={"AWS": [OTHER_ROLE, USER]}), expect=ALLOW),
    case("LANG-2", "an empty list of principals", resource_policy=allow(to={"AWS": []}), expect=IMPLICIT),
    case("LANG-2", "an empty list of denied principals", identity=[FULL_ACCESS], resource_policy=deny(to={"AWS": []}), expect=ALLOW),
    case("LANG-2", "a list of condition values", context=ANN, identity=[allow(when={"StringEquals": {"aws:username": ["joe", "ann"]}})], expect=ALLOW),
    case("LANG-2", "an empty list of condition values", context=ANN, identity=[allow(when={"StringEquals": {"aws:username": []}})], expect=IMPLICIT),
    case("LANG-2", "an empty list of condition values in a Deny", context=ANN, identity=[FULL_ACCESS, deny(when={"StringEquals": {"aws:username": []}})], expect=ALLOW),
    case("LANG-3", "Effect in lower case is no Allow", identity=[{"Effect": "allow", "Action": "*", "Resource": "*"}], expect=NOT_ALLOWED),
    case("LANG-3", "Effect in lower case is no harmless Deny", identity=[FULL_ACCESS, {"Effect": "deny", "Action": "*", "Resource": "*"}], expect=NOT_ALLOWED),
    case("LANG-3", "element names in lower case name nothing", identity=[{"effect": "Allow", "action": "*", "resource": "*"}], expect=NOT_ALLOWED),
]

VERSIONS = [
    case("LANG-4", "2012: variables in resources", **IN_HOME, identity=[policy(allow("s3:*", HOME))], expect=ALLOW),
    case("LANG-4", "2008: ${...} in a resource is text", **IN_HOME, identity=[policy(allow("s3:*", HOME), version="2008-10-17")], expect=IMPLICIT),
    case("LANG-4", "no version is 2008", **IN_HOME, identity=[policy(allow("s3:*", HOME), version=None)], expect=IMPLICIT),
    case("LANG-4", "2008: a key spelled ${aws:username} is meant", **LITERAL_HOME, identity=[policy(allow("s3:*", HOME), version=None)], expect=ALLOW),
    case("LANG-4", "2012: a key spelled ${aws:username} is not meant", **LITERAL_HOME, identity=[policy(allow("s3:*", HOME))], expect=IMPLICIT),
    case("LANG-4", "2008: ${...} in a condition is text", context=ANN | {"aws:PrincipalTag/owner": "ann"}, identity=[policy(allow(when={"StringEquals": {"aws:PrincipalTag/owner": "${aws:username}"}}), version=None)], expect=IMPLICIT),
    case("LANG-4", "2008: that text can be equalled", context={"aws:PrincipalTag/owner": "${aws:username}"}, identity=[policy(allow(when={"StringEquals": {"aws:PrincipalTag/owner": "${aws:username}"}}), version=None)], expect=ALLOW),
    case("LANG-4", "2008: wildcards work as ever", identity=[policy(allow("s3:Get*", "arn:aws:s3:::b/*"), version=None)], expect=ALLOW),
    case("LANG-4", "2008: conditions work as ever", context=ANN, identity=[policy(allow(when={"StringLike": {"aws:username": "a*"}}), version=None)], expect=ALLOW),
    case("LANG-4", "2008: ${*} is text, its * a wildcard", resource="arn:aws:s3:::b/${anything}", identity=[policy(allow("s3:*", "arn:aws:s3:::b/${*}"), version="2008-10-17")], expect=ALLOW),
    case("LANG-4", "each document has its own version", **IN_HOME, identity=[policy(allow("s3:*", HOME), version=None), policy(allow("s3:*", HOME))], expect=ALLOW),
    case("LANG-4", "2008 bucket policy", **IN_HOME, resource_policy=policy(allow("s3:*", HOME, to="*"), version="2008-10-17"), expect=IMPLICIT),
    case("LANG-4", "2008 Deny with ${...} denies the spelled key only", **IN_HOME, identity=[FULL_ACCESS, policy(deny("s3:*", HOME), version=None)], expect=ALLOW),
]

ROLE_X = {"action": "sts:AssumeRole", "resource": "arn:aws:iam::111111111111:role/x"}
PRINCIPALS = [
    case("LANG-5", "a bucket policy's Allow without Principal matches nobody", resource_policy=allow(), expect=IMPLICIT),
    case("LANG-5", "... not even anonymous", principal=ANONYMOUS, resource_policy=allow(), expect=IMPLICIT),
    case("LANG-5", "a bucket policy's Deny without Principal matches nobody", identity=[FULL_ACCESS], resource_policy=deny(), expect=ALLOW),
    case("LANG-5", "Principal in an identity policy is forbidden, so it grants nothing", identity=[allow(to="*")], expect=IMPLICIT),
    case("LANG-5", "a trust policy has no Resource: it is the role", **ROLE_X, resource_policy=trust({"AWS": USER}), expect=ALLOW),
    case("LANG-5", "Resource * in a key policy is this key", action="kms:Decrypt", resource="arn:aws:kms:eu-west-1:111111111111:key/k", resource_policy=allow("kms:*", "*", to={"AWS": USER}), expect=ALLOW),
    case("LANG-6", "NotPrincipal in a trust policy grants nothing", **ROLE_X, identity=[FULL_ACCESS], resource_policy={"Effect": "Allow", "NotPrincipal": {"AWS": OTHER_ROLE}, "Action": "sts:AssumeRole"}, expect=IMPLICIT),
    case("LANG-6", "NotPrincipal with Allow in a bucket policy is legacy and works", resource_policy=allow(NotPrincipal={"AWS": OTHER_ROLE}), expect=ALLOW),
]

S3_ONLY_READ = {"identity": [FULL_ACCESS]}
LIMITS = [
    case("LANG-7", "SCP: Allow with NotAction", **S3_ONLY_READ, scp=[[allow(NotAction="iam:*")]], expect=ALLOW),
    case("LANG-7", "SCP: Allow with NotAction naming the action", **S3_ONLY_READ, scp=[[allow(NotAction="s3:Get*")]], expect=IMPLICIT),
    case("LANG-7", "SCP: Allow with Resource", **S3_ONLY_READ, scp=[[allow("s3:*", "arn:aws:s3:::b/*")]], expect=ALLOW),
    case("LANG-7", "SCP: Allow with another Resource", **S3_ONLY_READ, scp=[[allow("s3:*", "arn:aws:s3:::c/*")]], expect=IMPLICIT),
    case("LANG-7", "SCP: Allow with NotResource", **S3_ONLY_READ, scp=[[allow("s3:*", NotResource="arn:aws:s3:::c/*")]], expect=ALLOW),
    case("LANG-7", "SCP: Allow with a Condition that holds", **S3_ONLY_READ, context=ANN, scp=[[allow(when={"StringEquals": ANN})]], expect=ALLOW),
    case("LANG-7", "SCP: Allow with a Condition that fails", **S3_ONLY_READ, scp=[[allow(when={"StringEquals": ANN})]], expect=IMPLICIT),
    case("LANG-7", "SCP: wildcards anywhere in the action", **S3_ONLY_READ, scp=[[allow("s3:*Obj?ct")]], expect=ALLOW),
    case("LANG-7", "SCP: Deny with NotAction", **S3_ONLY_READ, scp=[[FULL_ACCESS, deny(NotAction="iam:*")]], expect=EXPLICIT),
    case("LANG-7", "SCP: Deny with NotResource", **S3_ONLY_READ, scp=[[FULL_ACCESS, deny("s3:*", NotResource="arn:aws:s3:::c/*")]], expect=EXPLICIT),
    case("LANG-7", "SCP: Deny with NotResource naming the resource", **S3_ONLY_READ, scp=[[FULL_ACCESS, deny("s3:*", NotResource="arn:aws:s3:::b/*")]], expect=ALLOW),
    case("LANG-8", "RCP: Deny everyone one action", **S3_ONLY_READ, rcp=[[deny("s3:GetObject", to="*")]], expect=EXPLICIT),
    case("LANG-8", "RCP: Deny everyone another action", **S3_ONLY_READ, rcp=[[deny("s3:PutObject", to="*")]], expect=ALLOW),
    case("LANG-8", "RCP: Deny with Resource", **S3_ONLY_READ, rcp=[[deny("s3:*", "arn:aws:s3:::b/*", to="*")]], expect=EXPLICIT),
    case("LANG-8", "RCP: Deny with NotResource", **S3_ONLY_READ, rcp=[[deny("s3:*", to="*", NotResource="arn:aws:s3:::b/*")]], expect=ALLOW),
    case("LANG-8", "RCP: Deny with Condition", **S3_ONLY_READ, context=ANN, rcp=[[deny("s3:*", to="*", when={"StringEquals": ANN})]], expect=EXPLICIT),
    case("LANG-9", "session policy: Allow in any statement counts", principal=SESSION, identity=[FULL_ACCESS], session=[allow("ec2:*"), allow("s3:GetObject")], expect=ALLOW),
    case("LANG-9", "session policy: a Deny in any statement counts", principal=SESSION, identity=[FULL_ACCESS], session=[allow("*"), deny("s3:GetObject")], expect=EXPLICIT),
    case("LANG-9", "session policy: conditions work", principal=SESSION, context={"aws:SecureTransport": "true"}, identity=[FULL_ACCESS], session=allow(when={"Bool": {"aws:SecureTransport": "true"}}), expect=ALLOW),
    case("LANG-9", "session policy: NotAction works", principal=SESSION, identity=[FULL_ACCESS], session=allow(NotAction="s3:GetObject"), expect=IMPLICIT),
    case("LANG-9", "session policy: variables work", principal=SESSION, resource="arn:aws:s3:::b/red/x", context={"aws:PrincipalTag/team": "red"}, identity=[FULL_ACCESS], session=allow("s3:*", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"), expect=ALLOW),
    case("LANG-9", "session policy limits cross-account requests too", principal=SESSION, resource_account=B, identity=[FULL_ACCESS], session=allow("ec2:*"), resource_policy=allow(to={"AWS": SESSION}), expect=IMPLICIT),
]
# fmt: on


@table(STRUCTURE + VERSIONS + PRINCIPALS + LIMITS)
def test_language_elements(case):
    check(case)
