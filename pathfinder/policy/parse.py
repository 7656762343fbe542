"""JSON policy documents read into `Document`s.

What makes a document no policy at all raises `PolicyShapeError`; what makes one statement malformed is
recorded in the statement, for the decision to treat as LANG-50 demands. Source: evaluation.md LANG-1 to LANG-6.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from pathfinder.policy.document import ConditionEntry, Document, Effect, PrincipalElement, Statement


class PolicyShapeError(ValueError):
    """The document is no policy: `place` in the document (empty: the whole), and why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place} {reason}".strip())
        self.place = place
        self.reason = reason


_DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_KEYS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_PRINCIPAL_TYPES = frozenset({"AWS", "CanonicalUser", "Federated", "Service"})
_VERSIONS = frozenset({"2012-10-17", "2008-10-17"})


def parse_document(source: object, *, lenient: bool = False) -> Document:
    """Read a policy document.

    `source`: a decoded JSON object, or JSON text (str or bytes), plain or URL-encoded as raw API responses
    have it. With `lenient`, an Effect other than Allow or Deny is a fault of its statement (LANG-50); without,
    it raises like everything else that AWS could never have saved.
    Raises PolicyShapeError.
    """
    if isinstance(source, (str, bytes, bytearray, memoryview)):
        source = decode(source)
    if not isinstance(source, Mapping):
        raise PolicyShapeError("", f"is {_kind(source)}; a policy is an object with Statement")
    for key in source:
        if key not in _DOCUMENT_KEYS:
            raise PolicyShapeError(str(key), "is no element of a policy; AWS knows Version, Id and Statement")
    version = source.get("Version", "2008-10-17")
    if not isinstance(version, str) or version not in _VERSIONS:
        raise PolicyShapeError("Version", f"is {_shown(version)}; AWS accepts 2012-10-17 or 2008-10-17")
    if "Statement" not in source:
        raise PolicyShapeError("Statement", "is missing; a policy has one statement or a list of them")
    statements = source["Statement"]
    listed = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(listed, (list, tuple)):
        raise PolicyShapeError(
            "Statement", f"is {_kind(statements)}; a policy has one statement or a list of them"
        )
    identifier = source.get("Id")
    return Document(
        version=version,
        statements=tuple(_statement(index, each, lenient) for index, each in enumerate(listed)),
        id=identifier if isinstance(identifier, str) else None,
    )


