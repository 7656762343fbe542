"""Small worlds whose policies look at networks, and every request that could be made in them, one by one.

What a vantage is, is said here a second time, in plain Python over complete contexts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import outcome
from pathfinder.conditions.assumptions import read_assumptions
from pathfinder.graph.assumptions import assumptions_of
from pathfinder.graph.hop import Witness
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.world import World
from pathfinder.model.resources import VpcEndpoint
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

OUTSIDE = "555555555555"
MEMBERS = (A, B, C, MANAGEMENT)
USER = f"arn:aws:iam::{A}:user/u"
ROLE = f"arn:aws:iam::{B}:role/r"
SESSION = f"arn:aws:sts::{B}:assumed-role/r/session"
OBJECT = "arn:aws:s3:::b/object"
GATEWAY, INTERFACE, OF_STS = "vpce-0gate", "vpce-0inter", "vpce-0sts"

Keys = dict[str, Any]

NETWORK_CONDITIONS: list[Keys] = [
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}},
    {"Null": {"aws:SourceIp": "false"}},
    {"Null": {"aws:SourceVpce": "true"}},
    {"StringEquals": {"aws:SourceVpce": GATEWAY}},
    {"StringNotEquals": {"aws:SourceVpce": [GATEWAY, INTERFACE]}},
    {"StringEqualsIfExists": {"aws:SourceVpce": INTERFACE}},
    {"StringEquals": {"aws:SourceVpc": "vpc-0a"}},
    {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-0a"}},
    {"StringEquals": {"aws:VpceAccount": B}},
    {"StringNotEquals": {"aws:VpceAccount": [A, C]}},
    {"StringEquals": {"aws:VpceOrgID": "o-x"}},
    {"StringNotEqualsIfExists": {"aws:VpceOrgID": "o-x"}},
    {"ForAnyValue:StringLike": {"aws:VpceOrgPaths": "o-x/r-x/*"}},
    {"Bool": {"aws:ViaAWSService": "true"}},
    {"Bool": {"aws:ViaAWSService": "false"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
]


def random_world(seed: int) -> World:
    """A user of A, a role of B that the user may assume, and a bucket of B; endpoints of A and B."""
    choose = random.Random(f"networks {seed}")

    def condition(action: str, least: int = 0) -> Keys:
        """Whether STS shows the owner of an endpoint is not known, so that its policies do not ask."""
        known = [
            each for each in NETWORK_CONDITIONS if action.startswith("s3:") or "aws:Vpce" not in str(each)
        ]
        found: Keys = {}
        for each in choose.sample(known, max(least, choose.choice([0, 1, 1, 2]))):
            for operator, keys in each.items():
                found.setdefault(operator, {}).update(keys)
        return {"condition": found} if found else {}

    def guards(action: str, resource: str | None = None, **more: Any) -> list[Keys]:
        found = [
            allow(action, resource, **more, **condition(action)) for _ in range(choose.choice([1, 1, 2]))
        ]
        if choose.random() < 0.3:
            found.append(deny(action, resource, **more, **condition(action, least=1)))
        return found

    def own(*actions: str) -> list[Keys]:
        return [allow(action, "*", **condition(action)) for action in actions]

    statements = guards(
        "s3:GetObject", "arn:aws:s3:::b/*", principal=choose.choice(["*", {"AWS": [USER, ROLE]}])
    )
    trust = guards("sts:AssumeRole", principal={"AWS": USER})
    endpoints = [
        endpoint(
            A,
            GATEWAY,
            "vpc-0a",
            *choose.choice([[], [allow("s3:*", "*", principal="*", **condition("s3:*"))]]),
        ),
        endpoint(
            B,
            INTERFACE,
            "vpc-0b",
            *choose.choice([[], [allow("s3:GetObject", "*", principal="*")]]),
            gateway=False,
        ),
        replace(endpoint(A, OF_STS, "vpc-0a", gateway=False), service="sts"),
    ]
    kept = [each for each in endpoints if choose.random() < 0.8]
    return world(
        account(
            A,
            users=(user(A, "u", *own("sts:AssumeRole", "s3:GetObject")),),
            endpoints=tuple(each for each in kept if each.account == A),
        ),
        account(
            B,
            roles=(role(B, "r", trust, *own("s3:GetObject")),),
            buckets=(bucket(B, "b", *statements),),
            endpoints=tuple(each for each in kept if each.account == B),
        ),
        organization=organization(A, B, C),
    )


def assuming(found: World, *texts: str, networks: tuple[str, ...] = ()) -> World:
    """The same world under assumptions."""
    return World(found.snapshot, assumptions_of(found.snapshot, read_assumptions(texts), networks))


# ---- every request -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Who asks for what."""

    principal: str
    action: str
    resource: str


