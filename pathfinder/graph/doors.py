"""What takes the requests for a bucket: the bucket itself, or an access point in front of it.

Source: evaluation.md S3-50 to S3-52.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.aws.arn import Arn
from pathfinder.graph.access_points import Point, point_resource, resource_behind
from pathfinder.graph.callers import callers_of, callers_through
from pathfinder.graph.hop import Evidence
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import AccessPoint, Bucket


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """What takes the requests for a bucket: the bucket itself, or an access point in front of it (S3-50)."""

    bucket: Bucket
    point: Point | None = None

    def resource(self, world: World, *, objects: bool) -> Resource:
        """What is asked: the bucket or the access point, or the objects behind it with their key open."""
        if self.point is None:
            return world.bucket_resource(self.bucket, objects=objects)
        return point_resource(world, self.point, self.bucket, objects=objects)

    def resources(self, world: World, *, objects: bool) -> tuple[Resource, ...]:
        """The same, and the bucket that is authorized besides where it stands behind an access point."""
        asked = self.resource(world, objects=objects)
        if self.point is None:
            return (asked,)
        return (asked, resource_behind(world, self.point, self.bucket, objects=objects))

    def callers(self, world: World) -> Iterator[Actor]:
        """Everyone in question."""
        return callers_of(world, self.bucket) if self.point is None else callers_through(world, self.point)

    @property
    def kind(self) -> str:
        """The kind of the hops that lead through it."""
        return "access" if self.point is None else "access-point"

    @property
    def arn(self) -> Arn:
        """What requests name."""
        return self.bucket.arn if self.point is None else self.point.arn

    @property
    def objects_begin(self) -> str:
        """What stands before an object's key in the sixth field of its ARN."""
        return f"{self.bucket.name}/" if self.point is None else f"{self.point.arn.resource}/object/"

    def evidence(self) -> Iterator[Evidence]:
        """That the access point stands in front of the bucket, and the only VPC that it takes requests from (S3-52)."""
        if self.point is None:
            return
        own, behind = str(self.point.arn), str(self.bucket.arn)
        kind = "access point" if isinstance(self.point, AccessPoint) else "Multi-Region Access Point"
        yield Evidence("resource", kind, own, behind)
        if isinstance(self.point, AccessPoint) and self.point.vpc is not None:
            inside = one("aws:sourcevpc", StringTest((exact(self.point.vpc),)))
            yield Evidence("network", "access point origin", self.point.vpc, own, tests=(inside,))
