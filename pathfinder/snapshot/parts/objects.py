"""Objects of a bucket: what `list-objects-v2` printed, with the ACL and the tags of each."""

from __future__ import annotations

import re

from pathfinder.model.resources import Bucket, S3Object
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.acls import acl_of, acl_written
from pathfinder.snapshot.parts.common import Json, tags_written
from pathfinder.snapshot.reading import Reading
from pathfinder.snapshot.shapes import s3
from pathfinder.snapshot.shapes.base import tags_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z", re.ASCII)


def objects_stem(bucket: str) -> str | None:
    """Where a bucket's objects stand in its account's folder; None for what is no bucket's name, and no folder's."""
    return f"s3/{bucket}/objects" if _NAME.match(bucket) else None


def objects(reading: Reading, account: str, name: str, bucket: str) -> tuple[tuple[S3Object, ...], bool]:
    """The objects that the bucket's folder lists, and whether that is all of them. `account`: its folder."""
    stem = objects_stem(name)
    pages = reading.pages(below(account, stem), s3.Objects, bucket) if stem else None
    if pages is None:
        return (), False
    found: dict[str, S3Object] = {}
    for _, page in pages:
        for entry in page.contents or ():
            found.setdefault(entry.key, _object(entry))
    return tuple(sorted(found.values(), key=lambda each: each.key)), pages.complete


def _object(entry: s3.ObjectEntry) -> S3Object:
    return S3Object(
        entry.key,
        entry.owner.id if entry.owner else None,
        acl_of(entry.acl) if entry.acl else None,
        tags_of(entry.tag_set) if entry.tag_set is not None else None,
    )


def objects_written(bucket: Bucket) -> Json:
    """As `list-objects-v2 --fetch-owner` prints them, with `Acl` and `TagSet` in each entry."""
    found: Json = {"Contents": [_written(each) for each in bucket.objects]}
    if not bucket.objects_listed:
        found["Incomplete"] = True
    return found


def _written(each: S3Object) -> Json:
    found: Json = {"Key": each.key}
    if each.owner is not None:
        found["Owner"] = {"ID": each.owner}
    if each.acl is not None:
        found["Acl"] = acl_written(each.acl)
    if each.tags is not None:
        found["TagSet"] = tags_written(each.tags)
    return found
