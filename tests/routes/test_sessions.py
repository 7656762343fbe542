"""Sessions along a route: name, source identity, session tags, claims, and what delivering services add.

Every case is a small world with one start and one bucket; the question is whether the start reaches it.
"""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.world import World
from pathfinder.routes.explain import explain_request
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, bucket, deny, instance, role, user, world

U = f"arn:aws:iam::{A}:user/u"
R1, R2, R3 = (f"arn:aws:iam::{A}:role/r{n}" for n in (1, 2, 3))
FAR = f"arn:aws:iam::{B}:role/far"
GITHUB = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
OBJECTS = "arn:aws:s3:::b/*"
ASSUME, TAG, SOURCE = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
ASSUMES = allow([ASSUME, TAG, SOURCE], "*")


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {operator: {key: value}}


def reads(**more: Any) -> dict[str, Any]:
    return allow("s3:GetObject", OBJECTS, **more)


def trust(who: Any, *actions: str, **more: Any) -> dict[str, Any]:
    return allow([*(actions or (ASSUME,))], principal=who, **more)


def tagged(value: str, key: str = "aws:PrincipalTag/team") -> dict[str, Any]:
    return when("StringEquals", key, value)


def near(*roles: Any, users: Any = None, **more: Any) -> World:
    """One account with the bucket b and the user u, who may assume whatever lets it."""
    people = users if users is not None else (user(A, "u", ASSUMES),)
    return world(account(A, users=people, roles=roles, buckets=(bucket(A, "b"),), **more))


def routes(found: World, start: str = "u", hops: int = 5) -> tuple[Route, ...]:
    return find_routes(found, Query(starts=(start,), max_hops=hops)).routes


TEAM_READER = reads(condition=tagged("blue"))
BOTH = (ASSUME, TAG)
NO_TEAM = when("Null", "aws:PrincipalTag/team", "true")
NOTHING_PASSED = when("Null", "aws:TagKeys", "true")

