"""Sessions that a Roles Anywhere profile limits, decided a second time from the rules alone (STS-45, EVAL-10 to EVAL-22).

`PATHFINDER_LIMITED_SESSION_CASES=5000 pytest tests/reference/test_limited_sessions.py` compares more.
"""

import os
import random
from collections import Counter
from typing import Any

from pathfinder.graph.world import World
from pathfinder.model.workforce import AnywhereProfile, TrustAnchor
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, arn, bucket, role, world

from .reference import evaluate

CASES = int(os.environ.get("PATHFINDER_LIMITED_SESSION_CASES", "150"))
ANCHOR = f"arn:aws:rolesanywhere:eu-west-1:{A}:trust-anchor/ta-1"
PROFILE = f"arn:aws:rolesanywhere:eu-west-1:{A}:profile/p-1"
ROLE = f"arn:aws:iam::{A}:role/r"
SESSION, OTHER = (f"arn:aws:sts::{A}:assumed-role/r/{name}" for name in ("web-1", "another"))
READ, WRITE, ASSUME = "s3:GetObject", "s3:PutObject", "sts:AssumeRole"
FAR = f"arn:aws:iam::{B}:role/far"
BUCKETS = {"near": A, "b": B}
REQUESTS = [(action, name, key) for action in (READ, WRITE) for name in BUCKETS for key in ("k", "logs/k")]
ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
Json = dict[str, Any]


def scene_of(seed: int) -> Json:
    """A role with random policies and perhaps a boundary, session policies of a profile, and two buckets' policies."""
    draw = random.Random(seed)

    def statement(name: str | None, *, named: bool) -> Json:
        own = [
            f"arn:aws:s3:::{each}/{rest}"
            for each in ([name] if name else BUCKETS)
            for rest in ("*", "logs/*")
        ]
        found: Json = {
            "Effect": draw.choice([*["Allow"] * 6, "Deny"]),
            "Action": draw.choice(
                [READ, WRITE, "s3:*"] if named else [READ, "s3:*", [READ, "sts:*"], "sts:*", "*", "*"]
            ),
            "Resource": draw.choice(own if named else [*own, "*", "*"]),
        }
        if named:
            found["Principal"] = draw.choice([{"AWS": ROLE}, {"AWS": A}, {"AWS": SESSION}, "*"])
            if found["Principal"] == "*":
                found["Condition"] = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
        return found

    def policy(most: int, name: str | None = None) -> Json:
        listed = [statement(name, named=name is not None) for _ in range(draw.randint(name is None, most))]
        return {"Version": "2012-10-17", "Statement": listed}

    return {
        "identity": policy(2),
        "boundary": policy(2) if draw.random() < 0.3 else None,
        "session": [policy(2) for _ in range(draw.randint(1, 2))],
        "buckets": {name: policy(2, name) for name in BUCKETS},
        "trust": draw.choice([{"AWS": ROLE}, {"AWS": A}, {"AWS": SESSION}, {"AWS": B}]),
    }


def is_allowed(scene: Json, session: str, action: str, resource: str, owner: str, held: Json | None) -> bool:
    request = {
        "principal": session,
        "action": action,
        "resource": resource,
        "resource_account": owner,
        "context": {"aws:PrincipalArn": ROLE, "aws:PrincipalAccount": A},
    }
    policies = {
        "identity": [scene["identity"]],
        "permissions_boundary": scene["boundary"],
        "session": scene["session"],
        "resource": held,
    }
    return evaluate({"request": request, "policies": policies}) == "allow"


def expected(scene: Json, action: str, name: str, key: str) -> bool:
    """Whether some session may, whatever its name."""
    held = scene["buckets"][name] if scene["buckets"][name]["Statement"] else None
    resource = f"arn:aws:s3:::{name}/{key}"
    return any(is_allowed(scene, each, action, resource, BUCKETS[name], held) for each in (SESSION, OTHER))


def goes_on(scene: Json) -> bool:
    """Whether some session assumes the other account's role; a certificate always gives a source identity (STS-33)."""
    trust = {"Version": "2012-10-17", "Statement": [allow(ALL, principal=scene["trust"])]}
    return any(
        all(is_allowed(scene, each, action, FAR, B, trust) for action in (ASSUME, "sts:SetSourceIdentity"))
        for each in (SESSION, OTHER)
    )


def made(scene: Json) -> World:
    limits = tuple(
        Policy(PolicyKind.SESSION, f"session {number}", PROFILE, parse_document(each))
        for number, each in enumerate(scene["session"])
    )
    profile = AnywhereProfile(arn(PROFILE), "servers", True, (arn(ROLE),), session_policies=limits)
    trust = [allow(ALL, principal={"Service": "rolesanywhere.amazonaws.com"})]
    boundary = scene["boundary"]["Statement"] if scene["boundary"] else None
    held = {
        name: bucket(owner, name, *scene["buckets"][name]["Statement"]) for name, owner in BUCKETS.items()
    }
    far = role(B, "far", [allow(ALL, principal=scene["trust"])], allow(READ, "arn:aws:s3:::far/*"))
    return world(
        account(
            A,
            roles=(role(A, "r", trust, *scene["identity"]["Statement"], boundary=boundary),),
            trust_anchors=(TrustAnchor(arn(ANCHOR), "corp", True),),
            anywhere_profiles=(profile,),
            buckets=(held["near"],),
        ),
        account(B, buckets=(held["b"], bucket(B, "far")), roles=(far,)),
    )


def test_routes_are_those_of_the_rules() -> None:
    """What certificates reach under the profile's session policies, directly and through another role."""
    answers: Counter[bool] = Counter()
    chains: Counter[bool] = Counter()
    for seed in range(CASES):
        scene = scene_of(seed)
        where = made(scene)
        routes = find_routes(where, Query(starts=(ANCHOR,))).routes
        for action, name, key in REQUESTS:
            resource = f"arn:aws:s3:::{name}/{key}"
            have = any(
                len(route.hops) == 2
                and action in route.access.actions
                and any(resource.startswith(each.removesuffix("*")) for each in route.access.resources)
                and not any(resource.startswith(each.removesuffix("*")) for each in route.access.except_)
                for route in routes
            )
            want = expected(scene, action, name, key)
            assert have == want, (seed, action, resource, want, scene)
            answers[want] += 1
        through = any(route.target.label == "far" and len(route.hops) == 3 for route in routes)
        assert through == goes_on(scene), (seed, scene)
        chains[through] += 1
    assert min(answers.values()) > sum(answers.values()) / 10, answers
    assert chains[True] > 0, chains


def test_witnesses_are_allowed_by_the_rules() -> None:
    """Each exported request is allowed by the other evaluator, with the session policies that it brings."""
    for seed in range(max(CASES // 5, 20)):
        where = made(scene_of(seed))
        routes = find_routes(where, Query(starts=(ANCHOR,))).routes
        for each in scenarios(where, routes):
            assert evaluate(each) == "allow", (seed, each)
