"""What writing or reading an object with a KMS key needs of the caller, whichever key it is.

Source: evaluation.md S3-40 to S3-43, KMS-1, KMS-6, KMS-8, KMS-9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.further.registry import Need
from pathfinder.graph.keys import held_key, is_default_key, key_resource, via_s3
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula
from pathfinder.model.resources import Bucket, Key
from pathfinder.policy.context import ABSENT, OBJECT_KEY, Composed, KeyState, Values
from pathfinder.policy.document import PolicyKind, Unread

DECRYPT, GENERATE = "kms:Decrypt", "kms:GenerateDataKey"
_NETWORK = (
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcevpcarn",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
)
_WHAT = {DECRYPT: "bytes unreadable", GENERATE: "not writable"}


def need_of_key(
    world: World, use: str, key: Arn, resource: Resource, bucket: Bucket, when: Formula, alias: str = ""
) -> Need:
    """That the caller may use the key for an object of the bucket. `alias`: by which the bucket gives the key."""
    return Need(
        use,
        _resource(world, key, bucket),
        _as_sent(world, use, key, alias),
        _readings(resource, bucket),
        f"whether S3 bucket keys are on for {bucket.name} is not known",
        when,
        blocked=f"{_WHAT[use]}: key {shown_key(key)}",
        perhaps=tuple(_perhaps(world, key)),
    )


def _resource(world: World, key: Arn, bucket: Bucket) -> Resource:
    """The key; one that the snapshot does not hold has a policy that nobody has read."""
    found = key_resource(world, key, changed=_changed(world, key, bucket))
    if found.policies:
        return found
    reason = f"the snapshot does not hold the key, of account {key.account}"
    return replace(found, policies=(Unread(PolicyKind.KEY, "key policy", str(key), reason),))


def _changed(world: World, key: Arn, bucket: Bucket) -> Key | None:
    """The key as an escalation has changed it (ESC-67)."""
    changed = world.changed_key(bucket)
    return changed if changed is not None and changed.arn == key else None


def _as_sent(world: World, use: str, key: Arn, alias: str) -> Mapping[str, KeyState]:
    """How S3 calls KMS for the caller: no network of the caller's shows (KMS-8)."""
    states: dict[str, KeyState] = dict.fromkeys(_NETWORK, ABSENT)
    states["aws:viaawsservice"] = Values(("true",))
    states["aws:requestedregion"] = Values((key.region,))
    states["kms:encryptioncontextkeys"] = Values(("aws:s3:arn",), multivalued=True)
    via = via_s3(key)
    if via is not None:
        states["kms:viaservice"] = Values((via,))
    if not alias:
        states["kms:requestalias"] = ABSENT
    elif use == GENERATE:
        states["kms:requestalias"] = Values((alias,))
    aliases = _aliases(world, key)
    if aliases is not None:
        states["kms:resourcealiases"] = Values(aliases, multivalued=True) if aliases else ABSENT
    return states


def _aliases(world: World, key: Arn) -> tuple[str, ...] | None:
    if is_default_key(key):
        return ("alias/aws/s3",)
    held = held_key(world, key)
    return held.aliases if held is not None else None


def _readings(resource: Resource, bucket: Bucket) -> tuple[Mapping[str, KeyState], ...]:
    """The encryption context: the object's ARN, with bucket keys the bucket's; where that is not known, either."""
    context = "kms:encryptioncontext:aws:s3:arn"
    target = resource.target
    of_object: KeyState = Values((str(target.arn),))
    if target.open_prefix is not None:
        of_object = Composed(f"{bucket.arn}/", OBJECT_KEY)
    by_object, by_bucket = {context: of_object}, {context: Values((str(bucket.arn),))}
    if bucket.bucket_key is None:
        return (by_object, by_bucket)
    return (by_bucket,) if bucket.bucket_key else (by_object,)


def _perhaps(world: World, key: Arn) -> Iterator[str]:
    held = held_key(world, key)
    if held is not None and held.grants is None and not held.aws_managed:
        yield f"the grants on key {key} are not known: one may open it"


def shown_key(key: Arn) -> str:
    """The key's ARN; of an AWS-managed one that the snapshot does not hold, whose it is."""
    if is_default_key(key):
        return f"alias/aws/s3 of account {key.account}, whose policy is AWS's own (S3-42)"
    return str(key)
