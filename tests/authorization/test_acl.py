"""ACLs of buckets and objects, object ownership, and Block Public Access over them (chapters 8.2 to 8.4)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.model.resources import PublicAccessBlock
from tests.authorization.acl_cases import (
    ALLOW,
    DENY,
    ENFORCED,
    IMPLICIT,
    PREFERRED,
    STRANGER,
    UNKNOWN,
    WRITER,
    acl_world,
    decided,
    object_of,
)
from tests.building import A, B, C, allow, deny

IGNORE = PublicAccessBlock(ignore_public_acls=True)
RESTRICT = PublicAccessBlock(restrict_public_buckets=True)
LIST, GET, PUT = ("ListBucket", "b"), ("GetObject", "b/k"), ("PutObject", "b/k")
ANONYMOUS = "anonymous"

# rule, grants on the bucket, who, (action, resource), expected
BUCKET_ACLS: list[tuple[str, list[tuple[str, str]], str, tuple[str, str], str]] = [
    ("S3-22 an account's principal with identity Allow", [(B, "READ")], "B full", LIST, ALLOW),
    ("S3-22, EVAL-22 without identity Allow", [(B, "READ")], "B none", LIST, IMPLICIT),
    ("EVAL-31 its root user needs none", [(B, "READ")], "B root", LIST, ALLOW),
    ("S3-22 another account", [(B, "READ")], "C full", LIST, IMPLICIT),
    ("S3-22 a grant to an account is not anonymous", [(B, "READ")], ANONYMOUS, LIST, IMPLICIT),
    ("S3-22 to the owner's account: ACCOUNT adds nothing", [], "A none", LIST, IMPLICIT),
    ("S3-25 the owner's principals by identity", [], "A full", LIST, ALLOW),
    ("S3-22 AllUsers: unsigned", [("all", "READ")], ANONYMOUS, LIST, ALLOW),
    ("S3-22 AllUsers is DIRECT in the owner's account", [("all", "READ")], "A none", LIST, ALLOW),
    ("EVAL-22 AllUsers, other account, no identity Allow", [("all", "READ")], "B none", LIST, IMPLICIT),
    ("S3-22 AllUsers, other account", [("all", "READ")], "B full", LIST, ALLOW),
    ("S3-22 AuthenticatedUsers: not unsigned", [("authenticated", "READ")], ANONYMOUS, LIST, IMPLICIT),
    ("S3-22 AuthenticatedUsers is DIRECT inside", [("authenticated", "READ")], "A role none", LIST, ALLOW),
    ("EVAL-22 AuthenticatedUsers, other account", [("authenticated", "READ")], "B none", LIST, IMPLICIT),
    ("S3-22 AuthenticatedUsers, both sides", [("authenticated", "READ")], "B role full", LIST, ALLOW),
    ("S3-22 LogDelivery: S3 logging", [("log", "WRITE")], "logging.s3.amazonaws.com", PUT, ALLOW),
    ("S3-22 LogDelivery: no other service", [("log", "WRITE")], "config.amazonaws.com", PUT, IMPLICIT),
    ("S3-22 LogDelivery: nobody else", [("log", "WRITE")], "B full", PUT, IMPLICIT),
    ("S3-23a READ lists versions", [(B, "READ")], "B full", ("ListBucketVersions", "b"), ALLOW),
    ("S3-23a READ lists uploads", [(B, "READ")], "B full", ("ListBucketMultipartUploads", "b"), ALLOW),
    ("S3-23a READ on a bucket reads no object", [(B, "READ")], "B full", GET, IMPLICIT),
    ("S3-23a READ writes nothing", [(B, "READ")], "B full", PUT, IMPLICIT),
    ("S3-23b WRITE", [(B, "WRITE")], "B full", PUT, ALLOW),
    ("D-23 WRITE deletes nothing", [(B, "WRITE")], "B full", ("DeleteObject", "b/k"), IMPLICIT),
    ("S3-23b WRITE lists nothing", [(B, "WRITE")], "B full", LIST, IMPLICIT),
    ("S3-23c READ_ACP", [(B, "READ_ACP")], "B full", ("GetBucketAcl", "b"), ALLOW),
    ("S3-23c READ_ACP is no WRITE_ACP", [(B, "READ_ACP")], "B full", ("PutBucketAcl", "b"), IMPLICIT),
    ("S3-23d WRITE_ACP", [(B, "WRITE_ACP")], "B full", ("PutBucketAcl", "b"), ALLOW),
    ("S3-23d on a bucket, not its objects", [(B, "WRITE_ACP")], "B full", ("PutObjectAcl", "b/k"), IMPLICIT),
    ("S3-23e FULL_CONTROL lists", [(B, "FULL_CONTROL")], "B full", LIST, ALLOW),
    ("S3-23e FULL_CONTROL writes", [(B, "FULL_CONTROL")], "B full", PUT, ALLOW),
    (
        "S3-23e FULL_CONTROL is not every action",
        [(B, "FULL_CONTROL")],
        "B full",
        ("PutBucketTagging", "b"),
        IMPLICIT,
    ),
    ("S3-23e FULL_CONTROL reads no object", [(B, "FULL_CONTROL")], "B full", GET, IMPLICIT),
    ("S3-23 a word that is no permission", [(B, "EVERYTHING")], "B full", LIST, IMPLICIT),
    (
        "S3-22 an unknown group is nobody",
        [("http://acs.amazonaws.com/groups/x", "READ")],
        "B full",
        LIST,
        IMPLICIT,
    ),
    ("S3-22 an unknown canonical id is nobody known", [(STRANGER, "READ")], "B full", LIST, IMPLICIT),
]


@pytest.mark.parametrize(
    ("title", "grants", "who", "asked", "expect"), BUCKET_ACLS, ids=[c[0] for c in BUCKET_ACLS]
)
def test_bucket_acl(
    title: str, grants: list[tuple[str, str]], who: str, asked: tuple[str, str], expect: str
) -> None:
    assert decided(acl_world(*grants, objects=(object_of("k", A),)), who, *asked) == expect


OWNERSHIP = [
    # rule                                                     ownership  who        asked  expected
    ("S3-21 ACLs are ignored", ENFORCED, ANONYMOUS, LIST, IMPLICIT),
    ("S3-21 also an object's ACL", ENFORCED, ANONYMOUS, GET, IMPLICIT),
    ("S3-21 and who wrote the object", ENFORCED, "A full", ("GetObject", "b/foreign"), ALLOW),
    ("S3-5 Preferred keeps ACLs", PREFERRED, ANONYMOUS, LIST, ALLOW),
    ("S3-5 Writer keeps ACLs", WRITER, ANONYMOUS, GET, ALLOW),
    ("S3-7 unknown: both readings", None, ANONYMOUS, LIST, UNKNOWN),
    ("S3-7 unknown: both readings of an object's ACL", None, ANONYMOUS, GET, UNKNOWN),
    ("S3-7 unknown: where both say yes, yes", None, "A full", LIST, ALLOW),
    ("S3-7 unknown: where both say no, no", None, ANONYMOUS, PUT, IMPLICIT),
    ("S3-7 unknown: whose object it is", None, "A full", ("GetObject", "b/foreign"), UNKNOWN),
]


@pytest.mark.parametrize(
    ("title", "ownership", "who", "asked", "expect"), OWNERSHIP, ids=[c[0] for c in OWNERSHIP]
)
def test_ownership(title: str, ownership: Any, who: str, asked: tuple[str, str], expect: str) -> None:
    objects = (object_of("k", A, ("all", "READ")), object_of("foreign", B))
    assert decided(acl_world(("all", "READ"), ownership=ownership, objects=objects), who, *asked) == expect


PUBLIC_READ = allow("s3:GetObject", "arn:aws:s3:::b/*", principal="*")
TO_C = allow("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], principal={"AWS": C})
OBJECTS = (
    object_of("own", A),
    object_of("own-to-b", A, (B, "READ")),
    object_of("own-public", A, ("all", "READ")),
    object_of("foreign", B),
    object_of("foreign-to-a", B, (A, "FULL_CONTROL")),
    object_of("foreign-readable", B, (A, "READ")),
    object_of("foreign-public", B, ("all", "READ")),
    object_of("foreign-to-c", B, (C, "READ")),
    object_of("of-a-stranger", STRANGER),
    object_of("odd*?${x}", A, ("all", "READ")),
)
OBJECT_CASES = [
    # rule                                                who          action           key                 expected
    ("S3-3 own object, policy of the bucket", "C full", "GetObject", "own", ALLOW),
    ("S3-3 own object, no grant", "B full", "GetObject", "own", IMPLICIT),
    ("S3-23a object READ", "B full", "GetObject", "own-to-b", ALLOW),
    ("S3-23a object READ of a version", "B full", "GetObjectVersion", "own-to-b", ALLOW),
    ("S3-23a object READ, no identity Allow", "B none", "GetObject", "own-to-b", IMPLICIT),
    ("S3-23a READ reads no tags", "B full", "GetObjectTagging", "own-to-b", IMPLICIT),
    ("S3-23b no WRITE by an object's ACL", "B full", "PutObject", "own-to-b", IMPLICIT),
    ("S3-22 AllUsers on an object", ANONYMOUS, "GetObject", "own-public", ALLOW),
    ("S3-22 AllUsers on this object alone", ANONYMOUS, "GetObject", "own", IMPLICIT),
    ("LANG-43 a key with wildcards is that key", ANONYMOUS, "GetObject", "odd*?${x}", ALLOW),
    ("LANG-43 and no other", ANONYMOUS, "GetObject", "oddly${x}", IMPLICIT),
    ("S3-4, S3-6, EX-23 the bucket's owner cannot read", "A full", "GetObject", "foreign", IMPLICIT),
    ("S3-4 nor its root user", "A root", "GetObject", "foreign", IMPLICIT),
    ("S3-4 the owner by identity policy", "B full", "GetObject", "foreign", ALLOW),
    ("S3-4 the owner's principal without one", "B none", "GetObject", "foreign", IMPLICIT),
    ("S3-4 the owner's root user", "B root", "GetObject", "foreign", ALLOW),
    ("S3-4 the bucket policy's Allow gives nothing", "C full", "GetObject", "foreign", IMPLICIT),
    ("S3-4 the owner grants to others", "C full", "GetObject", "foreign-to-c", ALLOW),
    ("S3-4 the owner grants to the bucket's owner", "A full", "GetObject", "foreign-to-a", ALLOW),
    ("S3-4 whose principals need identity Allow", "A none", "GetObject", "foreign-to-a", IMPLICIT),
    ("S3-24f bucket-owner-read", "A full", "GetObject", "foreign-readable", ALLOW),
    ("S3-24f reads no ACL", "A full", "GetObjectAcl", "foreign-readable", IMPLICIT),
    ("S3-24g bucket-owner-full-control", "A full", "PutObjectAcl", "foreign-to-a", ALLOW),
    ("S3-4 public by its owner", ANONYMOUS, "GetObject", "foreign-public", ALLOW),
    ("S3-4 the bucket's owner deletes", "A full", "DeleteObject", "foreign", ALLOW),
    ("S3-4 deletes versions", "A full", "DeleteObjectVersion", "foreign", ALLOW),
    ("S3-4 restores", "A full", "RestoreObject", "foreign", ALLOW),
    ("S3-4 with permission only", "A none", "DeleteObject", "foreign", IMPLICIT),
    ("S3-4 others do not delete by the bucket policy", "C full", "DeleteObject", "foreign", IMPLICIT),
    ("S3-4 the owner deletes", "B full", "DeleteObject", "foreign", ALLOW),
    ("S3-4 tags are the owner's", "A full", "PutObjectTagging", "foreign", IMPLICIT),
    ("S3-35 overwriting asks the bucket", "A full", "PutObject", "foreign", ALLOW),
    ("S3-35 overwriting by the bucket policy", "C full", "PutObject", "foreign", ALLOW),
    ("S3-35 the object's owner has no say in the bucket", "B full", "PutObject", "foreign", IMPLICIT),
    ("S3-4 an owner without an account in the snapshot", "A full", "GetObject", "of-a-stranger", IMPLICIT),
    ("S3-4 is none of those that it has", "B full", "GetObject", "of-a-stranger", IMPLICIT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "who", "action", "key", "expect"), OBJECT_CASES, ids=[c[0] for c in OBJECT_CASES]
)
def test_objects(title: str, who: str, action: str, key: str, expect: str) -> None:
    of = acl_world(objects=OBJECTS, policy=(TO_C,))
    assert decided(of, who, action, f"b/{key}") == expect


def test_the_bucket_owner_may_deny_on_foreign_objects() -> None:
    """S3-4: the bucket policy is asked for its Denies, whoever owns the object."""
    of = acl_world(objects=OBJECTS, policy=(deny("s3:GetObject", "arn:aws:s3:::b/*", principal="*"),))
    assert decided(of, "B full", "GetObject", "b/foreign") == DENY
    assert decided(of, "anonymous", "GetObject", "b/foreign-public") == DENY


BLOCK_CASES = [
    # rule                                       bucket's  account's  who       expected
    ("BPA-3 IgnorePublicAcls of the bucket", IGNORE, None, ANONYMOUS, IMPLICIT),
    ("BPA-1 of the account", None, IGNORE, ANONYMOUS, IMPLICIT),
    ("BPA-3 AuthenticatedUsers too", IGNORE, None, "A none", IMPLICIT),
    ("D-25 grants to accounts stay", IGNORE, None, "B full", ALLOW),
    ("BPA-1 no level", None, None, ANONYMOUS, ALLOW),
    (
        "BPA-2 BlockPublicAcls looks at writing only",
        PublicAccessBlock(block_public_acls=True),
        None,
        ANONYMOUS,
        ALLOW,
    ),
    ("BPA-5 RestrictPublicBuckets looks at policies only", RESTRICT, None, ANONYMOUS, ALLOW),
]


@pytest.mark.parametrize(
    ("title", "own", "accounts", "who", "expect"), BLOCK_CASES, ids=[c[0] for c in BLOCK_CASES]
)
def test_block_public_access(title: str, own: Any, accounts: Any, who: str, expect: str) -> None:
    grants = (("all", "READ"), ("authenticated", "READ"), (B, "READ"))
    of = acl_world(*grants, block=own, account_block=accounts)
    assert decided(of, who, *LIST) == expect


def test_block_public_access_that_is_not_known() -> None:
    """BPA-1: an unknown level may ignore the public grants, and leaves the others alone."""
    of = acl_world(("all", "READ"), (B, "READ"), unread=("PublicAccessBlock",))
    assert decided(of, ANONYMOUS, *LIST) == UNKNOWN
    assert decided(of, "B full", *LIST) == ALLOW
    certain = acl_world(("all", "READ"), unread=("PublicAccessBlock",), account_block=IGNORE)
    assert decided(certain, ANONYMOUS, *LIST) == IMPLICIT


def test_one_public_statement_taints_the_bucket() -> None:
    """EX-22: statement 2 is public, so B is refused what statement 1 gives it (BPA-5, BPA-10)."""
    policy = (
        allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": B}),
        allow("s3:GetBucketLocation", "arn:aws:s3:::b", principal="*"),
    )
    tainted = acl_world(policy=policy, block=RESTRICT, ownership=ENFORCED)
    assert decided(tainted, "B full", *GET) == IMPLICIT
    assert decided(tainted, "A full", *GET) == ALLOW
    assert decided(acl_world(policy=policy, ownership=ENFORCED), "B full", *GET) == ALLOW
    clean = acl_world(policy=policy[:1], block=RESTRICT, ownership=ENFORCED)
    assert decided(clean, "B full", *GET) == ALLOW


def test_anonymous_where_a_signed_caller_is_refused() -> None:
    """EX-30: cross-account needs the identity side; an unsigned request does not (EVAL-22, S3-17)."""
    of = acl_world(policy=(PUBLIC_READ,), ownership=ENFORCED)
    assert decided(of, "B none", *GET) == IMPLICIT
    assert decided(of, ANONYMOUS, *GET) == ALLOW


def test_unread_acls_where_they_count() -> None:
    """S3-7, S3-22: an ACL that nobody read may grant what ACLs can grant, and nothing else."""
    bare = acl_world(acl=None, listed=False)
    assert decided(bare, "B full", *LIST) == UNKNOWN
    assert decided(bare, ANONYMOUS, *GET) == UNKNOWN
    assert decided(bare, "B full", "PutBucketTagging", "b") == IMPLICIT
    assert decided(bare, "B none", *LIST) == IMPLICIT
    assert decided(bare, "A full", *LIST) == ALLOW
    ignored = acl_world(acl=None, listed=False, block=IGNORE)
    assert decided(ignored, ANONYMOUS, *GET) == IMPLICIT
    assert decided(ignored, "B full", *GET) == UNKNOWN
    assert decided(acl_world(acl=None, listed=False, ownership=ENFORCED), "B full", *LIST) == IMPLICIT


@pytest.mark.parametrize(
    ("who", "pays", "expect"),
    [
        (ANONYMOUS, True, IMPLICIT),
        (ANONYMOUS, False, ALLOW),
        (ANONYMOUS, None, ALLOW),
        ("B full", True, ALLOW),
        ("A full", True, ALLOW),
    ],
)
def test_requester_pays(who: str, pays: bool | None, expect: str) -> None:
    """S3-46, EVAL-40: nobody pays for an unsigned request."""
    of = acl_world(policy=(PUBLIC_READ,), ownership=ENFORCED, requester_pays=pays)
    assert decided(of, who, *GET) == expect
