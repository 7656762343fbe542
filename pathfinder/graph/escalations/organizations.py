"""An organization as its own calls change it: what they are made on, which policies limit, where accounts may go.

Source: evaluation.md ESC-35, ORG-3, ORG-7, ORG-20, ORG-22; the shipped catalogue (resource types of organizations:*).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathfinder.aws.arn import Arn
from pathfinder.graph.facts import UnsureTags
from pathfinder.graph.resource import Resource
from pathfinder.graph.standing import attached, is_enabled, levels, moved, with_attached
from pathfinder.graph.world import World
from pathfinder.model.organization import Member, Organization
from pathfinder.policy.context import KeyState, Values
from pathfinder.policy.document import Document, Effect, Policy, PolicyKind, SomePolicy, Statement
from pathfinder.policy.resources import Target

_AWS_OWN = ("p-FullAWSAccess", "FullAWSAccess", "p-RCPFullAWSAccess", "RCPFullAWSAccess")
_TYPES = {PolicyKind.SCP: "SERVICE_CONTROL_POLICY", PolicyKind.RCP: "RESOURCE_CONTROL_POLICY"}
_KINDS = (PolicyKind.SCP, PolicyKind.RCP)
_EVERYTHING = Document(
    "2012-10-17",
    (Statement(0, "Everything", Effect.ALLOW, None, ("*",), False, ("*",), False, ()),),
)
_NO_TAGS = UnsureTags("the tags of roots, OUs, accounts and policies of the organization are not known")


def of_organization(
    world: World, organization: Organization, word: str, rest: str, policies: tuple[SomePolicy, ...] = ()
) -> Resource:
    """A root, OU, account or policy as organizations' calls are made on it; it belongs to the management account.

    `policies`: the organization's resource policy, for calls of members.
    """
    owner = organization.management_account
    partition = world.accounts[owner].partition if owner in world.accounts else "aws"
    arn = Arn(partition, "organizations", "", owner, f"{word}/{organization.id}/{rest}")
    return Resource(Target(arn), owner, policies, unsure_tags=_NO_TAGS)


def policy_resource(
    world: World,
    organization: Organization,
    kind: PolicyKind,
    name: str,
    policies: tuple[SomePolicy, ...] = (),
) -> Resource:
    """An SCP or RCP, by its ARN or its id."""
    rest = f"{_TYPES[kind].lower()}/{name.rsplit('/', 1)[-1]}"
    return of_organization(world, organization, "policy", rest, policies)


def type_given(kind: PolicyKind) -> Mapping[str, KeyState]:
    """What organizations:PolicyType says of calls about such policies."""
    return {"organizations:policytype": Values((_TYPES[kind],))}


def known_place(organization: Organization, parent: str) -> str | None:
    """The word for a root or an OU in its ARN; None where the organization's units do not hold it."""
    unit = next((each for each in organization.units if each.id == parent), None)
    if unit is None:
        return None
    return "root" if unit.parent is None else "ou"


def _all_attached(organization: Organization, kind: PolicyKind) -> Iterator[SomePolicy]:
    for _, policies in _holders(organization, kind):
        yield from policies


def limiting(organization: Organization, kind: PolicyKind) -> tuple[str, ...]:
    """The names of attached policies that do not just allow everything, sorted; those not known included."""
    found = {each.name for each in _all_attached(organization, kind) if not _allows_all(each)}
    return tuple(sorted(found))


def _allows_all(policy: SomePolicy) -> bool:
    if policy.name.rsplit("/", 1)[-1] in _AWS_OWN:
        return True
    if not isinstance(policy, Policy):
        return False
    statements = policy.document.statements
    plain = any(
        each.effect is Effect.ALLOW
        and not each.not_action
        and not each.not_resource
        and "*" in each.actions
        and "*" in (each.resources or ())
        and not each.conditions
        and not each.fault
        for each in statements
    )
    return plain and all(each.effect is Effect.ALLOW for each in statements)


@dataclass(frozen=True, slots=True)
class Removal:
    """A policy that is rewritten so that it allows everything, or, with a target, detached from there.

    `word`: what the target is, in its ARN.
    """

    policy: str
    target: str | None = None
    word: str = ""

    @property
    def short(self) -> str:
        """The policy's id."""
        return self.policy.rsplit("/", 1)[-1]

    @property
    def text(self) -> str:
        """What is done, in short."""
        return self.short if self.target is None else f"{self.short} from {self.target}"

    def leaves_one(self, organization: Organization, kind: PolicyKind, others: Iterable[Removal]) -> bool:
        """Whether the target keeps some policy: the last SCP of a place cannot be detached (ORG-3)."""
        if self.target is None or kind is PolicyKind.RCP:
            return True
        gone = {each.policy for each in others if each.target == self.target} | {self.policy}
        hung = next((found for name, found in _holders(organization, kind) if name == self.target), ())
        return any(each.name not in gone for each in hung)


