"""The registry of rules: a new rule is a new file in `rules/` with one decorated function (design idea 5)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from pathfinder.findings.finding import Finding
from pathfinder.findings.survey import Survey

Check = Callable[[Survey], Iterator[Finding]]
"""All findings of one rule in a world, in any order."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `about`: what it finds, in one sentence; `sources`: the rules of AWS's behaviour that it rests on."""

    id: str
    about: str
    sources: tuple[str, ...]
    check: Check


_REGISTRY: dict[str, Rule] = {}


def rule(id_: str, about: str, *sources: str) -> Callable[[Check], Check]:
    """Register a function as the rule of this id."""

    def register(check: Check) -> Check:
        _REGISTRY[id_] = Rule(id_, about, sources, check)
        return check

    return register


@cache
def rules() -> dict[str, Rule]:
    """All rules by id, sorted."""
    package = importlib.import_module("pathfinder.findings.rules")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTRY.items()))
