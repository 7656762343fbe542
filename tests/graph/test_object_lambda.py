"""Object Lambda access points: three authorizations of one call (S3-56, ORG-20)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.resources import LambdaFunction
from pathfinder.policy.document import PolicyKind
from pathfinder.report.html.picture import picture_of
from pathfinder.report.json_ import query_json, routes_json
from pathfinder.report.schemas import schema_text
from pathfinder.routes.explain import explain_route
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, arn, bucket, deny, organization, policy, user, world
from tests.graph.test_access_points import ANN, BOB, DELEGATE, OBJECTS, POINT, READ, THROUGH, TO_BOB, point

MASKED = f"arn:aws:s3-object-lambda:eu-west-1:{A}:accesspoint/masked"
FUNCTION = f"arn:aws:lambda:eu-west-1:{A}:function:mask"
GET, INVOKE = "s3-object-lambda:GetObject", "lambda:InvokeFunction"
VIA = {"ForAnyValue:StringEquals": {"aws:CalledVia": "s3-object-lambda.amazonaws.com"}}
DIRECTLY = {"Null": {"aws:CalledVia": "true"}}
NEAR = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
ON_POINT, ON_FUNCTION, ON_DATA = allow(GET, MASKED), allow(INVOKE, FUNCTION), allow(READ, [THROUGH, OBJECTS])
ALL = (ON_POINT, ON_FUNCTION, ON_DATA)
Json = dict[str, Any]


def scene(
    *identity: Json,
    foreign: tuple[Json, ...] = (),
    own: tuple[Json, ...] = (),
    of_function: tuple[Json, ...] = (),
    of_point: tuple[Json, ...] = (),
    of_bucket: tuple[Json, ...] = (),
    within: Any = None,
    held: bool = True,
    **more: Any,
) -> World:
    def guarded(name: str, text: str, statements: tuple[Json, ...]) -> Any:
        return policy(PolicyKind.RESOURCE, name, text, *statements) if statements else None

    masked = ObjectLambdaAccessPoint(
        arn(MASKED),
        arn(POINT),
        ("GetObject",),
        (arn(FUNCTION),),
        guarded("Object Lambda access point policy", MASKED, own),
    )
    function = LambdaFunction(arn(FUNCTION), None, guarded("function policy", FUNCTION, of_function))
    main = account(
        A,
        users=(user(A, "ann", *identity),),
        buckets=(bucket(A, "b", *of_bucket),),
        access_points=(point(*of_point),),
        object_lambda_access_points=(replace(masked, **more),),
        functions=(function,) if held else (),
    )
    return world(main, account(B, users=(user(B, "bob", *foreign),)), organization=within)


def routes(where: World, who: str = ANN, **query: Any) -> tuple[Route, ...]:
    found = find_routes(where, Query(starts=(who,), **query)).routes
    return tuple(route for route in found if route.access.through == MASKED)


def via(*statements: Json) -> tuple[Json, ...]:
    return tuple(each | {"Condition": VIA} for each in statements)


TO_BOB_ALL = {
    "own": (allow(GET, MASKED, principal=TO_BOB),),
    "of_function": (allow(INVOKE, FUNCTION, principal=TO_BOB),),
    "of_point": (allow(READ, THROUGH, principal=TO_BOB),),
    "of_bucket": (DELEGATE,),
}
CASES: list[tuple[str, str, World, str, str]] = [
    # rule, title, world, caller, expected
    ("S3-56", "all three", scene(*ALL), ANN, "yes"),
    ("S3-56", "nothing", scene(), ANN, "no"),
    ("S3-56", "not on the Object Lambda access point", scene(ON_FUNCTION, ON_DATA), ANN, "no"),
    ("S3-56", "not on the function", scene(ON_POINT, ON_DATA), ANN, "no"),
    ("S3-56", "not on the data", scene(ON_POINT, ON_FUNCTION), ANN, "no"),
    ("S3-56", "on the bucket alone", scene(ON_POINT, ON_FUNCTION, allow(READ, OBJECTS)), ANN, "no"),
    ("S3-56", "by aws:CalledVia alone", scene(ON_POINT, *via(ON_FUNCTION, ON_DATA)), ANN, "yes"),
    ("S3-56", "data but not by a service", scene(*ALL, deny(READ, "*", condition=VIA)), ANN, "no"),
    ("S3-56", "data directly alone", scene(*ALL[:2], ON_DATA | {"Condition": DIRECTLY}), ANN, "no"),
    ("S3-56", "its policy denies", scene(*ALL, own=(deny("*", MASKED, principal="*"),)), ANN, "no"),
    ("S3-56", "the function denies", scene(*ALL, deny(INVOKE, "*")), ANN, "no"),
    ("S3-56", "the access point denies", scene(*ALL, of_point=(deny("*", "*", principal="*"),)), ANN, "no"),
    ("S3-56", "the bucket denies", scene(*ALL, of_bucket=(deny("*", "*", principal="*"),)), ANN, "no"),
    ("S3-56", "data from an address", scene(*ALL[:2], ON_DATA | {"Condition": NEAR}), ANN, "unknown"),
    ("S3-56", "its own from an address", scene(ON_POINT | {"Condition": NEAR}, *ALL[1:]), ANN, "yes"),
    ("S3-56", "the function is not held", scene(*ALL, held=False), ANN, "unknown"),
    ("EVAL-20", "across accounts", scene(foreign=(allow("*", "*"),), **TO_BOB_ALL), BOB, "yes"),
    ("EVAL-20", "across, own account says no", scene(foreign=ALL[:2], **TO_BOB_ALL), BOB, "no"),
    *(
        ("EVAL-20", f"across, without {part}", scene(foreign=(allow("*", "*"),), **rest), BOB, "no")
        for part in ("own", "of_function", "of_point")
        for rest in [{key: value for key, value in TO_BOB_ALL.items() if key != part}]
    ),
    (
        "ORG-20",
        "an RCP on s3-object-lambda does nothing",
        scene(
            *ALL, within=organization(A, rcps={"root": [[deny("s3-object-lambda:*", "*", principal="*")]]})
        ),
        ANN,
        "yes",
    ),
    (
        "ORG-20",
        "an RCP on the data",
        scene(*ALL, within=organization(A, rcps={"root": [[deny("s3:*", "*", principal="*")]]})),
        ANN,
        "no",
    ),
    (
        "ORG-1",
        "an SCP on s3-object-lambda",
        scene(*ALL, within=organization(B, A, scps={"root": [[deny("s3-object-lambda:*", "*")]]})),
        ANN,
        "no",
    ),
]


@pytest.mark.parametrize(
    ("rule", "title", "where", "who", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_three_authorizations(rule: str, title: str, where: World, who: str, expected: str) -> None:
    found = routes(where, who)
    assert len(found) == (expected != "no")
    for route in found:
        hop = route.access
        assert (hop.kind, hop.target, hop.actions) == ("object-lambda", "arn:aws:s3:::b", (GET, READ))
        assert (hop.witness is not None) is (expected == "yes")
        assert bool(hop.gaps) is (expected == "unknown")
        assert any("up to the function" in note for note in hop.notes)
        shown = [each for each in (hop.witness, *hop.also) if each is not None]
        assert [each.action for each in shown] == ([GET, INVOKE, READ, READ] if expected == "yes" else [])
        assert all(decide_request(where, request_of_witness(each)).allowed == TRUE for each in shown)
        assert all(decide_scenario(each).decision == "allow" for each in scenarios(where, (route,)))


def test_a_route_is_found_told_and_drawn() -> None:
    where = scene(*ALL[:2], allow(READ, [f"{POINT}/object/logs/*", "arn:aws:s3:::b/*"]))
    (route,) = routes(where)
    assert route.design == "Object Lambda access point"
    assert route.access.resources == ("arn:aws:s3:::b/logs/*",)
    assert routes(where, actions=(READ,))
    assert routes(where, targets=("arn:aws:s3:::b/logs/x",))
    assert not routes(where, targets=("arn:aws:s3:::b/other",))
    assert not routes(where, actions=("s3:PutObject",))
    (told,) = explain_route(where, route.id, Query(starts=(ANN,)))
    assert [each.action for each in told.further] == [INVOKE, READ, READ]
    assert picture_of((route,)).hops
    found = find_routes(where, Query(starts=(ANN,)))
    document = json.loads("".join(routes_json(query_json(found.query), found.routes, found.gaps)))
    Draft202012Validator(json.loads(schema_text("routes"))).validate(document)
    assert MASKED in [each["hops"][-1].get("through") for each in document["routes"]]
    indirect = who_can(where, (READ,), "arn:aws:s3:::b/logs/x").indirect
    assert MASKED in [each.access.through for each in indirect]


def test_what_is_not_followed_is_a_gap() -> None:
    for where in (scene(*ALL, functions=()), scene(*ALL, supporting=None), scene(*ALL, transforms=())):
        assert not routes(where)
        gaps = find_routes(where, Query()).gaps
        assert any(gap.place == MASKED and "not followed" in gap.reason for gap in gaps)
