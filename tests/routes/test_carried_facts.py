"""What a session carries decides what is reached: by routes as a user of the library asks for them.

Each case is a small world; `test_sessions.py` holds the rules one by one, here stands what follows from them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.world import World
from pathfinder.logic.formula import all_of
from pathfinder.logic.patterns import exact
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, bucket, instance, role, user, world
from tests.routes.test_sessions import (
    ASSUME,
    ASSUMES,
    BOTH,
    GITHUB,
    NOTHING_PASSED,
    R1,
    SOURCE,
    TAG,
    TEAM_READER,
    U,
    check,
    near,
    reads,
    routes,
    tagged,
    trust,
    when,
)

WEB = "sts:AssumeRoleWithWebIdentity"
ID_1, ID_2 = (when("StringEquals", "sts:ExternalId", text) for text in ("x1", "x2"))


def reaches(found: World, key: str, start: str = "u") -> bool:
    """Whether the start reaches the object of this key."""
    asked = Query(starts=(start,), targets=(f"arn:aws:s3:::b/{key}",), actions=("s3:GetObject",))
    return bool(find_routes(found, asked).routes)


@pytest.mark.parametrize("start", ["u", "r1"])
def test_a_role_reached_with_a_tag_opens_what_that_tag_opens(start: str) -> None:
    """STS-30, LANG-40: and nothing that another tag would open, nor what the role's own tag opens."""
    own = allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")
    only_blue = trust({"AWS": U}, *BOTH, condition=tagged("blue", "aws:RequestTag/team"))
    found = near(role(A, "r1", [only_blue], own, tags={"team": "red"}))
    assert reaches(found, "blue/x", start)
    assert not reaches(found, "green/x", start)
    assert not reaches(found, "red/x", start)  # TERM-8: no session of the role is without the tag


OVERLAID = [
    ("the tag passed counts", "blue", True),
    ("the role's own tag does not count any more", "red", False),
]


@pytest.mark.parametrize(("title", "wanted", "is_open"), OVERLAID, ids=[c[0] for c in OVERLAID])
def test_a_tag_that_must_be_passed_overlays_the_roles_own(title: str, wanted: str, is_open: bool) -> None:
    """STS-30, chapter 6 (aws:PrincipalTag)."""
    must_pass = trust({"AWS": U}, *BOTH, condition=tagged("blue", "aws:RequestTag/team"))
    reader = reads(condition=tagged(wanted))
    check(near(role(A, "r1", [must_pass], reader, tags={"team": "red"})), is_open)


BOTH_SIDES = [
    # title, the caller's identity policy, the trust policy's actions, what the reader asks for, open
    ("STS-25 tags: both sides", (ASSUME, TAG), (ASSUME, TAG), tagged("blue"), True),
    ("STS-25 tags: the caller's side lacks it", (ASSUME,), (ASSUME, TAG), tagged("blue"), False),
    ("STS-25 tags: the trust policy lacks it", (ASSUME, TAG), (ASSUME,), tagged("blue"), False),
    ("STS-25 not used: neither needs it", (ASSUME,), (ASSUME,), None, True),
    ("STS-25 identity: both sides", (ASSUME, SOURCE), (ASSUME, SOURCE), tagged("ann", "aws:SourceIdentity"), True),
    ("STS-25 identity: the caller's side lacks it", (ASSUME,), (ASSUME, SOURCE), tagged("ann", "aws:SourceIdentity"), False),
    ("STS-25 identity: the trust policy lacks it", (ASSUME, SOURCE), (ASSUME,), tagged("ann", "aws:SourceIdentity"), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "own", "trusted", "wanted", "is_open"), BOTH_SIDES, ids=[c[0] for c in BOTH_SIDES]
)
def test_across_accounts_both_sides(title: str, own: Any, trusted: Any, wanted: Any, is_open: bool) -> None:
    """STS-25, EVAL-20: what is passed is allowed by the trust policy and by the caller's own."""
    reader = reads(condition=wanted) if wanted else reads()
    far = role(B, "far", [trust({"AWS": U}, *trusted)], reader)
    found = world(
        account(A, users=(user(A, "u", allow([*own], "*")),)),
        account(B, roles=(far,), buckets=(bucket(B, "b"),)),
    )
    check(found, is_open)


