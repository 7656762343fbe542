"""From where routes are open: one table by rule, and the three designs with their variants."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.report.conditions import Wording
from pathfinder.report.vantages import word
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.vantage import Vantages, seen
from pathfinder.snapshot.read import load
from tests.building import (
    MANAGEMENT,
    A,
    B,
    C,
    account,
    allow,
    bucket,
    deny,
    endpoint,
    organization,
    role,
    user,
    world,
)

SAMPLES = Path(__file__).parents[2] / "samples"
GATEWAY, INTERFACE, OF_STS = "vpce-0gate", "vpce-0inter", "vpce-0sts"
USER, ROLE = f"arn:aws:iam::{A}:user/u", f"arn:aws:iam::{B}:role/r"
Words = dict[str, str]


def network_world(
    *statements: dict[str, Any],
    trust: list[dict[str, Any]] | None = None,
    gateway_policy: tuple[dict[str, Any], ...] = (),
    **more: Any,
) -> World:
    """A user of A who reads a bucket of B, directly and as a role of B; known endpoints of A and B."""
    trust = trust or [allow("sts:AssumeRole", principal={"AWS": USER})]
    of_sts = replace(endpoint(A, OF_STS, "vpc-0a", gateway=False), service="sts")
    return world(
        account(
            A,
            users=(user(A, "u", allow(["s3:GetObject", "sts:AssumeRole"], "*"), keys=("AKIA1",)),),
            endpoints=(endpoint(A, GATEWAY, "vpc-0a", *gateway_policy), of_sts),
        ),
        account(
            B,
            roles=(role(B, "r", trust, allow("s3:GetObject", "*")),),
            buckets=(bucket(B, "b", *statements),) if statements else (bucket(B, "b"),),
            endpoints=(endpoint(B, INTERFACE, "vpc-0b", gateway=False),),
        ),
        organization=more.get("organization", organization(A, B, C)),
    )


def route_from(found: World, start: str, *through: str) -> Route:
    routes = find_routes(found, Query(starts=(start,), actions=("s3:GetObject",))).routes
    (route,) = (
        each
        for each in routes
        if each.start.id == start and tuple(n.label for n in each.nodes[1:-1]) == through
    )
    return route


def words(found: World, start: str, *through: str) -> Words:
    views = Vantages(found).of(route_from(found, start, *through))
    return {view.vantage: word(view) for view in views}


def by_user(**condition: Any) -> dict[str, Any]:
    more = {"condition": condition["condition"]} if condition else {}
    return allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": USER}, **more)


def row(internet: str, org: str, service: str, gateway: str, interface: str) -> Words:
    return {
        "internet": internet,
        "organization": org,
        "service": service,
        GATEWAY: gateway,
        INTERFACE: interface,
    }


CONDITIONS = [
    # rule     condition in the bucket policy's Allow                  internet  org  service gateway interface
    ("VPCE-2", {}, row("yes", "yes", "yes", "yes", "yes")),
    ("KEY-6", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, row("if", "no", "if", "no", "no")),
    ("KEY-6", {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, row("if", "yes", "if", "yes", "yes")),
    ("VPCE-5", {"Null": {"aws:SourceIp": "false"}}, row("yes", "no", "if", "no", "no")),
    ("VPCE-5", {"Null": {"aws:SourceIp": "true"}}, row("no", "yes", "if", "yes", "yes")),
    ("VPCE-5", {"Null": {"aws:SourceVpce": "true"}}, row("yes", "no", "if", "no", "no")),
    ("VPCE-5", {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, row("no", "if", "if", "if", "if")),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpce": GATEWAY}}, row("no", "no", "if", "yes", "no")),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpce": INTERFACE}}, row("no", "if", "if", "no", "yes")),
    ("VPCE-5", {"StringNotEquals": {"aws:SourceVpce": INTERFACE}}, row("yes", "if", "if", "yes", "no")),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpc": "vpc-0b"}}, row("no", "if", "if", "no", "yes")),
    ("VPCE-5", {"StringEquals": {"aws:VpceAccount": A}}, row("no", "no", "if", "yes", "no")),
    ("VPCE-5", {"StringEquals": {"aws:VpceAccount": B}}, row("no", "if", "if", "no", "yes")),
    ("VPCE-5", {"StringEquals": {"aws:VpceOrgID": "o-x"}}, row("no", "yes", "if", "yes", "yes")),
    ("VPCE-5", {"StringEquals": {"aws:VpceOrgID": "o-y"}}, row("no", "no", "if", "no", "no")),
    (
        "VPCE-5",
        {"ForAnyValue:StringLike": {"aws:VpceOrgPaths": "o-x/r-x/*"}},
        row("no", "yes", "if", "yes", "yes"),
    ),
    ("KEY-6", {"Bool": {"aws:ViaAWSService": "true"}}, row("no", "if", "yes", "if", "if")),
    ("KEY-6", {"Bool": {"aws:ViaAWSService": "false"}}, row("yes", "if", "no", "if", "if")),
    ("KEY-6", {"Bool": {"aws:SecureTransport": "true"}}, row("if", "if", "if", "if", "if")),
]


def _id(case: tuple[Any, ...]) -> str:
    return f"{case[0]} {case[1] or 'always'}"


@pytest.mark.parametrize(
    ("rule", "condition", "expected"), CONDITIONS, ids=[_id(case) for case in CONDITIONS]
)
def test_conditions_on_networks(rule: str, condition: dict[str, Any], expected: Words) -> None:
    found = network_world(by_user(condition=condition) if condition else by_user())
    assert words(found, USER) == expected


def test_no_endpoint_lies_where_the_organization_has_no_account() -> None:
    """VPCE-5: aws:VpceOrgPaths is the owner's place; the organization has one root and no units."""
    condition = {"ForAnyValue:StringLike": {"aws:VpceOrgPaths": "o-x/r-x/ou-a/*"}}
    found = network_world(by_user(condition=condition))
    assert not find_routes(found, Query(starts=(USER,), actions=("s3:GetObject",), max_hops=1)).routes


