"""Condition keys that nobody has: mistyped ones, told from those that are only new. Source: LANG-52."""

from __future__ import annotations

import difflib
from functools import cache, lru_cache

from pathfinder.aws.catalogue import condition_key
from pathfinder.aws.condition_keys import key_facts, known_keys

_KNOWN_SERVICES = frozenset({"aws", "s3", "sts", "iam", "kms"})
"""Prefixes whose keys chapter 6 and the catalogue know."""


@lru_cache(maxsize=4096)
def is_mistyped(key: str) -> bool:
    """Whether AWS has no such key, and it is near enough to one that it has to be a mistake.

    A key that resembles none may be newer than the catalogue.
    """
    return not is_known(key) and nearest_key(key) is not None


def is_known(key: str) -> bool:
    """Whether chapter 6 or the catalogue has the key."""
    return "$" not in key and (key_facts(key) is not None or condition_key(key) is not None)


@lru_cache(maxsize=4096)
def nearest_key(key: str) -> str | None:
    """The key of AWS's that this one resembles, a tag's name kept."""
    name, slash, tag = key.partition("/")
    if key.partition(":")[0].lower() not in _KNOWN_SERVICES:
        return None
    near = difflib.get_close_matches(name.lower(), _names(), n=1, cutoff=0.75)
    return _names()[near[0]] + slash + tag if near else None


@cache
def _names() -> dict[str, str]:
    return {facts.key.partition("/")[0].lower(): facts.key.partition("/")[0] for facts in known_keys()}
