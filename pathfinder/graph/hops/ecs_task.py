"""ECS tasks to the task role and the execution role of their task definition. Source: evaluation.md STS-42."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.delivered import Delivery, delivered, on_behalf_of_account, starts_missed
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import service_actor
from pathfinder.graph.world import World
from pathfinder.model.compute import TaskDefinition
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import PRESENT

_SERVICE = "ecs-tasks.amazonaws.com"


@hop_kind("ecs-task")
def ecs_task(world: World) -> Iterator[Edge | Gap]:
    """From each family of task definitions, to each role that a revision in use names, if it trusts ECS tasks.

    A revision that is no longer active runs only where a known service still runs it.
    """
    for account in world.snapshot.accounts:
        yield from starts_missed(world, account, "task_definitions", _SERVICE, "which ECS tasks run with")
        for node, users in _by_family(account).items():
            for (arn, word), revisions in users.items():
                yield from _to_role(world, account, node, arn, word, revisions)


def _by_family(account: Account) -> dict[Node, dict[tuple[Arn, str], list[TaskDefinition]]]:
    """Each family with the roles that it uses, as what, and the revisions that do."""
    running = {each.task_definition for each in account.container_services}
    found: dict[Node, dict[tuple[Arn, str], list[TaskDefinition]]] = {}
    for each in account.task_definitions:
        if each.status not in (None, "ACTIVE") and each.arn not in running:
            continue
        for arn, word in ((each.task_role, "task role"), (each.execution_role, "execution role")):
            if arn is not None:
                users = found.setdefault(family_node(each), {})
                users.setdefault((arn, word), []).append(each)
    return found


def _to_role(
    world: World, account: Account, node: Node, arn: Arn, word: str, revisions: list[TaskDefinition]
) -> Iterator[Edge | Gap]:
    role = world.roles.get(str(arn))
    if role is None:
        yield Gap(node.id, f"its {word} {arn} is not in the snapshot", (account.id,))
        return
    extra = {"role": word}
    if numbers := [each.revision for each in revisions if each.revision]:
        extra["revisions"] = ", ".join(sorted(numbers, key=lambda text: (len(text), text)))
    runs = {each.arn for each in revisions}
    if services := sorted(each.name for each in account.container_services if each.task_definition in runs):
        extra["services"] = ", ".join(services)
    facts = tuple(Evidence("principal", word, str(arn), str(each.arn)) for each in revisions)
    given = {**on_behalf_of_account(world, account.id), "aws:sourcearn": PRESENT}
    delivery = Delivery("ecs-task", service_actor(_SERVICE), facts[:_MOST], given=given, extra=extra)
    edge = delivered(world, node, role, delivery, (("aws:sourcearn", _tasks_of(node)),))
    if edge is not None:
        yield edge


_MOST = 3
"""Revisions named as evidence; the rest is in the list of revisions."""


def _tasks_of(node: Node) -> str:
    """What ECS says that it acts for: something of the account in the same Region; more is not known of it."""
    return f"{node.id.partition(':task-definition/')[0]}:*"


def family_node(definition: TaskDefinition) -> Node:
    """The node of a family of task definitions."""
    arn = replace(definition.arn, resource=f"task-definition/{definition.family}")
    return Node(str(arn), NodeKind.TASK_DEFINITION, definition.family, arn.account)
