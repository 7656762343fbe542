"""New roles and users with permissions of one's choice. Source: evaluation.md ESC-28, ESC-29, STS-2."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.caller import RoleSession, RootUser, SessionName, UserCaller
from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.changes import Change
from pathfinder.graph.escalations.calls import Call, Tried, first_open
from pathfinder.graph.escalations.changed import everything, made, trusting
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import boundary_key, new
from pathfinder.graph.escalations.widening import administrator_policy
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.organization import Account
from pathfinder.policy.context import Values
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread

MOST_BOUNDARIES = 8


@escalation("iam-new")
def iam_new(scene: Scene) -> Iterator[Edge]:
    """From everyone who may make a role, or a user, and give it permissions."""
    for account in scene.world.snapshot.accounts:
        for action, kind in (("iam:CreateRole", "role"), ("iam:CreateUser", "user")):
            for actor in scene.sources(action, account.id):
                if not isinstance(actor.caller, RootUser):
                    yield from _made(scene.world, actor, account, kind)


def _made(world: World, actor: Actor, account: Account, kind: str) -> Iterator[Edge]:
    """Without a boundary, or else with one that the conditions on the calls ask for."""
    best: tuple[Tried, SomePolicy | None] | None = None
    for boundary in (None, *_boundaries(actor, account)):
        found = first_open(world, actor, _ways(actor, account, kind, boundary))
        if found is not None and (best is None or (found.plain and not best[0].plain)):
            best = found, boundary
        if best is not None and best[0].plain:
            break
    if best is None:
        return
    found, boundary = best
    arn = parse_arn(found.calls[0].resource)
    assert arn is not None
    change = made(world, _principal(arn, boundary), arn.name)
    limit = "" if boundary is None else f", within the boundary {boundary.name}"
    yield edge(
        actor,
        change.actor.node,
        found,
        "ESC-28" if kind == "role" else "ESC-29",
        f"a new {kind} {arn.name} would be allowed everything{limit}",
        Session.ASSUMED if kind == "role" else Session.CREDENTIALS,
    )


def _principal(arn: Arn, boundary: SomePolicy | None) -> Actor:
    policies = (everything(str(arn)),)
    kind = NodeKind.ROLE if arn.is_role else NodeKind.USER
    node = Node(str(arn), kind, arn.name, arn.account)
    if arn.is_user:
        return Actor(node, UserCaller(arn), policies, boundary)
    trusted = frozenset({"tags", "source-identity"})
    return Actor(node, RoleSession(arn, SessionName.OPEN), policies, boundary, trusted=trusted)


def _ways(
    actor: Actor, account: Account, kind: str, boundary: SomePolicy | None
) -> Iterator[tuple[Call, ...]]:
    on = new(Arn(account.partition, "iam", "", account.id, f"{kind}/*"), f"{kind}/")
    limit = boundary_key(boundary)
    word = kind.capitalize()
    whole = {**limit, "iam:policyarn": Values((administrator_policy(on_arn(on)),))}
    create = Call(f"iam:Create{word}", on, limit)
    gives = (Call(f"iam:Attach{word}Policy", on, whole), Call(f"iam:Put{word}Policy", on, limit))
    if kind == "user":
        last = Call("iam:CreateAccessKey", on)
    else:
        trust = Resource(on.target, on.account, (trusting(on_arn(on), actor),))
        last = Call("sts:AssumeRole", trust, changed=True)
    for give in gives:
        yield (create, give, last)


def on_arn(resource: Resource) -> Arn:
    """The ARN of a resource that has one."""
    assert resource.target.arn is not None
    return resource.target.arn


def _boundaries(actor: Actor, account: Account) -> tuple[SomePolicy, ...]:
    """Boundaries that the actor's conditions name, as far as their documents are known; others are not known."""
    known: dict[str, SomePolicy] = {}
    held: list[SomePolicy | None] = []
    for user in account.users:
        held.extend((user.boundary, *user.policies))
    for role in account.roles:
        held.extend((role.boundary, *role.policies))
    for each in held:
        if each is not None and ":policy/" in each.name:
            known.setdefault(each.name, each)
    asked: dict[str, None] = {}
    for policy in (*actor.policies, *((actor.boundary,) if actor.boundary else ())):
        for statement in policy.document.statements if isinstance(policy, Policy) else ():
            for entry in statement.conditions:
                if entry.key.lower() == "iam:permissionsboundary":
                    asked.update(dict.fromkeys(entry.values))
    found: list[SomePolicy] = []
    for name in list(asked)[:MOST_BOUNDARIES]:
        read = known.get(name)
        if isinstance(read, Policy):
            found.append(Policy(PolicyKind.BOUNDARY, name, account.id, read.document))
        else:
            reason = f"the policy {name} is not in the snapshot"
            found.append(Unread(PolicyKind.BOUNDARY, name, account.id, reason))
    return tuple(found)


def is_new(change: Change) -> bool:
    """Whether the principal does not exist yet."""
    return any(what == "new" for what, _ in change.made)
