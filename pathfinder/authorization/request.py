"""A request, and the policies that apply to it. Source: evaluation.md TERM-1, TERM-4, EVAL-5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathfinder.authorization.acl import AclPolicy
from pathfinder.authorization.caller import Caller
from pathfinder.logic.formula import TRUE, Formula
from pathfinder.model.resources import KmsGrant
from pathfinder.policy.context import Context
from pathfinder.policy.document import SomePolicy
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True)
class Request:
    """One authorization: who, what, on what, in which context.

    `action`: IAM action name, any case. `resource_account`: the account R that owns the resource; None where
    it is not known (TERM-5).
    """

    caller: Caller
    action: str
    target: Target
    resource_account: str | None
    context: Context

    @property
    def service(self) -> str:
        """The service prefix of the action, in lower case."""
        return self.action.partition(":")[0].lower()


@dataclass(frozen=True, slots=True)
class Level:
    """The SCPs or RCPs attached at one place of the organization's tree: `name` is its id (ORG-3)."""

    name: str
    policies: tuple[SomePolicy, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A VPC endpoint that a request may travel through (VPCE-1). `id` None: whichever the request used."""

    policy: SomePolicy
    gateway: bool
    id: str | None = None


@dataclass(frozen=True, slots=True)
class PublicAccess:
    """What RestrictPublicBuckets looks at (BPA-5): whether it is on, and whether the policy is public.

    `restricted` and `public` are None where not known. `inside`: accounts that it does not restrict, beside the
    resource's owner: through an access point the bucket's and the access point's.
    """

    restricted: bool | None
    public: bool | None
    inside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ForeignObjects:
    """Objects of a bucket that another account owns (S3-4).

    `owner`: an account id, or a canonical user id where no account is known by it. `keys`: their keys.
    `counts`: an unknown where the snapshot does not say whether they can be that account's.
    """

    owner: str
    keys: tuple[str, ...]
    counts: Formula = TRUE


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies that apply to a request (EVAL-5); what does not apply is empty or None.

    `session` None: no session policy; `scp` and `rcp` None: none apply, otherwise levels, root first.
    `grants`: the live grants on the key that is asked for (KMS-6); `unusable`: why no cryptographic operation
    works with it (KMS-10). `canonical_ids`: canonical user id to account id. `only_vpc`: the VPC that alone the
    access point takes requests from (S3-52). `acl`: the ACLs of the bucket and of its objects, without what object
    ownership or Block Public Access takes out of them (S3-21, BPA-3). `foreign_objects`: objects that the bucket's
    owner does not own (S3-4). `requester_pays`: whether who asks pays (S3-46).
    """

    identity: tuple[SomePolicy, ...] = ()
    boundary: SomePolicy | None = None
    session: tuple[SomePolicy, ...] | None = None
    resource: tuple[SomePolicy, ...] = ()
    scp: tuple[Level, ...] | None = None
    rcp: tuple[Level, ...] | None = None
    endpoints: tuple[Endpoint, ...] = ()
    public_access: PublicAccess | None = None
    grants: tuple[KmsGrant, ...] = ()
    unusable: str | None = None
    canonical_ids: Mapping[str, str] = field(default_factory=dict)
    only_vpc: str | None = None
    acl: tuple[AclPolicy, ...] = ()
    foreign_objects: tuple[ForeignObjects, ...] = ()
    requester_pays: bool = False
