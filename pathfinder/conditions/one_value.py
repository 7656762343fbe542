"""One value: a text that passes some tests and fails others, or the proof that there is none.

Readable texts that the tests themselves name are tried first, which is quick where they fit and never the
reason for "there is none": that is proven by complete enumeration, by ranges, or by automata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pathfinder.conditions.domains import addresses, dates, numbers, texts
from pathfinder.conditions.domains.ranges import ALL, NOTHING, Ranges, between, compared, whole
from pathfinder.conditions.key_domain import KeyDomain, ValueKind
from pathfinder.logic.automata import ANY, Language, Length, TooLargeError, contains, example
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import (
    AddressTest,
    AnyValueTest,
    BinaryTest,
    BoolTest,
    DateTest,
    NumberTest,
    StringTest,
    ValueTest,
    read_address,
    read_number,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A test that a value has to pass or (`negated`) to fail."""

    test: ValueTest
    negated: bool = False

    def fits(self, text: str) -> bool:
        """Whether the value may be this text."""
        return self.test.passes(text) is not self.negated


Literals = frozenset[Literal]


def differs(text: str) -> Literal:
    """The value is another text."""
    return Literal(StringTest((exact(text),)), negated=True)


NOT_NULL = differs("")


class UndecidedError(Exception):
    """Whether such a value exists is not decided; the text says why."""


@lru_cache(maxsize=1 << 15)
def find_text(literals: Literals, domain: KeyDomain) -> str | None:
    """A text that the key can hold and that fits all literals, or None: there is none.

    Raises UndecidedError.
    """
    ordered = tuple(sorted(literals, key=str))
    for text in _candidates(ordered, domain):
        if fits_all(ordered, text) and belongs(text, domain):
            return text
    if finite_texts(ordered, domain) is not None:
        return None
    try:
        match domain.kind:
            case ValueKind.ADDRESS:
                return _find_address(ordered, domain)
            case ValueKind.NUMBER:
                return _find_number(ordered, domain)
            case ValueKind.DATE:
                return _find_date(ordered, domain)
            case ValueKind.TEXT | ValueKind.ARN | ValueKind.BOOL:
                return _find_string(ordered, domain)
    except TooLargeError as error:
        raise UndecidedError(str(error)) from error


def fits_all(literals: Iterable[Literal], text: str) -> bool:
    """Whether the text fits all literals."""
    return all(literal.fits(text) for literal in literals)


def belongs(text: str, domain: KeyDomain) -> bool:
    """Whether the key can hold this text."""
    if domain.values is not None and text not in domain.values:
        return False
    if text == "" and not domain.null:
        return False
    if domain.patterns is not None and not any(pattern.matches(text) for pattern in domain.patterns):
        return False
    if domain.texts is not None and not contains(domain.texts, text):
        return False
    match domain.kind:
        case ValueKind.TEXT:
            return True
        case ValueKind.BOOL:
            return text in ("true", "false")
        case ValueKind.ADDRESS:
            address = read_address(text)
            return address is not None and str(address) == text
        case ValueKind.NUMBER:
            number = read_number(text)
            return number is not None and number in domain.numbers and contains(_numbers(domain), text)
        case ValueKind.DATE:
            return dates.is_plain(text)
        case ValueKind.ARN:
            return contains(texts.ARNS, text)


def _numbers(domain: KeyDomain) -> Language:
    return numbers.WHOLE_NUMBERS if domain.whole else numbers.PLAIN_NUMBERS


def finite_texts(literals: Iterable[Literal], domain: KeyDomain) -> tuple[str, ...] | None:
    """All texts that could fit, where their number is finite and small; None: not known to be."""
    if domain.values is not None:
        return domain.values
    if domain.kind is ValueKind.BOOL:
        return ("true", "false")
    for literal in literals:
        test = literal.test
        if literal.negated:
            continue
        if isinstance(test, StringTest) and not test.ignore_case:
            found = tuple(pattern.literal for pattern in test.patterns)
            if None not in found:
                return tuple(text for text in found if text is not None)
        if isinstance(test, BoolTest) and domain.kind is ValueKind.ARN:
            return ()
    return None