TAGS = [
    # title, roles, open
    ("STS-30 passed tag opens", [role(A, "r1", [trust({"AWS": U}, *BOTH)], TEAM_READER)], True),
    ("STS-25 trust lacks TagSession", [role(A, "r1", [trust({"AWS": U})], TEAM_READER)], False),
    (
        "STS-25 TagSession in a statement of its own",
        [role(A, "r1", [trust({"AWS": U}), trust({"AWS": U}, TAG)], TEAM_READER)],
        True,
    ),
    (
        "STS-25 that statement admits another value only",
        [
            role(
                A,
                "r1",
                [trust({"AWS": U}), trust({"AWS": U}, TAG, condition=tagged("red", "aws:RequestTag/team"))],
                TEAM_READER,
            )
        ],
        False,
    ),
    (
        "STS-25 that statement admits another name only",
        [
            role(
                A,
                "r1",
                [
                    trust({"AWS": U}),
                    trust(
                        {"AWS": U}, TAG, condition=when("ForAllValues:StringEquals", "aws:TagKeys", ["cost"])
                    ),
                ],
                TEAM_READER,
            )
        ],
        False,
    ),
    (
        "STS-25 TagSession denied",
        [role(A, "r1", [trust({"AWS": U}, *BOTH), deny(TAG, principal="*")], TEAM_READER)],
        False,
    ),
    (
        "STS-30 a passed tag replaces the role's own",
        [role(A, "r1", [trust({"AWS": U}, *BOTH)], TEAM_READER, tags={"team": "red"})],
        True,
    ),
    (
        "STS-30 nobody replaces the role's own",
        [role(A, "r1", [trust({"AWS": U})], TEAM_READER, tags={"Team": "red"})],
        False,
    ),
    (
        "STS-30 the role's own tag counts, its name in any case",
        [role(A, "r1", [trust({"AWS": U})], TEAM_READER, tags={"Team": "blue"})],
        True,
    ),
    (
        "STS-35 the trust policy sees the caller's tags, not those passed",
        [role(A, "r1", [trust({"AWS": U}, *BOTH, condition=tagged("blue"))], reads())],
        False,
    ),
    (
        "STS-34 a plain session tag is not carried on",
        [
            role(
                A,
                "r1",
                [trust({"AWS": U}, *BOTH, condition=when("Null", "sts:TransitiveTagKeys", "true"))],
                ASSUMES,
            ),
            role(A, "r2", [trust({"AWS": R1}), trust({"AWS": R1}, TAG)], TEAM_READER),
        ],
        True,  # r1 passes the tag itself
    ),
    (
        "STS-34 a plain session tag is not carried on, and r1 may pass none",
        [
            role(
                A,
                "r1",
                [trust({"AWS": U}, *BOTH, condition=when("Null", "sts:TransitiveTagKeys", "true"))],
                ASSUMES,
            ),
            role(
                A,
                "r2",
                [trust({"AWS": R1}), trust({"AWS": R1}, TAG, condition=when("Null", "aws:TagKeys", "true"))],
                TEAM_READER,
            ),
        ],
        False,
    ),
    (
        "STS-31 a transitive tag is carried on",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(
                A,
                "r2",
                [trust({"AWS": R1}), trust({"AWS": R1}, TAG, condition=when("Null", "aws:TagKeys", "true"))],
                TEAM_READER,
            ),
        ],
        True,
    ),
    (
        "STS-31 the next trust policy has to allow TagSession for what is inherited",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(A, "r2", [trust({"AWS": R1})], TEAM_READER),
        ],
        False,
    ),
    (
        "STS-31 an inherited tag overrides the next role's own",
        [
            role(
                A,
                "r1",
                [
                    trust({"AWS": U}, *BOTH, condition=when("StringEquals", "aws:RequestTag/team", "blue")),
                ],
                ASSUMES,
            ),
            role(
                A,
                "r2",
                [trust({"AWS": R1}), trust({"AWS": R1}, TAG, condition=when("Null", "aws:TagKeys", "true"))],
                TEAM_READER,
                tags={"team": "red"},
            ),
        ],
        True,
    ),
    (
        "STS-31 what is inherited cannot be passed again",
        [
            role(
                A,
                "r1",
                [
                    trust(
                        {"AWS": U},
                        *BOTH,
                        condition={
                            "StringEquals": {"aws:RequestTag/team": "red"},
                            "ForAnyValue:StringEquals": {"sts:TransitiveTagKeys": "team"},
                        },
                    )
                ],
                ASSUMES,
            ),
            role(A, "r2", [trust({"AWS": R1}, *BOTH)], TEAM_READER),
        ],
        False,
    ),
    (
        "STS-32 an inherited tag is the target's tag when its trust policy is asked",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(
                A,
                "r2",
                [trust({"AWS": R1}, *BOTH, condition=tagged("blue", "aws:ResourceTag/team"))],
                reads(),
                tags={"team": "red"},
            ),
        ],
        True,
    ),
    (
        "STS-32 without an inherited one, the target's own tag stands",
        [
            role(A, "r1", [trust({"AWS": U})], ASSUMES),
            role(
                A,
                "r2",
                [trust({"AWS": R1}, *BOTH, condition=tagged("blue", "aws:ResourceTag/team"))],
                reads(),
                tags={"team": "red"},
            ),
        ],
        False,
    ),
    (
        "STS-30, D-12 a tag passed empty hides the role's own from Null",
        [role(A, "r1", [trust({"AWS": U}, *BOTH)], reads(condition=NO_TEAM), tags={"team": "red"})],
        True,
    ),
    (
        "STS-30, D-12 nobody passes it empty",
        [role(A, "r1", [trust({"AWS": U})], reads(condition=NO_TEAM), tags={"team": "red"})],
        False,
    ),
    (
        "STS-30, D-12 it may be passed with a value only",
        [
            role(
                A,
                "r1",
                [
                    trust({"AWS": U}),
                    trust({"AWS": U}, TAG, condition=when("Null", "aws:RequestTag/team", "false")),
                ],
                reads(condition=NO_TEAM),
                tags={"team": "red"},
            )
        ],
        False,
    ),
    (
        "STS-32, D-12 a tag inherited empty hides the target's own from Null",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(
                A,
                "r2",
                [trust({"AWS": R1}, *BOTH, condition=when("Null", "aws:ResourceTag/team", "true"))],
                reads(),
                tags={"team": "red"},
            ),
        ],
        True,
    ),
    (
        "STS-30 the two keys of a tag agree",
        [
            role(
                A,
                "r1",
                [
                    trust(
                        {"AWS": U},
                        *BOTH,
                        condition={
                            "StringEquals": {"aws:RequestTag/team": "blue"},
                            "Null": {"aws:TagKeys": "true"},
                        },
                    )
                ],
                reads(),
            )
        ],
        False,
    ),
]


