"""Routes: which there are, in which order, under which filters, and what each says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.graph.world import World
from pathfinder.routes.can import can
from pathfinder.routes.export import scenarios
from pathfinder.routes.names import UnknownNameError
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, bucket, deny, instance, organization, role, user, world

MAY_ASSUME = allow("sts:AssumeRole", "*")


def three_designs(**more: Any) -> World:
    """design.md: an instance of A writes to buckets of B by bucket policy, by AssumeRole, by access key."""
    machine, profile = instance(A, "i-0abc", "EC2Role")
    return world(
        account(
            A,
            name="app",
            roles=(
                role(
                    A,
                    "EC2Role",
                    {"Service": "ec2.amazonaws.com"},
                    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::by-policy/*"),
                    allow("sts:AssumeRole", f"arn:aws:iam::{B}:role/S3AccessRole"),
                ),
            ),
            instances=(machine,),
            instance_profiles=(profile,),
        ),
        account(
            B,
            name="log",
            users=(
                user(
                    B,
                    "writer",
                    allow("s3:*", ["arn:aws:s3:::by-key", "arn:aws:s3:::by-key/*"]),
                    keys=("AKIA1",),
                ),
            ),
            roles=(
                role(
                    B,
                    "S3AccessRole",
                    {"AWS": f"arn:aws:iam::{A}:role/EC2Role"},
                    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::by-role/*"),
                ),
            ),
            buckets=(
                bucket(
                    B,
                    "by-policy",
                    allow(
                        "s3:*",
                        "arn:aws:s3:::by-policy/*",
                        principal={"AWS": f"arn:aws:iam::{A}:role/EC2Role"},
                    ),
                ),
                bucket(B, "by-role"),
                bucket(B, "by-key"),
            ),
        ),
        organization=organization(A, B, **more),
    )


def routes(found: World, **query: Any) -> tuple[Route, ...]:
    return find_routes(found, Query(**query)).routes


def shapes(found: tuple[Route, ...]) -> set[tuple[str, ...]]:
    """The labels along each route."""
    return {tuple(node.label for node in route.nodes) for route in found}


INSTANCE = f"arn:aws:ec2:eu-west-1:{A}:instance/i-0abc"
DESIGNS = [
    # bucket       start                route                                          design        acting
    ("by-policy", INSTANCE, ("i-0abc", "EC2Role", "by-policy"), "bucket policy", A),
    ("by-role", INSTANCE, ("i-0abc", "EC2Role", "S3AccessRole", "by-role"), "AssumeRole", B),
    ("by-key", "key:AKIA1", ("AKIA1", "writer", "by-key"), "access key", B),
]


@pytest.mark.parametrize(
    ("name", "start", "labels", "design", "acting"), DESIGNS, ids=[c[0] for c in DESIGNS]
)
def test_three_designs(name: str, start: str, labels: tuple[str, ...], design: str, acting: str) -> None:
    (route,) = routes(three_designs(rcps={B: []}), starts=(start,), targets=(name,))
    assert tuple(node.label for node in route.nodes) == labels
    assert route.design == design
    assert route.acting.account == acting
    assert route.scp_account == acting


SCPS = [
    # the SCP denies s3 in   open routes to
    (A, {"by-role", "by-key"}),
    (B, {"by-policy"}),
]


@pytest.mark.parametrize(("guarded", "still_open"), SCPS)
def test_scps_of_the_acting_account_alone_close_a_design(guarded: str, still_open: set[str]) -> None:
    found = three_designs(scps={guarded: [[deny("s3:*", "*")]]})
    reached = {route.target.label for route in routes(found) if route.nodes[0].label in ("i-0abc", "AKIA1")}
    assert reached == still_open


def test_shortest_first_and_the_same_every_time() -> None:
    found = routes(three_designs())
    assert [len(route.hops) for route in found] == sorted(len(route.hops) for route in found)
    assert found == routes(three_designs())


def test_ids_are_stable_under_filters() -> None:
    whole = {route.id: shapes((route,)) for route in routes(three_designs())}
    assert len(whole) == len(routes(three_designs()))
    for route in routes(three_designs(), targets=("by-role",), actions=("s3:GetObject",)):
        assert whole[route.id] == shapes((route,))


def test_action_filter_narrows_and_takes_wildcards() -> None:
    for pattern in ("s3:Put*", "PutObject", "s3:putobject"):
        found = routes(three_designs(), targets=("by-role",), actions=(pattern,), starts=("EC2Role",))
        assert [route.access.actions for route in found] == [("s3:PutObject",)]
    assert not routes(
        three_designs(), targets=("by-role",), actions=("s3:DeleteObject",), starts=("EC2Role",)
    )


def test_target_filter_takes_objects() -> None:
    found = world(
        account(
            A,
            users=(
                user(
                    A,
                    "u",
                    allow("s3:GetObject", "arn:aws:s3:::b/logs/*"),
                    deny("s3:*", "arn:aws:s3:::b/logs/x"),
                ),
            ),
            buckets=(bucket(A, "b"),),
        )
    )
    for target, is_open in (
        ("arn:aws:s3:::b", True),
        ("b", True),
        ("arn:aws:s3:::b/logs/y", True),
        ("arn:aws:s3:::b/logs/x", False),
        ("arn:aws:s3:::b/other", False),
    ):
        assert bool(routes(found, starts=("u",), targets=(target,))) is is_open, target


def test_cross_account_filter() -> None:
    assert all(route.cross_account for route in routes(three_designs(), cross_account=True))
    assert ("AKIA1", "writer", "by-key") not in shapes(routes(three_designs(), cross_account=True))


def chain(length: int) -> World:
    """Roles r0 → r1 → … that trust each other in both directions; the last one reads b."""
    roles = []
    for number in range(length):
        near = [
            f"arn:aws:iam::{A}:role/r{other}" for other in (number - 1, number + 1) if 0 <= other < length
        ]
        policies = (allow("s3:GetObject", "arn:aws:s3:::b/*"),) if number == length - 1 else ()
        roles.append(role(A, f"r{number}", {"AWS": near}, *policies))
    return world(account(A, roles=tuple(roles), buckets=(bucket(A, "b"),)))


def test_max_hops_counts_every_hop() -> None:
    found = chain(5)
    assert not routes(found, starts=("r0",), max_hops=4)
    (route,) = routes(found, starts=("r0",), max_hops=5)
    assert len(route.hops) == 5


def test_cycles_end() -> None:
    """STS-12: simple routes only."""
    (route,) = routes(chain(3), starts=("r0",), max_hops=20)
    assert [node.label for node in route.nodes] == ["r0", "r1", "r2", "b"]


def test_session_named_in_the_bucket_policy() -> None:
    """PRIN-6, STS-9, STS-40: an instance's session has the instance's id as its name."""
    for session, is_open in (("i-0abc", True), ("i-0def", False)):
        machine, profile = instance(A, "i-0abc", "r")
        named = {"AWS": f"arn:aws:sts::{A}:assumed-role/r/{session}"}
        found = world(
            account(
                A,
                roles=(role(A, "r", {"Service": "ec2.amazonaws.com"}),),
                instances=(machine,),
                instance_profiles=(profile,),
                buckets=(bucket(A, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal=named)),),
            )
        )
        assert bool(routes(found, starts=(INSTANCE,))) is is_open
        assert routes(found, starts=("r",)), "whoever may choose the name can take it (STS-9)"


NAMED = [
    # the middle role must be given a name, the last one admits the name  open
    ("j1", "j1", True),
    ("j1", "j2", False),
    ("j*", "j2", True),
    ("*", "anything", True),
]


@pytest.mark.parametrize(("given", "admitted", "is_open"), NAMED)
def test_a_session_keeps_its_name_from_hop_to_hop(given: str, admitted: str, is_open: bool) -> None:
    """STS-9, STS-12: what one hop demands of RoleSessionName, the next one meets as the session's ARN."""
    trust = [
        allow(
            "sts:AssumeRole",
            principal={"AWS": f"arn:aws:iam::{A}:user/u"},
            condition={"StringLike": {"sts:RoleSessionName": given}},
        )
    ]
    last = {"AWS": f"arn:aws:sts::{A}:assumed-role/middle/{admitted}"}
    reads = allow("s3:GetObject", "arn:aws:s3:::b/*")
    found = world(
        account(
            A,
            users=(user(A, "u"),),
            roles=(role(A, "middle", trust, allow("sts:AssumeRole", "*")), role(A, "last", last, reads)),
            buckets=(bucket(A, "b"),),
        )
    )
    reached = routes(found, starts=("u",))
    assert bool(reached) is is_open
    for scenario in scenarios(found, reached):
        assert decide_scenario(scenario).passed
    for route in reached:
        assert all(hop.witness is not None for hop in route.hops)
        assert route.hops[1].witness is not None
        assert route.hops[1].witness.principal.endswith(f"/{admitted}")


