"""Chapter 3, beyond the tables: spellings, unique IDs, services, conditions, NotPrincipal with a boundary."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    EXPLICIT,
    FEDERATED,
    FOREIGN_ROLE,
    FOREIGN_SESSION,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    NOT_ALLOWED,
    OTHER_ROLE,
    OTHER_USER,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    USER,
    A,
    B,
    C,
    allow,
    case,
    check,
    deny,
    table,
)

# fmt: off
ENG_USER = f"arn:aws:iam::{A}:user/eng/ann"
PRINCIPAL_ARN = {"aws:PrincipalArn": USER}


def named(rule, title, principal, to, expect, **more):
    """Is `principal`, in the bucket's account and without identity policies, granted by `Principal: to`?"""
    return case(rule, title, principal=principal, resource_policy=allow(to=to), expect=expect, **more)


SPELLINGS = [
    named("PRIN-1", "the account's number and another account", USER, {"AWS": [A, B]}, ALLOW, identity=[FULL_ACCESS]),
    named("PRIN-1", "the account admits its root across accounts", ROOT, {"AWS": A}, ALLOW, resource_account=B),
    named("PRIN-3", "a user's path is part of its name", ENG_USER, {"AWS": ENG_USER}, ALLOW),
    named("PRIN-3", "a user's ARN without its path", ENG_USER, {"AWS": USER}, IMPLICIT),
    named("PRIN-3", "a user's ARN with a path it has not", USER, {"AWS": ENG_USER}, IMPLICIT),
    named("PRIN-3", "a user's name in another case", USER, {"AWS": f"arn:aws:iam::{A}:user/Ann"}, IMPLICIT),
    named("PRIN-3", "the same name in another account", USER, {"AWS": f"arn:aws:iam::{B}:user/ann"}, IMPLICIT),
    named("PRIN-3", "a name that only begins alike", USER, {"AWS": f"arn:aws:iam::{A}:user/anna"}, IMPLICIT),
    named("D-8", "a role's name in another case", ROLE, {"AWS": f"arn:aws:iam::{A}:role/App"}, IMPLICIT),
    named("PRIN-3", "a user and a role of the same name", f"arn:aws:iam::{A}:user/app", {"AWS": ROLE}, IMPLICIT),
    named("PRIN-5", "the same role name in another account", SESSION, {"AWS": f"arn:aws:iam::{B}:role/app"}, IMPLICIT),
    named("PRIN-6", "the same session name of another role", SESSION, {"AWS": f"arn:aws:sts::{A}:assumed-role/batch/s1"}, IMPLICIT),
    named("PRIN-6", "a session name in another case", SESSION, {"AWS": f"arn:aws:sts::{A}:assumed-role/app/S1"}, IMPLICIT),
    named("PRIN-6", "a session's ARN under iam names nobody", SESSION, {"AWS": f"arn:aws:iam::{A}:assumed-role/app/s1"}, IMPLICIT),
    named("PRIN-6", "a session's ARN without a session name", SESSION, {"AWS": f"arn:aws:sts::{A}:assumed-role/app"}, IMPLICIT),
]

FEDERATED_USERS = [
    named("PRIN-4", "its user's ARN, within the session policy", FEDERATED, {"AWS": USER}, ALLOW, federated_by=USER, session=allow("s3:*")),
    named("PRIN-4", "its user's ARN, session policy silent", FEDERATED, {"AWS": USER}, IMPLICIT, federated_by=USER, session=allow("ec2:*")),
    named("PRIN-4", "its user's ARN, no session policy", FEDERATED, {"AWS": USER}, IMPLICIT, federated_by=USER),
    named("PRIN-4", "its user's ARN, boundary silent", FEDERATED, {"AWS": USER}, IMPLICIT, federated_by=USER, session=FULL_ACCESS, boundary=allow("ec2:*")),
    named("D-13", "another user's ARN", FEDERATED, {"AWS": OTHER_USER}, IMPLICIT, federated_by=USER, session=FULL_ACCESS),
    named("D-13", "a user of the federated name did not create it", FEDERATED, {"AWS": f"arn:aws:iam::{A}:user/fay"}, IMPLICIT, federated_by=USER, session=FULL_ACCESS),
    named("D-13", "creating user not given", FEDERATED, {"AWS": USER}, NOT_ALLOWED, session=FULL_ACCESS),
    named("PRIN-7", "its own ARN, boundary silent", FEDERATED, {"AWS": FEDERATED}, ALLOW, federated_by=USER, boundary=allow("ec2:*")),
    named("PRIN-7", "its own ARN, creating user not given", FEDERATED, {"AWS": FEDERATED}, ALLOW),
]

