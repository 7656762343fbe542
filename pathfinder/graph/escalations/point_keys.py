"""Where a new access point can open something at all: where some policy tells requests through one from others.

Source: evaluation.md ESC-64, S3-51, S3-53. Elsewhere the bucket decides such requests as it decides all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pathfinder.graph.escalations.calls import Call, Tried, tried
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Policy, SomePolicy

_KEYS = ("s3:dataaccesspoint", "s3:accesspointnetworkorigin")


_UNSURE = (
    "whether a policy of an access point is asked about calls that manage it is not known; this one denies"
)


def managing(
    world: World, actor: Actor, call: Call, guarded: tuple[SomePolicy, ...]
) -> tuple[Tried, tuple[str, ...]] | None:
    """A call that manages an access point, and what is not known of it; `guarded`: the policies that are there.

    They grant nothing there (S3-18); whether their Denies count is not said anywhere.
    """
    found = tried(world, actor, [call])
    if found is None:
        return None
    if not guarded or tried(world, actor, [replace(call, on=replace(call.on, policies=guarded))]) is not None:
        return found, ()
    return replace(found, certain=False), (_UNSURE,)


def account_keys(world: World, bucket: Bucket) -> Iterator[str]:
    """The accounts in question: the bucket's, and every other one where its policy speaks of access points."""
    if not bucket.account:
        return
    policies = (bucket.policy,) if bucket.policy is not None else ()
    if _speak(world, policies):
        yield from sorted({*world.accounts, bucket.account})
    else:
        yield bucket.account


def speaks_of_points(world: World, actor: Actor, bucket: Bucket) -> bool:
    """Whether a policy that applies to the actor's requests about the bucket speaks of access points."""
    told = world.policies(actor, "s3:GetObject", world.bucket_resource(bucket, objects=True))
    levels = (*(told.scp or ()), *(told.rcp or ()))
    return _speak(
        world,
        (
            *told.identity,
            *((told.boundary,) if told.boundary is not None else ()),
            *told.resource,
            *(policy for level in levels for policy in level.policies),
        ),
    )


def _speak(world: World, policies: Iterable[SomePolicy]) -> bool:
    return any(_speaks(world, each) for each in policies)


def _speaks(world: World, policy: SomePolicy) -> bool:
    """Whether a condition of it has such a key; a policy that nobody read may."""
    if not isinstance(policy, Policy):
        return True
    known = world.facts.get(("speaks of access points", id(policy.document)))
    if known is None:
        entries = (each for statement in policy.document.statements for each in statement.conditions)
        found = any(each.key.lower().startswith(_KEYS) for each in entries)
        known = world.facts[("speaks of access points", id(policy.document))] = (policy.document, found)
    assert isinstance(known, tuple)
    return bool(known[1])
