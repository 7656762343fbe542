"""S3 Block Public Access over all its levels, and what it refuses to save. Source: BPA-1 to BPA-4, S3-21."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathfinder.authorization.acl import is_public_acl
from pathfinder.authorization.public import access_point_policy_is_public, is_public
from pathfinder.model.resources import Acl, ObjectOwnership, PublicAccessBlock
from pathfinder.policy.document import Document


@dataclass(frozen=True, slots=True)
class EffectiveBlock:
    """The four switches as they are in force; None where a level that may turn it on is not known (BPA-1)."""

    block_public_acls: bool | None = False
    ignore_public_acls: bool | None = False
    block_public_policy: bool | None = False
    restrict_public_buckets: bool | None = False


NO_SWITCH = PublicAccessBlock()


Level = PublicAccessBlock | EffectiveBlock | None
"""The switches of one level; None where they are not known."""


def effective(levels: Iterable[Level]) -> EffectiveBlock:
    """Each switch is on if one level turns it on (BPA-1)."""
    known = list(levels)

    def of(name: str) -> bool | None:
        values = [None if level is None else getattr(level, name) for level in known]
        return True if True in values else None if None in values else False

    return EffectiveBlock(
        of("block_public_acls"),
        of("ignore_public_acls"),
        of("block_public_policy"),
        of("restrict_public_buckets"),
    )


def perhaps(block: PublicAccessBlock) -> EffectiveBlock:
    """Switches that were not read as a whole: what is not known to be on may be."""
    return EffectiveBlock(
        block.block_public_acls or None,
        block.ignore_public_acls or None,
        block.block_public_policy or None,
        block.restrict_public_buckets or None,
    )


def saves_policy(block: EffectiveBlock, document: Document, *, access_point: bool = False) -> bool | None:
    """Whether such a policy can be put: BlockPublicPolicy refuses a public one; None where not known (BPA-4)."""
    public = access_point_policy_is_public(document) if access_point else is_public(document)
    if public is False or block.block_public_policy is False:
        return True
    return False if public and block.block_public_policy else None


def saves_acl(
    block: EffectiveBlock, ownership: ObjectOwnership | None, acl: Acl, bucket_owner: str | None
) -> bool | None:
    """Whether such an ACL can be put on the bucket or an object in it; None where not known (BPA-2, S3-21).

    `bucket_owner`: its canonical user id. Without ACLs only one that gives the bucket's owner full control is taken.
    """
    if all(grant.grantee == bucket_owner and grant.permission == "FULL_CONTROL" for grant in acl.grants):
        return True
    if ownership is ObjectOwnership.BUCKET_OWNER_ENFORCED:
        return False
    blocked = _not(block.block_public_acls) if is_public_acl(acl) else True
    return blocked if blocked is False or ownership is not None else None


def _not(switch: bool | None) -> bool | None:
    return None if switch is None else not switch
