"""Users and role sessions to roles that they may assume. Source: evaluation.md STS-1 to STS-9, EVAL-14, D-3."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pathfinder.authorization.caller import RoleSession, RootUser, ServiceCaller
from pathfinder.aws.arn import Arn
from pathfinder.graph.callers import members_missed, sessions_named
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.outsiders import note_on, spared
from pathfinder.graph.principals import Actor, candidates, external_actor, role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.role_askers import ASSUME_ROLE, RoleAskers
from pathfinder.graph.settle import settle
from pathfinder.graph.stale import stale_ids
from pathfinder.graph.world import World
from pathfinder.logic.formula import Formula, KeyTest, all_of, any_of, leaves, negate, present
from pathfinder.model.identity import Role
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Unread


@hop_kind("assume-role")
def assume_role(world: World) -> Iterator[Edge | Gap]:
    """For each role, from everyone whom its trust policy and their own policies let in."""
    askers = RoleAskers(world)
    for role in world.roles.values():
        if role.service_linked:
            continue
        if isinstance(role.trust, Unread):
            if str(role.arn) not in world.gaps_told:
                yield Gap(
                    str(role.arn), f"its trust policy is not known: {role.trust.reason}", (str(role.arn),)
                )
            continue
        yield from members_missed(world, (role.trust,), str(role.arn), "its trust policy")
        yield from stale_ids(world, (role.trust,), str(role.arn), "its trust policy")
        for actor in _callers(world, role, askers):
            edge = assume(world, actor, role)
            if edge is not None:
                yield edge


def assume(world: World, actor: Actor, role: Role) -> Edge | None:
    """The hop from this actor to this role, or None where no request opens it."""
    resource = world.role_resource(role)
    decision = world.decide(actor, ASSUME_ROLE, resource)
    settled = settle(
        world, actor, ASSUME_ROLE, resource, with_what_it_passes(world, actor, resource, decision.allowed)
    )
    if settled is None:
        return None
    hop = Hop(
        "assume-role",
        actor.node.id,
        str(role.arn),
        settled.condition,
        (ASSUME_ROLE,),
        (str(role.arn),),
        evidence=evidence_of((decision,)),
        witness=settled.witness,
        gaps=settled.gaps,
        extra=_told(actor, role),
        notes=(note_on(actor),) if world.is_outside(actor) else (),
    )
    return Edge(actor.node, role_actor(role).node, hop)


def _told(actor: Actor, role: Role) -> dict[str, str]:
    """How long the session lasts at most; a session that a session starts, one hour (STS-11)."""
    if isinstance(actor.caller, RoleSession):
        return {"session": "at most 1 hour: it is started by a session"}
    if role.max_session_seconds is None:
        return {}
    hours = Decimal(role.max_session_seconds) / 3600
    return {"session": f"at most {hours.normalize():f} {'hour' if hours == 1 else 'hours'}"}


_PASSED = {
    "sts:SetSourceIdentity": ("sts:sourceidentity",),
    "sts:TagSession": ("aws:tagkeys", "sts:transitivetagkeys"),
}
_TAG = "aws:requesttag/"


def with_what_it_passes(world: World, actor: Actor, resource: Resource, allowed: Formula) -> Formula:
    """The condition, and the permissions that passing a source identity or tags needs besides (STS-25)."""
    keys = {leaf.key for leaf in leaves(allowed) if isinstance(leaf, KeyTest)}
    parts = [allowed]
    for action, passed in _PASSED.items():
        used = sorted(
            key for key in keys if key in passed or (action == "sts:TagSession" and key.startswith(_TAG))
        )
        if used:
            permitted = world.decide(
                actor, action, resource, world.context(actor, ASSUME_ROLE, resource)
            ).allowed
            parts.extend(any_of(negate(present(key)), permitted) for key in used)
    return all_of(*parts)


def _callers(world: World, role: Role, askers: RoleAskers) -> Iterator[Actor]:
    """Everyone in question, in the order of node ids; root users assume nothing (STS-6)."""
    named = candidates((role.trust,), world.canonical_ids)
    asked: dict[str, Actor] = {}
    accounts = world.actors_by_account if named.everyone else named.accounts
    may_ask = askers.may_ask(role) if accounts else frozenset()
    for account in accounts:
        is_named = (
            named.everyone and account == role.arn.account
        )  # its own policies need not allow it (STS-2)
        for actor in world.actors_by_account.get(account, ()):
            if is_named or actor.node.id in may_ask:
                asked[actor.node.id] = actor
    for arn in named.arns:
        text = str(arn)
        if arn.service == "sts" and arn.resource.startswith("assumed-role/"):
            asked.update((actor.node.id, actor) for actor in sessions_named(world, arn))
        elif text in world.actors:
            found = (world.actors[text], *world.sessions_of(text))
            asked.update((actor.node.id, actor) for actor in found)
        if arn.account not in world.accounts:
            asked[text] = external_actor(arn)
    for account in named.accounts - frozenset(world.accounts):
        external = external_actor(_root_arn(role, account))
        asked[external.node.id] = external
    outside: list[Actor] = [external_actor(arn) for arn in spared((role.trust,))]
    if named.anyone:
        outside += world.outsiders((role.trust,), role.arn.account, role.arn.partition)
    asked.update((each.node.id, each) for each in outside if each.account not in world.accounts)
    for node_id in sorted(asked):
        actor = asked[node_id]
        if not isinstance(actor.caller, RootUser | ServiceCaller):
            yield actor


def _root_arn(role: Role, account: str) -> Arn:
    return Arn(role.arn.partition, "iam", "", account, "root")
