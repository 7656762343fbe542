"""Calls that need several authorizations: decided together, one witness for each (TERM-2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import decide_scenario, outcome
from pathfinder.graph.further import registry
from pathfinder.graph.further.registry import Need
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.model.resources import Key
from pathfinder.policy.context import ABSENT, OBJECT_KEY, Composed, Values
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.resources import Target
from pathfinder.routes.explain import explain_request
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, arn, bucket, deny, policy, role, user, world

KEY = arn(f"arn:aws:kms:eu-west-1:{B}:key/11111111-2222-3333-4444-555555555555")
"""Stands for whatever a read needs besides, in the tests' own world."""
READ = allow("s3:GetObject", "*")
SEND = allow("kms:Decrypt", "*")
TOLD = "kms:Decrypt"


def policy_of(statements: tuple[dict[str, Any], ...]) -> Policy:
    return policy(PolicyKind.KEY, "key policy", str(KEY), *statements)


def telling(*statements: dict[str, Any], **more: Any) -> registry.Further:
    """Reads of objects need kms:Decrypt on a key of account B, which has this policy."""
    need = Need(TOLD, Resource(Target(KEY), B, (policy_of(statements),)), **more)

    def needs(_world: World, action: str, _resource: Resource) -> Iterable[Need]:
        return (need,) if action == "s3:GetObject" else ()

    return needs


