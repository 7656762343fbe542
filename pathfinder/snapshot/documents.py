"""Policy documents: each distinct one parsed once, and written as AWS writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from pathfinder.policy.document import ConditionEntry, Document, PrincipalElement, Statement
from pathfinder.policy.parse import PolicyShapeError, decode, parse_document

FAULT = "pathfinder:fault"
"""Our own element of a statement: what was malformed in the original, where the rest was kept (LANG-50)."""


class Documents:
    """Policy documents by their bytes: of 42,000 policies of a large organization 18,000 are distinct."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[bytes, bool], Document] = {}

    def parse(self, content: bytes, *, lenient: bool = False) -> Document:
        """The document, `lenient` as in `parse_document`. Raises PolicyShapeError."""
        key = content, lenient
        if key not in self._parsed:
            self._parsed[key] = _parse(content, lenient)
        return self._parsed[key]


def _parse(content: bytes, lenient: bool) -> Document:
    marked = _with_faults(content) if FAULT.encode() in content else None
    document = marked or parse_document(content, lenient=lenient)
    if b"\\u" in content or b"%5Cu" in content:
        try:
            repr(document).encode()
            msgspec.json.encode(written(document))
        except UnicodeEncodeError:
            raise PolicyShapeError("", "holds half of a surrogate pair, which is no character") from None
    return document


def _with_faults(content: bytes) -> Document | None:
    """The document with the faults that our own writer noted; None where the mark stands elsewhere.

    Some policies are kept as JSON in a string, as AWS has them; the mark is looked for inside.
    """
    source = decode(content)
    statements = source.get("Statement") if isinstance(source, dict) else None
    if not isinstance(statements, list) or not all(isinstance(each, dict) for each in statements):
        return None
    faults = [each.pop(FAULT, None) for each in statements]
    document = parse_document(source, lenient=True)
    return replace(
        document,
        statements=tuple(
            replace(statement, fault=fault) if isinstance(fault, str) and fault else statement
            for statement, fault in zip(document.statements, faults, strict=True)
        ),
    )


def written(document: Document) -> dict[str, object]:
    """The document as JSON; read again, it is the same document, the faults of its statements included."""
    found: dict[str, object] = {"Version": document.version}
    if document.id is not None:
        found["Id"] = document.id
    found["Statement"] = [_statement(each) for each in document.statements]
    return found


def _statement(statement: Statement) -> dict[str, object]:
    found: dict[str, object] = {}
    if statement.sid is not None:
        found["Sid"] = statement.sid
    if statement.effect is not None:
        found["Effect"] = statement.effect.value
    if statement.principal is not None:
        found["NotPrincipal" if statement.principal.inverted else "Principal"] = _principal(
            statement.principal
        )
    found["NotAction" if statement.not_action else "Action"] = _one_or_many(statement.actions)
    if statement.resources is not None:
        found["NotResource" if statement.not_resource else "Resource"] = _one_or_many(statement.resources)
    if statement.conditions:
        found["Condition"] = _conditions(statement.conditions)
    if statement.fault is not None:
        found[FAULT] = statement.fault
    return found


def _principal(principal: PrincipalElement) -> object:
    if principal.entries == (("*", ("*",)),):
        return "*"
    return {kind: _one_or_many(texts) for kind, texts in principal.entries}


def _conditions(entries: Iterable[ConditionEntry]) -> Mapping[str, Mapping[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        found.setdefault(entry.operator, {})[entry.key] = _one_or_many(entry.values)
    return found


def _one_or_many(texts: tuple[str, ...]) -> object:
    return texts[0] if len(texts) == 1 else list(texts)
