"""Contexts, wildcards, policy variables, actions and resources (evaluation.md chapter 2)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

ANY_RUN = object()  # `*`
ANY_ONE = object()  # `?`
Pattern = list[object]  # single characters, ANY_RUN, ANY_ONE

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WITH_DEFAULT = re.compile(r"([^,]+), '([^']*)'")


class Undecidable(Exception):  # noqa: N818 - it is an answer, not a fault
    """The rules leave the decision of this request open."""


def as_list(value: Any) -> list[Any]:
    """A scalar equals a one-element list (LANG-2)."""
    return list(value) if isinstance(value, list | tuple) else [value]


def as_text(value: Any) -> str:
    """Numbers and booleans become their JSON text (COND-5)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Context:
    """The closed request context: names ignore case (TERM-1, COND-3); an array is a multivalued key."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._values: dict[str, list[str]] = {}
        self._multivalued: set[str] = set()
        for name, value in raw.items():
            if name.lower() in self._values:
                raise Undecidable(f"the context holds {name} twice (COND-3)")
            self._values[name.lower()] = [as_text(one) for one in as_list(value)]
            if isinstance(value, list | tuple):
                self._multivalued.add(name.lower())

    def values(self, name: str) -> list[str] | None:
        """All values of the key, or None where it is absent."""
        return self._values.get(name.lower())

    def single(self, name: str) -> str | None:
        """What a variable sees: multivalued keys count as missing (LANG-41)."""
        if name.lower() in self._multivalued or name.lower() not in self._values:
            return None
        return self._values[name.lower()][0]


def matches(pattern: Sequence[object], text: str) -> bool:
    """Whether the whole text matches (LANG-11, LANG-21): the set of text positions reached so far."""
    reached = {0}
    for part in pattern:
        if part is ANY_RUN:
            reached = set(range(min(reached), len(text) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(text) and (part is ANY_ONE or part == text[at])}
        if not reached:
            return False
    return len(text) in reached


def plain(text: str, wildcards: bool = True) -> Pattern:
    """The text with its wildcards, without variables."""
    special = {"*": ANY_RUN, "?": ANY_ONE} if wildcards else {}
    return [special.get(character, character) for character in text]


@lru_cache(maxsize=200_000)
def glob(pattern: str, text: str) -> bool:
    """Whether a pattern without variables matches the whole text."""
    return matches(plain(pattern), text)


def expand(text: str, version: str, context: Context, wildcards: bool) -> Pattern | None:
    """The text with variables replaced by literal characters; None if one cannot be (LANG-40 to LANG-47)."""
    if version != "2012-10-17" or "${" not in text:  # LANG-4
        return plain(text, wildcards)
    pattern: Pattern = []
    end = 0
    for variable in _VARIABLE.finditer(text):
        pattern += plain(text[end : variable.start()], wildcards)
        end = variable.end()
        value = _value_of(variable.group(1), context)
        if value is None:
            return None
        pattern += list(value)  # LANG-46: literal text
    return pattern + plain(text[end:], wildcards)


def _value_of(inside: str, context: Context) -> str | None:
    if inside in ("*", "?", "$"):  # LANG-43
        return inside
    with_default = _WITH_DEFAULT.fullmatch(inside)
    key, default = with_default.groups() if with_default else (inside, None)
    value = context.single(key)
    return default if value is None else value  # LANG-42, LANG-47


def fields(arn: str) -> list[str]:
    """Split at the first five colons (LANG-20)."""
    return arn.split(":", 5)


def action_matches(statement: Mapping[str, Any], action: str) -> bool:
    """`Action` or `NotAction` (LANG-10 to LANG-14)."""
    if "NotAction" in statement:
        return not any(_one_action(entry, action) for entry in as_list(statement["NotAction"]))
    return any(_one_action(entry, action) for entry in as_list(statement.get("Action", [])))


def _one_action(entry: str, action: str) -> bool:
    if entry == "*":
        return True
    prefix, _, name = entry.partition(":")
    if not name or re.search(r"[\s,]", entry):  # LANG-13
        return False
    wanted_prefix, _, wanted_name = action.lower().partition(":")
    if prefix == "*":
        return name == "*"  # LANG-11: only as "*:*"
    return prefix.lower() == wanted_prefix and glob(name.lower(), wanted_name)


def resource_matches(
    statement: Mapping[str, Any], action: str, resource: str, version: str, context: Context, pad_short: bool
) -> bool:
    """`Resource` or `NotResource`; neither (trust policies) means the resource itself (LANG-5)."""
    if "NotResource" in statement:
        answers = [
            _one_resource(entry, action, resource, version, context, pad_short, in_not=True)
            for entry in as_list(statement["NotResource"])
        ]
        if None in answers:
            return statement.get("Effect") == "Deny"  # LANG-44, D-11: the whole statement; Allow off, Deny on
        return True not in answers
    if "Resource" not in statement:
        return True
    return any(
        _one_resource(entry, action, resource, version, context, pad_short, in_not=False) is True
        for entry in as_list(statement["Resource"])
    )


def _one_resource(
    entry: str, action: str, resource: str, version: str, context: Context, pad_short: bool, in_not: bool
) -> bool | None:
    """Whether one entry matches; None for a variable without a value."""
    if entry == "*":
        return True
    parts = fields(entry)
    if len(parts) < 6:  # LANG-28
        if not pad_short:
            return False
        parts += ["*"] * (6 - len(parts))
    sixth = expand(parts[5], version, context, wildcards=True) if "${" in parts[5] else []
    if sixth is None:  # LANG-40: variables in the sixth field only; LANG-44
        return None
    if resource == "*":  # LANG-27, D-9: for S3 only, and only as Resource
        return not in_not and action.startswith("s3:") and parts[2:] == ["s3", "", "", "*"]
    wanted = fields(resource)
    for part, want in zip(parts[:5], wanted[:5], strict=True):
        if not glob(part.lower(), want.lower()):  # LANG-24
            return False
    return matches(sixth, wanted[5]) if "${" in parts[5] else glob(parts[5], wanted[5])