@pytest.mark.parametrize(("title", "roles", "is_open"), TAGS, ids=[c[0] for c in TAGS])
def test_tags(title: str, roles: Any, is_open: bool) -> None:
    check(near(*roles), is_open)


def check(found: World, is_open: bool, start: str = "u", hops: int = 5) -> tuple[Route, ...]:
    reached = routes(found, start, hops)
    assert bool(reached) is is_open
    for route in reached:
        assert all(hop.witness is not None for hop in route.hops if hop.actions), route
        one_story(route)
    for scenario in scenarios(found, reached):
        assert decide_scenario(scenario).passed, scenario
    return reached


def one_story(route: Route) -> None:
    """What one call gives to a session is what the session acts with."""
    for earlier, later in zip(route.hops, route.hops[1:], strict=False):
        if earlier.witness is None or later.witness is None:
            continue
        given, held = earlier.witness.context, later.witness.context
        if earlier.kind != "instance-profile":
            assert later.witness.principal.endswith(f"/{given['sts:RoleSessionName']}")
        assert given.get("sts:SourceIdentity") == held.get("aws:SourceIdentity")
        for key, value in given.items():
            if key.startswith("aws:RequestTag/"):
                assert held[f"aws:PrincipalTag/{key.partition('/')[2]}"] == value
                names = given["aws:TagKeys"]
                assert key.partition("/")[2] in names


IDENTITIES = [
    (
        "STS-33 set and met",
        [
            role(
                A,
                "r1",
                [trust({"AWS": U}, ASSUME, SOURCE)],
                reads(condition=when("StringEquals", "aws:SourceIdentity", "ann")),
            )
        ],
        True,
    ),
    (
        "STS-25 the trust policy lacks SetSourceIdentity",
        [
            role(
                A,
                "r1",
                [trust({"AWS": U})],
                reads(condition=when("StringEquals", "aws:SourceIdentity", "ann")),
            )
        ],
        False,
    ),
    (
        "STS-33 another one is set than is met",
        [
            role(
                A,
                "r1",
                [
                    trust(
                        {"AWS": U},
                        ASSUME,
                        SOURCE,
                        condition=when("StringEquals", "sts:SourceIdentity", "bob"),
                    )
                ],
                reads(condition=when("StringEquals", "aws:SourceIdentity", "ann")),
            )
        ],
        False,
    ),
    (
        "STS-33 it lasts over two roles",
        [
            role(A, "r1", [trust({"AWS": U}, ASSUME, SOURCE)], ASSUMES),
            role(
                A,
                "r2",
                [
                    trust(
                        {"AWS": R1},
                        ASSUME,
                        SOURCE,
                        condition=when("StringEquals", "sts:SourceIdentity", "ann"),
                    )
                ],
                reads(condition=when("StringEquals", "aws:SourceIdentity", "ann")),
            ),
        ],
        True,
    ),
    (
        "STS-33 it cannot be changed on the way",
        [
            role(
                A,
                "r1",
                [
                    trust(
                        {"AWS": U},
                        ASSUME,
                        SOURCE,
                        condition=when("StringEquals", "sts:SourceIdentity", "bob"),
                    )
                ],
                ASSUMES,
            ),
            role(
                A,
                "r2",
                [
                    trust(
                        {"AWS": R1},
                        ASSUME,
                        SOURCE,
                        condition=when("StringEquals", "sts:SourceIdentity", "ann"),
                    )
                ],
                reads(),
            ),
        ],
        False,
    ),
    (
        "STS-33 once set, the next role has to take it",
        [
            role(
                A,
                "r1",
                [
                    trust(
                        {"AWS": U},
                        ASSUME,
                        SOURCE,
                        condition=when("StringEquals", "sts:SourceIdentity", "bob"),
                    )
                ],
                ASSUMES,
            ),
            role(A, "r2", [trust({"AWS": R1})], reads()),
        ],
        False,
    ),
    (
        "STS-25 a chained one needs the caller's identity policy too",
        [
            role(
                A,
                "r1",
                [
                    trust(
                        {"AWS": U},
                        ASSUME,
                        SOURCE,
                        condition=when("StringEquals", "sts:SourceIdentity", "bob"),
                    )
                ],
                allow(ASSUME, "*"),
            ),
            role(A, "r2", [trust({"AWS": R1}, ASSUME, SOURCE)], reads()),
        ],
        False,
    ),
    (
        "STS-33 a Deny for sessions without one",
        [
            role(
                A,
                "r1",
                [trust({"AWS": U})],
                reads(),
                deny("s3:*", "*", condition=when("Null", "aws:SourceIdentity", "true")),
            )
        ],
        False,
    ),
]


