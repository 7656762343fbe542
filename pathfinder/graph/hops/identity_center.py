"""People of IAM Identity Center to the roles that their assignments give them. Source: evaluation.md STS-46."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pathfinder.graph.delivered import Delivery, delivered
from pathfinder.graph.hop import Evidence
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.people import Person, people_of
from pathfinder.graph.principals import candidates
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.model.organization import Account, Gap
from pathfinder.model.workforce import Assignment, IdentityCenter
from pathfinder.policy.context import Values

AUDIENCE = "https://signin.aws.amazon.com/saml"
_PATH = "/aws-reserved/sso.amazonaws.com/"
_NAME = re.compile(r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}\Z")
_PROVIDER = ":saml-provider/AWSSSO_"


@hop_kind("identity-center")
def identity_center(world: World) -> Iterator[Edge | Gap]:
    """For each assignment, from its user, or from each member of its group, to the set's role in the account.

    From the group itself where its members are not known.
    """
    centers = [each.identity_center for each in world.snapshot.accounts if each.identity_center is not None]
    told: set[str] = {each.account for center in centers for each in center.assignments}
    whole = any("identity_center" in each.known and each.identity_center for each in world.snapshot.accounts)
    for account in world.snapshot.accounts:
        yield from _missed(account, told, whole)
    for center in centers:
        roles = roles_of_sets(world)
        for assignment in center.assignments:
            yield from _of_assignment(world, center, assignment, roles)


def _missed(account: Account, told: set[str], whole: bool) -> Iterator[Gap]:
    """That nobody is known to be assigned to an account's roles of Identity Center."""
    reserved = [role for role in account.roles if _set_of(role) is not None]
    if reserved and account.id not in told and not whole:
        counted = "1 role" if len(reserved) == 1 else f"{len(reserved)} roles"
        reason = f"who is assigned to its {counted} of Identity Center is not in the snapshot"
        yield Gap(account.id, reason, (account.id,))


def _set_of(role: Role) -> str | None:
    """The name of the permission set whose role it is; None for other roles."""
    found = _NAME.match(role.arn.name) if role.arn.path.startswith(_PATH) else None
    return found["set"] if found else None


def roles_of_sets(world: World) -> dict[tuple[str, str], list[Role]]:
    """The roles of Identity Center by account and permission set."""
    found: dict[tuple[str, str], list[Role]] = {}
    for role in world.roles.values():
        name = _set_of(role)
        if name is not None:
            found.setdefault((role.arn.account, name), []).append(role)
    return found


def _of_assignment(
    world: World, center: IdentityCenter, assignment: Assignment, roles: dict[tuple[str, str], list[Role]]
) -> Iterator[Edge | Gap]:
    permission_set = next(
        (each for each in center.permission_sets if each.arn == assignment.permission_set), None
    )
    place = str(assignment.permission_set)
    if permission_set is None:
        yield Gap(place, "its name is not in the snapshot", (assignment.account,))
        return
    held = roles.get((assignment.account, permission_set.name), [])
    if not held:
        lacking = "" if assignment.account in world.accounts else ", which the snapshot does not hold"
        reason = f"its role in account {assignment.account} is not in the snapshot{lacking}"
        yield Gap(place, reason, (assignment.account,))
        return
    for person in people_of(center, assignment.principal, is_group=assignment.kind == "GROUP"):
        for role in held:
            edge = _sign_in(world, person, role, permission_set.name, assignment)
            if edge is not None:
                yield edge


def _sign_in(
    world: World, person: Person, role: Role, permission_set: str, assignment: Assignment
) -> Edge | None:
    providers = [each for each in candidates((role.trust,), {}).providers if _PROVIDER in each]
    extra = {"permission_set": permission_set}
    gaps: tuple[str, ...] = ()
    if person.through is not None:
        extra["group"] = person.through.name or person.through.id
    if person.gap is not None:
        gaps = (person.gap,)
    elif person.name is None:
        gaps = ("the user's name, which is the session's name, is not in the snapshot",)
    fact = Evidence("principal", "Identity Center assignment", permission_set, assignment.principal)
    for provider in providers:
        delivery = Delivery(
            "identity-center",
            world.provider_actor(provider),
            (fact,),
            action="sts:AssumeRoleWithSAML",
            given={"saml:aud": Values((AUDIENCE,))},
            session_name=person.name,
            session=() if person.user_id is None else (("identitystore:userid", person.user_id),),
            extra=extra,
            gaps=gaps,
        )
        edge = delivered(world, person.node, role, delivery)
        if edge is not None:
            return edge
    return None
