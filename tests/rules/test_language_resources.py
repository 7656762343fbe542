"""Chapter 2.3: Resource and NotResource."""

from .cases import (
    ALLOW,
    BUCKET,
    EXPLICIT,
    FULL_ACCESS,
    IMPLICIT,
    KEY,
    ROLE,
    ROOT,
    SESSION,
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
S3 = "arn:aws:s3:::"


def covers(rule, pattern, resource, expect, *, action=None, title=None):
    """Does an identity policy's Resource cover the requested resource?"""
    action = action or ("s3:GetObject" if "/" in resource else "s3:ListBucket")
    return case(rule, title or f"Resource {pattern!r} for {resource}", action=action, resource=resource, identity=[allow(action, pattern)], expect=expect)


def excludes(rule, pattern, resource, expect, *, action=None):
    action = action or ("s3:GetObject" if "/" in resource else "s3:ListBucket")
    return case(rule, f"NotResource {pattern!r} for {resource}", action=action, resource=resource, identity=[allow(action, NotResource=pattern)], expect=expect)


USER_X = f"arn:aws:iam::{A}:user/eng/x"
FIELDS = [
    covers("LANG-20", S3 + "b/a:b", S3 + "b/a:b", ALLOW),
    covers("LANG-20", S3 + "b/a:*", S3 + "b/a:b:c/d", ALLOW),
    covers("LANG-20", S3 + "b/a", S3 + "b/a:b", IMPLICIT),
    covers("LANG-20", S3 + "b/*:c", S3 + "b/a:b:c", ALLOW),
    *(covers("LANG-20", S3 + name, S3 + f"{name}/k", IMPLICIT) for name in ("accesspoint", "job")),
    *(covers("LANG-20", S3 + f"{name}/*", S3 + f"{name}/k", ALLOW, title=f"a bucket called {name}") for name in ("accesspoint", "job")),
    covers("LANG-21", "*", S3 + "b/k", ALLOW),
    covers("LANG-21", "*", ROLE, ALLOW, action="iam:GetRole"),
    covers("LANG-21", "arn:aws:s3:*:*:b/k", S3 + "b/k", ALLOW),
    covers("LANG-21", "arn:*:s3:::b/k", S3 + "b/k", ALLOW),
    covers("LANG-21", "arn:aws:iam::*:user/eng/x", USER_X, ALLOW, action="iam:GetUser"),
    covers("LANG-21", "arn:aws:iam::1111*:user/eng/x", USER_X, ALLOW, action="iam:GetUser"),
    covers("LANG-21", "arn:aws:iam::11111111111?:user/*", USER_X, ALLOW, action="iam:GetUser"),
    covers("LANG-21", f"arn:aws:iam::{B}:user/*", USER_X, IMPLICIT, action="iam:GetUser"),
    covers("LANG-21", f"arn:aws:iam::{A}:user/?/x", USER_X, IMPLICIT, action="iam:GetUser"),
    covers("LANG-21", f"arn:aws:iam::{A}:user/*", USER_X, ALLOW, action="iam:GetUser"),
    covers("LANG-21", S3 + "b/a?c", S3 + "b/a/c", ALLOW),
    covers("LANG-21", S3 + "b/a?c", S3 + "b/ac", IMPLICIT),
    covers("LANG-21", S3 + "b/a?c", S3 + "b/abbc", IMPLICIT),
    covers("LANG-21", S3 + "b?k", S3 + "b/k", ALLOW),
    covers("LANG-21", S3 + "b/[ab]", S3 + "b/a", IMPLICIT),
    covers("LANG-21", S3 + "b/.*", S3 + "b/k", IMPLICIT),
    covers("LANG-21", S3 + "b/a+b (1).txt", S3 + "b/a+b (1).txt", ALLOW),
    covers("LANG-21", S3 + "b/**", S3 + "b/k", ALLOW),
    covers("D-7", "arn:aws:kms:*:key/*", KEY, IMPLICIT, action="kms:DescribeKey", title="a * in one field spans no colon"),
    covers("D-7", f"arn:aws:iam:*:{A}:user/*", USER_X, ALLOW, action="iam:GetUser", title="a * may be an empty field"),
    covers("D-7", f"arn:aws:iam:?:{A}:user/*", USER_X, IMPLICIT, action="iam:GetUser", title="a ? may not be an empty field"),
]

S3_CONSEQUENCES = [
    covers("LANG-22", S3 + "b/*", S3 + "b", IMPLICIT),
    covers("LANG-22", S3 + "b", S3 + "b", ALLOW),
    covers("LANG-22", S3 + "b", S3 + "b/k", IMPLICIT),
    covers("LANG-22", S3 + "b/", S3 + "b/k", IMPLICIT),
    covers("LANG-22", S3 + "b*", S3 + "b", ALLOW),
    covers("LANG-22", S3 + "b*", S3 + "bx", ALLOW),
    covers("LANG-22", S3 + "b*", S3 + "b/k", ALLOW),
    covers("LANG-22", S3 + "b*", S3 + "bx/k/l", ALLOW),
    covers("LANG-22", S3 + "b*", S3 + "ab", IMPLICIT),
    covers("LANG-22", S3 + "*", S3 + "b", ALLOW),
    covers("LANG-22", S3 + "*", S3 + "b/k", ALLOW),
    covers("LANG-22", S3 + "*/*", S3 + "b", IMPLICIT),
    covers("LANG-22", S3 + "*/*", S3 + "b/k", ALLOW),
    covers("LANG-22", S3 + "b/*/x/*", S3 + "b/1/2/x/y", ALLOW),
    covers("LANG-22", S3 + "b/*/x/*", S3 + "b//x/", ALLOW),
    covers("LANG-22", S3 + "b/*/x/*", S3 + "b/x/y", IMPLICIT),
    covers("LANG-22", S3 + "b/*.log", S3 + "b/2026/11/app.log", ALLOW),
    covers("LANG-22", S3 + "b/*.log", S3 + "b/app.log.gz", IMPLICIT),
    covers("LANG-22", S3, S3 + "b", IMPLICIT),
]

ODD = [
    covers("LANG-23", "arn:aws:s*:::b/k", S3 + "b/k", IMPLICIT),
    covers("LANG-23", "arn:aws:*:::b/k", S3 + "b/k", IMPLICIT),
    covers("LANG-23", f"arn:aws:iam::{A}:u*", USER_X, IMPLICIT, action="iam:GetUser"),
    covers("LANG-23", f"arn:aws:iam::{A}:us?r/eng/x", USER_X, IMPLICIT, action="iam:GetUser"),
    covers("LANG-24", S3 + "b/K", S3 + "b/k", IMPLICIT),
    covers("LANG-24", S3 + "B/k", S3 + "b/k", IMPLICIT),
    covers("LANG-24", "arn:AWS:S3:::b/k", S3 + "b/k", ALLOW),
    covers("D-8", f"arn:aws:KMS:EU-WEST-1:{A}:key/*", f"arn:aws:kms:eu-west-1:{A}:alias/x", IMPLICIT, action="kms:UpdateAlias"),
    covers("D-8", f"arn:aws:iam::{A}:user/eng/X", USER_X, IMPLICIT, action="iam:GetUser"),
    case("LANG-24", "a Deny with the key in another case", identity=[FULL_ACCESS, deny("s3:*", S3 + "b/K")], expect=ALLOW),
    excludes("LANG-25", S3 + "b/k", S3 + "b/k", IMPLICIT),
    excludes("LANG-25", S3 + "b/*", S3 + "b/k", IMPLICIT),
    excludes("LANG-25", S3 + "c/*", S3 + "b/k", ALLOW),
    excludes("LANG-25", [S3 + "c/*", S3 + "b/k"], S3 + "b/k", IMPLICIT),
    excludes("LANG-25", S3 + "b/*", S3 + "b", ALLOW),
    excludes("LANG-25", "*", S3 + "b", IMPLICIT),
    case("LANG-25", "Allow * with NotResource reaches other services", action="iam:GetRole", resource=ROLE, identity=[allow("*", NotResource=BUCKET)], expect=ALLOW),
    case("LANG-25", "Deny with NotResource", identity=[FULL_ACCESS, deny("s3:*", NotResource=S3 + "c/*")], expect=EXPLICIT),
    case("LANG-25", "Deny with NotResource that lists it among others", identity=[FULL_ACCESS, deny("s3:*", NotResource=[S3 + "c/*", S3 + "b/*"])], expect=ALLOW),
    case("LANG-25", "NotResource in a bucket policy", resource_policy=allow("s3:*", to={"AWS": USER}, NotResource=S3 + "b/secret/*"), expect=ALLOW),
    covers("LANG-26", S3 + "b/*", S3 + "b", IMPLICIT, title="s3:ListBucket on b/* grants nothing"),
    covers("LANG-26", [S3 + "b", S3 + "b/*"], S3 + "b", ALLOW),
    covers("LANG-26", S3 + "b", S3 + "b", ALLOW, action="s3:PutBucketPolicy"),
    case("LANG-26", "a Deny of s3:ListBucket on b/* denies nothing", action="s3:ListBucket", resource=BUCKET, identity=[FULL_ACCESS, deny("s3:ListBucket", S3 + "b/*")], expect=ALLOW),
]

ACCOUNT_LEVEL = {"action": "s3:ListAllMyBuckets", "resource": "*"}
NO_TYPE = [
    case("LANG-27", "Resource * covers s3:ListAllMyBuckets", **ACCOUNT_LEVEL, identity=[allow("s3:*", "*")], expect=ALLOW),
    case("LANG-27", "the caller's own account is meant", **ACCOUNT_LEVEL, resource_account=None, identity=[allow("s3:*", "*")], expect=ALLOW),
    case("LANG-27", "a bucket's ARN does not", **ACCOUNT_LEVEL, identity=[allow("s3:*", BUCKET)], expect=IMPLICIT),
    case("LANG-27", "nor do all objects", **ACCOUNT_LEVEL, identity=[allow("s3:*", S3 + "*/*")], expect=IMPLICIT),
    case("LANG-27", "NotResource of a bucket does", **ACCOUNT_LEVEL, identity=[allow("s3:*", NotResource=BUCKET)], expect=ALLOW),
    case("LANG-27", "NotResource * does not", **ACCOUNT_LEVEL, identity=[allow("s3:*", NotResource="*")], expect=IMPLICIT),
    case("LANG-27", "Deny on a bucket leaves it", **ACCOUNT_LEVEL, identity=[FULL_ACCESS, deny("s3:*", BUCKET)], expect=ALLOW),
    case("LANG-27", "Deny with NotResource of a bucket denies it", **ACCOUNT_LEVEL, identity=[FULL_ACCESS, deny("s3:*", NotResource=BUCKET)], expect=EXPLICIT),
    case("LANG-27", "kms:ListKeys needs *", action="kms:ListKeys", resource="*", identity=[allow("kms:*", f"arn:aws:kms:*:{A}:key/*")], expect=IMPLICIT),
    case("LANG-27", "kms:ListKeys with *", action="kms:ListKeys", resource="*", identity=[allow("kms:*")], expect=ALLOW),
    case("LANG-27", "s3:CreateJob with *", action="s3:CreateJob", resource="*", identity=[allow("s3:CreateJob")], expect=ALLOW),
    case("D-9", "arn:aws:s3:::* covers s3:ListAllMyBuckets", **ACCOUNT_LEVEL, identity=[allow("s3:*", S3 + "*")], expect=ALLOW),
    case("D-9", "arn:aws:s3:::* denies s3:ListAllMyBuckets", **ACCOUNT_LEVEL, identity=[FULL_ACCESS, deny("s3:*", S3 + "*")], expect=EXPLICIT),
    case("D-9", "arn:aws:s3:::b* does not cover it", **ACCOUNT_LEVEL, identity=[allow("s3:*", S3 + "b*")], expect=IMPLICIT),
    case("D-9", "arn:aws:s3:::* covers s3:GetAccountPublicAccessBlock", action="s3:GetAccountPublicAccessBlock", resource="*", identity=[allow("s3:*", S3 + "*")], expect=ALLOW),
]

SHORT = [
    covers("LANG-28", "arn:aws:s3", S3 + "b/k", ALLOW),
    covers("LANG-28", "arn:aws:s3::", S3 + "b/k", ALLOW),
    covers("LANG-28", "arn:aws:iam", S3 + "b/k", IMPLICIT),
    covers("LANG-28", f"arn:aws:iam::{A}", USER_X, ALLOW, action="iam:GetUser"),
    covers("LANG-28", f"arn:aws:iam::{B}", USER_X, IMPLICIT, action="iam:GetUser"),
    case("LANG-28", "a short ARN in an identity policy's Deny", identity=[FULL_ACCESS, deny("s3:*", "arn:aws:s3")], expect=EXPLICIT),
    case("LANG-28", "a short ARN in a boundary", identity=[FULL_ACCESS], boundary=allow("s3:*", "arn:aws:s3"), expect=ALLOW),
    case("LANG-28", "a short ARN in a session policy", principal=SESSION, identity=[FULL_ACCESS], session=allow("s3:*", "arn:aws:s3"), expect=ALLOW),
    case("LANG-28", "a short ARN in a bucket policy", resource_policy=allow("s3:*", "arn:aws:s3", to={"AWS": USER}), expect=IMPLICIT),
    case("LANG-28", "a short ARN in a bucket policy's Deny", identity=[FULL_ACCESS], resource_policy=deny("s3:*", "arn:aws:s3", to="*"), expect=ALLOW),
    case("LANG-28", "a short ARN in an RCP", principal=ROOT, rcp=[[deny("s3:*", "arn:aws:s3", to="*")]], expect=ALLOW),
]
# fmt: on


@table(FIELDS + S3_CONSEQUENCES + ODD + NO_TYPE + SHORT)
def test_language_resources(case):
    check(case)
