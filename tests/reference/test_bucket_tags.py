"""Tags of buckets in policies, decided a second time from the rules alone: they count only where ABAC is on (S3-26).

`PATHFINDER_BUCKET_TAG_CASES=5000 pytest tests/reference/test_bucket_tags.py` compares more.
"""

import os
import random
from collections import Counter
from itertools import product
from typing import Any

from pathfinder.graph.world import World
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, bucket, user, world

from .reference import evaluate

CASES = int(os.environ.get("PATHFINDER_BUCKET_TAG_CASES", "200"))
ANN, BOB = f"arn:aws:iam::{A}:user/ann", f"arn:aws:iam::{B}:user/bob"
BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"
READ, LIST = "s3:GetObject", "s3:ListBucket"
REQUESTS = ((READ, f"{BUCKET}/k"), (READ, f"{BUCKET}/blue/k"), (LIST, BUCKET))
Json = dict[str, Any]


def scene_of(seed: int) -> Json:
    """A bucket with or without a tag, its ABAC on, off or not known, with random policies about the tag."""
    draw = random.Random(seed)

    def condition() -> Json:
        key = draw.choice(
            ["aws:ResourceTag/team", "s3:BucketTag/team", "aws:ResourceTag/Team", "aws:ResourceTag/env"]
        )
        operator = draw.choice(
            [
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringEqualsIfExists",
                "ForAllValues:StringEquals",
                "Null",
            ]
        )
        value = draw.choice(["true", "false"]) if operator == "Null" else draw.choice(["blue", "red"])
        return {operator: {key: value}}

    def policy(named: bool) -> Json:
        listed = []
        for _ in range(draw.randint(1, 2)):
            found: Json = {
                "Effect": draw.choice(["Allow", "Allow", "Allow", "Deny"]),
                "Action": draw.choice([READ, [READ, LIST], "s3:*"]),
                "Resource": draw.choice(
                    [
                        [BUCKET, OBJECTS],
                        OBJECTS,
                        f"{BUCKET}/${{aws:ResourceTag/team}}/*",
                        "*" if not named else OBJECTS,
                    ]
                ),
            }
            if named:
                found["Principal"] = draw.choice(["*", {"AWS": ANN}, {"AWS": [A, B]}])
            if draw.random() < 0.7:
                found["Condition"] = condition()
            listed.append(found)
        return {"Version": "2012-10-17", "Statement": listed}

    return {
        "tags": draw.choice([{}, {"team": "blue"}, {"team": "red"}]),
        "abac": draw.choice([True, True, False, None]),
        "bucket": draw.choice([{"Version": "2012-10-17", "Statement": []}, policy(named=True)]),
        "identity": {ANN: policy(named=False), BOB: policy(named=False)},
    }


def expected(scene: Json, who: str, action: str, resource: str) -> str:
    """`yes`, `no`; `unknown` where it is not known whether the tags count, and that makes a difference."""

    def answer(*, counts: bool) -> bool:
        tags = scene["tags"] if counts else {}
        context = {"aws:PrincipalAccount": who.split(":")[4]}
        for name, value in tags.items():
            context |= {f"aws:ResourceTag/{name}": value, f"s3:BucketTag/{name}": value}
        request = {
            "principal": who,
            "action": action,
            "resource": resource,
            "resource_account": A,
            "context": context,
        }
        held = scene["bucket"] if scene["bucket"]["Statement"] else None
        policies = {"identity": [scene["identity"][who]], "resource": held}
        return evaluate({"request": request, "policies": policies}) == "allow"

    answers = {answer(counts=each) for each in ((True, False) if scene["abac"] is None else (scene["abac"],))}
    return "unknown" if len(answers) > 1 else "yes" if answers == {True} else "no"


def made(scene: Json) -> World:
    unread = ("Abac",) if scene["abac"] is None else ()
    held = bucket(
        A, "b", *scene["bucket"]["Statement"], tags=scene["tags"], abac=scene["abac"], unread=unread
    )
    return world(
        account(A, users=(user(A, "ann", *scene["identity"][ANN]["Statement"]),), buckets=(held,)),
        account(B, users=(user(B, "bob", *scene["identity"][BOB]["Statement"]),)),
    )


def found(where: World, who: str, action: str, resource: str) -> str:
    """What the routes say of the signed request: `unknown` where one that is not certain is all there is."""

    def holds(patterns: tuple[str, ...]) -> bool:
        return any(
            resource.startswith(each.removesuffix("*")) if each.endswith("*") else resource == each
            for each in patterns
        )

    routes = [
        route.access
        for route in find_routes(where, Query(starts=(who,), max_hops=1)).routes
        if route.start.id == who
        and action in route.access.actions
        and holds(route.access.resources)
        and not holds(route.access.except_)
    ]
    if any(access.witness is not None for access in routes):
        return "yes"
    return "unknown" if routes else "no"


def test_routes_are_those_of_the_rules() -> None:
    answers: Counter[tuple[str, bool | None]] = Counter()
    for seed in range(CASES):
        scene = scene_of(seed)
        where = made(scene)
        for who, (action, resource) in product((ANN, BOB), REQUESTS):
            want, have = expected(scene, who, action, resource), found(where, who, action, resource)
            assert have == want, (seed, who, action, resource, want, have, scene)
            answers[(want, scene["abac"])] += 1
    for kind in (("yes", True), ("yes", False), ("no", True), ("unknown", None)):
        assert answers[kind] > 0, answers
