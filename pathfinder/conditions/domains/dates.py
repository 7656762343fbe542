"""Instants in a condition key. Source: COND-17, COND-18, COND-32."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pathfinder.conditions.domains.numbers import BLANKS
from pathfinder.conditions.domains.ranges import Ranges, between, compared, readable
from pathfinder.logic.automata import Characters, Language, Length, Sequences, Unit, only
from pathfinder.logic.values import DateTest, read_date

_START = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = Decimal(int((datetime(1, 1, 1, tzinfo=UTC) - _START).total_seconds()))
_LAST = Decimal(int((datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _START).total_seconds()))
CALENDAR = between(_FIRST, _LAST)
"""The instants that have a date of four-digit year."""

_DIGIT = only("0123456789")
_SHAPE = "0000-00-00T00:00:00Z"
PLAIN_DATES: Language = Sequences([tuple(Unit(_DIGIT if c == "0" else only(c)) for c in _SHAPE)])
"""All texts that look like `2026-01-31T12:00:00Z`, among them all dates to the second as AWS spells them."""
DATE_LIKE: Language = Length(Characters(frozenset("0123456789+-.:TZ") | BLANKS.listed), 1)
"""Texts among which all spellings of dates are."""


def date_ranges(test: DateTest) -> Ranges:
    """The instants that pass."""
    return compared(test.comparison, test.values)


def date_texts(instants: Ranges) -> list[str]:
    """Some instants of the set, spelled as AWS spells them."""
    grains = [Decimal(seconds) for seconds in (86400, 3600, 60, 1)] + [Decimal(10) ** -n for n in (3, 6, 9)]
    texts = []
    for seconds in readable(instants & CALENDAR, grains):
        text = date_text(seconds)
        if read_date(text) == seconds:
            texts.append(text)
    return texts


def date_text(seconds: Decimal) -> str:
    """An instant in seconds since 1970 as ISO 8601, UTC."""
    whole = int(seconds // 1)
    fraction = seconds - whole
    if fraction < 0:
        whole, fraction = whole - 1, fraction + 1
    text = f"{_START + timedelta(seconds=whole):%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
    return text + (f"{fraction.normalize():f}"[1:] if fraction else "") + "Z"


def is_plain(text: str) -> bool:
    """Whether it is a date in AWS's spelling."""
    seconds = read_date(text) if text.endswith("Z") else None
    return seconds is not None and date_text(seconds) == text
