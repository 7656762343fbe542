"""Principals to objects through an Object Lambda access point. Source: evaluation.md S3-56, ORG-20."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.access_parts import object_parts
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.callers import callers_through
from pathfinder.graph.calls import Call, blocks, calls_for, perhaps_open, why_blocked
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.federation_tokens import sessions_named
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.object_lambda import GET_OBJECT, HOP, is_followed, lambda_point_resource, supporting
from pathfinder.graph.principals import Actor
from pathfinder.graph.settle import Settled, facts_for, settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, all_of, negate
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.organization import Gap
from pathfinder.model.resources import Bucket
from pathfinder.policy.document import Unread


@hop_kind("object-lambda", last=True)
def object_lambda(world: World) -> Iterator[Edge | Gap]:
    """From everyone who may read through it, invoke its functions, and read through the access point behind it."""
    for account in world.snapshot.accounts:
        for point in account.object_lambda_access_points:
            yield from _gaps(world, point)
            if is_followed(world, point):
                for actor in callers_through(world, point):
                    yield from reads_through(world, point, actor)


def _gaps(world: World, point: ObjectLambdaAccessPoint) -> Iterator[Gap]:
    affects = (point.arn.account,)
    if not is_followed(world, point):
        front = f" in front of {point.supporting}" if point.supporting is not None else ""
        reason = f"who reads through this Object Lambda access point{front} is not followed (S3-56)"
        yield Gap(str(point.arn), reason, affects)
        return
    yield Gap(
        str(point.arn),
        "through this Object Lambda access point s3-object-lambda:GetObject alone is followed: lists, other "
        "versions and writes through it are not (S3-56)",
        affects,
    )
    for user in sorted(map(str, sessions_named(world, (point.policy,))))[:1]:
        reason = f"its policy lets the federated user {user} in: what such a session reads through it is not followed"
        yield Gap(str(point.arn), reason, affects)
    if isinstance(point.policy, Unread):
        reason = f"its policy is not known ({point.policy.reason}): it may allow and deny what is not shown"
        yield Gap(str(point.arn), reason, affects)


def reads_through(world: World, point: ObjectLambdaAccessPoint, actor: Actor) -> Iterator[Edge]:
    """What the actor reads through the access point, which is followed."""
    resource = lambda_point_resource(world, point)
    if not world.grantable(actor, GET_OBJECT, resource):
        return
    call = calls_for(world, actor, GET_OBJECT, resource)
    behind = supporting(world, point)
    if call.but_for_blocks == FALSE or behind is None:
        return
    bucket = behind[1]
    facts = facts_for(world, "s3", world.given(actor, GET_OBJECT, resource))
    rest = call.but_for_blocks if blocks(call) else FALSE
    for *what, condition, scope in object_parts(bucket, call.allowed, facts):
        settled = settle(world, actor, GET_OBJECT, resource, condition, scope=scope, call=call)
        if settled is not None:
            rest = all_of(rest, negate(scope))
            yield _edge(world, point, bucket, call, settled, what)
    for *what, condition, scope in object_parts(bucket, rest, facts):
        settled = settle(world, actor, GET_OBJECT, resource, condition, scope=scope)
        if settled is not None:
            why = "; ".join(dict.fromkeys(why_blocked(call)))
            yield _edge(world, point, bucket, call, settled, what, blocked=why)


def _edge(
    world: World,
    point: ObjectLambdaAccessPoint,
    bucket: Bucket,
    call: Call,
    settled: Settled,
    what: list[tuple[str, ...]],
    blocked: str | None = None,
) -> Edge:
    """The hop to some objects of the bucket. `blocked`: why the key alone closes them (KMS-13)."""
    fact = Evidence("resource", "Object Lambda access point", str(point.arn), str(point.supporting))
    notes = [each.need.note for each in call.further if each.need.note and blocked is None]
    perhaps = perhaps_open(call) if blocked is not None else ()
    resources, except_ = what
    hop = Hop(
        HOP,
        call.actor.node.id,
        bucket_node(world, bucket).id,
        settled.condition,
        (GET_OBJECT, "s3:GetObject"),
        resources,
        except_,
        (fact, *evidence_of(call.decisions)),
        settled.witness,
        tuple(dict.fromkeys((*settled.gaps, *perhaps))),
        f"Object Lambda access point {point.arn.name}",
        also=settled.also,
        extra={"group": GET_OBJECT},
        notes=(
            "what the answer shows of an object is up to the function of the Object Lambda access point (S3-56)",
            *dict.fromkeys(notes),
        ),
        through=str(point.arn),
        blocked=blocked,
    )
    return Edge(call.actor.node, bucket_node(world, bucket), hop)
