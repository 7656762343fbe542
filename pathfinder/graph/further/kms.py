"""SSE-KMS: reading an object needs kms:Decrypt, writing one kms:GenerateDataKey, of the same caller through S3.

Source: evaluation.md S3-40 to S3-44, KMS-8, KMS-9, KMS-13.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.further.registry import Need, further
from pathfinder.graph.key_choices import CUSTOMER, ENCRYPTION, KEY_ID, OTHER_KEY, KeyChoices
from pathfinder.graph.key_needs import DECRYPT, GENERATE, need_of_key, shown_key
from pathfinder.graph.keys import default_key, is_encrypted_with_kms
from pathfinder.graph.policies_speak import speak_of
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, all_of, any_of, negate, one, present
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import Bucket
from pathfinder.policy.resources import Target

_READS = (
    "GetObject",
    "GetObjectVersion",
    "GetObjectTorrent",
    "GetObjectVersionTorrent",
    "GetObjectVersionForReplication",
)
_USES = {**{f"s3:{each.lower()}": DECRYPT for each in _READS}, "s3:putobject": GENERATE}
"""The actions that read or write bytes, whoever makes the call: a replication role too (S3-A1, S3-A4 to S3-A6)."""
_WITH_KEY = all_of(
    one(ENCRYPTION, StringTest((exact("AES256"),))).opposite(),
    any_of(present(ENCRYPTION), negate(present(CUSTOMER))),
)
"""The writer asks neither for SSE-S3 nor for SSE-C, which need no key of KMS (S3-41, S3-44)."""
_SSE_KMS = one(ENCRYPTION, StringTest((exact("aws:kms"), exact("aws:kms:dsse"))))


@further("kms")
def encryption(world: World, action: str, resource: Resource) -> Iterator[Need]:
    """The key of the bucket's default encryption: for reads of bytes, and for writes that do without no key.

    A writer may name another one (S3-41): `KeyChoices` says when that is looked at.
    """
    use, bucket = _USES.get(action.lower()), resource.bucket
    if use is None or bucket is None:
        return
    default: Need | None
    if not is_encrypted_with_kms(bucket):
        default, key = _of_plain(world, use, resource, bucket), None
    else:
        default, key = _of_encrypted(world, use, resource, bucket)
    if default is not None and use == GENERATE:
        default = replace(default, choices=KeyChoices(world, resource, bucket, default, key))
    if default is not None:
        yield default


def _of_plain(world: World, use: str, resource: Resource, bucket: Bucket) -> Need | None:
    """Who asks for SSE-KMS in a bucket of plain objects and names no key."""
    if use != GENERATE:
        return None
    reason = (
        f"which key a write with SSE-KMS takes that names none is not decided: {bucket.name} has no default"
    )
    nothing = Resource(Target(None, service="kms"), None)
    unless_given = () if speak_of(world, bucket, ENCRYPTION) else (ENCRYPTION, KEY_ID)
    return Need(use, nothing, when=_SSE_KMS, unknown=reason, unless_given=unless_given)


def _of_encrypted(world: World, use: str, resource: Resource, bucket: Bucket) -> tuple[Need, Arn | None]:
    when: Formula = _WITH_KEY if use == GENERATE else TRUE
    key = default_key(world, bucket)
    if isinstance(key, str):
        what = "bytes unreadable" if use == DECRYPT else "not writable"
        nothing = Resource(Target(None, service="kms"), None)
        return Need(use, nothing, when=when, unknown=key, blocked=f"{what}: {key}"), None
    alias = (
        f"alias/{(bucket.kms_key or '').partition('alias/')[2]}" if "alias/" in (bucket.kms_key or "") else ""
    )
    need = need_of_key(world, use, key, resource, bucket, when, alias)
    perhaps = (*need.perhaps, OTHER_KEY) if use == GENERATE else need.perhaps
    return replace(need, gaps=tuple(_gaps(bucket)), note=_note(use, key), perhaps=perhaps), key


def _gaps(bucket: Bucket) -> Iterator[str]:
    text = bucket.kms_key or ""
    if text.startswith("alias/") and not text.startswith("alias/aws/"):
        yield f"{bucket.name} gives its key by {text}: writers of other accounts use their own key of that name"


def _note(use: str, key: Arn) -> str:
    if use == DECRYPT:
        return f"{shown_key(key)}, the bucket's default; objects may be written with another key (S3-41)"
    return f"{shown_key(key)}, the bucket's default; multipart uploads need kms:Decrypt besides (S3-40)"
