"""Patterns: text with `*`, `?` and variables, as policies use them in resources and condition values.

Source: evaluation.md LANG-11, LANG-21, LANG-40 to LANG-47, COND-13.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache


class Wildcard(Enum):
    """What a `*` or a `?` in a pattern stands for."""

    MANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable `${key}` or `${key, 'default'}` (LANG-41, LANG-42); `key` is lower case."""

    key: str
    default: str | None = None


Token = str | Wildcard | Variable


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of literal text, wildcards and variables. Adjacent literal texts are merged."""

    tokens: tuple[Token, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.tokens))

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return "".join(_token_text(token) for token in self.tokens)

    @property
    def matches_all(self) -> bool:
        """Whether every text matches, whatever the variables hold."""
        return bool(self.tokens) and all(token is Wildcard.MANY for token in self.tokens)

    @property
    def literal(self) -> str | None:
        """The one text this pattern stands for, or None where it has wildcards or variables."""
        if not self.tokens:
            return ""
        if len(self.tokens) == 1 and isinstance(self.tokens[0], str):
            return self.tokens[0]
        return None

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in it, in order."""
        return tuple(token for token in self.tokens if isinstance(token, Variable))

    def matches(self, text: str, *, ignore_case: bool = False) -> bool:
        """Whether the whole `text` matches. The pattern must hold no variable."""
        if ignore_case:
            return _matcher(lower_cased(self))(text.lower())
        return _matcher(self)(text)

    def bind(self, value_of: Callable[[Variable], Pattern | None]) -> Pattern | None:
        """The pattern with each variable replaced by what `value_of` gives; None if any gives None."""
        if not self.variables:
            return self
        tokens: list[Token] = []
        for token in self.tokens:
            if isinstance(token, Variable):
                value = value_of(token)
                if value is None:
                    return None
                tokens.extend(value.tokens)
            else:
                tokens.append(token)
        return pattern_of(tokens)


def _token_text(token: Token) -> str:
    match token:
        case str():
            return re.sub(r"([*?$])", r"${\1}", token) if re.search(r"[*?]|\$\{", token) else token
        case Wildcard():
            return token.value
        case Variable(key, None):
            return f"${{{key}}}"
        case Variable(key, default):
            return f"${{{key}, '{default}'}}"


def pattern_of(tokens: list[Token]) -> Pattern:
    """Tokens as a pattern: empty texts dropped, adjacent texts and adjacent `*` merged."""
    merged: list[Token] = []
    for token in tokens:
        if token == "":
            continue
        last = merged[-1] if merged else None
        if isinstance(token, str) and isinstance(last, str):
            merged[-1] = last + token
        elif token is Wildcard.MANY and last is Wildcard.MANY:
            continue
        else:
            merged.append(token)
    return Pattern(tuple(merged))


def exact(text: str) -> Pattern:
    """The pattern that only `text` matches."""
    return Pattern((text,) if text else ())


EVERYTHING = Pattern((Wildcard.MANY,))

_VARIABLE = re.compile(r"\$\{(?:([*?$])|([^{}$]+?))\}")
_DEFAULT = re.compile(r"\A([^,]+?), '(.*)'\Z", re.DOTALL)


@lru_cache(maxsize=1 << 16)
def parse_pattern(text: str, *, wildcards: bool = True, variables: bool = True) -> Pattern:
    """Read a pattern. `wildcards=False`: `*` and `?` are plain text (COND-10).

    `variables=False`: `${...}` is plain text (LANG-4, LANG-40). A `${` that opens no well-formed variable
    is plain text as well.
    """
    if not variables or "${" not in text:
        return pattern_of(_wildcard_tokens(text, wildcards))
    tokens: list[Token] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        tokens.extend(_wildcard_tokens(text[position : found.start()], wildcards))
        position = found.end()
        escaped, name = found.groups()
        if escaped:
            tokens.append(escaped)
            continue
        with_default = _DEFAULT.match(name)
        if with_default:
            tokens.append(Variable(with_default[1].strip().lower(), with_default[2]))
        else:
            tokens.append(Variable(name.strip().lower()))
    tokens.extend(_wildcard_tokens(text[position:], wildcards))
    return pattern_of(tokens)


