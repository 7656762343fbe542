"""Tests on one value of a condition key: what the condition operators compare with, once read.

Each test is frozen, and says of one text whether it passes. Tests whose patterns still hold variables can
be bound (`bind`), not asked. Source: evaluation.md COND-10 to COND-36.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    NetmaskValueError,
    ip_address,
    ip_network,
)

from pathfinder.logic.patterns import Pattern, Variable

Network = IPv4Network | IPv6Network


class Comparison(Enum):
    """How a number or a date is compared with a policy's value."""

    EQUAL = "="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Whether `left` compares so with `right`."""
        match self:
            case Comparison.EQUAL:
                return left == right
            case Comparison.LESS:
                return left < right
            case Comparison.LESS_OR_EQUAL:
                return left <= right
            case Comparison.GREATER:
                return left > right
            case Comparison.GREATER_OR_EQUAL:
                return left >= right


@dataclass(frozen=True, slots=True)
class StringTest:
    """The text matches one of the patterns (COND-10, COND-12, COND-13)."""

    patterns: tuple[Pattern, ...]
    ignore_case: bool = False

    def passes(self, text: str) -> bool:
        """Whether `text` matches one of the patterns."""
        return any(pattern.matches(text, ignore_case=self.ignore_case) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class ArnTest:
    """The text is a six-field ARN that matches one of the patterns field by field (COND-23, COND-34).

    Only sixth fields hold variables (LANG-40).
    """

    patterns: tuple[tuple[Pattern, Pattern, Pattern, Pattern, Pattern, Pattern], ...]

    def passes(self, text: str) -> bool:
        """Whether `text` is such an ARN."""
        fields = text.split(":", 5)
        if len(fields) != 6 or fields[0] != "arn":
            return False
        return any(
            all(pattern.matches(field) for pattern, field in zip(fields_of, fields, strict=True))
            for fields_of in self.patterns
        )


@dataclass(frozen=True, slots=True)
class NumberTest:
    """The text is a decimal number that compares so with one of the values (COND-15)."""

    comparison: Comparison
    values: tuple[Decimal, ...]

    def passes(self, text: str) -> bool:
        """Whether `text` is such a number."""
        number = read_number(text)
        return number is not None and any(self.comparison.holds(number, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class DateTest:
    """The text is a date that compares so with one of the values, seconds since 1970 (COND-17, COND-32)."""

    comparison: Comparison
    values: tuple[Decimal, ...]

    def passes(self, text: str) -> bool:
        """Whether `text` is such a date."""
        instant = read_date(text)
        return instant is not None and any(self.comparison.holds(instant, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class BoolTest:
    """The text is `true` or `false` in any case, and one of the values (COND-19).

    `patterns` holds values that are variables, until `bind` reads them (D-10).
    """

    values: frozenset[bool]
    patterns: tuple[Pattern, ...] = ()

    def passes(self, text: str) -> bool:
        """Whether `text` is such a boolean."""
        return read_bool(text) in self.values


@dataclass(frozen=True, slots=True)
class AddressTest:
    """The text is an IP address inside one of the networks; families never mix (COND-21, COND-33)."""

    networks: tuple[Network, ...]

    def passes(self, text: str) -> bool:
        """Whether `text` is such an address."""
        address = read_address(text)
        return address is not None and any(
            address.version == network.version and address in network for network in self.networks
        )


@dataclass(frozen=True, slots=True)
class BinaryTest:
    """The text is base64 of one of the values (COND-20)."""

    values: tuple[bytes, ...]

    def passes(self, text: str) -> bool:
        """Whether `text` encodes one of the values."""
        return read_binary(text) in self.values


@dataclass(frozen=True, slots=True)
class AnyValueTest:
    """Any text passes: what `Null` looks at (COND-30)."""

    def passes(self, text: str) -> bool:
        """Always true."""
        return True


ValueTest = StringTest | ArnTest | NumberTest | DateTest | BoolTest | AddressTest | BinaryTest | AnyValueTest


def variables_of(test: ValueTest) -> tuple[Variable, ...]:
    """The variables that have to be bound before the test can be asked."""
    match test:
        case StringTest(patterns):
            return tuple(variable for pattern in patterns for variable in pattern.variables)
        case ArnTest(arns):
            return tuple(v for fields in arns for pattern in fields for v in pattern.variables)
        case BoolTest(_, patterns):
            return tuple(variable for pattern in patterns for variable in pattern.variables)
        case _:
            return ()


def bind(test: ValueTest, value_of: Callable[[Variable], Pattern | None]) -> ValueTest:
    """The test with its variables replaced; a pattern whose variable has no value is dropped (LANG-45)."""
    match test:
        case StringTest(patterns, ignore_case):
            bound = tuple(b for pattern in patterns if (b := pattern.bind(value_of)) is not None)
            return StringTest(bound, ignore_case)
        case ArnTest(arns):
            return ArnTest(
                tuple(
                    (one, two, three, four, five, bound_name)
                    for one, two, three, four, five, name in arns
                    if (bound_name := name.bind(value_of)) is not None
                )
            )
        case BoolTest(values, patterns) if patterns:
            bound = tuple(b for pattern in patterns if (b := pattern.bind(value_of)) is not None)
            read = (read_bool(pattern.literal) for pattern in bound if pattern.literal is not None)
            return BoolTest(
                values | {value for value in read if value is not None},
                tuple(pattern for pattern in bound if pattern.literal is None),
            )
        case _:
            return test


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)


@lru_cache(maxsize=4096)
def read_number(text: str) -> Decimal | None:
    """A decimal number, or None where the text is none or longer than 64 characters."""
    text = text.strip()
    if len(text) > 64 or not _NUMBER.match(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>\.\d{1,9})?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?\Z",
    re.ASCII,
)
_MILLISECONDS_FROM = Decimal(10) ** 11
"""Epoch values above this are taken as milliseconds (D-17)."""


@lru_cache(maxsize=4096)
def read_date(text: str) -> Decimal | None:
    """An instant as seconds since 1970, UTC, or None where the text is no date.

    ISO 8601 forms or epoch seconds; four digits alone are a year (COND-32, D-17).
    """
    text = text.strip()
    found = _DATE.match(text)
    if not found:
        number = read_number(text)
        if number is None:
            return None
        return number / 1000 if abs(number) > _MILLISECONDS_FROM else number
    part = found.groupdict()
    try:
        whole = datetime(
            int(part["year"]),
            int(part["month"] or 1),
            int(part["day"] or 1),
            int(part["hour"] or 0),
            int(part["minute"] or 0),
            int(part["second"] or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    seconds = Decimal(int((whole - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()))
    if part["fraction"]:
        seconds += Decimal(part["fraction"])
    zone = part["zone"]
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "")
        offset = int(digits[:2]) * 3600 + int(digits[2:]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds


def read_bool(text: str) -> bool | None:
    """True, false, or None for any other text."""
    return {"true": True, "false": False}.get(text.strip().lower())


@lru_cache(maxsize=4096)
def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address, or None."""
    try:
        return ip_address(text.strip())
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def read_network(text: str) -> Network | None:
    """A CIDR with host bits masked, a bare address as /32 or /128, or None (COND-33)."""
    try:
        return ip_network(text.strip(), strict=False)
    except (ValueError, AddressValueError, NetmaskValueError):
        return None


def read_binary(text: str) -> bytes | None:
    """The bytes that base64 text stands for, or None."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
