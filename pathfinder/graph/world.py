"""A snapshot made ready to be asked: who may do what on which resource, with all policies that apply.

Source: evaluation.md EVAL-5, ORG-1 to ORG-25, BPA-1, TERM-5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pathfinder.authorization.block import (
    NO_SWITCH,
    EffectiveBlock,
    effective,
    perhaps,
    saves_acl,
    saves_policy,
)
from pathfinder.authorization.block import Level as BlockLevel
from pathfinder.authorization.caller import (
    Anonymous,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    UserCaller,
    account_of,
)
from pathfinder.authorization.decide import decide, grantable
from pathfinder.authorization.decision import Decision
from pathfinder.authorization.public import is_public
from pathfinder.authorization.request import Endpoint, Level, Policies, PublicAccess, Request
from pathfinder.authorization.tenants import provider_name
from pathfinder.aws.arn import AccountId, Arn
from pathfinder.conditions.facts import Facts
from pathfinder.graph.action_classes import ActionClasses
from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.bucket_acls import NO_ACLS, BucketAcls, acls_of_object, bucket_acls, unread_acls
from pathfinder.graph.bucket_tags import object_tags, tags_that_count, unsure_tags
from pathfinder.graph.changes import Change, ObjectAcl
from pathfinder.graph.facts import Place, PointFacts, ResourceFacts, UnsureTags, request_context
from pathfinder.graph.guarantees import DIRECT, TEMPORARY_KNOWS_MFA, axioms
from pathfinder.graph.mfa import MFA, MFA_UNKNOWN, Mentions, said_false
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.outsiders import (
    accounts_in,
    any_account,
    any_service,
    axioms_of,
    ids_in,
    resource_elsewhere,
    taken_to_allow,
)
from pathfinder.graph.principals import Actor, all_actors, candidates, external_actor
from pathfinder.graph.travel import endpoints_of
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, any_of, rewrite
from pathfinder.logic.values import variables_of
from pathfinder.model.identity import Role, User
from pathfinder.model.organization import Account, Gap, Organization, Snapshot
from pathfinder.model.resources import Acl, Bucket, Key, KmsGrant, VpcEndpoint, is_directory_bucket
from pathfinder.policy.compile import Compiler
from pathfinder.policy.context import ABSENT, Context, Unsure
from pathfinder.policy.document import Document, Policy, SomePolicy, Unread
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A resource as requests meet it: its owner, its own policies, what its context keys say, what is not known.

    `through`: the access point that the request goes through, as it is or with the bucket behind it (S3-50).
    `grants`, `unusable`: of a KMS key. `beyond_rcps`: RCPs do not guard it, as AWS-managed keys (ORG-21, KMS-11).
    `bucket`: the bucket that it is, or that it is in.
    `acls`: the ACLs of a bucket and of its objects, and the objects that others own.
    `unsure_tags`, `object_tags`: as in `ResourceFacts`.
    """

    target: Target
    account: str | None
    policies: tuple[SomePolicy, ...] = ()
    tags: Mapping[str, str] | None = None
    public_access: PublicAccess | None = None
    gaps: tuple[str, ...] = ()
    through: PointFacts | None = None
    grants: tuple[KmsGrant, ...] = ()
    unusable: str | None = None
    beyond_rcps: bool = False
    bucket: Bucket | None = None
    acls: BucketAcls = NO_ACLS
    requester_pays: bool = False
    unsure_tags: UnsureTags | None = None
    object_tags: Mapping[str, str] | None = None


