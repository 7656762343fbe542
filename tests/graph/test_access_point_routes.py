"""Routes through access points: conditions, witnesses on both levels, names, reports (S3-50 to S3-55)."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.resources import AccessPoint, Key
from pathfinder.policy.document import PolicyKind
from pathfinder.report.html.picture import picture_of
from pathfinder.report.json_ import query_json, routes_json
from pathfinder.report.schemas import schema_text
from pathfinder.routes.explain import explain_request, explain_route
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.vantage import seen
from pathfinder.routes.whocan import who_can
from tests.building import (
    A,
    B,
    account,
    allow,
    arn,
    bucket,
    deny,
    endpoint,
    instance,
    policy,
    role,
    user,
    world,
)
from tests.graph.test_access_points import (
    ANN,
    BUCKET,
    DELEGATE,
    LIST,
    MANY,
    OBJECTS,
    ON_BOTH,
    POINT,
    READ,
    THROUGH,
    TO_ANN,
    Json,
    decided,
    delegate,
    multi_region,
    point,
    scene,
)


def routes(where: World, *, through: str | None = POINT, **query: Any) -> tuple[Route, ...]:
    query.setdefault("starts", (ANN,))
    found = find_routes(where, Query(**query)).routes
    return tuple(route for route in found if through in (None, route.access.through))


def proven(where: World, route: Route) -> bool:
    """Every witness of the route is allowed when it is replayed, by the snapshot's policies and by its own."""
    shown = [each for hop in route.hops for each in (hop.witness, *hop.also) if each is not None]
    replayed = all(decide_request(where, request_of_witness(each)).allowed == TRUE for each in shown)
    return replayed and all(decide_scenario(each).decision == "allow" for each in scenarios(where, (route,)))


def test_a_route_has_a_witness_on_each_level() -> None:
    where = scene(allow(READ, f"{POINT}/object/logs/*", principal=TO_ANN), bucket_policy=(DELEGATE,))
    (route,) = routes(where)
    hop = route.access
    assert (route.design, hop.kind, hop.via, hop.target) == (
        "access point",
        "access-point",
        "access point ap",
        BUCKET,
    )
    assert (hop.actions, hop.resources, hop.condition) == ((READ,), ("arn:aws:s3:::b/logs/*",), TRUE)
    assert hop.witness is not None
    assert [each.resource for each in (hop.witness, *hop.also)] == [
        f"{POINT}/object/logs/x",
        "arn:aws:s3:::b/logs/x",
    ]
    assert hop.witness.context["s3:DataAccessPointArn"] == POINT
    assert proven(where, route)
    assert routes(where, through=None) == (route,)


def test_one_route_for_actions_that_open_together() -> None:
    where = scene(
        identity=(allow(["s3:GetObject", "s3:PutObject", LIST], [THROUGH, POINT, BUCKET, OBJECTS]),)
    )
    (route,) = routes(where)
    assert route.access.actions == ("s3:GetObject", LIST, "s3:PutObject")
    assert route.access.resources == (BUCKET, OBJECTS)


def test_the_origin_is_a_condition_and_evidence() -> None:
    """S3-52: open from the VPC alone, whoever asks and from wherever it is looked at."""
    gate = endpoint(A, "vpce-1", "vpc-1", allow("*", "*", principal="*"))
    other = endpoint(A, "vpce-2", "vpc-2", allow("*", "*", principal="*"))
    where = scene(identity=ON_BOTH, vpc="vpc-1", endpoints=(gate, other))
    (route,) = routes(where)
    assert str(route.access.condition) != str(TRUE)
    assert [each.policy for each in route.access.evidence if each.source == "access point origin"] == [
        "vpc-1"
    ]
    (looked_at,) = (
        each
        for each in seen(where, find_routes(where, Query(starts=(ANN,)))).routes
        if each.access.through == POINT
    )
    assert {view.vantage: view.open for view in looked_at.vantages if view.vantage != "service"} == {
        "internet": False,
        "vpce-1": True,
        "vpce-2": False,
    }
    assert proven(where, route)


