"""A write that copies reads the source too, as the same caller (S3-31). Source: evaluation.md S3-31, TERM-2."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.copies import DIRECTIVE, SOURCE, WRITE, no_copy
from pathfinder.graph.further.registry import Need, further
from pathfinder.graph.policies_speak import speak_of
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World


@further("copy")
def copied(world: World, action: str, resource: Resource) -> Iterator[Need]:
    """Where some policy looks at what is copied; `CopyChoices` says which sources come in question."""
    if action.lower() != WRITE.lower() or resource.bucket is None:
        return
    looked_at = speak_of(world, resource.bucket, SOURCE, DIRECTIVE)
    yield no_copy(world, resource.bucket, () if looked_at else (SOURCE,))
