"""Sessions of sts:GetFederationToken that policies name (STS-21, PRIN-7): who starts them, and what they reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.routes.explain import explain_route
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, bucket, deny, organization, user, world
from tests.cli.run import run
from tests.graph.hops.showing import equals, hops_of, replays
from tests.graph.test_access_points import POINT, delegate, point

ANN, BOB = f"arn:aws:iam::{A}:user/ann", f"arn:aws:iam::{A}:user/team/bob"
FAY = f"arn:aws:sts::{A}:federated-user/fay"
SESSION = f"{FAY}:user/ann"
CALL = "sts:GetFederationToken"
ASK = allow(CALL, "*")
OBJECT = "arn:aws:s3:::b/*"
READ = allow("s3:GetObject", OBJECT, principal={"AWS": FAY})
OWN = allow("s3:GetObject", OBJECT)
Json = dict[str, Any]


def scene(
    *ann: Json,
    named: tuple[Json, ...] = (READ,),
    owner: Any = A,
    boundary: list[Json] | None = None,
    scp: list[Json] | None = None,
    tags: dict[str, str] | None = None,
) -> World:
    """Ann, with these statements; a bucket whose policy names the federated user fay."""
    held = bucket(owner, "b", *named)
    mine = user(A, "ann", *ann, boundary=boundary, tags=tags or {})
    own = account(A, users=(mine, user(A, "team/bob")), buckets=(held,) if owner == A else ())
    others = (account(B, buckets=(held,)),) if owner == B else ()
    bound = organization(A, scps={A: [scp]}) if scp is not None else None
    return world(own, *others, organization=bound)


def routes(where: World, start: str = ANN) -> tuple[Route, ...]:
    found = find_routes(where, Query(starts=(start,))).routes
    return tuple(each for each in found if [hop.kind for hop in each.hops][:1] == ["federation-token"])


def reached(where: World, start: str = ANN) -> set[str]:
    return {action for route in routes(where, start) for action in route.access.actions}


def started(where: World) -> list[Hop]:
    return hops_of(where, "federation-token")


GET = {"s3:GetObject"}
ON_SESSION = [allow(CALL, f"arn:aws:sts::{A}:federated-user/f*"), allow(CALL, ANN)]
CASES: list[tuple[str, World, set[str]]] = [
    ("STS-21 the user may start it", scene(ASK), GET),
    ("STS-21 on the session and on the user", scene(*ON_SESSION), GET),
    ("STS-21 no sts:GetFederationToken", scene(allow("sts:AssumeRole", "*")), set()),
    ("STS-21 no policy at all", scene(), set()),
    ("STS-21 another name", scene(allow(CALL, f"arn:aws:sts::{A}:federated-user/joe")), set()),
    ("EVAL-1 denied to start it", scene(ASK, deny(CALL, "*")), set()),
    ("EVAL-12 the boundary holds the call", scene(ASK, boundary=[allow("sts:*", "*")]), GET),
    ("EVAL-12 the boundary does not hold the call", scene(ASK, boundary=[allow("s3:*", "*")]), set()),
    ("ORG-1 an SCP denies the call", scene(ASK, scp=[deny("sts:*", "*")]), set()),
    ("ORG-1 an SCP denies something else", scene(ASK, scp=[deny("s3:Put*", "*")]), GET),
    ("ORG-1 an SCP denies the session", scene(ASK, scp=[deny("s3:GetObject", "*")]), set()),
    ("EVAL-10 a DIRECT grant, neither boundary nor identity policy limits it",
     scene(ASK, boundary=[allow(CALL, "*")]), GET),
    ("EVAL-1 a Deny of the user's policy still denies", scene(ASK, deny("s3:GetObject", OBJECT)), set()),
    ("EVAL-1 a Deny of the boundary still denies",
     scene(ASK, boundary=[allow(CALL, "*"), deny("s3:*", "*")]), set()),
    ("EVAL-1 a Deny of the bucket policy that names the user denies its sessions (PRIN-4)",
     scene(ASK, named=(READ, deny("s3:GetObject", OBJECT, principal={"AWS": ANN}))), set()),
    ("PRIN-4 a Deny that names another user", scene(
        ASK, named=(READ, deny("s3:GetObject", OBJECT, principal={"AWS": BOB}))), GET),
    ("EVAL-22 across accounts the user's policies allow it, too", scene(ASK, OWN, owner=B), GET),
    ("EVAL-22 across accounts the user's policies do not", scene(ASK, owner=B), set()),
    ("EVAL-22 across accounts the boundary does not", scene(
        ASK, OWN, owner=B, boundary=[allow(CALL, "*")]), set()),
    ("EVAL-22 across accounts it holds both", scene(
        ASK, OWN, owner=B, boundary=[allow("*", "*")]), GET),
    ("PRIN-7 a federated user of an account that is not there", scene(
        ASK, named=(allow("s3:GetObject", OBJECT, principal={"AWS": FAY.replace(A, B)}),)), set()),
    ("PRIN-7 wildcards in an ARN name nobody", scene(
        ASK, named=(allow("s3:GetObject", OBJECT, principal={"AWS": FAY[:-2] + "*"}),)), set()),
    ("TERM-7 its principal type", scene(ASK, named=(
        allow("s3:GetObject", OBJECT, principal={"AWS": FAY},
              condition=equals("aws:PrincipalType", "FederatedUser")),)), GET),
    ("TERM-7 it has no user name", scene(ASK, named=(
        allow("s3:GetObject", OBJECT, principal={"AWS": FAY}, condition=equals("aws:username", "ann")),)), set()),
    ("TERM-7 its id", scene(ASK, named=(
        allow("s3:GetObject", OBJECT, principal={"AWS": FAY}, condition=equals("aws:userid", f"{A}:fay")),)), GET),
    ("TERM-7 another id", scene(ASK, named=(
        allow("s3:GetObject", OBJECT, principal={"AWS": FAY}, condition=equals("aws:userid", "AIDAANN")),)), set()),
    ("TERM-7 temporary credentials tell when they were issued", scene(ASK, named=(
        allow("s3:GetObject", OBJECT, principal={"AWS": FAY},
              condition={"Null": {"aws:TokenIssueTime": "true"}}),)), set()),
]  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_what_the_session_reaches(where: World, expected: set[str]) -> None:
    assert reached(where) == expected
    for route in routes(where):
        assert (route.gaps, [hop.condition for hop in route.hops]) == ((), [TRUE, TRUE])
        assert all(replays(where, hop) for hop in route.hops)
        assert all(decide_scenario(each).decision == "allow" for each in scenarios(where, (route,)))


def test_the_route_says_who_acts() -> None:
    """The user's policies decide, and the SCPs of its account."""
    where = scene(ASK, scp=[deny("s3:Put*", "*")])
    (route,) = routes(where)
    assert [node.id for node in route.nodes] == [ANN, SESSION, "arn:aws:s3:::b"]
    assert (route.design, route.acting.id, route.scp_account) == ("federation token", ANN, A)
    first, last = (hop.witness for hop in route.hops)
    assert first is not None
    assert last is not None
    assert (first.principal, first.action, first.resource, first.federated_by) == (ANN, CALL, FAY, None)
    assert (last.principal, last.federated_by) == (FAY, ANN)
    assert [each.verdict for each in explain_route(where, route.id, Query(starts=(ANN,)))] == [
        "allow",
        "allow",
    ]


