"""Numbers in a condition key: as ranges, and as the language of their spellings. Source: COND-15, COND-16."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from pathfinder.conditions.domains.ranges import Ranges, compared, readable
from pathfinder.logic.automata import Characters, Language, State, Table, only
from pathfinder.logic.values import Comparison, NumberTest

_DIGITS = only("0123456789")
_DIGITS_FROM_1 = only("123456789")
BLANKS = Characters(frozenset(c for c in map(chr, range(0x3001)) if c.isspace()))
"""What `str.strip` removes."""
LONGEST = 64
"""Characters of the longest text that is read as a number."""

PLAIN_NUMBERS: Language = Table(
    "start",
    {
        "start": ((only("-"), "sign"), (only("0"), "zero"), (_DIGITS_FROM_1, "whole")),
        "sign": ((only("0"), "minus zero"), (_DIGITS_FROM_1, "whole")),
        "minus zero": ((only("."), "point"),),
        "zero": ((only("."), "point"),),
        "whole": ((_DIGITS, "whole"), (only("."), "point")),
        "point": ((only("0"), "point"), (_DIGITS_FROM_1, "fraction")),
        "fraction": ((only("0"), "point"), (_DIGITS_FROM_1, "fraction")),
    },
    ("zero", "whole", "fraction"),
)
"""Numbers as AWS spells them: no leading or trailing zeros, no plus sign, no blanks."""


WHOLE_NUMBERS: Language = Table(
    "start",
    {
        "start": ((only("-"), "sign"), (only("0"), "zero"), (_DIGITS_FROM_1, "whole")),
        "sign": ((_DIGITS_FROM_1, "whole"),),
        "whole": ((_DIGITS, "whole"),),
    },
    ("zero", "whole"),
)
"""Those without a fraction."""


def number_ranges(test: NumberTest) -> Ranges:
    """The numbers that pass."""
    return compared(test.comparison, test.values)


def number_texts(numbers: Ranges) -> list[str]:
    """Spellings of some numbers of the set, short ones first."""
    texts = [f"{number.normalize():f}" for number in readable(numbers)]
    return sorted((t for t in dict.fromkeys(texts) if len(t) <= LONGEST), key=lambda t: (t[0] == "-", len(t)))


class ComparedNumbers:
    """All spellings, blanks around them included, of numbers that compare so with one of the values.

    A state is (phase, sign, digits before the point, for each value how the digits compare so far). The
    digits are compared with those of each value in turn; which number is larger shows when their count is
    known.
    """

    def __init__(self, test: NumberTest) -> None:
        self._comparison = test.comparison
        self._values = tuple(_parts(value) for value in _needed(test))
        self._most = max((len(whole) for _, whole, _ in self._values), default=0) + 1
        self.start: State = ("blank", "+", 0, 0, (0,) * len(self._values))
        self.alphabet = (BLANKS, only("+"), only("-"), only("."), *(only(c) for c in "0123456789"))

    def step(self, state: State, character: str) -> State | None:
        """Read one more character of a spelling."""
        assert isinstance(state, tuple)
        phase, sign, whole, places, compared_so_far = state
        if character in BLANKS:
            if phase == "blank":
                return state
            return None if phase in ("sign", "bare point") else ("end", *state[1:])
        if phase == "end":
            return None
        if character in "+-":
            return ("sign", character, *state[2:]) if phase == "blank" else None
        if character == ".":
            if phase in ("blank", "sign"):
                return ("bare point", *state[1:])
            return ("fraction", *state[1:]) if phase == "whole" else None
        if not ("0" <= character <= "9"):
            return None
        if phase in ("blank", "sign", "whole"):
            if whole == 0 and character == "0":
                return ("whole", sign, 0, 0, compared_so_far)
            so_far = tuple(
                order or (_order(character, digits[whole]) if whole < len(digits) else 0)
                for order, (_, digits, _) in zip(compared_so_far, self._values, strict=True)
            )
            return ("whole", sign, min(whole + 1, self._most), 0, so_far)
        so_far = tuple(
            self._settled(order, whole, digits)
            or _order(character, fraction[places] if places < len(fraction) else "0")
            for order, (_, digits, fraction) in zip(compared_so_far, self._values, strict=True)
        )
        longest = max((len(fraction) for _, _, fraction in self._values), default=0)
        # From here on only the fraction counts: the order so far says all about the whole part.
        settled = tuple(so_far)
        return ("fraction", sign, whole, min(places + 1, longest), settled)

    @staticmethod
    def _settled(order: int, whole: int, digits: str) -> int:
        if whole != len(digits):
            return -1 if whole < len(digits) else 1
        return order

    def accepts(self, state: State) -> bool:
        """Whether the number read so far compares as wanted with one of the values."""
        assert isinstance(state, tuple)
        phase, sign, whole, places, compared_so_far = state
        if phase in ("blank", "sign", "bare point"):
            return False
        for order, (value_sign, digits, fraction) in zip(compared_so_far, self._values, strict=True):
            size = self._settled(order, whole, digits) or (-1 if places < len(fraction) else 0)
            zero_value = not digits and not fraction
            if sign == "-" and value_sign == "-":
                size = -size
            elif sign == "-":
                size = 0 if zero_value and size == 0 else -1
            elif value_sign == "-":
                size = 1
            if self._comparison.holds(Decimal(size), Decimal(0)):
                return True
        return False

    def accepts_all(self, state: State) -> bool:
        """Never: a letter may follow."""
        return False


def _order(one: str, other: str) -> int:
    return (one > other) - (one < other)


def _parts(value: Decimal) -> tuple[str, str, str]:
    whole, _, fraction = f"{abs(value):f}".partition(".")
    return "-" if value < 0 else "+", whole.lstrip("0"), fraction.rstrip("0")


def _needed(test: NumberTest) -> tuple[Decimal, ...]:
    """The values that decide: the loosest of an order, all for equality (COND-68)."""
    match test.comparison:
        case Comparison.EQUAL:
            return tuple(dict.fromkeys(test.values))
        case Comparison.LESS | Comparison.LESS_OR_EQUAL:
            return (max(test.values),) if test.values else ()
        case Comparison.GREATER | Comparison.GREATER_OR_EQUAL:
            return (min(test.values),) if test.values else ()


@lru_cache(maxsize=1024)
def numbers_passing(test: NumberTest) -> Language:
    """The spellings of all numbers that pass, of whatever length."""
    return ComparedNumbers(test)
