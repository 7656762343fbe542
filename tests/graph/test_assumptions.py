"""Worlds under assumptions: which routes are left, under which condition, proven by which request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.aws.condition_keys import always_present
from pathfinder.conditions.assumptions import AssumptionError, read_assumptions
from pathfinder.graph.assumptions import assumptions_of
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.report.conditions import Wording
from pathfinder.routes.route import Query, Route
from pathfinder.routes.search import find_routes
from pathfinder.routes.whocan import who_can
from pathfinder.snapshot.read import load
from tests.building import (
    A,
    B,
    account,
    allow,
    bucket,
    deny,
    endpoint,
    instance,
    organization,
    role,
    user,
    world,
)

SAMPLES = Path(__file__).parents[2] / "samples"
USER, EC2, LAST = f"arn:aws:iam::{A}:user/u", f"arn:aws:iam::{A}:role/ec2", f"arn:aws:iam::{B}:role/last"
GATEWAY = "vpce-0gate"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def two_accounts(*statements: dict[str, Any], trust: dict[str, Any] | None = None, **more: Any) -> World:
    """A user and an instance's role of A; both may assume a role of B, and read its bucket as its policy says."""
    machine, profile = instance(A, "i-0abc", "ec2")
    may = (allow("sts:AssumeRole", "*"), allow("s3:GetObject", "*"))
    known = endpoint(A, GATEWAY, "vpc-0a")
    return world(
        account(
            A,
            users=(user(A, "u", *may),),
            roles=(role(A, "ec2", {"Service": "ec2.amazonaws.com"}, *may),),
            instances=(machine,),
            instance_profiles=(profile,),
            endpoints=(known,),
        ),
        account(
            B,
            roles=(role(B, "last", [trust or by(action="sts:AssumeRole")], allow("s3:GetObject", "*")),),
            buckets=(bucket(B, "b", *(statements or (by(),))),),
        ),
        organization=organization(A, B),
        **more,
    )


def by(action: str = "s3:GetObject", **condition: Any) -> dict[str, Any]:
    """The user and the instance's role may, under a condition."""
    resource = {"resource": "arn:aws:s3:::b/*"} if action.startswith("s3:") else {}
    more = {"condition": condition} if condition else {}
    return allow(action, principal={"AWS": [USER, EC2]}, **resource, **more)


def assuming(found: World, *texts: str, networks: tuple[str, ...] = ()) -> World:
    return World(found.snapshot, assumptions_of(found.snapshot, read_assumptions(texts), networks))


def routes(found: World, **query: Any) -> tuple[Route, ...]:
    return find_routes(found, Query(actions=("s3:GetObject",), targets=("b",), **query)).routes


def chains(found: World) -> dict[str, str]:
    """Routes of users, roles and instances by their labels, with their condition in words."""
    return {
        " ".join(node.label for node in route.nodes[:-1]): Wording().route(route.hops)
        for route in routes(found)
        if route.start.label != "root" and route.start.kind.value != "service"
    }


DIRECT = {"u": "always", "ec2": "always", "i-0abc ec2": "always"}
BY_LAST = {"last": "always", "u last": "always", "ec2 last": "always", "i-0abc ec2 last": "always"}
IN_A = {"u", "ec2", "i-0abc ec2"}
OFFICE: dict[str, Any] = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}