def _candidates(literals: tuple[Literal, ...], domain: KeyDomain) -> Iterator[str]:
    """Texts worth trying, the most telling first."""
    finite = finite_texts(literals, domain)
    if finite is not None:
        yield from (text for text in domain.examples if text in finite)
        yield from finite
        return
    wanted = [literal.test for literal in literals if not literal.negated]
    for test in wanted:
        if isinstance(test, StringTest):
            yield from (text for pattern in test.patterns if (text := pattern.literal) is not None)
    yield from domain.examples
    for test in wanted:
        yield from texts.filled_in(test)
    for pattern in domain.patterns or ():
        yield texts.fill(pattern)
    if not wanted and domain.kind is ValueKind.TEXT and not domain.patterns:
        yield "x"


def _strings(literals: Iterable[Literal]) -> tuple[list[Literal], list[Literal]]:
    """The literals about texts as such, and the others."""
    strings, others = [], []
    for literal in literals:
        if isinstance(literal.test, AnyValueTest) and not literal.negated:
            continue
        if isinstance(literal.test, StringTest) or (
            isinstance(literal.test, AnyValueTest) and literal.negated
        ):
            strings.append(literal)
        else:
            others.append(literal)
    return strings, others


def _ranges(literals: Iterable[Literal], of_test: type[NumberTest] | type[DateTest], among: Ranges) -> Ranges:
    """The numbers or instants that fit all literals of this kind."""
    for literal in literals:
        test = literal.test
        if isinstance(test, NumberTest | DateTest) and isinstance(test, of_test):
            fitting = compared(test.comparison, test.values)
            among &= ~fitting if literal.negated else fitting
    return among


def _addresses(literals: Iterable[Literal], version: int) -> Ranges:
    among = addresses.WIDEST[version]
    for literal in literals:
        if isinstance(literal.test, AddressTest):
            fitting = addresses.network_ranges(literal.test.networks, version)
            among &= ~fitting if literal.negated else fitting
    return addresses.whole(among)


def _find_address(literals: tuple[Literal, ...], domain: KeyDomain) -> str | None:
    strings, others = _strings(literals)
    if any(not (isinstance(literal.test, AddressTest) or literal.negated) for literal in others):
        return None
    undecided = False
    for version in (4, 6):
        among = _addresses(others, version)
        if among == NOTHING:
            continue
        if text := _first_fitting(addresses.address_texts(among, version), literals, domain):
            return text
        inside, outside = texts.languages(strings)
        inside = [*inside, *domain.languages]
        if version == 4:
            found = example([addresses.v4_texts(addresses.summarized(among), blanks=False), *inside], outside)
            if found is not None:
                return found
        elif example([addresses.PLAIN_V6, *inside], outside) is not None:
            undecided = True
    if undecided:
        raise UndecidedError("IPv6 addresses are compared with text patterns")
    return None


def _find_number(literals: tuple[Literal, ...], domain: KeyDomain) -> str | None:
    strings, others = _strings(literals)
    instants = domain.numbers & ~between(EPOCH_FIRST, EPOCH_LAST) == NOTHING
    for literal in others:
        known = (NumberTest, BinaryTest, DateTest)
        if not literal.negated and not isinstance(literal.test, known):
            return None
    among = _ranges(others, NumberTest, domain.numbers)
    if instants:
        among = _ranges(others, DateTest, among)
    if domain.whole:
        among = whole(among)
    if among == NOTHING:
        return None
    if text := _first_fitting(numbers.number_texts(among), literals, domain):
        return text
    inside, outside = texts.languages(strings)
    for literal in others:
        if isinstance(literal.test, NumberTest):
            (outside if literal.negated else inside).append(numbers.numbers_passing(literal.test))
    inside += [_numbers(domain), *domain.languages]
    if domain.numbers != ALL:
        inside.extend(texts.number_bounds(domain.numbers))
    found = example(inside, outside)
    if found is None or (fits_all(literals, found) and belongs(found, domain)):
        return found
    raise UndecidedError("a number is compared as date or as binary data as well")


