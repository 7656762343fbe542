"""aws:CurrentTime and aws:EpochTime are the same instant, so that tests on both are tests on one key.

Source: evaluation.md chapter 6 ("aws:CurrentTime, aws:EpochTime"), COND-17, COND-32.
"""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.conditions.facts import key_at, request_of_key
from pathfinder.conditions.keys_used import keys_of
from pathfinder.logic.formula import Formula, KeyTest, Unknown, rewrite
from pathfinder.logic.values import AnyValueTest, DateTest, NumberTest, read_date

CURRENT = "aws:currenttime"
EPOCH = "aws:epochtime"


def one_clock(formula: Formula) -> Formula:
    """The formula, tests of numbers and dates on the epoch time put on the current time where it speaks of both."""
    twice = _told_twice(formula)
    if not twice:
        return formula

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, Unknown) or leaf.key not in twice:
            return leaf
        match leaf.value:
            case NumberTest(comparison, values):
                value: DateTest | AnyValueTest = DateTest(comparison, values)
            case DateTest() | AnyValueTest():
                value = leaf.value
            case _:
                return leaf
        return KeyTest(twice[leaf.key], leaf.quantifier, value, leaf.negated, leaf.if_absent, leaf.if_many)

    return rewrite(formula, of_leaf)


def with_both(formula: Formula, values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The values of a solution, the epoch time added where the formula speaks of both times."""
    found = dict(values)
    for epoch, current in _told_twice(formula).items():
        told = found.get(current)
        instant = read_date(told[0]) if told else None
        if instant is not None:
            found[epoch] = (f"{instant.normalize():f}",)
    return dict(sorted(found.items()))


def _told_twice(formula: Formula) -> dict[str, str]:
    """Key of the epoch time to that of the current time, for each request that is asked about both."""
    keys = keys_of(formula)
    found: dict[str, str] = {}
    for key in keys:
        number, own = request_of_key(key)
        if own == EPOCH:
            current = CURRENT if number is None else key_at(number, CURRENT)
            if current in keys:
                found[key] = current
    return found
