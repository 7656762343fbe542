"""Workloads of an account as rows ask for them: with the role that each runs as. Source: STS-40, ESC-6."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.existing import Workload
from pathfinder.graph.escalations.resources import anywhere
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE
from pathfinder.model.organization import Account
from pathfinder.model.workloads import WorkloadKind

Workloads = Callable[[World, Account], Iterator[Workload]]


def of_kind(kind: WorkloadKind, word: str) -> Workloads:
    """All workloads of a kind; one without a role of its own runs as nobody."""

    def found(_world: World, account: Account) -> Iterator[Workload]:
        for each in account.workloads:
            if each.kind is kind:
                role = each.role or role_in(account, each.profile)
                yield Workload(each.arn, role, f"{word} {each.name}", each.tags)

    return found


def emr_instances(_world: World, account: Account) -> Iterator[Workload]:
    """EMR clusters, with the role of their instances."""
    for each in account.workloads:
        if each.kind is WorkloadKind.EMR_CLUSTER and each.status not in (
            "TERMINATED",
            "TERMINATED_WITH_ERRORS",
        ):
            yield Workload(each.arn, role_in(account, each.profile), f"EMR cluster {each.name}", each.tags)


def instances(_world: World, account: Account) -> Iterator[Workload]:
    """Instances that are not terminated, with the role in their profile."""
    for each in account.instances:
        if each.state != "terminated":
            called = f"instance {each.name or each.id}"
            yield Workload(each.arn, role_in(account, each.profile), called, each.tags)


def managed_instances(world: World, account: Account) -> Iterator[Workload]:
    """Instances as SSM manages them: their role has to let the agent connect, or the default host role (ESC-45)."""
    for each in instances(world, account):
        actor = world.actors.get(str(each.role))
        lets = actor is not None and all(
            world.decide(actor, action, anywhere(account.id, action.partition(":")[0])).allowed != FALSE
            for action in _AGENT_CALLS
        )
        yield each if lets else replace(each, gaps=(_NO_AGENT,))


_AGENT_CALLS = ("ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel")
_NO_AGENT = "the instance's role does not let the SSM agent connect: whether default host management does is not known"


def task_definitions(_world: World, account: Account) -> Iterator[Workload]:
    """Active task definitions, with the task role."""
    for each in account.task_definitions:
        if each.status in (None, "ACTIVE"):
            yield Workload(each.arn, each.task_role, f"task definition {each.arn.name}")


def services(_world: World, account: Account) -> Iterator[Workload]:
    """ECS services, with the task role of what they run."""
    definitions = {each.arn: each for each in account.task_definitions}
    for each in account.container_services:
        runs = definitions.get(each.task_definition) if each.task_definition else None
        yield Workload(each.arn, runs.task_role if runs else None, f"ECS service {each.name}")


def role_in(account: Account, profile: Arn | None) -> Arn | None:
    """The role that an instance profile of the account holds."""
    held = next((each for each in account.instance_profiles if each.arn == profile), None)
    return held.roles[0] if held and held.roles else None
