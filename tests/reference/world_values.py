"""Test values: what the policies of a small world mention, and texts that they tell apart."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

World = dict[str, Any]


def documents(value: Any) -> Iterator[dict[str, Any]]:
    """Every policy document in the world."""
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from documents(one)


def mentioned(policies: Any, key: str) -> list[str]:
    """The values that the policies compare the key with, in a fixed order."""
    found: set[str] = set()
    for document in documents(policies):
        for statement in document["Statement"]:
            for tests in statement.get("Condition", {}).values():
                for name, values in tests.items():
                    if name.lower() == key.lower():
                        found |= {str(v) for v in (values if isinstance(values, list) else [values])}
    return sorted(found)


def words(world: World) -> list[str]:
    """What variables can stand for: user names, values of tags and source identities, a default, something else."""
    found = {"none", "else"}
    for account in world["accounts"].values():
        found |= set(account["users"])
        for principal in [*account["users"].values(), *account["roles"].values()]:
            found |= set(principal["tags"].values())
    keys = [*(f"aws:{kind}Tag/team" for kind in ("Principal", "Request", "Resource"))]
    for key in [*keys, "sts:SourceIdentity", "aws:SourceIdentity"]:
        found |= {text for text in mentioned(world, key) if re.fullmatch(r"\w+", text)}
    return sorted(found - {"true", "false"})


def told_apart(patterns: Iterable[str], world: World, shortest: int = 0) -> list[str]:
    """Texts around the patterns, one for each set of patterns that match it, none shorter than AWS takes."""
    expanded = {text for pattern in patterns for text in _without_variables(pattern, world)}
    texts = {text for pattern in expanded for text in _instances(pattern)} | {"zzz"}
    exact = sorted(expanded)  # StringEquals takes wildcards literally
    compiled = [_wildcard(pattern) for pattern in exact]
    kept: dict[tuple[bool, tuple[int, ...], str | None], str] = {}
    for text in sorted((t for t in texts if len(t) >= shortest), key=lambda t: (len(t), t)):
        matching = tuple(number for number, p in enumerate(compiled) if p.fullmatch(text))
        kept.setdefault((text == "", matching, text if text in expanded else None), text)
    return sorted(kept.values())


@lru_cache(maxsize=1 << 16)
def _wildcard(pattern: str) -> re.Pattern[str]:
    """`*` is any run, `?` any one character (LANG-21)."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _without_variables(pattern: str, world: World) -> set[str]:
    texts = {pattern}
    for variable in set(re.findall(r"\$\{[^}]*\}", pattern)):
        texts = {text.replace(variable, word) for text in texts for word in words(world)}
    return texts


def _instances(pattern: str) -> set[str]:
    """Texts that the pattern matches, shortest and longer, and neighbours that it does not match."""
    points = set()
    for run in ("", "x", "a/b.txt"):
        point = pattern.replace("*", run).replace("?", "q")
        points |= {point, point + "y", point[:-1]}
    return points
