"""The policies, ACLs, tags and switches that guard a bucket, as they are or as an escalation leaves them.

Source: evaluation.md BPA-1 to BPA-5, S3-21, S3-26, ESC-62, ESC-63, ESC-67, ESC-68.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pathfinder.authorization.block import (
    NO_SWITCH,
    EffectiveBlock,
    effective,
    perhaps,
    saves_acl,
    saves_policy,
)
from pathfinder.authorization.block import Level as BlockLevel
from pathfinder.authorization.public import is_public
from pathfinder.authorization.request import PublicAccess
from pathfinder.aws.arn import AccountId, Arn
from pathfinder.graph.bucket_acls import BucketAcls, acls_of_object, bucket_acls, unread_acls
from pathfinder.graph.bucket_tags import object_tags, tags_that_count, unsure_tags
from pathfinder.graph.changes import ObjectAcl
from pathfinder.graph.inventory import Inventory
from pathfinder.graph.resource import Resource
from pathfinder.model.organization import Snapshot
from pathfinder.model.resources import Acl, Bucket, Key
from pathfinder.policy.document import Document, Policy, Unread
from pathfinder.policy.resources import Target


class BucketGuards(Inventory):
    """An inventory whose buckets can be asked what guards them."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._resources: dict[tuple[str, str, bool], Resource] = {}
        self._changed_keys: dict[int, tuple[Bucket, Key]] = {}
        self._changed_buckets: dict[tuple[int, bool], tuple[Bucket, Resource]] = {}
        self._changed_blocks: dict[int, tuple[Bucket, BlockLevel]] = {}
        self._changed_acls: dict[int, tuple[Bucket, tuple[ObjectAcl, ...]]] = {}
        self._changed_tags: dict[int, tuple[Bucket, Mapping[str, str]]] = {}
        self._object_acls: dict[tuple[str, int], tuple[Bucket, BucketAcls]] = {}
        self._blocks: dict[str, BlockLevel] = {}

    def bucket_resource(self, bucket: Bucket, *, objects: bool) -> Resource:
        """The bucket itself, or its objects with their key open."""
        key = (bucket.account, str(bucket.arn), objects)
        if self.buckets.get(key[1], bucket) is not bucket:
            return self._changed_bucket(bucket, objects=objects)
        known = self._resources.get(key)
        if known is None:
            known = self._resources[key] = self._bucket_resource(bucket, objects=objects)
        return known

    def change_key(self, bucket: Bucket, key: Key) -> None:
        """For this bucket, which stands for one after an escalation, its key is as given (ESC-67)."""
        self._changed_keys[id(bucket)] = bucket, key

    def changed_key(self, bucket: Bucket) -> Key | None:
        """The bucket's key where an escalation has changed it."""
        known = self._changed_keys.get(id(bucket))
        return known[1] if known is not None else None

    def change_block(self, bucket: Bucket, of_account: BlockLevel) -> None:
        """For this bucket, which stands for one after an escalation, its account's switches are these (ESC-63)."""
        self._changed_blocks[id(bucket)] = bucket, of_account

    def change_acls(self, bucket: Bucket, acls: tuple[ObjectAcl, ...]) -> None:
        """For this bucket, which stands for one after an escalation, objects have these ACLs besides (ESC-62)."""
        self._changed_acls[id(bucket)] = bucket, acls

    def change_object_tags(self, bucket: Bucket, tags: Mapping[str, str]) -> None:
        """For this bucket, which stands for one after an escalation, objects have these tags (ESC-68)."""
        self._changed_tags[id(bucket)] = bucket, tags

    def keep_changes(self, before: Bucket, after: Bucket) -> None:
        """All of this that was said of one bucket is so of the other, which is the same one changed further."""
        tables: tuple[dict[int, Any], ...] = (
            self._changed_keys,
            self._changed_blocks,
            self._changed_acls,
            self._changed_tags,
        )
        for table in tables:
            known = table.get(id(before))
            if known is not None and after is not before:
                table[id(after)] = (after, known[1])

    def object_tags_of(self, bucket: Bucket, arn: Arn) -> Mapping[str, str] | None:
        """The tags of one object, as far as they are known."""
        changed = self._changed_tags.get(id(bucket))
        return changed[1] if changed is not None else object_tags(bucket, arn)

    def _changed_bucket(self, bucket: Bucket, *, objects: bool) -> Resource:
        """A bucket as an escalation has changed it."""
        known = self._changed_buckets.get((id(bucket), objects))
        if known is None:
            known = bucket, self._bucket_resource(bucket, objects=objects)
            self._changed_buckets[(id(bucket), objects)] = known
        return known[1]

    def _bucket_resource(self, bucket: Bucket, *, objects: bool) -> Resource:
        target = Target(bucket.arn, open_prefix=f"{bucket.name}/" if objects else None)
        policies = (bucket.policy,) if isinstance(bucket.policy, Policy) else ()
        tags = tags_that_count(bucket)
        access = self._public_access(bucket)
        acls = self.with_changed_acls(bucket, bucket_acls(bucket, self.block_of(bucket), self.canonical_ids))
        gaps = (*_gaps(bucket), *acls.gaps)
        pays = bool(bucket.requester_pays)
        changed = self._changed_tags.get(id(bucket))
        return Resource(
            *(target, bucket.account or None, policies, tags, access, gaps),
            bucket=bucket,
            acls=acls,
            requester_pays=pays,
            unsure_tags=unsure_tags(bucket),
            object_tags=changed[1] if objects and changed is not None else None,
        )

    def resource_at(self, bucket: Bucket, target: Target, *, unread: bool = False) -> Resource:
        """The bucket's guards, for a request about this target in it.

        `unread`: with the ACLs that nobody read, which may grant it, for a request that somebody asks about.
        """
        whole = self.bucket_resource(bucket, objects=target.open_prefix is not None)
        found = replace(whole, target=target)
        block = self.block_of(bucket)
        if target.arn is not None and target.arn.is_object and target.open_prefix is None:
            acls_of_it = self._acls_of_object(bucket, target.arn, block)
            found = replace(found, acls=acls_of_it, object_tags=self.object_tags_of(bucket, target.arn))
        if unread and (acls := unread_acls(bucket, target, block)):
            found = replace(found, acls=replace(found.acls, acl=(*found.acls.acl, *acls)))
        return found

    def _acls_of_object(self, bucket: Bucket, arn: Arn, block: EffectiveBlock) -> BucketAcls:
        key = (str(arn), id(bucket))
        known = self._object_acls.get(key)
        if known is None:
            name = arn.resource.partition("/")[2]
            found = acls_of_object(bucket, name, block, self.canonical_ids)
            known = self._object_acls[key] = bucket, self.with_changed_acls(bucket, found, name)
        return known[1]

    def with_changed_acls(self, bucket: Bucket, acls: BucketAcls, key: str | None = None) -> BucketAcls:
        """With the ACLs besides that objects have after an escalation, or the one with this key."""
        known = self._changed_acls.get(id(bucket))
        if known is None:
            return acls
        return replace(acls, acl=(*acls.acl, *(each.at(key) for each in known[1] if each.is_about(key))))

    def block_of(self, bucket: Bucket, *further: BlockLevel) -> EffectiveBlock:
        """The four switches in force for a bucket: its own, its account's, and those of `further` levels (BPA-1)."""
        own = None if "PublicAccessBlock" in bucket.unread else bucket.public_access_block or NO_SWITCH
        changed = self._changed_blocks.get(id(bucket))
        of_account = changed[1] if changed is not None else self.block_of_account(bucket.account)
        return effective((own, of_account, *further))

    def block_of_account(self, account: str) -> BlockLevel:
        """The switches of an account; an organization's S3 policy replaces its own (BPA-1)."""
        if account not in self._blocks:
            self._blocks[account] = self._block_of_account(account)
        return self._blocks[account]

    def _block_of_account(self, account: str) -> BlockLevel:
        organization = self.snapshot.organization_of(account)
        by_organization = dict(organization.s3_policies) if organization else {}
        if account in by_organization:
            return by_organization[AccountId(account)]
        held = self.accounts.get(account)
        if held is None:
            return None
        block = held.public_access_block or NO_SWITCH
        return block if "public_access_block" in held.known else perhaps(block)

    def saves_policy(self, bucket: Bucket, document: Document) -> bool | None:
        """Whether Block Public Access lets somebody put this policy on the bucket; None: not known (BPA-4)."""
        return saves_policy(self.block_of(bucket), document)

    def saves_acl(self, bucket: Bucket, acl: Acl) -> bool | None:
        """Whether this ACL can be put on the bucket or an object in it; None: not known (BPA-2, S3-21)."""
        owner = next(
            (each for each, account in self.canonical_ids.items() if account == bucket.account), None
        )
        return saves_acl(self.block_of(bucket), bucket.ownership, acl, owner)

    def _public_access(self, bucket: Bucket) -> PublicAccess:
        """RestrictPublicBuckets over all levels, and whether the policy is public (BPA-1, BPA-5)."""
        public = is_public(bucket.policy.document) if isinstance(bucket.policy, Policy) else False
        return PublicAccess(self.block_of(bucket).restrict_public_buckets, public)


def _gaps(bucket: Bucket) -> tuple[str, ...]:
    """Guards of a bucket that are not known."""
    found: list[str] = []
    if isinstance(bucket.policy, Unread):
        found.append(f"the bucket policy of {bucket.name} is not known: it may deny this")
    return tuple(found)
