"""Kleene's logic: True, False, and None for what the rules leave uncertain (COND-50)."""

from collections.abc import Iterable

Truth = bool | None


def all3(values: Iterable[Truth]) -> Truth:
    """False if any is false, else uncertain if any is uncertain, else true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any3(values: Iterable[Truth]) -> Truth:
    """True if any is true, else uncertain if any is uncertain, else false."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def not3(value: Truth) -> Truth:
    return None if value is None else not value