UNIQUE_IDS = [
    named("PRIN-8", "a user's ID that nobody is known to have", USER, {"AWS": "AIDAEXAMPLEEXAMPLE123"}, IMPLICIT),
    named("PRIN-8", "a role's ID that nobody is known to have", SESSION, {"AWS": "AROAEXAMPLEEXAMPLE123"}, IMPLICIT),
    named("PRIN-8", "another user's ID", USER, {"AWS": "AIDAEXAMPLEEXAMPLE123"}, IMPLICIT, context={"aws:userid": "AIDAEXAMPLEEXAMPLE999"}),
    named("PRIN-8", "the user's own ID", USER, {"AWS": "AIDAEXAMPLEEXAMPLE123"}, ALLOW, context={"aws:userid": "AIDAEXAMPLEEXAMPLE123"}),
    named("PRIN-8", "the role's own ID", SESSION, {"AWS": "AROAEXAMPLEEXAMPLE123"}, ALLOW, context={"aws:userid": "AROAEXAMPLEEXAMPLE123:s1"}),
    named("PRIN-8", "the role's own ID has the strength of its ARN", SESSION, {"AWS": "AROAEXAMPLEEXAMPLE123"}, IMPLICIT, context={"aws:userid": "AROAEXAMPLEEXAMPLE123:s1"}, boundary=allow("ec2:*")),
    case("PRIN-8", "a Deny of a dead ID denies nobody", identity=[FULL_ACCESS], resource_policy=deny(to={"AWS": "AIDAEXAMPLEEXAMPLE123"}), expect=ALLOW),
    named("PRIN-16", "a displayed role ARN is the live role of that name", SESSION, {"AWS": f"arn:aws:iam::{A}:role/service/app"}, ALLOW),
    case("PRIN-16", "aws:PrincipalArn conditions are plain text", context=PRINCIPAL_ARN, resource_policy=allow(to="*", when={"ArnEquals": PRINCIPAL_ARN}), expect=ALLOW),
]

SERVICES = [
    named("PRIN-9", "the service itself", SERVICE, {"Service": SERVICE}, ALLOW),
    named("PRIN-9", "a list of services", SERVICE, {"Service": ["logs.amazonaws.com", SERVICE]}, ALLOW),
    named("PRIN-9", "another service", SERVICE, {"Service": "config.amazonaws.com"}, IMPLICIT),
    named("PRIN-9", "the service's grant does not reach a role that the service uses", SESSION, {"Service": SERVICE}, IMPLICIT, identity=[allow("ec2:*")]),
    named("PRIN-9", "an account form does not reach services", SERVICE, {"AWS": A}, IMPLICIT),
    named("PRIN-11", "* reaches services", SERVICE, "*", ALLOW),
    named("D-14", "AWS * reaches services on S3", SERVICE, {"AWS": "*"}, ALLOW),
    named("PRIN-9", "a service name under AWS names no service", SERVICE, {"AWS": SERVICE}, IMPLICIT),
    named("PRIN-23", "regional names are other names", "logs.eu-west-1.amazonaws.com", {"Service": "logs.amazonaws.com"}, IMPLICIT),
    named("PRIN-23", "a regional name matches itself", "logs.eu-west-1.amazonaws.com", {"Service": "logs.eu-west-1.amazonaws.com"}, ALLOW),
    named("PRIN-23", "names of another partition are other names", "ec2.amazonaws.com.cn", {"Service": "ec2.amazonaws.com"}, IMPLICIT),
    named("PRIN-23", "aliases are seen through aws:PrincipalServiceNamesList", "logs.eu-west-1.amazonaws.com", "*", ALLOW, context={"aws:PrincipalServiceNamesList": ["logs.eu-west-1.amazonaws.com", "logs.amazonaws.com"]}, identity=[]),
]

