"""Passwords of IAM users (TERM-7)."""

from __future__ import annotations

import pytest

from pathfinder.graph.graph import Graph
from tests.building import A, account, allow, bucket, user, world
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
