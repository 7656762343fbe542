"""How policies, statements and layers are called in what is proposed."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinder.authorization.decision import LayerKind
from pathfinder.aws.arn import parse_arn
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Statement
from pathfinder.routes.nearest_change import Place
from pathfinder.routes.nearest_scene import Scene

_OF_A_THING = {
    PolicyKind.RESOURCE: "bucket policy",
    PolicyKind.TRUST: "trust policy",
    PolicyKind.KEY: "key policy",
    PolicyKind.ENDPOINT: "endpoint policy",
}
"""Policies of which a thing has one, so that they need no name."""


def aws_managed(policy: SomePolicy) -> bool:
    """Whether only AWS can edit it (EVAL-51)."""
    arn = parse_arn(policy.name)
    name = policy.name.rpartition("/")[2]
    return (arn is not None and arn.account == "aws") or name in ("p-FullAWSAccess", "p-RCPFullAWSAccess")


def policy_words(policy: Policy) -> str:
    """`service control policy p-abc`, `the bucket policy of arn:…`."""
    called = _OF_A_THING.get(policy.kind)
    if policy.kind is PolicyKind.RESOURCE and ":accesspoint/" in policy.attached_to:
        called = "access point policy"
    if called is not None:
        return f"the {called} of {policy.attached_to}"
    return f"{policy.kind.value} {policy_name(policy.name)}"


def policy_name(name: str) -> str:
    """A policy's name; an organization's policy by its id, which is the end of its ARN."""
    arn = parse_arn(name)
    return name if arn is None or arn.service != "organizations" else arn.name


def hanging(places: Iterable[Place]) -> str:
    """What a policy hangs on: `r-ab12 and ou-cd34`."""
    return " and ".join(dict.fromkeys(place.attached_to for place in places))


def statement_words(statement: Statement, policy: Policy, places: tuple[Place, ...]) -> str:
    """`Deny NoS3 of service control policy p-abc on r-ab12`."""
    effect = statement.effect.value if statement.effect else "statement"
    words = f"{effect} {statement.label} of {policy_words(policy)}"
    if policy.kind in _OF_A_THING or policy.name == policy.attached_to:
        return words
    return f"{words} on {hanging(places)}"


def resource_policy_kind(scene: Scene) -> PolicyKind | None:
    """What kind of policy of its own the requested resource can have, as far as snapshots hold them."""
    arn = scene.request.target.arn
    if arn is None:
        return None
    if arn.is_role and scene.request.service == "sts":
        return PolicyKind.TRUST
    if arn.service == "kms" and arn.resource_type == "key":
        return PolicyKind.KEY
    if arn.service == "s3" and (arn.is_bucket or arn.is_object):
        return PolicyKind.RESOURCE
    return None


def holder_of(scene: Scene, kind: PolicyKind) -> str:
    """What a resource's own policy hangs on: the bucket of an object, the access point, the role, the key."""
    arn = scene.request.target.arn
    assert arn is not None
    if arn.is_access_point:
        return str(arn.own_access_point)
    if kind is PolicyKind.RESOURCE:
        return f"arn:{arn.partition}:s3:::{arn.bucket_name}"
    return str(arn)


def layer_words(layer: LayerKind, level: str | None) -> str:
    """A layer with its level."""
    return f"{layer.value} at {level}" if level else layer.value
