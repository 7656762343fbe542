"""Scenarios over small value sets, made so that near misses and interesting combinations are frequent.

One generator serves both the seeded runs (`Chooser` over `random.Random`) and hypothesis
(`scenarios()`, which draws the same choices and can therefore shrink them).
"""

import random
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from .generate_policies import Setting, endpoint_policy, level, plain_policy, resource_policy
from .generate_values import ACCOUNTS, CALLERS, REQUESTS, context_for

T = TypeVar("T")


class Chooser(Protocol):
    """Where choices come from."""

    def pick(self, options: Sequence[T]) -> T: ...

    def chance(self, percent: int) -> bool: ...

    def count(self, low: int, high: int) -> int: ...


class RandomChooser:
    """Choices from a seed."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._random.random() * len(options))]

    def chance(self, percent: int) -> bool:
        return self._random.random() * 100 < percent

    def count(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))


class DrawnChooser:
    """Choices drawn by hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(list(options)))

    def chance(self, percent: int) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 - percent  # shrinks towards "no"

    def count(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))


def random_scenario(seed: int) -> dict[str, Any]:
    """The scenario of this seed; the same in every run."""
    return make_scenario(RandomChooser(seed))


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    return make_scenario(DrawnChooser(draw))


def make_scenario(choose: Chooser) -> dict[str, Any]:
    caller = choose.pick(CALLERS)
    wanted = choose.pick([r for r in REQUESTS if r.suits(caller)])
    action, resource = choose.pick(wanted.actions), choose.pick(wanted.resources)
    owner = choose.pick((caller.account or ACCOUNTS[0], *ACCOUNTS)) if not wanted.owner else wanted.owner
    context = context_for(choose, caller, action, owner)
    request: dict[str, Any] = {"principal": caller.arn, "action": action, "resource": resource}
    if resource.startswith("arn:aws:s3:::") and not choose.chance(2):
        request["resource_account"] = owner
    if caller.federated_by:
        request["federated_by"] = caller.federated_by
    request["context"] = context
    setting = Setting(caller, action, resource, context)
    return {"name": "generated", "request": request, "policies": _policies(choose, setting, wanted.kind)}


def _policies(choose: Chooser, setting: Setting, kind: str) -> dict[str, Any]:
    policies: dict[str, Any] = {}
    caller = setting.caller
    if caller.kind in ("user", "role", "session", "federated-user"):
        if choose.chance(85):
            policies["identity"] = [plain_policy(choose, setting) for _ in range(choose.count(1, 2))]
        if choose.chance(25) and not caller.service_linked:
            policies["permissions_boundary"] = plain_policy(choose, setting)
        often = {"user": 0, "federated-user": 75}.get(caller.kind, 20)
        if choose.chance(often) and not caller.service_linked:
            policies["session"] = plain_policy(choose, setting)
    elif choose.chance(15):
        policies["identity"] = [plain_policy(choose, setting)]  # must be ignored
    if choose.chance(95 if kind in ("trust", "key") or caller.kind in ("service", "anonymous") else 75):
        policies["resource"] = resource_policy(choose, setting, kind)
    if choose.chance(25):
        policies["scp"] = [level(choose, setting, "scp") for _ in range(choose.count(0, 3))]
    if choose.chance(20):
        policies["rcp"] = [level(choose, setting, "rcp") for _ in range(choose.count(1, 2))]
    if choose.chance(40 if "aws:SourceVpce" in setting.context else 8):
        policies["vpc_endpoint"] = endpoint_policy(choose, setting)
        if choose.chance(30):
            policies["vpc_endpoint_type"] = choose.pick(["interface", "gateway"])
    return policies
