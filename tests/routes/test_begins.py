"""What a route from a role starts with: some session of it that somebody can start (TERM-8, STS-9, STS-33)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.routes.explain import explain_request
from pathfinder.routes.whocan import who_can
from tests.building import A, account, allow, arn, bucket, instance, role, user, world
from tests.routes.test_sessions import (
    ASSUME,
    ASSUMES,
    BOTH,
    GITHUB,
    OBJECTS,
    R1,
    R2,
    SOURCE,
    U,
    near,
    reads,
    routes,
    tagged,
    trust,
    when,
)

NAMED_X1 = when("StringEquals", "sts:RoleSessionName", "x1")
WITH_IDENTITY = trust({"AWS": U}, ASSUME, SOURCE, condition=when("StringLike", "sts:SourceIdentity", "*"))
SERVICE = {"Service": "lambda.amazonaws.com"}


USERS = (user(A, "u", ASSUMES),)


def opened_to(name: str, *roles: Any, users: Any = USERS, **parts: Any) -> World:
    """The bucket's policy lets the session of r1 with this name read."""
    session = f"arn:aws:sts::{A}:assumed-role/r1/{name}"
    open_bucket = bucket(A, "b", allow("s3:GetObject", OBJECTS, principal={"AWS": session}))
    return world(account(A, users=users, roles=roles, buckets=(open_bucket,), **parts))


def on_instance(name: str) -> World:
    machine, profile = instance(A, "i-0abc", "r1")
    own = role(A, "r1", [trust({"Service": "ec2.amazonaws.com"})])
    return opened_to(name, own, instances=(machine,), instance_profiles=(profile,))


NAMES = [
    # title, world, open from r1
    ("STS-9 whoever starts it picks the name", opened_to("x2", role(A, "r1", [trust({"AWS": U})])), True),
    (
        "STS-9 the trust policy demands the name",
        opened_to("x1", role(A, "r1", [trust({"AWS": U}, condition=NAMED_X1)])),
        True,
    ),
    (
        "STS-9 the trust policy demands another name",
        opened_to("x2", role(A, "r1", [trust({"AWS": U}, condition=NAMED_X1)])),
        False,
    ),
    (
        "STS-9 of two ways in, one picks the name",
        opened_to("x2", role(A, "r1", [trust({"AWS": U}, condition=NAMED_X1), trust(SERVICE)])),
        True,
    ),
    ("STS-40 an instance's sessions bear its id", on_instance("i-0abc"), True),
    ("STS-40 and no other name", on_instance("x1"), False),
    (
        "STS-9 the caller's session is named by its own trust policy",
        opened_to(
            "x2",
            role(A, "r0", [trust({"AWS": U}, condition=NAMED_X1)], ASSUMES),
            role(
                A,
                "r1",
                [trust({"AWS": f"arn:aws:sts::{A}:assumed-role/r0/x1"})],
            ),
        ),
        True,
    ),
    (
        "TERM-8 nobody known can assume the role: whoever can is unknown, and so is the name",
        opened_to("x2", role(A, "r1", [trust({"AWS": A}, condition=NAMED_X1)]), users=(user(A, "u"),)),
        True,
    ),
    (
        "TERM-8 two roles that only let each other in",
        opened_to(
            "x2",
            role(A, "r0", [trust({"AWS": R1})], ASSUMES),
            role(A, "r1", [trust({"AWS": f"arn:aws:iam::{A}:role/r0"}, condition=NAMED_X1)], ASSUMES),
        ),
        True,
    ),
]


@pytest.mark.parametrize(("title", "found", "is_open"), NAMES, ids=[case[0] for case in NAMES])
def test_names(title: str, found: World, is_open: bool) -> None:
    if title.startswith("STS-9 the trust policy demands another"):
        # Same-account trust that names the user needs no Allow of its own, but the name stays the trust policy's.
        assert not routes(found, "u")
    assert bool(routes(found, "r1")) == is_open
    sessions = {grant.principal for grant in who_can(found, ("s3:GetObject",), "arn:aws:s3:::b/x").results}
    assert any(":assumed-role/r1/" in each for each in sessions) == is_open


