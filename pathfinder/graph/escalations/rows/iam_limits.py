"""Principals that remove their own limits: a boundary, or policies that deny. Source: evaluation.md ESC-30, ESC-31."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.calls import Call, first_open, tried
from pathfinder.graph.escalations.changed import with_policies, without_boundary
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import boundary_of, of_arn, of_group, of_identity
from pathfinder.graph.escalations.rows.iam_self import identity_of
from pathfinder.graph.escalations.widening import administrator_policy, customer_managed, groups_of, name_of
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.identity import Role, User
from pathfinder.policy.context import Values
from pathfinder.policy.document import Effect, Policy, SomePolicy


@escalation("iam-limits", phase=1)
def iam_limits(scene: Scene) -> Iterator[Edge]:
    """Those who have a limit and may remove it; what nothing follows from is left out later."""
    world = scene.world
    for account in world.snapshot.accounts:
        asked = {actor.node.id: actor for action in _ACTIONS for actor in scene.sources(action, account.id)}
        for _, actor in sorted(asked.items()):
            identity = identity_of(world, actor)
            if identity is None:
                continue
            if actor.boundary is not None:
                yield from _boundary(world, actor, identity, actor.boundary)
            for policy in actor.policies:
                if denies(policy):
                    yield from _deny(world, actor, identity, policy)


_ACTIONS = (
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:CreatePolicyVersion",
    "iam:DetachUserPolicy",
    "iam:DetachRolePolicy",
    "iam:DetachGroupPolicy",
    "iam:DeleteUserPolicy",
    "iam:DeleteRolePolicy",
    "iam:DeleteGroupPolicy",
    "iam:RemoveUserFromGroup",
)


def denies(policy: SomePolicy) -> bool:
    """Whether the policy denies anything, as far as is known."""
    return isinstance(policy, Policy) and any(
        each.effect is not Effect.ALLOW for each in policy.document.statements
    )


def _kind(identity: User | Role) -> str:
    return "User" if isinstance(identity, User) else "Role"


def _boundary(world: World, actor: Actor, identity: User | Role, boundary: SomePolicy) -> Iterator[Edge]:
    on = of_identity(identity)
    wide = {"iam:permissionsboundary": Values((administrator_policy(identity.arn),))}
    ways = [
        [Call(f"iam:Delete{_kind(identity)}PermissionsBoundary", on, boundary_of(actor))],
        [Call(f"iam:Put{_kind(identity)}PermissionsBoundary", on, wide)],
    ]
    own = customer_managed(boundary, identity.arn)
    if own is not None:
        ways.append([Call("iam:CreatePolicyVersion", of_arn(own))])
    found = first_open(world, actor, ways)
    if found is None:
        return
    change = without_boundary(world, actor)
    if change is not None:
        said = f"the permissions boundary of {name_of(identity.arn)} would be gone, or allow everything"
        yield edge(actor, change.actor.node, found, "ESC-30", said, Session.SAME)


def _deny(world: World, actor: Actor, identity: User | Role, policy: SomePolicy) -> Iterator[Edge]:
    """Without one policy that denies, or without all policies of the group that it comes from."""
    on = of_identity(identity)
    managed = ":policy/" in policy.name
    given = {"iam:policyarn": Values((policy.name,))} if managed else {}
    verb = "Detach" if managed else "Delete"
    limit = boundary_of(actor)
    group = next((each for each in groups_of(world, identity) if str(each.arn) == policy.attached_to), None)
    rest = tuple(each for each in actor.policies if each is not policy)
    short = policy.name.rsplit("/", 1)[-1]
    if group is None:
        calls = [Call(f"iam:{verb}{_kind(identity)}Policy", on, {**limit, **given})]
        yield from _without(world, actor, calls, short, rest, name_of(identity.arn))
        return
    calls = [Call(f"iam:{verb}GroupPolicy", of_group(group), given)]
    yield from _without(world, actor, calls, short, rest, name_of(group.arn))
    left = tuple(each for each in actor.policies if each.attached_to != str(group.arn))
    calls = [Call("iam:RemoveUserFromGroup", of_group(group))]
    yield from _without(world, actor, calls, f"group {group.arn.name}", left, name_of(identity.arn))


def _without(
    world: World, actor: Actor, calls: list[Call], what: str, rest: tuple[SomePolicy, ...], holder: str
) -> Iterator[Edge]:
    found = tried(world, actor, calls)
    if found is None:
        return
    change = with_policies(world, actor, f"without {what}", f"without {what}", rest)
    if change is not None:
        said = f"{what}, which denies, would be taken from {holder}"
        yield edge(actor, change.actor.node, found, "ESC-31", said, Session.SAME)
