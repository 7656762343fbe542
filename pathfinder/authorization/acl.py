"""S3 access control lists as statements: each grant is an Allow that names an account or a group of S3's own.

Source: evaluation.md S3-21 to S3-25, D-23, BPA-6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pathfinder.aws.arn import Arn
from pathfinder.logic.formula import TRUE, Formula
from pathfinder.model.resources import Acl, AclGrant
from pathfinder.policy.document import (
    Document,
    Effect,
    Policy,
    PolicyKind,
    PrincipalElement,
    SomePolicy,
    Statement,
)

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
PUBLIC_GROUPS = frozenset({ALL_USERS, AUTHENTICATED_USERS})
LOGGING_SERVICE = "logging.s3.amazonaws.com"
"""The service principal as which S3 delivers access logs (S3-22, S3-47)."""

GROUP = "Group"
"""The kind of principal that a group of S3's own is in an ACL; no policy document can name one."""

BUCKET_ACL, OBJECT_ACL = "bucket ACL", "object ACL"

_ON_BUCKET = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject",),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
_ON_OBJECT = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}


@dataclass(frozen=True, slots=True)
class AclPolicy:
    """An ACL made a policy. `counts`: when it takes part; an unknown where the snapshot does not say whether.

    `perhaps_public`: whether one that nobody read may grant to everyone; IgnorePublicAcls takes that away (BPA-3).
    `grants`: those that the policy stands for, as they were written.
    """

    policy: SomePolicy
    counts: Formula = TRUE
    perhaps_public: bool = True
    grants: tuple[AclGrant, ...] = ()


def granted_actions(permission: str, *, on_object: bool) -> tuple[str, ...]:
    """The IAM actions that an ACL permission grants; none for a word that is no permission (S3-23a to S3-23e)."""
    table = _ON_OBJECT if on_object else _ON_BUCKET
    if permission == "FULL_CONTROL":
        return tuple(name for names in table.values() for name in names)
    return table.get(permission, ())


def acl_actions(*, on_object: bool) -> tuple[str, ...]:
    """Every action that such an ACL can grant at all."""
    return granted_actions("FULL_CONTROL", on_object=on_object)


def is_public_grant(grant: AclGrant) -> bool:
    """Whether it grants to AllUsers or AuthenticatedUsers (BPA-6)."""
    return grant.grantee in PUBLIC_GROUPS


def is_public_acl(acl: Acl) -> bool:
    """Whether an ACL is public: it grants anything to AllUsers or AuthenticatedUsers (BPA-6)."""
    return any(map(is_public_grant, acl.grants))


def acl_policy(acl: Acl, arn: Arn, keep: Callable[[AclGrant], bool] = lambda _grant: True) -> Policy:
    """The ACL of the bucket or object as a policy: an Allow statement for each grant kept, by its place in the ACL."""
    statements = (statement_of(grant, index, arn) for index, grant in enumerate(acl.grants) if keep(grant))
    document = Document("2012-10-17", tuple(each for each in statements if each is not None))
    return Policy(PolicyKind.ACL, OBJECT_ACL if arn.is_object else BUCKET_ACL, str(arn), document)


def statement_of(grant: AclGrant, index: int, arn: Arn) -> Statement | None:
    """One grant as a statement; None where it grants nothing there, as WRITE on an object does (S3-23b)."""
    actions = granted_actions(grant.permission, on_object=arn.is_object)
    if not actions:
        return None
    own = literal(str(arn))
    resources = (own,) if arn.is_object else (own, f"{own}/*")
    return Statement(
        index=index,
        sid=f"{grant.permission} to {grantee_text(grant.grantee)}",
        effect=Effect.ALLOW,
        principal=PrincipalElement((_principal(grant.grantee),)),
        actions=actions,
        not_action=False,
        resources=resources,
        not_resource=False,
        conditions=(),
    )


def grantee_text(grantee: str) -> str:
    """Whom a grant names, for people: a group by its last word, an account by its canonical user id."""
    return grantee.rpartition("/")[2] if "://" in grantee else f"canonical id {grantee}"


def literal(text: str) -> str:
    """The text as a pattern of a policy document that only it matches (LANG-43)."""
    return "".join(f"${{{mark}}}" if mark in "*?$" else mark for mark in text)


def _principal(grantee: str) -> tuple[str, tuple[str, ...]]:
    """AllUsers is everyone; a group that S3 does not know names nobody (S3-22)."""
    if grantee == ALL_USERS:
        return "*", ("*",)
    if grantee == LOG_DELIVERY:
        return "Service", (LOGGING_SERVICE,)
    return GROUP if "://" in grantee else "CanonicalUser", (grantee,)
