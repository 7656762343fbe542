"""Chapter 4.8: resource control policies."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    EXPLICIT,
    FEDERATED,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    KEY,
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
NO_S3 = deny("s3:*", to="*")
NO_STS = deny("sts:*", to="*")
PERIMETER = deny(["s3:*", "sts:*", "kms:*"], to="*", when={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}})
PERIMETER_PLAIN_BOOL = deny("s3:*", to="*", when={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:PrincipalIsAWSService": "false"}})
PUBLIC = allow(to="*")
OIDC = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
WEB_IDENTITY = {"principal": OIDC, "action": "sts:AssumeRoleWithWebIdentity", "resource": ROLE, "resource_policy": trust({"Federated": OIDC}, "sts:AssumeRoleWithWebIdentity")}

CALLERS = {
    "user": {"principal": USER, "identity": [FULL_ACCESS]},
    "role": {"principal": ROLE, "identity": [FULL_ACCESS]},
    "session": {"principal": SESSION, "identity": [FULL_ACCESS]},
    "root user": {"principal": ROOT},
    "federated user": {"principal": FEDERATED, "federated_by": USER, "identity": [FULL_ACCESS], "session": FULL_ACCESS},
    "foreign user": {"principal": FOREIGN_USER, "identity": [FULL_ACCESS], "resource_policy": PUBLIC},
    "anonymous caller": {"principal": ANONYMOUS, "resource_policy": PUBLIC},
    "service": {"principal": SERVICE, "resource_policy": PUBLIC},
}

SERVICES = [
    case("ORG-20", "kms", action="kms:Decrypt", resource=KEY, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": A}), rcp=[[deny("kms:*", to="*")]], expect=EXPLICIT),
    case("ORG-20", "sts", action="sts:AssumeRole", resource=ROLE, resource_policy=trust({"AWS": USER}), rcp=[[NO_STS]], expect=EXPLICIT),
    case("ORG-20", "sqs", action="sqs:SendMessage", resource=f"arn:aws:sqs:eu-west-1:{A}:q", identity=[FULL_ACCESS], rcp=[[deny("sqs:*", to="*")]], expect=EXPLICIT),
    case("ORG-20", "secretsmanager", action="secretsmanager:GetSecretValue", resource=f"arn:aws:secretsmanager:eu-west-1:{A}:secret:s-abc", identity=[FULL_ACCESS], rcp=[[deny("secretsmanager:*", to="*")]], expect=EXPLICIT),
    case("D-31", "iam is not on the list", action="iam:GetRole", resource=ROLE, identity=[FULL_ACCESS], rcp=[[deny("iam:*", to="*")]], expect=ALLOW),
    case("ORG-20", "iam:PassRole is not on the list", action="iam:PassRole", resource=ROLE, identity=[FULL_ACCESS], rcp=[[deny(to="*")]], expect=ALLOW),
    case("ORG-20", "s3express is not on the list", action="s3express:CreateSession", resource=f"arn:aws:s3express:eu-west-1:{A}:bucket/b--x-s3", identity=[FULL_ACCESS], rcp=[[deny("s3express:*", to="*")]], expect=ALLOW),
    case("ORG-20", "no organization, no check", identity=[FULL_ACCESS], rcp=None, expect=ALLOW),
]

WHO = [
    *(case("ORG-21", f"a Deny stops the {kind}", **caller, rcp=[[], [NO_S3]], expect=EXPLICIT) for kind, caller in CALLERS.items()),
    *(case("ORG-22", f"listed levels need no Allow for the {kind}", **caller, rcp=[[], [], []], expect=ALLOW) for kind, caller in CALLERS.items()),
    case("ORG-21", "not service-linked roles", principal=SERVICE_LINKED_ROLE, identity=[FULL_ACCESS], rcp=[[NO_S3]], expect=ALLOW),
    case("ORG-21", "nor the service that assumes one", principal="x.amazonaws.com", action="sts:AssumeRole", resource=SERVICE_LINKED_ROLE, resource_policy=trust({"Service": "x.amazonaws.com"}), rcp=[[NO_STS]], expect=ALLOW),
    case("ORG-21", "a service that assumes any other role", principal="ec2.amazonaws.com", action="sts:AssumeRole", resource=ROLE, resource_policy=trust({"Service": "ec2.amazonaws.com"}), rcp=[[NO_STS]], expect=EXPLICIT),
    case("ORG-21", "not kms:RetireGrant", action="kms:RetireGrant", resource=KEY, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": A}), rcp=[[deny("kms:*", to="*")]], expect=ALLOW),
    case("ORG-22", "RCPFullAWSAccess listed as well", identity=[FULL_ACCESS], rcp=[[PUBLIC], [PUBLIC]], expect=ALLOW),
    case("ORG-22", "grants nothing", rcp=[[PUBLIC]], expect=IMPLICIT),
    case("ORG-22", "a Deny at the root", identity=[FULL_ACCESS], rcp=[[NO_S3], []], expect=EXPLICIT),
    case("ORG-22", "a Deny at the account", identity=[FULL_ACCESS], rcp=[[], [], [NO_S3]], expect=EXPLICIT),
    case("ORG-22", "a Deny of another object", identity=[FULL_ACCESS], rcp=[[deny("s3:*", "arn:aws:s3:::b/other", to="*")]], expect=ALLOW),
    case("ORG-22", "a Deny of this object", identity=[FULL_ACCESS], rcp=[[deny("s3:*", OBJECT, to="*")]], expect=EXPLICIT),
    case("ORG-23", "s3:ListAllMyBuckets: the caller's account's RCP", action="s3:ListAllMyBuckets", resource="*", identity=[FULL_ACCESS], rcp=[[NO_S3]], expect=EXPLICIT),
    case("ORG-23", "s3:ListAllMyBuckets: one that is silent", action="s3:ListAllMyBuckets", resource="*", identity=[FULL_ACCESS], rcp=[[NO_STS]], expect=ALLOW),
]

IN, OUT = {"aws:PrincipalOrgID": "o-1"}, {"aws:PrincipalOrgID": "o-2"}
NO_SERVICE = {"aws:PrincipalIsAWSService": "false"}
ORG_PERIMETER = [
    case("ORG-24", "an insider", identity=[FULL_ACCESS], context=IN | NO_SERVICE, rcp=[[PERIMETER]], expect=ALLOW),
    case("ORG-24", "an outsider", principal=FOREIGN_USER, identity=[FULL_ACCESS], resource_policy=PUBLIC, context=OUT | NO_SERVICE, rcp=[[PERIMETER]], expect=EXPLICIT),
    case("ORG-24", "an outsider without an organization", principal=FOREIGN_USER, identity=[FULL_ACCESS], resource_policy=PUBLIC, context=NO_SERVICE, rcp=[[PERIMETER]], expect=EXPLICIT),
    case("ORG-24", "a service", principal=SERVICE, resource_policy=PUBLIC, context={"aws:PrincipalIsAWSService": "true"}, rcp=[[PERIMETER]], expect=ALLOW),
    case("ORG-24", "anonymous: both keys are missing", principal=ANONYMOUS, resource_policy=PUBLIC, rcp=[[PERIMETER]], expect=EXPLICIT),
    case("ORG-24", "a plain Bool misses anonymous", principal=ANONYMOUS, resource_policy=PUBLIC, rcp=[[PERIMETER_PLAIN_BOOL]], expect=ALLOW),
    case("ORG-24", "a plain Bool strikes outsiders", principal=FOREIGN_USER, identity=[FULL_ACCESS], resource_policy=PUBLIC, context=OUT | NO_SERVICE, rcp=[[PERIMETER_PLAIN_BOOL]], expect=EXPLICIT),
    case("ORG-25", "guards roles from federated callers", **WEB_IDENTITY, rcp=[[NO_STS]], expect=EXPLICIT),
    case("ORG-25", "... on its conditions", **WEB_IDENTITY, context={"token.actions.githubusercontent.com:sub": "repo:evil/x:ref:refs/heads/main"}, rcp=[[deny("sts:AssumeRoleWithWebIdentity", to="*", when={"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:good/*"}})]], expect=EXPLICIT),
    case("ORG-25", "... and lets the others pass", **WEB_IDENTITY, context={"token.actions.githubusercontent.com:sub": "repo:good/x:ref:refs/heads/main"}, rcp=[[deny("sts:AssumeRoleWithWebIdentity", to="*", when={"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:good/*"}})]], expect=ALLOW),
    case("ORG-25", "guards roles from foreign users", principal=FOREIGN_USER, action="sts:AssumeRole", resource=ROLE, identity=[FULL_ACCESS], resource_policy=trust({"AWS": B}), context=OUT | NO_SERVICE, rcp=[[PERIMETER]], expect=EXPLICIT),
    case("ORG-25", "guards sts:SetSourceIdentity", action="sts:SetSourceIdentity", resource=ROLE, identity=[FULL_ACCESS], resource_policy=trust({"AWS": USER}, "sts:SetSourceIdentity"), rcp=[[deny("sts:SetSourceIdentity", to="*")]], expect=EXPLICIT),
    case("ORG-25", "guards sts:TagSession", action="sts:TagSession", resource=ROLE, identity=[FULL_ACCESS], resource_policy=trust({"AWS": USER}, "sts:TagSession"), rcp=[[deny("sts:TagSession", to="*")]], expect=EXPLICIT),
]
# fmt: on


@table(SERVICES + WHO + ORG_PERIMETER)
def test_rcp(case):
    check(case)
