"""A statement's conditions: read once, then folded with what is known of a request's context.

Source: evaluation.md chapter 5, LANG-40 to LANG-47, COND-50.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.aws.condition_keys import is_multivalued, spelling
from pathfinder.logic.formula import (
    FALSE,
    Constant,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    any_of,
    constant,
    negate,
    present,
)
from pathfinder.logic.patterns import Pattern, Variable, exact, lower_cased, quotients
from pathfinder.logic.values import AnyValueTest, BoolTest, StringTest, ValueTest, bind, variables_of
from pathfinder.policy.context import (
    ABSENT,
    PRESENT,
    Absent,
    Composed,
    Context,
    KeyState,
    Open,
    Unsure,
    Values,
)
from pathfinder.policy.document import ConditionEntry, Effect
from pathfinder.policy.operators.registry import OperatorUse, read_operator


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator, read: a test, or a constant. `bound`: it holds no variable.

    `bad`: a value is not of the operator's type and the operator is negated, so that a Deny cannot be decided
    where the key is present (D-18).
    """

    formula: Formula
    key: str
    bound: bool
    bad: bool


def read_condition(entry: ConditionEntry, *, variables: bool) -> Condition | str:
    """The condition that an entry states, or what is wrong with it (LANG-51)."""
    use = read_operator(entry.operator)
    if use is None:
        return f"condition operator {entry.operator!r} is unknown"
    key = entry.key.lower()
    reading = use.operator.read(entry.values, variables)
    if use.operator.name == "Null":
        if reading.bad:
            return f"Null {entry.key} holds something that is neither true nor false"
        assert isinstance(reading.test, BoolTest)
        here = present(key)
        parts = ((here.opposite(), True), (here, False))
        return Condition(
            any_of(*(test for test, want in parts if want in reading.test.values)), key, True, False
        )
    test = _key_test(key, use, reading.test)
    return Condition(test, key, not variables_of(reading.test), reading.bad and use.operator.negated)


def _key_test(key: str, use: OperatorUse, value: ValueTest) -> KeyTest:
    negated = use.operator.negated
    if use.quantifier is Quantifier.ONE:
        return KeyTest(
            key,
            Quantifier.ONE,
            value,
            negated,
            if_absent=negated or use.if_exists,
            if_many=None if negated else False,
        )
    every = use.quantifier is Quantifier.EVERY
    return KeyTest(key, use.quantifier, value, negated, if_absent=every or use.if_exists)


def fold(condition: Condition, context: Context, effect: Effect | None) -> Formula:
    """The condition with all that the context knows put in."""
    test = condition.formula
    folded = fold_test(test, context, bound=condition.bound) if isinstance(test, KeyTest) else test
    if condition.bad and effect is not Effect.ALLOW and folded != FALSE:
        absent = fold_test(present(condition.key).opposite(), context)
        reason = f"a value compared with {spelling(condition.key)} is not of the operator's type"
        return any_of(all_of(absent, folded), all_of(folded, Unknown(reason)))
    return folded


def fold_test(test: KeyTest, context: Context, *, bound: bool = True) -> Formula:
    """One test with all that the context knows put in: a constant, a test on what is open, or an unknown."""
    for key in (test.key, *(() if bound else (each.key for each in variables_of(test.value)))):
        unsure = context.state(key)
        if isinstance(unsure, Unsure):
            return _in_either(test, key, unsure, context, bound=bound)
    if not bound:
        value = bind(test.value, lambda variable: variable_value(variable, context))
        test = KeyTest(test.key, test.quantifier, value, test.negated, test.if_absent, test.if_many)
        if isinstance(value, BoolTest) and value.patterns:
            return Unknown(f"Bool {spelling(test.key)} is compared with a variable whose value is open")
        bound = not variables_of(value)
    state = context.state(test.key)
    match state:
        case Absent():
            return constant(test.if_absent)
        case Values(values):
            return _known(test, values) if bound else _turned(test, values)
        case Composed(prefix, base):
            return _composed(test, prefix, base) if bound else _undecided(test)
        case Open():
            return _open(test, state)
        case Unsure(reason):
            return Unknown(reason)


def _in_either(test: KeyTest, key: str, unsure: Unsure, context: Context, *, bound: bool) -> Formula:
    """What holds with the key and without it; what holds in one of the two is unknown."""

    def told(state: KeyState) -> Formula:
        return fold_test(test, Context({**context.states, key: state}, context.otherwise), bound=bound)

    without, unknown = told(ABSENT), Unknown(unsure.reason)
    there = told(PRESENT if unsure.values is None else Values(unsure.values))
    if unsure.values is None and not isinstance(there, Constant):
        there = unknown
    if without == there:
        return without
    return any_of(all_of(without, there), all_of(unknown, any_of(without, there)))