IDP = f"arn:aws:iam::{A}:saml-provider/idp"
IN_ORG = {"aws:PrincipalOrgID": "o-1"}
WILDCARDS = [
    named("PRIN-11", "anonymous", ANONYMOUS, "*", ALLOW),
    named("PRIN-12", "anonymous, AWS * on S3", ANONYMOUS, {"AWS": "*"}, ALLOW),
    named("PRIN-11", "anonymous is in no account", ANONYMOUS, {"AWS": A}, IMPLICIT),
    named("D-4", "AWS * needs no identity policy", USER, {"AWS": "*"}, ALLOW, boundary=allow("ec2:*")),
    named("PRIN-12", "AWS * in a list", USER, {"AWS": [B, "*"]}, ALLOW),
    case("PRIN-13", "* within an organization", context=IN_ORG, resource_policy=allow(to="*", when={"StringEquals": IN_ORG}), expect=ALLOW),
    case("PRIN-13", "* within another organization", context={"aws:PrincipalOrgID": "o-2"}, resource_policy=allow(to="*", when={"StringEquals": IN_ORG}), expect=IMPLICIT),
    case("PRIN-13", "* within an organization, anonymous", principal=ANONYMOUS, resource_policy=allow(to="*", when={"StringEquals": IN_ORG}), expect=IMPLICIT),
    case("PRIN-13", "* with the role's ARN is no role grant: the boundary does not matter", principal=SESSION, context={"aws:PrincipalArn": ROLE}, boundary=allow("ec2:*"), resource_policy=allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROLE}}), expect=ALLOW),
    case("PRIN-13", "* with another role's ARN", principal=SESSION, context={"aws:PrincipalArn": ROLE}, resource_policy=allow(to={"AWS": "*"}, when={"ArnEquals": {"aws:PrincipalArn": OTHER_ROLE}}), expect=IMPLICIT),
    case("PRIN-13", "* with a pattern of role ARNs", principal=SESSION, context={"aws:PrincipalArn": ROLE}, resource_policy=allow(to={"AWS": "*"}, when={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/a*"}}), expect=ALLOW),
    case("PRIN-13", "* with two conditions: both must hold", context=IN_ORG | PRINCIPAL_ARN, resource_policy=allow(to="*", when={"StringEquals": IN_ORG, "ArnLike": {"aws:PrincipalArn": OTHER_USER}}), expect=IMPLICIT),
    case("PRIN-14", "a session that the provider issued", principal=SESSION, context={"aws:FederatedProvider": IDP}, resource_policy=allow(to={"Federated": IDP}), expect=ALLOW),
    case("PRIN-14", "a session that another provider issued", principal=SESSION, context={"aws:FederatedProvider": IDP + "2"}, resource_policy=allow(to={"Federated": IDP}), expect=IMPLICIT),
    case("D-15", "that grant is direct", principal=SESSION, context={"aws:FederatedProvider": IDP}, boundary=allow("ec2:*"), resource_policy=allow(to={"Federated": IDP}), expect=ALLOW),
]

SEVERAL = [
    named("PRIN-15", "several keys are alternatives", USER, {"Service": SERVICE, "AWS": USER}, ALLOW),
    named("PRIN-15", "several keys, the other one", SERVICE, {"Service": SERVICE, "AWS": USER}, ALLOW),
    named("PRIN-15", "the strongest form counts: account and session", SESSION, {"AWS": [A, SESSION]}, ALLOW, boundary=allow("ec2:*")),
    named("PRIN-15", "the strongest form counts: role and session", SESSION, {"AWS": [ROLE, SESSION]}, ALLOW, session=allow("ec2:*")),
    case("PRIN-15", "the strongest form counts over statements", principal=SESSION, boundary=allow("ec2:*"), resource_policy=[allow(to={"AWS": ROLE}), allow(to={"AWS": SESSION})], expect=ALLOW),
    case("PRIN-15", "but only of statements that match", principal=SESSION, boundary=allow("ec2:*"), resource_policy=[allow(to={"AWS": ROLE}), allow("s3:PutObject", to={"AWS": SESSION})], expect=IMPLICIT),
    case("PRIN-17", "root's ARN as a condition value means root only", context=PRINCIPAL_ARN, resource_policy=allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROOT}}), expect=IMPLICIT),
    case("PRIN-17", "... and root is meant", principal=ROOT, resource_account=B, context={"aws:PrincipalArn": ROOT}, resource_policy=allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROOT}}), expect=ALLOW),
    case("PRIN-17", "root's ARN in Principal means the whole account", resource_account=B, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": ROOT}), expect=ALLOW),
    named("PRIN-18", "an account form and an identity Allow", USER, {"AWS": A}, ALLOW, identity=[FULL_ACCESS]),
    named("PRIN-18", "an account form alone", USER, {"AWS": A}, IMPLICIT),
    named("PRIN-18", "an account form alone, root", ROOT, {"AWS": A}, ALLOW),
]


def spared(rule, title, principal, listed, expect, **more):
    """Does `Deny NotPrincipal: listed` spare a caller whom its identity policy allows?"""
    return case(rule, title, principal=principal, identity=[FULL_ACCESS], resource_policy=deny(NotPrincipal={"AWS": listed}), expect=expect, **more)


