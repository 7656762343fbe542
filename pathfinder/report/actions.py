"""What S3 actions amount to, in a few words. JSON and CSV give the actions themselves as well."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pathfinder.aws.catalogue import matching_actions
from pathfinder.aws.s3_actions import AccessGroup, s3_action

WORDS = tuple(group.value for group in AccessGroup)
"""In the order in which they are shown: read, write, list, delete, take over, configure."""


def action_words(actions: Iterable[str]) -> tuple[str, ...]:
    """The words that the actions amount to, in the order of WORDS; a wildcard gives all that it may mean.

    An action that is not known is named itself, last.

    Examples:
        >>> action_words(["s3:GetObject", "s3:PutBucketPolicy"])
        ('read', 'take over')
    """
    return _all_words(tuple(actions))


@lru_cache(maxsize=1024)
def _all_words(actions: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(word for action in actions for word in _words(action))
    return (*(word for word in WORDS if word in found), *(word for word in found if word not in WORDS))


@lru_cache(maxsize=4096)
def _words(action: str) -> tuple[str, ...]:
    if "*" in action or "?" in action:
        known = [s3_action(name) for name in matching_actions(action)]
    else:
        known = [s3_action(action)]
    words = tuple(dict.fromkeys(each.group.value for each in known if each))
    return words or (action,)
