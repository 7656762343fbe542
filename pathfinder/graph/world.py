"""A snapshot made ready to be asked: who may do what on which resource, with all policies that apply.

Source: evaluation.md EVAL-5, ORG-1 to ORG-25, BPA-1, TERM-5.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from pathfinder.authorization.caller import (
    Anonymous,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    UserCaller,
    account_of,
)
from pathfinder.authorization.decide import decide, grantable
from pathfinder.authorization.decision import Decision
from pathfinder.authorization.request import Endpoint, Policies, Request
from pathfinder.authorization.tenants import provider_name
from pathfinder.aws.arn import Arn
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.graph.action_classes import ActionClasses
from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.bucket_guards import BucketGuards
from pathfinder.graph.changes import Change
from pathfinder.graph.contexts import Contexts
from pathfinder.graph.facts import ResourceFacts
from pathfinder.graph.guarantees import DIRECT, axioms
from pathfinder.graph.mfa import MFA, MFA_UNKNOWN, Mentions, said_false
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.outsiders import (
    OF_PRINCIPALS,
    SOME,
    accounts_in,
    any_account,
    any_service,
    axioms_of,
    ids_in,
    keys_in,
    knows_mfa,
    resource_elsewhere,
    taken_to_allow,
)
from pathfinder.graph.principals import Actor, external_actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.service_keys import OF_SOURCES, service_axioms
from pathfinder.graph.unsure_keys import decided_either_way
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, all_of, any_of
from pathfinder.model.identity import Role
from pathfinder.model.organization import Snapshot
from pathfinder.policy.compile import Compiler
from pathfinder.policy.context import ABSENT, Context
from pathfinder.policy.document import SomePolicy
from pathfinder.policy.resources import Target


class World(BucketGuards):
    """A snapshot with its look-ups. Everything is computed once, on first use.

    `assumptions`: what holds of all requests that are asked about because a reviewer pins it. `escalations`:
    whether its graph has the hops of those who first change something, too (evaluation.md chapter 10).
    """

    def __init__(
        self, snapshot: Snapshot, assumptions: Assumptions = NO_ASSUMPTIONS, *, escalations: bool = False
    ) -> None:
        super().__init__(snapshot)
        self.assumptions = assumptions
        self.escalations = escalations
        self.changes: dict[str, Change] = {}
        self.grants: object = None
        self.tokens: object = None
        self.compiler = Compiler()
        self.action_classes = ActionClasses(self.compiler)
        self.facts: dict[object, object] = {}
        self.graph: object = None
        self.coarse: object = None
        self.chains: object = None
        self.chains_looked_at = 0
        self.begins: object = None
        self.needs: dict[object, object] = {}
        self.calls: dict[object, object] = {}
        self.point_resources: dict[tuple[str, str, bool], Resource] = {}
        self._endpoints: dict[str, tuple[Endpoint, ...]] = {}
        self._mfa = Mentions(self.compiler)
        self._contexts = Contexts()
        self._guarantees: dict[str, Facts] = {}

    def role_resource(self, role: Role) -> Resource:
        """A role as something to assume: its trust policy is the resource policy (STS-1)."""
        return Resource(Target(role.arn), role.arn.account, (role.trust,), role.tags)

    def endpoints_of(self, service: str) -> tuple[Endpoint, ...]:
        """The endpoints of a service whose policy is not the default one (VPCE-2)."""
        known = self._endpoints.get(service)
        if known is None:
            known = tuple(
                Endpoint(endpoint.policy, endpoint.gateway, endpoint.id)
                for endpoint in self.endpoints
                if endpoint.service == service and endpoint.policy is not None
            )
            self._endpoints[service] = known
        return known

    def context(self, actor: Actor, action: str, resource: Resource) -> Context:
        """The request's context as far as AWS fixes it; the rest is open."""
        through = resource.through
        owner = resource.account if through is None else through.bucket_account
        stands = self.standing_of(actor)
        facts = ResourceFacts(
            stands.place(owner), resource.tags, through, resource.unsure_tags, resource.object_tags
        )
        return self._contexts.of(actor, stands.place(account_of(actor.caller)), action, facts)

    def policies(self, actor: Actor, action: str, resource: Resource) -> Policies:
        """All policies that apply to the request (EVAL-5)."""
        account = account_of(actor.caller)
        owner = resource.account if resource.target.arn is not None else account
        stands = self.standing_of(actor)
        return Policies(
            identity=self.own_policies(actor),
            boundary=actor.boundary,
            session=self._own_session(actor),
            resource=resource.policies,
            scp=stands.scp_levels(account),
            rcp=None if resource.beyond_rcps else stands.rcp_levels(owner),
            endpoints=self.endpoints_of(action.partition(":")[0].lower()),
            public_access=resource.public_access,
            grants=resource.grants,
            unusable=resource.unusable,
            canonical_ids=self.canonical_ids,
            only_vpc=resource.through.vpc if resource.through and _is_point(resource) else None,
            acl=resource.acls.acl,
            foreign_objects=resource.acls.foreign_objects,
            requester_pays=resource.requester_pays,
        )

    def own_policies(self, actor: Actor) -> tuple[SomePolicy, ...]:
        """The actor's identity-based policies; an account outside is its own master, and taken to allow (EVAL-22)."""
        return (taken_to_allow(actor.node.id),) if self.is_outside(actor) else actor.policies

    def _own_session(self, actor: Actor) -> tuple[SomePolicy, ...] | None:
        """The actor's session policies; whoever starts a session of an account outside gives it what it needs."""
        if actor.session is None or not self.is_outside(actor):
            return actor.session
        return (taken_to_allow(actor.node.id),)

    def is_outside(self, actor: Actor) -> bool:
        """Whether it belongs to an account outside: neither in the snapshot nor in an organization that it knows."""
        account = account_of(actor.caller)
        if account is None or not actor.node.external or account in self.accounts:
            return False
        return self.snapshot.organization_of(account) is None

    def named_accounts(self, resource: Resource) -> frozenset[str]:
        """The accounts that conditions of the policies on a resource name as the principal's."""
        return self._accounts_named(resource, OF_PRINCIPALS) | self._callers_of_keys

    @cached_property
    def _callers_of_keys(self) -> frozenset[str]:
        """The accounts of the snapshot that key policies name as callers: principals of others are not of them."""
        policies = (key.policy for account in self.accounts.values() for key in account.keys)
        return accounts_in(policies, frozenset({"kms:calleraccount"})) & self.accounts.keys()

    def _accounts_named(self, resource: Resource, keys: frozenset[str]) -> frozenset[str]:
        key = ("named accounts", keys, resource.account, tuple(map(id, resource.policies)))
        known = self.facts.get(key)
        if known is None:
            known = self.facts[key] = accounts_in(self._guarding(resource), keys)
        assert isinstance(known, frozenset)
        return known

    def _named_keys(self, resource: Resource) -> frozenset[str]:
        """The condition keys that the policies on a resource speak of, and those of what stands behind or before it.

        Behind an access point that is the bucket; before it, endpoints on the way.
        """
        through = resource.through
        point = None if through is None else (through.arn, through.bucket)
        key = ("named keys", resource.account, tuple(map(id, resource.policies)), point)
        known = self.facts.get(key)
        if known is None:
            further = [each.policy for each in self.endpoints if each.policy is not None]
            bucket = None if through is None else self.buckets.get(str(through.bucket))
            if bucket is not None:
                further += [bucket.policy] if bucket.policy is not None else []
                further += self._rcps(bucket.account)
            known = self.facts[key] = keys_in((*self._guarding(resource), *further))
        assert isinstance(known, frozenset)
        return known

    def _guarding(self, resource: Resource) -> tuple[SomePolicy, ...]:
        """The policies on the resource's side."""
        return (*resource.policies, *self._rcps(resource.account))

    def _rcps(self, owner: str | None) -> tuple[SomePolicy, ...]:
        return tuple(policy for level in self.rcp_levels(owner) or () for policy in level.policies)

    def any_account(self, partition: str) -> Actor:
        """Some principal of any account outside."""
        return any_account(partition, self.accounts)

    def outsiders(
        self, policies: tuple[SomePolicy, ...], owner: str | None, partition: str
    ) -> tuple[Actor, ...]:
        """Whom a wildcard principal of resource policies lets in besides those of the snapshot (PRIN-11, PRIN-12).

        Any other account, each account outside that the conditions name, and any AWS service.
        """
        named = sorted(accounts_in((*policies, *self._rcps(owner))) - self.accounts.keys())
        accounts = (external_actor(Arn(partition, "iam", "", each, "root")) for each in named)
        return (self.any_account(partition), *accounts, any_service())

    def guarantees(self, service: str) -> Facts:
        """What AWS guarantees of requests to a service, nothing assumed besides (VPCE-5, COND-54)."""
        known = self._guarantees.get(service)
        if known is None:
            known = self._guarantees[service] = Facts(axioms=axioms(service, self.snapshot))
        return known

    def assumed(self, actor: Actor, action: str, resource: Resource) -> Formula:
        """What is assumed of the actor's request, over the keys that are open; FALSE: it is not made."""
        if not self.assumptions:
            return TRUE
        service = action.partition(":")[0].lower()
        context = self.context(actor, action, resource)
        return self.assumptions.of_request(actor.caller, service, context, self.guarantees)

    def given(self, actor: Actor, action: str, resource: Resource) -> Formula:
        """What holds of the actor's request because of who makes it, and because it is assumed."""
        assumed = self.assumed(actor, action, resource)
        assumed = all_of(assumed, self._of_outside(actor, action, resource, keys_of(assumed)))
        unsigned = isinstance(actor.caller, Anonymous | IdentityProviderCaller)
        if unsigned:
            return all_of(assumed, DIRECT)
        if isinstance(actor.caller, ServiceCaller):
            return all_of(assumed, self._of_service(actor.caller, resource))
        holds_keys = isinstance(actor.caller, UserCaller | RootUser)
        return all_of(assumed, knows_mfa(actor)) if holds_keys else assumed

    def _of_service(self, caller: ServiceCaller, resource: Resource) -> Formula:
        """What is known of the keys of a service's own requests (EVAL-45)."""
        name = None if caller.name == SOME else caller.name
        named = self._accounts_named(resource, OF_SOURCES)
        others = {each: self._member_of(each) for each in sorted(named) if each not in self.accounts}
        organizations = {**others, **self._organizations_of_accounts}
        return service_axioms(name, self._named_keys(resource), named, organizations)

    def _member_of(self, account: str) -> str | None:
        """The organization that lists the account; None where none that is known does."""
        listing = (
            each for each in self.snapshot.organizations if any(m.account == account for m in each.members)
        )
        return next((each.id for each in listing), None)

    @cached_property
    def _organizations_of_accounts(self) -> dict[str, str | None]:
        """Account id to its organization's id, None for one that is known to be in none."""
        places = {account: self.place(account) for account in self.accounts}
        return {
            account: place.organization.id if place.organization else None
            for account, place in places.items()
            if place.known
        }

    def _of_outside(self, actor: Actor, action: str, resource: Resource, spoken: frozenset[str]) -> Formula:
        """What is known of callers and of resources of accounts outside: they are in no known organization.

        `spoken`: the keys that are spoken of besides those on the resource's side.
        """
        organizations = [each.id for each in self.snapshot.organizations]
        parts: list[Formula] = []
        if self.is_outside(actor):
            ids = ids_in(self._guarding(resource)) & self.unique_ids
            keys = spoken | self._named_keys(resource)
            named, service = self.named_accounts(resource), action.partition(":")[0].lower()
            parts.append(axioms_of(actor, named, organizations, ids, keys, service))
        owner = resource.account
        if owner is not None and owner not in self.accounts and self.organization(owner) is None:
            parts.append(resource_elsewhere(organizations))
        return all_of(*parts)

    def decide(
        self, actor: Actor, action: str, resource: Resource, context: Context | None = None
    ) -> Decision:
        """Decide the actor's request in the given context, or under what is assumed, all that is free left open.

        Where only a role session's MFA key could allow it (D-21), that is an unknown in `allowed`.
        """
        told = context or self.context(actor, action, resource)
        decision = self._decide(actor, action, resource, told)
        other = self._with_mfa_key(actor, action, resource, told)
        if other is not None and other.allowed not in (FALSE, decision.allowed):
            perhaps = all_of(Unknown(MFA_UNKNOWN), other.allowed)
            decision = replace(decision, allowed=any_of(decision.allowed, perhaps))
        if context is not None or not self.assumptions:
            return decision
        return replace(decision, allowed=all_of(decision.allowed, self.assumed(actor, action, resource)))

    def _decide(self, actor: Actor, action: str, resource: Resource, context: Context) -> Decision:
        policies = self.policies(actor, action, resource)

        def decided(told: Context) -> Decision:
            request = Request(actor.caller, action, resource.target, resource.account, told)
            return decide(request, policies, self.compiler)

        through = resource.through
        unsure = resource.unsure_tags or (through.unsure_bucket_tags if through is not None else None)
        return decided(context) if unsure is None else decided_either_way(decided, context)

    def _with_mfa_key(
        self, actor: Actor, action: str, resource: Resource, context: Context
    ) -> Decision | None:
        """The decision where a role session's request says that MFA was not used; None where that plays no part."""
        if not isinstance(actor.caller, RoleSession) or context.state(MFA) != ABSENT:
            return None
        if not self._mfa.among(self.policies(actor, action, resource), action):
            return None
        return self._decide(actor, action, resource, said_false(context))

    def disputed(
        self, actor: Actor, action: str, resource: Resource, context: Context | None = None
    ) -> tuple[str, ...]:
        """What is not known of AWS and would change the answer: whether role sessions carry the MFA key (D-21)."""
        context = context or self.context(actor, action, resource)
        other = self._with_mfa_key(actor, action, resource, context)
        if other is None or other.allowed == self._decide(actor, action, resource, context).allowed:
            return ()
        return (MFA_UNKNOWN,)

    def grantable(self, actor: Actor, action: str, resource: Resource) -> bool:
        """Whether some policy grants the actor's request, limits left aside; maybe where the owner is not known."""
        if resource.account is None:
            return True
        policies = self.policies(actor, action, resource)
        context = self.context(actor, action, resource)
        contexts = [context]
        if isinstance(actor.caller, RoleSession) and self._mfa.among(policies, action):
            contexts.append(said_false(context))
        return any(
            grantable(
                Request(actor.caller, action, resource.target, resource.account, each),
                policies,
                self.compiler,
            )
            for each in contexts
        )

    def provider_actor(self, provider: str) -> Actor:
        """An identity that an OIDC or SAML provider has proven."""
        kind = NodeKind.SAML_PROVIDER if ":saml-provider/" in provider else NodeKind.OIDC_PROVIDER
        account = provider.split(":")[4] if provider.startswith("arn:") else None
        node = Node(provider, kind, provider_name(provider), account)
        return Actor(node, IdentityProviderCaller(provider))


def _is_point(resource: Resource) -> bool:
    return resource.target.arn is not None and resource.target.arn.is_access_point
