"""Passwords of IAM users (TERM-7)."""

from __future__ import annotations

import pytest

from pathfinder.graph.graph import Graph
from tests.building import A, account, allow, bucket, role, user, world
from tests.graph.hops.showing import gaps_about, hops_of, routes_from

USER = f"arn:aws:iam::{A}:user/u"


@pytest.mark.parametrize(
    ("password", "mfa", "is_open", "noted"),
    [
        (True, True, True, False),
        (True, False, True, True),
        (True, None, True, False),
        (False, None, False, False),
        (None, None, False, False),
    ],
)
def test_a_password_is_a_start(password: bool | None, mfa: bool | None, is_open: bool, noted: bool) -> None:
    found = world(account(A, users=(user(A, "u", has_password=password, has_mfa=mfa),)))
    listed = hops_of(found, "console-login")
    assert [(hop.source, hop.target) for hop in listed] == ([(f"console:{USER}", USER)] if is_open else [])
    assert [bool(hop.notes) for hop in listed] == ([noted] if is_open else [])


def test_routes_go_on_as_the_user() -> None:
    may = allow("s3:GetObject", "arn:aws:s3:::b/*")
    found = world(account(A, users=(user(A, "u", may, has_password=True),), buckets=(bucket(A, "b"),)))
    (route,) = routes_from(found, f"console:{USER}")
    assert (route.design, [hop.kind for hop in route.hops]) == ("console login", ["console-login", "access"])
    assert Graph(found).node(f"console:{USER}").label == "u"


def test_passwords_of_some_users_that_are_not_known_are_a_gap() -> None:
    people = (user(A, "u", has_password=True), user(A, "v"))
    assert gaps_about(world(account(A, users=people)), "have a password") == [f"account {A}"]
    assert gaps_about(world(account(A, users=people[:1])), "have a password") == []


def test_what_is_held_makes_no_request_also_where_the_route_hangs_on_its_sessions() -> None:
    """STS-25: the user passes a source identity on the way; the key and the password are only held."""
    trust = [
        allow(
            "sts:AssumeRole", principal={"AWS": USER}, condition={"StringLike": {"sts:SourceIdentity": "*"}}
        ),
        allow("sts:SetSourceIdentity", principal={"AWS": USER}),
    ]
    reads = allow("s3:GetObject", "*", condition={"StringLike": {"aws:SourceIdentity": "*"}})
    person = user(A, "u", allow("sts:*", "*"), has_password=True, keys=("AKIA1",))
    found = world(account(A, users=(person,), roles=(role(A, "t", trust, reads),), buckets=(bucket(A, "b"),)))
    for start, kind in ((f"console:{USER}", "console-login"), ("key:AKIA1", "access-key")):
        (route,) = routes_from(found, start)
        assert [hop.kind for hop in route.hops] == [kind, "assume-role", "access"]
