"""What a reviewer pins: `aws:SourceIp=203.0.113.0/24` read as a formula over the keys of one request.

In every request that can carry the key, it has such a value; a request that cannot carry it is not touched.
Source: evaluation.md KEY-6, COND-19, COND-21, COND-23, COND-30, COND-32, COND-33.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pathfinder.aws.catalogue import condition_key
from pathfinder.aws.condition_keys import (
    ValueType,
    always_present,
    is_multivalued,
    key_facts,
    known_keys,
    spelling,
    value_type,
)
from pathfinder.conditions.facts import catalogue_domain
from pathfinder.conditions.one_key import choose
from pathfinder.conditions.one_value import UndecidedError
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Quantifier, Unknown, all_of, present, rewrite
from pathfinder.logic.patterns import EVERYTHING
from pathfinder.logic.values import BoolTest, StringTest, ValueTest
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import Absent, Context, Values
from pathfinder.policy.operators.registry import read_operator


class AssumptionError(ValueError):
    """An assumption that cannot be: a key that AWS does not know, or a value that the key cannot have."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A key pinned to some values, any of them.

    `name`: the key as AWS spells it. `texts`: the values as given, the empty text for the key's absence.
    `formula`: what it says of a request that can carry the key.
    """

    name: str
    texts: tuple[str, ...]
    formula: Formula

    @property
    def key(self) -> str:
        """Its name in lower case."""
        return self.name.lower()

    @property
    def given(self) -> tuple[str, ...]:
        """Each value as it is given on the command line: `aws:SourceIp=203.0.113.0/24`."""
        return tuple(f"{self.name}={text}" for text in self.texts)

    def within(self, context: Context) -> Formula:
        """What it says of a request in this context: TRUE where the request cannot carry the key.

        FALSE where the key is fixed otherwise, so that no such request is made.
        """
        if isinstance(context.state(self.key), Absent):
            return TRUE
        return rewrite(self.formula, lambda leaf: _folded(leaf, context))

    def is_fixed_in(self, context: Context) -> bool:
        """Whether the key's value is fixed in this context."""
        return isinstance(context.state(self.key), Values)


def _folded(leaf: KeyTest | Unknown, context: Context) -> Formula:
    return fold_test(leaf, context) if isinstance(leaf, KeyTest) else leaf


def read_assumptions(texts: Iterable[str]) -> tuple[Assumption, ...]:
    """`key=value` texts as assumptions, in the order of their keys' first mention. Raises AssumptionError.

    A key given again may have any of its values; no value after `=` means that the key is absent.
    """
    values: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise AssumptionError(f"{text} is no key=value, such as aws:SourceIp=203.0.113.0/24")
        if not _is_known(name):
            raise AssumptionError(_no_such_key(name))
        key = names.setdefault(name.lower(), spelling(name))
        given = values.setdefault(key, [])
        if value not in given:
            given.append(value)
    return tuple(Assumption(name, tuple(given), _formula(name, given)) for name, given in values.items())


def _is_known(key: str) -> bool:
    """Whether AWS has the key: in chapter 6 or in the catalogue; a template alone is no key."""
    return "$" not in key and (key_facts(key) is not None or condition_key(key) is not None)


def _no_such_key(key: str) -> str:
    open_part = key.partition("/")[2]
    open_part = open_part if open_part and "$" not in open_part else "…"
    known = (re.sub(r"\$\{.*?\}", lambda _: open_part, facts.key) for facts in known_keys())
    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(key.lower(), names, n=1, cutoff=0.6)
    hint = f"; the nearest is {names[near[0]]}" if near else ""
    return f"no condition key is called {key}{hint}"


def _formula(name: str, texts: Sequence[str]) -> Formula:
    """That the key has one of the values. One that may be missing and is pinned to `false` may be missing."""
    key = name.lower()
    values = [text for text in texts if text]
    tests = [_value_test(name, value) for value in values]
    absent = len(values) < len(texts)
    if absent and always_present(key):
        raise AssumptionError(f"{name}= says that {name} is absent, but every request has it")
    if not values:
        return present(key).opposite()
    test = tests[0] if len(tests) == 1 else _value_test(name, *values)
    if isinstance(test, BoolTest) and False in test.values:
        absent = True
    if is_multivalued(key):
        every = KeyTest(key, Quantifier.EVERY, test, negated=False, if_absent=True)
        return every if absent else all_of(every, present(key))
    return KeyTest(key, Quantifier.ONE, test, negated=False, if_absent=absent)


def _value_test(key: str, *texts: str) -> ValueTest:
    """The test that a value is one of the texts, by the key's type. Raises AssumptionError."""
    test = _read(key, texts)
    try:
        found = choose(
            frozenset((KeyTest(key.lower(), Quantifier.SOME, test, negated=False, if_absent=False),)),
            catalogue_domain(key.lower()),
        )
    except UndecidedError:
        return test
    if found is None:
        raise AssumptionError(f"{key} cannot be {' or '.join(texts)}")
    return test


_OPERATORS = {
    ValueType.ADDRESS: ("IpAddress", "an address or a CIDR, such as 203.0.113.0/24"),
    ValueType.BOOL: ("Bool", "true or false"),
    ValueType.NUMBER: ("NumericEquals", "a number"),
    ValueType.DATE: ("DateEquals", "a date, such as 2026-01-31T00:00:00Z"),
    ValueType.ARN: ("ArnLike", "an ARN of six fields, with * and ? if you like, or * alone"),
    ValueType.STRING: ("StringLike", "a text"),
}
"""The condition operator that compares as an assumption does, and what it takes."""


def _read(key: str, texts: tuple[str, ...]) -> ValueTest:
    """The test by the key's type, as a policy would state it."""
    type_ = value_type(key)
    if type_ is ValueType.ARN and "*" in texts:
        return StringTest((EVERYTHING,))
    name, wanted = _OPERATORS[type_]
    use = read_operator(name)
    assert use is not None
    for text in texts:
        if use.operator.read((text,), False).bad:
            raise AssumptionError(f"{key} is {text}, but it has to be {wanted}")
    return use.operator.read(texts, False).test
