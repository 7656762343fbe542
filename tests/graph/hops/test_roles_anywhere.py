"""Certificates under a trust anchor of IAM Roles Anywhere (STS-45)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.world import World
from pathfinder.model.access_points import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from pathfinder.model.workforce import AnywhereProfile, TrustAnchor
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import ALL_KNOWN, A, B, account, allow, arn, bucket, deny, policy, role, world
from tests.graph.hops.showing import equals, gaps_about, hops_of, replays, routes_from

ANCHOR = f"arn:aws:rolesanywhere:eu-west-1:{A}:trust-anchor/ta-1"
PROFILE = f"arn:aws:rolesanywhere:eu-west-1:{A}:profile/p-1"
ROLE = f"arn:aws:iam::{A}:role/r"
SERVICE = {"Service": "rolesanywhere.amazonaws.com"}
ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
CN = "aws:PrincipalTag/x509Subject/CN"


def trusting(condition: Any = None, actions: Any = ALL, principal: Any = SERVICE) -> list[Any]:
    return [allow(actions, principal=principal, **({"condition": condition} if condition else {}))]


def anywhere(trust: Any, *policies: Any, **more: Any) -> World:
    anchor = TrustAnchor(arn(more.pop("anchor", ANCHOR)), "corp", more.pop("anchor_enabled", True))
    changes = {"enabled": True, "roles": (arn(ROLE),), **more.pop("profile", {})}
    profile = AnywhereProfile(arn(PROFILE), "servers", **changes)
    return world(
        account(
            A, roles=(role(A, "r", trust, *policies),), trust_anchors=(anchor,), anywhere_profiles=(profile,)
        ),
        account(B, buckets=more.pop("buckets", ())),
    )


TRUSTS = [
    ("STS-45 all three actions", trusting(), True),
    ("STS-45 without sts:TagSession", trusting(None, [ALL[0], ALL[2]]), False),
    ("STS-45 without sts:SetSourceIdentity", trusting(None, ALL[:2]), False),
    ("STS-45 another service", trusting(None, ALL, {"Service": "ec2.amazonaws.com"}), False),
    ("STS-45 its trust anchor", trusting({"ArnEquals": {"aws:SourceArn": ANCHOR}}), True),
    ("STS-45 another trust anchor", trusting({"ArnEquals": {"aws:SourceArn": ANCHOR + "2"}}), False),
    ("STS-45 its account", trusting(equals("aws:SourceAccount", A)), True),
    ("STS-45 another account", trusting(equals("aws:SourceAccount", B)), False),
    ("STS-45 a certificate's name", trusting(equals(CN, "web-1")), True),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), TRUSTS, ids=[t[0] for t in TRUSTS])
def test_the_trust_policy_decides(title: str, trust: Any, is_open: bool) -> None:
    found = anywhere(trust)
    listed = hops_of(found, "roles-anywhere")
    assert [(hop.source, hop.target) for hop in listed] == ([(ANCHOR, ROLE)] if is_open else [])
    for hop in listed:
        assert [each.action for each in hop.also] == ALL[1:]
        assert replays(found, hop)


SWITCHES: list[tuple[dict[str, Any], bool, bool]] = [
    # what is different                                            open   gap
    ({}, True, False),
    ({"anchor_enabled": False}, False, False),
    ({"anchor_enabled": None}, True, True),
    ({"profile": {"enabled": False}}, False, False),
    ({"profile": {"enabled": None}}, True, True),
    ({"profile": {"roles": ()}}, False, False),
    ({"anchor": ANCHOR.replace("eu-west-1", "us-east-1")}, False, False),
]


@pytest.mark.parametrize(("changes", "is_open", "unsure"), SWITCHES)
def test_anchor_and_profile_must_be_enabled_and_in_one_region(
    changes: dict[str, Any], is_open: bool, unsure: bool
) -> None:
    listed = hops_of(anywhere(trusting(), **changes), "roles-anywhere")
    assert bool(listed) is is_open
    assert all(bool(hop.gaps) is unsure for hop in listed)


CARRIED = [
    ("STS-45 the same name", CN, "web-1", True),
    ("STS-45 another name", CN, "web-2", False),
    ("STS-45 what else the certificate says", "aws:PrincipalTag/x509Issuer/CN", "corp", True),
]


@pytest.mark.parametrize(("title", "key", "value", "is_open"), CARRIED, ids=[c[0] for c in CARRIED])
def test_the_session_carries_what_the_certificate_says(
    title: str, key: str, value: str, is_open: bool
) -> None:
    """The trust policy wants the name web-1; the session has it as its tag."""
    reads = allow("s3:GetObject", "arn:aws:s3:::b/*", condition=equals(key, value))
    held = bucket(B, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": A}))
    found = anywhere(trusting(equals(CN, "web-1")), reads, buckets=(held,))
    routes = routes_from(found, ANCHOR)
    assert bool(routes) is is_open
    for route in routes:
        assert all(replays(found, hop) for hop in route.hops)


LIMITED = f"{PROFILE}:role/r"
ROLE_GRANTS = allow("s3:*", ["arn:aws:s3:::b/*", "arn:aws:s3:::near/*"], principal={"AWS": ROLE})
READ_ONE = allow("s3:GetObject", "arn:aws:s3:::b/in/*")
ALL_S3 = allow("s3:*", "*")


def limiting(*statements: Any, name: str = "session policy") -> Any:
    return policy(PolicyKind.SESSION, name, PROFILE, *statements)


def limited(
    *policies: Any, held: Any = (ALL_S3,), near: Any = (), name: str = "near", trust: Any = None
) -> World:
    """A role whose sessions by the profile have these session policies; bucket b of another account, one of its own."""
    anchor = TrustAnchor(arn(ANCHOR), "corp", True)
    profile = AnywhereProfile(arn(PROFILE), "servers", True, (arn(ROLE),), session_policies=policies or None)
    own = bucket(A, "near", *near)
    return world(
        account(
            A,
            roles=(role(A, "r", trust or trusting(), *held),),
            trust_anchors=(anchor,),
            anywhere_profiles=(profile,),
            buckets=(own,),
        ),
        account(B, buckets=(bucket(B, "b", ROLE_GRANTS),)),
    )


def reached(found: World, start: str = ANCHOR) -> dict[str, set[str]]:
    """Bucket to what is reached in it: actions on which resources."""
    told: dict[str, set[str]] = {}
    for route in routes_from(found, start):
        assert not route.gaps, route.gaps
        assert all(replays(found, hop) for hop in route.hops if hop.witness)
        told.setdefault(route.target.label, set()).update(
            f"{action} {each}" for action in route.access.actions for each in route.access.resources
        )
    return told


SESSION_ONLY = {"s3:GetObject arn:aws:s3:::b/in/*"}
BY_ROLE = allow("s3:GetObject", "arn:aws:s3:::near/*", principal={"AWS": ROLE})
BY_SESSION = allow(
    "s3:GetObject", "arn:aws:s3:::near/*", principal={"AWS": f"arn:aws:sts::{A}:assumed-role/r/web-1"}
)
BY_ARN = allow(
    "s3:GetObject", "arn:aws:s3:::near/*", principal="*", condition=equals("aws:PrincipalArn", ROLE)
)
NEAR = {"s3:GetObject arn:aws:s3:::near/*"}
WITHIN = [
    # rule                                            session policies                      own bucket's policy   b             near
    ("EVAL-22 the session policy narrows", (limiting(READ_ONE),), (), SESSION_ONLY, set()),
    ("LANG-9 policies are one set", (limiting(READ_ONE), limiting(ALL_S3, name="all")), (), None, None),
    ("EVAL-12 nothing is allowed", (limiting(allow("ec2:*", "*")),), (), set(), set()),
    (
        "EVAL-1 a Deny in it",
        (limiting(ALL_S3, deny("s3:*", ["arn:aws:s3:::b/*", "arn:aws:s3:::near*"])),),
        (),
        set(),
        set(),
    ),
    ("STS-10 it grants nothing by itself", (limiting(READ_ONE),), (), set(), set()),
    ("EVAL-11 a role grant stays within it", (limiting(READ_ONE),), (BY_ROLE,), SESSION_ONLY, set()),
    ("EVAL-10 a session grant does not (D-1)", (limiting(READ_ONE),), (BY_SESSION,), SESSION_ONLY, NEAR),
    ("PRIN-13 nor one by aws:PrincipalArn (D-1)", (limiting(READ_ONE),), (BY_ARN,), SESSION_ONLY, NEAR),
]


@pytest.mark.parametrize(("title", "policies", "near", "far", "own"), WITHIN, ids=[c[0] for c in WITHIN])
def test_session_policies_of_the_profile_limit_the_session(
    title: str, policies: Any, near: Any, far: set[str] | None, own: set[str] | None
) -> None:
    held = () if title.startswith("STS-10") else (ALL_S3,)
    found = limited(*policies, held=held, near=near)
    told = reached(found)
    unlimited = reached(limited(held=held, near=near))
    assert told.get("b", set()) == (unlimited.get("b", set()) if far is None else far)
    assert told.get("near", set()) == (unlimited.get("near", set()) if own is None else own)
    for hop in hops_of(found, "roles-anywhere"):
        assert hop.target == LIMITED
        assert hop.gaps == ()


def test_the_role_itself_is_not_limited() -> None:
    """The profile limits its own sessions alone; who assumes the role gets all of it."""
    found = limited(limiting(READ_ONE))
    assert reached(found, ROLE) == reached(limited(), ROLE)
    (route,) = routes_from(found, ANCHOR)
    assert route.acting.id == ROLE


def test_a_managed_session_policy_that_nobody_read_is_a_gap() -> None:
    unread = Unread(PolicyKind.SESSION, "arn:aws:iam::aws:policy/X", PROFILE, "it is not in the snapshot")
    found = limited(limiting(READ_ONE), unread)
    routes = routes_from(found, ANCHOR)
    sure = [route for route in routes if not route.gaps]
    assert [route.access.resources for route in routes if route.gaps]
    assert all(route.access.witness is None for route in routes if route.gaps)
    assert not sure


CHAINED = [
    (
        "EVAL-22 sts:AssumeRole within the session policy",
        (limiting(allow(["sts:AssumeRole", "sts:SetSourceIdentity"], "*")),),
        {"AWS": A},
        True,
    ),
    ("EVAL-22 not within it", (limiting(READ_ONE),), {"AWS": A}, False),
    ("EVAL-22 not within it, the role named", (limiting(READ_ONE),), {"AWS": ROLE}, False),
    (
        "STS-4 the role named",
        (limiting(allow(["sts:AssumeRole", "sts:SetSourceIdentity"], "*")),),
        {"AWS": ROLE},
        True,
    ),
    (
        "PRIN-6 a session named",
        (limiting(allow("sts:*", "*")),),
        {"AWS": f"arn:aws:sts::{A}:assumed-role/r/web-1"},
        True,
    ),
]


@pytest.mark.parametrize(("title", "policies", "trust", "is_open"), CHAINED, ids=[c[0] for c in CHAINED])
def test_what_follows_is_free_of_session_policies(
    title: str, policies: Any, trust: Any, is_open: bool
) -> None:
    """EVAL-4: they bind the call that assumes the next role, and not that role's session."""
    taking = [allow(["sts:AssumeRole", "sts:SetSourceIdentity"], principal=trust)]
    far = role(B, "far", taking, allow("s3:PutObject", "arn:aws:s3:::c/*"))
    anchor = TrustAnchor(arn(ANCHOR), "corp", True)
    profile = AnywhereProfile(arn(PROFILE), "servers", True, (arn(ROLE),), session_policies=policies)
    found = world(
        account(
            A,
            roles=(role(A, "r", trusting(), allow("sts:*", "*")),),
            trust_anchors=(anchor,),
            anywhere_profiles=(profile,),
        ),
        account(B, roles=(far,), buckets=(bucket(B, "c"),)),
    )
    routes = routes_from(found, ANCHOR)
    assert [[hop.kind for hop in route.hops] for route in routes] == (
        [["roles-anywhere", "assume-role", "access"]] if is_open else []
    )
    for route in routes:
        assert all(replays(found, hop) for hop in route.hops)


