"""Chapter 4.3: two accounts, two evaluations.

A scenario holds only the SCPs of the caller's side and only the RCPs of the owner's: that the other side's
do not apply (EVAL-24) shows here only as their absence, and for real where snapshots are decided.
"""

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
    KEY,
    OBJECT,
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
EC2_ONLY = allow("ec2:*")
SIDE_P = {"identity": [allow("s3:GetObject", OBJECT)]}
SIDE_R = {"resource_policy": allow("s3:GetObject", OBJECT, to={"AWS": B})}
BOTH = {"principal": FOREIGN_USER} | SIDE_P | SIDE_R
SESSION_BOTH = {"principal": FOREIGN_SESSION} | SIDE_P | SIDE_R

TWO_SIDES = [
    case("EVAL-20", "both sides allow", **BOTH, expect=ALLOW),
    case("EVAL-20", "only the identity side", principal=FOREIGN_USER, **SIDE_P, expect=IMPLICIT),
    case("EVAL-20", "only the bucket policy", principal=FOREIGN_USER, **SIDE_R, expect=IMPLICIT),
    case("EVAL-20", "neither", principal=FOREIGN_USER, expect=IMPLICIT),
    case("EVAL-20", "a third account", principal=f"arn:aws:iam::{C}:user/eve", **SIDE_P, **SIDE_R, expect=IMPLICIT),
    case("EVAL-20", "the sides allow different actions", principal=FOREIGN_USER, identity=[allow("s3:PutObject")], **SIDE_R, expect=IMPLICIT),
    case("EVAL-20", "the sides allow different objects", principal=FOREIGN_USER, identity=[allow("s3:*", "arn:aws:s3:::b/other")], **SIDE_R, expect=IMPLICIT),
    case("EVAL-20", "a Deny in the identity policy", **BOTH | {"identity": [FULL_ACCESS, deny("s3:*")]}, expect=EXPLICIT),
    case("EVAL-20", "a Deny in the bucket policy", **BOTH | {"resource_policy": [allow(to={"AWS": B}), deny(to={"AWS": FOREIGN_USER})]}, expect=EXPLICIT),
    case("EVAL-20", "a Deny alone, nothing allows", principal=FOREIGN_USER, resource_policy=deny(to="*"), expect=EXPLICIT),
    *(case("EVAL-21", f"R's side by {form}", **SESSION_BOTH | {"resource_policy": allow(to=to)}, expect=ALLOW) for form, to in {"account number": {"AWS": B}, "root ARN": {"AWS": FOREIGN_ROOT}, "role ARN": {"AWS": FOREIGN_ROLE}, "session ARN": {"AWS": FOREIGN_SESSION}, "*": "*", "AWS *": {"AWS": "*"}}.items()),
    case("EVAL-21", "R's side by another session's ARN", **SESSION_BOTH | {"resource_policy": allow(to={"AWS": FOREIGN_SESSION + "x"})}, expect=IMPLICIT),
    case("EVAL-21", "R's side by the owner's own account", **SESSION_BOTH | {"resource_policy": allow(to={"AWS": A})}, expect=IMPLICIT),
    case("EVAL-21", "R's side by NotPrincipal", **SESSION_BOTH | {"resource_policy": allow(NotPrincipal={"AWS": A})}, expect=ALLOW),
    *(case("EVAL-22", f"the session's ARN does not stand in for the identity side: {form}", principal=FOREIGN_SESSION, resource_policy=allow(to=to), expect=IMPLICIT) for form, to in {"role ARN": {"AWS": FOREIGN_ROLE}, "session ARN": {"AWS": FOREIGN_SESSION}, "*": "*"}.items()),
    case("EVAL-22", "boundary silent", **BOTH, boundary=EC2_ONLY, expect=IMPLICIT),
    case("EVAL-22", "boundary allows", **BOTH, boundary=allow("s3:*"), expect=ALLOW),
    case("EVAL-22", "boundary silent, user named", **BOTH | {"resource_policy": allow(to={"AWS": FOREIGN_USER})}, boundary=EC2_ONLY, expect=IMPLICIT),
    case("EVAL-22", "session policy silent, session named", **SESSION_BOTH | {"resource_policy": allow(to={"AWS": FOREIGN_SESSION})}, session=EC2_ONLY, expect=IMPLICIT),
    case("EVAL-22", "session policy allows", **SESSION_BOTH, session=allow("s3:*"), expect=ALLOW),
    case("EVAL-22", "session policy allows another object", **SESSION_BOTH, session=allow("s3:*", "arn:aws:s3:::b/other"), expect=IMPLICIT),
    case("EVAL-22", "federated user, within the session policy", principal=FEDERATED, federated_by=USER, resource_account=B, identity=[FULL_ACCESS], session=allow("s3:*"), resource_policy=allow(to={"AWS": A}), expect=ALLOW),
    case("EVAL-22", "federated user named, without session policy", principal=FEDERATED, federated_by=USER, resource_account=B, identity=[FULL_ACCESS], resource_policy=allow(to={"AWS": FEDERATED}), expect=IMPLICIT),
]

