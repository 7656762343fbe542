"""The objects that a condition speaks of, apart from the rest of it.

A condition on object keys and other keys is cut into parts: patterns of object keys, minus exceptions, each
with the condition that is left for these objects. Parts with different conditions have no object in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.conditions.facts import DEFAULT_FACTS, Facts
from pathfinder.conditions.intersection import intersection
from pathfinder.conditions.simplify import simplify
from pathfinder.logic.automata import TooLargeError, covers, disjoint, example, texts_matching
from pathfinder.logic.formula import FALSE, Formula, KeyTest, Quantifier, Unknown, constant, leaves, rewrite
from pathfinder.logic.patterns import EVERYTHING, Pattern
from pathfinder.logic.values import StringTest
from pathfinder.policy.context import OBJECT_KEY

MOST_PATTERNS = 64
"""Distinct patterns that are cut along, intersections of those that overlap among them."""
MOST_CELLS = 256
"""Pieces that they may cut the object keys into."""


@dataclass(frozen=True, slots=True)
class ScopePart:
    """Objects whose keys match one of `patterns` and none of `exceptions`, and their condition."""

    patterns: tuple[Pattern, ...]
    exceptions: tuple[Pattern, ...]
    condition: Formula


def split_by_object(formula: Formula, facts: Facts = DEFAULT_FACTS) -> tuple[ScopePart, ...]:
    """The parts, those with the widest patterns first; objects for which it never holds are in none.

    Where the tests on object keys hold variables, ignore case, or combine in too many ways, they stay in the
    condition of one part that is every object.
    """
    whole = (ScopePart((EVERYTHING,), (), formula),)
    if formula == FALSE:
        return ()
    tests = [leaf for leaf in leaves(formula) if isinstance(leaf, KeyTest) and leaf.key == OBJECT_KEY]
    if not tests:
        return whole
    patterns: dict[Pattern, None] = {}
    for test in tests:
        if test.quantifier is not Quantifier.ONE or not isinstance(test.value, StringTest):
            return whole
        if test.value.ignore_case or any(pattern.variables for pattern in test.value.patterns):
            return whole
        patterns.update((pattern, None) for pattern in test.value.patterns if not pattern.matches_all)
    if len(patterns) > MOST_PATTERNS:
        return whole
    try:
        return _split(formula, tuple(sorted(patterns, key=str)), facts)
    except TooLargeError:
        return whole


Cell = frozenset[Pattern]
"""Objects whose keys match exactly these patterns of all."""


def _split(formula: Formula, patterns: tuple[Pattern, ...], facts: Facts) -> tuple[ScopePart, ...]:
    closed = _closed(patterns)
    cells = _cells(closed)
    by_condition: dict[Formula, list[Cell]] = {}
    for cell in cells:
        by_condition.setdefault(simplify(_within(formula, cell), facts), []).append(cell)
    parts = []
    for condition, found in by_condition.items():
        if condition != FALSE:
            for patterns_of_part, exceptions in _described(found, cells):
                parts.append(ScopePart(patterns_of_part, exceptions, condition))
    return tuple(sorted(parts, key=_order))


def _order(part: ScopePart) -> tuple[object, ...]:
    return (min(len(str(pattern)) for pattern in part.patterns), str(part.patterns), str(part.exceptions))


def _within(formula: Formula, cell: Cell) -> Formula:
    """What is left of the formula for the objects of a cell."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if not isinstance(leaf, KeyTest) or leaf.key != OBJECT_KEY:
            return leaf
        assert isinstance(leaf.value, StringTest)
        inside = any(pattern.matches_all or pattern in cell for pattern in leaf.value.patterns)
        return constant(inside is not leaf.negated)

    return rewrite(formula, of_leaf)