CASES = [
    # rule     bucket policy's condition, assumptions, networks             routes and what is left to meet
    ("KEY-6", {}, ["aws:SourceIp=203.0.113.0/24"], (), DIRECT | BY_LAST),
    ("KEY-6", OFFICE, ["aws:SourceIp=203.0.113.0/24"], (), DIRECT | BY_LAST),
    ("KEY-6", OFFICE, ["aws:SourceIp=198.51.100.7"], (), BY_LAST),
    ("VPCE-5", OFFICE, ["aws:SourceIp="], (), BY_LAST),
    ("VPCE-5", OFFICE, ["aws:SourceVpce=vpce-*"], (), BY_LAST),
    ("VPCE-5", OFFICE, [], (GATEWAY,), BY_LAST),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpce": GATEWAY}}, ["aws:SourceIp=203.0.113.0/24"], (), BY_LAST),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpce": GATEWAY}}, [], ("internet",), BY_LAST),
    ("VPCE-5", {"StringEquals": {"aws:SourceVpc": "vpc-0a"}}, [], (GATEWAY,), DIRECT | BY_LAST),
    ("VPCE-5", {"StringEquals": {"aws:VpceAccount": A}}, [f"aws:SourceVpce={GATEWAY}"], (), DIRECT | BY_LAST),
    (
        "VPCE-5",
        OFFICE,
        [],
        ("internet",),
        {"u": "from 203.0.113.0/24", "ec2": "from 203.0.113.0/24", "i-0abc ec2": "hop 2: from 203.0.113.0/24"}
        | BY_LAST,
    ),
    ("KEY-6", OFFICE, [], ("internet", GATEWAY), dict.fromkeys(IN_A, "…") | BY_LAST),
    ("COND-19", MFA, ["aws:MultiFactorAuthPresent=true"], (), {"u": "always"} | BY_LAST),
    ("COND-19", MFA, ["aws:MultiFactorAuthPresent=false"], (), BY_LAST),
    ("KEY-1", {}, [f"aws:PrincipalAccount={A}"], (), DIRECT),
    ("KEY-1", {}, ["aws:PrincipalAccount=*"], (), DIRECT | BY_LAST),
    ("KEY-1", {}, ["aws:PrincipalArn=arn:aws:iam::*:user/*"], (), {"u": "always"}),
    ("KEY-1", {}, ["aws:username=u"], (), DIRECT | BY_LAST),
    ("KEY-1", {}, ["aws:username=x"], (), {k: v for k, v in (DIRECT | BY_LAST).items() if k[0] != "u"}),
    ("KEY-1", {}, ["aws:username="], (), {k: v for k, v in (DIRECT | BY_LAST).items() if k[0] != "u"}),
    ("KEY-1", {}, ["aws:PrincipalIsAWSService=false"], (), DIRECT | BY_LAST),
    ("KEY-6", {}, ["aws:ViaAWSService=true"], (), DIRECT | BY_LAST),
    ("KEY-6", {"Bool": {"aws:ViaAWSService": "false"}}, [], ("service",), BY_LAST),
    ("KEY-2", {}, ["s3:prefix=logs/"], (), DIRECT | BY_LAST),
]


@pytest.mark.parametrize(
    ("rule", "condition", "texts", "networks", "expected"),
    CASES,
    ids=[f"{c[0]} {c[1]} {c[2]} {c[3]}" for c in CASES],
)
def test_routes_under_assumptions(
    rule: str,
    condition: dict[str, Any],
    texts: list[str],
    networks: tuple[str, ...],
    expected: dict[str, str],
) -> None:
    found = assuming(two_accounts(by(**condition)), *texts, networks=networks)
    got = chains(found)
    assert set(got) == set(expected)
    assert {k: got[k] for k, said in expected.items() if said != "…"} == {
        k: said for k, said in expected.items() if said != "…"
    }
    for route in routes(found):
        for hop in route.hops:
            assert hop.witness is None or (
                outcome(decide_request(found, request_of_witness(hop.witness))) is Outcome.ALLOW
            )


def test_witnesses_keep_to_what_is_assumed() -> None:
    """The key is there though no policy asks for it."""
    found = assuming(two_accounts(), "aws:SourceIp=198.51.100.0/24", "aws:RequestedRegion=eu-*")
    for route in routes(found, starts=(USER,)):
        for hop in route.hops:
            assert hop.witness is not None
            assert str(hop.witness.context["aws:SourceIp"]).startswith("198.51.100.")
            assert str(hop.witness.context["aws:RequestedRegion"]).startswith("eu-")


def test_no_call_to_sts_travels_through_an_endpoint_for_s3() -> None:
    """VPCE-6: the endpoint is pinned for the service that it is for."""
    office = by(action="sts:AssumeRole", **OFFICE)
    for pinned in (
        assuming(two_accounts(trust=office), f"aws:SourceVpce={GATEWAY}"),
        assuming(two_accounts(trust=office), networks=(GATEWAY,)),
    ):
        (route,) = (r for r in routes(pinned, starts=(USER,)) if len(r.hops) == 2)
        first, last = (hop.witness for hop in route.hops)
        assert first is not None
        assert last is not None
        assert "aws:SourceVpce" not in first.context
        assert last.context["aws:SourceVpce"] == GATEWAY
        assert Wording().route(route.hops) == "hop 1: from 203.0.113.0/24"


SHARED = [
    # rule     assumption                       is the route by the session named ops open?
    ("STS-9", "sts:RoleSessionName=ops", True),
    ("STS-9", "sts:RoleSessionName=dev", False),
    ("STS-9", "sts:RoleSessionName=o*", True),
]


@pytest.mark.parametrize(("rule", "text", "expected"), SHARED, ids=[each[1] for each in SHARED])
def test_what_hops_share_is_assumed_of_both(rule: str, text: str, expected: bool) -> None:
    session = f"arn:aws:sts::{B}:assumed-role/last/ops"
    closing = deny(
        "s3:*", "arn:aws:s3:::b/*", principal="*", condition={"StringNotLike": {"aws:userid": "*:ops"}}
    )
    opening = allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": session})
    found = assuming(two_accounts(opening, closing), text)
    assert ("u last" in chains(found)) is expected


