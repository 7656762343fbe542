"""S3 Access Grants as a way to data (S3-57): the grantee, the location's role, the session narrowed to the grant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.access_grants import GET_DATA_ACCESS, SERVICE
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.access_points import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from pathfinder.model.workforce import IdentityCenter, WorkforceGroup, WorkforceUser
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.explain import explain_route
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from tests.building import ALL_KNOWN, A, B, account, allow, arn, bucket, deny, policy, role, user, world

INSTANCE = f"arn:aws:s3:eu-west-1:{A}:access-grants/default"
LOCATION = f"arn:aws:iam::{A}:role/location"
ANN, BOB = f"arn:aws:iam::{A}:user/ann", f"arn:aws:iam::{B}:user/bob"
TRUST = [
    allow(["sts:AssumeRole", "sts:SetSourceIdentity"], principal={"Service": SERVICE}),
]
ASK = allow(GET_DATA_ACCESS, INSTANCE)
ALL_OF_S3 = allow("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])
Json = dict[str, Any]


def scene(
    *,
    grantee: str = ANN,
    kind: str = "IAM",
    permission: str = "READ",
    scope: str = "s3://b/logs/*",
    trust: list[Json] | None = None,
    ann: tuple[Json, ...] = (ASK,),
    bob: tuple[Json, ...] = (ASK,),
    resource_policy: tuple[Json, ...] = (),
    role_policy: tuple[Json, ...] = (ALL_OF_S3,),
    bucket_policy: tuple[Json, ...] = (),
    location: str = "loc",
    grants_known: bool = True,
) -> World:
    grant = AccessGrant("g", arn(f"{INSTANCE}/grant/g"), kind, grantee, permission, scope, location)
    place = AccessGrantsLocation("loc", arn(f"{INSTANCE}/location/loc"), "s3://b/*", arn(LOCATION))
    held = policy(PolicyKind.RESOURCE, "Access Grants instance policy", INSTANCE, *resource_policy)
    instance = AccessGrantsInstance(
        arn(INSTANCE), held if resource_policy else None, (place,), (grant,) if grants_known else None
    )
    own = account(
        A,
        users=(user(A, "ann", *ann),),
        roles=(role(A, "location", TRUST if trust is None else trust, *role_policy),),
        buckets=(bucket(A, "b", *bucket_policy),),
        access_grants_instances=(instance,),
        known=ALL_KNOWN | {"access_grants"},
    )
    return world(own, account(B, users=(user(B, "bob", *bob),)))


def granted(where: World, who: str = ANN) -> tuple[Route, ...]:
    found = find_routes(where, Query(starts=(who,))).routes
    return tuple(route for route in found if route.design == "access grant")


def reached(where: World, who: str = ANN) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for route in granted(where, who)
        for action in route.access.actions
        for resource in route.access.resources
    }


READ = {
    (f"s3:{name}", "arn:aws:s3:::b/logs/*")
    for name in (
        *("GetObject", "GetObjectAcl", "GetObjectVersion", "GetObjectVersionAcl"),
        "ListMultipartUploadParts",
    )
}
LIST = {("s3:ListBucket", "arn:aws:s3:::b")}
WRITE = {
    (f"s3:{name}", "arn:aws:s3:::b/logs/*")
    for name in (
        *("AbortMultipartUpload", "DeleteObject", "DeleteObjectVersion", "PutObject"),
        *("PutObjectAcl", "PutObjectVersionAcl"),
    )
}
TO_BOB = allow(GET_DATA_ACCESS, INSTANCE, principal={"AWS": B})
CASES: list[tuple[str, World, str, set[tuple[str, str]]]] = [
    ("S3-57 a grant to read", scene(), ANN, READ | LIST),
    ("S3-57 a grant to write", scene(permission="WRITE"), ANN, WRITE),
    ("S3-57 a grant to both", scene(permission="READWRITE"), ANN, READ | LIST | WRITE),
    ("S3-57 a word that AWS does not know", scene(permission="ALL"), ANN, set()),
    ("S3-57 the grantee is another", scene(grantee=BOB), ANN, set()),
    ("S3-57 the grantee may not ask", scene(ann=()), ANN, set()),
    ("S3-57 the grantee is denied to ask", scene(ann=(ASK, deny("s3:*", "*"))), ANN, set()),
    ("S3-57 the role does not trust Access Grants", scene(
        trust=[allow("sts:AssumeRole", principal={"Service": "ec2.amazonaws.com"})]), ANN, set()),
    ("S3-57 SetSourceIdentity is needed as well", scene(
        trust=[allow("sts:AssumeRole", principal={"Service": SERVICE})]), ANN, set()),
    ("S3-57 the role trusts another instance", scene(trust=[allow(
        ["sts:AssumeRole", "sts:SetSourceIdentity"], principal={"Service": SERVICE},
        condition={"StringEquals": {"aws:SourceArn": f"arn:aws:s3:eu-west-1:{B}:access-grants/default"}})]),
     ANN, set()),
    ("S3-57 the role trusts this instance", scene(trust=[allow(
        ["sts:AssumeRole", "sts:SetSourceIdentity"], principal={"Service": SERVICE},
        condition={"StringEquals": {"aws:SourceArn": INSTANCE, "aws:SourceAccount": A}})]), ANN, READ | LIST),
    ("S3-57 the role itself may nothing", scene(role_policy=()), ANN, set()),
    ("S3-57 the role may less than the grant", scene(
        role_policy=(allow("s3:GetObject", "arn:aws:s3:::b/logs/app/*"),)), ANN,
     {("s3:GetObject", "arn:aws:s3:::b/logs/app/*")}),
    ("S3-57 one object", scene(scope="s3://b/logs/one"), ANN,
     {(action, "arn:aws:s3:::b/logs/one") for action, _ in READ}),
    ("S3-57 the whole bucket", scene(scope="s3://b/*"), ANN,
     {(action, "arn:aws:s3:::b/*") for action, _ in READ} | LIST | {("s3:ListBucket", "arn:aws:s3:::b/*"),
        *((action, "arn:aws:s3:::b") for action, _ in READ)}),
    ("S3-57 the bucket policy denies the role", scene(
        bucket_policy=(deny("s3:GetObject", "*", principal={"AWS": LOCATION}),)), ANN,
     (READ | LIST) - {("s3:GetObject", "arn:aws:s3:::b/logs/*")}),
    ("S3-57 another account, shared by the instance's policy", scene(
        grantee=BOB, resource_policy=(TO_BOB,)), BOB, READ | LIST),
    ("S3-57 another account, not shared", scene(grantee=BOB), BOB, set()),
    ("S3-57 another account, its own policies do not allow it", scene(
        grantee=BOB, resource_policy=(TO_BOB,), bob=()), BOB, set()),
    ("S3-57 a grant to a directory's user is not followed", scene(
        kind="DIRECTORY_USER", grantee="1234"), ANN, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "who", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_a_grant_reaches(where: World, who: str, expected: set[tuple[str, str]]) -> None:
    assert reached(where, who) == expected


def test_the_route_shows_each_step_and_its_proof() -> None:
    where = scene()
    route = next(each for each in granted(where) if "s3:GetObject" in each.access.actions)
    assert [hop.kind for hop in route.hops] == ["access-grant", "access"]
    asked, reads = route.hops
    shown = [each for each in (asked.witness, *asked.also, reads.witness) if each is not None]
    assert [each.action for each in shown] == [
        GET_DATA_ACCESS,
        "sts:AssumeRole",
        "sts:SetSourceIdentity",
        "s3:GetObject",
    ]
    assert all(decide_request(where, request_of_witness(each)).allowed == TRUE for each in shown)
    assert (route.acting.account, route.scp_account) == (A, None)
    assert reads.witness is not None
    assert reads.witness.context["s3:AccessGrantsInstanceArn"] == INSTANCE
    explained = explain_route(where, route.id, Query(starts=(ANN,)))
    assert [each.verdict for each in explained] == ["allow", "depends"]


def test_listing_keeps_to_the_prefix() -> None:
    (route,) = (each for each in granted(scene()) if "s3:ListBucket" in each.access.actions)
    assert "s3:prefix" in str(route.access.condition)


def test_what_s3_puts_into_the_session_is_not_known() -> None:
    """Neither its name nor its source identity: what asks for them is a gap, and no proof."""
    where = scene(
        bucket_policy=(
            deny("s3:*", "*", principal="*", condition={"StringNotLike": {"aws:userid": "AROALOCATION:x*"}}),
        )
    )
    assert granted(where)
    for route in granted(where):
        assert route.access.witness is None
        assert any("S3 Access Grants chooses" in gap for gap in route.gaps)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (scene(kind="DIRECTORY_GROUP", grantee="x"), "users or groups of a directory"),
        (scene(grants_known=False), "its grants are not in the snapshot"),
        (scene(location="gone"), "the roles behind 1 of its grants"),
        (scene(scope="s3://other/*"), "no bucket of its scope s3://other/*"),
        (scene(grantee=f"arn:aws:iam::{A}:user/gone"), "is not in the snapshot"),
    ],
)
def test_gaps(where: World, reason: str) -> None:
    assert any(reason in gap.reason for gap in find_routes(where, Query()).gaps)


def test_a_role_that_trusts_access_grants_of_which_nothing_is_known() -> None:
    (own, *rest) = scene().snapshot.accounts
    lost = replace(own, access_grants_instances=(), known=ALL_KNOWN)
    where = World(replace(scene().snapshot, accounts=(lost, *rest)))
    assert any("S3 Access Grants" in gap.reason for gap in find_routes(where, Query()).gaps)


# ---- users and groups of Identity Center ---------------------------------------------------------------------

CENTER = "arn:aws:sso:::instance/ssoins-1111111111111111"
WITH_CONTEXT = [
    allow(["sts:AssumeRole", "sts:SetSourceIdentity", "sts:SetContext"], principal={"Service": SERVICE})
]
USER_1, USER_2 = f"{CENTER}/user/u-1", f"{CENTER}/user/u-2"


def directory(
    kind: str,
    grantee: str,
    *,
    trust: Any = WITH_CONTEXT,
    associated: str | None = CENTER,
    members: tuple[str, ...] | None = ("u-1",),
    **more: Any,
) -> World:
    """The scene with a grant to a directory's user or group, and the directory in the other account."""
    before = scene(kind=kind, grantee=grantee, trust=trust, **more).snapshot
    own, other = before.accounts
    instances = tuple(replace(each, identity_center=associated) for each in own.access_grants_instances)
    center = IdentityCenter(
        arn(CENTER),
        users=(WorkforceUser("u-1", "ann"), WorkforceUser("u-2", "bob")),
        groups=(WorkforceGroup("g-1", "team", members),),
    )
    return world(replace(own, access_grants_instances=instances), replace(other, identity_center=center))