def test_sessions_along_a_route() -> None:
    """A session's name that the access point asks for is chosen in the call that starts it (STS-9)."""
    named = allow(READ, THROUGH, principal={"AWS": f"arn:aws:sts::{A}:assumed-role/app/audit"})
    own = account(
        A,
        users=(user(A, "ann", allow("sts:AssumeRole", "*")),),
        roles=(role(A, "app", {"AWS": ANN}),),
        buckets=(bucket(A, "b", DELEGATE),),
        access_points=(point(named),),
    )
    where = world(own)
    (route,) = routes(where)
    assert [hop.kind for hop in route.hops] == ["assume-role", "access-point"]
    assert route.design == "AssumeRole"
    assert route.access.witness is not None
    assert route.access.witness.principal.endswith(":assumed-role/app/audit")
    assert proven(where, route)
    (shown, *_) = explain_route(where, route.id, Query(starts=(ANN,)))[::-1]
    assert (shown.resource, [each.resource for each in shown.further]) == (POINT, [OBJECTS[:-1] + "*"])


def test_targets_and_who_can_by_the_access_points_arn() -> None:
    where = scene(identity=ON_BOTH)
    assert {route.access.through for route in routes(where, through=None)} == {None, POINT}
    assert len(routes(where, through=None, targets=(POINT,))) == 1
    assert len(routes(where, through=None, targets=(f"{POINT}/object/k",))) == 1
    narrow = scene(identity=(allow(READ, [f"{POINT}/object/logs/*", OBJECTS]),))
    assert routes(narrow, through=None, targets=(f"{POINT}/object/k",)) == ()
    assert len(routes(narrow, through=None, targets=(f"{POINT}/object/logs/k",))) == 1
    assert [each.principal for each in who_can(narrow, (READ,), f"{POINT}/object/logs/k").results] == [
        f"arn:aws:iam::{A}:root",
        ANN,
    ]
    directly = who_can(
        scene(allow(READ, THROUGH, principal=TO_ANN), bucket_policy=(DELEGATE,)), (READ,), OBJECTS
    )
    assert ANN not in [each.principal for each in directly.results]
    assert ANN in [each.nodes[0].id for each in directly.indirect]


def test_explain_says_which_level_refuses() -> None:
    where = scene(identity=(allow(READ, THROUGH),))
    shown = explain_request(where, ANN, READ, f"{POINT}/object/k")
    assert shown.verdict == "implicit-deny"
    assert [each.verdict for each in shown.further] == ["implicit-deny"]
    assert shown.further[0].resource == "arn:aws:s3:::b/k"
    assert all("arn:aws:s3:::b/k" in text for text in shown.missing)
    assert explain_request(where, ANN, READ, f"{POINT}/object/k").decision.allowed == TRUE
    opened = scene(identity=ON_BOTH)
    assert explain_request(opened, ANN, READ, f"{POINT}/object/k").verdict == "allow"
    assert explain_request(opened, "anonymous", READ, f"{POINT}/object/k").verdict == "implicit-deny"


def test_several_members_of_a_multi_region_access_point() -> None:
    """S3-55: certain only where all members allow it; else which one serves is what is not known."""
    sure = multi_region((delegate("b"),), (delegate("b2"),))
    assert [(each.target.id, bool(each.access.witness)) for each in routes(sure, through=MANY)] == [
        (BUCKET, True),
        ("arn:aws:s3:::b2", True),
    ]
    assert all(proven(sure, each) for each in routes(sure, through=MANY))
    unsure = multi_region((delegate("b"),), ())
    (route,) = routes(unsure, through=MANY)
    assert (route.target.id, route.access.witness) == (BUCKET, None)
    assert any("b2" in gap for gap in route.gaps)
    assert explain_request(unsure, ANN, READ, f"{MANY}/object/k").verdict == "unknown"


def test_reports_show_the_access_point() -> None:
    where = scene(identity=ON_BOTH)
    found = find_routes(where, Query(starts=(ANN,)))
    told = json.loads("".join(routes_json(query_json(found.query), found.routes, found.gaps)))
    Draft202012Validator(json.loads(schema_text("routes"))).validate(told)
    assert [hop["through"] for each in told["routes"] for hop in each["hops"]] == [None, POINT]
    picture = picture_of(found.routes)
    (number,) = (place for place, hop in enumerate(picture.hops) if hop.through)
    lines = {line.id: line for line in picture.lines}
    first, second = lines[picture.line_of[number]], lines[picture.line_behind[number]]
    assert first.target == second.source == picture.dot_of[POINT]
    assert (first.source, second.target) == (picture.dot_of[ANN], picture.dot_of[BUCKET])