def test_every_witness_replays() -> None:
    """Design idea 3: the decision procedure allows each witness as a complete request."""
    found = three_designs(
        scps={A: [[deny("s3:*", "*", condition={"Bool": {"aws:SecureTransport": "false"}})]]}
    )
    exported = scenarios(found, routes(found))
    assert len(exported) >= 8
    for scenario in exported:
        assert decide_scenario(scenario).passed, scenario["name"]


NAMES = [
    # text                                 message has
    ("EC2Rolle", "did you mean EC2Role?"),
    (f"arn:aws:iam::{A}:role/EC2Rol", "no role arn:aws:iam::111111111111:role/EC2Rol in the snapshot"),
    ("root", "ambiguous"),
]


@pytest.mark.parametrize(("text", "message"), NAMES)
def test_names_that_stand_for_nothing_or_too_much(text: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message.replace("?", r"\?")):
        can(three_designs(), text)


@pytest.mark.parametrize(
    "text", ["EC2Role", "app/EC2Role", f"{A}/EC2Role", f"arn:aws:iam::{A}:role/EC2Role", "EC2R*"]
)
def test_names_of_a_principal(text: str) -> None:
    assert {route.start.label for route in can(three_designs(), text).routes} == {"EC2Role"}


def test_what_one_reaches_unsigned_stands_with_it() -> None:
    """S3-17."""
    public = bucket(B, "open", allow("s3:GetObject", "arn:aws:s3:::open/*", principal="*"))
    found = world(account(A, users=(user(A, "u"),)), account(B, buckets=(public,)))
    assert {route.start.label for route in can(found, "u").routes} == {"anonymous"}


def test_an_action_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean s3:GetObject"):
        routes(three_designs(), actions=("s3:GetObjct",))


def test_elements_longer_than_aws_takes_grant_nothing_and_cost_nothing() -> None:
    """LANG-50: malformed; an Allow grants nothing."""
    long = allow("s3:GetObject", "arn:aws:s3:::b/" + "x*" * 5_000_000)
    found = world(account(A, users=(user(A, "u", long),), buckets=(bucket(A, "b"),)))
    assert not routes(found, starts=("u",))


def test_objects_that_are_asked_for_leave_actions_on_the_bucket_out() -> None:
    """LANG-26: s3:ListBucket is not performed on an object; the route's id stays the same."""
    reads = allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])
    found = world(account(A, users=(user(A, "u", reads),), buckets=(bucket(A, "b"),)))
    ((whole,), (one,)) = (routes(found, starts=("u",), targets=(text,)) for text in ("b", "b/k"))
    assert whole.access.actions == ("s3:GetObject", "s3:ListBucket")
    assert one.access.actions == ("s3:GetObject",)
    assert one.id == whole.id
    assert not routes(found, starts=("u",), targets=("b/k",), actions=("s3:ListBucket",))
