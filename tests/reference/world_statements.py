"""Statements of a small world, each asked once per distinct question, over all contexts at once.

What single elements mean stays in `language`, `principals` and `conditions`; here is only the bookkeeping.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .conditions import condition_matches
from .context_sets import Contexts, Facts
from .language import Context, Undecidable, action_matches, as_list, as_text, resource_matches
from .principals import Caller, Strength, principal_strengths

_VARIABLE = re.compile(r"\$\{([^},]+)[^}]*\}")
Seen = tuple[tuple[str, Any], ...]  # keys with their values; lists as tuples


class Statement:
    """One statement with its policy's version, and what has been found out about it."""

    def __init__(self, raw: Mapping[str, Any], version: str) -> None:
        self.raw, self.version, self.effect = raw, version, raw["Effect"]
        self._tests = [
            _Test(operator, key, wanted, self.effect, version)
            for operator, keys in raw.get("Condition", {}).items()
            for key, wanted in keys.items()
        ]
        self._variables = _variables(raw.get("Resource", raw.get("NotResource", [])))
        self._actions: dict[str, bool] = {}
        self._resources: dict[tuple[str, str, Seen, bool], bool] = {}
        self._strengths: dict[tuple[Caller, str, bool], set[Strength]] = {}

    def concerns(self, action: str) -> bool:
        """Action or NotAction."""
        if action not in self._actions:
            self._actions[action] = action_matches(self.raw, action)
        return self._actions[action]

    def strengths(self, caller: Caller, place: str, has_boundary: bool) -> set[Strength]:
        """Principal or NotPrincipal (PRIN-15)."""
        asked = (caller, place, has_boundary)
        if asked not in self._strengths:
            self._strengths[asked] = principal_strengths(self.raw, caller, place, has_boundary)
        return self._strengths[asked]

    def covers(self, action: str, resource: str, facts: Facts, pad_short: bool) -> bool:
        """Resource or NotResource; their variables speak of the principal, never of what the caller chooses."""
        asked = (action, resource, _seen(self._variables, facts), pad_short)
        if asked not in self._resources:
            context = Context(dict(asked[2]))
            self._resources[asked] = resource_matches(
                self.raw, action, resource, self.version, context, pad_short
            )
        return self._resources[asked]

    def contexts(self, facts: Facts, contexts: Contexts) -> int:
        """Those in which all its conditions hold (COND-1)."""
        found = contexts.every
        for test in self._tests:
            found &= test.contexts(facts, contexts)
            if not found:
                break
        return found


class _Test:
    """One operator with one key and the values it is compared with."""

    def __init__(self, operator: str, key: str, wanted: Any, effect: str, version: str) -> None:
        values = tuple(as_text(value) for value in as_list(wanted))
        self._written = (operator, key, values, effect, version)
        self._keys = (key.lower(), *_variables(values))
        self._found: dict[tuple[int, Seen], int] = {}

    def contexts(self, facts: Facts, contexts: Contexts) -> int:
        fixed = _seen(self._keys, facts)
        asked = (id(contexts), fixed)
        if asked not in self._found:
            self._found[asked] = contexts.where(
                self._keys, lambda chosen: _holds(*self._written, (*fixed, *_seen(self._keys, chosen)))
            )
        return self._found[asked]


@lru_cache(maxsize=1 << 18)
def _holds(operator: str, key: str, wanted: tuple[str, ...], effect: str, version: str, seen: Seen) -> bool:
    """One test, in a context of which only the keys it looks at are given."""
    statement = {"Effect": effect, "Condition": {operator: {key: list(wanted)}}}
    holds = condition_matches(statement, version, Context(dict(seen)))
    if holds is None:
        raise Undecidable(f"{operator} {key} is left open by the rules: worlds must not contain it")
    return holds


def _variables(entries: Any) -> tuple[str, ...]:
    """The keys whose values the texts insert."""
    names = {name.lower() for entry in as_list(entries) for name in _VARIABLE.findall(entry)}
    return tuple(sorted(names))


def _seen(keys: tuple[str, ...], facts: Facts) -> Seen:
    return tuple(
        (key, tuple(facts[key]) if isinstance(facts[key], list) else facts[key])
        for key in keys
        if key in facts
    )
