"""Complete requests to an access point, decided on both levels. Source: evaluation.md S3-50, S3-55, BPA-1."""

from __future__ import annotations

from dataclasses import replace

from pathfinder.authorization.decision import Decision
from pathfinder.authorization.request import Request
from pathfinder.aws.s3_actions import access_point_actions
from pathfinder.graph.access_points import Point, buckets_behind, point_at, point_resource, target_behind
from pathfinder.graph.facts import access_point_states
from pathfinder.graph.replay import decide_request
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, Formula, Unknown, all_of, any_of
from pathfinder.model.resources import Bucket
from pathfinder.policy.context import Context
from pathfinder.policy.resources import Target


def decide_whole(world: World, request: Request) -> Decision:
    """The decision on all that the call needs: on an access point also on the bucket behind it.

    The keys that the access point itself fixes are added where the request leaves them out. Of a Multi-Region
    Access Point's buckets any may serve the request: what they disagree on is unknown.
    """
    arn = request.target.arn
    point = point_at(world, arn) if arn is not None and arn.is_access_point else None
    buckets = buckets_behind(world, point) if point is not None else ()
    if point is None or not buckets or request.action.lower() not in access_point_actions():
        return decide_request(world, request)
    found = [_on_both_levels(world, request, point, bucket) for bucket in buckets]
    if len(found) == 1:
        return found[0]
    reason = f"which member bucket of {point.arn} serves the request is not known, and they do not all agree"
    return Decision(
        _in_all([each.allowed for each in found], reason),
        _in_all([each.denied for each in found], reason),
        tuple(layer for each in found for layer in each.layers),
        tuple(dict.fromkeys(text for each in found for text in each.warnings)),
    )


def _on_both_levels(world: World, request: Request, point: Point, bucket: Bucket) -> Decision:
    arn = request.target.arn
    assert arn is not None
    facts = point_resource(world, point, bucket, objects=False).through
    assert facts is not None
    context = Context({**access_point_states(facts), **request.context.states}, request.context.otherwise)
    above = decide_request(world, replace(request, context=context))
    behind = decide_request(
        world,
        replace(
            request,
            context=context,
            target=Target(target_behind(arn, bucket)),
            resource_account=bucket.account or None,
        ),
    )
    return Decision(
        all_of(above.allowed, behind.allowed),
        any_of(above.denied, behind.denied),
        (*above.layers, *behind.layers),
        tuple(dict.fromkeys((*above.warnings, *behind.warnings))),
    )


def _in_all(answers: list[Formula], reason: str) -> Formula:
    if all(each == answers[0] for each in answers):
        return answers[0]
    some = any_of(*answers)
    return FALSE if some == FALSE else any_of(all_of(*answers), all_of(Unknown(reason), some))