def variable_value(variable: Variable, context: Context) -> Pattern | None:
    """What stands for a variable: its value, its default, itself while open; None: missing (LANG-41 to 47)."""
    state: KeyState = context.state(variable.key)
    missing = None if variable.default is None else exact(variable.default)
    if is_multivalued(variable.key):
        return missing
    match state:
        case Absent():
            return missing
        case Values(values, multivalued):
            return missing if multivalued or len(values) != 1 else exact(values[0])
        case Composed(prefix, base):
            return Pattern((prefix, Variable(base)))
        case Open() | Unsure():
            return Pattern((variable,))


def _known(test: KeyTest, values: tuple[str, ...]) -> Formula:
    holds = test.holds(values)
    if holds is None:
        return Unknown(f"{spelling(test.key)} has several values and its operator takes one (D-19)")
    return constant(holds)


def _open(test: KeyTest, state: Open) -> Formula:
    if not state.present:
        return test
    if isinstance(test.value, AnyValueTest) and not (state.null and test.quantifier is not Quantifier.ONE):
        return constant(not test.negated)
    absent = test.negated if test.quantifier is Quantifier.ONE else test.quantifier is Quantifier.EVERY
    return KeyTest(test.key, test.quantifier, test.value, test.negated, absent, test.if_many)


def _composed(test: KeyTest, prefix: str, base: str) -> Formula:
    """A test on `prefix` + open text as one on the open text."""
    if isinstance(test.value, AnyValueTest):
        return constant(not test.negated)
    if not isinstance(test.value, StringTest):
        return constant(test.negated)
    rests: list[Pattern] = []
    ignore_case = test.value.ignore_case
    for pattern in test.value.patterns:
        written, beginning = (lower_cased(pattern), prefix.lower()) if ignore_case else (pattern, prefix)
        rests.extend(quotients(written, beginning) or ())
    return open_text(base, tuple(rests), ignore_case=ignore_case, negated=test.negated)


def open_text(
    base: str, patterns: tuple[Pattern, ...], *, ignore_case: bool = False, negated: bool = False
) -> Formula:
    """That an open text which is always there matches one of the patterns (or, negated, none)."""
    if any(pattern.matches_all for pattern in patterns):
        return constant(not negated)
    if not patterns:
        return constant(negated)
    value = StringTest(tuple(dict.fromkeys(patterns)), ignore_case)
    return KeyTest(base, Quantifier.ONE, value, negated, if_absent=negated)


def _turned(test: KeyTest, values: tuple[str, ...]) -> Formula:
    """A test of a known value against patterns with open variables, as one on the variables' keys."""
    if not isinstance(test.value, StringTest) or len(values) != 1:
        return _undecided(test)
    alternatives: list[Formula] = []
    for pattern in test.value.patterns:
        tied = tie(pattern, values[0], ignore_case=test.value.ignore_case)
        if tied is None:
            return _undecided(test)
        alternatives.append(tied)
    found = any_of(*alternatives)
    return negate(found) if test.negated else found


def tie(pattern: Pattern, text: str, *, ignore_case: bool = False) -> Formula | None:
    """When a text that is known matches a pattern with an open variable, as a test on the variable's key.

    Each way to cut the text around the variable gives one value. None where there are several variables, or
    more ways than can be listed.
    """
    if ignore_case:
        pattern, text = lower_cased(pattern), text.lower()
    variables = pattern.variables
    if not variables:
        return constant(pattern.matches(text))
    if len(variables) > 1:
        return None
    (variable,) = variables
    at = pattern.tokens.index(variable)
    before, after = Pattern(pattern.tokens[:at]), Pattern(pattern.tokens[at + 1 :])
    starts = [cut for cut in range(len(text) + 1) if before.matches(text[:cut])]
    ends = [cut for cut in range(len(text) + 1) if after.matches(text[cut:])]
    if len(starts) * len(ends) > _MOST_CUTS:
        return None
    values = sorted({text[start:end] for start in starts for end in ends if start <= end})
    default = None if variable.default is None else pattern.bind(lambda each: exact(each.default or ""))
    if_absent = default is not None and default.matches(text)
    if not values:
        return present(variable.key).opposite() if if_absent else FALSE
    value = StringTest(tuple(exact(each) for each in values), ignore_case)
    return KeyTest(variable.key, Quantifier.ONE, value, negated=False, if_absent=if_absent)


_MOST_CUTS = 20_000


def _undecided(test: KeyTest) -> Unknown:
    return Unknown(f"{spelling(test.key)} is compared with a variable in a way that is not decided")