EPOCH_FIRST, EPOCH_LAST = 10_000, 10**11
"""Numbers between these are seconds since 1970 for Date operators, and for Numeric ones the same (D-17)."""


def _find_date(literals: tuple[Literal, ...], domain: KeyDomain) -> str | None:
    strings, others = _strings(literals)
    if any(not literal.negated and not isinstance(literal.test, DateTest) for literal in others):
        return None
    among = _ranges(others, DateTest, dates.CALENDAR)
    if among == NOTHING:
        return None
    if text := _first_fitting(dates.date_texts(among), literals, domain):
        return text
    if not strings and not domain.languages:
        raise UndecidedError("two instants lie closer together than dates are written")
    inside, outside = texts.languages(strings)
    found = example([dates.PLAIN_DATES, *inside, *domain.languages], outside)
    if found is None or (fits_all(literals, found) and belongs(found, domain)):
        return found
    raise UndecidedError("a date is compared with text patterns")


def _find_string(literals: tuple[Literal, ...], domain: KeyDomain) -> str | None:
    """Any text, or an ARN: languages from below for "there is one", from above for "there is none"."""
    wanted = [literal for literal in literals if not literal.negated]
    for kind in (NumberTest, DateTest):
        if any(isinstance(literal.test, kind) for literal in wanted):
            among = _ranges(literals, kind, ALL)
            if among == NOTHING:
                return None
            spelled = numbers.number_texts(among) if kind is NumberTest else dates.date_texts(among)
            if text := _first_fitting(spelled, literals, domain):
                return text
    if any(isinstance(literal.test, AddressTest) for literal in wanted):
        possible = {version: _addresses(literals, version) for version in (4, 6)}
        if all(among == NOTHING for among in possible.values()):
            return None
        for version, among in possible.items():
            if text := _first_fitting(addresses.address_texts(among, version), literals, domain):
                return text
    below, above = texts.bounds(literals, base_languages(domain))
    if below is not None:
        found = example(*below)
        if found is not None:
            return _checked(found, literals, domain)
    if below == above or example(*above) is None:
        return _long_number(literals, domain)
    raise UndecidedError(_MIXED)


def base_languages(domain: KeyDomain) -> list[Language]:
    """All languages that the key's texts are in, for texts and ARNs."""
    found = list(domain.languages)
    if domain.kind is ValueKind.ARN:
        found.append(texts.ARNS)
    if not domain.null:
        found.append(Length(ANY, 1))
    return found


_MIXED = "values of different types are compared with the same text"


def _checked(text: str, literals: tuple[Literal, ...], domain: KeyDomain) -> str:
    if fits_all(literals, text) and belongs(text, domain):
        return text
    raise UndecidedError(_MIXED)


def _long_number(literals: tuple[Literal, ...], domain: KeyDomain) -> str | None:
    """A text too long to be read as number: it fails every test for numbers."""
    rest = tuple(x for x in literals if not (x.negated and isinstance(x.test, NumberTest | DateTest)))
    if len(rest) == len(literals):
        return None
    below, above = texts.bounds(rest, base_languages(domain))
    too_long = Length(ANY, numbers.LONGEST + 1)
    if example([*above[0], too_long], above[1]) is None:
        return None
    found = example([*below[0], too_long], below[1]) if below is not None else None
    if found is None:
        raise UndecidedError(_MIXED)
    return _checked(found, literals, domain)


def _first_fitting(candidates: Iterable[str], literals: tuple[Literal, ...], domain: KeyDomain) -> str | None:
    return next((t for t in candidates if fits_all(literals, t) and belongs(t, domain)), None)