FOREIGN_POLICY = [allow(to={"AWS": B}), deny(NotPrincipal={"AWS": [B, FOREIGN_USER]})]
NOT_PRINCIPAL = [
    case("PRIN-20", "Allow NotPrincipal admits anonymous", principal=ANONYMOUS, resource_policy=allow(NotPrincipal={"AWS": USER}), expect=ALLOW),
    case("PRIN-20", "Allow NotPrincipal is direct", boundary=allow("ec2:*"), resource_policy=allow(NotPrincipal={"AWS": ROLE}), expect=ALLOW),
    case("PRIN-20", "Allow NotPrincipal across accounts still needs an identity Allow", principal=FOREIGN_USER, resource_policy=allow(NotPrincipal={"AWS": USER}), expect=IMPLICIT),
    case("PRIN-20", "Deny NotPrincipal denies services", principal=SERVICE, resource_policy=[allow(to={"Service": SERVICE}), deny(NotPrincipal={"AWS": A})], expect=EXPLICIT),
    case("PRIN-20", "Deny NotPrincipal that lists the service", principal=SERVICE, resource_policy=[allow(to={"Service": SERVICE}), deny(NotPrincipal={"Service": SERVICE})], expect=ALLOW),
    case("PRIN-20", "Deny NotPrincipal denies anonymous", principal=ANONYMOUS, resource_policy=[allow(to="*"), deny(NotPrincipal={"AWS": A})], expect=EXPLICIT),
    spared("PRIN-21", "account, role and session listed", SESSION, [A, ROLE, SESSION], ALLOW),
    spared("PRIN-21", "account and user listed", USER, [A, USER], ALLOW),
    spared("PRIN-21", "others listed", USER, [C, OTHER_USER], EXPLICIT),
    spared("D-16", "an incomplete list spares all the same: only the role", SESSION, [ROLE], ALLOW),
    spared("D-16", "an incomplete list spares all the same: only the session", SESSION, [SESSION], ALLOW),
    spared("D-16", "an incomplete list spares all the same: only the user", USER, [USER], ALLOW),
    spared("PRIN-22", "a bounded user, listed", USER, [A, USER], EXPLICIT, boundary=FULL_ACCESS),
    spared("PRIN-22", "a bounded role, listed", ROLE, [A, ROLE], EXPLICIT, boundary=FULL_ACCESS),
    spared("PRIN-22", "a bounded session, listed", SESSION, [A, ROLE, SESSION], EXPLICIT, boundary=FULL_ACCESS),
    spared("PRIN-22", "a session policy is no boundary", SESSION, [A, ROLE, SESSION], ALLOW, session=FULL_ACCESS),
    spared("PRIN-22", "bounded, not listed", USER, [OTHER_USER], EXPLICIT, boundary=FULL_ACCESS),
    case("PRIN-22", "a foreign user without a boundary", principal=FOREIGN_USER, identity=[FULL_ACCESS], resource_policy=FOREIGN_POLICY, expect=ALLOW),
    case("PRIN-22", "a foreign user with a boundary", principal=FOREIGN_USER, identity=[FULL_ACCESS], boundary=FULL_ACCESS, resource_policy=FOREIGN_POLICY, expect=EXPLICIT),
    case("PRIN-22", "only for the statement's actions", boundary=FULL_ACCESS, identity=[FULL_ACCESS], resource_policy=deny("s3:PutObject", NotPrincipal={"AWS": [A, USER]}), expect=ALLOW),
    case("PRIN-22", "only where its condition holds", boundary=FULL_ACCESS, identity=[FULL_ACCESS], resource_policy=deny(NotPrincipal={"AWS": [A, USER]}, when={"Bool": {"aws:SecureTransport": "false"}}), expect=ALLOW),
    case("PRIN-22", "Allow NotPrincipal does not mind a boundary", boundary=FULL_ACCESS, resource_policy=allow(NotPrincipal={"AWS": ROLE}), expect=ALLOW),
    case("PRIN-19", "a foreign role's Deny reaches its sessions", principal=FOREIGN_SESSION, identity=[FULL_ACCESS], resource_policy=[allow(to={"AWS": B}), deny(to={"AWS": FOREIGN_ROLE})], expect=EXPLICIT),
    case("PRIN-19", "an account's Deny reaches root", principal=ROOT, resource_policy=deny(to={"AWS": A}), expect=EXPLICIT),
]
# fmt: on


@table(SPELLINGS + FEDERATED_USERS + UNIQUE_IDS + SERVICES + WILDCARDS + SEVERAL + NOT_PRINCIPAL)
def test_principal_forms(case):
    check(case)