@pytest.mark.parametrize(("title", "roles", "is_open"), IDENTITIES, ids=[c[0] for c in IDENTITIES])
def test_source_identity(title: str, roles: Any, is_open: bool) -> None:
    check(near(*roles), is_open)


DELIVERED = when("ArnLike", "lambda:SourceFunctionArn", "arn:aws:lambda:*:*:function:f")
FROM_MACHINE = when("ArnLike", "ec2:SourceInstanceARN", "arn:aws:ec2:*:*:instance/i-0abc")
TRUSTED_BY_LAMBDA = [trust({"Service": "lambda.amazonaws.com"}), trust({"AWS": U})]

CARRIED = [
    # title, roles, start, open
    ("STS-34 keys of a function's session are not a user's to have", [role(A, "r1", TRUSTED_BY_LAMBDA, reads(condition=DELIVERED))], "u", False),
    ("STS-41 the function itself has them", [role(A, "r1", TRUSTED_BY_LAMBDA, reads(condition=DELIVERED))], "lambda.amazonaws.com", True),
    (
        "STS-34 they are lost with the next role",
        [role(A, "r1", TRUSTED_BY_LAMBDA, ASSUMES), role(A, "r2", [trust({"AWS": R1}), *TRUSTED_BY_LAMBDA[:1]], reads(condition=DELIVERED))],
        "r1",
        False,
    ),
    (
        "STS-13 MFA opens the first role",
        [role(A, "r1", [trust({"AWS": U}, condition=when("Bool", "aws:MultiFactorAuthPresent", "true"))], reads())],
        "u",
        True,
    ),
    (
        "STS-13, D-21 and never the second",
        [
            role(A, "r1", [trust({"AWS": U})], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, condition=when("Bool", "aws:MultiFactorAuthPresent", "true"))], reads()),
        ],
        "u",
        False,
    ),
    (
        "STS-34 MFA does not last into the session",
        [role(A, "r1", [trust({"AWS": U})], reads(condition=when("Bool", "aws:MultiFactorAuthPresent", "true")))],
        "u",
        False,
    ),
    (
        "STS-20 claims that last, in the session that they start",
        [role(A, "r1", [trust({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity", condition=when("StringEquals", "accounts.google.com:sub", "1"))], reads(condition=when("StringEquals", "accounts.google.com:sub", "1")))],
        "accounts.google.com",
        True,
    ),
    (
        "STS-20 it is the same claim in both",
        [role(A, "r1", [trust({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity", condition=when("StringEquals", "accounts.google.com:sub", "1"))], reads(condition=when("StringEquals", "accounts.google.com:sub", "2")))],
        "accounts.google.com",
        False,
    ),
    (
        "STS-34 claims are lost with the next role",
        [
            role(A, "r1", [trust({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity")], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}), trust({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity", condition=when("StringEquals", "accounts.google.com:sub", "9"))], reads(condition=when("StringEquals", "accounts.google.com:sub", "1"))),
        ],
        "r1",
        False,
    ),
    (
        "chapter 6: the provider that started the session",
        [role(A, "r1", [trust({"AWS": U}), trust({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity")], reads(condition=when("StringEquals", "aws:FederatedProvider", GITHUB)))],
        "u",
        False,
    ),
    (
        "STS-43 a pod's session is tagged",
        [role(A, "r1", [trust({"Service": "pods.eks.amazonaws.com"}, *BOTH)], reads(condition=tagged("web", "aws:PrincipalTag/kubernetes-namespace")))],
        "pods.eks.amazonaws.com",
        True,
    ),
    (
        "STS-43 a pod's session needs TagSession",
        [role(A, "r1", [trust({"Service": "pods.eks.amazonaws.com"})], reads())],
        "pods.eks.amazonaws.com",
        False,
    ),
    (
        "STS-43 the pod's tags are carried on, which the next role has to admit",
        [
            role(A, "r1", [trust({"Service": "pods.eks.amazonaws.com"}, *BOTH)], ASSUMES),
            role(A, "r2", [trust({"AWS": R1})], reads()),
        ],
        "pods.eks.amazonaws.com",
        False,
    ),
    (
        "STS-25 services pass no tags of anybody's choice",
        [role(A, "r1", [trust({"Service": "lambda.amazonaws.com"}, *BOTH)], TEAM_READER)],
        "lambda.amazonaws.com",
        False,
    ),
    (
        "TERM-8 a start at a role: only sessions that somebody can start",
        [role(A, "r1", [trust({"AWS": U}), trust({"AWS": U}, TAG, condition=tagged("red", "aws:RequestTag/team"))], TEAM_READER)],
        "r1",
        False,
    ),
    (
        "TERM-8 a start at a role: somebody can start such a session",
        [role(A, "r1", [trust({"AWS": U}, *BOTH)], TEAM_READER)],
        "r1",
        True,
    ),
    (
        "TERM-8, STS-31 a start at a role: what somebody hands on through it",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, *BOTH, condition=NOTHING_PASSED)], TEAM_READER),
        ],
        "r1",
        True,
    ),
    (
        "TERM-8, STS-31 a start at a role: nobody can hand it on through it",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH, condition=when("Null", "sts:TransitiveTagKeys", "true"))], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, *BOTH, condition=NOTHING_PASSED)], TEAM_READER),
        ],
        "r1",
        False,
    ),
    (
        "TERM-8, STS-32 a start at a role: what is handed on is the tag of the role after the next",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, *BOTH, condition=NOTHING_PASSED)], ASSUMES),
            role(A, "r3", [trust({"AWS": R2}, *BOTH, condition={**NOTHING_PASSED, **tagged("blue", "aws:ResourceTag/team")})], reads()),
        ],
        "r1",
        True,
    ),
    (
        "TERM-8, STS-25 a start at a role: only some of its sessions may pass tags",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, condition=tagged("x", "aws:RequestTag/cost")), trust({"AWS": R1}, TAG, condition=tagged("blue"))], reads()),
        ],
        "r1",
        True,
    ),
    (
        "TERM-8, STS-25 a start at a role: none of its sessions may pass tags",
        [
            role(A, "r1", [trust({"AWS": U}, *BOTH, condition=tagged("red", "aws:RequestTag/team"))], ASSUMES),
            role(A, "r2", [trust({"AWS": R1}, condition=tagged("x", "aws:RequestTag/cost")), trust({"AWS": R1}, TAG, condition=tagged("blue"))], reads()),
        ],
        "r1",
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "roles", "start", "is_open"), CARRIED, ids=[c[0] for c in CARRIED])
def test_carried(title: str, roles: Any, start: str, is_open: bool) -> None:
    check(near(*roles), is_open, start)


