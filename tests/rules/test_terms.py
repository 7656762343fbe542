"""Chapter 1: requests, outcomes, accounts, kinds of principal and of policy."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    BUCKET,
    EXPLICIT,
    FEDERATED,
    FOREIGN_USER,
    FULL_ACCESS,
    IDENTITY_CENTER_ROLE,
    IMPLICIT,
    OBJECT,
    ROLE,
    ROOT,
    SERVICE,
    SERVICE_LINKED_ROLE,
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
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
COPY = allow("s3:GetObject", "arn:aws:s3:::b/*")
CN_USER = f"arn:aws-cn:iam::{A}:user/ann"
CN_OBJECT = "arn:aws-cn:s3:::b/k"

REQUESTS = [
    case("TERM-1", "context keys ignore case", context={"AWS:principaltag/TEAM": "red"}, identity=[allow(when=TEAM)], expect=ALLOW),
    case("TERM-1", "context values do not ignore case", context={"aws:PrincipalTag/team": "Red"}, identity=[allow(when=TEAM)], expect=IMPLICIT),
    case("TERM-1", "a list of one value is a value", context={"aws:PrincipalTag/team": ["red"]}, identity=[allow(when=TEAM)], expect=ALLOW),
    case("TERM-2", "the reading half of a copy is decided by itself", identity=[COPY], expect=ALLOW),
    case("TERM-2", "the writing half of a copy is decided by itself", action="s3:PutObject", resource="arn:aws:s3:::b/copy", identity=[COPY], expect=IMPLICIT),
    case("TERM-3", "an Allow and no Deny", identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-3", "a Deny that matches", identity=[FULL_ACCESS, deny("s3:*")], expect=EXPLICIT),
    case("TERM-3", "a Deny without any Allow is explicit all the same", identity=[deny("s3:*")], expect=EXPLICIT),
    case("TERM-3", "no statement matches", identity=[allow("ec2:*")], expect=IMPLICIT),
    case("TERM-3", "no policy at all", expect=IMPLICIT),
]

ACCOUNTS = [
    case("TERM-4", "same account: the identity side is enough", identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-4", "a session's account is its role's", principal=SESSION, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-4", "cross account: it is not", resource_account=B, identity=[FULL_ACCESS], expect=IMPLICIT),
    case("TERM-4", "the account in the resource's ARN is R", action="iam:GetRole", resource=f"arn:aws:iam::{A}:role/x", identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-5", "owner unknown: identity Allow alone depends on the owner", resource_account=None, identity=[FULL_ACCESS], expect=UNDECIDED),
    case("TERM-5", "owner unknown: user ARN in the bucket policy alone depends on the owner", resource_account=None, resource_policy=allow(to={"AWS": USER}), expect=UNDECIDED),
    case("TERM-5", "owner unknown: both sides allow, whoever owns it", resource_account=None, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": USER}), expect=ALLOW),
    case("TERM-5", "owner unknown: nothing allows, whoever owns it", resource_account=None, identity=[allow("ec2:*")], expect=IMPLICIT),
    case("TERM-5", "owner unknown: a Deny decides, whoever owns it", resource_account=None, identity=[FULL_ACCESS, deny("s3:*")], expect=EXPLICIT),
    case("TERM-5", "owner unknown: root of A is allowed only if A owns it", principal=ROOT, resource_account=None, expect=UNDECIDED),
    case("TERM-5", "owner unknown: root that the bucket policy allows", principal=ROOT, resource_account=None, resource_policy=allow(to="*"), expect=ALLOW),
    case("TERM-5", "owner unknown: anonymous has no account anyway", principal=ANONYMOUS, resource_account=None, resource_policy=allow(to="*"), expect=ALLOW),
    case("TERM-5", "owner unknown: nor has a service", principal=SERVICE, resource_account=None, resource_policy=allow(to={"Service": SERVICE}), expect=ALLOW),
    case("TERM-5", "a role's ARN names the owner", action="iam:GetRole", resource=ROLE, resource_account=None, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-6", "within aws-cn", principal=CN_USER, resource=CN_OBJECT, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-6", "aws-cn user on an aws bucket, both sides allow", principal=CN_USER, resource_account=B, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": CN_USER}), expect=IMPLICIT),
    case("TERM-6", "aws-cn user on an aws bucket that allows everyone", principal=CN_USER, resource_account=B, identity=[FULL_ACCESS], resource_policy=allow(to="*"), expect=IMPLICIT),
    case("TERM-6", "aws user on an aws-us-gov bucket", resource="arn:aws-us-gov:s3:::b/k", resource_account=B, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": "*"}), expect=IMPLICIT),
    case("TERM-6", "an identity policy for aws says nothing about aws-cn", principal=CN_USER, resource=CN_OBJECT, identity=[allow("s3:*", OBJECT)], expect=IMPLICIT),
    case("TERM-6", "an account number means the account of the caller's own partition only", principal=f"arn:aws-cn:iam::{B}:root", resource_account=A, resource_policy=allow(to={"AWS": B}), expect=IMPLICIT),
    case("TERM-6", "no AssumeRole across partitions", principal=CN_USER, action="sts:AssumeRole", resource=f"arn:aws:iam::{B}:role/x", identity=[FULL_ACCESS], resource_policy={"Effect": "Allow", "Principal": {"AWS": CN_USER}, "Action": "sts:AssumeRole"}, expect=IMPLICIT),
]

SSO_SESSION = f"arn:aws:sts::{A}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann@example.com"
SLR_SESSION = f"arn:aws:sts::{A}:assumed-role/AWSServiceRoleForX/x"
NO_S3 = [[FULL_ACCESS], [allow("ec2:*")]]

KINDS = [
    case("TERM-7", "user: its identity policies", identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "user with a path", principal=f"arn:aws:iam::{A}:user/eng/ops/ann", identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "user: SCPs apply", identity=[FULL_ACCESS], scp=NO_S3, expect=IMPLICIT),
    case("TERM-7", "role: its identity policies", principal=ROLE, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "session: the role's identity policies", principal=SESSION, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "session: SCPs apply", principal=SESSION, identity=[FULL_ACCESS], scp=NO_S3, expect=IMPLICIT),
    case("TERM-7", "session: the role's boundary", principal=SESSION, identity=[FULL_ACCESS], boundary=allow("ec2:*"), expect=IMPLICIT),
    case("TERM-7", "instance session: its name is the instance ID", principal=f"arn:aws:sts::{A}:assumed-role/app/i-0123456789abcdef0", identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "Identity Center role", principal=IDENTITY_CENTER_ROLE, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "Identity Center session", principal=SSO_SESSION, identity=[FULL_ACCESS], expect=ALLOW),
    case("TERM-7", "Identity Center session: SCPs apply", principal=SSO_SESSION, identity=[FULL_ACCESS], scp=NO_S3, expect=IMPLICIT),
    case("TERM-7", "service-linked role: SCPs do not apply", principal=SERVICE_LINKED_ROLE, identity=[FULL_ACCESS], scp=NO_S3, expect=ALLOW),
    case("TERM-7", "service-linked role's session: SCPs do not apply", principal=SLR_SESSION, context={"aws:PrincipalArn": SERVICE_LINKED_ROLE}, identity=[FULL_ACCESS], scp=NO_S3, expect=ALLOW),
    case("TERM-7", "federated user: identity policies within the session policy", principal=FEDERATED, federated_by=USER, identity=[FULL_ACCESS], session=allow("s3:*"), expect=ALLOW),
    case("TERM-7", "federated user: session policy is effectively required", principal=FEDERATED, federated_by=USER, identity=[FULL_ACCESS], expect=IMPLICIT),
    case("TERM-7", "federated user: the user's boundary", principal=FEDERATED, federated_by=USER, identity=[FULL_ACCESS], session=FULL_ACCESS, boundary=allow("ec2:*"), expect=IMPLICIT),
    case("TERM-7", "federated user: SCPs apply", principal=FEDERATED, federated_by=USER, identity=[FULL_ACCESS], session=FULL_ACCESS, scp=NO_S3, expect=IMPLICIT),
    case("TERM-7", "root: full power without any policy", principal=ROOT, expect=ALLOW),
    case("TERM-7", "service principal: SCPs do not apply", principal=SERVICE, resource_policy=allow(to={"Service": SERVICE}), scp=[[]], expect=ALLOW),
    case("TERM-7", "anonymous: SCPs do not apply", principal=ANONYMOUS, resource_policy=allow(to="*"), scp=[[]], expect=ALLOW),
    case("TERM-7", "a principal of no known kind", principal="somebody", identity=[FULL_ACCESS], expect=UNDECIDED),
    case("TERM-8", "role: some session may, whatever its name", principal=ROLE, resource_policy=allow(to={"AWS": ROLE}), expect=ALLOW),
    case("TERM-8", "role: a session ARN in a policy names another session", principal=ROLE, resource_policy=allow(to={"AWS": SESSION}), expect=IMPLICIT),
    case("TERM-8", "role: a Deny of one session leaves others", principal=ROLE, identity=[FULL_ACCESS], resource_policy=deny(to={"AWS": SESSION}), expect=ALLOW),
    case("TERM-9", "session ARNs lack the role's path", principal=SESSION, resource_policy=allow(to={"AWS": f"arn:aws:iam::{A}:role/eng/ops/app"}), expect=ALLOW),
    case("TERM-9", "aws:PrincipalArn has the role's path", principal=SESSION, context={"aws:PrincipalArn": f"arn:aws:iam::{A}:role/eng/app"}, identity=[allow(when={"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/eng/app"}})], expect=ALLOW),
    case("TERM-9", "a role ARN with a path is another ARN than one without", principal=f"arn:aws:iam::{A}:role/eng/app", resource_policy=allow(to={"AWS": ROLE}), expect=IMPLICIT),
    case("TERM-9", "a path that only resembles the name", principal=SESSION, resource_policy=allow(to={"AWS": f"arn:aws:iam::{A}:role/app/other"}), expect=IMPLICIT),
]

VPCE = {"aws:SourceVpce": "vpce-1"}
POLICY_TYPES = [
    case("TERM-10", "an identity policy grants", identity=[allow("s3:GetObject", OBJECT)], expect=ALLOW),
    case("TERM-10", "several identity policies add up", action="s3:ListBucket", resource=BUCKET, identity=[allow("s3:GetObject"), allow("s3:ListBucket")], expect=ALLOW),
    case("TERM-10", "a bucket policy grants", resource_policy=allow("s3:GetObject", OBJECT, to={"AWS": USER}), expect=ALLOW),
    case("TERM-10", "a boundary grants nothing", boundary=FULL_ACCESS, expect=IMPLICIT),
    case("TERM-10", "a session policy grants nothing", principal=SESSION, session=FULL_ACCESS, expect=IMPLICIT),
    case("TERM-10", "an SCP grants nothing", scp=[[FULL_ACCESS]], expect=IMPLICIT),
    case("TERM-10", "an RCP grants nothing", rcp=[[]], expect=IMPLICIT),
    case("TERM-10", "an endpoint policy grants nothing", context=VPCE, endpoint=allow(to="*"), expect=IMPLICIT),
    case("TERM-10", "groups are never principals", identity=[], resource_policy=allow(to={"AWS": f"arn:aws:iam::{A}:group/eng"}), expect=IMPLICIT),
]

ALL_ALLOW = {"principal": SESSION, "context": VPCE, "identity": [FULL_ACCESS], "boundary": FULL_ACCESS, "session": FULL_ACCESS, "resource_policy": allow(to="*"), "scp": [[FULL_ACCESS], [FULL_ACCESS]], "rcp": [[], []], "endpoint": allow(to="*")}
DENY_ALL, DENY_EVERYONE = deny("s3:*"), deny("s3:*", to="*")
DENIERS = {"identity": [FULL_ACCESS, DENY_ALL], "boundary": [FULL_ACCESS, DENY_ALL], "session": [FULL_ACCESS, DENY_ALL], "resource_policy": [allow(to="*"), DENY_EVERYONE], "scp": [[FULL_ACCESS, DENY_ALL], [FULL_ACCESS]], "rcp": [[], [DENY_EVERYONE]], "endpoint": [allow(to="*"), DENY_EVERYONE]}
ORDER = [
    case("TERM-11", "every kind of policy allows", **ALL_ALLOW, expect=ALLOW),
    *(case("TERM-11", f"one Deny ends it: {kind}", **ALL_ALLOW | {kind: denier}, expect=EXPLICIT) for kind, denier in DENIERS.items()),
    *(case("TERM-11", f"a Deny is explicit though the SCP allows nothing: {kind}", **ALL_ALLOW | {"scp": [[]]} | {kind: denier}, expect=EXPLICIT) for kind, denier in DENIERS.items() if kind != "scp"),
    case("TERM-11", "SCP without Allow, although the bucket policy ends early", **ALL_ALLOW | {"scp": [[FULL_ACCESS], []]}, expect=IMPLICIT),
    case("TERM-11", "endpoint without Allow, although the bucket policy ends early", **ALL_ALLOW | {"endpoint": allow("sts:*", to="*")}, expect=IMPLICIT),
    case("TERM-11", "the bucket policy's early end skips identity, boundary and session", **ALL_ALLOW | {"identity": [], "boundary": allow("ec2:*"), "session": allow("ec2:*")}, expect=ALLOW),
    case("TERM-11", "without that early end the identity policy must allow", **ALL_ALLOW | {"resource_policy": None, "identity": []}, expect=IMPLICIT),
    case("TERM-11", "... and the boundary", **ALL_ALLOW | {"resource_policy": None, "boundary": allow("ec2:*")}, expect=IMPLICIT),
    case("TERM-11", "... and the session policy", **ALL_ALLOW | {"resource_policy": None, "session": allow("ec2:*")}, expect=IMPLICIT),
    case("TERM-11", "foreign user: all gates and both sides", principal=FOREIGN_USER, context=VPCE, identity=[FULL_ACCESS], boundary=FULL_ACCESS, resource_policy=allow(to="*"), scp=[[FULL_ACCESS]], rcp=[[]], endpoint=allow(to="*"), expect=ALLOW),
]
# fmt: on


@table(REQUESTS + ACCOUNTS + KINDS + POLICY_TYPES + ORDER)
def test_terms(case):
    check(case)
