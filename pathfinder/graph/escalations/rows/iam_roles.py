"""Roles whose trust or permissions are rewritten. Source: evaluation.md ESC-15, ESC-26, EVAL-50, STS-1 to STS-9."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.graph.escalations.calls import Call, Tried, tried
from pathfinder.graph.escalations.carried_keys import asks_elsewhere, asks_what_is_carried
from pathfinder.graph.escalations.changed import trusting, with_own_trust, with_policies
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.named import Named
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_identity
from pathfinder.graph.escalations.rows_shared import is_already
from pathfinder.graph.escalations.widening import Widening, name_of, widenings
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor, role_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.resources import Target


@escalation("iam-roles")
def iam_roles(scene: Scene) -> Iterator[Edge | Gap]:
    """Each role of the account, from everyone who may write its trust policy, or its permissions."""
    named = Named(scene.world)
    for account in scene.world.snapshot.accounts:
        yield from _trust(scene, account)
        yield from _widened(scene, account, named)


def _trust(scene: Scene, account: Account) -> Iterator[Edge | Gap]:
    world = scene.world
    sources = (
        *scene.sources("iam:UpdateAssumeRolePolicy", account.id),
        *scene.administrator(account.id),
    )
    roles = [role for role in account.roles if not (role.service_linked or role.reserved)]
    asking = frozenset(str(role.arn) for role in roles if sources and _asks(world, role))
    told = not asks_elsewhere(world, account.id)
    for actor in sources:
        if isinstance(actor.caller, RootUser):
            continue
        assumed = _assumed_anyway(scene, actor)
        for role in roles:
            arn = str(role.arn)
            untold = not told and arn not in asking and not _lets_all_in(role_actor(role))
            if is_already(world, actor, role) or (arn in assumed and arn not in asking and not untold):
                continue
            found = tried(world, actor, by_trust(role, actor))
            if found is None:
                continue
            if arn not in assumed:
                yield edge(
                    actor,
                    role_actor(role).node,
                    found,
                    "ESC-15",
                    f"the trust policy of {name_of(role.arn)} would let in {actor.node.label}",
                    Session.ASSUMED,
                    paths=("iam-012",),
                )
            if arn in asking:
                yield from _with_tags(world, actor, role, found)
            elif untold:
                told = True
                yield Gap(f"account {account.id}", _NOT_CARRIED, (account.id,))


_NOT_CARRIED = (
    "policies that bind whole accounts, or name them or everyone, ask for tags or a source identity of sessions: "
    "whether a role whose trust policy is rewritten reaches more with such ones is not followed"
)


def _lets_all_in(target: Actor) -> bool:
    """Whether the role's trust policy lets tags and source identities in as it is."""
    return {"tags", "source-identity"} <= target.trusted


def _asks(world: World, role: Role) -> bool:
    """Whether sessions that carry what they could not carry before are worth a hop of their own."""
    target = role_actor(role)
    return not _lets_all_in(target) and asks_what_is_carried(world, target)


def _with_tags(world: World, actor: Actor, role: Role, found: Tried) -> Iterator[Edge]:
    """The new trust policy lets the source pass tags, and set a source identity, for which the role's policies ask."""
    change = with_own_trust(world, role_actor(role))
    if change is not None:
        said = f"the trust policy of {name_of(role.arn)} would let in {actor.node.label}, with tags of its choice"
        yield edge(actor, change.actor.node, found, "ESC-15", said, Session.ASSUMED, paths=("iam-012",))


def by_trust(role: Role, actor: Actor) -> tuple[Call, ...]:
    """Rewrite the role's trust policy, and assume it."""
    changed = Resource(Target(role.arn), role.arn.account, (trusting(role.arn, actor),), role.tags)
    return (
        Call("iam:UpdateAssumeRolePolicy", of_identity(role)),
        Call("sts:AssumeRole", changed, changed=True),
    )


def _assumed_anyway(scene: Scene, actor: Actor) -> frozenset[str]:
    """Roles that the actor assumes whatever its requests look like."""
    change = scene.world.changes.get(actor.node.id)
    return frozenset(
        hop.target
        for hop in scene.plain.get(actor.node.id if change is None else change.base.id, ())
        if hop.kind == "assume-role" and hop.condition == TRUE and not hop.gaps
    )


_BY_ASSUMING = {
    "iam:AttachRolePolicy": "iam-014",
    "iam:CreatePolicyVersion": "iam-016",
    "iam:PutRolePolicy": "iam-017",
}
_BY_TRUST = {
    "iam:AttachRolePolicy": "iam-019",
    "iam:CreatePolicyVersion": "iam-020",
    "iam:PutRolePolicy": "iam-021",
}


def _widened(scene: Scene, account: Account, named: Named) -> Iterator[Edge]:
    """A role that its writer assumes, its permissions widened before (ESC-26)."""
    world = scene.world
    asked: dict[str, Actor] = {}
    for action in _BY_TRUST:
        asked.update((actor.node.id, actor) for actor in scene.sources(action, account.id))
    sources = [actor for _, actor in sorted(asked.items()) if not isinstance(actor.caller, RootUser)]
    for role in account.roles:
        if role.service_linked or role.reserved:
            continue
        own = list(widenings(world, role, role_actor(role)))
        administrator = scene.administrator(account.id) if named.holds(str(role.arn)) else ()
        for actor in (*sources, *administrator):
            if not is_already(world, actor, role):
                yield from _each_way(scene, actor, role, own)


def entering(actor: Actor, role: Role, each: Widening) -> tuple[str, ...]:
    """Who assumes the role after which call, as `Scene.entered` keeps it."""
    return actor.node.id, str(role.arn), each.call.action, str(each.call.on.target.arn)


def _each_way(scene: Scene, actor: Actor, role: Role, own: list[Widening]) -> Iterator[Edge]:
    world = scene.world
    for each in own:
        if tried(world, actor, [each.call]) is None:
            continue
        for found in _ways_into(world, actor, role, each):
            if found.plain:
                scene.entered.add(entering(actor, role, each))
            if len(found.calls) == len(_by_assuming(world, role, each)):
                yield from _to_widened(world, actor, role, each, found, _BY_ASSUMING, "")
            else:
                words = f", and its trust policy let in {actor.node.label}"
                yield from _to_widened(world, actor, role, each, found, _BY_TRUST, words)


def _ways_into(world: World, actor: Actor, role: Role, each: Widening) -> Iterator[Tried]:
    """The ways to assume the role once it is widened: as its trust policy is, then with that rewritten.

    Where the first is open to all requests, the second is not looked at.
    """
    found = tried(world, actor, _by_assuming(world, role, each))
    if found is not None:
        yield found
    if found is None or not found.plain:
        found = tried(world, actor, (each.call, *by_trust(role, actor)))
        if found is not None:
            yield found


def _by_assuming(world: World, role: Role, each: Widening) -> tuple[Call, ...]:
    return (each.call, Call("sts:AssumeRole", world.role_resource(role)))


def _to_widened(
    world: World,
    actor: Actor,
    role: Role,
    each: Widening,
    found: Tried,
    paths: dict[str, str],
    besides: str,
) -> Iterator[Edge]:
    change = with_policies(world, role_actor(role), each.what, "with added policies", each.policies)
    if change is not None:
        yield edge(
            actor,
            change.actor.node,
            found,
            "ESC-26",
            f"{each.words} would allow everything{besides}",
            Session.ASSUMED,
            paths=(paths[each.call.action],),
        )
