"""Rows that take over a workload that has a role already. Source: evaluation.md ESC-6, STS-49."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation, modules
from pathfinder.graph.escalations.rows_shared import is_already, not_known
from pathfinder.graph.escalations.steps import Step, call_of
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import role_actor, service_actor
from pathfinder.graph.world import Resource, World
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.document import SomePolicy
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """Something that runs as a role. `called`: its name in words; `role` None: not known.

    `policies`: its own resource-based ones; `gaps`: what is not known of it and matters.
    """

    arn: Arn
    role: Arn | None
    called: str
    tags: Mapping[str, str] | None = None
    policies: tuple[SomePolicy, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Existing:
    """A way to run something as the role of an existing workload.

    `rule`: ESC id. `service`: the service principal that assumes the role. `workloads`: those of an account.
    `known`: the kind in `Account.known` that says whether they are all in the snapshot, `words` what they are.
    `steps`: the calls, on `It` mostly. `change`: what would be changed about it, in words that go before its name.
    """

    rule: str
    service: str
    workloads: Callable[[World, Account], Iterator[Workload]]
    known: str
    words: str
    steps: tuple[Step, ...]
    change: str
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@escalation("existing-workload")
def existing(scene: Scene) -> Iterator[Edge | Gap]:
    """Every row, for every workload of the account and everyone who may make the calls on it."""
    rows = [row for module in modules() for row in getattr(module, "EXISTING", ())]
    for account in scene.world.snapshot.accounts:
        for row in rows:
            yield from not_known(scene, account, row.known, row.words, row.steps[0].action)
            for workload in row.workloads(scene.world, account):
                yield from _taken_over(scene, account, row, workload)


def _taken_over(scene: Scene, account: Account, row: Existing, workload: Workload) -> Iterator[Edge | Gap]:
    world = scene.world
    if workload.role is None:
        reason = "the role that it runs as is not known: escalations through it are not shown"
        yield Gap(str(workload.arn), reason, (str(workload.arn),))
        return
    role = world.roles.get(str(workload.role))
    if role is None or role.service_linked or role.arn.account != account.id:
        return
    it = Resource(Target(workload.arn), workload.arn.account or account.id, workload.policies, workload.tags)
    region = workload.arn.region or "us-east-1"
    calls = [call_of(step, account.partition, account.id, region, it) for step in row.steps]
    service = Call("sts:AssumeRole", world.role_resource(role), actor=service_actor(row.service))
    for actor in scene.sources(row.steps[0].action, account.id):
        if is_already(world, actor, role):
            continue
        found = tried(world, actor, [*calls, service])
        if found is not None:
            yield edge(
                actor,
                role_actor(role).node,
                found,
                row.rule,
                f"{row.change} {workload.called}, which runs as {name_of(role.arn)}",
                Session.DELIVERED,
                paths=row.paths,
                workload="existing",
                notes=row.notes,
                gaps=workload.gaps,
            )
