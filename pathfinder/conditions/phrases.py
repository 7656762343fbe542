"""One test in words: `through vpce-0aaa`, `with MFA`, `aws:PrincipalTag/team is red`."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinder.conditions.operators_shown import (
    PSEUDO_KEYS,
    Shown,
    key_name,
    pattern_text,
    shown,
)
from pathfinder.logic.formula import KeyTest, Quantifier
from pathfinder.logic.patterns import Pattern, Wildcard
from pathfinder.logic.values import AddressTest, AnyValueTest, ArnTest, BoolTest, StringTest
from pathfinder.policy.context import OBJECT_KEY


def phrase(test: KeyTest) -> str:
    """The test in words."""
    return _special(test) or _general(test)


def says_no(test: KeyTest) -> bool:
    """Whether the words of the test say that something must not be."""
    if test.key in PSEUDO_KEYS:
        return False
    if isinstance(test.value, BoolTest):
        return test.negated and test.quantifier is Quantifier.ONE
    return test.negated and test.if_absent


def _special(test: KeyTest) -> str | None:
    """Phrases of their own for the keys that nearly every review meets."""
    value = test.value
    if isinstance(value, AnyValueTest):
        return _presence(test)
    if test.key in PSEUDO_KEYS and isinstance(value, StringTest) and test.quantifier is Quantifier.ONE:
        return _object_keys(value, test.negated) if test.key == OBJECT_KEY else _session(value, test.negated)
    if test.quantifier is not Quantifier.ONE:
        return None
    if test.if_absent is not test.negated:
        return _other(test) if test.negated else None
    no = "not " if test.negated else ""
    match value:
        case StringTest(patterns) if test.key == "aws:sourcevpce" and not value.ignore_case:
            return f"{no}through {_or(map(pattern_text, patterns))}"
        case StringTest(patterns) if test.key == "aws:sourcevpc" and not value.ignore_case:
            return f"{no}from {_or(map(pattern_text, patterns))}"
        case AddressTest() if test.key == "aws:sourceip":
            return f"{no}from {_or(shown(test).values)}"
        case AddressTest() if test.key == "aws:vpcsourceip":
            return f"{no}from private address {_or(shown(test).values)}"
        case BoolTest(values, ()) if test.key == "aws:multifactorauthpresent" and len(values) == 1:
            if True in values:
                return "without MFA" if test.negated else "with MFA"
            return None if test.negated else "in a session without MFA"
        case BoolTest(values, ()) if test.key == "aws:securetransport" and len(values) == 1:
            return "over TLS" if (True in values) is not test.negated else "without TLS"
        case _:
            return None


def _other(test: KeyTest) -> str | None:
    """The key is there, with another value."""
    match test.value:
        case StringTest(patterns, False) if test.key == "aws:sourcevpce":
            return f"through a VPC endpoint other than {_or(map(pattern_text, patterns))}"
        case StringTest(patterns, False) if test.key == "aws:sourcevpc":
            return f"from a VPC other than {_or(map(pattern_text, patterns))}"
        case AddressTest() if test.key == "aws:sourceip":
            return f"from a public address outside {_or(shown(test).values)}"
        case _:
            return None


def _presence(test: KeyTest) -> str | None:
    if shown(test).operator != "Null":
        return None
    here = not test.negated
    match test.key:
        case "aws:sourcevpce" | "aws:sourcevpc":
            return "through a VPC endpoint" if here else "not through a VPC endpoint"
        case "aws:sourceip":
            return "from a public address" if here else "not from a public address"
        case _:
            return f"{key_name(test.key)} is {'present' if here else 'absent'}"


def _object_keys(value: StringTest, negated: bool) -> str:
    no = "not " if negated else ""
    literals = [pattern.literal for pattern in value.patterns]
    if None not in literals and not value.ignore_case:
        names = _or(str(name) for name in literals)
        return f"object keys other than {names}" if negated else f"object key {names}"
    return f"object keys {no}" + _or(
        _object_pattern(pattern) + (" ignoring case" if value.ignore_case else "")
        for pattern in value.patterns
    )


def _object_pattern(pattern: Pattern) -> str:
    match pattern.tokens:
        case (str(prefix), Wildcard.MANY) if prefix.endswith("/"):
            return f"under {prefix}"
        case (str(prefix), Wildcard.MANY):
            return f"starting with {prefix}"
        case (Wildcard.MANY, str(suffix)):
            return f"ending in {suffix}"
        case _:
            return f"like {pattern_text(pattern)}"


def _session(value: StringTest, negated: bool) -> str:
    return f"session name {_texts(value, negated)}".replace("session name is ", "session name ", 1)


def _general(test: KeyTest) -> str:
    form = shown(test)
    name = key_name(test.key)
    match test.quantifier:
        case Quantifier.ONE:
            text = f"{name} {_predicate(test, form, test.negated)}"
        case Quantifier.SOME:
            text = f"some {name} {_predicate(test, form, test.negated)}"
        case Quantifier.EVERY if test.negated and isinstance(test.value, StringTest | ArnTest | AddressTest):
            text = f"no {name} {_predicate(test, form, negated=False)}"
        case Quantifier.EVERY:
            text = f"every {name} {_predicate(test, form, test.negated)}"
    if form.if_exists:
        return f"{text} or absent"
    if not form.needs_key:
        return text
    if test.quantifier is Quantifier.ONE:
        return f"{name} is present and {text.removeprefix(name + ' ')}"
    return f"{name} is present and {text}"


def _predicate(test: KeyTest, form: Shown, negated: bool) -> str:
    if isinstance(test.value, StringTest):
        return _texts(test.value, negated)
    if isinstance(test.value, AnyValueTest):
        return "is none" if negated else "is any text"
    not_ = "not " if negated else ""
    values = _or(form.values) or "nothing"
    for ending, words in _COMPARISONS:
        if form.operator.endswith(ending) and form.operator.startswith(("Numeric", "Date")):
            return f"is {words[form.operator.startswith('Date')]}{values}"
    match test.value:
        case AddressTest():
            return f"is {not_}in {values}"
        case ArnTest():
            return f"is {not_}{values}"
        case BoolTest():
            return f"is {values}"
        case _:
            return f"is {not_}{values}"


_COMPARISONS = (
    ("LessThanEquals", ("at most ", "at the latest ")),
    ("GreaterThanEquals", ("at least ", "at the earliest ")),
    ("LessThan", ("below ", "before ")),
    ("GreaterThan", ("above ", "after ")),
    ("NotEquals", ("not ", "not ")),
    ("Equals", ("", "")),
)


def _texts(value: StringTest, negated: bool) -> str:
    """What a text is, starts with, ends with, contains or matches."""
    by_verb: dict[str, list[str]] = {}
    for pattern in value.patterns:
        verb, text = _verb(pattern)
        by_verb.setdefault(verb, []).append(text)
    if not by_verb:
        return "is anything" if negated else "is nothing"
    phrases = [
        f"{_said(verb, texts, negated)}{' ignoring case' if value.ignore_case else ''}"
        for verb, texts in by_verb.items()
    ]
    return (" and " if negated else " or ").join(phrases)


def _said(verb: str, texts: list[str], negated: bool) -> str:
    if not negated:
        return f"{verb} {_or(texts)}"
    if verb == "is" and len(texts) == 2:
        return f"is neither {texts[0]} nor {texts[1]}"
    if verb == "is" and len(texts) > 2:
        return f"is none of {', '.join(texts)}"
    return f"{_NOT[verb]} {_or(texts)}"


_NOT = {
    "is": "is not",
    "starts with": "does not start with",
    "ends in": "does not end in",
    "contains": "does not contain",
    "is like": "is not like",
}


def _verb(pattern: Pattern) -> tuple[str, str]:
    match pattern.tokens:
        case ():
            return "is", "empty"
        case (str(prefix), Wildcard.MANY):
            return "starts with", prefix
        case (Wildcard.MANY, str(suffix)):
            return "ends in", suffix
        case (Wildcard.MANY, str(part), Wildcard.MANY):
            return "contains", part
        case _ if any(isinstance(token, Wildcard) for token in pattern.tokens):
            return "is like", pattern_text(pattern)
        case _:
            return "is", pattern_text(pattern)


def _or(texts: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    found = list(dict.fromkeys(texts))
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} or {found[-1]}"
