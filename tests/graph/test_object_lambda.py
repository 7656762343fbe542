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
from pathfinder.report.json_ import query_json, routes_json, who_can_json
from pathfinder.report.schemas import schema_text
from pathfinder.routes.can import can
from pathfinder.routes.explain import explain_request, explain_route
from pathfinder.routes.export import scenarios
from pathfinder.routes.names import UnknownNameError
from pathfinder.routes.route import Query, Route
from pathfinder.routes.scenarios import decide_in_world
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


# ---- asked by name -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "is_told"), [(f"arn:aws:sts::{A}:federated-user/f", True), (ANN, False)])
def test_federated_users_through_it_are_a_gap(name: str, is_told: bool) -> None:
    """STS-21, PRIN-7."""
    where = scene(*ALL, own=(allow(GET, MASKED, principal={"AWS": name}),))
    told = [gap for gap in find_routes(where, Query()).gaps if "federated user" in gap.reason]
    assert [gap.place for gap in told] == [MASKED] * is_told


def asked(where: World, *targets: str, **query: Any) -> set[str]:
    found = find_routes(where, Query(targets=targets, **query)).routes
    assert all(route.access.through == MASKED for route in found)
    return {route.start.id for route in found}


@pytest.mark.parametrize("text", [MASKED, "masked-x--ol-s3", "arn:aws:s3:::masked-x--ol-s3"])
def test_routes_to_it_are_those_through_it(text: str) -> None:
    """S3-54, S3-56: by its ARN, or by its alias in place of a bucket's name; the bucket's other ways are left out."""
    where = scene(
        ON_POINT, ON_FUNCTION, allow(READ, [f"{POINT}/object/logs/*", OBJECTS]), alias="masked-x--ol-s3"
    )
    root = f"arn:aws:iam::{A}:root"
    assert asked(where, text) == {ANN, root}
    assert asked(where, text, actions=(GET,)) == {ANN, root}
    assert asked(where, text, actions=("s3:PutObject",)) == set()
    through = f"{text}/object/logs/a" if text == MASKED else f"{text}/logs/a"
    assert asked(where, through) == {ANN, root}
    assert asked(where, through.replace("logs", "other")) == {root}


def test_who_reads_through_it() -> None:
    where = scene(*ALL, foreign=(allow("*", "*"),), **TO_BOB_ALL)
    for actions in ((READ,), (GET,), ("s3:*",)):
        found = who_can(where, actions, MASKED)
        assert [each.principal for each in found.results] == [
            f"arn:aws:iam::{A}:root",
            ANN,
            BOB,
        ]
        assert {(each.action, each.resource) for each in found.results} == {(GET, MASKED)}
        assert all(each.witness and len(each.also) == 3 for each in found.results)
        assert found.indirect == ()
        document = json.loads("".join(who_can_json(found)))
        Draft202012Validator(json.loads(schema_text("who-can"))).validate(document)
    assert [each.principal for each in who_can(scene(ON_POINT), (READ,), MASKED).results] == [
        f"arn:aws:iam::{A}:root"
    ]


EXPLAINED = [
    # what is asked                                          the world                           verdict
    ("the API's own name", READ, scene(*ALL), "allow"),
    ("the action", GET, scene(*ALL), "allow"),
    ("without the function", GET, scene(ON_POINT, ON_DATA), "implicit-deny"),
    ("another call", "s3-object-lambda:ListBucket", scene(allow("*", "*")), "unknown"),
    ("another version", "s3-object-lambda:GetObjectVersion", scene(allow("*", "*")), "unknown"),
    ("another call that is refused anyway", "s3-object-lambda:ListBucket", scene(*ALL), "implicit-deny"),
    ("what it calls is not known", GET, scene(*ALL, functions=()), "unknown"),
    ("GetObject goes past its functions", GET, scene(*ALL, transforms=("ListObjectsV2",)), "unknown"),
]


@pytest.mark.parametrize(
    ("title", "action", "where", "verdict"), EXPLAINED, ids=[each[0] for each in EXPLAINED]
)
def test_a_call_is_explained_with_all_that_it_needs(
    title: str, action: str, where: World, verdict: str
) -> None:
    """S3-56, TERM-2: what is not followed is unknown, and never allowed by its first authorization alone."""
    found = explain_request(where, ANN, action, MASKED)
    assert (found.verdict, found.resource) == (verdict, MASKED)
    if verdict == "unknown":
        assert found.witness is None
        assert any("S3-56" in gap for gap in found.gaps)


def test_one_that_no_inventory_holds_is_unknown() -> None:
    found = explain_request(scene(allow("*", "*")), ANN, GET, f"{MASKED}2")
    assert found.verdict == "unknown"
    assert any("no inventory" in gap for gap in found.gaps)


REFUSED: list[tuple[str, Any]] = [
    ("no principal", lambda: can(scene(*ALL), MASKED)),
    ("no Object Lambda access point", lambda: asked(scene(*ALL), f"{MASKED}2")),
    ("is not known, or no GetObject goes through it", lambda: asked(scene(*ALL, functions=()), MASKED)),
    (
        "is not followed: of calls",
        lambda: asked(scene(*ALL), MASKED, actions=("s3-object-lambda:PutObject",)),
    ),
    ("is not followed: GetObject alone", lambda: who_can(scene(*ALL), ("s3:PutObject",), MASKED)),
    ("on Object Lambda access points alone", lambda: who_can(scene(*ALL), (GET,), "b")),
    ("is not followed: GetObject alone", lambda: explain_request(scene(*ALL), ANN, "s3:PutObject", MASKED)),
    ("without an object's key", lambda: explain_request(scene(*ALL), ANN, GET, f"{MASKED}/object/a")),
]


@pytest.mark.parametrize(("words", "ask"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_cannot_be_answered_says_so(words: str, ask: Any) -> None:
    with pytest.raises(UnknownNameError, match=words) as error:
        ask()
    assert "\n" not in str(error.value)


def test_check_says_that_it_decides_one_of_three_authorizations() -> None:
    request = {"principal": ANN, "action": GET, "resource": MASKED}
    found = decide_in_world(scene(ON_POINT), {"request": request})
    assert found.decision == "allow"
    assert any("decided alone" in each for each in found.warnings)