def _wildcard_tokens(text: str, wildcards: bool) -> list[Token]:
    if not wildcards:
        return [text]
    return [
        Wildcard.MANY if piece == "*" else Wildcard.ONE if piece == "?" else piece
        for piece in re.split(r"([*?])", text)
        if piece
    ]


@lru_cache(maxsize=1 << 14)
def lower_cased(pattern: Pattern) -> Pattern:
    """The pattern with its literal texts in lower case."""
    return Pattern(tuple(token.lower() if isinstance(token, str) else token for token in pattern.tokens))


@lru_cache(maxsize=1 << 15)
def _matcher(pattern: Pattern) -> Callable[[str], bool]:
    """A predicate for whole texts.

    The pattern is cut at its `*`; first and last piece are anchored and the others are found leftmost
    first, so that the work is bounded by text length times pattern length whatever the pattern is: policies
    are hostile input, and a regular expression with many `.*` is not bounded so.
    """
    if pattern.variables:
        raise ValueError(f"pattern {pattern} has variables that are not bound")
    literal = pattern.literal
    if literal is not None:
        return literal.__eq__
    if pattern.matches_all:
        return lambda _text: True
    pieces: list[list[Token]] = [[]]
    for token in pattern.tokens:
        if token is Wildcard.MANY:
            pieces.append([])
        else:
            pieces[-1].append(token)
    regexes = [_piece_regex(piece) for piece in pieces]
    if len(pieces) == 1:
        only = regexes[0]
        return lambda text: only.fullmatch(text) is not None
    lengths = [sum(len(token) if isinstance(token, str) else 1 for token in piece) for piece in pieces]
    first, *middle, last = regexes
    shortest, last_length = sum(lengths), lengths[-1]

    def matches(text: str) -> bool:
        if len(text) < shortest or not first.match(text):
            return False
        position = lengths[0]
        end = len(text) - last_length
        for piece in middle:
            found = piece.search(text, position, end)
            if found is None:
                return False
            position = found.end()
        return last.fullmatch(text, end) is not None

    return matches


def _piece_regex(piece: list[Token]) -> re.Pattern[str]:
    source = "".join(re.escape(token) if isinstance(token, str) else "." for token in piece)
    return re.compile(source, re.DOTALL)


@lru_cache(maxsize=1 << 15)
def quotients(pattern: Pattern, prefix: str) -> tuple[Pattern, ...] | None:
    """The patterns that what follows `prefix` must match for the whole text to match `pattern`.

    They are alternatives; an empty tuple means that no text with this prefix matches. None means that a
    variable stands where the prefix has to be compared, so that no such patterns exist.
    For example `logs*` after the prefix `logs/` leaves `*`.
    """
    units: list[Token] = []
    for token in pattern.tokens:
        if isinstance(token, str):
            units.extend(token)
        else:
            units.append(token)
    positions = _skip_many(units, {0})
    for character in prefix:
        following: set[int] = set()
        for position in positions:
            if position == len(units):
                continue
            unit = units[position]
            if isinstance(unit, Variable):
                return None
            if unit is Wildcard.MANY:
                following.add(position)
            elif unit is Wildcard.ONE or unit == character:
                following.add(position + 1)
        positions = _skip_many(units, following)
        if not positions:
            return ()
    starts = sorted(positions)
    rests = {
        pattern_of(units[start:]) for start in starts if start == 0 or units[start - 1] is not Wildcard.MANY
    }
    rests |= {
        pattern_of(units[start:]) for start in starts if start < len(units) and units[start] is Wildcard.MANY
    }
    if any(rest.matches_all for rest in rests):
        return (EVERYTHING,)
    return tuple(sorted(rests, key=str))


def _skip_many(units: list[Token], positions: set[int]) -> set[int]:
    """Positions closed under passing a `*` without taking a character."""
    closed = set(positions)
    for position in sorted(positions):
        while position < len(units) and units[position] is Wildcard.MANY:
            position += 1
            closed.add(position)
    return closed