def test_instance_keys_of_its_own_session() -> None:
    """STS-40: an instance's session has the instance's ARN, and no other."""
    for text, is_open in (("i-0abc", True), ("i-0def", False)):
        machine, profile = instance(A, text, "r1")
        found = near(
            role(A, "r1", {"Service": "ec2.amazonaws.com"}, reads(condition=FROM_MACHINE)),
            instances=(machine,),
            instance_profiles=(profile,),
        )
        check(found, is_open, str(machine.arn))


def test_an_instance_assumes_its_role_again_under_another_name() -> None:
    """STS-7, STS-12: worth it only where the first session does not open the same."""
    machine, profile = instance(A, "i-0abc", "r1")
    for named, opens in ((f"arn:aws:sts::{A}:assumed-role/r1/admin", 3), (R1, 2)):
        own = allow("s3:GetObject", OBJECTS, principal={"AWS": named})
        found = world(
            account(
                A,
                roles=(role(A, "r1", [trust({"Service": "ec2.amazonaws.com"}), trust({"AWS": R1})]),),
                instances=(machine,),
                instance_profiles=(profile,),
                buckets=(bucket(A, "b", own),),
            )
        )
        (route,) = check(found, True, str(machine.arn))
        assert len(route.hops) == opens


def test_across_accounts_both_sides_allow_tags() -> None:
    """STS-25: the caller's identity policy has to allow sts:TagSession too."""
    far = role(B, "far", [trust({"AWS": A}, *BOTH)], TEAM_READER)
    for policy, is_open in ((ASSUMES, True), (allow(ASSUME, "*"), False)):
        found = world(
            account(A, users=(user(A, "u", policy),)), account(B, roles=(far,), buckets=(bucket(B, "b"),))
        )
        check(found, is_open)


