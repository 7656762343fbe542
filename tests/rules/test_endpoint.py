"""Chapters 4.9 and 4.10: VPC endpoint policies."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    BUCKET,
    EXPLICIT,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    KEY,
    OBJECT,
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
THROUGH = {"aws:SourceVpce": "vpce-1", "aws:SourceVpc": "vpc-1"}
OFFICE = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
READ = allow("s3:GetObject", "arn:aws:s3:::b/*", to="*")


def gate(rule, title, endpoint, expect, *, context=THROUGH, **more):
    """The identity policy allows everything; what does the endpoint let through?"""
    return case(rule, title, context=context, endpoint=endpoint, expect=expect, **{"identity": [FULL_ACCESS]} | more)


CASES = [
    gate("VPCE-1", "not through the endpoint: its Deny is not asked", deny(to="*"), ALLOW, context={}),
    gate("VPCE-1", "not through the endpoint: its silence is not asked", [], ALLOW, context={"aws:SourceIp": "192.0.2.1"}),
    gate("VPCE-1", "aws:SourceVpc alone is no endpoint", deny(to="*"), ALLOW, context={"aws:SourceVpc": "vpc-1"}),
    gate("VPCE-1", "the key's name ignores case", deny(to="*"), EXPLICIT, context={"AWS:sourcevpce": "vpce-1"}),
    gate("VPCE-1", "an Allow that matches", READ, ALLOW),
    gate("VPCE-1", "no Allow that matches", allow("s3:PutObject", to="*"), IMPLICIT),
    gate("VPCE-1", "an empty policy", [], IMPLICIT),
    gate("VPCE-1", "a Deny that matches", [READ, deny("s3:GetObject", to="*")], EXPLICIT),
    gate("VPCE-1", "a Deny of another bucket", [allow(to="*"), deny("s3:*", "arn:aws:s3:::c/*", to="*")], ALLOW),
    gate("VPCE-1", "grants nothing", allow(to="*"), IMPLICIT, identity=[]),
    gate("VPCE-1", "limits root", allow("s3:PutObject", to="*"), IMPLICIT, principal=ROOT, identity=[]),
    gate("VPCE-1", "limits direct grants", allow("s3:PutObject", to="*"), IMPLICIT, identity=[], resource_policy=allow(to={"AWS": USER})),
    gate("VPCE-1", "limits anonymous callers", allow("s3:PutObject", to="*"), IMPLICIT, principal=ANONYMOUS, identity=[], resource_policy=allow(to="*")),
    gate("VPCE-1", "lets anonymous callers through", READ, ALLOW, principal=ANONYMOUS, identity=[], resource_policy=allow(to="*")),
    gate("VPCE-1", "limits foreign callers", allow("s3:*", "arn:aws:s3:::own/*", to="*"), IMPLICIT, principal=FOREIGN_USER, resource_policy=allow(to={"AWS": B})),
    gate("VPCE-2", "no policy is the default policy: everything", None, ALLOW),
    gate("VPCE-2", "no policy grants nothing", None, IMPLICIT, identity=[]),
    gate("VPCE-2", "another bucket only", allow("s3:*", "arn:aws:s3:::c/*", to="*"), IMPLICIT),
    gate("VPCE-2", "this bucket's objects, the bucket itself asked", READ, IMPLICIT, action="s3:ListBucket", resource=BUCKET),
    gate("VPCE-2", "conditions hold", allow(to="*", when={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), ALLOW, context=THROUGH | {"aws:PrincipalOrgID": "o-1"}),
    gate("VPCE-2", "conditions fail", allow(to="*", when={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), IMPLICIT, context=THROUGH | {"aws:PrincipalOrgID": "o-2"}),
    gate("VPCE-2", "a condition on the owner", allow(to="*", when={"StringEquals": {"aws:ResourceAccount": A}}), ALLOW, context=THROUGH | {"aws:ResourceAccount": A}),
    gate("D-30", "another principal named", allow(to={"AWS": OTHER_USER}), IMPLICIT),
    gate("D-30", "a Deny names another principal", [allow(to="*"), deny(to={"AWS": OTHER_USER})], ALLOW),
    gate("VPCE-2", "AWS * is everyone", allow(to={"AWS": "*"}), ALLOW),
    gate("VPCE-3", "restricted by aws:PrincipalArn", allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROLE}}), ALLOW, principal=SESSION, context=THROUGH | {"aws:PrincipalArn": ROLE}),
    gate("VPCE-3", "restricted by another aws:PrincipalArn", allow(to="*", when={"ArnEquals": {"aws:PrincipalArn": ROLE}}), IMPLICIT, context=THROUGH | {"aws:PrincipalArn": USER}),
    gate("VPCE-3", "restricted by aws:PrincipalAccount", allow(to="*", when={"StringEquals": {"aws:PrincipalAccount": A}}), IMPLICIT, principal=FOREIGN_USER, resource_policy=allow(to={"AWS": B}), context=THROUGH | {"aws:PrincipalAccount": B}),
    gate("VPCE-3", "an account form lets root through", allow(to={"AWS": A}), ALLOW, principal=ROOT, identity=[]),
    gate("VPCE-3", "an account form keeps another account's root out", allow(to={"AWS": B}), IMPLICIT, principal=ROOT, identity=[]),
    gate("VPCE-5", "no aws:SourceIp through an endpoint: an office Allow fails", None, IMPLICIT, identity=[allow(when=OFFICE)]),
    gate("VPCE-5", "no aws:SourceIp through an endpoint: an office Deny strikes", None, EXPLICIT, identity=[FULL_ACCESS, deny(when={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})]),
    gate("VPCE-5", "a bucket policy that names the endpoint", None, ALLOW, identity=[], resource_policy=allow(to="*", when={"StringEquals": {"aws:SourceVpce": "vpce-1"}})),
    gate("VPCE-5", "a bucket policy that names another endpoint", None, IMPLICIT, identity=[], resource_policy=allow(to="*", when={"StringEquals": {"aws:SourceVpce": "vpce-2"}})),
    gate("VPCE-5", "a bucket closed to all but the endpoint, from outside", None, EXPLICIT, context={"aws:SourceIp": "192.0.2.1"}, resource_policy=deny(to="*", when={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})),
    gate("VPCE-5", "a bucket closed to all but the endpoint, through it", None, ALLOW, resource_policy=deny(to="*", when={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})),
    gate("VPCE-6", "STS has its own endpoint: silent", allow("s3:*", to="*"), IMPLICIT, action="sts:AssumeRole", resource=ROLE, resource_policy=trust({"AWS": USER})),
    gate("VPCE-6", "STS has its own endpoint: allows", allow("sts:AssumeRole", ROLE, to="*"), ALLOW, action="sts:AssumeRole", resource=ROLE, resource_policy=trust({"AWS": USER})),
    gate("VPCE-6", "KMS has its own endpoint: silent", allow("kms:Encrypt", to="*"), IMPLICIT, action="kms:Decrypt", resource=KEY, resource_policy=allow(to={"AWS": USER})),
    gate("VPCE-6", "KMS has its own endpoint: allows a named user", allow("kms:Decrypt", to={"AWS": USER}), ALLOW, action="kms:Decrypt", resource=KEY, resource_policy=allow(to={"AWS": USER})),
    gate("VPCE-1", "the object that the gate names", allow("s3:GetObject", OBJECT, to="*"), ALLOW),
]
# fmt: on


@table(CASES)
def test_endpoint(case):
    check(case)
