"""Block Public Access turned off at the levels that somebody may change. Source: evaluation.md ESC-63, BPA-1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pathfinder.authorization.block import NO_SWITCH, EffectiveBlock
from pathfinder.authorization.caller import account_of
from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.escalations.resources import anywhere
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket

OF_BUCKET, OF_ACCOUNT = "s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock"


@dataclass(frozen=True, slots=True, eq=False)
class Unblocked:
    """The bucket after the calls; `words` say what would be done, nothing where nothing is."""

    bucket: Bucket
    block: EffectiveBlock
    calls: tuple[Call, ...] = ()
    words: str = ""


def unblocked(world: World, bucket: Bucket) -> Iterator[Unblocked]:
    """The bucket as it is, then with its switches, its account's, and both turned off: what changes something.

    An organization's S3 policy stands in for the account's switches, and no account can change it (BPA-1).
    """
    known = [Unblocked(bucket, world.block_of(bucket))]
    yield known[0]
    for levels in ((OF_BUCKET,), (OF_ACCOUNT,), (OF_BUCKET, OF_ACCOUNT)):
        if OF_ACCOUNT in levels and by_organization(world, bucket.account):
            continue
        new = _without(world, bucket, levels)
        if all(new.block != each.block for each in known):
            known.append(new)
            yield new


def of_own_account(way: Unblocked, actor: Actor) -> bool:
    """Whether the actor is of the account whose switches are turned off, if any are (S3-18)."""
    return all(call.action != OF_ACCOUNT or call.on.account == account_of(actor.caller) for call in way.calls)


def by_organization(world: World, account: str) -> bool:
    """Whether an S3 policy of the organization sets the account's switches."""
    organization = world.snapshot.organization_of(account)
    return organization is not None and account in dict(organization.s3_policies)


def follows(world: World, changed: Bucket, before: Unblocked) -> Bucket:
    """The bucket, changed further, with its account's switches as they then are."""
    if any(call.action == OF_ACCOUNT for call in before.calls):
        world.change_block(changed, NO_SWITCH)
    return changed


def _without(world: World, bucket: Bucket, levels: tuple[str, ...]) -> Unblocked:
    copy = replace(bucket)
    calls: list[Call] = []
    words: list[str] = []
    if OF_BUCKET in levels:
        unread = tuple(each for each in bucket.unread if each != "PublicAccessBlock")
        copy = replace(bucket, public_access_block=NO_SWITCH, unread=unread)
        calls.append(Call(OF_BUCKET, world.bucket_resource(bucket, objects=False)))
        words.append(f"of {bucket.name}")
    if OF_ACCOUNT in levels:
        world.change_block(copy, NO_SWITCH)
        calls.append(Call(OF_ACCOUNT, anywhere(bucket.account, "s3")))
        words.append(f"of account {bucket.account}")
    said = f"Block Public Access {' and '.join(words)} would be turned off"
    return Unblocked(copy, world.block_of(copy), tuple(calls), said)
