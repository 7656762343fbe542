"""Chapter 4.7: service control policies."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    EXPLICIT,
    FEDERATED,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    OBJECT,
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
NO_S3 = deny("s3:*")
OIDC = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{A}:saml-provider/idp"


def scp(rule, title, levels, expect, *, principal=USER, **more):
    """The identity policy allows everything; what do the levels of SCPs leave?"""
    return case(rule, title, principal=principal, identity=[FULL_ACCESS], scp=levels, expect=expect, **more)


WHO = [
    *(scp("ORG-1", f"a level without S3 stops the {kind}", [[FULL_ACCESS], [allow("ec2:*")]], IMPLICIT, principal=arn) for kind, arn in {"user": USER, "role": ROLE, "session": SESSION, "root user": ROOT}.items()),
    *(scp("ORG-1", f"a Deny stops the {kind}", [[FULL_ACCESS], [FULL_ACCESS, NO_S3]], EXPLICIT, principal=arn) for kind, arn in {"user": USER, "role": ROLE, "session": SESSION, "root user": ROOT}.items()),
    scp("ORG-1", "a level without S3 stops the federated user", [[allow("ec2:*")]], IMPLICIT, principal=FEDERATED, federated_by=USER, session=FULL_ACCESS),
    scp("ORG-2", "not service-linked roles: silent level", [[]], ALLOW, principal=SERVICE_LINKED_ROLE),
    scp("ORG-2", "not service-linked roles: Deny", [[FULL_ACCESS, NO_S3]], ALLOW, principal=SERVICE_LINKED_ROLE),
    scp("ORG-2", "a role that only sounds service-linked", [[FULL_ACCESS, NO_S3]], EXPLICIT, principal=f"arn:aws:iam::{A}:role/eng/aws-service-role-x"),
    scp("ORG-2", "Identity Center roles are no exception", [[FULL_ACCESS, NO_S3]], EXPLICIT, principal=f"arn:aws:sts::{A}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann"),
    case("ORG-2", "not service principals", principal=SERVICE, resource_policy=allow(to={"Service": SERVICE}), scp=[[FULL_ACCESS, NO_S3]], expect=ALLOW),
    case("ORG-2", "not anonymous callers", principal=ANONYMOUS, resource_policy=allow(to="*"), scp=[[FULL_ACCESS, NO_S3]], expect=ALLOW),
    case("ORG-2", "not callers of AssumeRoleWithWebIdentity", principal=OIDC, action="sts:AssumeRoleWithWebIdentity", resource=ROLE, resource_policy=trust({"Federated": OIDC}, "sts:AssumeRoleWithWebIdentity"), scp=[[FULL_ACCESS, deny("sts:*")]], expect=ALLOW),
    case("ORG-2", "not callers of AssumeRoleWithSAML", principal=SAML, action="sts:AssumeRoleWithSAML", resource=ROLE, resource_policy=trust({"Federated": SAML}, "sts:AssumeRoleWithSAML"), scp=[[]], expect=ALLOW),
    scp("ORG-7", "no organization, no check", None, ALLOW),
    scp("ORG-7", "no organization, root", None, ALLOW, principal=ROOT),
]

LEVELS = [
    scp("ORG-3", "every level allows", [[FULL_ACCESS], [FULL_ACCESS], [FULL_ACCESS]], ALLOW),
    scp("ORG-3", "the root is silent", [[allow("ec2:*")], [FULL_ACCESS], [FULL_ACCESS]], IMPLICIT),
    scp("ORG-3", "an OU is silent", [[FULL_ACCESS], [allow("ec2:*")], [FULL_ACCESS]], IMPLICIT),
    scp("ORG-3", "the account is silent", [[FULL_ACCESS], [FULL_ACCESS], [allow("ec2:*")]], IMPLICIT),
    scp("ORG-3", "a level without any policy", [[FULL_ACCESS], [], [FULL_ACCESS]], IMPLICIT),
    scp("ORG-3", "the only level without any policy", [[]], IMPLICIT),
    scp("ORG-3", "one of several policies of a level allows", [[allow("ec2:*"), allow("s3:*")]], ALLOW),
    scp("ORG-3", "levels allow different actions only", [[allow("s3:GetObject")], [allow("s3:PutObject")]], IMPLICIT),
    scp("ORG-3", "levels allow overlapping actions", [[allow("s3:Get*")], [allow("s3:*Object")]], ALLOW),
    scp("ORG-3", "levels allow different objects", [[allow("s3:*", OBJECT)], [allow("s3:*", "arn:aws:s3:::b/other")]], IMPLICIT),
    scp("ORG-3", "a Deny at the root", [[FULL_ACCESS, NO_S3], [FULL_ACCESS]], EXPLICIT),
    scp("ORG-3", "a Deny at the account", [[FULL_ACCESS], [FULL_ACCESS, NO_S3]], EXPLICIT),
    scp("ORG-3", "a Deny without any Allow", [[NO_S3]], EXPLICIT),
    scp("ORG-3", "a Deny at one level, silence at another", [[FULL_ACCESS, NO_S3], []], EXPLICIT),
    scp("ORG-3", "a Deny of another action", [[FULL_ACCESS, deny("s3:PutObject")]], ALLOW),
    scp("ORG-3", "a Deny of another object", [[FULL_ACCESS, deny("s3:*", "arn:aws:s3:::b/other")]], ALLOW),
    case("ORG-4", "grants nothing", scp=[[FULL_ACCESS]], expect=IMPLICIT),
    case("ORG-4", "grants nothing, role", principal=ROLE, identity=[allow("ec2:*")], scp=[[allow("s3:*")]], expect=IMPLICIT),
    scp("ORG-4", "conditions see the request", [[FULL_ACCESS, deny(when={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})]], EXPLICIT, context={"aws:RequestedRegion": "us-east-1"}),
    scp("ORG-4", "a condition that fails", [[FULL_ACCESS, deny(when={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})]], ALLOW, context={"aws:RequestedRegion": "eu-west-1"}),
    scp("ORG-4", "a condition on a missing key, negated", [[FULL_ACCESS, deny(when={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})]], EXPLICIT),
    scp("ORG-4", "an exempted role", [[FULL_ACCESS, deny(when={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}})]], ALLOW, principal=SESSION, context={"aws:PrincipalArn": ROLE}),
    scp("ORG-4", "variables work", [[allow("s3:*", "arn:aws:s3:::${aws:PrincipalTag/bucket}/*")]], ALLOW, context={"aws:PrincipalTag/bucket": "b"}),
    scp("ORG-5", "limits the foreign resources that insiders touch", [[FULL_ACCESS, deny("s3:*", when={"StringNotEquals": {"aws:ResourceOrgID": "o-1"}})]], EXPLICIT, resource_account=B, context={"aws:ResourceOrgID": "o-2"}, resource_policy=allow(to="*")),
    scp("ORG-5", "... and leaves the organization's own", [[FULL_ACCESS, deny("s3:*", when={"StringNotEquals": {"aws:ResourceOrgID": "o-1"}})]], ALLOW, resource_account=B, context={"aws:ResourceOrgID": "o-1"}, resource_policy=allow(to="*")),
    scp("ORG-5", "limits by the owner's account", [[FULL_ACCESS, deny("s3:*", when={"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}})]], EXPLICIT, resource_account=B, context={"aws:ResourceAccount": B, "aws:PrincipalAccount": A}, resource_policy=allow(to="*")),
    case("ORG-5", "says nothing about outsiders who touch inside resources", principal=FOREIGN_USER, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": B}), expect=ALLOW),
]
# fmt: on


@table(WHO + LEVELS)
def test_scp(case):
    check(case)
