"""Where a role that S3 assumes can write copies to: a bucket of anybody, or one that the snapshot holds (ESC-70).

Source: evaluation.md ESC-70, S3-A12, EVAL-22; a stranger's bucket policy is the stranger's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, Tried, tried
from pathfinder.graph.principals import role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, all_of
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.identity import Role
from pathfinder.model.resources import Bucket, is_directory_bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.policy.resources import Target

REPLICATE = "s3:ReplicateObject"
MOST_TARGETS = 100
"""Buckets of the snapshot that are asked about."""
_STRANGER = "000000000000"
_LETS_IN = parse_document(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"},
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class ReplicationTarget:
    """A target: how the role's write to it is decided, and what a reader should know of it."""

    written: Tried
    note: str

    def with_it(self, found: Tried) -> Tried:
        """The calls of an escalation with the role's write besides; who asks again asks for the calls alone."""
        return replace(
            found,
            calls=(*found.calls, *self.written.calls),
            evidence=(*found.evidence, *self.written.evidence),
            gaps=tuple(dict.fromkeys((*found.gaps, *self.written.gaps))),
            certain=found.certain and self.written.certain,
        )


def replication_target(world: World, role: Role, source: Bucket) -> ReplicationTarget | None:
    """The first target that the role can write copies of the source's objects to, certain ones first; None: none."""
    perhaps: ReplicationTarget | None = None
    for target in _targets(world, role, source):
        if target.written.certain:
            return target
        perhaps = perhaps or target
    return perhaps


def _targets(world: World, role: Role, source: Bucket) -> Iterator[ReplicationTarget]:
    actor = role_actor(role)
    outside = Call(REPLICATE, _strangers_bucket(source), scope=_not_ours(world), changed=True)
    found = tried(world, actor, [outside])
    if found is not None:
        note = "copies may go to an account that nobody here knows: its bucket policy is taken to let the role write"
        yield ReplicationTarget(found, note)
    buckets = (
        each for each in world.buckets.values() if each.arn != source.arn and each.versioned is not False
    )
    for bucket in [each for each in buckets if not is_directory_bucket(each.name)][:MOST_TARGETS]:
        resource = world.bucket_resource(bucket, objects=True)
        found = (
            tried(world, actor, [Call(REPLICATE, resource)])
            if world.grantable(actor, REPLICATE, resource)
            else None
        )
        if found is not None:
            yield ReplicationTarget(
                found, f"copies may go to {bucket.name}: who reads them there is another question"
            )


def _strangers_bucket(source: Bucket) -> Resource:
    """Any object in any bucket: `open_prefix` empty, so that the open text is bucket and key."""
    target = Target(Arn(source.arn.partition, "s3", "", "", "*"), open_prefix="")
    policy = Policy(PolicyKind.RESOURCE, "bucket policy of somebody else (taken to allow)", "*", _LETS_IN)
    return Resource(target, _STRANGER, (policy,))


def _not_ours(world: World) -> Formula:
    """An object in a bucket, and in none that the snapshot holds."""
    ours = tuple(parse_pattern(f"{each.name}/*", variables=False) for each in world.buckets.values())
    objects = open_text(OBJECT_KEY, (parse_pattern("?*/?*", variables=False),))
    return all_of(objects, open_text(OBJECT_KEY, ours, negated=True)) if ours else objects