CARRIED = [
    # title, roles, open from r1
    ("STS-33 the next role lets no identity be inherited", [trust({"AWS": R1})], False),
    ("STS-33 the next role does", [trust({"AWS": R1}, ASSUME, SOURCE)], True),
]


@pytest.mark.parametrize(("title", "into_r2", "is_open"), CARRIED, ids=[case[0] for case in CARRIED])
def test_a_source_identity_that_every_session_has(title: str, into_r2: list[Any], is_open: bool) -> None:
    found = near(role(A, "r1", [WITH_IDENTITY], ASSUMES), role(A, "r2", into_r2, reads()))
    assert bool(routes(found, "u")) == is_open
    assert bool(routes(found, "r1")) == is_open


def test_a_role_in_the_middle_starts_as_those_before_it_let_it() -> None:
    """STS-33: r2's sessions all come from r1's, which all have a source identity."""
    into_r3 = [trust({"AWS": R2})]
    found = near(
        role(A, "r1", [WITH_IDENTITY], ASSUMES),
        role(A, "r2", [trust({"AWS": R1}, ASSUME, SOURCE)], ASSUMES),
        role(A, "r3", into_r3, reads()),
    )
    assert not routes(found, "r2")
    assert not routes(found, "u")


TAGS = [
    # title, what the bucket's reader demands, open from r1
    ("STS-30 the tag that every session has", tagged("blue"), True),
    ("STS-30 another", tagged("red"), False),
    ("STS-30 none", when("Null", "aws:PrincipalTag/team", "true"), False),
]


@pytest.mark.parametrize(("title", "wanted", "is_open"), TAGS, ids=[case[0] for case in TAGS])
def test_a_tag_that_every_session_has(title: str, wanted: dict[str, Any], is_open: bool) -> None:
    demands = trust({"AWS": U}, *BOTH, condition=tagged("blue", "aws:RequestTag/team"))
    found = near(role(A, "r1", [demands], reads(condition=wanted)))
    assert bool(routes(found, "r1")) == is_open


FEDERATED = when("Null", "aws:FederatedProvider", "true")


@pytest.mark.parametrize("is_federated", [True, False])
def test_sessions_that_all_come_from_a_provider_show_it(is_federated: bool) -> None:
    """STS-20, chapter 6 (aws:FederatedProvider): no session of the role is without it, unless others get in."""
    subject = when("StringEquals", "token.actions.githubusercontent.com:sub", "repo:o/r:ref:refs/heads/main")
    web = allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": GITHUB}, condition=subject)
    into = [web] if is_federated else [web, trust({"AWS": U})]
    found = near(role(A, "r1", into, reads(condition=FEDERATED)), providers=(github(),))
    assert bool(routes(found, "r1")) == (not is_federated)


def github() -> Any:
    from pathfinder.model.organization import IdentityProvider

    return IdentityProvider(arn(GITHUB), "token.actions.githubusercontent.com", ("sts.amazonaws.com",))


def test_explain_says_that_no_session_has_the_name() -> None:
    found = opened_to("x2", role(A, "r1", [trust({"AWS": U}, condition=NAMED_X1)]))
    told = explain_request(found, f"arn:aws:sts::{A}:assumed-role/r1/x2", "s3:GetObject", "arn:aws:s3:::b/x")
    assert any("nobody can start a session of this role" in each for each in told.warnings), told


@pytest.mark.parametrize(("name", "is_open"), [("x", False), ("x2", True), ("x" * 65, False)])
def test_a_name_that_aws_does_not_take(name: str, is_open: bool) -> None:
    """STS-9: names have 2 to 64 characters."""
    found = opened_to(name, role(A, "r1", [trust({"AWS": U})]))
    assert bool(routes(found, "r1")) == is_open
    assert bool(who_can(found, ("s3:GetObject",), "arn:aws:s3:::b/x").indirect) == is_open
    granted = {grant.principal for grant in who_can(found, ("s3:GetObject",), "arn:aws:s3:::b/x").results}
    assert any(":assumed-role/r1/" in each for each in granted) == is_open
