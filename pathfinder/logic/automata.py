"""Exact questions about sets of texts: is there a text in all of these languages and in none of those?

A language is a deterministic automaton whose states are made while they are visited. Patterns with `*` and
`?` are such languages; so are numbers in a range or addresses in a network, which `conditions.domains` adds.
The alphabet is symbolic: characters that no language tells apart count as one. The work is bounded: beyond
`budget` states a question raises `TooLargeError` instead of guessing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Protocol

from pathfinder.logic.patterns import Pattern, Variable, Wildcard, lower_cased

BUDGET = 8_000
"""States that a question may visit before it is given up."""


class TooLargeError(Exception):
    """A question about texts needs more work than its budget allows: it is not decided."""


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters: those listed or, `inverted`, all others."""

    listed: frozenset[str]
    inverted: bool = False

    def __contains__(self, character: str) -> bool:
        return (character in self.listed) is not self.inverted


ANY = Characters(frozenset(), inverted=True)


def only(characters: str) -> Characters:
    """The set of these characters."""
    return Characters(frozenset(characters))


State = Hashable


class Language(Protocol):
    """A set of texts as a deterministic automaton. A step gives None where no text can follow any more."""

    @property
    def start(self) -> State:
        """The state before the first character."""

    @property
    def alphabet(self) -> tuple[Characters, ...]:
        """The sets that the steps tell apart: characters in the same of them lead to the same states."""

    def step(self, state: State, character: str) -> State | None:
        """The state after one more character."""

    def accepts(self, state: State) -> bool:
        """Whether the text read so far is in the language."""

    def accepts_all(self, state: State) -> bool:
        """Whether every continuation is in the language, for certain; False where not known."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One character of a set, or (`many`) any number of them."""

    characters: Characters
    many: bool = False


class Sequences:
    """Texts that match one of several sequences of units. A state is the set of positions, as bits."""

    def __init__(self, sequences: Iterable[tuple[Unit, ...]]) -> None:
        self._many = self._final = self._start = self._universal = 0
        self._units: list[Unit | None] = []
        for sequence in sequences:
            self._start |= 1 << len(self._units)
            for unit in sequence:
                if unit.many:
                    self._many |= 1 << len(self._units)
                self._units.append(unit)
            self._final |= 1 << len(self._units)
            if sequence and sequence[-1] == Unit(ANY, many=True):
                self._universal |= 1 << (len(self._units) - 1)
            self._units.append(None)
        self._start = self._closed(self._start)
        self._passing: dict[str, int] = {}
        self._steps: dict[tuple[int, str], int | None] = {}
        self.alphabet: tuple[Characters, ...] = tuple(
            dict.fromkeys(unit.characters for unit in self._units if unit is not None)
        )

    @property
    def start(self) -> State:
        """All first positions."""
        return self._start

    def _closed(self, positions: int) -> int:
        while (following := positions | ((positions & self._many) << 1)) != positions:
            positions = following
        return positions

    def step(self, state: State, character: str) -> State | None:
        """The positions after one more character."""
        assert isinstance(state, int)
        known = (state, character)
        if known in self._steps:
            return self._steps[known]
        if character not in self._passing:
            self._passing[character] = sum(
                1 << index
                for index, unit in enumerate(self._units)
                if unit is not None and character in unit.characters
            )
        passing = state & self._passing[character]
        following = self._closed(((passing & ~self._many) << 1) | (passing & self._many)) or None
        if len(self._steps) > 1 << 16:
            self._steps.clear()
        self._steps[known] = following
        return following

    def accepts(self, state: State) -> bool:
        """Whether a sequence is read to its end."""
        assert isinstance(state, int)
        return bool(state & self._final)

    def accepts_all(self, state: State) -> bool:
        """Whether a sequence is at its last unit, and that is any number of any characters."""
        assert isinstance(state, int)
        return bool(state & self._universal)


@dataclass(frozen=True, slots=True)
class Length:
    """Texts of these characters, at least `least` and at most `most` of them. A state is the count."""

    characters: Characters
    least: int = 0
    most: int | None = None
    alphabet: tuple[Characters, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "alphabet", (self.characters,))

    @property
    def start(self) -> State:
        """No character read."""
        return 0

    def step(self, state: State, character: str) -> State | None:
        """One more, where the character and the length allow it."""
        assert isinstance(state, int)
        if character not in self.characters:
            return None
        if self.most is None:
            return min(state + 1, self.least)
        return state + 1 if state < self.most else None

    def accepts(self, state: State) -> bool:
        """Whether enough are read."""
        assert isinstance(state, int)
        return state >= self.least

    def accepts_all(self, state: State) -> bool:
        """Whether nothing can go wrong any more."""
        return self.most is None and self.characters == ANY and self.accepts(state)


