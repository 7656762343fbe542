"""The vocabulary of rows: which action on what, in a form that a table can say.

Source: evaluation.md ESC-1, ESC-2, ESC-5, ESC-6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.escalations.resources import anywhere, new, of_arn
from pathfinder.graph.resource import Resource
from pathfinder.policy.context import KeyState, Values


@dataclass(frozen=True, slots=True)
class New:
    """An action on something to be made, whose name is free: `function:` and a name.

    `prefix`: the sixth field of its ARN as far as the name. `service`: of its ARN, where not the action's.
    `regional`: whether its ARN has a region; `owned`: whether it has an account, as AMIs and AWS's own documents have
    not. Actions on things with the same prefix are about the same thing. `given`: keys that the call fixes; `$ROLE`
    and `$PROFILE` stand for the role that is passed and the instance profile that holds it.
    """

    action: str
    prefix: str
    service: str = ""
    regional: bool = True
    owned: bool = True
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fixed:
    """An action on a thing whose ARN is known but for the account: `resource` is its sixth field."""

    action: str
    resource: str
    regional: bool = True
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Any:
    """An action that is authorized on no resource (LANG-27)."""

    action: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class It:
    """An action on the existing workload."""

    action: str
    given: Mapping[str, str] = field(default_factory=dict)


Step = New | Fixed | Any | It
ROLE, PROFILE = "$ROLE", "$PROFILE"


def call_of(
    step: Step,
    partition: str,
    account: str,
    region: str,
    it: Resource | None = None,
    stand_for: Mapping[str, str] | None = None,
) -> Call:
    """The step as a call in one region; `it`: the existing workload; `stand_for`: what `$ROLE` and `$PROFILE` are."""
    told = {key: (stand_for or {}).get(value, value) for key, value in step.given.items()}
    given: dict[str, KeyState] = {key.lower(): Values((value,)) for key, value in told.items()}
    given["aws:requestedregion"] = Values((region,))
    match step:
        case New():
            service = step.service or step.action.partition(":")[0]
            owner = account if step.owned else ""
            arn = Arn(partition, service, region if step.regional else "", owner, step.prefix + "*")
            return Call(step.action, replace(new(arn, step.prefix), account=account), given)
        case Fixed():
            service = step.action.partition(":")[0]
            own = Arn(partition, service, region if step.regional else "", account, step.resource)
            return Call(step.action, of_arn(own), given)
        case Any():
            return Call(step.action, anywhere(account, step.action.partition(":")[0]), given)
        case It():
            assert it is not None
            return Call(step.action, it, given)
