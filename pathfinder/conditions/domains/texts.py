"""Texts in a condition key: which languages the tests stand for.

Source: COND-10 to COND-14, COND-23, COND-34.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pathfinder.conditions.domains import addresses, dates, numbers
from pathfinder.conditions.domains.ranges import HIGHEST, LOWEST, Ranges
from pathfinder.logic.automata import (
    ANY,
    Characters,
    Either,
    Language,
    Sequences,
    Unit,
    only,
    texts_matching,
    units_of,
)
from pathfinder.logic.patterns import EVERYTHING, Pattern, Wildcard, exact
from pathfinder.logic.values import (
    AddressTest,
    AnyValueTest,
    ArnTest,
    BinaryTest,
    BoolTest,
    Comparison,
    DateTest,
    NumberTest,
    StringTest,
    ValueTest,
)

if TYPE_CHECKING:
    from pathfinder.conditions.one_value import Literal

_NO_COLON = Characters(frozenset(":"), inverted=True)
_COLON = Unit(only(":"))
NO_TEXT: Language = Sequences(())
ALL_TEXTS: Language = texts_matching((EVERYTHING,))

ARNS: Language = Sequences(
    [
        (
            *(Unit(only(c)) for c in "arn:"),
            *(unit for _ in range(4) for unit in (Unit(_NO_COLON, many=True), _COLON)),
            Unit(ANY, many=True),
        )
    ]
)
"""Texts with six fields of which the first is `arn`."""


@lru_cache(maxsize=2048)
def arns_passing(test: ArnTest) -> Language:
    """The ARNs that match one of the patterns, field by field."""
    sequences = []
    for fields in test.patterns:
        if not fields[0].matches("arn"):
            continue
        units: list[Unit] = [Unit(only(c)) for c in "arn"]
        for index, pattern in enumerate(fields[1:], start=1):
            within = ANY if index == 5 else _NO_COLON
            found = units_of(pattern, within=within)
            if index < 5 and any(":" in unit.characters for unit in found):
                break
            units += [_COLON, *found]
        else:
            sequences.append(tuple(units))
    return Sequences(sequences)


_BLANK = Unit(numbers.BLANKS, many=True)


@lru_cache(maxsize=8)
def bools_passing(values: frozenset[bool]) -> Language:
    """The spellings of these truth values, in any case and with blanks around them."""
    return Sequences(
        (_BLANK, *units_of(exact(str(value).lower()), ignore_case=True), _BLANK) for value in sorted(values)
    )


Bounds = tuple[list[Language], list[Language]]
"""Languages to be in, and languages not to be in."""


def languages(literals: Iterable[Literal]) -> Bounds:
    """What the literals on texts as such say."""
    inside: list[Language] = []
    outside: list[Language] = []
    for literal in literals:
        match literal.test:
            case StringTest(patterns, ignore_case):
                language = texts_matching(patterns, ignore_case)
            case AnyValueTest():
                language = ALL_TEXTS
            case _:
                raise AssertionError(literal)
        (outside if literal.negated else inside).append(language)
    return inside, outside


def bounds(literals: Sequence[Literal], base: Sequence[Language]) -> tuple[Bounds | None, Bounds]:
    """What the literals say of texts that are in all of `base`, from below and from above.

    A text within the first fits all literals (None: no such languages are known), and every text that fits
    them is within the second. Where all literals are exact, both are equal.
    """
    below: Bounds = ([*base], [])
    above: Bounds = ([*base], [])
    reachable = True
    for literal in literals:
        narrow, wide = _both_sides(literal.test)
        if literal.negated:
            below[1].append(wide)
            if narrow is not None:
                above[1].append(narrow)
        else:
            above[0].append(wide)
            if narrow is None:
                reachable = False
            else:
                below[0].append(narrow)
    return (below if reachable else None), above


def _both_sides(test: ValueTest) -> tuple[Language | None, Language]:
    """A language of texts that pass (None: none is known), and one that all texts that pass are in."""
    match test:
        case StringTest(patterns, ignore_case):
            found = texts_matching(patterns, ignore_case)
            return found, found
        case ArnTest():
            found = arns_passing(test)
            return found, found
        case BoolTest(values):
            found = bools_passing(values)
            return found, found
        case AnyValueTest():
            return ALL_TEXTS, ALL_TEXTS
        case NumberTest():
            found = numbers.numbers_passing(test)
            return found, found
        case DateTest():
            return None, dates.DATE_LIKE
        case AddressTest(networks):
            v4 = addresses.v4_texts(networks, blanks=True)
            return v4, Either(v4, addresses.V6_LIKE) if addresses.has_v6(networks) else v4
        case BinaryTest(values):
            plain = texts_matching(tuple(exact(base64.b64encode(value).decode()) for value in values))
            return plain, _BASE64


_BASE64 = Sequences(
    [
        (
            Unit(
                only("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
                many=True,
            ),
            Unit(only("="), many=True),
        )
    ]
)


def number_bounds(among: Ranges) -> list[Language]:
    """The languages of numbers that one range, from end to end of the ranges, is made of."""
    if not among.parts:
        return [NO_TEXT]
    (low, after_low), (high, after_high) = among.parts[0][0], among.parts[-1][1]
    found: list[Language] = []
    if (low, after_low) != LOWEST:
        comparison = Comparison.GREATER if after_low else Comparison.GREATER_OR_EQUAL
        found.append(numbers.numbers_passing(NumberTest(comparison, (Decimal(low),))))
    if (high, after_high) != HIGHEST:
        comparison = Comparison.LESS_OR_EQUAL if after_high else Comparison.LESS
        found.append(numbers.numbers_passing(NumberTest(comparison, (Decimal(high),))))
    return found


_STAND_IN = "x"
_ACCOUNT = "111122223333"


def fill(pattern: Pattern) -> str:
    """A readable text that matches the pattern: its wildcards filled in."""
    filled: list[str] = []
    tokens = pattern.tokens
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if isinstance(token, str):
            filled.append(token)
        elif (
            token is Wildcard.MANY
            and filled
            and filled[-1].startswith("arn:")
            and filled[-1].endswith("::")
            and isinstance(following, str)
            and following.startswith(":")
        ):
            filled.append(_ACCOUNT)
        else:
            filled.append(_STAND_IN)
    return "".join(filled)


def filled_in(test: ValueTest) -> Iterator[str]:
    """Readable texts, most of which pass the test."""
    match test:
        case StringTest(patterns):
            yield from map(fill, patterns)
        case ArnTest(arns):
            usual = ("arn", "aws", "iam", "", _ACCOUNT)
            for fields in arns:
                ends = (u if p.matches_all else fill(p) for u, p in zip(usual, fields, strict=False))
                yield ":".join((*ends, fill(fields[5])))
        case NumberTest():
            yield from numbers.number_texts(numbers.number_ranges(test))
        case AddressTest(networks):
            for version in (4, 6):
                yield from addresses.address_texts(addresses.network_ranges(networks, version), version)
        case DateTest():
            yield from dates.date_texts(dates.date_ranges(test))
        case BoolTest(values):
            yield from (str(value).lower() for value in sorted(values, reverse=True))
        case BinaryTest(values):
            yield from (base64.b64encode(value).decode() for value in values)
        case AnyValueTest():
            return
