"""Chapter 9: key policies."""

from .cases import (
    ALLOW,
    ANONYMOUS,
    EXPLICIT,
    FOREIGN_ROOT,
    FOREIGN_SESSION,
    FOREIGN_USER,
    FULL_ACCESS,
    IMPLICIT,
    KEY,
    OTHER_USER,
    ROLE,
    ROOT,
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
)

# fmt: off
OTHER_KEY = f"arn:aws:kms:eu-west-1:{A}:key/99999999-2222-3333-4444-555555555555"
DEFAULT = allow("kms:*", to={"AWS": A})
VIA_S3 = {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:CallerAccount": B}}


def use(rule, title, key_policy, expect, *, principal=USER, action="kms:Decrypt", resource=KEY, **more):
    """May `principal` use the key of account A that has this policy?"""
    return case(rule, title, principal=principal, action=action, resource=resource, resource_policy=key_policy, expect=expect, **more)


CASES = [
    use("KMS-1", "Resource * is this key", allow("kms:*", "*", to={"AWS": USER}), ALLOW),
    use("KMS-1", "R is the account in the key's ARN", DEFAULT, IMPLICIT, principal=FOREIGN_USER, identity=[FULL_ACCESS]),
    use("KMS-1", "no key policy", None, IMPLICIT, identity=[FULL_ACCESS]),
    use("KMS-2", "an administrator, key policy for a role", allow("kms:*", to={"AWS": ROLE}), IMPLICIT, identity=[FULL_ACCESS]),
    use("KMS-2", "root, key policy for a role", allow("kms:*", to={"AWS": ROLE}), IMPLICIT, principal=ROOT),
    use("KMS-2", "root, key policy for the account", DEFAULT, ALLOW, principal=ROOT),
    use("KMS-2", "root, key policy for everyone", allow("kms:*", to="*"), ALLOW, principal=ROOT),
    use("KMS-2", "root, key policy for the account but another action", allow("kms:Encrypt", to={"AWS": A}), IMPLICIT, principal=ROOT),
    use("KMS-2", "the role itself", allow("kms:*", to={"AWS": ROLE}), ALLOW, principal=SESSION),
    use("KMS-3", "default key policy, identity allows", DEFAULT, ALLOW, identity=[allow("kms:Decrypt", KEY)]),
    use("KMS-3", "default key policy by root's ARN", allow("kms:*", to={"AWS": ROOT}), ALLOW, identity=[allow("kms:Decrypt", KEY)]),
    use("KMS-3", "default key policy, identity silent", DEFAULT, IMPLICIT),
    use("KMS-3", "default key policy, identity on another key", DEFAULT, IMPLICIT, identity=[allow("kms:Decrypt", OTHER_KEY)]),
    use("KMS-3", "the account for another action only", allow("kms:Encrypt", to={"AWS": A}), IMPLICIT, identity=[FULL_ACCESS]),
    use("KMS-3", "default key policy, boundary silent", DEFAULT, IMPLICIT, identity=[FULL_ACCESS], boundary=allow("s3:*")),
    use("KMS-3", "the account on a condition", allow("kms:*", to={"AWS": A}, when={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}), IMPLICIT, identity=[FULL_ACCESS]),
    use("KMS-4", "user named", allow("kms:Decrypt", to={"AWS": USER}), ALLOW),
    use("KMS-4", "user named, boundary silent", allow("kms:Decrypt", to={"AWS": USER}), ALLOW, boundary=allow("s3:*")),
    use("KMS-4", "another user named", allow("kms:Decrypt", to={"AWS": OTHER_USER}), IMPLICIT, identity=[FULL_ACCESS]),
    use("KMS-4", "role named", allow("kms:Decrypt", to={"AWS": ROLE}), ALLOW, principal=SESSION),
    use("KMS-4", "role named, boundary silent", allow("kms:Decrypt", to={"AWS": ROLE}), IMPLICIT, principal=SESSION, boundary=allow("s3:*")),
    use("KMS-4", "role named, session policy silent", allow("kms:Decrypt", to={"AWS": ROLE}), IMPLICIT, principal=SESSION, session=allow("s3:*")),
    use("KMS-4", "session named, both limits silent", allow("kms:Decrypt", to={"AWS": SESSION}), ALLOW, principal=SESSION, boundary=allow("s3:*"), session=allow("s3:*")),
    use("KMS-4", "user named, identity denies", allow("kms:Decrypt", to={"AWS": USER}), EXPLICIT, identity=[deny("kms:*")]),
    use("KMS-4", "key policy denies", [DEFAULT, deny("kms:Decrypt", to={"AWS": USER})], EXPLICIT, identity=[FULL_ACCESS]),
    use("KMS-5", "account named, identity on the key's ARN", allow("kms:*", to={"AWS": B}), ALLOW, principal=FOREIGN_USER, identity=[allow("kms:Decrypt", KEY)]),
    use("KMS-5", "account named, identity on *", allow("kms:*", to={"AWS": FOREIGN_ROOT}), ALLOW, principal=FOREIGN_USER, identity=[allow("kms:Decrypt")]),
    use("KMS-5", "account named, identity silent", allow("kms:*", to={"AWS": B}), IMPLICIT, principal=FOREIGN_USER),
    use("KMS-5", "user named, identity silent", allow("kms:*", to={"AWS": FOREIGN_USER}), IMPLICIT, principal=FOREIGN_USER),
    use("KMS-5", "session named, identity silent", allow("kms:*", to={"AWS": FOREIGN_SESSION}), IMPLICIT, principal=FOREIGN_SESSION),
    use("KMS-5", "account named for another action", allow("kms:Encrypt", to={"AWS": B}), IMPLICIT, principal=FOREIGN_USER, identity=[FULL_ACCESS]),
    use("KMS-5", "identity on an alias's ARN", allow("kms:*", to={"AWS": B}), IMPLICIT, principal=FOREIGN_USER, identity=[allow("kms:*", f"arn:aws:kms:eu-west-1:{A}:alias/*")]),
    use("KMS-5", "foreign root, account named", allow("kms:*", to={"AWS": B}), ALLOW, principal=FOREIGN_ROOT),
    use("KMS-5", "everyone via S3 from one account", allow("kms:*", to={"AWS": "*"}, when=VIA_S3), ALLOW, principal=FOREIGN_USER, identity=[FULL_ACCESS], context=VIA_S3["StringEquals"]),
    use("KMS-5", "everyone via S3, called directly", allow("kms:*", to={"AWS": "*"}, when=VIA_S3), IMPLICIT, principal=FOREIGN_USER, identity=[FULL_ACCESS], context={"kms:CallerAccount": B}),
    use("KMS-5", "everyone via S3 from another account", allow("kms:*", to={"AWS": "*"}, when=VIA_S3), IMPLICIT, principal=FOREIGN_USER, identity=[FULL_ACCESS], context=VIA_S3["StringEquals"] | {"kms:CallerAccount": A}),
    use("EVAL-40", "KMS accepts no unsigned calls", allow("kms:*", to="*"), IMPLICIT, principal=ANONYMOUS),
    use("KMS-11", "RCP denies", DEFAULT, EXPLICIT, identity=[FULL_ACCESS], rcp=[[deny("kms:*", to="*")]]),
    use("KMS-11", "RCP denies a foreign user", allow("kms:*", to={"AWS": B}), EXPLICIT, principal=FOREIGN_USER, identity=[FULL_ACCESS], rcp=[[deny("kms:*", to="*")]]),
    use("KMS-11", "RCP never denies kms:RetireGrant", DEFAULT, ALLOW, action="kms:RetireGrant", identity=[FULL_ACCESS], rcp=[[deny("kms:*", to="*")]]),
    use("KMS-11", "... nor in other letters", DEFAULT, ALLOW, action="kms:retiregrant", identity=[FULL_ACCESS], rcp=[[deny("kms:*", to="*")]]),
    use("KMS-11", "SCP silent", DEFAULT, IMPLICIT, identity=[FULL_ACCESS], scp=[[allow("s3:*")]]),
    use("KMS-11", "SCP denies", DEFAULT, EXPLICIT, identity=[FULL_ACCESS], scp=[[FULL_ACCESS, deny("kms:*")]]),
    use("KMS-11", "a service-linked role is beyond both", DEFAULT, ALLOW, principal=SERVICE_LINKED_ROLE, identity=[FULL_ACCESS], scp=[[deny("kms:*")]], rcp=[[deny("kms:*", to="*")]]),
]
# fmt: on


@table(CASES)
def test_kms(case):
    check(case)