@pytest.fixture
def further(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(function: registry.Further) -> None:
        monkeypatch.setattr(registry, "_functions", lambda: (function,))

    return use


EVERYONE = {"AWS": str(A)}
NAMED = allow("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], principal=EVERYONE)
MAY_SEND = allow(TOLD, "*", principal=EVERYONE)


def scene(*identity: dict[str, Any], guard: tuple[dict[str, Any], ...] = (MAY_SEND,)) -> World:
    return world(
        account(A, users=(user(A, "u", *identity),)),
        account(B, buckets=(bucket(B, "b", NAMED),), keys=(Key(KEY, policy_of(guard)),)),
    )


def when(effect: Any, operator: str, key: str, value: str, action: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = effect(action, "*", condition={operator: {key: value}}, **more)
    return made


OFFICE, HOME = "203.0.113.0/24", "198.51.100.0/24"
IP = ("IpAddress", "aws:SourceIp")
CASES = [
    # title                                    identity of u          the key_policy's policy       opens, and under which words
    ("both halves of both", (READ, SEND), (MAY_SEND,), {}, True),
    ("no identity half for the further one", (READ,), (MAY_SEND,), {}, False),
    ("no resource half for the further one", (READ, SEND), (), {}, False),
    ("nothing for the call itself", (SEND,), (MAY_SEND,), {}, False),
    ("a deny on the further one", (READ, SEND, deny(TOLD, "*")), (MAY_SEND,), {}, False),
    (
        "one network for both",
        (when(allow, *IP, OFFICE, "s3:GetObject"), when(allow, *IP, OFFICE, TOLD)),
        (MAY_SEND,),
        {},
        True,
    ),
    (
        "two networks, one call",
        (when(allow, *IP, OFFICE, "s3:GetObject"), when(allow, *IP, HOME, TOLD)),
        (MAY_SEND,),
        {},
        False,
    ),
    (
        "a key that differs is not tied to the call's",
        (when(allow, *IP, OFFICE, "s3:GetObject"), when(allow, *IP, HOME, TOLD)),
        (MAY_SEND,),
        {"differs": {"aws:sourceip": Values(("198.51.100.9",))}},
        True,
    ),
    (
        "a key that is missing in the further one",
        (READ, when(allow, *IP, OFFICE, TOLD)),
        (MAY_SEND,),
        {"differs": {"aws:sourceip": ABSENT}},
        False,
    ),
    (
        "the object key shows in its context",
        (READ, when(allow, "StringLike", "kms:EncryptionContext:about", "b/in/*", TOLD)),
        (MAY_SEND,),
        {"differs": {"kms:encryptioncontext:about": Composed("b/", OBJECT_KEY)}},
        True,
    ),
    (
        "another object than any of the bucket",
        (READ, when(allow, "StringLike", "kms:EncryptionContext:about", "c/in/*", TOLD)),
        (MAY_SEND,),
        {"differs": {"kms:encryptioncontext:about": Composed("b/", OBJECT_KEY)}},
        False,
    ),
]


@pytest.mark.parametrize(
    ("title", "identity", "key_policy", "more", "opens"), CASES, ids=[c[0] for c in CASES]
)
def test_a_call_succeeds_only_if_all_its_authorizations_do(
    further: Any, title: str, identity: Any, key_policy: Any, more: Any, *, opens: bool
) -> None:
    """TERM-2: in the graph, in who-can and in explain, with witnesses that replay."""
    further(telling(*key_policy, **more))
    found = scene(*identity, guard=key_policy)
    routes = find_routes(found, Query(starts=("u",), actions=("s3:GetObject",))).routes
    assert bool(routes) is opens
    grants = who_can(found, ("s3:GetObject",), "b").results
    assert any(each.principal.endswith(":user/u") for each in grants) is opens
    verdict = explain_request(found, "u", "s3:GetObject", "b")
    assert (verdict.verdict in ("allow", "depends")) is opens
    assert bool(verdict.blocking) is not opens
    for route in routes:
        (hop,) = route.hops
        assert [each.action for each in hop.also] == [TOLD]
        assert hop.witness is not None
        assert outcome(decide_request(found, request_of_witness(hop.witness))) is Outcome.ALLOW
    for each in scenarios(found, routes):
        assert decide_scenario(each).decision == "allow", each


def test_the_object_key_of_the_further_one_is_the_calls(further: Any) -> None:
    further(telling(MAY_SEND, differs={"kms:encryptioncontext:about": Composed("b/", OBJECT_KEY)}))
    found = scene(READ, when(allow, "StringLike", "kms:EncryptionContext:about", "b/in/*", TOLD))
    (route,) = find_routes(found, Query(starts=("u",), actions=("s3:GetObject",))).routes
    (hop,) = route.hops
    assert hop.resources == ("arn:aws:s3:::b/in/*",)
    (also,) = hop.also
    assert hop.witness is not None
    assert hop.witness.resource == f"arn:aws:s3:::{also.context['kms:EncryptionContext:about']}"


def test_a_hop_of_many_actions_holds_what_some_of_them_need(further: Any) -> None:
    further(telling(MAY_SEND))
    found = scene(allow("s3:*", "*"), SEND)
    (route,) = find_routes(found, Query(starts=("u",))).routes
    assert len(route.access.actions) > 20
    assert [each.action for each in route.access.also] == [TOLD]
    for action, needed in (("s3:GetObject", [TOLD]), ("s3:GetObjectTagging", [])):
        (route,) = find_routes(found, Query(starts=("u",), actions=(action,))).routes
        assert [each.action for each in route.access.also] == needed


def test_actions_with_and_without_stand_apart_where_it_matters(further: Any) -> None:
    further(telling(MAY_SEND))
    hops = [
        route.access
        for route in find_routes(
            scene(allow("s3:*", "*"), when(allow, *IP, OFFICE, TOLD)), Query(starts=("u",))
        ).routes
    ]
    assert sorted((len(hop.actions) == 1, len(hop.also)) for hop in hops) == [(False, 0), (True, 1)]


def test_readings_that_disagree_are_unknown(further: Any) -> None:
    readings = (
        {"kms:encryptioncontext:about": Values(("x",))},
        {"kms:encryptioncontext:about": Values(("y",))},
    )
    further(telling(MAY_SEND, readings=readings, unsure="x or y"))
    (route,) = find_routes(
        scene(READ, when(allow, "StringEquals", "kms:EncryptionContext:about", "x", TOLD)),
        Query(starts=("u",), actions=("s3:GetObject",)),
    ).routes
    assert route.access.witness is None
    assert "x or y" in route.access.gaps


def test_a_key_of_the_further_resource_that_nobody_knows_is_a_gap(further: Any) -> None:
    further(telling(MAY_SEND))
    (route,) = find_routes(
        scene(
            READ,
            when(allow, "StringEquals", "aws:ResourceTag/team", "x", TOLD),
            when(allow, "StringEquals", "kms:KeyOrigin", "x", TOLD),
        ),
        Query(starts=("u",), actions=("s3:GetObject",)),
    ).routes or (None,)
    assert route is None or route.access.witness is None


def test_along_a_route_the_session_is_the_same_in_both(further: Any) -> None:
    """STS-31: a tag that the call to STS passes is the caller's in all authorizations of the next call."""
    further(telling(MAY_SEND))
    tag = "aws:PrincipalTag/team"
    reader = role(
        A,
        "reader",
        [allow(["sts:AssumeRole", "sts:TagSession"], principal=EVERYONE)],
        when(allow, "StringEquals", tag, "blue", "s3:GetObject"),
        when(allow, "StringEquals", tag, "blue", TOLD),
    )
    torn = role(
        A,
        "torn",
        [allow(["sts:AssumeRole", "sts:TagSession"], principal=EVERYONE)],
        when(allow, "StringEquals", tag, "blue", "s3:GetObject"),
        when(allow, "StringEquals", tag, "red", TOLD),
    )
    found = world(
        account(A, users=(user(A, "u", allow("sts:*", "*")),), roles=(reader, torn)),
        account(B, buckets=(bucket(B, "b", NAMED),), keys=(Key(KEY, policy_of((MAY_SEND,))),)),
    )
    routes = find_routes(found, Query(starts=("u",), actions=("s3:GetObject",))).routes
    assert [route.acting.label for route in routes] == ["reader"]
    (also,) = routes[0].access.also
    assert also.action == TOLD
    assert also.context[tag] == "blue"
    assert routes[0].access.witness is not None
    assert also.principal == routes[0].access.witness.principal
