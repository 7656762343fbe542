"""Routes that a key alone closes, for all or by what the session carries: blocked, and never nowhere (KMS-13)."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import pytest

from pathfinder.graph.world import World
from pathfinder.routes.explain import explain_request, explain_route
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, bucket, deny, instance, role, user, world
from tests.graph.test_kms import CONTEXT, DEFAULT, KEY, found, key, scene

READ = "s3:GetObject"
ROLE = f"arn:aws:iam::{B}:role/r"
USER = f"arn:aws:iam::{B}:user/u"
TEAM = "aws:PrincipalTag/team"
ASSUME = {"AWS": USER}


def key_if(condition: dict[str, Any]) -> dict[str, Any]:
    return allow(["kms:Decrypt", "kms:GenerateDataKey"], "*", principal={"AWS": ROLE}, condition=condition)


def chain(trust: Any, *of_key: dict[str, Any], encryption: str = "aws:kms", **more: Any) -> World:
    """User u may assume role r, which may read bucket b; whether the key lets a session of r is the question."""
    encrypted = {"encryption": encryption, "kms_key": KEY if encryption == "aws:kms" else None}
    return world(
        account(
            B,
            users=(user(B, "u", allow("sts:*", "*")),),
            roles=(role(B, "r", trust, *more.pop("identity", (allow(READ, "*"),))), *more.pop("roles", ())),
            buckets=(bucket(B, "b", region="eu-west-1", bucket_key=False, **encrypted),),
            keys=(key(*of_key),),
            **more,
        )
    )


def trust(*actions: str, **condition: Any) -> list[dict[str, Any]]:
    return [allow(list(actions), principal=ASSUME, **condition)]


def ways(routes: tuple[Route, ...]) -> set[tuple[str, ...]]:
    return {tuple(node.label for node in route.nodes) for route in routes}


class Case(NamedTuple):
    rule: str
    title: str
    trust: list[dict[str, Any]]
    key: dict[str, Any]
    opens: bool


PLAIN = trust("sts:AssumeRole")
TAGS = trust("sts:AssumeRole", "sts:TagSession")
ONLY_RED = trust(
    "sts:AssumeRole", "sts:TagSession", condition={"StringEquals": {"aws:RequestTag/team": "red"}}
)
NAMED = allow("kms:Decrypt", "*", principal={"AWS": f"arn:aws:sts::{B}:assumed-role/r/ann"})
AS_BOB = trust("sts:AssumeRole", condition={"StringEquals": {"sts:RoleSessionName": "bob"}})
BLUE = key_if({"StringEquals": {TEAM: "blue"}})
NOT_RED = key_if({"StringNotEquals": {TEAM: "red"}})
SOURCE = key_if({"StringEquals": {"aws:SourceIdentity": "ann"}})
CASES = [
    Case("STS-31", "the tag that the key asks for can be passed", TAGS, BLUE, True),
    Case("STS-25", "no tag can be passed", PLAIN, BLUE, False),
    Case("STS-25", "another value of the tag alone can be passed", ONLY_RED, BLUE, False),
    Case("STS-30", "a tag that must be passed and must not", ONLY_RED, NOT_RED, False),
    Case("STS-30", "no tag, and the key asks for none such", PLAIN, NOT_RED, True),
    Case("STS-9", "the key names a session that may be called so", PLAIN, NAMED, True),
    Case("STS-9", "the key names a session, the trust policy another", AS_BOB, NAMED, False),
    Case("STS-33", "source identity cannot be set", PLAIN, SOURCE, False),
    Case(
        "STS-33", "source identity can be set", trust("sts:AssumeRole", "sts:SetSourceIdentity"), SOURCE, True
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{each.rule} {each.title}" for each in CASES])
def test_a_chain_is_open_or_blocked_by_what_its_session_carries(case: Case) -> None:
    """KMS-13: S3 alone would let every one of them."""
    got = find_routes(chain(case.trust, case.key), Query(actions=(READ,)))
    mine = {("u", "r", "b"), ("r", "b")}
    assert mine <= ways(got.routes if case.opens else got.blocked)
    assert not mine & ways(got.blocked if case.opens else got.routes)
    for route in got.blocked:
        if route.start.label in ("u", "r"):
            assert route.blocked is not None
            assert f"bytes unreadable: key {KEY}" in route.blocked
            told = "which no session on this way carries", "the key policy does not allow kms:Decrypt"
            assert any(each in route.blocked for each in told)
            assert route.access.witness is not None
            assert route.access.witness.action == READ


@pytest.mark.parametrize("case", CASES, ids=[f"{each.rule} {each.title}" for each in CASES])
def test_who_can_and_explain_say_the_same(case: Case) -> None:
    the_world = chain(case.trust, case.key)
    answer = who_can(the_world, (READ,), "b")
    open_to = {grant.principal for grant in answer.results}
    blocked = {grant.principal for grant in answer.blocked}
    of_session = f"arn:aws:sts::{B}:assumed-role/r/ann"
    assert (ROLE in open_to or of_session in open_to) is case.opens
    assert bool({ROLE, of_session} & blocked) is not case.opens
    assert ("u" in {route.start.label for route in answer.indirect}) is case.opens
    assert ("u" in {route.start.label for route in answer.indirect_blocked}) is not case.opens
    explained = explain_request(the_world, "r", READ, "b/x")
    assert (explained.blocked is None) is case.opens
    for route in answer.indirect_blocked:
        assert explain_route(the_world, route.id, Query())[-1].blocked == route.blocked


def test_what_the_bucket_asks_of_the_session_is_not_put_down_to_the_key() -> None:
    """KMS-13: only where the key alone stands in the way."""
    blue = allow(READ, "*", condition={"StringEquals": {TEAM: "blue"}})
    got = find_routes(chain(PLAIN, key_if({}), identity=(blue,)), Query(actions=(READ,)))
    assert not {("u", "r", "b"), ("r", "b")} & (ways(got.routes) | ways(got.blocked))
    both = find_routes(chain(PLAIN, BLUE, identity=(blue,)), Query(actions=(READ,)))
    assert not {("u", "r", "b"), ("r", "b")} & (ways(both.routes) | ways(both.blocked))
    assert explain_request(chain(PLAIN, BLUE, identity=(blue,)), "r", READ, "b/x").blocked is None


def test_bucket_and_key_ask_for_different_sessions() -> None:
    """TERM-2: each can be had, both at once cannot."""
    blue = allow(READ, "*", condition={"StringEquals": {TEAM: "blue"}})
    the_world = chain(TAGS, key_if({"StringEquals": {TEAM: "red"}}), identity=(blue,))
    got = find_routes(the_world, Query(actions=(READ,)))
    assert ("u", "r", "b") in ways(got.blocked)
    assert ("u", "r", "b") not in ways(got.routes)


def test_one_start_opens_what_another_does_not() -> None:
    """STS-31: the tag that only one of two callers may pass."""
    from_q = {"AWS": f"arn:aws:iam::{B}:role/q"}
    both = [
        *TAGS,
        allow("sts:AssumeRole", principal=from_q),
    ]
    q = role(B, "q", {"Service": "x.amazonaws.com"}, allow("sts:AssumeRole", "*"))
    got = find_routes(chain(both, BLUE, roles=(q,)), Query(actions=(READ,)))
    assert ("u", "r", "b") in ways(got.routes)
    assert ("q", "r", "b") in ways(got.blocked)
    assert ("q", "r", "b") not in ways(got.routes)
    assert ("r", "b") in ways(got.routes)
    assert ("r", "b") not in ways(got.blocked)


def test_objects_that_the_key_leaves_closed_beside_open_ones() -> None:
    """KMS-8, KMS-13: an encryption context that the key asks for opens a part of the bucket."""
    ours = allow("kms:*", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/ours/*"}})
    routes, blocked = found(scene((allow("s3:*", "*"), ours)), READ)
    assert [route.access.resources for route in routes] == [("arn:aws:s3:::b/ours/*",)]
    assert [(route.access.resources, route.access.except_) for route in blocked] == [
        (("arn:aws:s3:::b/*",), ("arn:aws:s3:::b/ours/*",))
    ]
    assert blocked[0].access.witness is not None
    assert not blocked[0].access.witness.resource.startswith("arn:aws:s3:::b/ours/")
    whole = found(scene((allow(READ, "*"), allow("kms:*", "*"))), READ)
    assert [route.access.resources for route in whole[0]] == [("arn:aws:s3:::b/*",)]
    assert not whole[1]


def test_who_can_on_one_object_asks_the_key_about_that_object() -> None:
    ours = allow("kms:*", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/ours/*"}})
    the_world = scene((allow("s3:*", "*"), ours))
    caller = f"arn:aws:iam::{A}:user/u"
    for name, opens in (("ours/x", True), ("x", False)):
        answer = who_can(the_world, (READ,), f"arn:aws:s3:::b/{name}")
        assert (caller in {grant.principal for grant in answer.results}) is opens
        assert (caller in {grant.principal for grant in answer.blocked}) is not opens


LAW_KEYS = [
    (DEFAULT,),
    (BLUE,),
    (NOT_RED,),
    (NAMED,),
    (SOURCE,),
    (key_if({}), deny("kms:*", "*", principal="*", condition={"StringEquals": {TEAM: "red"}})),
    (key_if({"StringLike": {CONTEXT: "arn:aws:s3:::b/ours/*"}}),),
    (BLUE, key_if({"StringLike": {CONTEXT: "arn:aws:s3:::b/ours/*"}, "StringEquals": {TEAM: "red"}})),
]
LAW_TRUSTS = [
    PLAIN,
    TAGS,
    ONLY_RED,
    AS_BOB,
    [allow("sts:AssumeRole", principal={"Service": "ec2.amazonaws.com"})],
]


@pytest.mark.parametrize(("of_key", "trusts"), list(product(LAW_KEYS, LAW_TRUSTS)))
def test_what_is_open_without_the_key_is_open_or_blocked_with_it(of_key: Any, trusts: Any) -> None:
    """KMS-13, a law: encryption takes no route out of sight and adds none."""
    machine, profile = instance(B, "i-0123456789abcdef0", "r")
    more: dict[str, Any] = {"instances": (machine,), "instance_profiles": (profile,)}
    plain = find_routes(chain(trusts, *of_key, encryption="AES256", **more), Query(actions=(READ,)))
    with_key = find_routes(chain(trusts, *of_key, **more), Query(actions=(READ,)))
    assert ways(plain.routes) == ways(with_key.routes) | ways(with_key.blocked)
    assert not plain.blocked
    for route in with_key.blocked:
        same = [each for each in with_key.routes if [*each.nodes] == [*route.nodes]]
        assert all(each.access.resources != route.access.resources for each in same)
