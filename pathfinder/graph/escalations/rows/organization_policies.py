"""SCPs and RCPs taken away: switched off, rewritten, detached, or left behind by moving or leaving.

Source: evaluation.md ESC-35, ESC-4, ORG-1 to ORG-3, ORG-7, ORG-20 to ORG-22. DeletePolicy works on a policy that is
attached nowhere alone, so that it adds nothing to DetachPolicy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from pathfinder.graph.escalations.calls import Call, Tried, first_open, tried
from pathfinder.graph.escalations.changed import under
from pathfinder.graph.escalations.delegated import members_by_policy
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.organizations import (
    Removal,
    changed_by,
    destinations,
    gains_by_leaving,
    known_place,
    limiting,
    of_organization,
    policy_resource,
    removals,
    type_given,
)
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import anywhere
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor
from pathfinder.graph.standing import Standing, is_enabled, moved, switched_off, without
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.organization import Gap, Member, Organization
from pathfinder.policy.document import PolicyKind, SomePolicy

_KINDS = (PolicyKind.SCP, PolicyKind.RCP)
_REMOVING = (
    "organizations:DisablePolicyType",
    "organizations:UpdatePolicy",
    "organizations:DetachPolicy",
)
_MOVING = ("organizations:MoveAccount", "organizations:RemoveAccountFromOrganization")
MOST_STATES = 300
"""Ways in which members could be moved, for each organization: a limit that is told where it is met."""


@escalation("organization-policies", phase=1)
def organization_policies(scene: Scene) -> Iterator[Edge | Gap]:
    """From whoever may change an organization to itself, with the organization as it then is."""
    for each in scene.world.snapshot.organizations:
        yield from _removed(scene, each)
        yield from _moved(scene, each)
        yield from _left(scene, each)


def _callers(scene: Scene, organization: Organization, actions: Sequence[str]) -> tuple[Actor, ...]:
    """Who may call organizations for the whole: principals of the management account (ESC-35)."""
    asked = {
        actor.node.id: actor
        for action in actions
        for actor in scene.sources(action, organization.management_account, each_administrator=True)
    }
    return tuple(asked[node_id] for node_id in sorted(asked))


Make = Callable[[Standing], Standing]
_Granting = tuple[SomePolicy, ...]
"""The organization's resource policy, for calls of members."""


def _gone_on(world: World, actor: Actor, found: Tried, make: Make, said: str, gaps: Sequence[str]) -> Edge:
    standing = make(world.standing_of(actor))
    change = under(world, actor, standing)
    return edge(actor, change.actor.node, found, "ESC-35", said, Session.SAME, gaps=gaps)


def _made(
    world: World,
    organization: Organization,
    what: str,
    words: str,
    accounts: frozenset[str],
    parts: tuple[str, ...] = (),
) -> Make:
    """The organization as it would be, one object for each such change."""

    def make(before: Standing) -> Standing:
        key = ("standing", before.made, organization.id, what)
        known = world.facts.get(key)
        if known is None:
            known = world.facts[key] = before.changed(organization, what, words, accounts, parts)
        assert isinstance(known, Standing)
        return known

    return make


# ---- SCPs and RCPs switched off, rewritten, detached -------------------------------------------------------------


def _removed(scene: Scene, organization: Organization) -> Iterator[Edge | Gap]:
    kinds = [kind for kind in _KINDS if is_enabled(organization, kind) and limiting(organization, kind)]
    if not kinds:
        return
    for actor in _callers(scene, organization, _REMOVING):
        yield from _removed_by(scene.world, actor, organization, kinds, ())
    policy = organization.resource_policy
    for item in members_by_policy(scene, organization, _REMOVING):
        if isinstance(item, Gap):
            yield item
        elif policy is not None:
            yield from _removed_by(scene.world, item, organization, kinds, (policy,))


def _removed_by(
    world: World, actor: Actor, organization: Organization, kinds: Sequence[PolicyKind], granting: _Granting
) -> Iterator[Edge | Gap]:
    off: set[PolicyKind] = set()
    for number in range(1, len(kinds) + 1):
        for some in combinations(kinds, number):
            for each in _switched_off(world, actor, organization, some, granting):
                yield each
                if each.hop.condition == TRUE and not each.hop.gaps:
                    off.update(some)
    for kind in kinds:
        if kind not in off:  # nothing of this kind is left that could be taken away as well
            yield from _taken_away(world, actor, organization, kind, granting)


