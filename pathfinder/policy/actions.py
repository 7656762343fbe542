"""Which actions a statement is about. Source: evaluation.md LANG-10 to LANG-14."""

from __future__ import annotations

import re

from pathfinder.logic.patterns import EVERYTHING, Pattern, parse_pattern

_UNUSABLE = re.compile(r"[\s,]")


class ActionSet:
    """The actions of a statement's Action or NotAction element; asked often, so answers are kept."""

    __slots__ = ("_answers", "_inverted", "_patterns")

    def __init__(self, names: tuple[str, ...], *, inverted: bool) -> None:
        self._patterns = tuple(pattern for name in names if (pattern := _pattern(name)) is not None)
        self._inverted = inverted
        self._answers: dict[str, bool] = {}

    def holds(self, action: str) -> bool:
        """Whether the statement is about this action, given in lower case."""
        known = self._answers.get(action)
        if known is None:
            known = any(_matches(pattern, action) for pattern in self._patterns) is not self._inverted
            self._answers[action] = known
        return known


def fault_in_actions(names: tuple[str, ...]) -> str | None:
    """What makes an action element malformed: a wildcard in the service prefix (LANG-11)."""
    for name in names:
        prefix, colon, rest = name.partition(":")
        if set(name) == {"*"} or (prefix == "*" and set(rest) == {"*"}):
            continue
        if re.search(r"[*?]", prefix if colon else name):
            return f"action {name!r} has a wildcard in its service prefix"
    return None


def _pattern(name: str) -> Pattern | None:
    """The pattern, or None for a name that never matches (LANG-13)."""
    if not name or _UNUSABLE.search(name):
        return None
    if set(name) == {"*"} or name in ("*:*",):
        return EVERYTHING
    return parse_pattern(name.lower(), variables=False)


def _matches(pattern: Pattern, action: str) -> bool:
    return pattern.matches(action)
