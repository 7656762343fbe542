"""Objects that another account than the bucket's owns: whom S3 asks about them. Source: evaluation.md S3-4, S3-5."""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.authorization.caller import account_of
from pathfinder.authorization.request import ForeignObjects, Request
from pathfinder.aws.arn import is_account_id
from pathfinder.logic.formula import Formula, constant
from pathfinder.logic.patterns import exact
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.policy.resources import Target

ANONYMOUS_OWNER = "65a011a29cdf8ec533ec3d1ccaae921c"
"""The canonical user id that owns what unsigned requests wrote (S3-5)."""

_OF_THE_BUCKET = frozenset(
    f"s3:{name}"
    for name in (
        "putobject",
        "abortmultipartupload",
        "listmultipartuploadparts",
        "replicateobject",
        "replicatedelete",
        "replicatetags",
        "replicateobjectannotation",
        "objectowneroverridetobucketowner",
        "initiatereplication",
    )
)
"""They make a new object or concern an upload: who owns what stood under the key before is not asked (S3-35)."""

_ALWAYS_BUCKET_OWNERS = frozenset({"s3:deleteobject", "s3:deleteobjectversion", "s3:restoreobject"})
"""What the bucket's owner may do to every object in it (S3-4)."""


@dataclass(frozen=True, slots=True)
class OwnedElsewhere:
    """Of a request: `holds` when its object is among these, which `owner` owns; `counts` whether that is certain."""

    owner: str
    holds: Formula
    counts: Formula


def owned_elsewhere(
    request: Request, bucket_owner: str | None, groups: tuple[ForeignObjects, ...]
) -> tuple[OwnedElsewhere, ...]:
    """The owners whom the request must ask, beside the bucket's; none where the bucket's owner is asked anyway."""
    if not groups or not asks_object_owner(request, bucket_owner):
        return ()
    return tuple(
        OwnedElsewhere(each.owner, _holds(each.keys, request.target), each.counts) for each in groups
    )


def asks_object_owner(request: Request, bucket_owner: str | None) -> bool:
    """Whether the owner of the object decides, where it is not the bucket's (S3-4)."""
    action = request.action.lower()
    if request.service != "s3" or not is_on_object(request.target) or action in _OF_THE_BUCKET:
        return False
    inside = bucket_owner is not None and account_of(request.caller) == bucket_owner
    return not (inside and action in _ALWAYS_BUCKET_OWNERS)


def ownership_class(action: str) -> int:
    """What object ownership tells apart: actions with one number have one answer."""
    name = action.lower()
    return 1 if name in _OF_THE_BUCKET else 2 if name in _ALWAYS_BUCKET_OWNERS else 0


def is_on_object(target: Target) -> bool:
    """Whether the target is an object by its bucket, its key open or not."""
    return target.open_prefix is not None or (target.arn is not None and target.arn.is_object)


def owner_text(owner: str) -> str:
    """An owner of objects, for people."""
    if owner == ANONYMOUS_OWNER:
        return "nobody's account (an unsigned request wrote it)"
    return f"account {owner}" if is_account_id(owner) else f"the account of canonical id {owner}"


def _holds(keys: tuple[str, ...], target: Target) -> Formula:
    if target.open_prefix is None:
        assert target.arn is not None
        return constant(target.arn.resource.partition("/")[2] in keys)
    return open_text(OBJECT_KEY, tuple(map(exact, keys)))
