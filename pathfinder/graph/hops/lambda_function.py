"""Lambda functions to their execution roles. Source: evaluation.md STS-41."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.delivered import Delivery, delivered, on_behalf_of
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import service_actor
from pathfinder.graph.world import World
from pathfinder.model.organization import Gap
from pathfinder.model.resources import LambdaFunction


@hop_kind("lambda-function")
def lambda_function(world: World) -> Iterator[Edge | Gap]:
    """From each function, if its execution role trusts Lambda; the session's name is the function's."""
    for account in world.snapshot.accounts:
        for function in account.functions:
            yield from _of_function(world, function)


def _of_function(world: World, function: LambdaFunction) -> Iterator[Edge | Gap]:
    if function.role is None:
        yield Gap(
            str(function.arn), "its execution role is not in the snapshot", (function.arn.account, "function")
        )
        return
    role = world.roles.get(str(function.role))
    if role is None:
        yield Gap(
            str(function.arn),
            f"its execution role {function.role} is not in the snapshot",
            (function.arn.account,),
        )
        return
    delivery = Delivery(
        "lambda-function",
        service_actor("lambda.amazonaws.com"),
        (Evidence("principal", "execution role", str(role.arn), str(function.arn)),),
        given=on_behalf_of(world, function.arn),
        session_name=function.name,
        session=(("lambda:sourcefunctionarn", str(function.arn)),),
    )
    edge = delivered(world, function_node(function), role, delivery)
    if edge is not None:
        yield edge


def function_node(function: LambdaFunction) -> Node:
    """The node of a function: whoever can change or make it run code of theirs acts as it."""
    return Node(str(function.arn), NodeKind.FUNCTION, function.name, function.arn.account)