BY_USER = Asked(USER, "s3:GetObject", OBJECT)
BY_SESSION = Asked(SESSION, "s3:GetObject", OBJECT)
ASSUMING = Asked(USER, "sts:AssumeRole", ROLE)
UNSIGNED = Asked("anonymous", "s3:GetObject", OBJECT)
PATHS = {
    (USER, "b"): (BY_USER,),
    (ROLE, "b"): (BY_SESSION,),
    (USER, "r", "b"): (ASSUMING, BY_SESSION),
    ("anonymous", "b"): (UNSIGNED,),
}


def networks(found: World, service: str) -> Iterator[Keys]:
    """How a request's network keys can be: from an address, through an endpoint, or by a service from nowhere."""
    for via in ("false", "true"):
        for address in ("203.0.113.7", "198.51.100.7"):
            yield {"aws:SourceIp": address, "aws:ViaAWSService": via}
        for each in _through(found, service):
            yield {**each, "aws:ViaAWSService": via}
    yield {"aws:ViaAWSService": "true"}


def _through(found: World, service: str) -> Iterator[Keys]:
    known = [each for each in found.endpoints if each.service == service]
    for each in known:
        yield _endpoint_keys(each.id, each.vpc or "", each.account, service)
    others = {"vpce-0other", GATEWAY, INTERFACE} - {each.id for each in found.endpoints}
    for id_, owner, vpc in product(
        sorted(others), (C, MANAGEMENT, OUTSIDE), ("vpc-0other", "vpc-0a", "vpc-0b")
    ):
        yield _endpoint_keys(id_, vpc, owner, service)  # of A and B all endpoints are known


def _endpoint_keys(id_: str, vpc: str, owner: str, service: str) -> Keys:
    keys: Keys = {"aws:SourceVpce": id_, "aws:SourceVpc": vpc, "aws:VpcSourceIp": "10.0.0.7"}
    if service != "s3":
        return keys
    keys |= {"aws:VpceAccount": owner, "aws:SourceVpcArn": f"arn:aws:ec2:eu-west-1:{owner}:vpc/{vpc}"}
    if owner in MEMBERS:
        keys |= {"aws:VpceOrgID": "o-x", "aws:VpceOrgPaths": ["o-x/r-x/"]}
    return keys


def others(asked: Asked) -> Iterator[Keys]:
    """What else a caller may choose."""
    signed_in: list[Keys] = [{}]
    if asked.principal == USER:
        temporary = {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}
        signed_in += [
            {**temporary, "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"},
            {**temporary, "aws:MultiFactorAuthPresent": "false"},
        ]
    given = {"sts:RoleSessionName": "session"} if asked is ASSUMING else {}
    for mfa, tls in product(signed_in, ("true", "false")):
        yield {**mfa, **given, "aws:SecureTransport": tls}