def test_only_users_of_the_account_that_may_start_it() -> None:
    """STS-21: of two users one may; nobody starts with the session itself."""
    where = scene(ASK)
    assert [hop.source for hop in started(where)] == [ANN]
    assert routes(where, BOB) == ()
    assert all(route.nodes[0].id != SESSION for route in find_routes(where, Query()).routes)
    shown = who_can(where, ("s3:GetObject",), "arn:aws:s3:::b/k")
    assert [
        route.nodes[0].id for route in shown.indirect if SESSION in {node.id for node in route.nodes}
    ] == [ANN]


@pytest.mark.parametrize(
    ("statement", "title"),
    [
        (allow(CALL, FAY), "STS-21 on the session's ARN alone"),
        (allow(CALL, ANN), "STS-21 on the user's ARN alone"),
    ],
)
def test_on_which_resource_the_call_is_authorized_is_not_known(statement: Json, title: str) -> None:
    (hop,) = started(scene(statement))
    assert hop.witness is None, title
    assert "authorized is not known" in " ".join(hop.gaps)


def test_the_condition_of_the_call_is_shown() -> None:
    (hop,) = started(scene(allow(CALL, "*", condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})))
    assert hop.condition != TRUE
    assert (hop.gaps, hop.witness is not None) == ((), True)


