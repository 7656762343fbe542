"""Object Lambda access points whose policy is rewritten. Source: evaluation.md ESC-65, S3-18, S3-56."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.escalations.changed import label_of, through_lambda
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.point_keys import managing
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_arn
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.object_lambda import is_followed, lambda_point_resource
from pathfinder.policy.context import Values

PUT = "s3:PutAccessPointPolicyForObjectLambda"


@escalation("s3-object-lambda")
def s3_object_lambda(scene: Scene) -> Iterator[Edge]:
    """From everyone of its account who may write its policy; the functions and the access point behind it decide, too.

    The policy names the principal alone, so that BlockPublicPolicy does not refuse it (BPA-4, BPA-7).
    """
    world = scene.world
    for account in world.snapshot.accounts:
        for point in account.object_lambda_access_points:
            if not is_followed(world, point):
                continue
            given = {"aws:requestedregion": Values((point.arn.region,))}
            for actor in scene.sources(PUT, point.arn.account, each_administrator=True):
                guarded = lambda_point_resource(world, point).policies
                made = managing(world, actor, Call(PUT, of_arn(point.arn), given), guarded)
                if made is None:
                    continue
                found, gaps = made
                called = f"Object Lambda access point {point.arn.name}"
                words = f"let in by {called}"
                change = through_lambda(world, actor, point, "policy of", words)
                if change is not None:
                    said = f"the policy of {called} would let in {label_of(world, actor)}"
                    yield edge(actor, change.actor.node, found, "ESC-65", said, Session.SAME, gaps=gaps)