def fixed(asked: Asked) -> Keys:
    """What AWS fixes for this caller and resource (KEY-1)."""
    keys: Keys = {"aws:ResourceAccount": B, "aws:ResourceOrgID": "o-x", "aws:ResourceOrgPaths": ["o-x/r-x/"]}
    if asked is UNSIGNED:
        return keys | {"aws:PrincipalAccount": "anonymous", "aws:PrincipalType": "Anonymous"}
    is_user = asked.principal == USER
    keys |= {
        "aws:PrincipalArn": USER if is_user else ROLE,
        "aws:PrincipalAccount": A if is_user else B,
        "aws:PrincipalOrgID": "o-x",
        "aws:PrincipalOrgPaths": ["o-x/r-x/"],
        "aws:PrincipalType": "User" if is_user else "AssumedRole",
        "aws:PrincipalIsAWSService": "false",
    }
    return keys | ({"aws:username": "u"} if is_user else {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"})


def contexts(found: World, asked: Asked) -> Iterator[Keys]:
    """Every context, at test points."""
    service = asked.action.partition(":")[0]
    for network, other in product(networks(found, service), others(asked)):
        if asked is UNSIGNED and network["aws:ViaAWSService"] == "true":
            continue
        yield {**fixed(asked), **other, **network}


def allowed(found: World, asked: Asked, context: Keys) -> bool:
    """Whether the decision procedure allows the complete request."""
    told = {key: value if isinstance(value, str) else tuple(value) for key, value in context.items()}
    request = request_of_witness(Witness(asked.principal, asked.action, asked.resource, B, told))
    return outcome(decide_request(found, request)) is Outcome.ALLOW


@lru_cache(maxsize=1 << 10)
def allowing(found: World, asked: Asked) -> tuple[Keys, ...]:
    """Every context in which the request is allowed."""
    return tuple(each for each in contexts(found, asked) if allowed(found, asked, each))


# ---- vantages, a second time ---------------------------------------------------------------------------


def is_from(found: World, vantage: str, asked: Asked, context: Keys) -> bool:
    """Whether a request of this context comes from the vantage, or the vantage is not about it."""
    through = context.get("aws:SourceVpce")
    if vantage == "internet":
        return "aws:SourceIp" in context and through is None and context["aws:ViaAWSService"] == "false"
    endpoints: dict[str, VpcEndpoint] = {each.id: each for each in found.endpoints}
    if vantage in endpoints:
        return not asked.action.startswith(endpoints[vantage].service) or through == vantage
    if not asked.action.startswith("s3:"):
        return True
    if vantage == "service":
        return bool(context["aws:ViaAWSService"] == "true")
    assert vantage == "organization"
    if through is None or (through in endpoints and endpoints[through].gateway):
        return False
    return context["aws:VpceAccount"] in MEMBERS


def open_from(found: World, vantage: str, path: tuple[Asked, ...]) -> bool:
    """Whether every request of a route can be made from the vantage; they share no keys here (STS-14)."""
    return all(any(is_from(found, vantage, asked, each) for each in allowing(found, asked)) for asked in path)


# ---- assumptions, a second time ------------------------------------------------------------------------


def keeps(found: World, texts: tuple[str, ...], asked: Asked, context: Keys) -> bool:
    """Whether the request has each pinned key so, or cannot have it so because of what it is."""
    pinned: dict[str, list[str]] = {}
    for text in texts:
        key, _, value = text.partition("=")
        pinned.setdefault(key, []).append(value)
    return all(
        _matches(context.get(key), values)
        for key, values in pinned.items()
        if _can_carry(found, asked, key, tuple(values))
    )


@lru_cache(maxsize=1 << 10)
def _can_carry(found: World, asked: Asked, key: str, values: tuple[str, ...]) -> bool:
    """Keys about the principal are there or not; keys about networks can have the value, or service has none such."""
    if key.startswith(("aws:Principal", "aws:username")):
        return key in fixed(asked)
    if key.startswith("aws:Vpce") and not asked.action.startswith("s3:"):
        return False
    if key.startswith("aws:MultiFactorAuth"):
        return asked.principal == USER
    if key.startswith("aws:Source"):
        return any(_matches(each.get(key), list(values)) for each in contexts(found, asked))
    return True


def _matches(held: Any, values: list[str]) -> bool:
    if held is None:
        return "" in values or "false" in values
    each = [held] if isinstance(held, str) else held
    return all(any(_is(one, value) for value in values) for one in each)


def _is(text: str, value: str) -> bool:
    if "/" in value and value[0].isdigit():
        return ip_address(text) in ip_network(value)
    return fnmatchcase(text, value)
