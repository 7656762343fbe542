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
