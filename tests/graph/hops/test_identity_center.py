"""People of IAM Identity Center (STS-46)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.graph import Graph
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.workforce import (
    Assignment,
    IdentityCenter,
    PermissionSet,
    WorkforceGroup,
    WorkforceUser,
)
from tests.building import ALL_KNOWN, A, B, C, account, allow, arn, bucket, role, world
from tests.graph.hops.showing import equals, gaps_about, hops_of, replays, routes_from

CENTER = "arn:aws:sso:::instance/ssoins-1"
SET = arn("arn:aws:sso:::permissionSet/ssoins-1/ps-1")
NAME = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Read_Only_0123456789abcdef"
ROLE = f"arn:aws:iam::{A}:role/{NAME}"
PROVIDER = f"arn:aws:iam::{A}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"
ANN, BOB = f"{CENTER}/user/u-ann", f"{CENTER}/user/u-bob"
TO_ANN = Assignment(A, SET, "USER", "u-ann")
TO_TEAM = Assignment(A, SET, "GROUP", "g-1")
USERS = (WorkforceUser("u-ann", "ann@example.com"), WorkforceUser("u-bob", "bob@example.com"))
TEAM = WorkforceGroup("g-1", "team", ("u-ann", "u-bob"))


def sso_trust(condition: Any = None, provider: str = PROVIDER) -> list[Any]:
    said = condition or equals("SAML:aud", "https://signin.aws.amazon.com/saml")
    actions = ["sts:AssumeRoleWithSAML", "sts:TagSession"]
    return [allow(actions, principal={"Federated": provider}, condition=said)]


def center(*assignments: Assignment, **changes: Any) -> IdentityCenter:
    parts: dict[str, Any] = {
        "permission_sets": (PermissionSet(SET, "Read_Only"),),
        "users": USERS,
        "groups": (TEAM,),
        **changes,
    }
    return IdentityCenter(arn(CENTER), assignments=assignments, **parts)


def sso_world(held: IdentityCenter | None, trust: Any = None, *policies: Any, **more: Any) -> World:
    name = more.pop("name", NAME)
    return world(
        account(A, roles=(role(A, name, trust or sso_trust(), *policies),), **more.pop("parts", {})),
        account(B, identity_center=held, buckets=more.pop("buckets", ())),
    )


def pairs(found: World) -> list[tuple[str, str]]:
    return [(hop.source, hop.target) for hop in hops_of(found, "identity-center")]


ASSIGNED = [
    ("to a user", (TO_ANN,), {}, [ANN]),
    ("to a group", (TO_TEAM,), {}, [ANN, BOB]),
    ("to nobody", (), {}, []),
    ("to a group without members", (TO_TEAM,), {"groups": (WorkforceGroup("g-1", "team", ()),)}, []),
    ("to a user whose name is not known", (TO_ANN,), {"users": ()}, [ANN]),
    (
        "to a group whose members are not known",
        (TO_TEAM,),
        {"groups": (WorkforceGroup("g-1", "team"),)},
        [f"{CENTER}/group/g-1"],
    ),
    ("to a group that is not known", (TO_TEAM,), {"groups": ()}, [f"{CENTER}/group/g-1"]),
    ("in another account", (Assignment(C, SET, "USER", "u-ann"),), {}, []),
]


@pytest.mark.parametrize(("title", "assigned", "changes", "sources"), ASSIGNED, ids=[a[0] for a in ASSIGNED])
def test_assignments(title: str, assigned: Any, changes: Any, sources: list[str]) -> None:
    found = sso_world(center(*assigned, **changes))
    assert pairs(found) == [(source, ROLE) for source in sources]
    for hop in hops_of(found, "identity-center"):
        assert (hop.condition, bool(hop.gaps)) == (TRUE, bool(changes))
        assert replays(found, hop)


TRUSTS = [
    ("STS-46 as AWS writes it", sso_trust(), True),
    ("STS-20 another audience", sso_trust(equals("SAML:aud", "https://elsewhere")), False),
    ("STS-46 another provider", sso_trust(None, f"arn:aws:iam::{A}:saml-provider/corp"), False),
    ("STS-9 the session's name", sso_trust(equals("sts:RoleSessionName", "ann@example.com")), True),
    ("STS-9 another name", sso_trust(equals("sts:RoleSessionName", "bob@example.com")), False),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), TRUSTS, ids=[t[0] for t in TRUSTS])
def test_the_trust_policy_decides(title: str, trust: Any, is_open: bool) -> None:
    assert bool(pairs(sso_world(center(TO_ANN), trust))) is is_open


NAMES = [
    ("the role of the set", NAME, True),
    ("without a Region in its path", NAME.replace("eu-west-1/", ""), True),
    ("of another set", NAME.replace("Read_Only", "Admin"), False),
    ("of a set with a longer name", NAME.replace("Read_Only", "Read_Only_x"), False),
    ("not sixteen digits", NAME[:-1], False),
    ("a namesake at another path", NAME.rpartition("/")[2], False),
]


@pytest.mark.parametrize(("title", "name", "is_open"), NAMES, ids=[n[0] for n in NAMES])
def test_the_role_is_found_by_its_name(title: str, name: str, is_open: bool) -> None:
    found = sso_world(center(TO_ANN), name=name)
    assert bool(pairs(found)) is is_open
    assert bool(gaps_about(found, "its role in account")) is not is_open


def test_what_is_not_known_is_a_gap() -> None:
    assert gaps_about(sso_world(center(TO_ANN, permission_sets=())), "its name") == [str(SET)]
    away = center(Assignment(C, SET, "USER", "u-ann"))
    assert gaps_about(sso_world(away), "which the snapshot does not hold") == [str(SET)]
    nobody = sso_world(None, parts={"known": ALL_KNOWN - {"identity_center"}})
    assert gaps_about(nobody, "who is assigned") == [A]
    assert gaps_about(sso_world(center()), "who is assigned") == []


SESSIONS = [
    (
        "STS-46 by name",
        {"AWS": f"arn:aws:sts::{A}:assumed-role/{NAME.rpartition('/')[2]}/ann@example.com"},
        None,
        [ANN],
    ),
    ("chapter 6 by user id", {"AWS": A}, equals("identitystore:UserId", "u-bob"), [BOB]),
    ("TERM-7 by role", {"AWS": ROLE}, None, [ANN, BOB]),
]


@pytest.mark.parametrize(
    ("title", "principal", "condition", "sources"), SESSIONS, ids=[s[0] for s in SESSIONS]
)
def test_sessions_carry_who_it_is(title: str, principal: Any, condition: Any, sources: list[str]) -> None:
    said = {"condition": condition} if condition else {}
    held = bucket(B, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal=principal, **said))
    found = sso_world(center(TO_TEAM), None, allow("s3:*", "*"), buckets=(held,))
    assert [each for each in (ANN, BOB) if routes_from(found, each)] == sources
    for each in sources:
        (route,) = routes_from(found, each)
        assert all(hop.witness is not None for hop in route.hops)


def test_nodes_say_who_it_is() -> None:
    graph = Graph(sso_world(center(TO_TEAM)))
    assert graph.node(ANN).label == "ann@example.com"
    (first, _) = hops_of(graph.world, "identity-center")
    assert dict(first.extra) == {
        "group": "team",
        "permission_set": "Read_Only",
        "session_name": "ann@example.com",
    }