def decode(source: str | bytes | bytearray | memoryview) -> object:
    """What JSON text holds: plain, URL-encoded, or as a string in JSON. Raises PolicyShapeError."""
    try:
        text = source if isinstance(source, str) else bytes(source).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyShapeError("", f"is not UTF-8 text (byte {error.start})") from None
    if text.lstrip()[:1] == "%":
        text = unquote(text)
    try:
        decoded: object = json.loads(text, object_pairs_hook=_object, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise PolicyShapeError(
            "", f"is not JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        ) from None
    except RecursionError:
        raise PolicyShapeError("", "is nested deeper than any policy") from None
    if isinstance(decoded, str) and decoded.lstrip()[:1] in ("{", "%"):
        return decode(decoded)
    return decoded


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise PolicyShapeError(key, "stands twice in one object; keys must not repeat")
        found[key] = value
    return found


class _Faults:
    """Collects what is malformed in one statement."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, text: str) -> None:
        self.found.append(text)


def _statement(index: int, source: object, lenient: bool) -> Statement:
    place = f"Statement[{index}]"
    if not isinstance(source, Mapping):
        raise PolicyShapeError(place, f"is {_kind(source)}; a statement is an object")
    faults = _Faults()
    faults.found.extend(f"{key} is no element of a statement" for key in source if key not in _STATEMENT_KEYS)
    effect = _effect(place, source, faults, lenient)
    principal = _principal(source, faults)
    actions, not_action = _either(source, "Action", "NotAction", faults)
    resources, not_resource = _either(source, "Resource", "NotResource", faults)
    if actions is None:
        faults.add("neither Action nor NotAction is there")
    sid = source.get("Sid")
    conditions = _conditions(source.get("Condition", {}), faults)
    return Statement(
        index=index,
        sid=sid if isinstance(sid, str) and sid else None,
        effect=effect,
        principal=principal,
        actions=actions or (),
        not_action=not_action,
        resources=resources,
        not_resource=not_resource,
        conditions=conditions,
        fault="; ".join(faults.found) or None,
    )


def _effect(place: str, source: Mapping[Any, Any], faults: _Faults, lenient: bool) -> Effect | None:
    if "Effect" not in source:
        faults.add("Effect is missing")
        return None
    value = source["Effect"]
    if value in ("Allow", "Deny"):
        return Effect(value)
    if not lenient:
        raise PolicyShapeError(f"{place}.Effect", f"is {_shown(value)}; AWS accepts Allow or Deny")
    faults.add(f"Effect is {_shown(value)}; AWS accepts Allow or Deny")
    return None


def _principal(source: Mapping[Any, Any], faults: _Faults) -> PrincipalElement | None:
    if "Principal" in source and "NotPrincipal" in source:
        faults.add("both Principal and NotPrincipal are there")
    for name in ("Principal", "NotPrincipal"):
        if name not in source:
            continue
        value = source[name]
        inverted = name == "NotPrincipal"
        if value == "*":
            return PrincipalElement((("*", ("*",)),), inverted)
        if not isinstance(value, Mapping):
            faults.add(f'{name} is {_shown(value)}; AWS accepts "*" or an object')
            return PrincipalElement((), inverted)
        entries = []
        for kind, listed in value.items():
            texts = _texts(listed)
            if kind not in _PRINCIPAL_TYPES:
                faults.add(f"{name} type {_shown(kind)} is unknown")
            elif texts is None:
                faults.add(f"{name}.{kind} holds something that is no text")
            else:
                entries.append((kind, texts))
        return PrincipalElement(tuple(entries), inverted)
    return None


def _either(
    source: Mapping[Any, Any], plain: str, inverted: str, faults: _Faults
) -> tuple[tuple[str, ...] | None, bool]:
    if plain in source and inverted in source:
        faults.add(f"both {plain} and {inverted} are there")
        return (), False
    name = plain if plain in source else inverted
    if name not in source:
        return None, False
    texts = _texts(source[name])
    if texts is None:
        faults.add(f"{name} holds something that is no text")
    return texts or (), name == inverted


def _conditions(source: object, faults: _Faults) -> tuple[ConditionEntry, ...]:
    if not isinstance(source, Mapping):
        faults.add(f"Condition is {_kind(source)}; AWS accepts an object")
        return ()
    entries = []
    for operator, keys in source.items():
        if not isinstance(keys, Mapping):
            faults.add(f"Condition.{operator} is {_kind(keys)}; AWS accepts an object")
            continue
        for key, listed in keys.items():
            values = _texts(listed, scalars=True)
            if values is None:
                faults.add(f"Condition.{operator}.{key} holds something that is no text, number or boolean")
            else:
                entries.append(ConditionEntry(str(operator), str(key), values))
    return tuple(entries)


def _texts(value: object, *, scalars: bool = False) -> tuple[str, ...] | None:
    """One text or a list of them (LANG-2); with `scalars`, numbers and booleans as their JSON text (COND-5)."""
    items: Iterable[object] = value if isinstance(value, (list, tuple)) else (value,)
    texts = []
    for item in items:
        if isinstance(item, str):
            texts.append(item)
        elif scalars and isinstance(item, (bool, int, float)):
            texts.append(json.dumps(item))
        else:
            return None
    return tuple(texts)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case _:
            return "a list"


def _shown(value: object) -> str:
    """A value for a message, shortened: policies are hostile input."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
