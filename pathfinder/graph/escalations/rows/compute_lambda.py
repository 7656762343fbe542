"""Lambda functions, new and existing. Source: evaluation.md ESC-50, ESC-51, STS-41."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.existing import Existing, Workload
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import It, New
from pathfinder.graph.world import World
from pathfinder.model.organization import Account

_SERVICE = "lambda.amazonaws.com"
_CREATE = New("lambda:CreateFunction", "function:")

PASS_ROLE = (
    PassRole(
        "ESC-50",
        _SERVICE,
        (_CREATE, New("lambda:InvokeFunction", "function:")),
        "a new Lambda function",
        ("lambda-001",),
    ),
)


def functions(_world: World, account: Account) -> Iterator[Workload]:
    """The account's functions, with their resource-based policies."""
    for function in account.functions:
        policies = (function.policy,) if function.policy is not None else ()
        called = f"function {function.arn.resource.removeprefix('function:')}"
        yield Workload(function.arn, function.role, called, policies=policies)


EXISTING = (
    Existing(
        "ESC-51",
        _SERVICE,
        functions,
        "functions",
        "Lambda functions",
        (It("lambda:UpdateFunctionCode"),),
        "other code would run in",
        ("lambda-003",),
        notes=("the function has to be invoked, or its trigger waited for",),
    ),
)