OTHER_RESOURCES = [
    case("EVAL-23", "EC2 has no resource policies", action="ec2:StartInstances", resource=f"arn:aws:ec2:eu-west-1:{B}:instance/i-1", identity=[FULL_ACCESS], expect=IMPLICIT),
    case("EVAL-23", "... within the account none is needed", action="ec2:StartInstances", resource=f"arn:aws:ec2:eu-west-1:{A}:instance/i-1", identity=[FULL_ACCESS], expect=ALLOW),
    case("EVAL-23", "root has no power over another account's instances", principal=ROOT, action="ec2:StartInstances", resource=f"arn:aws:ec2:eu-west-1:{B}:instance/i-1", expect=IMPLICIT),
    case("EVAL-24", "the caller's SCP allows", **BOTH, scp=[[FULL_ACCESS]], expect=ALLOW),
    case("EVAL-24", "the caller's SCP is silent", **BOTH, scp=[[EC2_ONLY]], expect=IMPLICIT),
    case("EVAL-24", "the owner's SCP is none of the caller's", **BOTH, scp=None, expect=ALLOW),
    case("EVAL-24", "the owner's RCP binds the caller", **BOTH, rcp=[[deny("s3:*", to="*")]], expect=EXPLICIT),
    case("EVAL-25", "anonymous needs nothing in any account", principal=ANONYMOUS, resource_policy=allow("s3:GetObject", to="*"), expect=ALLOW),
    case("EVAL-25", "the same request, signed, needs its own side", principal=FOREIGN_USER, resource_policy=allow("s3:GetObject", to="*"), expect=IMPLICIT),
    case("EVAL-21", "a key policy", principal=FOREIGN_USER, action="kms:Decrypt", resource=KEY, identity=[allow("kms:Decrypt", KEY)], resource_policy=allow("kms:*", to={"AWS": B}), expect=ALLOW),
]

ROOT_ABROAD = {"principal": ROOT, "resource_account": B}
FOREIGN = [
    case("EVAL-31", "account named", **ROOT_ABROAD, resource_policy=allow(to={"AWS": A}), expect=ALLOW),
    case("EVAL-31", "everyone named", **ROOT_ABROAD, resource_policy=allow(to="*"), expect=ALLOW),
    case("EVAL-31", "only a user of the account named", **ROOT_ABROAD, resource_policy=allow(to={"AWS": USER}), expect=IMPLICIT),
    case("EVAL-31", "only a role of the account named", **ROOT_ABROAD, resource_policy=allow(to={"AWS": ROLE}), expect=IMPLICIT),
    case("EVAL-31", "no bucket policy", **ROOT_ABROAD, expect=IMPLICIT),
    case("EVAL-31", "the SCP of root's account is silent", **ROOT_ABROAD, resource_policy=allow(to={"AWS": A}), scp=[[EC2_ONLY]], expect=IMPLICIT),
    case("EVAL-31", "account named, action differs", **ROOT_ABROAD, resource_policy=allow("s3:PutObject", to={"AWS": A}), expect=IMPLICIT),
]

# The three users of ReversecLabs/IAMSpy#27, the second rank of public complaints: a bucket policy is not enough.
SAME, GRANTED, UNGRANTED = USER, FOREIGN_USER, f"arn:aws:iam::{B}:user/carol"
USERS_A_B_C = [
    case("EVAL-20", "same account, named in the bucket policy only", principal=SAME, resource_policy=allow(to={"AWS": [SAME, GRANTED, UNGRANTED]}), expect=ALLOW),
    case("EVAL-20", "other account, named and allowed at home", principal=GRANTED, identity=[allow("s3:*")], resource_policy=allow(to={"AWS": [SAME, GRANTED, UNGRANTED]}), expect=ALLOW),
    case("EVAL-20", "other account, named but not allowed at home", principal=UNGRANTED, resource_policy=allow(to={"AWS": [SAME, GRANTED, UNGRANTED]}), expect=IMPLICIT),
    case("EVAL-20", "services have no home to be allowed in", principal=SERVICE, resource_policy=allow(to={"Service": SERVICE}), expect=ALLOW),
    case("EVAL-20", "a session of the owner's account is not cross account", principal=SESSION, identity=[allow("s3:*")], expect=ALLOW),
]
# fmt: on


@table(TWO_SIDES + OTHER_RESOURCES + FOREIGN + USERS_A_B_C)
def test_cross_account(case):
    check(case)