def test_a_tag_ties_object_keys_over_two_hops() -> None:
    """STS-30, LANG-40: what the first call passes decides which objects the session reaches."""
    policy = allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")
    only = trust({"AWS": U}, *BOTH, condition=tagged("blue", "aws:RequestTag/team"))
    (route,) = check(near(role(A, "r1", [only], policy)), True)
    assert route.access.witness is not None
    assert route.access.witness.resource.startswith("arn:aws:s3:::b/blue/")


def test_the_condition_names_what_has_to_be_passed() -> None:
    """STS-25: a tag without which no hop opens is part of the first hop's condition."""
    external = when("StringEquals", "sts:ExternalId", "x1")
    found = near(role(A, "r1", [trust({"AWS": U}), trust({"AWS": U}, TAG, condition=external)], TEAM_READER))
    (route,) = check(found, True)
    first, last = route.hops
    assert "aws:requesttag/team" in str(first.condition)
    assert "sts:externalid" in str(first.condition)
    assert "aws:principaltag/team" in str(last.condition)
    assert [each.action for each in first.also] == [TAG]


def test_the_condition_leaves_out_what_nobody_can_pass() -> None:
    """KEY-1: where no caller may tag the session, its own tags are fixed."""
    admits = [trust({"AWS": U}), trust({"AWS": FAR}, TAG)]
    found = near(role(A, "r1", admits, reads(condition=tagged("red")), tags={"team": "red"}))
    (route,) = check(found, True)
    assert "tag" not in str(route.access.condition)


@pytest.mark.parametrize(("title", "roles", "is_open"), TAGS[:9], ids=[c[0] for c in TAGS[:9]])
def test_who_can_asks_for_sessions_that_exist(title: str, roles: Any, is_open: bool) -> None:
    """TERM-8: the role itself, under whatever its sessions can carry."""
    found = who_can(near(*roles), ("s3:GetObject",), "arn:aws:s3:::b/x")
    assert (R1 in [grant.principal for grant in found.results]) is is_open
    assert all(grant.witness is not None for grant in found.results)


