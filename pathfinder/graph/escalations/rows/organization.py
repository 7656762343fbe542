"""What the management account may do to its members. Source: evaluation.md ESC-17, ESC-34, ESC-35, STS-23, ORG-1.

Delegated administrators may do some of it as well, for the members only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.changed import everything, limited, with_policies
from pathfinder.graph.escalations.delegated import administrators_of, not_known_whether
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import new
from pathfinder.graph.escalations.widening import OWN, name_of
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor, role_actor, root_of
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap, Organization
from pathfinder.policy.context import Values
from pathfinder.policy.resources import Target

_UNLOCK = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"
_UNLOCKING = frozenset({"s3:DeleteBucketPolicy", "s3:GetBucketPolicy"})


@escalation("organization")
def organization(scene: Scene) -> Iterator[Edge | Gap]:
    """From principals of each management account, and of delegated administrators, to the members."""
    for each in scene.world.snapshot.organizations:
        members = [
            account
            for member in each.members
            if member.account != each.management_account
            and (account := scene.world.accounts.get(member.account)) is not None
        ]
        for holder in administrators_of(scene, each, "iam.amazonaws.com"):
            yield from _roots(scene, holder, members)
        yield from not_known_whether(
            scene, each, "iam.amazonaws.com", "sts:AssumeRoot", "root sessions that are started"
        )
        for holder in administrators_of(scene, each, "sso.amazonaws.com"):
            yield from _assigned(scene, each, holder, members)
        yield from not_known_whether(
            scene, each, "sso.amazonaws.com", "sso:CreateAccountAssignment", "assigning permission sets"
        )


# ---- AssumeRoot ------------------------------------------------------------------------------------------


def _roots(scene: Scene, management: Account, members: Iterable[Account]) -> Iterator[Edge]:
    """The root user of a member, for one task: to read or delete a bucket's policy (ESC-17)."""
    world = scene.world
    sources = tuple(scene.sources("sts:AssumeRoot", management.id, each_administrator=True))
    for member in members if sources else ():
        root = root_of(member.id, member.partition)
        arn = parse_arn(root.node.id)
        assert arn is not None
        given = {"aws:resourceaccount": Values((member.id,)), "sts:taskpolicyarn": Values((_UNLOCK,))}
        call = Call("sts:AssumeRoot", Resource(Target(arn), management.id), given)
        for actor in sources:
            found = tried(world, actor, [call])
            change = (
                limited(world, root, "unlocking", "unlocking a bucket's policy", _UNLOCKING)
                if found is not None
                else None
            )
            if found is not None and change is not None:
                yield edge(
                    actor,
                    change.actor.node,
                    found,
                    "ESC-17",
                    f"a session of the root user of {member.id} would read or delete bucket policies",
                    Session.ASSUMED,
                    mutating=False,
                    gaps=("whether centralized root access is enabled is not known",),
                )


# ---- Identity Center -------------------------------------------------------------------------------------


def _assigned(
    scene: Scene, organization: Organization, holder: Account, members: Iterable[Account]
) -> Iterator[Edge]:
    """The roles of permission sets, in every account where there are some (ESC-34).

    A delegated administrator manages neither the management account nor permission sets that are there.
    """
    world = scene.world
    management = world.accounts.get(organization.management_account)
    whole = holder.id == organization.management_account
    kept = frozenset[str]() if whole or management is None else frozenset(_sets_in(management))
    unknown = not whole and management is None
    sources = tuple(scene.sources("sso:CreateAccountAssignment", holder.id, each_administrator=True))
    for account in (*((holder,) if whole else ()), *members) if sources else ():
        for role in account.roles:
            if not role.arn.path.startswith(_RESERVED) or _set_of(role) in kept:
                continue
            for actor in sources:
                yield from _to_permission_set(
                    world, actor, holder, role, (_NOT_IN_MANAGEMENT,) if unknown else ()
                )


_RESERVED = "/aws-reserved/sso.amazonaws.com/"
_NOT_IN_MANAGEMENT = (
    "whether the permission set is assigned in the management account, so that a delegated administrator may not "
    "manage it, is not known"
)


def _set_of(role: Role) -> str:
    """The name of the permission set whose role it is: the role's without what makes it unique."""
    return role.arn.name.rpartition("_")[0]


def _sets_in(account: Account) -> Iterator[str]:
    return (_set_of(role) for role in account.roles if role.arn.path.startswith(_RESERVED))


def _to_permission_set(
    world: World, actor: Actor, management: Account, role: Role, gaps: tuple[str, ...]
) -> Iterator[Edge]:
    assign = _on_center("sso:CreateAccountAssignment", management, role)
    found = tried(world, actor, assign)
    if found is None:
        return
    note = "an identity of Identity Center is needed that the source signs in as"
    yield edge(
        actor,
        role_actor(role).node,
        found,
        "ESC-34",
        f"{name_of(role.arn)} of account {role.arn.account} would be assigned to who signs in",
        Session.DELIVERED,
        notes=(note,),
        gaps=gaps,
    )
    for write in ("sso:PutInlinePolicyToPermissionSet", "sso:AttachManagedPolicyToPermissionSet"):
        calls = (
            *_on_center(write, management, role)[:2],
            *_on_center("sso:ProvisionPermissionSet", management, role),
            *assign,
        )
        widened = tried(world, actor, calls)
        if widened is None:
            continue
        policies = (*role.policies, everything(str(role.arn)))
        change = with_policies(world, role_actor(role), OWN, "with added policies", policies)
        if change is not None:
            yield edge(
                actor,
                change.actor.node,
                widened,
                "ESC-34",
                f"the permission set of {name_of(role.arn)} would allow everything, and be assigned",
                Session.DELIVERED,
                notes=(note,),
                gaps=gaps,
            )


def _on_center(action: str, management: Account, role: Role) -> tuple[Call, ...]:
    """An action on the instance, a permission set and an account; the first two by whatever name they have."""

    def of(rest: str) -> Resource:
        arn = Arn(role.arn.partition, "sso", "", "", f"{rest}*")
        found = new(arn, rest)
        return Resource(found.target, management.id)

    account = Arn(role.arn.partition, "sso", "", "", f"account/{role.arn.account}")
    return (
        Call(action, of("instance/ssoins-")),
        Call(action, of("permissionSet/ssoins-")),
        Call(action, Resource(Target(account), management.id)),
    )