def _closed(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """The patterns with all their intersections, so that every cell has one pattern within all of its others."""
    found = list(patterns)
    for index, pattern in enumerate(found):
        for other in found[:index]:
            for both in intersection(pattern, other):
                if both not in found:
                    found.append(both)
        if len(found) > MOST_PATTERNS:
            raise TooLargeError(f"object keys are cut along more than {MOST_PATTERNS} patterns")
    return tuple(found)


def _cells(patterns: tuple[Pattern, ...]) -> list[Cell]:
    """Every set of patterns that some object key matches exactly."""
    cells: list[Cell] = [frozenset()]
    done: list[Pattern] = []
    for pattern in patterns:
        following: list[Cell] = []
        for cell in cells:
            if any(disjoint(pattern, each) for each in cell):
                following.append(cell)
                continue
            outside = [each for each in done if each not in cell]
            if _some_key([*cell, pattern], outside):
                following.append(cell | {pattern})
            if _some_key([*cell], [*outside, pattern]):
                following.append(cell)
        if len(following) > MOST_CELLS:
            raise TooLargeError(f"object keys are cut into more than {MOST_CELLS} pieces")
        cells = following
        done.append(pattern)
    return cells


_EMPTY = Pattern(())


def _some_key(inside: list[Pattern], outside: list[Pattern]) -> bool:
    """Whether an object key, which is never empty, matches all of `inside` and none of `outside`."""
    near = [pattern for pattern in outside if not any(disjoint(pattern, each) for each in inside)]
    narrowest = [p for p in inside if not any(q != p and covers(p, q) and not covers(q, p) for q in inside)]
    languages = [texts_matching((pattern,)) for pattern in narrowest]
    return example(languages, [texts_matching((_EMPTY, *near))]) is not None


def _described(
    cells: list[Cell], all_cells: list[Cell]
) -> Iterator[tuple[tuple[Pattern, ...], tuple[Pattern, ...]]]:
    """Patterns minus exceptions that together are exactly these cells: few, and each as wide as can be."""
    wanted = set(cells)
    left = set(cells)
    parts: list[tuple[list[Pattern], list[Pattern]]] = []
    tops = [EVERYTHING, *sorted({pattern for cell in cells for pattern in cell}, key=str)]
    pieces = {top: _exceptions(top, wanted, all_cells) for top in tops}
    while left:
        taking = {top: {cell for cell in left if _takes([top], pieces[top], cell)} for top in tops}
        best = min(tops, key=lambda top: (-len(taking[top]), len(pieces[top]), len(str(top)), str(top)))
        left -= taking[best]
        for included, excluded in parts:
            joined, beyond = [*included, best], list(dict.fromkeys((*excluded, *pieces[best])))
            both = {cell for cell in all_cells if _takes(included, excluded, cell)} | {
                cell for cell in all_cells if _takes([best], pieces[best], cell)
            }
            if both == {cell for cell in all_cells if _takes(joined, beyond, cell)}:
                included.append(best)
                excluded[:] = beyond
                break
        else:
            parts.append(([best], list(pieces[best])))
    for included, excluded in parts:
        yield tuple(sorted(included, key=str)), tuple(sorted(excluded, key=str))


def _takes(included: list[Pattern], excluded: list[Pattern], cell: Cell) -> bool:
    return any(p == EVERYTHING or p in cell for p in included) and not any(
        p == EVERYTHING or p in cell for p in excluded
    )


def _exceptions(top: Pattern, wanted: set[Cell], all_cells: list[Cell]) -> list[Pattern]:
    """The patterns that keep all cells out that are under `top` and not wanted, no more of them than needed."""
    unwanted = [cell for cell in all_cells if cell not in wanted and _takes([top], [], cell)]
    if frozenset() in unwanted:
        return [EVERYTHING]
    kept: list[Pattern] = []
    for cell in sorted(unwanted, key=len):
        if not any(pattern in cell for pattern in kept):
            kept.append(_widest(cell, top, wanted, all_cells))
    return [p for p in kept if not _without_it(p, kept, unwanted)]


def _without_it(pattern: Pattern, kept: list[Pattern], unwanted: list[Cell]) -> bool:
    others = [each for each in kept if each != pattern]
    return all(any(each in cell for each in others) for cell in unwanted)


def _widest(cell: Cell, top: Pattern, wanted: set[Cell], all_cells: list[Cell]) -> Pattern:
    """The pattern of a cell that keeps out as little as possible of what is wanted, and then as much as possible."""

    def cost(pattern: Pattern) -> tuple[object, ...]:
        under = [each for each in all_cells if pattern in each and _takes([top], [], each)]
        return (sum(each in wanted for each in under), -len(under), len(str(pattern)), str(pattern))

    return min((pattern for pattern in cell if pattern != top), key=cost, default=top)
