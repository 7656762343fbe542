"""A condition taken apart: each test in it, with the statements that it comes from. Source: design idea 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathfinder.conditions.merging import alternatives
from pathfinder.graph.hop import Evidence
from pathfinder.logic.formula import Formula, KeyTest, leaves


@dataclass(frozen=True, slots=True)
class Atom:
    """One test of a condition. `sources`: the places, in the hop's evidence, of the statements that say it."""

    test: KeyTest
    sources: tuple[int, ...]


def atoms(condition: Formula, evidence: Sequence[Evidence]) -> tuple[Atom, ...]:
    """The tests of a condition, each once, in its order.

    A statement says a test if it compares the same key with one of the same values; where none does, because the
    test follows from several, every statement about the key.
    """
    found: dict[KeyTest, None] = dict.fromkeys(
        leaf for leaf in leaves(condition) if isinstance(leaf, KeyTest)
    )
    return tuple(Atom(test, _sources(test, evidence)) for test in found)


def _sources(test: KeyTest, evidence: Sequence[Evidence]) -> tuple[int, ...]:
    values = set(alternatives(test.value))
    about = [(n, [each for each in e.tests if each.key == test.key]) for n, e in enumerate(evidence)]
    saying = [
        number for number, tests in about if any(values & set(alternatives(each.value)) for each in tests)
    ]
    return tuple(saying or (number for number, tests in about if tests))
