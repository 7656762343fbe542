"""The values of conditions, compared one by one with what a request has. Source: COND-10 to COND-47."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from pathfinder.conditions.domains.dates import date_text
from pathfinder.logic.formula import TRUE
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import read_address, read_bool, read_date, read_network, read_number
from pathfinder.policy.conditions import fold, read_condition
from pathfinder.policy.context import Context, KeyState, Values
from pathfinder.policy.document import ConditionEntry, Effect
from pathfinder.policy.operators.registry import Operator, read_operator

Known = Callable[[str], KeyState]
"""What is known of each key, its name in lower case."""


def hitting(entry: ConditionEntry, state: Values) -> tuple[str, ...]:
    """The values of a condition that the key's values meet, each asked alone."""
    return tuple(value for value in entry.values if _hits(entry, value, state))


def _hits(entry: ConditionEntry, value: str, state: Values) -> bool:
    use = read_operator(entry.operator)
    read = read_condition(ConditionEntry(entry.operator, entry.key, (value,)), variables=False)
    if use is None or isinstance(read, str):
        return False
    holds = fold(read, Context({entry.key.lower(): state}), Effect.ALLOW) == TRUE
    return holds is not use.operator.negated


def covering(entry: ConditionEntry, state: Values) -> tuple[str, ...]:
    """Values that make a condition cover what the key has, as its operator writes them."""
    use = read_operator(entry.operator)
    if use is None:
        return ()
    return tuple(found for value in state.values if (found := _covering(use.operator, value)) is not None)


_DAY = Decimal(86400)


def _covering(operator: Operator, value: str) -> str | None:
    name = operator.name
    if name.endswith("IpAddress"):
        network = read_network(value) if read_address(value) is not None else None
        return None if network is None else str(network)
    if name == "Bool":
        return None if read_bool(value) is None else value.lower()
    if name.startswith("Numeric"):
        number = read_number(value)
        return None if number is None else f"{number + _beyond(name):f}"
    if name.startswith("Date"):
        instant = read_date(value)
        return None if instant is None else _date(instant + _beyond(name) * _DAY)
    if name.startswith(("String", "Arn")):
        return str(exact(value)) if name.endswith("Like") or name.startswith("Arn") else value
    return None


def _beyond(name: str) -> int:
    """How far a strict comparison must go beyond the value itself."""
    if name.endswith("LessThan"):
        return 1
    return -1 if name.endswith("GreaterThan") else 0


def _date(instant: Decimal) -> str | None:
    try:
        return date_text(instant)
    except (OverflowError, ValueError):
        return None