def _switched_off(
    world: World,
    actor: Actor,
    organization: Organization,
    kinds: tuple[PolicyKind, ...],
    granting: _Granting,
) -> Iterator[Edge]:
    root = next((unit.id for unit in organization.units if unit.parent is None), None)
    if root is None:
        return
    on = of_organization(world, organization, "root", root, granting)
    found = tried(
        world,
        actor,
        [
            Call("organizations:DisablePolicyType", on, type_given(kind), changed=bool(granting))
            for kind in kinds
        ],
    )
    if found is None:
        return
    after = organization
    for kind in kinds:
        after = switched_off(after, kind)
    short = " and ".join(_short(kind) for kind in kinds)
    members = frozenset(str(each.account) for each in organization.members)
    parts = tuple(f"no {_short(kind)}" for kind in kinds) if len(kinds) > 1 else ()
    make = _made(world, after, f"no {short}", f"without {short}", members, parts)
    words = " and ".join(_plural(kind) for kind in kinds)
    said = f"the {words} of organization {organization.id} would be switched off"
    yield _gone_on(world, actor, found, make, said, ())


def _taken_away(
    world: World, actor: Actor, organization: Organization, kind: PolicyKind, granting: _Granting
) -> Iterator[Edge | Gap]:
    """As many policies that limit as the principal may rewrite, or detach where they hang (ORG-3, ORG-22)."""
    parts: tuple[str, ...] = ()
    for found, kept in _amounts(world, actor, organization, kind, granting):
        after, accounts = changed_by(organization, kind, kept)
        names = ", ".join(dict.fromkeys(each.short for each in kept))
        what = f"{_short(kind)} gone: {', '.join(sorted(each.text for each in kept))}"
        make = _made(world, after, what, f"without {_short(kind)} {names}", accounts, parts)
        parts = (*parts, what)
        said = f"the {_plural(kind)} {names} of organization {organization.id} would limit nothing, or be detached"
        yield _gone_on(world, actor, found, make, said, ())


def _amounts(
    world: World, actor: Actor, organization: Organization, kind: PolicyKind, granting: _Granting
) -> Iterator[tuple[Tried, tuple[Removal, ...]]]:
    """What nothing stands in the way of; then what some requests take away as well; then with what is not certain."""
    found: Tried | None = None
    kept: list[Removal] = []
    calls: list[Call] = []
    rest = list(removals(organization, kind))
    for is_enough in (_is_plain, _is_certain, _is_at_all):
        left: list[Removal] = []
        count = len(kept)
        for removal in rest:
            if any(each.policy == removal.policy and each.target is None for each in kept):
                continue
            if not removal.leaves_one(organization, kind, kept):
                continue
            more = _removing(world, organization, kind, removal, granting)
            together = tried(world, actor, [*calls, *more])
            if together is not None and is_enough(together):
                found, calls = together, [*calls, *more]
                kept.append(removal)
            elif together is not None:
                left.append(removal)
        rest = left
        if found is not None and len(kept) > count:
            yield found, tuple(kept)


def _is_plain(found: Tried) -> bool:
    return found.plain


def _is_certain(found: Tried) -> bool:
    return found.certain


def _is_at_all(_: Tried) -> bool:
    return True


def _removing(
    world: World, organization: Organization, kind: PolicyKind, removal: Removal, granting: _Granting
) -> list[Call]:
    given = type_given(kind)
    on = policy_resource(world, organization, kind, removal.policy, granting)
    if removal.target is None:
        return [Call("organizations:UpdatePolicy", on, given, changed=bool(granting))]
    hangs = of_organization(world, organization, removal.word, removal.target, granting)
    return [Call("organizations:DetachPolicy", each, given, changed=bool(granting)) for each in (on, hangs)]


def _short(kind: PolicyKind) -> str:
    return "SCPs" if kind is PolicyKind.SCP else "RCPs"


