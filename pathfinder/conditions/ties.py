"""Keys that variables tie together: their values are chosen jointly. Source: LANG-40 to LANG-47.

The key of a variable is given its value first; the tests with the variable become plain ones then. Which
values there are to try is finite where the texts that they are compared with are: parts of these texts, and
one text that is none of them. Where they are not, likely values are tried, and only automata or a looser
form of the tests may prove that none fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from pathfinder.conditions.domains import texts
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.one_key import (
    KeyTests,
    absent,
    choose,
    literals_of,
    no_values,
    one_value,
    several_values,
)
from pathfinder.conditions.one_value import (
    Literal,
    Literals,
    UndecidedError,
    base_languages,
    belongs,
    differs,
    find_text,
    finite_texts,
)
from pathfinder.conditions.search import Assignment, Way
from pathfinder.logic.automata import Chain, Meet, TooLargeError, example, texts_matching
from pathfinder.logic.formula import KeyTest, Quantifier
from pathfinder.logic.patterns import EVERYTHING, Pattern, Variable, exact, pattern_of
from pathfinder.logic.values import StringTest, bind, variables_of

UNDECIDED_TIE = "a variable ties keys together in a way that is not decided"
MOST_TRIES = 3_000
"""Combinations of values that are tried."""
LONGEST_TEXT = 200
"""Characters of a text all parts of which are looked at."""

Tests = Mapping[str, KeyTests]
Values = tuple[str, ...] | None


def settle(way: Way, facts: Facts) -> Assignment | None:
    """Values for all keys of a way; None: there are none. Raises UndecidedError."""
    tied = {v.key for tests in way.tests.values() for test in tests for v in variables_of(test.value)}
    if not tied:
        return _chosen(way.tests, {}, facts)
    own = {
        key: tests if facts.domain(key).multivalued else frozenset(_with_itself(test) for test in tests)
        for key, tests in way.tests.items()
    }
    for key, tests in own.items():
        if choose(frozenset(map(_loosened, tests)), facts.domain(key)) is None:
            return None
    found: dict[str, tuple[str, ...]] = {}
    undecided: UndecidedError | None = None
    for group in _tied_together(own):
        try:
            part = _Ties(facts).find(group, {})
        except UndecidedError as error:
            undecided = undecided or error
            continue
        if part is None:  # whatever the other keys are
            return None
        found.update(part)
    if undecided is not None:
        raise undecided
    return found


def _tied_together(tests: Tests) -> Iterator[Tests]:
    """The tests of keys that nothing ties to each other, apart: what is decided of some is not lost with others."""
    groups: list[set[str]] = []
    for key, about in tests.items():
        group = {key, *(variable.key for test in about for variable in variables_of(test.value))}
        for other in [each for each in groups if not each.isdisjoint(group)]:
            groups.remove(other)
            group |= other
        groups.append(group)
    for group in groups:
        yield {key: about for key, about in tests.items() if key in group}


def _with_itself(test: KeyTest) -> KeyTest:
    """The test without variable where it compares a key with itself, which every value passes."""
    itself = (
        isinstance(pattern.tokens[0], Variable) and pattern.tokens[0].key == test.key
        for pattern in (test.value.patterns if isinstance(test.value, StringTest) else ())
        if len(pattern.tokens) == 1
    )
    return replace(test, value=StringTest((EVERYTHING,))) if any(itself) else test


def _chosen(tests: Tests, fixed: Mapping[str, Values], facts: Facts) -> Assignment | None:
    """Values for each key on its own, besides those that are fixed."""
    values = {key: value for key, value in fixed.items() if value is not None}
    for key, about in tests.items():
        if key in fixed:
            continue
        chosen = choose(about, facts.domain(key))
        if chosen is None:
            return None
        if chosen.values is not None:
            values[key] = chosen.values
    return values


def _loosened(test: KeyTest) -> KeyTest:
    """A test that is true wherever this one is, for some values of its variables."""
    if not variables_of(test.value):
        return test
    if test.negated or not isinstance(test.value, StringTest):
        everything = StringTest(() if test.negated else (EVERYTHING,))
        return replace(test, value=everything)
    return replace(test, value=bind(test.value, lambda _: EVERYTHING))


@dataclass(slots=True)
class _Ties:
    facts: Facts
    tries: int = 0

    def find(self, tests: Tests, fixed: Mapping[str, Values]) -> Assignment | None:
        """Values for all keys; the fixed ones fit their tests, as far as those hold no variable."""
        key = self._next(tests, fixed)
        if key is None:
            return _chosen(tests, fixed, self.facts)
        undecided = False
        options = _Options(self.facts, key, tests, fixed)
        tied = [
            about
            for about, of_key in sorted(tests.items())
            if _hang_on(of_key, key) and about not in {*fixed, key}
        ]
        for values in options:
            self.tries += 1
            if self.tries > MOST_TRIES:
                raise UndecidedError(UNDECIDED_TIE)
            bound = _bound(tests, key, values)
            after = {**fixed, key: values}
            if not _fixed_fit(bound, after):
                continue
            try:
                found = self.find(bound, after) if self._can_fit(bound, tied) else None
            except UndecidedError:
                undecided = True
                continue
            if found is not None:
                return found
        if undecided or not options.complete:
            raise UndecidedError(UNDECIDED_TIE)
        return None

    def _can_fit(self, tests: Tests, keys: list[str]) -> bool:
        """Whether these keys can fit what is plain about each of them."""
        return all(choose(_plain(tests[key]), self.facts.domain(key)) is not None for key in keys)

    def _next(self, tests: Tests, fixed: Mapping[str, Values]) -> str | None:
        """The key of a variable to choose next: one that hangs on no other variable, if there is one."""
        open_keys = sorted(
            {v.key for about in tests.values() for test in about for v in variables_of(test.value)}
            - fixed.keys()
        )
        if not open_keys:
            return None

        def hangs(key: str) -> tuple[int, bool, str]:
            own = tests.get(key, frozenset())
            finite = finite_texts(_plain_literals(own), self.facts.domain(key)) is not None
            return sum(bool(variables_of(test.value)) for test in own), not finite, key

        return min(open_keys, key=hangs)


def _bound(tests: Tests, key: str, values: Values) -> dict[str, KeyTests]:
    """The tests with a variable's key chosen."""
    single = exact(values[0]) if values is not None and len(values) == 1 else None

    def value_of(variable: Variable) -> Pattern | None:
        if variable.key != key:
            return Pattern((variable,))
        if single is not None:
            return single
        return None if variable.default is None else exact(variable.default)

    return {
        about: frozenset(
            replace(test, value=bind(test.value, value_of)) if variables_of(test.value) else test
            for test in of_key
        )
        for about, of_key in tests.items()
    }