def test_an_instance_reaches_the_bucket_through_the_access_point() -> None:
    machine, profile = instance(B, "i-1", "app")
    there = account(
        B,
        roles=(role(B, "app", {"Service": "ec2.amazonaws.com"}, allow("s3:*", "*")),),
        instances=(machine,),
        instance_profiles=(profile,),
    )
    open_to = allow(READ, THROUGH, principal={"AWS": f"arn:aws:iam::{B}:role/app"})
    own = account(A, buckets=(bucket(A, "b", DELEGATE),), access_points=(point(open_to),))
    where = world(own, there)
    (route,) = routes(where, starts=(str(machine.arn),))
    assert [hop.kind for hop in route.hops] == ["instance-profile", "access-point"]
    assert (route.cross_account, route.acting.account) == (True, B)
    assert proven(where, route)


def test_who_can_tells_of_each_principal_once_however_many_buckets_serve() -> None:
    """S3-55: one result for all members, and it is certain where all of them allow."""
    for second, certain in (((delegate("b2"),), True), ((), False)):
        where = multi_region((delegate("b"),), second)
        found = who_can(where, (READ,), MANY).results
        assert [each.principal for each in found] == sorted({each.principal for each in found})
        (ann,) = (each for each in found if each.principal == ANN)
        assert (ann.witness is not None, bool(ann.gaps)) == (certain, not certain)


# ---- laws -------------------------------------------------------------------------------------------------

KEYS = {
    "aws:SourceVpc": (None, "vpc-1", "vpc-2"),
    "s3:prefix": (None, "logs"),
    "aws:PrincipalOrgID": (None,),
}
OPERATORS = ("StringEquals", "StringNotEquals", "StringEqualsIfExists", "Null")


@st.composite
def statements(draw: st.DrawFn, resources: tuple[str, ...], *, named: bool) -> Json:
    effect = draw(st.sampled_from([allow, allow, deny]))
    more: dict[str, Any] = {}
    if named:
        more["principal"] = draw(st.sampled_from(["*", TO_ANN, {"AWS": A}, {"AWS": B}]))
    if draw(st.booleans()):
        operator = draw(st.sampled_from(OPERATORS))
        key, value = draw(
            st.sampled_from(
                [
                    ("aws:SourceVpc", "vpc-1"),
                    ("s3:DataAccessPointAccount", A),
                    ("s3:DataAccessPointArn", POINT),
                    ("s3:AccessPointNetworkOrigin", "VPC"),
                    ("aws:PrincipalAccount", A),
                ]
            )
        )
        more["condition"] = {operator: {key: "true" if operator == "Null" else value}}
    return effect(
        draw(st.sampled_from([READ, "s3:*", [READ, LIST]])), draw(st.sampled_from(resources)), **more
    )


def several(resources: tuple[str, ...], *, named: bool) -> st.SearchStrategy[tuple[Json, ...]]:
    return st.lists(statements(resources, named=named), max_size=2).map(tuple)


@st.composite
def scenes(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "statements": draw(several((THROUGH, f"{POINT}/object/logs/*", POINT), named=True)),
        "identity": draw(several((THROUGH, OBJECTS, "*"), named=False)),
        "bucket_policy": draw(several((OBJECTS, "arn:aws:s3:::b/logs/*", BUCKET), named=True)),
        "vpc": draw(st.sampled_from([None, "vpc-1"])),
        "restricted": draw(st.booleans()),
    }


def made(parts: dict[str, Any]) -> World:
    parts = dict(parts)
    return scene(*parts.pop("statements"), **parts)


CONTEXTS = [
    {"aws:PrincipalAccount": A, **({"aws:SourceVpc": vpc, "aws:SourceVpce": "vpce-9"} if vpc else {})}
    for vpc in (None, "vpc-1", "vpc-2")
]


def reads(where: World) -> bool:
    """Whether ann reads some object through the access point in some context, asked one by one."""
    keys, contexts = ("k", "logs/k"), CONTEXTS
    return any(
        decided(where, resource=f"{POINT}/object/{key}", context=context) == "allow"
        for key, context in product(keys, contexts)
    )


@settings(max_examples=25, deadline=None)
@given(scenes())
def test_routes_are_what_asking_one_by_one_finds(parts: dict[str, Any]) -> None:
    """S3-50: the two conditions as one formula, against complete requests."""
    where = made(parts)
    found = [each for each in routes(where, max_hops=1) if READ in each.access.actions]
    assert bool(found) == reads(where)
    assert all(proven(where, each) for each in found)


