"""Condition blocks on one complete request context (evaluation.md chapter 5)."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from .language import Context, as_list, as_text, expand, fields, matches, plain
from .three_valued import Truth, all3, any3, not3

Compare = Callable[[str, str, str, Context], Truth]  # value, policy value, version, context


class BadValueError(Exception):
    """The request's value is not of the operator's type (COND-35)."""


class BadPolicyValueError(Exception):
    """The policy's value is not of the operator's type (D-18)."""


def condition_matches(statement: Mapping[str, Any], version: str, context: Context) -> Truth:
    """All operators AND, all their keys AND (COND-1, COND-4)."""
    effect = statement.get("Effect")
    return all3(
        _one_test(operator, key, [as_text(p) for p in as_list(wanted)], effect, version, context)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _one_test(
    operator: str, key: str, wanted: list[str], effect: Any, version: str, context: Context
) -> Truth:
    name = operator.lower()
    values = context.values(key)
    if name == "null":
        return _null(values, wanted)
    quantifier, name = re.fullmatch(r"(forallvalues:|foranyvalue:|)(.*)", name).groups()  # type: ignore[union-attr]
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    if name not in OPERATORS:
        return None if effect == "Deny" else False  # LANG-51
    compare, negated = OPERATORS[name]

    def holds(value: str) -> Truth:
        """Positive: equals some p. Negated: equals none (COND-1, COND-40 to COND-43)."""
        some = any3(_compare(compare, value, p, negated, effect, version, context) for p in wanted)
        return not3(some) if negated else some

    if values is None:
        if if_exists:  # COND-31, COND-44, D-20
            return True
        return quantifier == "forallvalues:" or (negated and quantifier != "foranyvalue:")  # COND-2, COND-40
    if quantifier == "forallvalues:":
        return True if is_null(values) else all3(holds(v) for v in values)  # COND-40, COND-41, D-12
    if quantifier == "foranyvalue:":
        return False if is_null(values) else any3(holds(v) for v in values)  # COND-42, COND-43
    if len(values) == 1:
        return holds(values[0])
    if not values:
        return negated  # an empty multivalued key has no value that could be equal to anything
    return None if negated else False  # COND-37, D-19


def is_null(values: list[str] | None) -> bool:
    """Absent, or without a value, or with nothing but empty ones (COND-30, D-12)."""
    return values is None or all(value == "" for value in values)


def _null(values: list[str] | None, wanted: list[str]) -> bool:
    """COND-30."""
    return any(p.lower() == ("true" if is_null(values) else "false") for p in wanted)


def _compare(
    compare: Compare, value: str, p: str, negated: bool, effect: Any, version: str, context: Context
) -> Truth:
    try:
        return compare(value, p, version, context)
    except BadPolicyValueError:  # D-18: positive false; negated true, but uncertain in Deny
        return None if negated and effect == "Deny" else False
    except BadValueError:  # COND-35: positive false, negated true
        return False


def _string(fold: Callable[[str], str], wildcards: bool) -> Compare:
    """COND-10 to COND-14; an unresolved variable equals nothing (LANG-45)."""

    def compare(value: str, p: str, version: str, context: Context) -> bool:
        pattern = expand(p, version, context, wildcards)
        if pattern is None:
            return False
        folded = [fold(part) if isinstance(part, str) else part for part in pattern]
        return matches(folded, fold(value))

    return compare


def _arn(value: str, p: str, version: str, context: Context) -> bool:
    """Six fields, each with wildcards, case-sensitive (COND-23, COND-34)."""
    have, want = fields(value), fields(p)
    if len(want) < 6:
        raise BadPolicyValueError
    if len(have) < 6:
        raise BadValueError
    sixth = expand(want[5], version, context, wildcards=True)
    if sixth is None:
        return False
    return all(matches(plain(w), h) for w, h in zip(want[:5], have[:5], strict=True)) and matches(
        sixth, have[5]
    )


def _bool(value: str, p: str, version: str, context: Context) -> bool:
    """COND-19; variables are allowed (D-10)."""
    pattern = expand(p, version, context, wildcards=False)
    if pattern is None:
        return False
    wanted = "".join(str(part) for part in pattern).lower()
    return wanted in ("true", "false") and value.lower() == wanted


def _number(text: str) -> Decimal | None:
    """Integers and decimals (COND-15)."""
    return Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)


def _instant(text: str) -> Decimal | None:
    """Seconds since 1970 (COND-32, D-17)."""
    written = _DATE.fullmatch(text)
    if written is None:
        if not re.fullmatch(r"\d+", text):
            return None
        epoch = Decimal(text)
        return epoch / 1000 if epoch > 10**11 else epoch
    year, month, day, hour, minute, second, fraction, zone = written.groups()
    offset = UTC if zone in (None, "Z") else _offset(zone)
    try:
        moment = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0)
        ).replace(tzinfo=offset)
    except ValueError:
        return None
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return Decimal(since.days * 86400 + since.seconds) + Decimal(f"0.{fraction or 0}")


def _offset(zone: str) -> timezone:
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def _ordered(read: Callable[[str], Decimal | None], test: Callable[[Decimal, Decimal], bool]) -> Compare:
    def compare(value: str, p: str, version: str, context: Context) -> bool:
        have, want = read(value), read(p)
        if want is None:
            raise BadPolicyValueError
        if have is None:
            raise BadValueError
        return test(have, want)

    return compare


def _ip(value: str, p: str, version: str, context: Context) -> bool:
    """Host bits are masked; different families never match (COND-33)."""
    try:
        network = ipaddress.ip_network(p, strict=False)
    except ValueError as error:
        raise BadPolicyValueError from error
    try:
        address = ipaddress.ip_address(value)
    except ValueError as error:
        raise BadValueError from error
    return address.version == network.version and address in network


def _binary(value: str, p: str, version: str, context: Context) -> bool:
    """Both are written in base64, as JSON has no bytes (COND-20)."""
    try:
        return base64.b64decode(p, validate=True) == base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False


def _same(text: str) -> str:
    return text


OPERATORS: dict[str, tuple[Compare, bool]] = {  # name in lower case: how p is compared, whether negated
    "stringequals": (_string(_same, wildcards=False), False),
    "stringnotequals": (_string(_same, wildcards=False), True),
    "stringequalsignorecase": (_string(str.lower, wildcards=False), False),
    "stringnotequalsignorecase": (_string(str.lower, wildcards=False), True),
    "stringlike": (_string(_same, wildcards=True), False),
    "stringnotlike": (_string(_same, wildcards=True), True),
    "arnequals": (_arn, False),
    "arnlike": (_arn, False),
    "arnnotequals": (_arn, True),
    "arnnotlike": (_arn, True),
    "bool": (_bool, False),
    "binaryequals": (_binary, False),
    "ipaddress": (_ip, False),
    "notipaddress": (_ip, True),
    "numericnotequals": (_ordered(_number, lambda v, p: v == p), True),
    "datenotequals": (_ordered(_instant, lambda v, p: v == p), True),
}
for _family, _read in (("numeric", _number), ("date", _instant)):  # COND-15, COND-17
    OPERATORS[_family + "equals"] = (_ordered(_read, lambda v, p: v == p), False)
    OPERATORS[_family + "lessthan"] = (_ordered(_read, lambda v, p: v < p), False)
    OPERATORS[_family + "lessthanequals"] = (_ordered(_read, lambda v, p: v <= p), False)
    OPERATORS[_family + "greaterthan"] = (_ordered(_read, lambda v, p: v > p), False)
    OPERATORS[_family + "greaterthanequals"] = (_ordered(_read, lambda v, p: v >= p), False)
