"""The coarse step for roles leaves nobody out whom the decision procedure lets in (STS-2 to STS-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.hops import assume_role
from pathfinder.graph.role_askers import RoleAskers
from pathfinder.policy.document import PolicyKind, Unread
from tests.building import A, B, account, allow, deny, role, user, world

ROLE = f"arn:aws:iam::{A}:role/team/r"
ASKING = [
    # title, the user's statements, whether the user comes in question
    ("by its ARN", [allow("sts:AssumeRole", ROLE)], True),
    ("another role's ARN", [allow("sts:AssumeRole", f"arn:aws:iam::{A}:role/team/s")], False),
    ("by a wildcard", [allow("sts:*", f"arn:aws:iam::{A}:role/team/*")], True),
    ("by another wildcard", [allow("sts:*", f"arn:aws:iam::{A}:role/other/*")], False),
    ("by a variable", [allow("sts:AssumeRole", f"arn:aws:iam::{A}:role/team/${{aws:PrincipalTag/x}}")], True),
    ("by everything", [allow("*", "*")], True),
    (
        "by NotResource",
        [{"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": "arn:aws:s3:::*"}],
        True,
    ),
    (
        "NotResource names it",
        [{"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": f"arn:aws:iam::{A}:role/*"}],
        True,  # the coarse step does not look into it
    ),
    ("by NotAction", [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], True),
    ("another action", [allow("sts:TagSession", ROLE)], False),
    ("a Deny only", [deny("sts:AssumeRole", ROLE)], False),
    ("the ARN in another statement", [allow("s3:GetObject", "*"), allow("sts:AssumeRole", ROLE)], True),
    ("no policy", [], False),
]


@pytest.mark.parametrize(("title", "statements", "is_asked"), ASKING, ids=[case[0] for case in ASKING])
def test_who_comes_in_question(title: str, statements: list[Any], is_asked: bool) -> None:
    own = role(A, "team/r", [allow("sts:AssumeRole", principal={"AWS": A})])
    found = world(account(A, users=(user(A, "u", *statements),), roles=(own,)))
    (known,) = found.roles.values()
    asked = RoleAskers(found).may_ask(known)
    assert (f"arn:aws:iam::{A}:user/u" in asked) == is_asked
    let_in = {edge.hop.source for edge in assume_role.assume_role(found) if hasattr(edge, "hop")}
    assert {each for each in let_in if ":user/" in each} <= asked


def test_an_unknown_policy_may_say_anything() -> None:
    unread = Unread(PolicyKind.IDENTITY, "lost", "u", "not collected")
    own = role(A, "r", [allow("sts:AssumeRole", principal={"AWS": A})])
    lost = replace(user(A, "u"), policies=(unread,))
    found = world(account(A, users=(lost,), roles=(own,)))
    (known,) = found.roles.values()
    assert f"arn:aws:iam::{A}:user/u" in RoleAskers(found).may_ask(known)


@pytest.mark.parametrize(("home", "is_open"), [(A, True), (B, False)])
def test_everyone_in_its_own_account_needs_no_allow(home: str, is_open: bool) -> None:
    """STS-2, STS-4: across accounts, the principal's own policies must allow it as well."""
    own = role(A, "r", [allow("sts:AssumeRole", principal="*")])
    people = {A: (), B: ()} | {home: (user(home, "u"),)}
    found = world(account(A, users=people[A], roles=(own,)), account(B, users=people[B]))
    hops = {edge.hop.source for edge in assume_role.assume_role(found) if hasattr(edge, "hop")}
    assert (f"arn:aws:iam::{home}:user/u" in hops) == is_open
