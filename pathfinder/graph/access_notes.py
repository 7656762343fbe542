"""What a reader should know of an access to a bucket, nothing unknown about it: who owns what, and who pays.

Source: evaluation.md S3-4 to S3-7, S3-20, S3-45, S3-46, D-23.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.authorization.acl import BUCKET_ACL
from pathfinder.authorization.caller import Anonymous, ServiceCaller, account_of
from pathfinder.authorization.objects import ownership_class
from pathfinder.aws.s3_actions import AccessGroup, object_actions, s3_action
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import Unsatisfiable, solve
from pathfinder.graph.bucket_acls import acls_count, objects_known
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of, negate, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import Bucket, ObjectOwnership

_FULL_CONTROL = one("s3:x-amz-acl", StringTest((exact("bucket-owner-full-control"),)))
_SIGNATURE = frozenset({"s3:authtype", "s3:signatureage"})


def access_notes(
    world: World,
    actor: Actor,
    bucket: Bucket,
    actions: list[str],
    condition: Formula,
    via: str | None,
    facts: Facts,
) -> tuple[str, ...]:
    """The notes of one access hop, in a stable order."""
    if not bucket.account:
        return ()
    names = frozenset(actions)
    return (
        *_ownership(world, actor, bucket, names, condition, facts),
        *_payer(actor, bucket),
        *_grants(world, bucket, names, via),
        *_ways_to_send(actor, names, condition),
    )


def _ownership(
    world: World, actor: Actor, bucket: Bucket, names: frozenset[str], condition: Formula, facts: Facts
) -> Iterator[str]:
    counts = acls_count(bucket)
    if counts == FALSE:
        return
    perhaps = "" if counts == TRUE else ", if ACLs count in it (its object ownership is not known)"
    outside = account_of(actor.caller) != bucket.account and not isinstance(actor.caller, ServiceCaller)
    if outside and "s3:PutObject" in names and not _must_give_control(condition, facts):
        yield _writes(world, actor, bucket, perhaps)
    if not objects_known(bucket) and names & _ASKS_OWNER:
        yield (
            f"objects of {bucket.name} that another account wrote belong to that account, and this does not open "
            f"them unless their own ACL does{perhaps}; not all its objects are in the snapshot (S3-4, S3-6)"
        )


_ASKS_OWNER = frozenset(
    name
    for name in object_actions()
    if ownership_class(name) == 0 and (facts := s3_action(name)) and facts.group is AccessGroup.READ
)


def _must_give_control(condition: Formula, facts: Facts) -> bool:
    """Whether every upload that the condition lets in carries bucket-owner-full-control (S3-5)."""
    if "s3:x-amz-acl" not in keys_of(condition):
        return False
    return isinstance(solve(all_of(condition, negate(_FULL_CONTROL)), facts), Unsatisfiable)


def _writes(world: World, actor: Actor, bucket: Bucket, perhaps: str) -> str:
    """What becomes of an upload from another account (S3-5, S3-6)."""
    account = account_of(actor.caller)
    whose = "nobody's account" if account is None else world.account_names.get(account, account)
    preferred = bucket.ownership is ObjectOwnership.BUCKET_OWNER_PREFERRED
    then = "it belongs to the bucket's owner then" if preferred else "the bucket's owner can read it then"
    return (
        f"what it uploads belongs to {whose}, and the owner of {bucket.name} cannot read it{perhaps}, unless the "
        f"upload sends x-amz-acl: bucket-owner-full-control, which needs s3:PutObjectAcl as well; {then} (S3-5, S3-6)"
    )


def _payer(actor: Actor, bucket: Bucket) -> Iterator[str]:
    if isinstance(actor.caller, Anonymous):
        if bucket.requester_pays is None:
            yield f"who pays for requests to {bucket.name} is not known; if who asks pays, unsigned ones are refused"
        return
    outside = account_of(actor.caller) != bucket.account and not isinstance(actor.caller, ServiceCaller)
    if bucket.requester_pays and outside:
        yield f"who asks pays in {bucket.name}: send x-amz-request-payer: requester (S3-46)"


def _grants(world: World, bucket: Bucket, names: frozenset[str], via: str | None) -> Iterator[str]:
    if via == BUCKET_ACL and "s3:PutObject" in names:
        yield (
            "WRITE in a bucket's ACL creates objects; existing ones are overwritten by their owner and the "
            "bucket's alone, and whether they are deleted is disputed (S3-23b, D-23)"
        )
    yield from world.bucket_resource(bucket, objects=True).acls.notes


def _ways_to_send(actor: Actor, names: frozenset[str], condition: Formula) -> Iterator[str]:
    keys = keys_of(condition)
    if keys & _SIGNATURE and account_of(actor.caller) is not None:
        yield (
            "whoever holds a presigned URL sends this request as its signer: s3:authType is REST-QUERY-STRING, and "
            "the URL lives no longer than the credentials that signed it, seven days at most (S3-45)"
        )
    if isinstance(actor.caller, Anonymous) and "aws:securetransport" in keys and "s3:GetObject" in names:
        yield "a website endpoint takes unsigned GET and HEAD over plain HTTP alone (S3-20)"
