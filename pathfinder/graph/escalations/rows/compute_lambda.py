"""Lambda functions, new and existing. Source: evaluation.md ESC-50 to ESC-52, STS-41."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.existing import Existing, Workload
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import Any, It, New
from pathfinder.graph.world import World
from pathfinder.model.organization import Account

_SERVICE = "lambda.amazonaws.com"
_CREATE = New("lambda:CreateFunction", "function:")
_NEW = "a new Lambda function"
_INVOKED = "the function has to be invoked, or its trigger waited for"


def functions(_world: World, account: Account) -> Iterator[Workload]:
    """The account's functions, with their resource-based policies."""
    for function in account.functions:
        policies = (function.policy,) if function.policy is not None else ()
        called = f"function {function.arn.resource.removeprefix('function:')}"
        yield Workload(function.arn, function.role, called, policies=policies, role_missing=True)


PASS_ROLE = (
    PassRole(
        "ESC-50",
        _SERVICE,
        (_CREATE, New("lambda:InvokeFunction", "function:")),
        _NEW,
        ("lambda-001",),
    ),
    PassRole(
        "ESC-50",
        _SERVICE,
        (_CREATE, Any("lambda:CreateEventSourceMapping")),
        _NEW,
        ("lambda-002",),
        notes=("an event source that the role may read has to exist",),
    ),
    PassRole(
        "ESC-50",
        _SERVICE,
        (_CREATE, New("lambda:AddPermission", "function:")),
        _NEW,
        ("lambda-006",),
        notes=("the permission lets another principal or service invoke the function",),
    ),
    PassRole(
        "ESC-50",
        _SERVICE,
        (
            _CREATE,
            New(
                "lambda:CreateFunctionUrlConfig", "function:", given={"lambda:FunctionUrlAuthType": "AWS_IAM"}
            ),
            New("lambda:InvokeFunctionUrl", "function:", given={"lambda:FunctionUrlAuthType": "AWS_IAM"}),
        ),
        _NEW,
    ),
    PassRole(
        "ESC-52",
        _SERVICE,
        (It("lambda:UpdateFunctionConfiguration"), It("lambda:UpdateFunctionCode")),
        "an existing Lambda function with other code",
        notes=(_INVOKED,),
        things=functions,
        known="functions",
        words="Lambda functions",
    ),
)
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
        notes=(_INVOKED,),
    ),
    Existing(
        "ESC-51",
        _SERVICE,
        functions,
        "functions",
        "Lambda functions",
        (It("lambda:UpdateFunctionCode"), It("lambda:InvokeFunction")),
        "other code would run in",
        ("lambda-004",),
    ),
    Existing(
        "ESC-51",
        _SERVICE,
        functions,
        "functions",
        "Lambda functions",
        (It("lambda:UpdateFunctionCode"), It("lambda:AddPermission")),
        "other code would run in",
        ("lambda-005",),
        notes=("the permission lets another principal or service invoke the function",),
    ),
    Existing(
        "ESC-52",
        _SERVICE,
        functions,
        "functions",
        "Lambda functions",
        (It("lambda:UpdateFunctionConfiguration"),),
        "a layer or a variable with code would be loaded by",
        notes=(_INVOKED,),
    ),
)
