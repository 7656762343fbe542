"""The texts that match two patterns, as patterns again: `a*` and `*b` together are `a*b`."""

from __future__ import annotations

from functools import lru_cache

from pathfinder.logic.automata import TooLargeError, covers, disjoint
from pathfinder.logic.patterns import Pattern, Token, Wildcard, pattern_of

MOST_RESULTS = 24

_Units = tuple[Token, ...]


@lru_cache(maxsize=4096)
def intersection(one: Pattern, other: Pattern) -> tuple[Pattern, ...]:
    """Patterns that together are exactly the texts that match both; none covers another.

    The patterns hold no variables. Raises TooLargeError where there are too many.
    """
    if disjoint(one, other):
        return ()
    if covers(other, one):
        return (one,)
    if covers(one, other):
        return (other,)
    known: dict[tuple[_Units, _Units], frozenset[_Units]] = {}
    found = {pattern_of(list(units)) for units in _meet(_units(one), _units(other), known)}
    kept: list[Pattern] = []
    for pattern in sorted(found, key=lambda p: (len(p.tokens), str(p))):
        if not any(covers(each, pattern) for each in kept):
            kept = [each for each in kept if not covers(pattern, each)]
            kept.append(pattern)
    return tuple(sorted(kept, key=str))


def _units(pattern: Pattern) -> _Units:
    return tuple(unit for token in pattern.tokens for unit in (token if isinstance(token, str) else (token,)))


def _meet(
    one: _Units, other: _Units, known: dict[tuple[_Units, _Units], frozenset[_Units]]
) -> frozenset[_Units]:
    if (one, other) in known:
        return known[(one, other)]
    found: set[_Units] = set()
    if not one or not other:
        if all(unit is Wildcard.MANY for unit in (*one, *other)):
            found.add(())
    elif one[0] is Wildcard.MANY and other[0] is Wildcard.MANY:
        for rest in _meet(one[1:], other, known) | _meet(one, other[1:], known):
            found.add(_after_many(rest))
    elif one[0] is Wildcard.MANY or other[0] is Wildcard.MANY:
        many, single = (one, other) if one[0] is Wildcard.MANY else (other, one)
        found |= _meet(many[1:], single, known)
        found.update((single[0], *rest) for rest in _meet(many, single[1:], known))
    elif one[0] is Wildcard.ONE or other[0] is Wildcard.ONE or one[0] == other[0]:
        unit = other[0] if one[0] is Wildcard.ONE else one[0]
        found.update((unit, *rest) for rest in _meet(one[1:], other[1:], known))
    if len(found) > MOST_RESULTS or len(known) > 1 << 14:
        raise TooLargeError("two patterns overlap in too many ways")
    known[(one, other)] = frozenset(found)
    return known[(one, other)]


def _after_many(rest: _Units) -> _Units:
    return rest if rest[:1] == (Wildcard.MANY,) else (Wildcard.MANY, *rest)