@settings(max_examples=15, deadline=None)
@given(scenes(), st.sampled_from(["statements", "bucket_policy"]), st.data())
def test_a_deny_never_opens_and_without_the_access_point_nothing_is_left(
    parts: dict[str, Any], where_to: str, data: st.DataObject
) -> None:
    before = {(each.access.actions, each.access.resources) for each in routes(made(parts), max_hops=1)}
    there = (THROUGH, POINT) if where_to == "statements" else (OBJECTS, BUCKET)
    extra = data.draw(statements(there, named=True))
    denied = made({**parts, where_to: (*parts[where_to], {**extra, "Effect": "Deny"})})
    opened = {name for each in routes(denied, max_hops=1) for name in each.access.actions}
    assert opened <= {name for names, _ in before for name in names}
    plain = made(parts)
    (own, *rest) = plain.snapshot.accounts
    gone = World(replace(plain.snapshot, accounts=(replace(own, access_points=()), *rest)))
    kept = {route.id for route in routes(gone, through=None, max_hops=1)}
    assert kept == {r.id for r in routes(plain, through=None, max_hops=1) if r.access.through is None}


@pytest.mark.parametrize("origin", [None, "vpc-1"])
def test_a_bucket_that_no_inventory_holds(origin: str | None) -> None:
    """Its policy may let in what is shown, or not: no witness, and a gap (S3-53)."""
    own = account(A, users=(user(A, "ann", allow(READ, THROUGH)),), access_points=(point(vpc=origin),))
    where = world(own)
    (route,) = routes(where)
    assert route.target.external
    assert route.access.witness is None
    assert any("no inventory" in gap for gap in route.gaps)
    assert isinstance(own.access_points[0], AccessPoint)


def test_what_is_missed_is_a_gap_where_something_points_at_it() -> None:
    """S3-55, S3-56: access points of which the snapshot says nothing, and Object Lambda ones."""

    def reasons(where: World) -> str:
        return " ".join(gap.reason for gap in find_routes(where, Query()).gaps)

    plain = scene(identity=ON_BOTH)
    assert "Multi-Region" not in reasons(plain)
    assert "Object Lambda" not in reasons(plain)
    assert "Multi-Region" in reasons(scene(bucket_policy=(DELEGATE,)))
    assert "Object Lambda" in reasons(scene(identity=(allow("*", f"arn:aws:s3-object-lambda:*:{A}:*"),)))
    function = ObjectLambdaAccessPoint(
        arn(f"arn:aws:s3-object-lambda:eu-west-1:{A}:accesspoint/masked"),
        arn(POINT),
        ("GetObject",),
        (),
        None,
    )
    (own, *rest) = plain.snapshot.accounts
    masked = World(
        replace(plain.snapshot, accounts=(replace(own, object_lambda_access_points=(function,)), *rest))
    )
    assert f"in front of {POINT} is not followed" in reasons(masked)


@pytest.mark.parametrize("opens", [True, False])
def test_the_bucket_behind_is_encrypted(opens: bool) -> None:
    """KMS-13: the key is asked for the bucket behind, through the access point too."""
    key = f"arn:aws:kms:eu-west-1:{A}:key/k"
    statement_ = allow(
        "kms:Decrypt", "*", principal=TO_ANN if opens else {"AWS": f"arn:aws:iam::{B}:user/bob"}
    )
    plain = scene(identity=ON_BOTH)
    (own, *rest) = plain.snapshot.accounts
    behind = replace(own.buckets[0], encryption="aws:kms", kms_key=key, region="eu-west-1")
    held = Key(arn(key), policy(PolicyKind.KEY, "key policy", key, statement_), False, "Enabled", ())
    where = World(replace(plain.snapshot, accounts=(replace(own, buckets=(behind,), keys=(held,)), *rest)))
    found = [route for route in routes(where) if READ in route.access.actions]
    assert bool(found) == opens
    for route in found:
        assert [each.action for each in route.access.also] == [READ, "kms:Decrypt"]
        assert proven(where, route)


@pytest.mark.parametrize("text", ["ap-x-s3alias/logs/k", "arn:aws:s3:::ap-x-s3alias/logs/k"])
def test_an_alias_selects_the_access_point(text: str) -> None:
    """S3-54: it stands where a bucket's name may."""
    where = scene(allow(READ, THROUGH, principal=TO_ANN), bucket_policy=(DELEGATE,), alias="ap-x-s3alias")
    assert [each.access.through for each in routes(where, through=None, targets=(text,))] == [POINT]
    assert ANN in [each.principal for each in who_can(where, (READ,), text).results]
    shown = explain_request(where, ANN, READ, text)
    assert (shown.verdict, shown.resource) == ("allow", f"{POINT}/object/logs/k")
