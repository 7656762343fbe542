"""Tags of buckets and of objects in conditions: where they count, and where that is not known (S3-26, chapter 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE
from pathfinder.model.organization import Snapshot
from pathfinder.model.resources import AccessPoint, S3Object
from pathfinder.routes.explain import explain_request
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import ALL_KNOWN, A, account, allow, arn, bucket, deny, user, world

ANN = f"arn:aws:iam::{A}:user/ann"
OBJECT, BUCKET = "arn:aws:s3:::b/k", "arn:aws:s3:::b"
READ, LIST = "s3:GetObject", "s3:ListBucket"
RED = {"team": "red"}
Json = dict[str, Any]


def tagged(operator: str, key: str, value: str, effect: Any = allow, **more: Any) -> Json:
    return dict(effect([READ, LIST], "*", condition={operator: {key: value}}, **more))


def scene(
    *identity: Json,
    abac: bool | None,
    tags: Mapping[str, str] = RED,
    unread: tuple[str, ...] = (),
    policy: tuple[Json, ...] = (),
    objects: tuple[S3Object, ...] = (),
    points: tuple[AccessPoint, ...] = (),
) -> World:
    held = bucket(A, "b", *policy, abac=abac, tags=tags, unread=unread, objects=objects)
    return world(account(A, users=(user(A, "ann", *identity),), buckets=(held,), access_points=points))


OWN = "aws:ResourceTag/team"
BY_BUCKET = "s3:BucketTag/team"
ON, OFF, UNKNOWN = True, False, None
TAGS_UNREAD = ("Tagging",)
EQUAL, NOT_EQUAL, IF_THERE = "StringEquals", "StringNotEquals", "StringEqualsIfExists"
PLAIN = allow([READ, LIST], "*")
CASES: list[tuple[str, str, tuple[Json, ...], bool | None, tuple[str, ...], str]] = [
    # rule, title, identity statements, ABAC, unread, expected for the bucket and for its objects
    ("S3-26", "on, the tag fits", (tagged(EQUAL, OWN, "red"),), ON, (), "yes"),
    ("S3-26", "on, the tag does not fit", (tagged(EQUAL, OWN, "blue"),), ON, (), "no"),
    ("S3-26", "on, another tag", (tagged(EQUAL, "aws:ResourceTag/cost", "red"),), ON, (), "no"),
    ("S3-26", "on, s3:BucketTag", (tagged(EQUAL, BY_BUCKET, "red"),), ON, (), "yes"),
    ("S3-26", "off, aws:ResourceTag is absent", (tagged(EQUAL, OWN, "red"),), OFF, (), "no"),
    ("S3-26", "off, s3:BucketTag is absent", (tagged(EQUAL, BY_BUCKET, "red"),), OFF, (), "no"),
    ("S3-26", "off, a negated operator holds", (tagged(NOT_EQUAL, OWN, "red"),), OFF, (), "yes"),
    ("S3-26", "on, a negated operator does not", (tagged(NOT_EQUAL, OWN, "red"),), ON, (), "no"),
    ("S3-26", "off, a Deny by tag does nothing", (PLAIN, tagged(EQUAL, OWN, "red", deny)), OFF, (), "yes"),
    ("S3-26", "on, a Deny by tag", (PLAIN, tagged(EQUAL, OWN, "red", deny)), ON, (), "no"),
    ("S3-26", "not known, the tag fits", (tagged(EQUAL, OWN, "red"),), UNKNOWN, (), "unknown"),
    ("S3-26", "not known, s3:BucketTag fits", (tagged(EQUAL, BY_BUCKET, "red"),), UNKNOWN, (), "unknown"),
    ("S3-26", "not known, a Deny by tag", (PLAIN, tagged(EQUAL, OWN, "red", deny)), UNKNOWN, (), "unknown"),
    ("S3-26", "not known, neither reading fits", (tagged(EQUAL, OWN, "blue"),), UNKNOWN, (), "no"),
    ("S3-26", "not known, both readings fit", (tagged(IF_THERE, OWN, "red"),), UNKNOWN, (), "yes"),
    ("S3-26", "not known, another tag", (tagged(EQUAL, "aws:ResourceTag/cost", "x"),), UNKNOWN, (), "no"),
    ("S3-26", "not known, no policy asks for tags", (PLAIN,), UNKNOWN, (), "yes"),
    ("S3-26", "not known, tags unread", (tagged(EQUAL, OWN, "blue"),), UNKNOWN, TAGS_UNREAD, "unknown"),
    ("S3-26", "on, tags unread", (tagged(EQUAL, OWN, "blue"),), ON, TAGS_UNREAD, "unknown"),
    ("S3-26", "off, tags unread", (tagged(EQUAL, OWN, "blue"),), OFF, TAGS_UNREAD, "no"),
    (
        "S3-26",
        "not known, a variable in a value",
        (tagged(EQUAL, "aws:PrincipalAccount", "${aws:ResourceTag/team}"),),
        UNKNOWN,
        TAGS_UNREAD,
        "unknown",
    ),
    (
        "S3-26",
        "not known, a variable in a resource",
        (allow([READ, LIST], ["arn:aws:s3:::${aws:ResourceTag/team}*"]),),
        UNKNOWN,
        TAGS_UNREAD,
        "unknown",
    ),
]


@pytest.mark.parametrize(
    ("rule", "title", "identity", "abac", "unread", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_bucket_tags(
    rule: str,
    title: str,
    identity: tuple[Json, ...],
    abac: bool | None,
    unread: tuple[str, ...],
    expected: str,
) -> None:
    """Searches and explanations agree; what is certain has a witness that is allowed when it is replayed."""
    where = scene(*identity, abac=abac, unread=unread, tags={} if unread else RED)
    found = find_routes(where, Query(starts=(ANN,))).routes
    opened = {action: route.access for route in found for action in route.access.actions}
    for action, resource in ((READ, OBJECT), (LIST, BUCKET)):
        told = explain_request(where, ANN, action, resource)
        hop = opened.get(action)
        if expected == "no":
            assert (hop, told.condition) == (None, FALSE)
            continue
        assert hop is not None
        assert (hop.witness is not None) is (expected == "yes")
        said = any("ABAC" in gap or "open variable" in gap for gap in hop.gaps)
        assert said is (expected == "unknown")
        assert (told.witness is not None) is (expected == "yes")
    if expected == "yes":
        _replays(where)


def _replays(where: World) -> None:
    routes = find_routes(where, Query(starts=(ANN,))).routes
    shown = [hop.witness for route in routes for hop in route.hops]
    assert shown
    assert all(each and decide_request(where, request_of_witness(each)).allowed == TRUE for each in shown)
    assert all(decide_scenario(each).decision == "allow" for each in scenarios(where, routes))


def test_a_bucket_that_no_inventory_holds() -> None:
    """TERM-5, S3-26: neither its ABAC nor its tags are known."""
    own = account(A, users=(user(A, "ann", tagged(EQUAL, OWN, "red")),), known=ALL_KNOWN - {"buckets"})
    found = find_routes(World(Snapshot((own,))), Query(starts=(ANN,))).routes
    assert found
    assert all(any("its tags" in gap for gap in route.access.gaps) for route in found)
    assert all(route.access.witness is None for route in found)


POINT = f"arn:aws:s3:eu-west-1:{A}:accesspoint/ap"
POINT_CASES = [
    # rule, title, condition key, ABAC of the bucket, expected
    ("S3-26", "s3:BucketTag through it", BY_BUCKET, ON, "yes"),
    ("S3-26", "s3:BucketTag, off", BY_BUCKET, OFF, "no"),
    ("S3-26", "s3:BucketTag, not known", BY_BUCKET, UNKNOWN, "unknown"),
    ("KEY", "s3:AccessPointTag needs no ABAC", "s3:AccessPointTag/team", OFF, "yes"),
    ("S3-26", "aws:ResourceTag on both levels", OWN, ON, "yes"),
    ("S3-26", "aws:ResourceTag, off: the bucket's is absent", OWN, OFF, "no"),
    ("S3-26", "aws:ResourceTag, not known", OWN, UNKNOWN, "unknown"),
]


@pytest.mark.parametrize(
    ("rule", "title", "key", "abac", "expected"), POINT_CASES, ids=[f"{c[0]} {c[1]}" for c in POINT_CASES]
)
def test_through_an_access_point(rule: str, title: str, key: str, abac: bool | None, expected: str) -> None:
    point = AccessPoint(arn(POINT), "b", A, None, tags=RED)
    where = scene(tagged(EQUAL, key, "red"), abac=abac, points=(point,))
    routes = [
        each for each in find_routes(where, Query(starts=(ANN,))).routes if each.access.through is not None
    ]
    assert bool(routes) is (expected != "no")
    for route in routes:
        assert (route.access.witness is not None) is (expected == "yes")
        assert any("ABAC" in gap for gap in route.access.gaps) is (expected == "unknown")


OBJECT_KEY = "s3:ExistingObjectTag/team"
BY_OBJECT = allow("s3:*", "*", condition={EQUAL: {OBJECT_KEY: "red"}})
OBJECTS = (
    S3Object("red", tags=RED),
    S3Object("blue", tags={"team": "blue"}),
    S3Object("bare", tags={}),
    S3Object("unread"),
)
OBJECT_CASES: list[tuple[str, str, str, Json, str]] = [
    # title, action, key of the object, statement, expected: whether the tag is a condition still
    ("its tag fits", READ, "red", BY_OBJECT, "yes"),
    ("its tag does not fit", READ, "blue", BY_OBJECT, "no"),
    ("it has no tags", READ, "bare", BY_OBJECT, "no"),
    ("its tags are not known", READ, "unread", BY_OBJECT, "open"),
    ("it is not listed", READ, "other", BY_OBJECT, "open"),
    ("all objects", READ, "*", BY_OBJECT, "open"),
    ("the key in another case", READ, "red", tagged(EQUAL, "s3:existingobjecttag/TEAM", "red"), "yes"),
    ("a negated operator", READ, "bare", tagged(NOT_EQUAL, OBJECT_KEY, "red"), "yes"),
    ("s3:GetObjectAcl", "s3:GetObjectAcl", "red", BY_OBJECT, "yes"),
    ("s3:PutObjectTagging", "s3:PutObjectTagging", "blue", BY_OBJECT, "no"),
    ("another version has tags of its own", "s3:GetObjectVersion", "blue", BY_OBJECT, "open"),
    ("s3:PutObject has no such key", "s3:PutObject", "red", BY_OBJECT, "no"),
    ("s3:DeleteObject has no such key", "s3:DeleteObject", "red", BY_OBJECT, "no"),
]


@pytest.mark.parametrize("through", [False, True])
@pytest.mark.parametrize(
    ("title", "action", "key", "statement", "expected"), OBJECT_CASES, ids=[c[0] for c in OBJECT_CASES]
)
def test_object_tags(
    title: str, action: str, key: str, statement: Json, expected: str, through: bool
) -> None:
    """Chapter 6, row s3:ExistingObjectTag: a listed object's own tags where it is the one asked about."""
    point = AccessPoint(arn(POINT), "b", A, None)
    where = scene(statement, abac=False, objects=OBJECTS, points=(point,))
    text = f"{POINT}/object/{key}" if through else f"{BUCKET}/{key}"
    found = explain_request(where, ANN, action, text)
    users = [each for each in who_can(where, (action,), text).results if each.principal == ANN]
    assert [each.condition == TRUE for each in users] == ([] if expected == "no" else [expected == "yes"])
    if expected == "no":
        assert (found.condition, found.witness) == (FALSE, None)
        return
    assert (found.condition == TRUE) is (expected == "yes")
    assert found.witness is not None
    assert found.witness.context[OBJECT_KEY] == "red" if title == "its tag fits" else True
    assert decide_request(where, request_of_witness(found.witness)).allowed == TRUE