class Table:
    """An automaton written down: for each state, sets of characters and where they lead; the first counts."""

    def __init__(
        self, start: str, steps: dict[str, tuple[tuple[Characters, str], ...]], accepting: Iterable[str]
    ) -> None:
        self.start: State = start
        self._steps = steps
        self._accepting = frozenset(accepting)
        self.alphabet: tuple[Characters, ...] = tuple(
            dict.fromkeys(characters for row in steps.values() for characters, _ in row)
        )

    def step(self, state: State, character: str) -> State | None:
        """Where the first set with this character leads."""
        assert isinstance(state, str)
        for characters, following in self._steps.get(state, ()):
            if character in characters:
                return following
        return None

    def accepts(self, state: State) -> bool:
        """Whether the state is an accepting one."""
        return state in self._accepting

    def accepts_all(self, state: State) -> bool:
        """Not known."""
        return False


class Meet:
    """Texts in all of some languages and in none of others."""

    def __init__(self, inside: Sequence[Language], outside: Sequence[Language] = ()) -> None:
        self._inside = tuple(inside)
        self._outside = tuple(outside)
        self.start: State = tuple(language.start for language in (*self._inside, *self._outside))
        self.alphabet: tuple[Characters, ...] = tuple(
            dict.fromkeys(c for language in (*self._inside, *self._outside) for c in language.alphabet)
        )

    def step(self, state: State, character: str) -> State | None:
        """All steps; None where one to be inside of is lost, or one to be outside of is certain."""
        assert isinstance(state, tuple)
        following: list[State | None] = []
        inside = len(self._inside)
        for language, one in zip(self._inside, state, strict=False):
            step = language.step(one, character)
            if step is None:
                return None
            following.append(step)
        for language, one in zip(self._outside, state[inside:], strict=True):
            step = None if one is None else language.step(one, character)
            if step is not None and language.accepts_all(step):
                return None
            following.append(step)
        return tuple(following)

    def accepts(self, state: State) -> bool:
        """Whether the text is inside of all, and outside of all others."""
        assert isinstance(state, tuple)
        inside = len(self._inside)
        return all(
            language.accepts(one) for language, one in zip(self._inside, state, strict=False)
        ) and not any(
            one is not None and language.accepts(one)
            for language, one in zip(self._outside, state[inside:], strict=True)
        )

    def accepts_all(self, state: State) -> bool:
        """Whether all are certain."""
        assert isinstance(state, tuple)
        inside = len(self._inside)
        return all(
            language.accepts_all(one) for language, one in zip(self._inside, state, strict=False)
        ) and not any(one is not None for one in state[inside:])


class Either:
    """Texts in at least one of some languages."""

    def __init__(self, *languages: Language) -> None:
        self._languages = languages
        self.start: State = tuple(language.start for language in languages)
        self.alphabet: tuple[Characters, ...] = tuple(
            dict.fromkeys(c for language in languages for c in language.alphabet)
        )

    def step(self, state: State, character: str) -> State | None:
        """All steps; None where all are lost."""
        assert isinstance(state, tuple)
        following = tuple(
            None if one is None else language.step(one, character)
            for language, one in zip(self._languages, state, strict=True)
        )
        return None if all(one is None for one in following) else following

    def accepts(self, state: State) -> bool:
        """Whether one of them has it."""
        assert isinstance(state, tuple)
        return any(
            one is not None and language.accepts(one)
            for language, one in zip(self._languages, state, strict=True)
        )

    def accepts_all(self, state: State) -> bool:
        """Whether one of them is certain."""
        assert isinstance(state, tuple)
        return any(
            one is not None and language.accepts_all(one)
            for language, one in zip(self._languages, state, strict=True)
        )


