"""Formulas over one request's keys, called by their names in the whole route.

Source: evaluation.md LANG-40 to LANG-47 (variables), STS-30 to STS-32 (where a tag comes from).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pathfinder.conditions.facts import key_at
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.facts import ROLE_TAGS
from pathfinder.graph.tags import REQUEST_TAG
from pathfinder.logic.formula import FALSE, Formula, KeyTest, Unknown, any_of, negate, rewrite
from pathfinder.logic.patterns import Pattern, Variable
from pathfinder.logic.values import bind, variables_of
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import OPEN, Context, KeyState
from pathfinder.routes.sessions import PRINCIPAL_TAG, At, Case


@lru_cache(maxsize=1 << 14)
def carried_tags(formula: Formula) -> frozenset[str]:
    """Names, in lower case, of the caller's tags and of the role's that a formula speaks of."""
    return frozenset(
        key.partition("/")[2] for key in keys_of(formula) if key.startswith((PRINCIPAL_TAG, *ROLE_TAGS))
    )


def tag_cases(guards: list[tuple[int, Formula]], name: str, own: KeyState) -> tuple[Case, ...]:
    """Where a tag comes from: the call whose guard holds, or else what it is anyway."""
    found = [Case(guard, At(key_at(each, REQUEST_TAG + name))) for each, guard in guards if guard != FALSE]
    return (*found, Case(negate(any_of(*(case.guard for case in found))), own))


def with_places(leaf: KeyTest, places: dict[str, KeyState | At], number: int) -> Formula:
    """A test on keys of one request, once it is known what each of them is."""
    fixed: dict[str, KeyState] = {
        key: place for key, place in places.items() if not isinstance(place, At) and place != OPEN
    }
    names = {key: place.key for key, place in places.items() if isinstance(place, At)}
    folded = fold_test(leaf, Context(fixed, lambda _key: OPEN), bound=not variables_of(leaf.value))
    return rewrite(folded, lambda each: renamed(each, names, number))


def renamed(leaf: KeyTest | Unknown, names: dict[str, str], number: int) -> Formula:
    """A test with its key, and those of its variables, called by their names in the whole route."""
    if isinstance(leaf, Unknown):
        return leaf

    def of_variable(variable: Variable) -> Pattern:
        name = names.get(variable.key) or key_at(number, variable.key)
        return Pattern((Variable(name, variable.default),))

    value = bind(leaf.value, of_variable) if variables_of(leaf.value) else leaf.value
    return replace(leaf, key=names.get(leaf.key) or key_at(number, leaf.key), value=value)


@lru_cache(maxsize=1 << 14)
def numbered(formula: Formula, number: int) -> Formula:
    """A formula over one request's keys, as one of the request of this number."""
    return rewrite(formula, lambda leaf: renamed(leaf, {}, number))