def test_the_condition_is_what_is_left_given_the_vantage() -> None:
    """COND-53: what the vantage says of the request is not said again."""
    condition = {
        "StringNotEqualsIfExists": {"aws:SourceVpce": INTERFACE},
        "Bool": {"aws:SecureTransport": "true"},
        "NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"},
    }
    found = network_world(by_user(condition=condition))
    views = {view.vantage: view for view in Vantages(found).of(route_from(found, USER))}
    said = {name: Wording().along(view.conditions) for name, view in views.items() if view.open}
    assert said == {
        "internet": "over TLS and not from 203.0.113.0/24",
        "organization": "over TLS and not through vpce-0inter",
        "service": "over TLS and not from 203.0.113.0/24 and not through vpce-0inter",
        GATEWAY: "over TLS",
    }


def test_an_endpoints_policy_closes_its_vantage() -> None:
    """VPCE-1, VPCE-2"""
    elsewhere = allow("s3:*", "arn:aws:s3:::other/*", principal="*")
    found = network_world(by_user(), gateway_policy=(elsewhere,))
    assert words(found, USER) == row("yes", "yes", "if", "no", "yes")


OWNERS = [
    # rule     what is different                                                          organization
    ("VPCE-5", "an interface endpoint of the organization", {}, "yes"),
    ("VPCE-5", "all endpoints known, gateways only", {"without": INTERFACE}, "no"),
    ("VPCE-5", "endpoints of C may be unknown", {"without": INTERFACE, "members": (A, B, C)}, "yes"),
    ("VPCE-5", "no organization", {"organization": None}, None),
]


@pytest.mark.parametrize(("rule", "what", "change", "expected"), OWNERS, ids=[each[1] for each in OWNERS])
def test_other_networks_of_the_organization(
    rule: str, what: str, change: dict[str, Any], expected: str | None
) -> None:
    found = network_world(
        by_user(), **{"organization": change["organization"]} if "organization" in change else {}
    )
    if "without" in change:
        members = change.get("members", (A, B))
        accounts = [
            replace(each, endpoints=tuple(e for e in each.endpoints if e.id != change["without"]))
            for each in found.snapshot.accounts
        ]
        found = world(*accounts, account(MANAGEMENT), organization=organization(*members))
    assert words(found, USER).get("organization") == expected


