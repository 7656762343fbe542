"""Turns a row (rule, operator, policy values, value in the request, does it hold?) into scenarios.

A condition that holds makes an Allow grant and a Deny deny; one that fails makes neither do anything.
So each row is tried in an Allow and in a Deny.
"""

from collections.abc import Iterator

from .cases import ALLOW, EXPLICIT, FULL_ACCESS, IMPLICIT, Case, Json, allow, case, deny

ABSENT = None
"""The request's context lacks the key."""
Row = tuple[str, str, Json, Json, bool]


def on_key(key: str, *rows: Row) -> Iterator[Case]:
    """Both scenarios of each row, all about one condition key."""
    for rule, operator, values, given, expected in rows:
        when = {operator: {key: values}}
        context = {} if given is ABSENT else {key: given}
        request = "missing" if given is ABSENT else f"given {given!r}"
        yield from holds(rule, f"{operator} {key} {values!r} {request}", when, context, expected)


def holds(rule: str, title: str, when: Json, context: Json, expected: bool) -> Iterator[Case]:
    """Does this whole Condition element hold in this context?"""
    granted, denied = (ALLOW, EXPLICIT) if expected else (IMPLICIT, ALLOW)
    yield case(rule, f"Allow {title}", context=context, identity=[allow(when=when)], expect=granted)
    yield case(rule, f"Deny {title}", context=context, identity=[FULL_ACCESS, deny(when=when)], expect=denied)
