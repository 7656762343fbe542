"""The ACLs of a bucket and of its objects, and who owns the objects: as far as they count, as far as that is known.

Source: evaluation.md S3-4, S3-5, S3-7, S3-21, S3-25, BPA-3, D-25.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.acl import (
    BUCKET_ACL,
    OBJECT_ACL,
    AclPolicy,
    acl_policy,
    is_public_acl,
    is_public_grant,
)
from pathfinder.authorization.block import EffectiveBlock
from pathfinder.authorization.objects import is_on_object
from pathfinder.authorization.request import ForeignObjects
from pathfinder.aws.arn import Arn
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, all_of
from pathfinder.model.resources import Acl, AclGrant, Bucket, ObjectOwnership, S3Object
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.policy.resources import Target

MOST_OBJECTS = 32
"""Objects with an owner or an ACL of their own that are told apart where the object key is open."""


@dataclass(frozen=True, slots=True)
class BucketAcls:
    """What ACLs and object ownership say: the fields of the same names in `Policies`, and what is left out of them."""

    acl: tuple[AclPolicy, ...] = ()
    foreign_objects: tuple[ForeignObjects, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


NO_ACLS = BucketAcls()


def acls_count(bucket: Bucket) -> Formula:
    """Whether ACLs count in the bucket, and objects may belong to others (S3-7, S3-21)."""
    match bucket.ownership:
        case ObjectOwnership.BUCKET_OWNER_ENFORCED:
            return FALSE
        case None:
            return Unknown(
                f"whether ACLs count in {bucket.name} is not known: its object ownership is not known"
            )
        case _:
            return TRUE


def bucket_acls(bucket: Bucket, block: EffectiveBlock, canonical_ids: Mapping[str, str]) -> BucketAcls:
    """For requests about the bucket and its objects, their key open or not."""
    counts = acls_count(bucket)
    if counts == FALSE or not bucket.account:
        return NO_ACLS
    special = [each for each in bucket.objects if _is_special(bucket, each, canonical_ids)]
    gaps: tuple[str, ...] = ()
    if len(special) > MOST_OBJECTS:
        gaps = (
            f"{len(special)} objects of {bucket.name} have an owner or an ACL of their own: "
            f"only the first {MOST_OBJECTS} are told apart",
        )
    return _bucket_acls(bucket, special[:MOST_OBJECTS], block, canonical_ids, counts, gaps)


def acls_of_object(
    bucket: Bucket, key: str, block: EffectiveBlock, canonical_ids: Mapping[str, str]
) -> BucketAcls:
    """For requests about this object alone."""
    counts = acls_count(bucket)
    if counts == FALSE or not bucket.account:
        return NO_ACLS
    known = [each for each in bucket.objects if each.key == key]
    return _bucket_acls(bucket, known, block, canonical_ids, counts, ())


def unread_acls(bucket: Bucket, target: Target, block: EffectiveBlock) -> tuple[AclPolicy, ...]:
    """The ACLs that nobody read, where it is certain that they count: they may grant the request.

    For a request that somebody asks about; a search over all principals names the same as a gap of the bucket.
    """
    if acls_count(bucket) != TRUE:
        return ()
    perhaps_public = block.ignore_public_acls is not True
    found = []
    if bucket.acl is None:
        found.append((BUCKET_ACL, str(bucket.arn)))
    if is_on_object(target) and target.arn is not None:
        key = target.arn.resource.partition("/")[2] if target.open_prefix is None else None
        if _acl_is_missing(bucket, key):
            found.append((OBJECT_ACL, str(target.arn) if key is not None else f"objects of {bucket.name}"))
    reason = "it is not in the snapshot"
    return tuple(
        AclPolicy(Unread(PolicyKind.ACL, name, of, reason), TRUE, perhaps_public) for name, of in found
    )


def _acl_is_missing(bucket: Bucket, key: str | None) -> bool:
    """Whether the ACL of the object, or of some object, is not known; what a whole list leaves out is no object."""
    if key is None:
        return not objects_known(bucket)
    found = next((each for each in bucket.objects if each.key == key), None)
    return found.acl is None if found is not None else not bucket.objects_listed


def objects_known(bucket: Bucket) -> bool:
    """Whether the owner and the ACL of every object are known."""
    return bucket.objects_listed and all(
        each.acl is not None and owner_of(each) is not None for each in bucket.objects
    )


def owner_of(each: S3Object) -> str | None:
    """The canonical user id of an object's owner, which its ACL names as well."""
    return each.owner or (each.acl.owner if each.acl else None)