def _holders(organization: Organization, kind: PolicyKind) -> Iterator[tuple[str, tuple[SomePolicy, ...]]]:
    """The id of each root, OU and account, and what is attached to it directly."""
    for unit in organization.units:
        yield unit.id, attached(unit, kind)
    for member in organization.members:
        yield str(member.account), attached(member, kind)


def removals(organization: Organization, kind: PolicyKind) -> Iterator[Removal]:
    """Each way to take away a policy that limits: rewritten everywhere, before detached place by place."""
    names = limiting(organization, kind)
    for name in names:
        yield Removal(name)
    for name in names:
        for unit in organization.units:
            if any(each.name == name for each in attached(unit, kind)):
                yield Removal(name, unit.id, "root" if unit.parent is None else "ou")
        for member in organization.members:
            if any(each.name == name for each in attached(member, kind)):
                yield Removal(name, str(member.account), "account")


def changed_by(
    organization: Organization, kind: PolicyKind, made: Iterable[Removal]
) -> tuple[Organization, frozenset[str]]:
    """The organization once policies are taken away, and the accounts that this makes a difference for."""
    rewritten = {each.policy for each in made if each.target is None}
    detached = {(each.policy, each.target) for each in made if each.target is not None}

    def change(holder: str, policy: SomePolicy) -> SomePolicy | None:
        if policy.name in rewritten:
            return Policy(kind, policy.name, policy.attached_to, _EVERYTHING)
        return None if (policy.name, holder) in detached else policy

    after = with_attached(organization, kind, change)
    accounts = frozenset(
        str(each.account)
        for each in organization.members
        if levels(organization, each.account, kind) != levels(after, each.account, kind)
    )
    return after, accounts


def destinations(world: World, organization: Organization, member: Member) -> list[tuple[str, ...]]:
    """Other roots and OUs for the member, those together where the same policies limit; without what opens nothing.

    Nothing opens where all policies that limit as it is do so there as well. Where policies ask for the place in the
    organization (aws:PrincipalOrgPaths and its kin), every place is one of its own.
    """
    by_path = _asks(world, ("aws:principalorgpaths", "aws:resourceorgpaths"))
    here = _limits(organization, member.account)
    found: dict[object, list[str]] = {}
    for unit in organization.units:
        if unit.id == member.parent:
            continue
        after = moved(organization, member.account, unit.id)
        there = _limits(after, member.account)
        if by_path:
            found[unit.id] = [unit.id]
        elif not here <= there:
            found.setdefault(there, []).append(unit.id)
    return [tuple(parents) for parents in found.values()]


def _limits(organization: Organization, account: str) -> frozenset[object]:
    """What limits a member: policies that deny, and places that allow but some things."""
    found: set[object] = set()
    for kind in _KINDS:
        for level in levels(organization, account, kind) or ():
            if kind is PolicyKind.RCP or any(map(_allows_all, level.policies)):
                found.update((each.name, _document(each)) for each in level.policies if not _allows_all(each))
            else:
                found.add(frozenset((each.name, _document(each)) for each in level.policies))
    return frozenset(found)


def _document(policy: SomePolicy) -> object:
    return policy.document if isinstance(policy, Policy) else policy.reason


def gains_by_leaving(world: World, organization: Organization, member: Member) -> bool:
    """Whether something limits the member that leaving takes away, or policies ask who is in an organization."""
    keys = ("aws:principalorgid", "aws:principalorgpaths", "aws:resourceorgid", "aws:resourceorgpaths")
    return bool(_limits(organization, member.account)) or _asks(world, keys)


def _asks(world: World, keys: tuple[str, ...]) -> bool:
    """Whether some policy of the snapshot asks for one of these keys, in conditions or variables."""
    known = world.facts.get(("asked keys",))
    if known is None:
        known = world.facts[("asked keys",)] = frozenset(_asked(world))
    assert isinstance(known, frozenset)
    return not known.isdisjoint(keys)


def _asked(world: World) -> Iterator[str]:
    for policy in _policies(world):
        if isinstance(policy, Policy):
            for statement in world.compiler.compile(policy).statements:
                yield from statement.keys


def _policies(world: World) -> Iterator[SomePolicy]:
    for actor in world.actors.values():
        yield from actor.policies
        if actor.boundary is not None:
            yield actor.boundary
    for account in world.snapshot.accounts:
        yield from (role.trust for role in account.roles)
        held: list[SomePolicy | None] = [each.policy for each in account.buckets]
        held.extend(each.policy for each in account.access_points)
        held.extend(each.policy for each in account.multi_region_access_points)
        held.extend(each.policy for each in account.keys)
        yield from (each for each in held if each is not None)
    for organization in world.snapshot.organizations:
        for kind in _KINDS:
            if is_enabled(organization, kind):
                yield from _all_attached(organization, kind)
    yield from (endpoint.policy for endpoint in world.endpoints if endpoint.policy is not None)
