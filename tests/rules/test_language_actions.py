"""Chapter 2.2: Action and NotAction."""

from .cases import (
    ALLOW,
    EXPLICIT,
    FULL_ACCESS,
    IMPLICIT,
    ROLE,
    UNDECIDED,
    USER,
    allow,
    case,
    check,
    deny,
    table,
)


# fmt: off
def granted(rule, pattern, expect, *, action="s3:GetObject", title=None):
    """Does an identity policy's Action grant the requested action?"""
    return case(rule, title or f"Action {pattern!r} for {action}", action=action, identity=[allow(pattern)], expect=expect)


def not_action_grants(rule, pattern, expect, *, action="s3:GetObject"):
    return case(rule, f"Allow NotAction {pattern!r} for {action}", action=action, identity=[allow(NotAction=pattern)], expect=expect)


def not_action_denies(rule, pattern, expect):
    return case(rule, f"Deny NotAction {pattern!r} for s3:GetObject", identity=[FULL_ACCESS, deny(NotAction=pattern)], expect=expect)


ACTION = [
    granted("LANG-10", "s3:getobject", ALLOW),
    granted("LANG-10", "S3:GETOBJECT", ALLOW),
    granted("LANG-10", "S3:get*", ALLOW),
    granted("LANG-10", "s3:GetObject", ALLOW, action="S3:gEToBJECT"),
    case("LANG-10", "a Deny ignores case as well", identity=[FULL_ACCESS, deny("S3:gEtObJeCt")], expect=EXPLICIT),
    case("LANG-10", "NotAction ignores case as well", identity=[allow(NotAction="S3:GETOBJECT")], expect=IMPLICIT),
    granted("LANG-11", "*", ALLOW),
    granted("LANG-11", "*:*", ALLOW),
    granted("LANG-11", "s3:*", ALLOW),
    granted("LANG-11", "s3:GetObject*", ALLOW),
    granted("LANG-11", "s3:GetObject?", IMPLICIT),
    granted("LANG-11", "s3:GetObjec?", ALLOW),
    granted("LANG-11", "s3:?etObject", ALLOW),
    granted("LANG-11", "s3:*Object", ALLOW),
    granted("LANG-11", "s3:G*t*t", ALLOW),
    granted("LANG-11", "s3:*Objects", IMPLICIT),
    granted("LANG-11", "s3:GetObject", IMPLICIT, action="s3:GetObjectVersion"),
    granted("LANG-11", "s3:GetObject*", ALLOW, action="s3:GetObjectVersion"),
    granted("LANG-11", "s3:????????????", IMPLICIT),
    granted("LANG-11", "s3:?????????", ALLOW),
    granted("LANG-11", "s3:**", ALLOW),
    granted("LANG-11", "s3express:*", IMPLICIT),
    granted("LANG-11", "s3:*", IMPLICIT, action="s3-object-lambda:GetObject"),
    granted("LANG-11", "s*:GetObject", IMPLICIT, title="a wildcard within the prefix is malformed and grants nothing"),
    granted("LANG-11", "s?:GetObject", IMPLICIT, title="? within the prefix is malformed and grants nothing"),
    case("LANG-11", "a Deny with a wildcard within the prefix cannot be decided", identity=[FULL_ACCESS, deny("s*:GetObject")], expect=UNDECIDED),
]

NOT_ACTION = [
    not_action_grants("LANG-12", "s3:PutObject", ALLOW),
    not_action_grants("LANG-12", "s3:GetObject", IMPLICIT),
    not_action_grants("LANG-12", "s3:*", IMPLICIT),
    not_action_grants("LANG-12", ["s3:PutObject", "s3:Get*"], IMPLICIT),
    not_action_grants("LANG-12", "iam:*", ALLOW),
    not_action_grants("LANG-12", "s3:PutObject", ALLOW, action="kms:ListKeys"),
    not_action_grants("LANG-12", "*", IMPLICIT),
    not_action_denies("LANG-12", "s3:PutObject", EXPLICIT),
    not_action_denies("LANG-12", "s3:Get*", ALLOW),
    not_action_denies("LANG-12", "ec2:*", EXPLICIT),
    case("LANG-12", "a Deny's NotAction does not allow what it lists", identity=[deny(NotAction="s3:GetObject")], expect=IMPLICIT),
    case("LANG-12", "an Allow's NotAction does not deny what it lists", identity=[allow(NotAction="s3:GetObject"), allow("s3:GetObject")], expect=ALLOW),
    case("LANG-12", "NotAction in a bucket policy", resource_policy=allow(to={"AWS": USER}, NotAction="s3:PutObject"), expect=ALLOW),
    case("LANG-12", "NotAction in a boundary", identity=[FULL_ACCESS], boundary=allow(NotAction="s3:GetObject"), expect=IMPLICIT),
    case("LANG-12", "two NotAction Denies leave only what both list", identity=[FULL_ACCESS, deny(NotAction="s3:Get*"), deny(NotAction="s3:Put*")], expect=EXPLICIT),
    granted("LANG-12", ["ec2:*", "s3:GetObject"], ALLOW),
    granted("LANG-12", ["ec2:*", "s3:PutObject"], IMPLICIT),
]

NAMES = [
    granted("LANG-13", "s3:GetObject,s3:PutObject", IMPLICIT),
    granted("LANG-13", "s3:GetObject, s3:PutObject", IMPLICIT),
    granted("LANG-13", "s3:Get Object", IMPLICIT),
    granted("LANG-13", " s3:GetObject", IMPLICIT),
    granted("LANG-13", "s3:GetObject ", IMPLICIT),
    granted("LANG-13", "s3:", IMPLICIT),
    granted("LANG-13", ["s3:GetObject,s3:PutObject", "s3:GetObject"], ALLOW),
    case("LANG-13", "a comma in a Deny's Action denies nothing", identity=[FULL_ACCESS, deny("s3:GetObject,s3:PutObject")], expect=ALLOW),
    not_action_denies("LANG-13", "s3:GetObject,s3:PutObject", EXPLICIT),
    not_action_denies("LANG-13", "s3: GetObject", EXPLICIT),
    not_action_grants("LANG-13", "s3:GetObject,s3:PutObject", ALLOW),
    granted("LANG-14", "s3:FetchObject", IMPLICIT),
    granted("LANG-14", ["s3:FetchObject", "nosuchservice:Do", "s3:GetObject"], ALLOW),
    not_action_denies("LANG-14", "s3:FetchObject", EXPLICIT),
    case("LANG-14", "a retired name in a Deny denies nothing real", identity=[FULL_ACCESS, deny("s3:FetchObject")], expect=ALLOW),
    granted("LANG-15", "s3:HeadObject", IMPLICIT),
    granted("LANG-15", "s3:ListObjectsV2", IMPLICIT, action="s3:ListBucket"),
    granted("LANG-15", "s3:ListBuckets", IMPLICIT, action="s3:ListAllMyBuckets"),
    case("LANG-15", "the IAM name of HeadBucket is ListBucket", action="s3:ListBucket", resource="arn:aws:s3:::b", identity=[allow("s3:ListBucket")], expect=ALLOW),
    case("LANG-15", "AssumeRole's IAM name does not cover AssumeRoleWithSAML", action="sts:AssumeRole", resource=ROLE, identity=[allow("sts:AssumeRoleWithSAML")], expect=IMPLICIT),
]
# fmt: on


@table(ACTION + NOT_ACTION + NAMES)
def test_language_actions(case):
    check(case)
