"""What one call for one thing printed, in a file of its own, joined to the thing's entry in a list.

`s3/my-bucket/policy.json` holds what `get-bucket-policy --bucket my-bucket` printed: its output, or with
`2>&1` the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pathfinder.snapshot.decoding import as_utf8, decode
from pathfinder.snapshot.errors import InputError, skippable
from pathfinder.snapshot.files import below
from pathfinder.snapshot.reading import CallFailed, Place, Reading, call_failed
from pathfinder.snapshot.shapes.base import Errors, Shape

BUCKET = {
    "abac": "AbacStatus",
    "acl": "Acl",
    "encryption": "ServerSideEncryptionConfiguration",
    "location": "LocationConstraint",
    "ownership-controls": "OwnershipControls",
    "policy": "Policy",
    "public-access-block": "PublicAccessBlockConfiguration",
    "request-payment": "Payer",
    "tagging": "TagSet",
    "versioning": "Versioning",
}
ACCESS_GRANTS = {"policy": "Policy"}
ACCESS_POINT = {"access-point": "PublicAccessBlockConfiguration", "policy": "Policy"}
MULTI_REGION = {"policy": "Policy"}
OBJECT_LAMBDA = {
    "access-point": "PublicAccessBlockConfiguration",
    "configuration": "Configuration",
    "policy": "Policy",
}
KEY = {"aliases": "Aliases", "grants": "Grants", "key": "KeyMetadata", "policy": "Policy", "tags": "Tags"}
FUNCTION = {"policy": "Policy"}

_WHOLE = ("Acl", "Versioning")
"""Fields that take a call's whole output: these calls print no field that names what they show."""


def supplement(reading: Reading, folder: str, entry: Shape, parts: Mapping[str, str]) -> dict[str, Place]:
    """Set the entry's fields to what the files in the folder say; the places where each of them stands."""
    places: dict[str, Place] = {}
    for name in reading.files.files(folder):
        field = parts.get(name.removesuffix(".json"))
        if field is None:
            continue
        file = below(folder, name)
        try:
            _set(entry, field, _value(reading, file, field), file)
            places[field] = Place(file)
        except InputError as error:
            reading.skip(
                InputError(error.file, error.place, error.reason, skippable("file")), folder.split("/")[-1]
            )
            _note(entry, field, f"{error.file}: {error.what}; left out")
    return places


def _value(reading: Reading, file: str, field: str) -> bytes | CallFailed:
    content = reading.files.read(file) or b""
    if failed := call_failed(content, file):
        return failed
    if not as_utf8(content, file).strip():
        if field == "Versioning":  # the CLI prints nothing for a bucket that never was versioned
            return b"{}"
        return CallFailed("the file is empty, so the call failed; 2>&1 would have kept the reason")
    if field in _WHOLE:
        return as_utf8(content, file)
    return bytes(decode(content, dict[str, msgspec.Raw], file).get(field, b"null"))


def _set(entry: Shape, field: str, value: bytes | CallFailed, file: str) -> None:
    if isinstance(value, CallFailed):
        if not value.absent:
            _note(entry, field, value.code)
            return
        value = b"null"
    attribute = next(each for each in msgspec.structs.fields(entry) if each.encode_name == field)
    narrow = msgspec.defstruct("Answer", [(attribute.name, attribute.type)], rename={attribute.name: field})
    setattr(
        entry,
        attribute.name,
        getattr(decode(b'{"%s":%s}' % (field.encode(), value), narrow, file), attribute.name),
    )


def _note(entry: Shape, field: str, reason: str) -> None:
    errors: Errors = {**(getattr(entry, "errors", None) or {}), field: reason}
    entry.errors = errors  # type: ignore[attr-defined]
