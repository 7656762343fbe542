"""Rows that pass a role to a workload. Source: evaluation.md ESC-2, ESC-98, STS-49, STS-50, EVAL-50.

A row is a table entry; what it needs besides its own calls is the same for all: iam:PassRole on the role with
iam:PassedToService, and a trust policy that lets the service assume it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pathfinder.aws.arn import Arn
from pathfinder.graph.escalations.calls import Call, acting_for, acts_for, first_open, tried
from pathfinder.graph.escalations.changed import limited
from pathfinder.graph.escalations.existing import Workload
from pathfinder.graph.escalations.merging import Way, merged
from pathfinder.graph.escalations.profiles import profiles_for
from pathfinder.graph.escalations.regions import named_regions, regions_for
from pathfinder.graph.escalations.registry import Scene, escalation, modules
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.escalations.rows_shared import is_already, is_missing, missing_gap, trusting_roles
from pathfinder.graph.escalations.service_call import service_assumes
from pathfinder.graph.escalations.steps import PROFILE, ROLE, New, Step, call_of
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.facts import CERTIFICATES
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node
from pathfinder.graph.principals import Actor, role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Quantifier
from pathfinder.logic.patterns import parse_pattern
from pathfinder.logic.values import StringTest
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import Values
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True)
class PassRole:
    """A way to make a workload run as a role.

    `rule`: ESC id. `service`: the service principal that assumes the role, which iam:PassedToService names.
    `steps`: the calls besides iam:PassRole, the one first that fewest principals may make. `workload`: in words, what
    would be made or changed. `paths`: ids in the pathfinding.cloud catalogue. `notes`: prerequisites that are not
    checked; `gaps`: those that may be missing altogether, so that the hop is not certain. `profile`: the role is
    passed in an instance profile. `things`: the workloads that `It` steps change, of the kind `known` (as in
    `Account.known`), which are `words`; None where something new is made. `only`: the S3 actions that the workload
    lets one do as the role, where it runs no code of one's own; empty for all.
    """

    rule: str
    service: str
    steps: tuple[Step, ...]
    workload: str
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    profile: bool = False
    things: Callable[[World, Account], Iterator[Workload]] | None = None
    known: str = ""
    words: str = ""
    only: frozenset[str] = frozenset()


@escalation("pass-role")
def pass_role(scene: Scene) -> Iterator[Edge | Gap]:
    """Every rule, for every principal that may pass a role of its account and make the other calls."""
    rows = [row for module in modules() for row in getattr(module, "PASS_ROLE", ())]
    for account in scene.world.snapshot.accounts:
        missing: list[str] = []
        passers = {actor.node.id for actor in scene.sources("iam:PassRole", account.id)}
        for rule, group in groupby(sorted(rows, key=lambda row: row.rule), lambda row: row.rule):
            ways: list[Way] = []
            for row in group:
                roles = trusting_roles(scene, account, row.service)
                if not roles:
                    continue
                if row.things is not None and is_missing(scene, account, row.known, row.steps[0].action):
                    missing.append(row.words)
                for actor in scene.sources(row.steps[0].action, account.id):
                    if actor.node.id in passers:
                        ways.extend(_ways(scene.world, account, actor, row, roles))
            yield from merged(rule, "new", ways, scene.delivered)
        yield from missing_gap(account, missing)


def _ways(
    world: World, account: Account, actor: Actor, row: PassRole, roles: Sequence[Role]
) -> Iterator[Way]:
    things = [None] if row.things is None else list(row.things(world, account))
    places = [
        (thing, region) for thing in things for region in _regions(world, actor, account.partition, thing)
    ]
    open_in = places if _names_role(row) else [p for p in places if _is_open(world, account, actor, row, p)]
    for role in roles if open_in else ():
        if role.reserved or is_already(world, actor, role):
            continue
        found = first_open(world, actor, _calls(world, account, actor, row, role, open_in))
        if found is not None:
            change = f"{row.workload} would run as {name_of(role.arn)}"
            yield Way(actor, _gained(world, role, row), found, change, row.paths, row.notes, row.gaps)


def _gained(world: World, role: Role, row: PassRole) -> Node:
    """The role, or what one can do as the role in this way."""
    actor = role_actor(role)
    if not row.only:
        return actor.node
    service = row.service.partition(".")[0]
    change = limited(world, actor, f"{row.rule} {service}", f"through {row.workload}", row.only)
    return actor.node if change is None else change.actor.node


def _is_open(
    world: World, account: Account, actor: Actor, row: PassRole, place: tuple[Workload | None, str]
) -> bool:
    return tried(world, actor, _steps(row, account, place, {})) is not None


def _calls(
    world: World,
    account: Account,
    actor: Actor,
    row: PassRole,
    role: Role,
    places: Sequence[tuple[Workload | None, str]],
) -> Iterator[Sequence[Call]]:
    """All ways to pass this role: in each place, with each instance profile where one is needed."""
    holders = profiles_for(world, account, actor, role) if row.profile else [("", ())]
    for profile, making in holders:
        stand_for = {ROLE: str(role.arn), PROFILE: profile}
        for place in (*places, *_named_by_trust(world, role, row, places)):
            passing = _passing(role, row, place[1])
            assumed = _assumed(world, role, row.service, place)
            yield (passing, *making, *_steps(row, account, place, stand_for), assumed)


def _named_by_trust(
    world: World, role: Role, row: PassRole, places: Sequence[tuple[Workload | None, str]]
) -> Iterator[tuple[Workload | None, str]]:
    """Further regions, where requests name the thing that they come from and the role asks for it (STS-45)."""
    if row.service == CERTIFICATES:
        known = {region for _, region in places}
        yield from ((None, region) for region in sorted(named_regions(world, role.trust) - known))


def _assumed(world: World, role: Role, service: str, place: tuple[Workload | None, str]) -> Call:
    thing, region = place
    if service not in _PROVIDERS:
        found = service_assumes(world, role, service, region)
        if thing is not None and acts_for(found) == thing.arn.service:
            found = acting_for(found, thing.arn.resource)
        return found
    provider = world.provider_actor(service)
    return Call("sts:AssumeRoleWithWebIdentity", world.role_resource(role), actor=provider)


_PROVIDERS = frozenset({"cognito-identity.amazonaws.com"})
"""Services that roles trust as identity providers (STS-20)."""


def _steps(
    row: PassRole, account: Account, place: tuple[Workload | None, str], stand_for: dict[str, str]
) -> list[Call]:
    thing, region = place
    it = None
    if thing is not None:
        it = Resource(Target(thing.arn), thing.arn.account or account.id, thing.policies, thing.tags)
    return [call_of(step, account.partition, account.id, region, it, stand_for) for step in row.steps]


def _names_role(row: PassRole) -> bool:
    return any(value in (ROLE, PROFILE) for step in row.steps for value in step.given.values())


def _regions(world: World, actor: Actor, partition: str, thing: Workload | None) -> tuple[str, ...]:
    if thing is not None and thing.arn.region:
        return (thing.arn.region,)
    return regions_for(world, actor, partition)


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