class Chain:
    """Texts that are one of `first`, then one of `second`. A state is the set of both parts' states."""

    def __init__(self, first: Language, second: Language) -> None:
        self._parts = (first, second)
        self.alphabet: tuple[Characters, ...] = tuple(dict.fromkeys((*first.alphabet, *second.alphabet)))
        self.start: State = self._closed({(0, first.start)})

    def _closed(self, states: set[tuple[int, State]]) -> frozenset[tuple[int, State]]:
        first, second = self._parts
        if any(part == 0 and first.accepts(state) for part, state in states):
            states.add((1, second.start))
        return frozenset(states)

    def step(self, state: State, character: str) -> State | None:
        """Every state's step."""
        assert isinstance(state, frozenset)
        following = set()
        for part, one in state:
            step = self._parts[part].step(one, character)
            if step is not None:
                following.add((part, step))
        return self._closed(following) or None

    def accepts(self, state: State) -> bool:
        """Whether the second part is complete."""
        assert isinstance(state, frozenset)
        return any(part == 1 and self._parts[1].accepts(one) for part, one in state)

    def accepts_all(self, state: State) -> bool:
        """Whether the second part is certain."""
        assert isinstance(state, frozenset)
        return any(part == 1 and self._parts[1].accepts_all(one) for part, one in state)


_CASES = {"k": "kK\u212a", "å": "åÅ\u212b", "ω": "ωΩ\u2126", "θ": "θΘϴ", "ß": "ßẞ"}
"""Lower-case characters with more than one upper-case form. (`İ`, whose lower case is two characters, and the
final form of `Σ` are taken as characters without case.)"""


@lru_cache(maxsize=1024)
def _character(character: str, ignore_case: bool) -> Characters:
    if not ignore_case:
        return only(character)
    lower = character.lower()
    forms = set(_CASES.get(lower, lower))
    forms.update(c for c in (lower.upper(), lower.title()) if len(c) == 1 and c.lower() == lower)
    return Characters(frozenset(forms))


def units_of(pattern: Pattern, *, ignore_case: bool = False, within: Characters = ANY) -> tuple[Unit, ...]:
    """The pattern as units. A `*` or `?` stands for characters `within` only; variables must be bound."""
    units: list[Unit] = []
    for token in pattern.tokens:
        match token:
            case str():
                units.extend(Unit(_character(character, ignore_case)) for character in token)
            case Wildcard.MANY:
                units.append(Unit(within, many=True))
            case Wildcard.ONE:
                units.append(Unit(within))
            case Variable():
                raise ValueError(f"pattern {pattern} has variables that are not bound")
    return tuple(units)


@lru_cache(maxsize=4096)
def texts_matching(patterns: tuple[Pattern, ...], ignore_case: bool = False) -> Language:
    """The texts that match one of the patterns."""
    if ignore_case:
        patterns = tuple(dict.fromkeys(map(lower_cased, patterns)))
    return Sequences(units_of(pattern, ignore_case=ignore_case) for pattern in patterns)


_NICE = "xabcdefghijklmnopqrstuvwyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:@=+,"
_RANK = {character: rank for rank, character in enumerate(_NICE)}


def _rank(character: str) -> tuple[int, str]:
    return _RANK.get(character, len(_NICE) + (not character.isprintable())), character


@dataclass(frozen=True, slots=True)
class Symbol:
    """Characters that no language tells apart: `text` stands for them; `others` are the rest, if listed.

    `open`: they are all characters that no language names.
    """

    text: str
    others: tuple[str, ...] = ()
    open: bool = False


@lru_cache(maxsize=2048)
def symbols_of(alphabet: tuple[Characters, ...]) -> tuple[Symbol, ...]:
    """The characters of an alphabet, merged where no set tells them apart; the most readable first."""
    signatures: dict[str, int] = {}
    for index, characters in enumerate(alphabet):
        for character in characters.listed:
            signatures[character] = signatures.get(character, 0) ^ (1 << index)
    groups: dict[int, list[str]] = {}
    for character, signature in signatures.items():
        groups.setdefault(signature, []).append(character)
    symbols = []
    for group in groups.values():
        first, *others = sorted(group, key=_rank)
        symbols.append(Symbol(first, tuple(others)))
    free = chain(_NICE, map(chr, range(0x21, 0x7F)), map(chr, range(0x4E00, 0x9F00)))
    other = next((character for character in free if character not in signatures), None)
    if other is None:
        raise TooLargeError("the patterns name too many characters")
    symbols.append(Symbol(other, open=True))
    return tuple(sorted(symbols, key=lambda symbol: _rank(symbol.text)))


def contains(language: Language, text: str) -> bool:
    """Whether the text is in the language."""
    state: State | None = language.start
    for character in text:
        state = language.step(state, character)
        if state is None:
            return False
    return language.accepts(state)


