"""Requests through access points, decided a second time from the rules alone (S3-50 to S3-53, BPA-1 to BPA-9, VPCE-4).

`PATHFINDER_ACCESS_POINT_CASES=20000 pytest tests/reference/test_access_points.py` compares more.
"""

import os
import random
from collections import Counter
from itertools import product
from typing import Any

from pathfinder.graph.world import World
from pathfinder.model.resources import AccessPoint, PublicAccessBlock
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.routes.route import Query
from pathfinder.routes.scenarios import decide_in_world
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, arn, bucket, endpoint, user, world

from .public_access import is_public
from .reference import evaluate

CASES = int(os.environ.get("PATHFINDER_ACCESS_POINT_CASES", "300"))
ANN, BOB = f"arn:aws:iam::{A}:user/ann", f"arn:aws:iam::{B}:user/bob"
Json = dict[str, Any]
KEYS = ("k", "logs/k")


def scene_of(seed: int) -> Json:
    """An access point of A or B before a bucket of A, with random policies on every side."""
    draw = random.Random(seed)
    owner = draw.choice([A, A, B])
    text = f"arn:aws:s3:eu-west-1:{owner}:accesspoint/ap"

    def statement(resources: list[str], principals: list[Any] | None) -> Json:
        found: Json = {
            "Effect": draw.choice(["Allow", "Allow", "Allow", "Deny"]),
            "Action": draw.choice(["s3:GetObject", "s3:*", ["s3:GetObject", "s3:ListBucket"]]),
            "Resource": draw.choice(resources),
        }
        if principals is not None:
            found["Principal"] = draw.choice(principals)
        if draw.random() < 0.6:
            key, value = draw.choice(
                [
                    ("s3:DataAccessPointAccount", draw.choice([A, owner])),
                    ("s3:DataAccessPointArn", text),
                    ("s3:AccessPointNetworkOrigin", draw.choice(["VPC", "Internet"])),
                    ("aws:SourceVpc", "vpc-1"),
                    ("aws:PrincipalAccount", draw.choice([A, B])),
                ]
            )
            found["Condition"] = {
                draw.choice(["StringEquals", "StringEquals", "StringNotEquals", "StringNotEqualsIfExists"]): {
                    key: value
                }
            }
        return found

    def policy(resources: list[str], principals: list[Any] | None, most: int) -> Json:
        listed = [statement(resources, principals) for _ in range(draw.randint(0, most))]
        return {"Version": "2012-10-17", "Statement": listed}

    through, objects = f"{text}/object/*", "arn:aws:s3:::b/*"
    named = ["*", {"AWS": ANN}, {"AWS": BOB}, {"AWS": [A, B]}]
    return {
        "point": text,
        "owner": owner,
        "vpc": draw.choice([None, None, "vpc-1"]),
        "point_block": draw.random() < 0.3,
        "bucket_block": draw.random() < 0.3,
        "point_policy": policy([through, f"{text}/object/logs/*"], named, 2),
        "bucket_policy": policy([objects, "arn:aws:s3:::b/logs/*"], named, 2),
        "identity": {
            who: policy([through, objects, "*", "*"], None, 2) for who in (ANN, BOB)
        },
        "endpoint": draw.choice([None, policy([through, objects, "*"], ["*"], 2)]),
    }  # fmt: skip


def expected(scene: Json, who: str, key: str, network: Json) -> str | None:
    """Both levels, each from the rules; None where they leave it open."""
    context = {
        **network,
        "aws:PrincipalAccount": who.split(":")[4],
        "s3:DataAccessPointArn": scene["point"],
        "s3:DataAccessPointAccount": scene["owner"],
        "s3:AccessPointNetworkOrigin": "VPC" if scene["vpc"] else "Internet",
    }
    through = network.get("aws:SourceVpce") == "vpce-1"
    answers = []
    for resource, owner, held in (
        (f"{scene['point']}/object/{key}", scene["owner"], scene["point_policy"]),
        (f"arn:aws:s3:::b/{key}", A, scene["bucket_policy"]),
    ):
        policies = {"identity": [scene["identity"][who]], "resource": held}
        if through and scene["endpoint"] is not None:
            policies["vpc_endpoint"] = scene["endpoint"]
        request = {
            "principal": who,
            "action": "s3:GetObject",
            "resource": resource,
            "resource_account": owner,
            "context": context,
        }
        answers.append(evaluate({"request": request, "policies": policies}))
    if "explicit-deny" in answers:
        return "explicit-deny"
    refused = scene["vpc"] is not None and network.get("aws:SourceVpc") != scene["vpc"]  # S3-52
    if refused or set(answers) != {"allow"}:
        return "implicit-deny"
    public = _public(scene)
    restricted = scene["point_block"] or scene["bucket_block"]
    if restricted and who.split(":")[4] not in (A, scene["owner"]):  # BPA-5
        return None if public is None else "implicit-deny" if public else "allow"
    return "allow"