def test_the_limited_session_carries_what_the_certificate_says() -> None:
    """STS-30, STS-45: session policies change nothing in that."""
    for value, is_open in (("web-1", True), ("web-2", False)):
        reads = allow("s3:GetObject", "*", condition=equals(CN, value))
        found = limited(limiting(reads), trust=trusting(equals(CN, "web-1")))
        assert bool(routes_from(found, ANCHOR)) is is_open


def test_exported_witnesses_bring_their_session_policies() -> None:
    """Any evaluator can replay them: allowed with the session policies, and they say what limits the request."""
    found = limited(limiting(READ_ONE), limiting(allow("ec2:*", "*"), name="more"))
    listed = scenarios(found, routes_from(found, ANCHOR))
    (last,) = [each for each in listed if each["request"]["action"].startswith("s3:")]
    assert [len(each["Statement"]) for each in last["policies"]["session"]] == [1, 1]
    assert all(decide_scenario(each).passed for each in listed)
    last["policies"]["session"] = last["policies"]["session"][1:]
    assert decide_scenario(last).decision == "implicit-deny"


def test_who_can_shows_limited_sessions_by_their_routes() -> None:
    """They are no principals of their own: results name the role."""
    found = limited(limiting(READ_ONE))
    answer = who_can(found, ("s3:GetObject",), "arn:aws:s3:::b/in/x")
    root = f"arn:aws:iam::{B}:root"
    assert [each.principal for each in answer.results] == [ROLE, root]
    assert [route.start.id for route in answer.indirect] == [ANCHOR, "rolesanywhere.amazonaws.com"]
    outside = who_can(found, ("s3:GetObject",), "arn:aws:s3:::b/out/x")
    assert [each.principal for each in outside.results] == [ROLE, root]
    assert [route.start.id for route in outside.indirect] == ["rolesanywhere.amazonaws.com"]