MFA_FALSE = when("Bool", "aws:MultiFactorAuthPresent", "false")
DISPUTED = [
    ("D-21 Deny Bool false", [reads(), deny("s3:*", "*", condition=MFA_FALSE)], True, True),
    ("D-21 Deny BoolIfExists false", [reads(), deny("s3:*", "*", condition=when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))], False, False),
    ("D-21 Allow Bool false", [reads(condition=MFA_FALSE)], True, True),
    ("D-21 Allow Bool true", [reads(condition=when("Bool", "aws:MultiFactorAuthPresent", "true"))], False, False),
    ("D-21 Allow BoolIfExists false", [reads(condition=when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))], True, False),
    ("D-21 MFA plays no part", [reads(), deny("s3:*", "*", condition={"Bool": {"aws:MultiFactorAuthPresent": "false", "aws:SecureTransport": "false"}})], True, True),
]  # fmt: skip


@pytest.mark.parametrize(("title", "statements", "shown", "gap"), DISPUTED, ids=[c[0] for c in DISPUTED])
def test_mfa_in_role_sessions(title: str, statements: Any, shown: bool, gap: bool) -> None:
    """D-21: the key is taken as absent, and where its value false would change the answer, that is said."""
    reached = routes(near(role(A, "r1", [trust({"AWS": U})], *statements)))
    assert bool(reached) is shown
    for route in reached:
        assert any("aws:MultiFactorAuthPresent" in each for each in route.gaps) is gap


@pytest.mark.parametrize("number", [1, 5])
def test_many_tags_over_three_roles(number: int) -> None:
    """STS-31: which call passes each tag is found for all of them at once."""
    tests = when("StringEquals", "aws:PrincipalTag/t0", "x0")
    for each in range(number):
        tests["StringEquals"][f"aws:PrincipalTag/t{each}"] = f"x{each}"
    chain = (
        role(A, "r1", [trust({"AWS": U}, *BOTH)], ASSUMES),
        role(A, "r2", [trust({"AWS": R1}, *BOTH)], ASSUMES),
        role(
            A,
            "r3",
            [trust({"AWS": R2}), trust({"AWS": R2}, TAG, condition=NOTHING_PASSED)],
            reads(condition=tests),
        ),
    )
    (route,) = check(near(*chain), True)
    assert not route.gaps


def test_more_tags_than_are_told_apart_is_a_gap() -> None:
    """COND-50: what is not decided is said, and the route stays."""
    tests = {"StringEquals": {f"aws:PrincipalTag/t{each}": "x" for each in range(20)}}
    found = near(role(A, "r1", [trust({"AWS": U}, *BOTH)], reads(condition=tests)))
    (route,) = routes(found)
    assert any("too many tags" in gap for gap in route.gaps)


def test_explain_says_that_nobody_can_start_such_a_session() -> None:
    """TERM-8, STS-25: the request depends on a tag; whether some session has it is another question."""
    for admits, told in ((BOTH, False), ((ASSUME,), None), ((ASSUME, TAG), True)):
        value = tagged("red", "aws:RequestTag/team") if told else None
        statements = [trust({"AWS": U})] if told is None else [trust({"AWS": U}, *admits)]
        if told:
            statements = [trust({"AWS": U}), trust({"AWS": U}, TAG, condition=value)]
        found = explain_request(
            near(role(A, "r1", statements, TEAM_READER)), R1, "s3:GetObject", "arn:aws:s3:::b/x"
        )
        assert any("nobody can start" in warning for warning in found.warnings) is bool(told)


@pytest.mark.parametrize(
    ("key", "is_open"),
    [("aws:SourceIdentity", False), ("aws:PrincipalTag/team", False), ("aws:RequestTag/team", True)],
)
def test_a_federated_call_is_made_by_no_session(key: str, is_open: bool) -> None:
    """STS-35, STS-20: the trust policy meets what is passed, not what a session would carry."""
    federated = trust(
        {"Federated": "accounts.google.com"},
        "sts:AssumeRoleWithWebIdentity",
        TAG,
        condition=when("StringEquals", key, "ann"),
    )
    plain = trust({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity")
    check(near(role(A, "r1", [federated], reads()), role(A, "r2", [plain])), is_open, "accounts.google.com")