def _public(scene: Json) -> bool | None:
    if is_public(scene["bucket_policy"]):
        return True
    if scene["vpc"] is not None:  # BPA-9
        return False
    if is_public(scene["point_policy"]):
        return True
    used = [
        each
        for each in scene["point_policy"]["Statement"]
        if each["Effect"] == "Allow"
        and any(
            key.startswith("s3:DataAccessPoint")
            for test in each.get("Condition", {}).values()
            for key in test
        )
    ]
    if any(each["Principal"] == "*" for each in used):  # BPA-7
        return True
    return None if used else False


def made(scene: Json) -> World:
    def held(kind: PolicyKind, name: str, where: str, document: Json) -> Policy | None:
        return Policy(kind, name, where, parse_document(document)) if document["Statement"] else None

    text = scene["point"]
    point = AccessPoint(
        arn(text),
        "b",
        A,
        held(PolicyKind.RESOURCE, "access point policy", text, scene["point_policy"]),
        vpc=scene["vpc"],
        public_access_block=PublicAccessBlock(restrict_public_buckets=scene["point_block"]),
    )
    gate = endpoint(A, "vpce-1", "vpc-1", *(scene["endpoint"]["Statement"] if scene["endpoint"] else ()))
    gates = (gate,) if scene["endpoint"] is None or scene["endpoint"]["Statement"] else ()
    parts: dict[str, Json] = {
        A: {
            "users": (user(A, "ann", *scene["identity"][ANN]["Statement"]),),
            "buckets": (
                bucket(A, "b", *scene["bucket_policy"]["Statement"], restricted=scene["bucket_block"]),
            ),
            "endpoints": gates,
        },
        B: {"users": (user(B, "bob", *scene["identity"][BOB]["Statement"]),)},
    }
    parts[scene["owner"]]["access_points"] = (point,)
    return world(account(A, **parts[A]), account(B, **parts[B]))


def networks(scene: Json) -> list[Json]:
    """Ways that a request travels: the internet, the VPC through its endpoint or an unknown one, another VPC."""
    known = scene["endpoint"] is None or scene["endpoint"]["Statement"]
    own = {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1"}
    others = [{"aws:SourceVpc": each, "aws:SourceVpce": "vpce-9"} for each in ("vpc-1", "vpc-2")]
    return [{}, *others, *([own] if known else [])]


def test_decisions_are_those_of_the_rules() -> None:
    answers: Counter[str | None] = Counter()
    for seed in range(CASES):
        scene = scene_of(seed)
        where = made(scene)
        for who, key, network in product((ANN, BOB), KEYS, networks(scene)):
            want = expected(scene, who, key, network)
            request = {
                "principal": who,
                "action": "s3:GetObject",
                "resource": f"{scene['point']}/object/{key}",
                "context": {**network, "aws:PrincipalAccount": who.split(":")[4]},
            }
            have = decide_in_world(where, {"request": request}).decision
            assert have == want, (seed, who, key, network, scene)
            answers[want] += 1
    assert answers["allow"] > sum(answers.values()) / 20, answers


def test_routes_are_those_of_the_rules() -> None:
    """Somebody reads an object through the access point exactly where some request of theirs is allowed."""
    for seed in range(max(CASES // 6, 20)):
        scene = scene_of(seed)
        where = made(scene)
        for who in (ANN, BOB):
            wanted = [expected(scene, who, key, network) for key, network in product(KEYS, networks(scene))]
            if None in wanted:
                continue
            found = [
                route
                for route in find_routes(where, Query(starts=(who,), max_hops=1)).routes
                if route.access.through == scene["point"] and "s3:GetObject" in route.access.actions
            ]
            assert bool(found) == ("allow" in wanted), (seed, who, wanted, scene)
