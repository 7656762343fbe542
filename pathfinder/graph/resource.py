"""A resource as requests meet it.

Source: evaluation.md EVAL-5, TERM-5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pathfinder.authorization.request import PublicAccess
from pathfinder.graph.bucket_acls import NO_ACLS, BucketAcls
from pathfinder.graph.facts import PointFacts, UnsureTags
from pathfinder.model.resources import Bucket, KmsGrant
from pathfinder.policy.document import SomePolicy
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A resource as requests meet it: its owner, its own policies, what its context keys say, what is not known.

    `through`: the access point that the request goes through, as it is or with the bucket behind it (S3-50).
    `grants`, `unusable`: of a KMS key. `beyond_rcps`: RCPs do not guard it, as AWS-managed keys (ORG-21, KMS-11).
    `bucket`: the bucket that it is, or that it is in.
    `acls`: the ACLs of a bucket and of its objects, and the objects that others own.
    `unsure_tags`, `object_tags`: as in `ResourceFacts`.
    """

    target: Target
    account: str | None
    policies: tuple[SomePolicy, ...] = ()
    tags: Mapping[str, str] | None = None
    public_access: PublicAccess | None = None
    gaps: tuple[str, ...] = ()
    through: PointFacts | None = None
    grants: tuple[KmsGrant, ...] = ()
    unusable: str | None = None
    beyond_rcps: bool = False
    bucket: Bucket | None = None
    acls: BucketAcls = NO_ACLS
    requester_pays: bool = False
    unsure_tags: UnsureTags | None = None
    object_tags: Mapping[str, str] | None = None

    @property
    def content(self) -> object:
        """What tells it apart from others, while it is held; most are made anew each time, of the same few parts."""
        if any(getattr(self, name) is not default for name, default in _MORE):
            return id(self)
        return self.target, self.account, tuple(map(id, self.policies)), id(self.tags) if self.tags else None


_MORE = tuple((each.name, each.default) for each in fields(Resource)[4:])
"""What only some resources have, and the value that means that they have it not."""