def test_who_can_is_asked_under_assumptions_too() -> None:
    found = assuming(two_accounts(by(**OFFICE)), "aws:SourceIp=198.51.100.7")
    answer = who_can(found, ("s3:GetObject",), "b")
    assert USER not in {grant.principal for grant in answer.results}
    assert answer.assumptions.keys[0].given == ("aws:SourceIp=198.51.100.7",)


REFUSED = [
    (
        ["aws:SourceIp=203.0.113.9", "aws:SourceVpce=vpce-1"],
        (),
        "no request to s3 can meet all that is assumed",
    ),
    ([f"aws:SourceVpce={GATEWAY}"], ("internet",), "no request to s3 can meet all that is assumed"),
    (["aws:ViaAWSService=false"], ("service",), "no request to s3 can meet all that is assumed"),
    ([], ("vpce-0gat",), f"no network vpce-0gat in the snapshot; did you mean {GATEWAY}? There is: internet"),
    ([], ("moon",), f"no network moon in the snapshot; there is: internet, organization, service, {GATEWAY}"),
    ([], ("vpce-0kms",), "vpce-0kms is an endpoint for kms; routes need s3 and sts"),
]


@pytest.mark.parametrize(("texts", "networks", "said"), REFUSED, ids=[each[2] for each in REFUSED])
def test_what_cannot_be_assumed_together(texts: list[str], networks: tuple[str, ...], said: str) -> None:
    found = two_accounts()
    of_kms = replace(endpoint(A, "vpce-0kms", "vpc-0a", gateway=False), service="kms")
    first = replace(found.snapshot.accounts[0], endpoints=(*found.snapshot.accounts[0].endpoints, of_kms))
    found = World(replace(found.snapshot, accounts=(first, *found.snapshot.accounts[1:])))
    with pytest.raises(AssumptionError) as error:
        assuming(found, *texts, networks=networks)
    assert str(error.value).startswith(said)


def test_without_an_organization_there_is_no_network_of_one() -> None:
    with pytest.raises(AssumptionError, match="holds no organization"):
        assuming(world(account(A)), networks=("organization",))


# ---- laws ----------------------------------------------------------------------------------------------

SAMPLED = ["ec2-to-s3", "ec2-to-s3/variants/only-through-endpoint"]
MANY = [
    ("aws:SourceIp=203.0.113.0/24",),
    ("aws:SourceIp=",),
    ("aws:MultiFactorAuthPresent=false",),
    ("aws:SecureTransport=true", "aws:RequestedRegion=eu-central-1"),
    ("aws:PrincipalOrgID=*",),
    ("aws:ResourceAccount=999999999999",),
    ("aws:SourceVpce=vpce-0aaa3333bbb4444cc",),
]


def reached(found: World) -> set[tuple[tuple[str, ...], str]]:
    """Each chain of nodes, with each action that it ends in."""
    return {
        (tuple(node.id for node in route.nodes), action)
        for route in find_routes(found, Query()).routes
        for action in route.access.actions
    }


@pytest.mark.parametrize("sample", SAMPLED)
@pytest.mark.parametrize("texts", MANY, ids=" ".join)
def test_an_assumption_never_adds_a_route(sample: str, texts: tuple[str, ...]) -> None:
    whole = World(load(SAMPLES / sample))
    assert reached(assuming(whole, *texts)) <= reached(whole)


@pytest.mark.parametrize("sample", SAMPLED)
def test_assuming_what_the_witnesses_say_keeps_the_route(sample: str) -> None:
    whole = World(load(SAMPLES / sample))
    for route in find_routes(whole, Query()).routes:
        pinned = assuming(whole, *_told(route))
        assert tuple(node.id for node in route.nodes) in {chain for chain, _ in reached(pinned)}, route.id


def _told(route: Route) -> list[str]:
    """The keys of all its witnesses, each with every value that it has in one, and its absence in another.

    Not the names of sessions: where nothing asks for one, a witness shows a name that stands for all.
    """
    contexts = [hop.witness.context for hop in route.hops if hop.witness is not None]
    texts = []
    named = {"aws:userid", "sts:RoleSessionName"}
    for key in sorted({key for context in contexts for key in context} - named):
        held = [context.get(key) for context in contexts]
        if None in held and not always_present(key):
            texts.append(f"{key}=")
        for value in held:
            values = [value] if isinstance(value, str) else value or ()
            texts.extend(f"{key}={each}" for each in values)
    return texts
