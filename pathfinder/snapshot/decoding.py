"""JSON bytes into AWS-shaped structs, and msgspec's messages into our own. Nothing else raises here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from pathfinder.snapshot.errors import FIX, InputError, join_place, skippable

T = TypeVar("T")
Skip = Callable[[InputError], None]
"""Takes the error of an entry that is left out."""


def decode(content: bytes, shape: type[T], file: str) -> T:
    """The file's JSON as the shape. Raises InputError with the place in the file."""
    content = as_utf8(content, file)
    try:
        return cast("T", _decoder(shape).decode(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _explained(error, content, file) from None


def decode_pages(content: bytes, shape: type[T], file: str, skip: Skip | None = None) -> list[T]:
    """Pages of one call's output: one object, or an array of them.

    With `skip`, an entry of a page's list that does not fit is left out and its error handed to `skip`.
    """
    content = as_utf8(content, file)
    many = content.lstrip()[:1] == b"["
    try:
        if many:
            return cast("list[T]", _decoder(list[shape]).decode(content))  # type: ignore[valid-type]
        return [cast("T", _decoder(shape).decode(content))]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        explained = _explained(error, content, file)
        if skip is None or not isinstance(error, (msgspec.ValidationError, UnicodeDecodeError)):
            raise explained from None
    raws = _entries(content, file) if many else [content]
    return [_salvaged(raw, shape, file, f"[{index}]" if many else "", skip) for index, raw in enumerate(raws)]


def as_utf8(content: bytes, file: str) -> bytes:
    """The text as UTF-8 without a byte order mark; PowerShell's `>` writes UTF-16."""
    if content.startswith(codecs.BOM_UTF8):
        return content[3:]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16").encode()
        except UnicodeError:
            raise InputError(file, "", "is not UTF-16 text, though it begins so", f"{FIX}.") from None
    return content


def _salvaged(content: bytes, shape: type[T], file: str, at: str, skip: Skip) -> T:
    """The page with the entries that fit; what else is wrong with it raises."""
    fields = decode(content, dict[str, msgspec.Raw], file)
    kept: dict[str, Any] = dict(fields)
    for field in msgspec.structs.fields(cast("Any", shape)):
        item = _list_item(field.type)
        raw = fields.get(field.encode_name)
        if item is None or raw is None or bytes(raw).lstrip()[:1] != b"[":
            continue
        kept[field.encode_name] = fit = []
        for index, entry in enumerate(_entries(bytes(raw), file)):
            try:
                _decoder(item).decode(entry)
                fit.append(msgspec.Raw(entry))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                skip(_explained(error, entry, file, f"{at}{'.' if at else ''}{field.encode_name}[{index}]"))
    salvaged = msgspec.json.encode(kept)
    try:
        return cast("T", _decoder(shape).decode(salvaged))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _explained(error, salvaged, file, at) from None


def _entries(content: bytes, file: str) -> list[bytes]:
    return [bytes(each) for each in decode(content, list[msgspec.Raw], file)]


def _list_item(kind: Any) -> Any:
    """The item's type where the field is a list of structs, or such a list or null."""
    if get_origin(kind) in (Union, UnionType):
        return next((found for each in get_args(kind) if (found := _list_item(each))), None)
    if get_origin(kind) is list:
        (item,) = get_args(kind)
        return item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None
    return None


def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    """A decoder, made once for each shape."""
    return _cached_decoder(shape)


@lru_cache(maxsize=256)
def _cached_decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


_PLACE = re.compile(r"(?P<reason>.*?)(?: - at `(?P<key>key in )?\$(?P<place>.*)`)?\Z", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(?P<expected>.*)`, got `(?P<got>.*)`\Z", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>.*)`\Z", re.DOTALL)
_MALFORMED = re.compile(r"JSON is malformed: (?P<why>.*) \(byte (?P<at>\d+)\)\Z")
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def _explained(error: Exception, content: bytes, file: str, inside: str = "") -> InputError:
    """What was wrong, where, in our words."""
    if isinstance(error, RecursionError):
        return InputError(file, inside, "is nested deeper than anything AWS writes", f"{FIX}.")
    if isinstance(error, UnicodeDecodeError):
        return InputError(file, inside, f"is not UTF-8 text{_line_of_bad_byte(content)}", f"{FIX}.")
    if not isinstance(error, msgspec.ValidationError):
        return InputError(file, inside, _broken(str(error), content), f"{FIX}.")
    found = _PLACE.match(str(error))
    assert found is not None
    place, reason = join_place(inside, (found["place"] or "").lstrip(".")), found["reason"]
    remedy = skippable("entry") if "[" in place else f"{FIX}."
    if missing := _MISSING.match(reason):
        return InputError(file, place, f"has no {missing['field']}", remedy)
    if wrong := _EXPECTED.match(reason):
        got, expected = (
            " or ".join(_WORDS.get(w, w) for w in wrong[k].split(" | ")) for k in ("got", "expected")
        )
        return InputError(file, place, f"is {got}; {expected} was expected", remedy)
    return InputError(file, place, f"is not usable: {reason}", remedy)


def _broken(message: str, content: bytes) -> str:
    """Text that is no JSON at all: where and how."""
    if not content.strip():
        return "is empty; JSON was expected"
    if found := _MALFORMED.match(message):
        at = int(found["at"]) - ("trailing" in found["why"])  # of those, msgspec counts from one
        before = content[:at]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        return f"is not JSON (line {line}, column {column}: {found['why']})"
    if "truncated" in message:
        return "is not JSON: it ends in the middle"
    return f"is not JSON ({message})"


def _line_of_bad_byte(content: bytes) -> str:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f" (byte 0x{content[error.start]:02x} in line {line})"
    return ""
