"""Make a mismatching scenario as small as possible, by leaving parts out while it still mismatches."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

Scenario = dict[str, Any]


def shrink(scenario: Scenario, still_fails: Callable[[Scenario], bool]) -> Scenario:
    """The smallest scenario that leaving out parts one by one leads to."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _without_one_part(scenario):
            if still_fails(candidate):
                scenario, smaller = candidate, True
                break
    return scenario


def _without_one_part(scenario: Scenario) -> Iterator[Scenario]:
    for path in list(_paths(scenario, ())):
        candidate = deepcopy(scenario)
        holder: Any = candidate
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield candidate


_KEPT = {"name", "request", "principal", "action", "federated_by", "policies"}  # of the scenario
_KEPT |= {
    "Effect",
    "Statement",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
}


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Every part that may be left out, outer parts first."""
    if isinstance(value, dict):
        steps: list[Any] = list(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    else:
        return
    for step in steps:
        if step not in _KEPT and (*path, step) != ("request", "resource"):
            yield (*path, step)
    for step in steps:
        yield from _paths(value[step], (*path, step))