EXTERNAL = [
    ("KEY-2 an external id is a recipe", [role(A, "r1", [trust({"AWS": U}, condition=ID_1)], reads())], "u", True),
    (
        "STS-14 each call has its own",
        [
            role(A, "r1", [trust({"AWS": U}, condition=ID_1)], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, condition=ID_2)], reads()),
        ],
        "u",
        True,
    ),
    (
        "one call has one",
        [role(A, "r1", [trust({"AWS": U}, condition=ID_1), trust({"AWS": U}, TAG, condition=ID_2)], TEAM_READER)],
        "u",
        False,
    ),
    (
        "STS-20 a provider's call has none",
        [role(A, "r1", [trust({"Federated": GITHUB}, WEB, condition=ID_1)], reads()), role(A, "r2", [trust({"Federated": GITHUB}, WEB)])],
        GITHUB,
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "roles", "start", "is_open"), EXTERNAL, ids=[c[0] for c in EXTERNAL])
def test_external_ids(title: str, roles: Any, start: str, is_open: bool) -> None:
    check(near(*roles), is_open, start)


NAMES = [
    ("STS-9 the caller picks the name that is asked for", None, True),
    ("STS-9 the trust policy leaves another only", "bob", False),
    ("STS-9 the trust policy leaves this one", "admin", True),
]


@pytest.mark.parametrize(("title", "name", "is_open"), NAMES, ids=[c[0] for c in NAMES])
def test_session_names(title: str, name: str | None, is_open: bool) -> None:
    more = {} if name is None else {"condition": when("StringEquals", "sts:RoleSessionName", name)}
    named = allow(
        "s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": f"arn:aws:sts::{A}:assumed-role/r1/admin"}
    )
    found = world(
        account(
            A,
            users=(user(A, "u", ASSUMES),),
            roles=(role(A, "r1", [trust({"AWS": U}, **more)]),),
            buckets=(bucket(A, "b", named),),
        )
    )
    check(found, is_open)


def test_one_hour_from_the_second_role_on() -> None:
    """STS-11: delivery is no chaining, every call of a session is; and the duration closes no route."""
    machine, profile = instance(A, "i-0abc", "r1")
    both = [trust({"Service": "ec2.amazonaws.com"}), trust({"AWS": U})]
    found = near(
        role(A, "r1", both, ASSUMES),
        role(A, "r2", [trust({"AWS": R1})], reads()),
        instances=(machine,),
        instance_profiles=(profile,),
    )
    for start in ("u", str(machine.arn)):
        (route,) = check(found, True, start)
        first, second, _ = route.hops
        assert "1 hour" not in first.extra.get("session", "")
        assert "at most 1 hour" in second.extra["session"]


def test_a_start_at_a_role_shows_what_any_of_its_sessions_opens() -> None:
    """TERM-8: only v passes tags, so that its sessions read more than those of u, and than plain ones."""
    v = user(A, "v", ASSUMES)
    own = allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")
    trusts = [trust({"AWS": U}), trust({"AWS": str(v.arn)}, *BOTH)]
    found = near(role(A, "r1", trusts, own, tags={"team": "red"}), users=(user(A, "u", ASSUMES), v))
    for start, more in (("u", False), ("v", True), ("r1", True)):
        (route,) = routes(found, start)
        for key, is_open in (("red/x", True), ("blue/x", more)):
            this = open_text(OBJECT_KEY, (exact(key),))
            assert satisfiable(all_of(route.access.condition, this)) is is_open
            assert reaches(found, key, start) is is_open


@pytest.mark.parametrize(("length", "decided"), [(3, True), (7, False)])
def test_too_many_hops_before_a_role_are_a_gap(length: int, decided: bool) -> None:
    """COND-50: what is handed on from far away is neither taken for granted nor left out."""
    names = [f"c{number}" for number in range(length)]
    chain = [role(A, names[0], [trust({"AWS": U}, *BOTH)], ASSUMES)]
    for before, name in pairwise(names):
        last = TEAM_READER if name == names[-1] else ASSUMES
        who = {"AWS": f"arn:aws:iam::{A}:role/{before}"}
        chain.append(role(A, name, [trust(who, *BOTH, condition=NOTHING_PASSED)], last))
    found = routes(near(*chain), names[-1])
    assert [bool(route.gaps) for route in found] == [not decided]
    assert all((route.access.witness is not None) is decided for route in found)
