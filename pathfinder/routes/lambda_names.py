"""How people name an Object Lambda access point, and what they can ask of it. Source: S3-54, S3-56."""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.object_lambda import GET_OBJECT, is_followed, lambda_point_at
from pathfinder.graph.world import World
from pathfinder.model.access_points import ObjectLambdaAccessPoint

_OF_OBJECTS = "/object/"


@dataclass(frozen=True, slots=True)
class LambdaAsked:
    """The Object Lambda access point that a text names. `key`: of the object, or a pattern; None for all objects."""

    point: ObjectLambdaAccessPoint
    key: str | None

    def why_not_followed(self, world: World) -> str | None:
        """Why nothing can be said of who reads through it; None where it can."""
        if is_followed(world, self.point):
            return None
        told = "is not known, or no GetObject goes through it"
        return f"what is behind Object Lambda access point {self.point.arn} {told}"


def lambda_asked(world: World, text: str) -> LambdaAsked | None:
    """By its ARN, or by its alias, which stands where a bucket's name may: `masked-abc--ol-s3`, with `/a` behind it."""
    arn = parse_arn(text)
    if arn is not None and arn.service == "s3-object-lambda":
        own, slash, key = arn.resource.partition(_OF_OBJECTS)
        point = lambda_point_at(world, Arn(arn.partition, arn.service, arn.region, arn.account, own))
        return None if point is None else LambdaAsked(point, key if slash else None)
    alias, slash, key = (arn.resource if arn is not None else text).partition("/")
    held = (each for account in world.snapshot.accounts for each in account.object_lambda_access_points)
    found = next((each for each in held if each.alias is not None and each.alias == alias), None)
    return None if found is None else LambdaAsked(found, key if slash and key else None)


def authorized_as(action: str) -> str | None:
    """The action that a call through it is authorized as; None for calls that are not followed (S3-56)."""
    return GET_OBJECT if action.lower() in ("s3:getobject", GET_OBJECT.lower()) else None
