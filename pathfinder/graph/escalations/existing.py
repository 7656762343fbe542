"""Rows that take over a workload that has a role already. Source: evaluation.md ESC-6, STS-49."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, acting_for, acts_for, tried
from pathfinder.graph.escalations.merging import Way, merged
from pathfinder.graph.escalations.registry import Scene, escalation, modules
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.escalations.rows_shared import is_already, is_missing, missing_gap, trusting_roles
from pathfinder.graph.escalations.service_call import service_assumes
from pathfinder.graph.escalations.steps import ROLE, Step, call_of
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import Values
from pathfinder.policy.document import SomePolicy
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """Something that runs as a role. `called`: its name in words; `role` None: not known.

    `policies`: its own resource-based ones; `gaps`: what is not known of it and matters. `role_missing`: that there
    is no role in the snapshot means that it is not known, not that it has none.
    """

    arn: Arn
    role: Arn | None
    called: str
    tags: Mapping[str, str] | None = None
    policies: tuple[SomePolicy, ...] = ()
    gaps: tuple[str, ...] = ()
    role_missing: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """A way to run something as the role of an existing workload.

    `rule`: ESC id. `service`: the service principal that assumes the role. `workloads`: those of an account.
    `known`: the kind in `Account.known` that says whether they are all in the snapshot, `words` what they are.
    `steps`: the calls, on `It` mostly. `change`: what would be changed about it, in words that go before its name.
    `notes`: prerequisites that are not checked; `gaps`: those that may be missing altogether. `passes_again`: the
    call passes the same role once more.
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
    gaps: tuple[str, ...] = ()
    passes_again: bool = False


def _passing_again(role: Role, service: str) -> Call:
    return Call("iam:PassRole", of_arn(role.arn), {"iam:passedtoservice": Values((service,))})


@escalation("existing-workload")
def existing(scene: Scene) -> Iterator[Edge | Gap]:
    """Every row, for every workload of the account and everyone who may make the calls on it."""
    rows = [row for module in modules() for row in getattr(module, "EXISTING", ())]
    for account in scene.world.snapshot.accounts:
        missing: list[str] = []
        for rule, group in groupby(sorted(rows, key=lambda row: row.rule), lambda row: row.rule):
            ways: list[Way] = []
            for row in group:
                trusted = trusting_roles(scene, account, row.service)
                if trusted and is_missing(scene, account, row.known, row.steps[0].action):
                    missing.append(row.words)
                for workload in row.workloads(scene.world, account):
                    if workload.role is None and workload.role_missing:
                        yield _role_not_known(workload)
                    ways.extend(_taken_over(scene, account, row, workload))
            yield from merged(rule, "existing", ways, scene.delivered)
        yield from missing_gap(account, missing)


def _role_not_known(workload: Workload) -> Gap:
    reason = "the role that it runs as is not known: escalations through it are not shown"
    return Gap(str(workload.arn), reason, (str(workload.arn),))


def _taken_over(scene: Scene, account: Account, row: Existing, workload: Workload) -> Iterator[Way]:
    world = scene.world
    role = None if workload.role is None else world.roles.get(str(workload.role))
    if role is None or role.service_linked or role.arn.account != account.id:
        return
    it = Resource(Target(workload.arn), workload.arn.account or account.id, workload.policies, workload.tags)
    region = workload.arn.region or "us-east-1"
    stand_for = {ROLE: str(role.arn)}
    calls = [call_of(step, account.partition, account.id, region, it, stand_for) for step in row.steps]
    if row.passes_again:
        calls.insert(0, _passing_again(role, row.service))
    service = service_assumes(world, role, row.service)
    if acts_for(service) == workload.arn.service:
        service = acting_for(service, workload.arn.resource)
    for actor in scene.sources(row.steps[0].action, account.id):
        if is_already(world, actor, role):
            continue
        found = tried(world, actor, [*calls, service])
        if found is not None:
            change = f"{row.change} {workload.called}, which runs as {name_of(role.arn)}"
            yield Way(
                actor, role_actor(role).node, found, change, row.paths, row.notes, (*row.gaps, *workload.gaps)
            )