WIDENING = [
    # rule                                                       the session policies                    open
    ("ESC-24 within them the role widens itself", (limiting(allow(["iam:*", "s3:*"], "*")),), True),
    (
        "ESC-4 they stay: what it gives itself is beyond them",
        (limiting(allow("iam:PutRolePolicy", "*")),),
        False,
    ),
    ("ESC-1 they do not let it widen itself", (limiting(ALL_S3),), False),
]


@pytest.mark.parametrize(("title", "policies", "is_open"), WIDENING, ids=[c[0] for c in WIDENING])
def test_escalations_stay_within_session_policies(title: str, policies: Any, is_open: bool) -> None:
    made = limited(*policies, held=(allow("iam:PutRolePolicy", ROLE),))
    found = World(made.snapshot, escalations=True)
    assert find_routes(found, Query(starts=(ROLE,), targets=("near",), escalations=True)).routes
    routes = find_routes(found, Query(starts=(ANCHOR,), targets=("near",), escalations=True)).routes
    assert bool(routes) is is_open
    for route in routes:
        assert route.acting.id == ROLE
        assert all(hop.witness is not None for hop in route.hops)


@pytest.mark.parametrize(("action", "is_open"), [("s3:GetDataAccess", True), ("s3:GetObject", False)])
def test_a_limited_session_asks_access_grants_within_its_policies(action: str, is_open: bool) -> None:
    """S3-57: the grantee is the role; what its session may ask is up to the session's policies."""
    own = f"arn:aws:s3:eu-west-1:{A}:access-grants/default"
    place = AccessGrantsLocation(
        "l", arn(f"{own}/location/l"), "s3://near/*", arn(f"arn:aws:iam::{A}:role/loc")
    )
    grant = AccessGrant("g", arn(f"{own}/grant/g"), "IAM", ROLE, "READ", "s3://near/*", "l")
    trust = [
        allow(
            ["sts:AssumeRole", "sts:SetSourceIdentity"],
            principal={"Service": "access-grants.s3.amazonaws.com"},
        )
    ]
    before = limited(limiting(allow(action, "*"))).snapshot
    (first, second) = before.accounts
    found = world(
        replace(
            first,
            roles=(*first.roles, role(A, "loc", trust, ALL_S3)),
            access_grants_instances=(AccessGrantsInstance(arn(own), None, (place,), (grant,)),),
        ),
        second,
    )
    routes = [route for route in routes_from(found, ANCHOR) if route.design == "access grant"]
    assert bool(routes) is is_open


def test_what_is_not_known_is_a_gap() -> None:
    gone = {"roles": (arn(f"arn:aws:iam::{A}:role/gone"),)}
    assert gaps_about(anywhere(trusting(), profile=gone), "role/gone is not in") == [PROFILE]
    for kind in ("trust_anchors", "anywhere_profiles"):
        found = world(account(A, roles=(role(A, "r", SERVICE),), known=ALL_KNOWN - {kind}))
        assert gaps_about(found, "which certificates lead") == [A]
