"""Tests in the words of policies: which condition operator, with which values, says what a test says.

Source: COND-10 to COND-47, COND-60 to COND-68.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from pathfinder.aws.condition_keys import spelling
from pathfinder.conditions.domains.dates import CALENDAR, date_text
from pathfinder.logic.formula import KeyTest, Quantifier
from pathfinder.logic.patterns import Pattern, Wildcard
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
from pathfinder.policy.context import OBJECT_KEY, SESSION_NAME

PSEUDO_KEYS = {OBJECT_KEY: "object key", SESSION_NAME: "session name"}

_ORDER_WORDS = {
    Comparison.EQUAL: "Equals",
    Comparison.LESS: "LessThan",
    Comparison.LESS_OR_EQUAL: "LessThanEquals",
    Comparison.GREATER: "GreaterThan",
    Comparison.GREATER_OR_EQUAL: "GreaterThanEquals",
}
TURNED = {
    Comparison.LESS: Comparison.GREATER_OR_EQUAL,
    Comparison.LESS_OR_EQUAL: Comparison.GREATER,
    Comparison.GREATER: Comparison.LESS_OR_EQUAL,
    Comparison.GREATER_OR_EQUAL: Comparison.LESS,
}
"""What holds of a value that does not compare so."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A test as a policy would state it. `operator` stands without prefix and suffix.

    `needs_key`: a second condition, `Null` with `false`, belongs to it (COND-62).
    """

    operator: str
    values: tuple[str, ...]
    quantifier: str | None
    if_exists: bool
    needs_key: bool

    @property
    def whole_operator(self) -> str:
        """With its set prefix and IfExists."""
        prefix = f"{self.quantifier}:" if self.quantifier else ""
        return f"{prefix}{self.operator}{'IfExists' if self.if_exists else ''}"


def key_name(key: str) -> str:
    """A key as AWS spells it; the object key and the session name in words."""
    return PSEUDO_KEYS.get(key) or spelling(key)


def shown(test: KeyTest) -> Shown:
    """The test as a policy would state it."""
    null = _null(test)
    if null is not None:
        return Shown("Null", (null,), None, if_exists=False, needs_key=False)
    operator, values, natural = _operator(test.value, test.negated)
    match test.quantifier:
        case Quantifier.ONE:
            quantifier, if_absent = None, natural
        case Quantifier.SOME:
            quantifier, if_absent = "ForAnyValue", False
        case Quantifier.EVERY:
            quantifier, if_absent = "ForAllValues", True
    return Shown(
        operator,
        values,
        quantifier,
        if_exists=test.if_absent and not if_absent,
        needs_key=if_absent and not test.if_absent and test.key not in PSEUDO_KEYS,
    )


def _null(test: KeyTest) -> str | None:
    if not isinstance(test.value, AnyValueTest):
        return None
    if test.quantifier is Quantifier.SOME and not test.negated and not test.if_absent:
        return "false"
    if test.quantifier is Quantifier.EVERY and test.negated and test.if_absent:
        return "true"
    return None


def _operator(value: ValueTest, negated: bool) -> tuple[str, tuple[str, ...], bool]:
    """The operator's name, its values, and whether it is true where the key is missing."""
    match value:
        case StringTest(patterns, ignore_case):
            kind = "Equals" if all(_is_plain(pattern) for pattern in patterns) else "Like"
            case = "IgnoreCase" if ignore_case else ""
            return (
                f"String{'Not' if negated else ''}{kind}{case}",
                tuple(map(pattern_text, patterns)),
                negated,
            )
        case ArnTest(arns):
            plain = all(_is_plain(pattern) for fields in arns for pattern in fields)
            texts = tuple(":".join(map(pattern_text, fields)) for fields in arns)
            return f"Arn{'Not' if negated else ''}{'Equals' if plain else 'Like'}", texts, negated
        case NumberTest(comparison, values):
            return _ordered("Numeric", comparison, negated, tuple(f"{v.normalize():f}" for v in values))
        case DateTest(comparison, values):
            texts = tuple(date_text(v) if v in CALENDAR else str(v) for v in values)
            return _ordered("Date", comparison, negated, texts)
        case BoolTest(values, patterns):
            if not negated:
                texts = (*_bool_texts(values), *map(pattern_text, patterns))
                return "Bool", texts, False
            return "Bool", _bool_texts(frozenset({True, False}) - values), False
        case AddressTest(networks):
            return "NotIpAddress" if negated else "IpAddress", tuple(map(network_text, networks)), negated
        case BinaryTest(values):
            texts = tuple(base64.b64encode(value).decode() for value in values)
            return "BinaryNotEquals" if negated else "BinaryEquals", texts, negated
        case AnyValueTest():
            return "StringNotLike" if negated else "StringLike", ("*",), negated


def _ordered(
    family: str, comparison: Comparison, negated: bool, values: tuple[str, ...]
) -> tuple[str, tuple[str, ...], bool]:
    if not negated:
        return family + _ORDER_WORDS[comparison], values, False
    if comparison is Comparison.EQUAL:
        return f"{family}NotEquals", values, True
    return family + _ORDER_WORDS[TURNED[comparison]], values, False


def _bool_texts(values: frozenset[bool]) -> tuple[str, ...]:
    return tuple(str(value).lower() for value in sorted(values, reverse=True))


def _is_plain(pattern: Pattern) -> bool:
    return not any(isinstance(token, Wildcard) for token in pattern.tokens)


def pattern_text(pattern: Pattern) -> str:
    """The pattern as a policy has it; a text without wildcards as it is."""
    return pattern.literal if pattern.literal is not None else str(pattern)


def network_text(network: object) -> str:
    """A network as CIDR, a single address as address."""
    return str(network).removesuffix("/32") if "." in str(network) else str(network).removesuffix("/128")