@pytest.mark.parametrize("key", ["aws:PrincipalTag/team", "aws:MultiFactorAuthPresent"])
@pytest.mark.parametrize("effect", [allow, deny])
def test_what_the_session_carries_is_not_followed(key: str, effect: Any) -> None:
    """STS-30, D-21: session tags may be passed, and whether the user's count besides is not said."""
    asked = effect("s3:GetObject", OBJECT, principal={"AWS": FAY}, condition=equals(key, "true"))
    where = scene(ASK, tags={"team": "true"}, named=(asked,) if effect is allow else (READ, asked))
    (route,) = routes(where)
    assert route.access.witness is None
    assert "is followed (STS-21, D-21)" in " ".join(route.gaps)


@pytest.mark.parametrize("key", ["aws:RequestTag/team", "aws:TagKeys"])
def test_a_call_that_has_to_pass_tags_is_not_decided(key: str) -> None:
    """STS-25: passing session tags needs sts:TagSession."""
    (hop,) = started(scene(allow(CALL, "*", condition=equals(key, "x"))))
    assert hop.witness is None
    assert "session tags" in " ".join(hop.gaps)


@pytest.mark.parametrize(("ask", "is_open"), [((ASK,), True), ((), False)])
def test_an_access_point_that_names_it(ask: tuple[Json, ...], is_open: bool) -> None:
    """S3-50, PRIN-7: the access point's policy names it, the bucket leaves the decision to access points."""
    own = allow("s3:GetObject", f"{POINT}/object/*", principal={"AWS": FAY})
    users = (user(A, "ann", *ask),)
    where = world(
        account(A, users=users, buckets=(bucket(A, "b", delegate("b")),), access_points=(point(own),))
    )
    found = [route for route in routes(where) if route.access.through == POINT]
    assert bool(found) is is_open
    for route in found:
        assert "s3:GetObject" in route.access.actions
        assert all(replays(where, hop) for hop in route.hops)
        assert all(decide_scenario(each).decision == "allow" for each in scenarios(where, (route,)))


NO_ROOT = [deny(CALL, "*", condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:root"}})]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (scene(ASK), ["root user"]),
        (scene(ASK, scp=NO_ROOT), []),
        (scene(ASK, scp=NO_ROOT, named=(READ, allow(
            "s3:GetObject", OBJECT, principal="*",
            condition={"ArnLike": {"aws:PrincipalArn": f"{FAY[:-3]}*"}}))), ["which users"]),
        (scene(ASK, scp=NO_ROOT, named=(allow(
            "s3:GetObject", OBJECT, principal={"AWS": FAY}, condition=equals("aws:PrincipalType", "FederatedUser")),
        )), []),
    ],
)  # fmt: skip
def test_what_is_not_followed_is_a_gap(where: World, said: list[str]) -> None:
    """STS-21: root users, and sessions that a condition means, are not followed."""
    found = [gap.reason for gap in Graph(where).gaps if CALL in gap.reason]
    assert len(found) == len(said)
    assert all(words in reason for words, reason in zip(said, found, strict=True))


def test_exported_scenarios_pass_check(tmp_path: Path) -> None:
    """D-13: a scenario says by `federated_by` which user made the session; its session policy stands there, too."""
    where = scene(ASK, OWN, owner=B)
    exported = scenarios(where, routes(where))
    assert [each["request"].get("federated_by") for each in exported] == [None, ANN]
    file = tmp_path / "exported.json"
    file.write_text(json.dumps(exported))
    done = run("check", file)
    assert done.status == 0, done.error