def test_vantages_of_an_sts_endpoint_are_about_hops_that_assume_roles() -> None:
    """VPCE-6, STS-14: each hop travels for itself."""
    trust = [
        allow(
            "sts:AssumeRole",
            principal={"AWS": USER},
            condition={"StringEquals": {"aws:SourceVpce": OF_STS}},
        )
    ]
    found = network_world(by_user(), trust=trust)
    assert OF_STS not in words(found, USER)
    assert words(found, USER, "r") == row("no", "if", "if", "if", "if") | {OF_STS: "yes"}


def test_what_aws_delivers_and_what_is_merely_held_travels_no_way() -> None:
    found = network_world(by_user())
    assert words(found, "key:AKIA1", "u") == words(found, USER)


def test_unsigned_requests_are_made_by_no_service() -> None:
    """EVAL-40: nobody acts on behalf of callers whom AWS does not know."""
    found = network_world(allow("s3:GetObject", "arn:aws:s3:::b/*", principal="*"))
    assert words(found, "anonymous") == row("yes", "yes", "no", "yes", "yes")


def test_what_a_service_does_as_itself_comes_from_the_service_alone() -> None:
    """EVAL-45"""
    principal = {"Service": "logging.s3.amazonaws.com"}
    found = network_world(allow("s3:GetObject", "arn:aws:s3:::b/*", principal=principal))
    assert words(found, "logging.s3.amazonaws.com") == row("no", "no", "yes", "no", "no")


def test_a_vantage_is_decided_along_the_whole_route() -> None:
    """STS-9: the session name that the bucket wants can be given through the endpoint only."""
    named = {"StringEquals": {"sts:RoleSessionName": "ops"}}
    trust = [
        allow("sts:AssumeRole", principal={"AWS": USER}),
        deny(
            "sts:AssumeRole",
            principal={"AWS": USER},
            condition={**named, "StringNotEquals": {"aws:SourceVpce": OF_STS}},
        ),
    ]
    asked = f"arn:aws:sts::{B}:assumed-role/r/ops"
    closing = deny(
        "s3:*", "arn:aws:s3:::b/*", principal="*", condition={"StringNotLike": {"aws:userid": "*:ops"}}
    )
    found = network_world(
        allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": asked}), closing, trust=trust
    )
    assert words(found, USER, "r")["internet"] == "no"
    assert words(found, USER, "r")[OF_STS] == "if"
    assert words(found, USER, "r")[GATEWAY] == "if"


def test_a_principal_of_an_account_outside() -> None:
    """EVAL-22: its own side is taken to allow; what is closed anyway is closed."""
    outside = "arn:aws:iam::444455556666:role/x"
    condition = {"StringEquals": {"aws:SourceVpce": GATEWAY}}
    found = network_world(
        allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": outside}, condition=condition)
    )
    assert words(found, outside) == row("no", "no", "if", "yes", "no")
    views = Vantages(found).of(route_from(found, outside))
    assert all(view.reason for view in views if view.open is None)


SAMPLE = "vpce-0aaa3333bbb4444cc"
VARIANTS = [
    # variant                  from the internet  through the endpoint, of the instance's route by bucket policy
    (".", "yes", "yes"),
    ("variants/scp-in-log", "yes", "yes"),
    ("variants/only-through-endpoint", "no", "yes"),
    ("variants/stranger", "yes", "yes"),
]


@pytest.mark.parametrize(("variant", "internet", "through"), VARIANTS, ids=[each[0] for each in VARIANTS])
def test_the_first_design(variant: str, internet: str, through: str) -> None:
    found = World(load(SAMPLES / "ec2-to-s3" / variant))
    asked = find_routes(found, Query(starts=("log-sender",), targets=("my-bucket",), max_hops=2))
    (route,) = seen(found, asked).routes
    views = {view.vantage: word(view) for view in route.vantages}
    assert (views["internet"], views[SAMPLE]) == (internet, through)
    assert views["organization"] == "no"  # all its endpoints are known, and gateways