def _bucket_acls(
    bucket: Bucket,
    objects: Iterable[S3Object],
    block: EffectiveBlock,
    canonical_ids: Mapping[str, str],
    counts: Formula,
    gaps: tuple[str, ...],
) -> BucketAcls:
    own = next((each for each, account in canonical_ids.items() if account == bucket.account), None)
    acls: list[tuple[Acl, Arn, str | None]] = []
    if bucket.acl is not None:
        acls.append((bucket.acl, bucket.arn, own or bucket.acl.owner))
    foreign: dict[tuple[str, Formula], list[str]] = {}
    for each in objects:
        whose = _owner(bucket, each, canonical_ids)
        if whose is not None:
            foreign.setdefault((whose[0], whose[1] if counts == TRUE else counts), []).append(each.key)
        if each.acl is not None:
            acls.append(
                (each.acl, replace(bucket.arn, resource=f"{bucket.name}/{each.key}"), owner_of(each) or own)
            )
    notes = []
    if block.ignore_public_acls and any(is_public_acl(acl) for acl, _, _ in acls):
        notes.append(
            f"IgnorePublicAcls is on for {bucket.name}: what its ACLs grant to everyone gives nothing; "
            "that the rest of such an ACL still counts is one of two readings (D-25)"
        )
    return BucketAcls(
        tuple(
            policy for acl, arn, owner in acls for policy in _policies(bucket, acl, arn, owner, block, counts)
        ),
        tuple(ForeignObjects(owner, tuple(keys), when) for (owner, when), keys in foreign.items()),
        gaps,
        tuple(notes),
    )


def _policies(
    bucket: Bucket, acl: Acl, arn: Arn, owner: str | None, block: EffectiveBlock, counts: Formula
) -> Iterator[AclPolicy]:
    """The grants that count; those to everyone apart where it is not known whether Block Public Access drops them.

    What an owner grants to its own account adds nothing to its identity-based policies (S3-25).
    """

    def to_others(grant: AclGrant) -> bool:
        return grant.grantee != owner and not is_public_grant(grant)

    ignored = block.ignore_public_acls
    unknown = Unknown(f"whether IgnorePublicAcls is on for {bucket.name} is not known")
    kinds = [(to_others, counts)]
    if ignored is not True:
        kinds.append((is_public_grant, all_of(counts, unknown) if ignored is None else counts))
    for keep, when in kinds:
        policy = acl_policy(acl, arn, keep)
        if policy.document.statements:
            yield AclPolicy(policy, when, grants=tuple(filter(keep, acl.grants)))


def _is_special(bucket: Bucket, each: S3Object, canonical_ids: Mapping[str, str]) -> bool:
    if _owner(bucket, each, canonical_ids) is not None:
        return True
    grants = each.acl.grants if each.acl is not None else ()
    return any(not _is_owner(bucket, grant.grantee, canonical_ids) for grant in grants)


def _is_owner(bucket: Bucket, canonical_id: str, canonical_ids: Mapping[str, str]) -> bool:
    """Whether the canonical user id is known to be the bucket owner's."""
    return canonical_ids.get(canonical_id) == bucket.account


def _owner(bucket: Bucket, each: S3Object, canonical_ids: Mapping[str, str]) -> tuple[str, Formula] | None:
    """The account that owns the object, and whether that is certain; None for the bucket's owner (S3-4, S3-7)."""
    owner = owner_of(each)
    if owner is None or _is_owner(bucket, owner, canonical_ids):
        return None
    if owner in canonical_ids or bucket.account in canonical_ids.values():
        return canonical_ids.get(owner, owner), TRUE
    return owner, Unknown(
        f"whether the canonical user id {owner[:12]}… is that of {bucket.name}'s owner is not known"
    )