def test_searches_leave_object_tags_open() -> None:
    where = scene(BY_OBJECT, abac=False, objects=OBJECTS)
    (route,) = (each for each in find_routes(where, Query(starts=(ANN,), actions=(READ,))).routes)
    assert "existingobjecttag" in str(route.access.condition)


@pytest.mark.parametrize("tags", [{"Team": "red", "team": "blue"}, {"team": "blue", "Team": "red"}])
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (tagged(EQUAL, OWN, "red"), "unknown"),
        (tagged(EQUAL, BY_BUCKET, "red"), "unknown"),
        (tagged(EQUAL, OBJECT_KEY, "red"), "unknown"),
        (tagged(IF_THERE, OWN, "red"), "unknown"),
        (tagged(EQUAL, "aws:ResourceTag/cost", "red"), "no"),
        (PLAIN, "yes"),
    ],
)
def test_tags_that_differ_only_in_case(tags: dict[str, str], statement: Json, expected: str) -> None:
    """COND-3: key names ignore case, so which of the two tags a condition sees is not known."""
    where = scene(statement, abac=ON, tags=tags, objects=(S3Object("k", tags=tags),))
    told = explain_request(where, ANN, READ, OBJECT)
    assert (told.condition == FALSE) is (expected == "no")
    assert (told.witness is not None) is (expected == "yes")
    assert any("COND-3" in gap for gap in told.gaps) is (expected == "unknown")


def test_tags_that_differ_only_in_case_and_agree() -> None:
    """COND-3: whichever is seen, the answer is the same."""
    where = scene(tagged(EQUAL, OWN, "red"), abac=ON, tags={"Team": "red", "team": "red"})
    assert explain_request(where, ANN, READ, OBJECT).witness is not None
