"""What the options of a command ask for, as a query."""

from __future__ import annotations

from collections.abc import Sequence

from pathfinder.cli.errors import UsageError
from pathfinder.cli.options import Filters
from pathfinder.routes.route import Query


def query_of(filters: Filters, *, escalations: bool = False) -> Query:
    """The query that the filters say. Raises UsageError."""
    checked_hops(filters.max_hops)
    return Query(
        filters.from_, filters.to, filters.action, filters.cross_account, filters.max_hops, escalations
    )


def checked_hops(hops: int) -> int:
    """The number of hops. Raises UsageError where no route can be so short."""
    if hops < 1:
        raise UsageError(f"--max-hops is {hops}; a route has at least one hop")
    return hops


def context_of(texts: Sequence[str]) -> dict[str, str | list[str]]:
    """`key=value` texts as a request context; a key given again has several values. Raises UsageError."""
    found: dict[str, list[str]] = {}
    spelling: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not (key and equals):
            raise UsageError(f"--context {text} is no key=value, such as aws:SourceVpce=vpce-0aaa")
        found.setdefault(spelling.setdefault(key.lower(), key), []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}