def _plural(kind: PolicyKind) -> str:
    return "service control policies" if kind is PolicyKind.SCP else "resource control policies"


# ---- accounts moved ------------------------------------------------------------------------------------------------


def _moved(scene: Scene, organization: Organization) -> Iterator[Edge | Gap]:
    world = scene.world
    actors = _callers(scene, organization, _MOVING)
    left = MOST_STATES
    for member in organization.members if actors else ():
        if member.account == organization.management_account or member.account not in world.accounts:
            continue
        groups = destinations(world, organization, member)
        left -= len(groups)
        if left < 0:
            reason = f"more than {MOST_STATES} ways to move its accounts: not all are looked at"
            yield Gap(f"organization {organization.id}", reason)
            return
        gaps = _not_followed(organization, member)
        for actor in actors:
            for parents in groups:
                yield from _to_one_of(world, actor, organization, member, parents, gaps)
            if gains_by_leaving(world, organization, member):
                on = of_organization(world, organization, "account", member.account)
                found = tried(world, actor, [Call("organizations:RemoveAccountFromOrganization", on)])
                if found is not None:
                    yield _outside(world, actor, organization, member, found, gaps)


def _to_one_of(
    world: World,
    actor: Actor,
    organization: Organization,
    member: Member,
    parents: tuple[str, ...],
    gaps: tuple[str, ...],
) -> Iterator[Edge]:
    """To the first of several places that are alike of which the principal may move it to one."""
    word = known_place(organization, member.parent)
    if word is None:
        return
    for parent in parents:
        places = (
            of_organization(world, organization, "account", member.account),
            of_organization(world, organization, word, member.parent),
            of_organization(world, organization, known_place(organization, parent) or "ou", parent),
        )
        found = first_open(world, actor, [[Call("organizations:MoveAccount", each) for each in places]])
        if found is None:
            continue
        account = str(member.account)
        after = moved(organization, account, parent)
        words = f"account {account} in {parent}"
        make = _made(world, after, words, words, frozenset({account}))
        said = f"account {account} would be moved to {parent}, where other policies limit it"
        yield _gone_on(world, actor, found, make, said, gaps)
        return


def _not_followed(organization: Organization, member: Member) -> tuple[str, ...]:
    """An organization's S3 policy is taken to stay in force for the account's buckets (BPA-1)."""
    if member.account not in dict(organization.s3_policies):
        return ()
    return (
        f"whether the organization's S3 policy still blocks public access in account {member.account} is not followed",
    )


# ---- accounts that leave -------------------------------------------------------------------------------------------


def _left(scene: Scene, organization: Organization) -> Iterator[Edge | Gap]:
    """The member itself leaves: called by one of its own principals, bound by its SCPs until then."""
    world = scene.world
    for member in organization.members:
        account = str(member.account)
        if account == organization.management_account or account not in world.accounts:
            continue
        if not gains_by_leaving(world, organization, member):
            continue
        told = False
        for actor in scene.sources(_LEAVE, account, each_administrator=True):
            found = tried(world, actor, [Call(_LEAVE, anywhere(account, "organizations"))])
            if found is None:
                continue
            yield _outside(world, actor, organization, member, found, _not_followed(organization, member))
            if not told:
                reason = (
                    "a principal may take it out of its organization: escalations of other kinds that are open "
                    "only then are not followed"
                )
                yield Gap(f"account {account}", reason, (account,))
                told = True


_LEAVE = "organizations:LeaveOrganization"
_STANDS_ALONE = (
    "whether account {} has what it needs to leave its organization, such as a payment method, is not known"
)


def _outside(
    world: World,
    actor: Actor,
    organization: Organization,
    member: Member,
    found: Tried,
    gaps: tuple[str, ...],
) -> Edge:
    account = str(member.account)
    after = without(organization, account)
    words = f"account {account} outside its organization"
    make = _made(world, after, words, words, frozenset({account}))
    said = f"account {account} would leave organization {organization.id}: no SCP binds and no RCP guards it then"
    return _gone_on(world, actor, found, make, said, (_STANDS_ALONE.format(account), *gaps))
