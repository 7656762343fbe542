"""The registry of condition operators, and how an operator's name is read. Source: evaluation.md ch. 5."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pathfinder.logic.formula import Quantifier
from pathfinder.logic.values import ValueTest


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of a condition, read. `bad`: some value is not of the operator's type (COND-35, D-18)."""

    test: ValueTest
    bad: bool = False


Reader = Callable[[tuple[str, ...], bool], Reading]
"""Policy values, and whether `${…}` are variables in them, to the test that they stand for."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One condition operator without set prefix and IfExists. `negated`: it holds where the test fails."""

    name: str
    read: Reader
    negated: bool = False


_REGISTRY: dict[str, Operator] = {}


def operator(name: str, *, negated: bool = False) -> Callable[[Reader], Reader]:
    """Register a reader as the condition operator of this name."""

    def register(read: Reader) -> Reader:
        _REGISTRY[name.lower()] = Operator(name, read, negated)
        return read

    return register


@cache
def operators() -> dict[str, Operator]:
    """All operators by lower-case name (COND-3)."""
    package = importlib.import_module("pathfinder.policy.operators")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(_REGISTRY)


@dataclass(frozen=True, slots=True)
class OperatorUse:
    """An operator as a policy uses it: with its quantifier and IfExists (COND-31, COND-40 to COND-44)."""

    operator: Operator
    quantifier: Quantifier
    if_exists: bool


_SET_PREFIXES = {"forallvalues": Quantifier.EVERY, "foranyvalue": Quantifier.SOME}


@cache
def read_operator(text: str) -> OperatorUse | None:
    """The operator that the text names, in any case, or None where AWS has none such (LANG-51)."""
    name = text.lower()
    quantifier = Quantifier.ONE
    prefix, colon, rest = name.partition(":")
    if colon:
        if prefix not in _SET_PREFIXES:
            return None
        quantifier, name = _SET_PREFIXES[prefix], rest
    if_exists = name.endswith("ifexists")
    found = operators().get(name.removesuffix("ifexists"))
    if found is None or (found.name == "Null" and (if_exists or colon)):
        return None
    return OperatorUse(found, quantifier, if_exists)