def example(
    inside: Sequence[Language], outside: Sequence[Language] = (), *, budget: int = BUDGET
) -> str | None:
    """The shortest text in all languages of `inside` and in none of `outside`; None: there is none."""
    language = Meet(inside, outside)
    if language.accepts(language.start):
        return ""
    symbols = [symbol.text for symbol in symbols_of(language.alphabet)]
    before: dict[State, tuple[State, str] | None] = {language.start: None}
    waiting = deque([language.start])
    while waiting:
        state = waiting.popleft()
        for character in symbols:
            following = language.step(state, character)
            if following is None or following in before:
                continue
            before[following] = (state, character)
            if language.accepts(following):
                return _text_to(following, before)
            if len(before) > budget:
                raise TooLargeError(f"the patterns combine in more than {budget} ways")
            waiting.append(following)
    return None


def _text_to(state: State, before: dict[State, tuple[State, str] | None]) -> str:
    characters: list[str] = []
    while (step := before[state]) is not None:
        state, character = step
        characters.append(character)
    return "".join(reversed(characters))


def words(
    inside: Sequence[Language], outside: Sequence[Language] = (), *, most: int = 64, budget: int = BUDGET
) -> tuple[tuple[str, ...], bool]:
    """Texts in all of `inside` and in none of `outside`, the shortest first, and whether these are all."""
    language = Meet(inside, outside)
    symbols = symbols_of(language.alphabet)
    arrows: dict[State, list[tuple[Symbol, State]]] = {}
    waiting = deque([language.start])
    while waiting:
        state = waiting.popleft()
        if state in arrows:
            continue
        if len(arrows) > budget:
            raise TooLargeError(f"the patterns combine in more than {budget} ways")
        arrows[state] = []
        for symbol in symbols:
            following = language.step(state, symbol.text)
            if following is not None:
                arrows[state].append((symbol, following))
                waiting.append(following)
    useful = _leading_to({state for state in arrows if language.accepts(state)}, arrows)
    found: list[str] = []
    complete = True
    texts: deque[tuple[str, State]] = deque([("", language.start)] if language.start in useful else [])
    while texts:
        text, state = texts.popleft()
        if language.accepts(state):
            found.append(text)
        if len(found) >= most or len(texts) > most * len(symbols) * 4:
            return tuple(found), complete and not texts and not any(s in useful for _, s in arrows[state])
        for symbol, following in arrows[state]:
            if following in useful:
                complete = complete and not symbol.open
                texts.extend((text + character, following) for character in (symbol.text, *symbol.others))
    return tuple(found), complete


def _leading_to(states: set[State], arrows: dict[State, list[tuple[Symbol, State]]]) -> set[State]:
    backwards: dict[State, list[State]] = {}
    for state, outgoing in arrows.items():
        for _, following in outgoing:
            backwards.setdefault(following, []).append(state)
    reached = set(states)
    waiting = list(states)
    while waiting:
        for state in backwards.get(waiting.pop(), ()):
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    return reached


@lru_cache(maxsize=1 << 14)
def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether every text that matches `narrow` matches `wide`. Raises TooLargeError where not decided."""
    if wide.matches_all or wide == narrow:
        return True
    if narrow.literal is not None and not wide.variables:
        return wide.matches(narrow.literal)
    return example([texts_matching((narrow,))], [texts_matching((wide,))]) is None


@lru_cache(maxsize=1 << 14)
def disjoint(one: Pattern, other: Pattern) -> bool:
    """Whether no text matches both. Raises TooLargeError where not decided."""
    for first, second in ((one, other), (other, one)):
        if first.literal is not None and not second.variables:
            return not second.matches(first.literal)
    if _ends_differ(one, other):
        return True
    return example([texts_matching((one,)), texts_matching((other,))]) is None


def _ends_differ(one: Pattern, other: Pattern) -> bool:
    """Whether the patterns begin or end with texts of which neither continues the other; a quick look."""
    if not one.tokens or not other.tokens:
        return False
    first, second = one.tokens[0], other.tokens[0]
    if isinstance(first, str) and isinstance(second, str):
        length = min(len(first), len(second))
        if first[:length] != second[:length]:
            return True
    first, second = one.tokens[-1], other.tokens[-1]
    if isinstance(first, str) and isinstance(second, str):
        length = min(len(first), len(second))
        return first[-length:] != second[-length:]
    return False