class World:
    """A snapshot with its look-ups. Everything is computed once, on first use.

    `assumptions`: what holds of all requests that are asked about because a reviewer pins it. `escalations`:
    whether its graph has the hops of those who first change something, too (evaluation.md chapter 10).
    """

    def __init__(
        self, snapshot: Snapshot, assumptions: Assumptions = NO_ASSUMPTIONS, *, escalations: bool = False
    ) -> None:
        self.snapshot = snapshot
        self.assumptions = assumptions
        self.escalations = escalations
        self.changes: dict[str, Change] = {}
        self.grants: object = None
        self.compiler = Compiler()
        self.action_classes = ActionClasses(self.compiler)
        self.facts: dict[object, object] = {}
        self.graph: object = None
        self.coarse: object = None
        self.chains: object = None
        self.chains_looked_at = 0
        self.needs: dict[object, object] = {}
        self._scp_levels: dict[str, tuple[Level, ...] | None] = {}
        self._rcp_levels: dict[str, tuple[Level, ...] | None] = {}
        self._places: dict[str | None, Place] = {}
        self._resources: dict[tuple[str, str, bool], Resource] = {}
        self.point_resources: dict[tuple[str, str, bool], Resource] = {}
        self._changed_keys: dict[int, tuple[Bucket, Key]] = {}
        self._changed_buckets: dict[tuple[int, bool], tuple[Bucket, Resource]] = {}
        self._changed_blocks: dict[int, tuple[Bucket, BlockLevel]] = {}
        self._changed_acls: dict[int, tuple[Bucket, tuple[ObjectAcl, ...]]] = {}
        self._changed_tags: dict[int, tuple[Bucket, Mapping[str, str]]] = {}
        self._object_acls: dict[tuple[str, int], tuple[Bucket, BucketAcls]] = {}
        self._blocks: dict[str, BlockLevel] = {}
        self._endpoints: dict[str, tuple[Endpoint, ...]] = {}
        self._mfa = Mentions()
        self._guarantees: dict[str, Facts] = {}

    @cached_property
    def actors(self) -> dict[str, Actor]:
        """Every root, user and role of the snapshot, by node id."""
        return all_actors(self.snapshot)

    @cached_property
    def actors_by_account(self) -> dict[str, tuple[Actor, ...]]:
        """The same, by account id."""
        found: dict[str, list[Actor]] = {account.id: [] for account in self.snapshot.accounts}
        for actor in self.actors.values():
            found[str(actor.account)].append(actor)
        return {account: tuple(actors) for account, actors in found.items()}

    @cached_property
    def gaps_told(self) -> frozenset[str]:
        """What the snapshot's own gaps are about: account ids, ARNs and kinds."""
        return frozenset(each for gap in self.snapshot.gaps for each in gap.affects)

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Accounts by id."""
        return {account.id: account for account in self.snapshot.accounts}

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Roles by ARN."""
        return {str(role.arn): role for account in self.snapshot.accounts for role in account.roles}

    @cached_property
    def users(self) -> dict[str, User]:
        """Users by ARN."""
        return {str(user.arn): user for account in self.snapshot.accounts for user in account.users}

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The service principals that some role trusts, sorted."""
        found = {name for role in self.roles.values() for name in candidates((role.trust,), {}).services}
        return tuple(sorted(found))

    @cached_property
    def buckets(self) -> dict[str, Bucket]:
        """General-purpose buckets by ARN; a list may hold directory buckets, which are another service's."""
        held = (bucket for account in self.snapshot.accounts for bucket in account.buckets)
        return {str(bucket.arn): bucket for bucket in held if not is_directory_bucket(bucket.name)}

    @cached_property
    def endpoints(self) -> tuple[VpcEndpoint, ...]:
        """All VPC endpoints, by id."""
        return endpoints_of(self.snapshot)

    @cached_property
    def canonical_ids(self) -> dict[str, str]:
        """Canonical user id to account id; a bucket's ACL names its owner's."""
        found: dict[str, str] = {
            account.canonical_id: account.id for account in self.snapshot.accounts if account.canonical_id
        }
        for bucket in self.buckets.values():
            if bucket.acl is not None and bucket.acl.owner and bucket.account:
                found.setdefault(bucket.acl.owner, bucket.account)
        return found

    @cached_property
    def account_names(self) -> dict[str, str]:
        """Account id to name, for accounts that have one; those outside that the user knows included."""
        known: dict[str, str] = dict(self.snapshot.known_accounts)
        return known | {account.id: account.name for account in self.snapshot.accounts if account.name}

    def place(self, account: str | None) -> Place:
        """Where the account stands in its organization."""
        known = self._places.get(account)
        if known is None:
            known = self._place(account)
            self._places[account] = known
        return known

    def _place(self, account: str | None) -> Place:
        if account is None:
            return Place(None, None, known=False)
        organization = self.snapshot.organization_of(account)
        held = self.accounts.get(account)
        told = held is not None and (bool(self.snapshot.organizations) or "organization" in held.known)
        return Place(account, organization, known=organization is not None or told)

    def scp_levels(self, account: str | None) -> tuple[Level, ...] | None:
        """The SCPs that bind principals of the account, root first; None where none do (ORG-1, ORG-2, ORG-7)."""
        if account is None:
            return None
        if account not in self._scp_levels:
            self._scp_levels[account] = self._levels(account, "scps")
        return self._scp_levels[account]

    def rcp_levels(self, account: str | None) -> tuple[Level, ...] | None:
        """The RCPs that guard resources of the account, root first; None where none do (ORG-20)."""
        if account is None:
            return None
        if account not in self._rcp_levels:
            self._rcp_levels[account] = self._levels(account, "rcps")
        return self._rcp_levels[account]

    def _levels(self, account: str, kind: str) -> tuple[Level, ...] | None:
        organization = self.snapshot.organization_of(account)
        if organization is None or organization.management_account == account:
            return None
        if not (organization.scps_enabled if kind == "scps" else organization.rcps_enabled):
            return None
        member = next((each for each in organization.members if each.account == account), None)
        if member is None:
            return None
        path = organization.unit_path(AccountId(account))
        levels = [Level(unit.id, unit.scps if kind == "scps" else unit.rcps) for unit in path]
        return (*levels, Level(account, member.scps if kind == "scps" else member.rcps))

    def organization(self, account: str | None) -> Organization | None:
        """The account's organization, or None."""
        return self.place(account).organization

    def bucket_resource(self, bucket: Bucket, *, objects: bool) -> Resource:
        """The bucket itself, or its objects with their key open."""
        key = (bucket.account, str(bucket.arn), objects)
        if self.buckets.get(key[1], bucket) is not bucket:
            return self._changed_bucket(bucket, objects=objects)
        known = self._resources.get(key)
        if known is None:
            known = self._resources[key] = self._bucket_resource(bucket, objects=objects)
        return known

    def change_key(self, bucket: Bucket, key: Key) -> None:
        """For this bucket, which stands for one after an escalation, its key is as given (ESC-67)."""
        self._changed_keys[id(bucket)] = bucket, key

    def changed_key(self, bucket: Bucket) -> Key | None:
        """The bucket's key where an escalation has changed it."""
        known = self._changed_keys.get(id(bucket))
        return known[1] if known is not None else None

    def change_block(self, bucket: Bucket, of_account: BlockLevel) -> None:
        """For this bucket, which stands for one after an escalation, its account's switches are these (ESC-63)."""
        self._changed_blocks[id(bucket)] = bucket, of_account

    def change_acls(self, bucket: Bucket, acls: tuple[ObjectAcl, ...]) -> None:
        """For this bucket, which stands for one after an escalation, objects have these ACLs besides (ESC-62)."""
        self._changed_acls[id(bucket)] = bucket, acls

    def change_object_tags(self, bucket: Bucket, tags: Mapping[str, str]) -> None:
        """For this bucket, which stands for one after an escalation, objects have these tags (ESC-68)."""
        self._changed_tags[id(bucket)] = bucket, tags

    def _object_tags(self, bucket: Bucket, arn: Arn) -> Mapping[str, str] | None:
        changed = self._changed_tags.get(id(bucket))
        return changed[1] if changed is not None else object_tags(bucket, arn)

    def _changed_bucket(self, bucket: Bucket, *, objects: bool) -> Resource:
        """A bucket as an escalation has changed it."""
        known = self._changed_buckets.get((id(bucket), objects))
        if known is None:
            known = bucket, self._bucket_resource(bucket, objects=objects)
            self._changed_buckets[(id(bucket), objects)] = known
        return known[1]

    def _bucket_resource(self, bucket: Bucket, *, objects: bool) -> Resource:
        target = Target(bucket.arn, open_prefix=f"{bucket.name}/" if objects else None)
        policies = (bucket.policy,) if isinstance(bucket.policy, Policy) else ()
        tags = tags_that_count(bucket)
        access = self._public_access(bucket)
        acls = self._with_changed(bucket, bucket_acls(bucket, self.block_of(bucket), self.canonical_ids))
        gaps = (*_gaps(bucket), *acls.gaps)
        pays = bool(bucket.requester_pays)
        changed = self._changed_tags.get(id(bucket))
        return Resource(
            *(target, bucket.account or None, policies, tags, access, gaps),
            bucket=bucket,
            acls=acls,
            requester_pays=pays,
            unsure_tags=unsure_tags(bucket),
            object_tags=changed[1] if objects and changed is not None else None,
        )

    def resource_at(self, bucket: Bucket, target: Target, *, unread: bool = False) -> Resource:
        """The bucket's guards, for a request about this target in it.

        `unread`: with the ACLs that nobody read, which may grant it, for a request that somebody asks about.
        """
        whole = self.bucket_resource(bucket, objects=target.open_prefix is not None)
        found = replace(whole, target=target)
        block = self.block_of(bucket)
        if target.arn is not None and target.arn.is_object and target.open_prefix is None:
            acls_of_it = self._acls_of_object(bucket, target.arn, block)
            found = replace(found, acls=acls_of_it, object_tags=self._object_tags(bucket, target.arn))
        if unread and (acls := unread_acls(bucket, target, block)):
            found = replace(found, acls=replace(found.acls, acl=(*found.acls.acl, *acls)))
        return found

    def _acls_of_object(self, bucket: Bucket, arn: Arn, block: EffectiveBlock) -> BucketAcls:
        key = (str(arn), id(bucket))
        known = self._object_acls.get(key)
        if known is None:
            name = arn.resource.partition("/")[2]
            found = acls_of_object(bucket, name, block, self.canonical_ids)
            known = self._object_acls[key] = bucket, self._with_changed(bucket, found, name)
        return known[1]

    def _with_changed(self, bucket: Bucket, acls: BucketAcls, key: str | None = None) -> BucketAcls:
        known = self._changed_acls.get(id(bucket))
        if known is None:
            return acls
        return replace(acls, acl=(*acls.acl, *(each.at(key) for each in known[1] if each.is_about(key))))

    def block_of(self, bucket: Bucket, *further: BlockLevel) -> EffectiveBlock:
        """The four switches in force for a bucket: its own, its account's, and those of `further` levels (BPA-1)."""
        own = None if "PublicAccessBlock" in bucket.unread else bucket.public_access_block or NO_SWITCH
        changed = self._changed_blocks.get(id(bucket))
        of_account = changed[1] if changed is not None else self.block_of_account(bucket.account)
        return effective((own, of_account, *further))

    def block_of_account(self, account: str) -> BlockLevel:
        """The switches of an account; an organization's S3 policy replaces its own (BPA-1)."""
        if account not in self._blocks:
            self._blocks[account] = self._block_of_account(account)
        return self._blocks[account]

    def _block_of_account(self, account: str) -> BlockLevel:
        organization = self.snapshot.organization_of(account)
        by_organization = dict(organization.s3_policies) if organization else {}
        if account in by_organization:
            return by_organization[AccountId(account)]
        held = self.accounts.get(account)
        if held is None:
            return None
        block = held.public_access_block or NO_SWITCH
        return block if "public_access_block" in held.known else perhaps(block)

    def saves_policy(self, bucket: Bucket, document: Document) -> bool | None:
        """Whether Block Public Access lets somebody put this policy on the bucket; None: not known (BPA-4)."""
        return saves_policy(self.block_of(bucket), document)

    def saves_acl(self, bucket: Bucket, acl: Acl) -> bool | None:
        """Whether this ACL can be put on the bucket or an object in it; None: not known (BPA-2, S3-21)."""
        owner = next(
            (each for each, account in self.canonical_ids.items() if account == bucket.account), None
        )
        return saves_acl(self.block_of(bucket), bucket.ownership, acl, owner)

    def _public_access(self, bucket: Bucket) -> PublicAccess:
        """RestrictPublicBuckets over all levels, and whether the policy is public (BPA-1, BPA-5)."""
        public = is_public(bucket.policy.document) if isinstance(bucket.policy, Policy) else False
        return PublicAccess(self.block_of(bucket).restrict_public_buckets, public)

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
        place = self.place(owner)
        facts = ResourceFacts(place, resource.tags, through, resource.unsure_tags, resource.object_tags)
        return request_context(actor, self.place(account_of(actor.caller)), action, facts)

    def policies(self, actor: Actor, action: str, resource: Resource) -> Policies:
        """All policies that apply to the request (EVAL-5)."""
        account = account_of(actor.caller)
        owner = resource.account if resource.target.arn is not None else account
        return Policies(
            identity=self.own_policies(actor),
            boundary=actor.boundary,
            session=actor.session,
            resource=resource.policies,
            scp=None if actor.unbound else self.scp_levels(account),
            rcp=None if resource.beyond_rcps else self.rcp_levels(owner),
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

    def is_outside(self, actor: Actor) -> bool:
        """Whether it belongs to an account outside: neither in the snapshot nor in an organization that it knows."""
        account = account_of(actor.caller)
        if account is None or not actor.node.external or account in self.accounts:
            return False
        return self.snapshot.organization_of(account) is None

    def named_accounts(self, resource: Resource) -> frozenset[str]:
        """The accounts that conditions of the policies on a resource name."""
        key = ("named accounts", resource.account, tuple(map(id, resource.policies)))
        known = self.facts.get(key)
        if known is None:
            known = self.facts[key] = accounts_in(self._guarding(resource))
        assert isinstance(known, frozenset)
        return known

    def _guarding(self, resource: Resource) -> tuple[SomePolicy, ...]:
        """The policies on the resource's side."""
        return (*resource.policies, *self._rcps(resource.account))

    def _rcps(self, owner: str | None) -> tuple[SomePolicy, ...]:
        return tuple(policy for level in self.rcp_levels(owner) or () for policy in level.policies)

    @cached_property
    def unique_ids(self) -> frozenset[str]:
        """The unique ids of all users and roles of the snapshot (PRIN-8)."""
        ids = {user.unique_id for account in self.snapshot.accounts for user in account.users}
        ids |= {role.unique_id for role in self.roles.values()}
        return frozenset(each for each in ids if each)

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
        assumed = all_of(self.assumed(actor, action, resource), self._of_outside(actor, resource))
        unsigned = isinstance(actor.caller, Anonymous | IdentityProviderCaller)
        if unsigned:
            return all_of(assumed, DIRECT)
        holds_keys = isinstance(actor.caller, UserCaller | RootUser)
        return all_of(assumed, TEMPORARY_KNOWS_MFA) if holds_keys else assumed

    def _of_outside(self, actor: Actor, resource: Resource) -> Formula:
        """What is known of callers and of resources of accounts outside: they are in no known organization."""
        organizations = [each.id for each in self.snapshot.organizations]
        parts: list[Formula] = []
        if self.is_outside(actor):
            ids = ids_in(self._guarding(resource)) & self.unique_ids
            parts.append(axioms_of(actor, self.named_accounts(resource), organizations, ids))
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
        request = Request(actor.caller, action, resource.target, resource.account, context)
        decision = decide(request, self.policies(actor, action, resource), self.compiler)
        through = resource.through
        unsure = resource.unsure_tags or (through.unsure_bucket_tags if through is not None else None)
        return decision if unsure is None else _nobody_chooses(decision, context)

    def _with_mfa_key(
        self, actor: Actor, action: str, resource: Resource, context: Context
    ) -> Decision | None:
        """The decision where a role session's request says that MFA was not used; None where that plays no part."""
        if not isinstance(actor.caller, RoleSession) or context.state(MFA) != ABSENT:
            return None
        if not self._mfa.among(self.policies(actor, action, resource)):
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
        if isinstance(actor.caller, RoleSession) and self._mfa.among(policies):
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


def _nobody_chooses(decision: Decision, context: Context) -> Decision:
    """The decision with all that still hangs on a key unknown, where it is not known whether the key is there."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        keys = (
            (leaf.key, *(each.key for each in variables_of(leaf.value))) if isinstance(leaf, KeyTest) else ()
        )
        states = (context.state(key) for key in keys)
        return next((Unknown(each.reason) for each in states if isinstance(each, Unsure)), leaf)

    return replace(
        decision, allowed=rewrite(decision.allowed, of_leaf), denied=rewrite(decision.denied, of_leaf)
    )


def _is_point(resource: Resource) -> bool:
    return resource.target.arn is not None and resource.target.arn.is_access_point


def members_missed(world: World, policies: tuple[SomePolicy, ...], place: str, what: str) -> Iterator[Gap]:
    """That a wildcard principal may let in accounts of a known organization which the snapshot does not hold."""
    missing = {
        member.account
        for organization in world.snapshot.organizations
        for member in organization.members
        if member.account not in world.accounts
    }
    if missing and candidates(policies, {}).anyone:
        counted = "1 account" if len(missing) == 1 else f"{len(missing)} accounts"
        reason = (
            f"{what} names everyone: what {counted} of the organization that the snapshot does not hold "
            "may do is not shown"
        )
        yield Gap(place, reason, (place,))


def _gaps(bucket: Bucket) -> tuple[str, ...]:
    """Guards of a bucket that are not known."""
    found: list[str] = []
    if isinstance(bucket.policy, Unread):
        found.append(f"the bucket policy of {bucket.name} is not known: it may deny this")
    return tuple(found)
