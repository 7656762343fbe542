"""Principals that widen their own permissions. Source: evaluation.md ESC-20 to ESC-24, ESC-3, EVAL-51."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.calls import Call, Tried, tried
from pathfinder.graph.escalations.changed import with_policies, with_version
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_arn, of_group, of_identity
from pathfinder.graph.escalations.widening import OWN, Widening, name_of, widenings
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import KeyTest, Quantifier
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import Values
from pathfinder.policy.document import Policy

_PATHS = {
    "iam:PutUserPolicy": "iam-007",
    "iam:AttachUserPolicy": "iam-008",
    "iam:PutRolePolicy": "iam-005",
    "iam:AttachRolePolicy": "iam-009",
    "iam:PutGroupPolicy": "iam-011",
    "iam:AttachGroupPolicy": "iam-010",
    "iam:CreatePolicyVersion": "iam-001",
}
_WORDS = "with added policies"


@escalation("iam-self", phase=1)
def iam_self(scene: Scene) -> Iterator[Edge | Gap]:
    """Inline policies, attached policies, policy versions and groups of the principal itself."""
    world = scene.world
    for account in world.snapshot.accounts:
        asked = {actor.node.id: actor for action in _PATHS for actor in scene.sources(action, account.id)}
        for _, actor in sorted(asked.items()):
            identity = identity_of(world, actor)
            if identity is None:
                continue
            attach = f"iam:Attach{'User' if isinstance(identity, User) else 'Role'}Policy"
            anything = False
            for each in widenings(world, identity, actor):
                found = tried(world, actor, [each.call])
                if found is not None:
                    anything = anything or each.call.action == attach
                    yield from _widened(world, actor, each, found)
            if not anything:
                yield from _attached(world, actor, identity, account, attach)
        for actor in (
            scene.sources("iam:SetDefaultPolicyVersion", account.id) if account.older_versions else ()
        ):
            yield from _older(world, actor, account)
        for actor in scene.sources("iam:AddUserToGroup", account.id):
            yield from _joined(world, actor, account)


def identity_of(world: World, actor: Actor) -> User | Role | None:
    """The user or role that the actor is, changed or not; None for root users."""
    change = world.changes.get(actor.node.id)
    node_id = actor.node.id if change is None else change.base.id
    return world.role_of(node_id) or world.users.get(node_id)


def _widened(world: World, actor: Actor, each: Widening, found: Tried) -> Iterator[Edge]:
    words = _WORDS if each.what == OWN else f"with {each.what.removeprefix('rewritten ')} rewritten"
    change = with_policies(world, actor, each.what, words, each.policies)
    if change is not None:
        said = f"{each.words} would allow everything"
        paths = (_PATHS[each.call.action],)
        yield edge(actor, change.actor.node, found, each.rule, said, Session.SAME, paths=paths)


def _older(world: World, actor: Actor, account: Account) -> Iterator[Edge]:
    """Another version of a policy that it has, or that is its boundary, made the default one (ESC-25, EVAL-51)."""
    held = {each.name for each in actor.policies}
    if actor.boundary is not None:
        held.add(actor.boundary.name)
    for version in account.older_versions:
        name = str(version.arn)
        if name not in held or identity_of(world, actor) is None:
            continue
        found = tried(world, actor, [Call("iam:SetDefaultPolicyVersion", of_arn(version.arn))])
        if found is None:
            continue
        short = f"version {version.version} of {version.arn.name}"
        what = f"{name} {version.version}"
        change = with_version(world, actor, what, f"with {short}", name, version.policy)
        if change is not None:
            bounds = actor.boundary is not None and actor.boundary.name == name
            said = f"{short}{_BOUNDARY if bounds else ''} would be the default one"
            yield edge(actor, change.actor.node, found, "ESC-25", said, Session.SAME)


_BOUNDARY = ", which is a permissions boundary,"


def _attached(
    world: World, actor: Actor, identity: User | Role, account: Account, action: str
) -> Iterator[Edge | Gap]:
    """Where not every policy may be attached (iam:PolicyARN): each one whose document is known."""
    on = of_identity(identity)
    known = _managed(account)
    if tried(world, actor, [Call(action, on)]) is None:
        return
    rule = "ESC-20" if isinstance(identity, User) else "ESC-23"
    for name, policy in known.items():
        found = tried(world, actor, [Call(action, on, {"iam:policyarn": Values((name,))})])
        if found is None or any(each.name == name for each in actor.policies):
            continue
        short = name.rsplit("/", 1)[-1]
        new = (*actor.policies, Policy(policy.kind, name, str(identity.arn), policy.document))
        change = with_policies(world, actor, f"attached {name}", f"with {short} attached", new)
        if change is not None:
            said = f"{name} would be attached to {name_of(identity.arn)}"
            yield edge(actor, change.actor.node, found, rule, said, Session.SAME, paths=(_PATHS[action],))
    others = StringTest(tuple(exact(name) for name in known))
    unknown = KeyTest("iam:policyarn", Quantifier.ONE, others, negated=True, if_absent=False)
    if not known or tried(world, actor, [Call(action, on, scope=unknown)]) is not None:
        reason = f"it may attach policies to {name_of(identity.arn)} whose documents are not in the snapshot"
        yield Gap(actor.node.id, reason, (str(identity.arn),))


def _managed(account: Account) -> dict[str, Policy]:
    """The managed policies whose documents the snapshot holds, by ARN."""
    held = [policy for user in account.users for policy in user.policies]
    held.extend(policy for role in account.roles for policy in role.policies)
    held.extend(policy for group in account.groups for policy in group.policies)
    found = {each.name: each for each in held if isinstance(each, Policy) and ":policy/" in each.name}
    return dict(sorted(found.items()))


def _joined(world: World, actor: Actor, account: Account) -> Iterator[Edge]:
    """A user in one more group (ESC-22)."""
    identity = identity_of(world, actor)
    if not isinstance(identity, User):
        return
    for group in account.groups:
        if group.arn in identity.groups or not group.policies:
            continue
        found = tried(world, actor, [Call("iam:AddUserToGroup", of_group(group))])
        if found is None:
            continue
        new = (*actor.policies, *group.policies)
        change = with_policies(world, actor, f"group {group.arn.name}", f"in group {group.arn.name}", new)
        if change is not None:
            said = f"{name_of(identity.arn)} would be a member of {name_of(group.arn)}"
            yield edge(actor, change.actor.node, found, "ESC-22", said, Session.SAME, paths=("iam-013",))
