"""Tags and the four switches of Block Public Access, as AWS writes them."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.model.resources import PublicAccessBlock
from pathfinder.policy.document import Policy, SomePolicy
from pathfinder.snapshot.documents import written

Json = dict[str, object]


def tags_written(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A list of Key and Value, in the order of the keys."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def block_written(block: PublicAccessBlock) -> dict[str, bool]:
    """A PublicAccessBlockConfiguration."""
    return {
        "BlockPublicAcls": block.block_public_acls,
        "IgnorePublicAcls": block.ignore_public_acls,
        "BlockPublicPolicy": block.block_public_policy,
        "RestrictPublicBuckets": block.restrict_public_buckets,
    }


def policy_written(policy: SomePolicy | None, field: str = "Policy") -> Json:
    """The field with the document, null where there is no policy, or the reason why it is not known."""
    if isinstance(policy, Policy):
        return {field: written(policy.document)}
    return {field: None} if policy is None else {"Errors": {field: policy.reason}}
