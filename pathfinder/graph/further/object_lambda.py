"""Behind an Object Lambda access point: the function is invoked, and the object is read through the access point.

Source: evaluation.md S3-56, ORG-20.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access_points import point_resource
from pathfinder.graph.further.registry import Need, further
from pathfinder.graph.object_lambda import (
    GET_OBJECT,
    INVOKE,
    SERVICE,
    function_resource,
    is_followed,
    lambda_point_at,
    supporting,
)
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.policy.context import KeyState, Unsure, Values

_NETWORK = (
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcevpcarn",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
)
_FROM_WHERE = "which network keys S3 Object Lambda's own requests carry is not known (S3-56)"
_AS_SENT: dict[str, KeyState] = {
    **dict.fromkeys(_NETWORK, Unsure(_FROM_WHERE)),
    "aws:viaawsservice": Values(("true",)),
    "aws:calledvia": Values((SERVICE,), multivalued=True),
    "aws:calledviafirst": Values((SERVICE,)),
    "aws:calledvialast": Values((SERVICE,)),
}
"""How S3 Object Lambda asks for the caller, who calls it directly."""


_PREFIX = "s3-object-lambda:"
_UNTOLD = "is not decided (S3-56)"


@further("object-lambda")
def behind_object_lambda(world: World, action: str, resource: Resource) -> Iterator[Need]:
    """Of the caller too: lambda:InvokeFunction on its functions, s3:GetObject through the supporting access point."""
    arn = resource.target.arn
    if not action.lower().startswith(_PREFIX) or arn is None or arn.service != "s3-object-lambda":
        return
    point = lambda_point_at(world, arn)
    behind = supporting(world, point) if point is not None else None
    if action.lower() != GET_OBJECT.lower():
        yield Need(
            INVOKE, resource, unknown=f"what {action} needs behind the Object Lambda access point {_UNTOLD}"
        )
        return
    if point is None or behind is None or not is_followed(world, point):
        told = "it is in no inventory of the snapshot" if point is None else "its configuration is not known"
        unknown = (
            f"what is behind the Object Lambda access point {_UNTOLD}: {told}, or it lets GetObject pass by"
        )
        yield Need("s3:GetObject", resource, unknown=unknown)
        return
    for function in point.functions:
        yield Need(INVOKE, function_resource(world, function), _AS_SENT)
    yield Need("s3:GetObject", point_resource(world, *behind, objects=True), _AS_SENT)
