"""Formulas in words: one sentence for people, a tree for programs."""

from __future__ import annotations

from pathfinder.conditions.operators_shown import key_name, shown
from pathfinder.conditions.phrases import phrase, says_no
from pathfinder.logic.formula import AllOf, AnyOf, Constant, Formula, KeyTest, Unknown, negate
from pathfinder.policy.context import OBJECT_KEY

Tree = dict[str, object]


def sentence(formula: Formula) -> str:
    """The condition in words: `through vpce-0aaa and with MFA, object keys under logs/`.

    `always` and `never` are the constants. Parts are in the formula's order, those on object keys last.
    """
    return _words(formula, inside=None)


def _words(formula: Formula, inside: type[AllOf] | type[AnyOf] | None) -> str:
    match formula:
        case Constant(value):
            return "always" if value else "never"
        case Unknown(reason):
            return f"perhaps ({reason})"
        case KeyTest():
            text = phrase(formula)
            return f"({text})" if inside is AllOf and " or " in text else text
        case AllOf(parts):
            return _all(parts, inside)
        case AnyOf(parts):
            if all(isinstance(part, KeyTest) and says_no(part) for part in parts):
                unless = negate(formula)
                assert isinstance(unless, AllOf)
                text = f"unless {_all(unless.parts, None)}"
            else:
                text = " or ".join(_words(part, AnyOf) for part in parts)
            return text if inside is None else f"({text})"


def _all(parts: tuple[Formula, ...], inside: type[AllOf] | type[AnyOf] | None) -> str:
    unless = [part for part in parts if _is_unless(part)]
    objects = [part for part in parts if isinstance(part, KeyTest) and part.key == OBJECT_KEY]
    others = [part for part in parts if part not in objects and part not in unless]
    pieces = [" and ".join(_words(part, AllOf if parts[1:] else None) for part in others)] if others else []
    if objects:
        pieces.append(" and ".join(map(phrase, objects)))
    pieces.extend(_words(part, None) for part in unless)
    text = ", ".join(pieces)
    return f"({text})" if inside is AnyOf else text


def _is_unless(part: Formula) -> bool:
    return isinstance(part, AnyOf) and all(isinstance(each, KeyTest) and says_no(each) for each in part.parts)


def tree(formula: Formula) -> Tree:
    """The condition for programs, in the words of policies.

    `{"all_of": [...]}`, `{"any_of": [...]}`, `{"unknown": reason}`, `{"constant": true}`, or a test: `key`,
    `operator` as a policy states it, `values`, and where they apply `quantifier` (ForAnyValue, ForAllValues)
    and `if_exists`.
    """
    match formula:
        case Constant(value):
            return {"constant": value}
        case Unknown(reason):
            return {"unknown": reason}
        case AllOf(parts):
            return {"all_of": [tree(part) for part in parts]}
        case AnyOf(parts):
            return {"any_of": [tree(part) for part in parts]}
        case KeyTest(key):
            form = shown(formula)
            leaf: Tree = {"key": key_name(key), "operator": form.whole_operator, "values": list(form.values)}
            if form.quantifier:
                leaf["quantifier"] = form.quantifier
            if form.if_exists:
                leaf["if_exists"] = True
            if not form.needs_key:
                return leaf
            return {"all_of": [{"key": key_name(key), "operator": "Null", "values": ["false"]}, leaf]}
