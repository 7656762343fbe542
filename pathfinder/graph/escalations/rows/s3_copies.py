"""Services that copy data as a role that is passed to them. Source: evaluation.md ESC-66, ESC-70 to ESC-72."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.graph.escalations.calls import Call, tried
from pathfinder.graph.escalations.changed import limited
from pathfinder.graph.escalations.merging import Way, merged
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.replication_targets import replication_target
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.escalations.rows_shared import is_already, trusting_roles
from pathfinder.graph.escalations.service_call import service_assumes
from pathfinder.graph.escalations.steps import Any, Fixed, New
from pathfinder.graph.escalations.widening import name_of
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import role_actor
from pathfinder.model.organization import Account
from pathfinder.model.resources import Bucket, is_directory_bucket
from pathfinder.policy.context import Values

READS = frozenset({"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"})
WRITES = frozenset({"s3:PutObject"})
READS_AND_WRITES = READS | WRITES
_GRANTED = READS_AND_WRITES | {"s3:DeleteObject", "s3:ListBucketVersions"}
_BATCH = frozenset(
    {
        "s3:DeleteObjectTagging",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:PutObjectLegalHold",
        "s3:PutObjectRetention",
        "s3:PutObjectTagging",
        "s3:RestoreObject",
    }
)
_COPIED = frozenset({"s3:GetObjectVersionForReplication"})

PASS_ROLE = (
    PassRole(
        "ESC-66",
        "access-grants.s3.amazonaws.com",
        (
            Fixed("s3:CreateAccessGrantsLocation", "access-grants/default"),
            Fixed("s3:CreateAccessGrant", "access-grants/default/location/new"),
            Fixed("s3:GetDataAccess", "access-grants/default"),
        ),
        "an access grant on a new location",
        notes=("an Access Grants instance must exist, or be made too",),
        only=_GRANTED,
    ),
    PassRole(
        "ESC-71",
        "batchoperations.s3.amazonaws.com",
        (Any("s3:CreateJob"),),
        "an S3 batch job",
        notes=("the job must be confirmed, by UpdateJobStatus or when it is made",),
        only=_BATCH,
    ),
    PassRole(
        "ESC-72",
        "datasync.amazonaws.com",
        (
            Any("datasync:CreateLocationS3"),
            New("datasync:CreateTask", "location/"),
            New("datasync:StartTaskExecution", "task/"),
        ),
        "a DataSync task",
        only=READS_AND_WRITES | {"s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging"},
    ),
    PassRole(
        "ESC-72",
        "transfer.amazonaws.com",
        (New("transfer:CreateUser", "server/"), Any("transfer:CreateServer")),
        "a Transfer Family user",
        only=_GRANTED,
    ),
    PassRole(
        "ESC-72",
        "firehose.amazonaws.com",
        (
            New("firehose:CreateDeliveryStream", "deliverystream/"),
            New("firehose:PutRecord", "deliverystream/"),
        ),
        "a Firehose stream",
        only=WRITES,
    ),
    PassRole(
        "ESC-72",
        "dms.amazonaws.com",
        (
            Any("dms:CreateEndpoint"),
            New("dms:CreateReplicationTask", "endpoint:"),
            New("dms:StartReplicationTask", "task:"),
        ),
        "a DMS replication",
        notes=("a replication instance must exist, or be made too",),
        only=READS_AND_WRITES,
    ),
)


@escalation("s3-replication")
def s3_replication(scene: Scene) -> Iterator[Edge]:
    """A bucket replicated out as a role that can read it and write the copies (ESC-70); its owner's account alone."""
    for account in scene.world.snapshot.accounts:
        for bucket in account.buckets:
            if is_directory_bucket(bucket.name):
                continue
            yield from _replicated(scene, account, bucket)


def _replicated(scene: Scene, account: Account, bucket: Bucket) -> Iterator[Edge]:
    world = scene.world
    roles = trusting_roles(scene, account, "s3.amazonaws.com")
    passers = {actor.node.id for actor in scene.sources("iam:PassRole", account.id)} if roles else set()
    gaps = [] if bucket.versioned is not None else [f"whether {bucket.name} keeps versions is not known"]
    if bucket.versioned is False or not roles:
        return
    targets = {str(role.arn): replication_target(world, role, bucket) for role in roles}
    configure = Call("s3:PutReplicationConfiguration", world.bucket_resource(bucket, objects=False))
    for actor in scene.sources("s3:PutReplicationConfiguration", account.id):
        if actor.node.id not in passers or tried(world, actor, [configure]) is None:
            continue
        for role in roles:
            if is_already(world, actor, role):
                continue
            passing = Call(
                "iam:PassRole", of_arn(role.arn), {"iam:passedtoservice": Values(("s3.amazonaws.com",))}
            )
            service = service_assumes(world, role, "s3.amazonaws.com")
            found = tried(world, actor, [configure, passing, service])
            words = f"replicating {bucket.name}"
            change = (
                limited(world, role_actor(role), f"replication of {bucket.name}", words, _COPIED, bucket)
                if found is not None
                else None
            )
            if found is not None and change is not None:
                said = f"{bucket.name} would be replicated to another bucket as {name_of(role.arn)}"
                way = Way(actor, change.actor.node, found, said, (), (), tuple(gaps))
                target = targets[str(role.arn)]
                if target is None:
                    scene.delivered.append(way)  # it may be widened before (ESC-26)
                    continue
                written = replace(way, found=target.with_it(found), notes=(target.note,))
                yield from merged("ESC-70", "new", [written], scene.delivered)
