"""How the keys about tags in one request hang together: each tag by itself, and the lists of their names.

Source: evaluation.md STS-25, STS-30, STS-31, chapter 6 (aws:RequestTag, aws:TagKeys, sts:TransitiveTagKeys,
s3:RequestObjectTag, s3:RequestObjectTagKeys); COND-54.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import Solution, solve
from pathfinder.logic.formula import (
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    any_of,
    leaves,
    negate,
    present,
)
from pathfinder.logic.patterns import Pattern, exact
from pathfinder.logic.values import AnyValueTest, StringTest

REQUEST_TAG = "aws:requesttag/"
TAG_KEYS = "aws:tagkeys"
TRANSITIVE = "sts:transitivetagkeys"
_LISTS = {REQUEST_TAG: TAG_KEYS, "s3:requestobjecttag/": "s3:requestobjecttagkeys"}
"""Beginning of the keys of single tags, and the key that lists the tags' names."""


def in_context(key: str) -> KeyTest:
    """The key is in the request context, if only with an empty value, as a tag's may be."""
    return KeyTest(key, Quantifier.ONE, AnyValueTest(), negated=False, if_absent=False, if_many=True)


def lists(key: str, name: str) -> KeyTest:
    """The list of tag names holds this one; names of tags differ by more than their case (STS-30)."""
    value = StringTest((exact(name),), ignore_case=True)
    return KeyTest(key, Quantifier.SOME, value, negated=False, if_absent=False)


def lists_only(key: str, names: Iterable[str]) -> KeyTest:
    """The list of tag names holds none but these."""
    value = StringTest(tuple(exact(name) for name in sorted(names)), ignore_case=True)
    return KeyTest(key, Quantifier.EVERY, value, negated=False, if_absent=True)


@lru_cache(maxsize=1 << 12)
def tag_names(formula: Formula) -> frozenset[str]:
    """The names, in lower case, of the tags passed in the request that a formula speaks of."""
    found = {key.removeprefix(REQUEST_TAG) for key in keys_of(formula) if key.startswith(REQUEST_TAG)}
    for leaf in leaves(formula):
        if isinstance(leaf, KeyTest) and leaf.key in (TAG_KEYS, TRANSITIVE):
            found.update(_listed(leaf))
    return frozenset(found)


def _listed(leaf: KeyTest) -> Iterator[str]:
    if isinstance(leaf.value, StringTest):
        for pattern in leaf.value.patterns:
            if pattern.literal:
                yield pattern.literal.lower()


_NAME = "tag:name"
_MOST_PATTERNS = 5
"""Patterns of tag names that are told apart by all their combinations."""


@lru_cache(maxsize=1 << 12)
def unnamed_tags(formulas: tuple[Formula, ...]) -> frozenset[str]:
    """One name for each kind of tag that the formulas' tests on lists of names tell apart, and do not name.

    Any tag of a kind can stand for all of it, as nothing else speaks of it.
    """
    tests = {leaf for formula in formulas for leaf in leaves(formula) if _is_about_names(leaf)}
    if not tests:
        return frozenset()
    named = frozenset[str]().union(*(tag_names(formula) for formula in formulas))
    patterns = sorted({pattern for test in tests for pattern in _wild(test)}, key=str)[:_MOST_PATTERNS]
    other = [_named(exact(name)).opposite() for name in sorted(named)]
    found = set()
    for marks in product((False, True), repeat=len(patterns)):
        wanted = (
            _named(p) if mark else _named(p).opposite() for p, mark in zip(patterns, marks, strict=True)
        )
        answer = solve(all_of(in_context(_NAME), negate(_named(exact(""))), *other, *wanted))
        if isinstance(answer, Solution):
            found.add(answer.values[_NAME][0].lower())
    return frozenset(found)


def _is_about_names(leaf: KeyTest | Unknown) -> bool:
    return isinstance(leaf, KeyTest) and leaf.key in (TAG_KEYS, TRANSITIVE)


def _wild(leaf: KeyTest | Unknown) -> Iterator[Pattern]:
    if isinstance(leaf, KeyTest) and isinstance(leaf.value, StringTest):
        yield from (p for p in leaf.value.patterns if p.literal is None and not p.variables)


def _named(pattern: Pattern) -> KeyTest:
    return KeyTest(
        _NAME, Quantifier.ONE, StringTest((pattern,), ignore_case=True), negated=False, if_absent=False
    )


@lru_cache(maxsize=1 << 12)
def tag_ties(formula: Formula) -> Formula:
    """What a request that passes tags says of each of them in its list of names, for the tags in the formula."""
    keys = keys_of(formula)
    ties: list[Formula] = []
    for beginning, listing in _LISTS.items():
        names = {key.removeprefix(beginning) for key in keys if key.startswith(beginning)}
        if listing == TAG_KEYS:
            names |= tag_names(formula)
        ties.extend(_same(in_context(beginning + name), lists(listing, name)) for name in sorted(names))
    if TRANSITIVE in keys:
        ties.append(any_of(negate(present(TRANSITIVE)), present(TAG_KEYS)))
        ties.extend(
            any_of(negate(lists(TRANSITIVE, name)), lists(TAG_KEYS, name))
            for name in sorted(tag_names(formula))
        )
    return all_of(*ties)


def _same(left: Formula, right: Formula) -> Formula:
    return all_of(any_of(negate(left), right), any_of(negate(right), left))
