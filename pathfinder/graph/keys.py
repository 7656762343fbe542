"""KMS keys as requests meet them, and which one a bucket's default encryption means.

Source: evaluation.md S3-41, S3-42, KMS-1, KMS-6, KMS-9, KMS-10, KMS-11.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket, Key
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.policy.resources import Target

DEFAULT_ALIAS = "alias/aws/s3"
_DEFAULT_KEY = "key/aws-managed-for-s3"
"""Stands for the id of an AWS-managed key that the snapshot does not hold."""
_USABLE = "Enabled"


def keys_of(world: World, account: str) -> tuple[Key, ...]:
    """The keys of an account that the snapshot holds."""
    held = world.accounts.get(account)
    return held.keys if held is not None else ()


def held_key(world: World, arn: Arn) -> Key | None:
    """The key with this ARN, if the snapshot holds it."""
    return next((each for each in keys_of(world, arn.account) if each.arn == arn), None)


def key_resource(
    world: World, arn: Arn, account: str | None = None, *, changed: Key | None = None
) -> Resource:
    """The key with this ARN, as far as the snapshot knows it: its policy, grants and state.

    `changed`: the key as an escalation has changed it (ESC-67).
    """
    if arn.resource == _DEFAULT_KEY:
        policy = _policy_of_default_key(arn)
        return Resource(Target(arn), arn.account, (policy,), beyond_rcps=True)
    key = changed or held_key(world, arn)
    if key is None:
        return Resource(Target(arn), account or arn.account)
    unusable = None
    if key.state not in (None, _USABLE):
        unusable = f"the key is in state {key.state}: every use of it fails (KMS-10)"
    managed = key.aws_managed or any(each.startswith("alias/aws/") for each in key.aliases or ())
    return Resource(
        Target(arn),
        arn.account,
        (key.policy,),
        key.tags,
        grants=key.grants or (),
        unusable=unusable,
        beyond_rcps=managed,
    )


def default_key(world: World, bucket: Bucket) -> Arn | str:
    """The key that a bucket's default encryption means; where it cannot be told, why not.

    It is given by id or alias, both of the bucket's account and region, or by an ARN; none is `alias/aws/s3`.
    """
    text = bucket.kms_key or DEFAULT_ALIAS
    arn = parse_arn(text)
    if arn is None:
        if not bucket.account or bucket.region is None:
            return f"which key {text} of {bucket.name} is cannot be told: its account or region is not known"
        resource = text if text.startswith("alias/") else f"key/{text.removeprefix('key/')}"
        arn = Arn(bucket.arn.partition, "kms", bucket.region, bucket.account, resource)
    if arn.service != "kms" or not re.fullmatch(r"(key|alias)/[^*?]+", arn.resource):
        return f"the default key of {bucket.name} is {text}, which names no key"
    return _behind_alias(world, arn) if arn.resource_type == "alias" else arn


def _behind_alias(world: World, alias: Arn) -> Arn | str:
    for key in keys_of(world, alias.account):
        if key.arn.region == alias.region and alias.resource in (key.aliases or ()):
            return key.arn
    if alias.resource == DEFAULT_ALIAS:
        return replace(alias, resource=_DEFAULT_KEY)
    return f"which key {alias} is the snapshot does not say: whether it opens is not decided"


def is_encrypted_with_kms(bucket: Bucket) -> bool:
    """Whether the bucket's default encryption is SSE-KMS or DSSE-KMS."""
    if bucket.encryption is None:
        return bucket.kms_key is not None
    return bucket.encryption.startswith("aws:kms")


def aws_managed_key(world: World, at: Arn) -> Arn:
    """The key `aws/s3` of the account and region of this ARN (S3-42)."""
    found = _behind_alias(world, replace(at, resource=DEFAULT_ALIAS))
    assert isinstance(found, Arn)
    return found


def is_default_key(arn: Arn) -> bool:
    """Whether it stands for an AWS-managed key that the snapshot does not hold."""
    return arn.resource == _DEFAULT_KEY


def via_s3(arn: Arn) -> str | None:
    """The value of kms:ViaService where S3 calls KMS; None where it is not known (KMS-8)."""
    suffix = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com"}.get(arn.partition)
    return f"s3.{arn.region}.{suffix}" if suffix else None


def _policy_of_default_key(arn: Arn) -> Policy:
    """The policy that AWS gives to `aws/s3`, which nobody can change: its account's principals, through S3 (S3-42)."""
    condition = {"kms:CallerAccount": arn.account}
    via = via_s3(arn)
    if via is not None:
        condition["kms:ViaService"] = via
    document = parse_document(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "UseThroughS3",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
                    "Resource": "*",
                    "Condition": {"StringEquals": condition},
                }
            ],
        }
    )
    return Policy(PolicyKind.KEY, "AWS's policy of aws/s3", str(arn), document)