APPLICATION = "arn:aws:sso::222222222222:application/ssoins-1111111111111111/apl-1"
NO_CONTEXT = allow(["sts:AssumeRole", "sts:SetSourceIdentity"], principal={"Service": SERVICE})
DIRECTORY: list[tuple[str, World, set[str]]] = [
    ("S3-57 a user", directory("DIRECTORY_USER", "u-1"), {USER_1}),
    ("S3-57 another user", directory("DIRECTORY_USER", "u-2"), {USER_2}),
    ("S3-57 a group's members", directory("DIRECTORY_GROUP", "g-1", members=("u-1", "u-2")), {USER_1, USER_2}),
    ("S3-57 a group of nobody", directory("DIRECTORY_GROUP", "g-1", members=()), set()),
    ("S3-57 a group of unknown members", directory("DIRECTORY_GROUP", "g-1", members=None), {f"{CENTER}/group/g-1"}),
    ("S3-57 the role does not let the context be set", directory("DIRECTORY_USER", "u-1", trust=[NO_CONTEXT]), set()),
    ("S3-57 associated by its application", directory("DIRECTORY_USER", "u-1", associated=APPLICATION), {USER_1}),
    ("S3-57 no directory is associated", directory("DIRECTORY_USER", "u-1", associated=None), set()),
    ("S3-57 another directory is associated", directory("DIRECTORY_USER", "u-1", associated=f"{CENTER}2"), set()),
    ("S3-57 the role itself may nothing", directory("DIRECTORY_USER", "u-1", role_policy=()), set()),
    ("S3-57 a grantee that AWS does not know", directory("PARTNER", "u-1"), set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "starts"), [each[1:] for each in DIRECTORY], ids=[each[0] for each in DIRECTORY]
)
def test_grants_to_a_directory(where: World, starts: set[str]) -> None:
    """What they reach is decided; that somebody asks for them is not known, so no such route is certain."""
    routes = [route for route in find_routes(where, Query()).routes if route.design == "access grant"]
    assert {route.start.id for route in routes} == starts
    for start in starts:
        assert reached(where, start) == READ | LIST
    for route in routes:
        assert route.hops[0].witness is None
        assert any("in their name is not in the snapshot" in gap for gap in route.gaps)
        assert route.access.witness is not None
    told = any("these are not followed" in gap.reason for gap in find_routes(where, Query()).gaps)
    instance = where.snapshot.accounts[0].access_grants_instances[0]
    assert told is (instance.identity_center not in (CENTER, APPLICATION))


def test_what_the_session_of_somebody_of_a_directory_carries_is_not_known() -> None:
    """Whether policies see the user's id is not said: a gap, and no proof."""
    for key in ("identitystore:UserId", "aws:SourceIdentity"):
        denied = deny("s3:*", "*", principal="*", condition={"StringNotEquals": {key: "u-1"}})
        routes = granted(directory("DIRECTORY_USER", "u-1", bucket_policy=(denied,)), USER_1)
        assert routes
        assert all(route.access.witness is None for route in routes)
