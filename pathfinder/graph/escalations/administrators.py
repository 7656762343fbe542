"""Those who may do anything in their account: one node for all of them (ESC-99).

Nothing limits them: no Deny of theirs and no boundary, and no SCP or RCP that could tell them apart. So all of them
are allowed the same calls, and what one of them is decided to do, all of them can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.authorization.caller import RoleSession, UserCaller
from pathfinder.graph.changes import Change
from pathfinder.graph.escalations.registry import Scene
from pathfinder.graph.hop import Escalation, Evidence, Hop, Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.policy.compile import CompiledStatement
from pathfinder.policy.document import Effect, Policy, SomePolicy

ADMINISTRATORS_USE = (
    "iam:createaccesskey",
    "iam:deleteaccesskey",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createpolicyversion",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:updateassumerolepolicy",
    "sts:assumerole",
)
"""The actions of the hops that an administrator's node has: to every role and user of the account."""

_OF_ACCOUNTS = ("aws:principalorg", "aws:principalaccount", "aws:principalisaws", "aws:resource")


def administrators(scene: Scene) -> Iterator[Edge]:
    """From each administrator to the node that stands for all of the account."""
    world = scene.world
    for account in world.accounts:
        if not _guards_leave_alone(world, account):
            continue
        actors = [*world.actors_by_account[account]]
        actors.extend(each.actor for each in scene.changed if each.base.account == account)
        found = [actor for actor in actors if is_unlimited(world, actor)]
        if not found:
            continue
        node = Node(f"administrators of {account}", NodeKind.ADMINISTRATOR, "administrator", account)
        first = min(found, key=lambda actor: actor.node.id)
        base = world.changes[first.node.id].base if first.node.id in world.changes else first.node
        world.changes[node.id] = Change(replace(first, node=node), base)
        scene.administrators[account] = frozenset(actor.node.id for actor in found)
        for actor in found:
            yield Edge(actor.node, node, _is_one(actor, node, base))


def _is_one(actor: Actor, node: Node, shown: Node) -> Hop:
    note = f"the next request is shown as {shown.label} makes it; every administrator's is allowed alike"
    escalation = Escalation(
        "ESC-99", "nothing: it may do anything in its account", Session.SAME, mutating=False, notes=(note,)
    )
    return Hop(
        "escalation",
        actor.node.id,
        node.id,
        TRUE,
        evidence=tuple(_evidence(actor)),
        extra={"escalation": "ESC-99"},
        escalation=escalation,
    )


def _evidence(actor: Actor) -> Iterator[Evidence]:
    for policy in actor.policies:
        if isinstance(policy, Policy):
            for statement in policy.document.statements:
                if statement.effect is Effect.ALLOW and "*" in statement.actions:
                    yield Evidence(
                        "principal",
                        policy.kind.value,
                        policy.name,
                        policy.attached_to,
                        statement.label,
                        "Allow",
                    )
                    return


def is_unlimited(world: World, actor: Actor) -> bool:
    """Whether its own policies and all SCPs allow it everything that administrators use, and none denies any of it."""
    if not isinstance(actor.caller, (RoleSession, UserCaller)) or actor.boundary is not None:
        return False
    if actor.session is not None:
        return False
    if isinstance(actor.caller, RoleSession) and actor.caller.service_linked:
        return False
    if not _allows_all(world, actor.policies):
        return False
    levels = world.scp_levels(actor.account) or ()
    return all(_allows_all(world, level.policies) for level in levels)


def _allows_all(world: World, policies: tuple[SomePolicy, ...]) -> bool:
    allowed: set[str] = set()
    for policy in policies:
        if not isinstance(policy, Policy):
            return False
        for each in world.compiler.compile(policy).statements:
            about = [action for action in ADMINISTRATORS_USE if each.actions.holds(action)]
            if each.statement.effect is not Effect.ALLOW:
                if about or not each.actions_readable:
                    return False
            elif _is_plain(each):
                allowed.update(about)
    return len(allowed) == len(ADMINISTRATORS_USE)


def _is_plain(statement: CompiledStatement) -> bool:
    everywhere = any(entry.everything for entry in statement.resources or ())
    return (
        everywhere
        and not statement.statement.not_resource
        and not statement.conditions
        and not statement.fault
    )


def _guards_leave_alone(world: World, account: str) -> bool:
    """Whether no RCP on roles, and no endpoint policy, could tell principals of one account apart."""
    if any(world.endpoints_of(service) for service in ("sts", "iam")):
        return False
    for level in world.rcp_levels(account) or ():
        for policy in level.policies:
            if not isinstance(policy, Policy):
                return False
            for each in world.compiler.compile(policy).statements:
                about = each.actions.holds("sts:assumerole") or not each.actions_readable
                if each.statement.effect is not Effect.ALLOW and about and not _is_about_accounts(each):
                    return False
    return True


def _is_about_accounts(statement: CompiledStatement) -> bool:
    return not statement.fault and all(key.startswith(_OF_ACCOUNTS) for key in statement.keys)
