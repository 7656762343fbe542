"""Ways to put an ACL that lets somebody in: whom it names, how it is sent, and what has to be changed before.

Source: evaluation.md ESC-62, BPA-2, BPA-3, BPA-6, S3-21 to S3-25.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.acl import (
    ALL_USERS,
    OBJECT_ACL,
    PUBLIC_GROUPS,
    AclPolicy,
    is_public_acl,
    statement_of,
)
from pathfinder.authorization.caller import account_of
from pathfinder.aws.arn import is_account_id
from pathfinder.conditions.scope import ScopePart
from pathfinder.graph.bucket_acls import acls_count
from pathfinder.graph.changes import ObjectAcl
from pathfinder.graph.escalations.block_changes import Unblocked, follows, of_own_account, unblocked
from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import Unknown, all_of
from pathfinder.model.resources import Acl, AclGrant, Bucket, ObjectOwnership
from pathfinder.policy.context import ABSENT, KeyState, Values
from pathfinder.policy.document import Document, Policy, PolicyKind

OWNERSHIP = "s3:PutBucketOwnershipControls"
_HEADERS = ("read", "write", "read-acp", "write-acp", "full-control")


@dataclass(frozen=True, slots=True, eq=False)
class Put:
    """One way: calls before, the bucket after them, the ACL, and what the request that puts it says of it.

    `words`: what the calls before would change; `whom`: whom the ACL lets in; `gaps`: what may refuse it.
    """

    before: Unblocked
    bucket: Bucket
    calls: tuple[Call, ...]
    acl: Acl
    given: Mapping[str, KeyState]
    words: str
    whom: str
    gaps: tuple[str, ...]

    @property
    def public(self) -> bool:
        """Whether it lets in everyone (BPA-6)."""
        return is_public_acl(self.acl)

    def follows(self, world: World, changed: Bucket) -> Bucket:
        """The bucket, changed further, with the switches that the calls before leave on."""
        return follows(world, changed, self.before)

    def with_bucket_acl(self, world: World) -> Bucket:
        """The bucket once this is its own ACL."""
        return self.follows(world, replace(self.bucket, acl=self.acl))


def puttable(bucket: Bucket) -> bool:
    """Whether ACLs may count in the bucket as it is."""
    return bucket.ownership is not ObjectOwnership.BUCKET_OWNER_ENFORCED


def grantee_of(world: World, actor: Actor, bucket: Bucket) -> str | None:
    """The canonical user id by which an ACL names the account of somebody outside the bucket's; None: not known.

    What an ACL grants to the owner's own account adds nothing (S3-25).
    """
    account = account_of(actor.caller)
    if account is None or account == bucket.account:
        return None
    if not is_account_id(account):
        return account
    return next((each for each, of in sorted(world.canonical_ids.items()) if of == account), None)


def ways_to_put(world: World, actor: Actor, bucket: Bucket, *, on_object: bool) -> Iterator[Put]:
    """The ways, those with the fewest calls first; those that are refused left out (BPA-2, S3-21)."""
    found: list[Put] = []
    for before in unblocked(world, bucket):
        if not of_own_account(before, actor):
            continue
        for with_ownership in (False, True):
            if with_ownership and bucket.ownership not in (None, ObjectOwnership.BUCKET_OWNER_ENFORCED):
                continue
            found.extend(_ways(world, actor, before, on_object=on_object, with_ownership=with_ownership))
    yield from sorted(found, key=lambda way: (len(way.calls), bool(way.gaps)))


def brought_back(bucket: Bucket) -> Bucket | None:
    """The bucket once its ACLs count again; None where they do, or grant nothing to others (S3-21)."""
    if puttable(bucket):
        return None
    acls = (bucket.acl, *(each.acl for each in bucket.objects))
    if not any(acl is not None and any(each.grantee != acl.owner for each in acl.grants) for acl in acls):
        return None
    return replace(bucket, ownership=ObjectOwnership.OBJECT_WRITER)


def object_acl(world: World, bucket: Bucket, way: Put, part: ScopePart) -> ObjectAcl:
    """The ACL on the objects of this part, as far as it counts in the bucket."""
    some = replace(bucket.arn, resource=f"{bucket.name}/object")
    statements = []
    for index, grant in enumerate(way.acl.grants):
        each = statement_of(grant, index, some)
        if each is not None:
            statements.append(replace(each, resources=(f"{bucket.arn}/*",)))
    document = Document("2012-10-17", tuple(statements))
    policy = Policy(PolicyKind.ACL, OBJECT_ACL, f"objects of {bucket.name}", document)
    counts = acls_count(bucket)
    if way.public and world.block_of(bucket).ignore_public_acls is None:
        unknown = Unknown(f"whether IgnorePublicAcls is on for {bucket.name} is not known")
        counts = all_of(counts, unknown)
    return ObjectAcl(AclPolicy(policy, counts, grants=way.acl.grants), part.patterns, part.exceptions)


def _ways(
    world: World, actor: Actor, before: Unblocked, *, on_object: bool, with_ownership: bool
) -> Iterator[Put]:
    bucket, calls, words = before.bucket, before.calls, [before.words] if before.words else []
    if with_ownership:
        calls = (*calls, Call(OWNERSHIP, world.bucket_resource(bucket, objects=False), changed=bool(calls)))
        bucket = follows(world, replace(bucket, ownership=ObjectOwnership.OBJECT_WRITER), before)
        words.append("ACLs would count again")
    own = grantee_of(world, actor, bucket)
    for grantee in (own, ALL_USERS):
        if grantee is None:
            continue
        public = grantee in PUBLIC_GROUPS
        if public and world.block_of(bucket).ignore_public_acls is True:
            continue
        whom = "everyone" if public else f"the account of {actor.node.label}"
        for acl, given in _sent(grantee, on_object=on_object):
            saved = world.saves_acl(bucket, acl)
            if saved is False:
                continue
            gaps = () if saved else (_NOT_KNOWN.format(bucket.name),)
            said = "".join(f"{each}; " for each in words)
            yield Put(before, bucket, calls, acl, given, said, whom, gaps)


_NOT_KNOWN = "whether {} takes such an ACL is not known: its ownership or Block Public Access was not read"


def _sent(grantee: str, *, on_object: bool) -> Iterator[tuple[Acl, dict[str, KeyState]]]:
    """In the body, as a header that grants, or as a canned ACL: policies tell these apart by their keys (S3-24)."""
    none: dict[str, KeyState] = {f"s3:x-amz-grant-{each}": ABSENT for each in _HEADERS}
    none["s3:x-amz-acl"] = ABSENT
    whole = Acl(None, (AclGrant(grantee, "FULL_CONTROL"),))
    yield whole, none
    public = grantee in PUBLIC_GROUPS
    header = f'{"uri" if public else "id"}="{grantee}"'
    yield whole, {**none, "s3:x-amz-grant-full-control": Values((header,))}
    if public:
        canned = "public-read" if on_object else "public-read-write"
        names = ("READ",) if on_object else ("READ", "WRITE")
        grants = tuple(AclGrant(grantee, name) for name in names)
        yield Acl(None, grants), {**none, "s3:x-amz-acl": Values((canned,))}
