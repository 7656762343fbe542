"""SSE-KMS: reading an object needs kms:Decrypt, writing one kms:GenerateDataKey, of the same caller through S3.

Source: evaluation.md S3-40 to S3-44, KMS-8, KMS-9, KMS-13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.further.registry import Need, further
from pathfinder.graph.keys import default_key, held_key, is_default_key, key_resource, via_s3
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import Bucket
from pathfinder.policy.context import ABSENT, OBJECT_KEY, Composed, KeyState, Values
from pathfinder.policy.document import Policy, PolicyKind, Unread
from pathfinder.policy.resources import Target

DECRYPT, GENERATE = "kms:Decrypt", "kms:GenerateDataKey"
_USES = {"s3:getobject": DECRYPT, "s3:getobjectversion": DECRYPT, "s3:putobject": GENERATE}
_ENCRYPTION = "s3:x-amz-server-side-encryption"
_NOT_SSE_S3 = one(_ENCRYPTION, StringTest((exact("AES256"),))).opposite()
"""The writer does not ask for SSE-S3, which needs no key (S3-41, S3-44)."""
_SSE_KMS = one(_ENCRYPTION, StringTest((exact("aws:kms"), exact("aws:kms:dsse"))))
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


def is_encrypted_with_kms(bucket: Bucket) -> bool:
    """Whether the bucket's default encryption is SSE-KMS or DSSE-KMS."""
    if bucket.encryption is None:
        return bucket.kms_key is not None
    return bucket.encryption.startswith("aws:kms")


def _speaks_of_encryption(bucket: Bucket) -> bool:
    """Whether the bucket policy looks at how a writer has objects encrypted."""
    if not isinstance(bucket.policy, Policy):
        return False
    entries = (entry for each in bucket.policy.document.statements for entry in each.conditions)
    return any(entry.key.lower().startswith(_ENCRYPTION) for entry in entries)


@further("kms")
def encryption(world: World, action: str, resource: Resource) -> Iterator[Need]:
    """The key of the bucket's default encryption: for reads of bytes, and for writes that do not ask for SSE-S3."""
    use, bucket = _USES.get(action.lower()), resource.bucket
    if use is None or bucket is None:
        return
    if not is_encrypted_with_kms(bucket):
        if use == GENERATE and _speaks_of_encryption(bucket):
            reason = f"whether the key that a writer names opens is not decided; {bucket.name} asks for one"
            yield Need(use, Resource(Target(None, service="kms"), None), when=_SSE_KMS, unknown=reason)
        return
    when: Formula = _NOT_SSE_S3 if use == GENERATE else TRUE
    what = "bytes unreadable" if use == DECRYPT else "not writable"
    key = default_key(world, bucket)
    if isinstance(key, str):
        nothing = Resource(Target(None, service="kms"), None)
        yield Need(use, nothing, when=when, unknown=key, blocked=f"{what}: {key}")
        return
    yield Need(
        use,
        _resource(world, key, bucket),
        _as_sent(world, use, key, bucket),
        _readings(resource, bucket),
        f"whether S3 bucket keys are on for {bucket.name} is not known",
        when,
        gaps=tuple(_gaps(bucket)),
        blocked=f"{what}: key {_shown(key)}",
        perhaps=tuple(_perhaps(world, use, key)),
        note=_note(use, key),
    )


def _resource(world: World, key: Arn, bucket: Bucket) -> Resource:
    """The key; one that the snapshot does not hold has a policy that nobody has read."""
    found = key_resource(world, key, changed=world.changed_key(bucket))
    if found.policies:
        return found
    reason = f"the snapshot does not hold the key, of account {key.account}"
    return replace(found, policies=(Unread(PolicyKind.KEY, "key policy", str(key), reason),))


def _as_sent(world: World, use: str, key: Arn, bucket: Bucket) -> Mapping[str, KeyState]:
    """How S3 calls KMS for the caller: no network of the caller's shows (KMS-8)."""
    states: dict[str, KeyState] = dict.fromkeys(_NETWORK, ABSENT)
    states["aws:viaawsservice"] = Values(("true",))
    states["aws:requestedregion"] = Values((key.region,))
    states["kms:encryptioncontextkeys"] = Values(("aws:s3:arn",), multivalued=True)
    via = via_s3(key)
    if via is not None:
        states["kms:viaservice"] = Values((via,))
    given_by_alias = "alias/" in (bucket.kms_key or "")
    if not given_by_alias:
        states["kms:requestalias"] = ABSENT
    elif use == GENERATE:
        states["kms:requestalias"] = Values((f"alias/{(bucket.kms_key or '').partition('alias/')[2]}",))
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


def _gaps(bucket: Bucket) -> Iterator[str]:
    text = bucket.kms_key or ""
    if text.startswith("alias/") and not text.startswith("alias/aws/"):
        yield f"{bucket.name} gives its key by {text}: writers of other accounts use their own key of that name"


def _perhaps(world: World, use: str, key: Arn) -> Iterator[str]:
    if use == GENERATE:
        yield "a request may name another key: whether one opens is not decided (S3-41)"
    held = held_key(world, key)
    if held is not None and held.grants is None and not held.aws_managed:
        yield f"the grants on key {key} are not known: one may open it"


def _note(use: str, key: Arn) -> str:
    if use == DECRYPT:
        return f"{_shown(key)}, the bucket's default; objects may be written with another key (S3-41)"
    return f"{_shown(key)}, the bucket's default; multipart uploads need kms:Decrypt besides (S3-40)"


def _shown(key: Arn) -> str:
    if is_default_key(key):
        return f"alias/aws/s3 of account {key.account}, whose policy is AWS's own (S3-42)"
    return str(key)
