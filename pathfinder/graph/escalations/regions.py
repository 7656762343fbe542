"""Regions in which something new could be made: policies may allow one and not the other.

Source: evaluation.md chapter 6 (aws:RequestedRegion), ESC-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.policy.document import Policy, SomePolicy

_FIRST = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2}(?:-[a-z]+){1,2}-\d(?![a-z0-9-])")
MOST_REGIONS = 12


def regions_for(world: World, actor: Actor, partition: str) -> tuple[str, ...]:
    """The partition's first region, and those that the actor's policies and SCPs name, sorted; boundedly many."""
    first = _FIRST.get(partition, "us-east-1")
    named = {region for policy in _policies(world, actor) for region in named_regions(world, policy)}
    return (first, *sorted(named - {first})[: MOST_REGIONS - 1])


def _policies(world: World, actor: Actor) -> Iterator[SomePolicy]:
    yield from actor.policies
    if actor.boundary is not None:
        yield actor.boundary
    for level in world.scp_levels(actor.account) or ():
        yield from level.policies


def named_regions(world: World, policy: SomePolicy) -> frozenset[str]:
    """The regions that a policy names, in resources and conditions."""
    if not isinstance(policy, Policy):
        return frozenset()
    known = world.facts.get(("regions", id(policy.document)))
    if known is None:
        texts: list[str] = []
        for statement in policy.document.statements:
            texts.extend(statement.resources or ())
            texts.extend(value for entry in statement.conditions for value in entry.values)
        found = frozenset(region for text in texts for region in _REGION.findall(text))
        world.facts[("regions", id(policy.document))] = known = (policy.document, found)
    assert isinstance(known, tuple)
    regions = known[1]
    assert isinstance(regions, frozenset)
    return regions
