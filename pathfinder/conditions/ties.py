"""Keys that variables tie together: their values are chosen jointly. Source: LANG-40 to LANG-47."""

from __future__ import annotations

from pathfinder.conditions.facts import Facts
from pathfinder.conditions.one_key import choose
from pathfinder.conditions.one_value import UndecidedError
from pathfinder.conditions.search import Assignment, Way
from pathfinder.logic.values import variables_of


def settle(way: Way, facts: Facts) -> Assignment | None:
    """Values for all keys of a way; None: there are none. Raises UndecidedError."""
    values: dict[str, tuple[str, ...]] = {}
    for key, tests in way.tests.items():
        if any(variables_of(test.value) for test in tests):
            raise UndecidedError("variables")
        chosen = choose(tests, facts.domain(key))
        if chosen is None:
            return None
        if chosen.values is not None:
            values[key] = chosen.values
    return values