def _fixed_fit(tests: Tests, fixed: Mapping[str, Values]) -> bool:
    return all(
        variables_of(test.value) or test.holds(values)
        for key, values in fixed.items()
        for test in tests.get(key, ())
    )


def _hang_on(tests: KeyTests, key: str) -> bool:
    return any(variable.key == key for test in tests for variable in variables_of(test.value))


def _plain(tests: KeyTests) -> KeyTests:
    return frozenset(test for test in tests if not variables_of(test.value))


def _plain_literals(tests: KeyTests) -> Literals:
    return literals_of(_plain(tests), *Quantifier)


@dataclass(slots=True)
class _Options:
    """The values to try for a variable's key. `complete`, once all are tried: no other values need trying."""

    facts: Facts
    key: str
    tests: Tests
    fixed: Mapping[str, Values]
    complete: bool = True

    def __iter__(self) -> Iterator[Values]:
        domain = self.facts.domain(self.key)
        own = self.tests.get(self.key, frozenset())
        plain = _plain(own)
        if all(test.if_absent for test in own) and absent(plain, domain) is not None:
            yield None
        seen: set[str] = set()
        null = [""] if belongs("", domain) else []
        for text in chain(self._texts(plain), null):
            if text not in seen and all(test.holds((text,)) for test in plain):
                seen.add(text)
                yield (text,)
        for case in (several_values, no_values):
            found = case(plain, domain)
            if found is not None:
                yield found.values

    def _texts(self, plain: KeyTests) -> Iterator[str]:
        domain = self.facts.domain(self.key)
        literals = _plain_literals(plain)
        finite = finite_texts(literals, domain)
        if finite is not None:
            yield from (text for text in finite if find_text(literals | {_equals(text)}, domain) is not None)
            return
        known = self._compared_texts()
        first = one_value(plain, domain)
        if first is not None and first.values is not None:
            yield from first.values
        if known is None:
            self.complete = False
            yield from self._likely(literals)
            known = frozenset()
        groups = self._parts_of(known)
        for group in groups:
            if (text := find_text(literals | {group}, domain)) is not None:
                yield text
        others = frozenset(Literal(group.test, negated=True) for group in groups)
        if (text := find_text(literals | others, domain)) is not None:
            yield text
            if not self.complete and (another := find_text(literals | others | {differs(text)}, domain)):
                yield another

    def _ties(self) -> Iterator[tuple[str, KeyTest]]:
        for key, tests in sorted(self.tests.items()):
            for test in sorted(tests, key=str):
                if _hang_on(frozenset({test}), self.key):
                    yield key, test

    def _compared_texts(self) -> frozenset[str] | None:
        """All texts that the variable's value can meet in comparisons; None where they are not known."""
        found = {""}
        for key, test in self._ties():
            if not isinstance(test.value, StringTest):
                return None
            if key in self.fixed:
                found.update(self.fixed[key] or ())
                continue
            domain = self.facts.domain(key)
            about = self.tests[key]
            if domain.multivalued:
                about = frozenset(each for each in about if each.quantifier is Quantifier.EVERY)
            possible = finite_texts(_plain_literals(about), domain)
            if possible is None or key == self.key:
                return None
            found.update(possible)
        return None if any(len(text) > LONGEST_TEXT for text in found) else frozenset(found)

    def _parts_of(self, compared: frozenset[str]) -> tuple[Literal, ...]:
        """For each part of the texts that makes some comparison match: that the value is this part."""
        groups: dict[Literal, None] = {}
        for _, test in self._ties():
            if not isinstance(test.value, StringTest):
                continue
            for text in sorted(compared):
                for part in _substrings(text):
                    literal = Literal(StringTest((exact(part),), test.value.ignore_case))
                    if literal not in groups and self._matches(test.value, part, text):
                        groups[literal] = None
        return tuple(groups)

    def _matches(self, value: StringTest, part: str, text: str) -> bool:
        """Whether the text matches with this value for the variable, whatever other variables hold."""

        def value_of(variable: Variable) -> Pattern:
            return exact(part) if variable.key == self.key else EVERYTHING

        test = bind(value, value_of)
        return test.passes(text)

    def _likely(self, literals: Literals) -> Iterator[str]:
        """Values that make single comparisons match, where the texts compared with are not finite.

        Where one comparison is all that ties the keys, and no text makes it match, nothing else needs trying.
        """
        ties = list(self._ties())
        domain = self.facts.domain(self.key)
        for key, test in ties:
            if key in self.fixed or key == self.key or not isinstance(test.value, StringTest):
                continue
            other = _plain_literals(self.tests[key])
            for pattern in test.value.patterns:
                cut = _cut(pattern, self.key)
                if cut is None:
                    continue
                before, after = (texts_matching((part,), test.value.ignore_case) for part in cut)
                try:
                    mine = texts.bounds(tuple(literals), base_languages(domain))[1]
                    theirs = texts.bounds(tuple(other), base_languages(self.facts.domain(key)))[1]
                    whole = Chain(before, Chain(Meet(*mine), after))
                    text = example([*theirs[0], whole], theirs[1])
                except TooLargeError:
                    continue
                if text is not None:
                    for group in self._parts_of(frozenset({text})):
                        if (part := find_text(literals | {group}, domain)) is not None:
                            yield part
                elif self._is_only_tie(key, test, ties):
                    self.complete = True

    def _is_only_tie(self, key: str, test: KeyTest, ties: list[tuple[str, KeyTest]]) -> bool:
        """Whether the comparison has to match, with one value of each key, and nothing else ties the key."""
        return (
            len(ties) == 1
            and isinstance(test.value, StringTest)
            and len(test.value.patterns) == 1
            and test.quantifier is Quantifier.ONE
            and not test.negated
            and not self.facts.domain(key).multivalued
            and not any(
                self.facts.domain(each).null and about.quantifier is Quantifier.EVERY
                for each in (key, self.key)
                for about in self.tests.get(each, ())
            )
        )


def _cut(pattern: Pattern, key: str) -> tuple[Pattern, Pattern] | None:
    """What stands before and after the variable, if it stands there once; other variables are left open."""
    places = [i for i, token in enumerate(pattern.tokens) if isinstance(token, Variable) and token.key == key]
    if len(places) != 1:
        return None
    before, after = pattern.tokens[: places[0]], pattern.tokens[places[0] + 1 :]
    open_before, open_after = (pattern_of(list(part)).bind(lambda _: EVERYTHING) for part in (before, after))
    assert open_before is not None
    assert open_after is not None
    return open_before, open_after


def _substrings(text: str) -> Iterator[str]:
    yield ""
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            yield text[start:end]


def _equals(text: str) -> Literal:
    return Literal(StringTest((exact(text),)))
