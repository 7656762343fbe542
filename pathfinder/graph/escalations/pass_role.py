"""Rows that pass a role to a new workload. Source: evaluation.md ESC-2, ESC-98, STS-49, STS-50, EVAL-50.

A row is a table entry; what it needs besides its own calls is the same for all: iam:PassRole on the role with
iam:PassedToService, and a trust policy that lets the service assume it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, first_open, tried
from pathfinder.graph.escalations.changed import limited
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.regions import regions_for
from pathfinder.graph.escalations.registry import Scene, escalation, modules
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.escalations.rows_shared import is_already, trusting_roles
from pathfinder.graph.escalations.steps import New, Step, call_of
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor, role_actor, service_actor
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Quantifier
from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import StringTest
from pathfinder.model.identity import Role
from pathfinder.policy.context import Values


@dataclass(frozen=True, slots=True)
class PassRole:
    """A way to make a workload that runs as a role.

    `rule`: ESC id. `service`: the service principal that assumes the role, which iam:PassedToService names.
    `steps`: the calls besides iam:PassRole, the one first that fewest principals may make. `workload`: in words, what
    would be made. `paths`: ids in the pathfinding.cloud catalogue. `notes`: prerequisites that are not checked.
    `only`: the S3 actions that the workload lets one do as the role, where it runs no code of one's own; empty for
    all.
    """

    rule: str
    service: str
    steps: tuple[Step, ...]
    workload: str
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()


@escalation("pass-role")
def pass_role(scene: Scene) -> Iterator[Edge]:
    """Every row, for every principal that may pass a role of its account and make the other calls."""
    rows = [row for module in modules() for row in getattr(module, "PASS_ROLE", ())]
    for account in scene.world.snapshot.accounts:
        passers = {actor.node.id for actor in scene.sources("iam:PassRole", account.id)}
        for row in rows:
            roles = trusting_roles(scene, account, row.service)
            sources = scene.sources(row.steps[0].action, account.id) if roles else ()
            for actor in sources:
                if actor.node.id in passers:
                    yield from _passed(scene, actor, row, roles)


def _passed(scene: Scene, actor: Actor, row: PassRole, roles: Sequence[Role]) -> Iterator[Edge]:
    world = scene.world
    partition, account = roles[0].arn.partition, roles[0].arn.account
    regions = regions_for(world, actor, partition)
    made = {region: [call_of(step, partition, account, region) for step in row.steps] for region in regions}
    open_in = [region for region in regions if tried(world, actor, made[region]) is not None]
    for role in roles if open_in else ():
        if role.reserved or is_already(world, actor, role):
            continue
        service = Call("sts:AssumeRole", world.role_resource(role), actor=service_actor(row.service))
        ways = [(_passing(role, row, region), *made[region], service) for region in open_in]
        found = first_open(world, actor, ways)
        if found is not None:
            yield edge(
                actor,
                _gained(scene, role, row),
                found,
                row.rule,
                f"{row.workload} would run as {name_of(role.arn)}",
                Session.DELIVERED,
                paths=row.paths,
                workload="new",
                notes=row.notes,
            )


def _gained(scene: Scene, role: Role, row: PassRole) -> Node:
    """The role, or what one can do as the role in this way."""
    actor = role_actor(role)
    if not row.only:
        return actor.node
    service = row.service.partition(".")[0] if row.only else ""
    change = limited(scene.world, actor, f"{row.rule} {service}", f"through {row.workload}", row.only)
    return actor.node if change is None else change.actor.node


def _passing(role: Role, row: PassRole, region: str) -> Call:
    """Tags of the role take no part (STS-50)."""
    given = {"iam:passedtoservice": Values((row.service,)), "aws:requestedregion": Values((region,))}
    return Call("iam:PassRole", of_arn(role.arn), given, scope=_associated(row.steps, role.arn))


def _associated(steps: Sequence[Step], role: Arn) -> Formula:
    """iam:AssociatedResourceArn, where it is sent, names what is to be made (ESC-98)."""
    first = next((step for step in steps if isinstance(step, New)), None)
    if first is None:
        return TRUE
    service = first.service or first.action.partition(":")[0]
    text = f"arn:{role.partition}:{service}:{'*' if first.regional else ''}:{role.account}:{first.prefix}*"
    test = StringTest((parse_pattern(text, variables=False),))
    return KeyTest("iam:associatedresourcearn", Quantifier.ONE, test, negated=False, if_absent=True)
