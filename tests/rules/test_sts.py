"""Chapter 7.1 and 7.2: sts calls as single requests."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    EXPLICIT,
    FEDERATED,
    FOREIGN_ROLE,
    FOREIGN_ROOT,
    FOREIGN_SESSION,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    OTHER_ROLE,
    OTHER_USER,
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
    trust,
)

# fmt: off
EC2_ONLY = allow("ec2:*")
X = f"arn:aws:iam::{A}:role/x"
EXTERNAL_ID = {"StringEquals": {"sts:ExternalId": "z9"}}


def assume(rule, title, trusted, expect, *, principal=USER, resource=X, action="sts:AssumeRole", **more):
    """May `principal` assume role X, whose trust policy has these statements?"""
    return case(rule, title, principal=principal, action=action, resource=resource, resource_policy=trusted, expect=expect, **more)


ON_X = [allow("sts:AssumeRole", X)]
ASSUME_ROLE = [
    assume("STS-1", "trust and identity allow", trust({"AWS": A}), ALLOW, identity=ON_X),
    assume("STS-1", "the role's ARN has its path", trust({"AWS": A}), IMPLICIT, resource=f"arn:aws:iam::{A}:role/eng/x", identity=ON_X),
    assume("STS-1", "the caller's keys are the context", trust({"AWS": USER}, when={"StringEquals": {"aws:PrincipalTag/team": "red"}}), ALLOW, context={"aws:PrincipalTag/team": "red"}),
    assume("STS-1", "sts:* keys are the context", trust({"AWS": USER}, when=EXTERNAL_ID), ALLOW, context={"sts:ExternalId": "z9"}),
    assume("STS-1", "another external ID", trust({"AWS": USER}, when=EXTERNAL_ID), IMPLICIT, context={"sts:ExternalId": "z8"}),
    assume("STS-1", "no external ID", trust({"AWS": USER}, when=EXTERNAL_ID), IMPLICIT),
    assume("STS-1", "the role's tags are aws:ResourceTag", trust({"AWS": A}), ALLOW, context={"aws:ResourceTag/env": "dev"}, identity=[allow("sts:*", when={"StringEquals": {"aws:ResourceTag/env": "dev"}})]),
    assume("STS-1", "trust allows another call only", trust({"AWS": USER}, "sts:AssumeRoleWithSAML"), IMPLICIT, identity=ON_X),
    assume("STS-1", "trust allows sts:*", trust({"AWS": USER}, "sts:*"), ALLOW),
    assume("STS-2", "user named", trust({"AWS": USER}), ALLOW),
    assume("STS-2", "role named", trust({"AWS": ROLE}), ALLOW, principal=SESSION),
    assume("STS-2", "session named", trust({"AWS": SESSION}), ALLOW, principal=SESSION),
    assume("STS-2", "everyone named", trust("*"), ALLOW),
    assume("STS-2", "another user named", trust({"AWS": OTHER_USER}), IMPLICIT, identity=ON_X),
    assume("STS-2", "another session named", trust({"AWS": SESSION + "x"}), IMPLICIT, principal=SESSION, identity=ON_X),
    assume("STS-2", "role named, boundary silent", trust({"AWS": ROLE}), IMPLICIT, principal=SESSION, boundary=EC2_ONLY),
    assume("STS-2", "role named, boundary allows", trust({"AWS": ROLE}), ALLOW, principal=SESSION, boundary=allow("sts:AssumeRole")),
    assume("STS-2", "session named, boundary silent", trust({"AWS": SESSION}), ALLOW, principal=SESSION, boundary=EC2_ONLY),
    assume("STS-2", "role named, session policy silent", trust({"AWS": ROLE}), IMPLICIT, principal=SESSION, session=EC2_ONLY),
    assume("D-3", "user named, boundary silent", trust({"AWS": USER}), IMPLICIT, boundary=EC2_ONLY),
    assume("D-3", "user named, boundary allows", trust({"AWS": USER}), ALLOW, boundary=allow("sts:*")),
    assume("D-3", "everyone named, a user's boundary silent", trust("*"), IMPLICIT, boundary=EC2_ONLY),
    assume("STS-3", "account named, identity silent", trust({"AWS": A}), IMPLICIT, identity=[EC2_ONLY]),
    assume("STS-3", "account named, identity on another role", trust({"AWS": A}), IMPLICIT, identity=[allow("sts:AssumeRole", OTHER_ROLE)]),
    assume("STS-3", "account's root ARN named, identity allows", trust({"AWS": ROOT}), ALLOW, identity=ON_X),
    assume("STS-3", "account named, boundary silent", trust({"AWS": A}), IMPLICIT, identity=ON_X, boundary=EC2_ONLY),
]

X_ABROAD = {"principal": FOREIGN_USER, "identity": ON_X}
ABROAD = [
    assume("STS-4", "account named, identity allows", trust({"AWS": B}), ALLOW, **X_ABROAD),
    assume("STS-4", "user named, identity allows", trust({"AWS": FOREIGN_USER}), ALLOW, **X_ABROAD),
    assume("STS-4", "everyone named, identity allows", trust("*"), ALLOW, **X_ABROAD),
    assume("STS-4", "user named, identity silent", trust({"AWS": FOREIGN_USER}), IMPLICIT, principal=FOREIGN_USER),
    assume("STS-4", "session named, identity silent", trust({"AWS": FOREIGN_SESSION}), IMPLICIT, principal=FOREIGN_SESSION),
    assume("STS-4", "role named, identity allows", trust({"AWS": FOREIGN_ROLE}), ALLOW, principal=FOREIGN_SESSION, identity=ON_X),
    assume("STS-4", "trust names the role's own account", trust({"AWS": A}), IMPLICIT, **X_ABROAD),
    assume("STS-4", "boundary silent", trust({"AWS": B}), IMPLICIT, **X_ABROAD, boundary=EC2_ONLY),
    assume("STS-4", "session policy silent", trust({"AWS": B}), IMPLICIT, principal=FOREIGN_SESSION, identity=ON_X, session=EC2_ONLY),
    assume("STS-4", "the caller's SCP silent", trust({"AWS": B}), IMPLICIT, **X_ABROAD, scp=[[FULL_ACCESS], [EC2_ONLY]]),
    assume("STS-4", "the role's RCP denies", trust({"AWS": B}), EXPLICIT, **X_ABROAD, rcp=[[deny("sts:*", to="*")]]),
    assume("STS-5", "an administrator without trust", None, IMPLICIT, identity=[FULL_ACCESS]),
    assume("STS-5", "an administrator, trust for others", trust({"Service": "ec2.amazonaws.com"}), IMPLICIT, identity=[FULL_ACCESS]),
    assume("STS-5", "root without trust", trust({"AWS": OTHER_USER}), IMPLICIT, principal=ROOT),
    assume("STS-6", "root, account trusted", trust({"AWS": A}), IMPLICIT, principal=ROOT),
    assume("STS-6", "foreign root, account trusted", trust({"AWS": B}), IMPLICIT, principal=FOREIGN_ROOT),
    assume("STS-6", "federated user, named", trust({"AWS": FEDERATED}), IMPLICIT, principal=FEDERATED, federated_by=USER, identity=[FULL_ACCESS], session=FULL_ACCESS),
    assume("STS-6", "federated user, everyone trusted", trust("*"), IMPLICIT, principal=FEDERATED, federated_by=USER, identity=[FULL_ACCESS], session=FULL_ACCESS),
    assume("STS-6", "anonymous, everyone trusted", trust("*"), IMPLICIT, principal=ANONYMOUS),
    assume("STS-6", "GetSessionToken credentials are the user", trust({"AWS": USER}), ALLOW, context={"aws:TokenIssueTime": "2026-01-02T03:04:05Z"}),
    assume("STS-7", "self, trust for a service", trust({"Service": "ec2.amazonaws.com"}), IMPLICIT, principal=SESSION, resource=ROLE, identity=[FULL_ACCESS]),
    assume("STS-7", "self, role named", trust({"AWS": ROLE}), ALLOW, principal=SESSION, resource=ROLE),
    assume("STS-7", "self, session named", trust({"AWS": SESSION}), ALLOW, principal=SESSION, resource=ROLE),
    assume("STS-7", "self, account named and identity allows", trust({"AWS": A}), ALLOW, principal=SESSION, resource=ROLE, identity=[allow("sts:AssumeRole", ROLE)]),
    assume("STS-7", "self, account named and identity silent", trust({"AWS": A}), IMPLICIT, principal=SESSION, resource=ROLE),
    assume("STS-7", "self, no trust policy", None, IMPLICIT, principal=SESSION, resource=ROLE, identity=[FULL_ACCESS]),
]

NO_ASSUME = deny("sts:AssumeRole")
ALL = {"principal": SESSION, "identity": [FULL_ACCESS], "boundary": FULL_ACCESS, "session": FULL_ACCESS, "scp": [[FULL_ACCESS]], "rcp": [[]]}
DENIED = [
    assume("STS-8", "nothing denies", trust("*"), ALLOW, **ALL),
    assume("STS-8", "trust policy", [trust("*"), trust({"AWS": ROLE}, effect="Deny")], EXPLICIT, **ALL),
    assume("STS-8", "trust policy denies another role", [trust("*"), trust({"AWS": OTHER_ROLE}, effect="Deny")], ALLOW, **ALL),
    assume("STS-8", "identity policy", trust("*"), EXPLICIT, **ALL | {"identity": [FULL_ACCESS, NO_ASSUME]}),
    assume("STS-8", "boundary", trust("*"), EXPLICIT, **ALL | {"boundary": [FULL_ACCESS, NO_ASSUME]}),
    assume("STS-8", "session policy", trust("*"), EXPLICIT, **ALL | {"session": [FULL_ACCESS, NO_ASSUME]}),
    assume("STS-8", "SCP", trust("*"), EXPLICIT, **ALL | {"scp": [[FULL_ACCESS, NO_ASSUME]]}),
    assume("STS-8", "RCP", trust("*"), EXPLICIT, **ALL | {"rcp": [[deny("sts:AssumeRole", to="*")]]}),
    assume("STS-8", "a Deny of another role's ARN", trust("*"), ALLOW, **ALL | {"identity": [FULL_ACCESS, deny("sts:AssumeRole", OTHER_ROLE)]}),
]

SAML = f"arn:aws:iam::{A}:saml-provider/idp"
OIDC = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
COGNITO = "cognito-identity.amazonaws.com"
WITH_SAML, WITH_WEB = "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"
SIGNIN = {"SAML:aud": "https://signin.aws.amazon.com/saml"}
SUB = "token.actions.githubusercontent.com:sub"
MAIN = {"StringEquals": {SUB: "repo:org/app:ref:refs/heads/main"}}


def federated(rule, title, provider, action, trusted, expect, **more):
    return assume(rule, title, trusted, expect, principal=provider, action=action, **more)


FEDERATION = [
    assume("STS-20", "a user is not who a SAML provider has proven", trust({"AWS": USER}, "sts:*"), IMPLICIT, action=WITH_SAML, identity=allow("sts:*")),
    assume("STS-20", "a session is not who an OIDC provider has proven", trust("*", "sts:*"), IMPLICIT, principal=SESSION, action=WITH_WEB, identity=allow("sts:*")),
    federated("STS-20", "SAML provider trusted", SAML, WITH_SAML, trust({"Federated": SAML}, WITH_SAML), ALLOW),
    federated("STS-20", "SAML audience", SAML, WITH_SAML, trust({"Federated": SAML}, WITH_SAML, when={"StringEquals": SIGNIN}), ALLOW, context=SIGNIN),
    federated("STS-20", "SAML audience missing", SAML, WITH_SAML, trust({"Federated": SAML}, WITH_SAML, when={"StringEquals": SIGNIN}), IMPLICIT),
    federated("STS-20", "another SAML provider trusted", SAML, WITH_SAML, trust({"Federated": SAML + "2"}, WITH_SAML), IMPLICIT),
    federated("STS-20", "a provider of another account, trusted", f"arn:aws:iam::{B}:saml-provider/idp", WITH_SAML, trust({"Federated": f"arn:aws:iam::{B}:saml-provider/idp"}, WITH_SAML), IMPLICIT),
    federated("STS-20", "trust allows AssumeRole only", SAML, WITH_SAML, trust({"Federated": SAML}), IMPLICIT),
    federated("STS-20", "the account trusted", SAML, WITH_SAML, trust({"AWS": A}, WITH_SAML), IMPLICIT),
    federated("PRIN-10", "OIDC provider trusted", OIDC, WITH_WEB, trust({"Federated": OIDC}, WITH_WEB), ALLOW),
    federated("STS-20", "OIDC subject", OIDC, WITH_WEB, trust({"Federated": OIDC}, WITH_WEB, when=MAIN), ALLOW, context={SUB: "repo:org/app:ref:refs/heads/main"}),
    federated("STS-20", "another OIDC subject", OIDC, WITH_WEB, trust({"Federated": OIDC}, WITH_WEB, when=MAIN), IMPLICIT, context={SUB: "repo:org/app:ref:refs/heads/dev"}),
    federated("STS-20", "OIDC subject missing", OIDC, WITH_WEB, trust({"Federated": OIDC}, WITH_WEB, when=MAIN), IMPLICIT),
    federated("STS-20", "any branch", OIDC, WITH_WEB, trust({"Federated": OIDC}, WITH_WEB, when={"StringLike": {SUB: "repo:org/app:*"}}), ALLOW, context={SUB: "repo:org/app:ref:refs/heads/dev"}),
    federated("STS-20", "a repository that only begins alike", OIDC, WITH_WEB, trust({"Federated": OIDC}, WITH_WEB, when={"StringLike": {SUB: "repo:org/app:*"}}), IMPLICIT, context={SUB: "repo:org/app-evil:ref:refs/heads/dev"}),
    federated("PRIN-10", "built-in provider trusted", COGNITO, WITH_WEB, trust({"Federated": COGNITO}, WITH_WEB), ALLOW),
    federated("PRIN-10", "another built-in provider trusted", COGNITO, WITH_WEB, trust({"Federated": "accounts.google.com"}, WITH_WEB), IMPLICIT),
    federated("PRIN-10", "built-in provider, its audience", COGNITO, WITH_WEB, trust({"Federated": COGNITO}, WITH_WEB, when={"StringEquals": {COGNITO + ":aud": "eu-west-1:pool"}}), ALLOW, context={COGNITO + ":aud": "eu-west-1:pool"}),
    federated("PRIN-11", "* trusts federated callers", OIDC, WITH_WEB, trust("*", WITH_WEB), ALLOW),
    federated("PRIN-12", "AWS * trusts no federated callers: they are no AWS principals yet", OIDC, WITH_WEB, trust({"AWS": "*"}, WITH_WEB), IMPLICIT),
    federated("STS-20", "no identity policy is asked", OIDC, WITH_WEB, trust({"AWS": OIDC}, WITH_WEB), IMPLICIT, identity=[FULL_ACCESS]),
    federated("STS-20", "trust policy denies", OIDC, WITH_WEB, [trust({"Federated": OIDC}, WITH_WEB), trust("*", WITH_WEB, effect="Deny", when={"StringNotLike": {SUB: "repo:org/*"}})], EXPLICIT),
    assume("PRIN-10", "a user is no federated caller", trust({"Federated": OIDC}, "sts:*"), IMPLICIT, identity=[FULL_ACCESS]),
]

SELF = {"action": "sts:GetCallerIdentity", "resource": "*"}
TOKEN = {"action": "sts:GetSessionToken", "resource": "*"}
OTHER_CALLS = [
    case("STS-22", "a user without policies", **TOKEN, expect=ALLOW),
    case("STS-22", "root", principal=ROOT, **TOKEN, expect=ALLOW),
    case("STS-22", "none can forbid it", **TOKEN, identity=[deny("sts:*")], expect=ALLOW),
    case("STS-22", "not for role sessions", principal=SESSION, **TOKEN, expect=IMPLICIT),
    case("STS-22", "not for federated users", principal=FEDERATED, federated_by=USER, **TOKEN, expect=IMPLICIT),
    *(case("STS-24", f"{kind} without policies", principal=arn, **SELF, expect=ALLOW) for kind, arn in {"user": USER, "role": ROLE, "session": SESSION, "root": ROOT}.items()),
    case("STS-24", "without a resource account", resource_account=None, **SELF, expect=ALLOW),
    case("STS-24", "federated user", principal=FEDERATED, federated_by=USER, **SELF, expect=ALLOW),
    case("STS-24", "denied by identity policy", **SELF, identity=[deny()], expect=ALLOW),
    case("STS-24", "denied by SCP", **SELF, scp=[[deny()]], expect=ALLOW),
    case("STS-24", "boundary silent, SCP level empty", **SELF, boundary=EC2_ONLY, scp=[[]], expect=ALLOW),
    case("STS-24", "not unsigned", principal=ANONYMOUS, **SELF, expect=IMPLICIT),
    case("STS-24", "action names ignore case", action="STS:getcalleridentity", resource="*", identity=[deny()], expect=ALLOW),
]

TAG, SOURCE = "sts:TagSession", "sts:SetSourceIdentity"
PERMISSION_ONLY = [
    *(assume("STS-25", f"{action}: trust allows only AssumeRole", trust({"AWS": USER}), IMPLICIT, action=action, identity=[FULL_ACCESS]) for action in (TAG, SOURCE, "sts:SetContext")),
    *(assume("STS-25", f"{action}: trust allows it", trust({"AWS": USER}, ["sts:AssumeRole", action]), ALLOW, action=action) for action in (TAG, SOURCE)),
    *(assume("STS-25", f"{action}: in another statement", [trust({"AWS": USER}), trust({"AWS": USER}, action)], ALLOW, action=action) for action in (TAG, SOURCE)),
    *(assume("STS-25", f"{action}: across accounts, identity silent", trust({"AWS": FOREIGN_USER}, action), IMPLICIT, action=action, principal=FOREIGN_USER, identity=ON_X) for action in (TAG, SOURCE)),
    *(assume("STS-25", f"{action}: across accounts, identity allows", trust({"AWS": FOREIGN_USER}, action), ALLOW, action=action, principal=FOREIGN_USER, identity=[allow(action, X)]) for action in (TAG, SOURCE)),
    assume("STS-25", "that statement has its own conditions: they hold", [trust({"AWS": USER}), trust({"AWS": USER}, TAG, when={"StringEquals": {"aws:RequestTag/team": "red"}})], ALLOW, action=TAG, context={"aws:RequestTag/team": "red"}),
    assume("STS-25", "that statement has its own conditions: they fail", [trust({"AWS": USER}), trust({"AWS": USER}, TAG, when={"StringEquals": {"aws:RequestTag/team": "red"}})], IMPLICIT, action=TAG, context={"aws:RequestTag/team": "blue"}),
    assume("STS-25", "federated callers need it too", trust({"Federated": OIDC}, WITH_WEB), IMPLICIT, action=TAG, principal=OIDC),
    assume("STS-25", "federated callers have it from the trust policy", trust({"Federated": OIDC}, [WITH_WEB, TAG]), ALLOW, action=TAG, principal=OIDC),
    assume("STS-25", "services have it from the trust policy", trust({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", TAG]), ALLOW, action=TAG, principal="pods.eks.amazonaws.com"),
]
# fmt: on


@table(ASSUME_ROLE + ABROAD + DENIED + FEDERATION + OTHER_CALLS + PERMISSION_ONLY)
def test_sts(case):
    check(case)
