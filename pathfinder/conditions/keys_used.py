"""Which keys a formula speaks of."""

from __future__ import annotations

from functools import lru_cache

from pathfinder.logic.formula import Formula, KeyTest, leaves
from pathfinder.logic.values import variables_of


@lru_cache(maxsize=1 << 16)
def keys_of(formula: Formula) -> frozenset[str]:
    """The keys that its tests look at, those of variables included."""
    found: set[str] = set()
    for leaf in leaves(formula):
        if isinstance(leaf, KeyTest):
            found.add(leaf.key)
            found.update(variable.key for variable in variables_of(leaf.value))
    return frozenset(found)
