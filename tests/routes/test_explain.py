"""Explanations: the verdict, the layers that stop a request, and the half that is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.routes.explain import Explanation, explain_request, explain_route
from pathfinder.routes.names import UnknownNameError
from pathfinder.routes.route import Query
from tests.building import A, B, account, allow, bucket, deny, organization, role, user, world

OBJECT = "arn:aws:s3:::b/x"
GET = allow("s3:GetObject", "arn:aws:s3:::b/*")
NAMED = allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": f"arn:aws:iam::{A}:user/u"})


def scene(identity: Any = (), policies: Any = (), **more: Any) -> World:
    """User u of A and bucket b of B."""
    boundary = more.pop("boundary", None)
    return world(
        account(A, users=(user(A, "u", *identity, boundary=boundary),)),
        account(B, buckets=(bucket(B, "b", *policies),)),
        organization=more.get("organization"),
    )


def explain(found: World, **context: Any) -> Explanation:
    return explain_request(found, "u", "s3:GetObject", OBJECT, context or None)


REFUSALS = [
    # title                     identity  bucket policy  what is missing
    ("neither half", (), (), "neither the identity side nor the bucket policy allows it"),
    ("the bucket half", (GET,), (), "the identity side allows; the bucket policy does not"),
    ("the identity half", (), (NAMED,), "the identity side does not; the bucket policy allows"),
]


@pytest.mark.parametrize(("title", "identity", "policies", "missing"), REFUSALS, ids=[c[0] for c in REFUSALS])
def test_the_missing_half_is_named(title: str, identity: Any, policies: Any, missing: str) -> None:
    """EVAL-20."""
    found = explain(scene(identity, policies))
    assert found.verdict == "implicit-deny"
    assert any(missing in text for text in found.missing)


def test_every_layer_that_stops_it_is_named_the_first_one_first() -> None:
    guarded = organization(A, B, scps={"only:" + A: [[allow("ec2:*", "*")]]})
    found = explain(
        scene((GET, deny("s3:*", "*", sid="NoS3")), (), boundary=[allow("ec2:*", "*")], organization=guarded)
    )
    assert found.verdict == "explicit-deny"
    assert "NoS3" in found.blocking[0]
    assert [text.split(":")[0] for text in found.blocking[1:3]] == [
        f"service control policies at {A}",
        "permissions boundary",
    ]
    assert "bucket policy does not" in found.blocking[-1]


def test_allowed() -> None:
    found = explain(scene((GET,), (NAMED,)))
    assert found.verdict == "allow"
    assert found.witness is not None
    assert not found.blocking


def test_depends_on_what_is_open_and_is_decided_by_what_is_given() -> None:
    only_office = allow("s3:GetObject", "*", condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    found = scene((only_office,), (NAMED,))
    assert explain(found).verdict == "depends"
    assert explain(found, **{"aws:SourceIp": "203.0.113.7"}).verdict == "allow"
    assert explain(found, **{"aws:SourceIp": "198.51.100.7"}).verdict == "implicit-deny"


def test_a_trust_policy_that_does_not_say_so() -> None:
    """STS-5."""
    roles = (role(A, "t", {"Service": "ec2.amazonaws.com"}),)
    found = world(account(A, users=(user(A, "u", allow("sts:AssumeRole", "*")),), roles=roles))
    explained = explain_request(found, "u", "sts:AssumeRole", f"arn:aws:iam::{A}:role/t")
    assert explained.verdict == "implicit-deny"
    assert any("the trust policy does not" in text for text in explained.missing)


def test_a_route_hop_by_hop() -> None:
    found = scene((GET,), (NAMED,))
    by_number = explain_route(found, "1", Query(starts=("u",)))
    assert [each.verdict for each in by_number] == ["allow"]
    with pytest.raises(UnknownNameError, match="no route 99"):
        explain_route(found, "99", Query(starts=("u",)))


@pytest.mark.parametrize(
    ("principal", "resource"), [("nobody", OBJECT), ("u", "arn:aws:s3:::other/x"), ("u", "nothing at all")]
)
def test_names_that_stand_for_nothing(principal: str, resource: str) -> None:
    with pytest.raises(UnknownNameError):
        explain_request(scene((GET,), (NAMED,)), principal, "s3:GetObject", resource)


NAMED_SHORTLY = [
    # principal, resource, both as they are shown
    ("u", "b/x", f"arn:aws:iam::{A}:user/u", "arn:aws:s3:::b/x"),
    ("u", f"{B}/b/x", f"arn:aws:iam::{A}:user/u", "arn:aws:s3:::b/x"),
    ("u", "b", f"arn:aws:iam::{A}:user/u", "arn:aws:s3:::b/*"),
    ("u", "b/logs/*", f"arn:aws:iam::{A}:user/u", "arn:aws:s3:::b/*"),
    (f"arn:aws:sts::{A}:assumed-role/r/s", "b/x", f"arn:aws:sts::{A}:assumed-role/r/s", "arn:aws:s3:::b/x"),
    ("r", "b/x", f"arn:aws:iam::{A}:role/r", "arn:aws:s3:::b/x"),
    ("anonymous", "b/x", "anonymous", "arn:aws:s3:::b/x"),
]


@pytest.mark.parametrize(("principal", "resource", "who", "what"), NAMED_SHORTLY)
def test_principal_and_resource_are_shown_by_their_arns(
    principal: str, resource: str, who: str, what: str
) -> None:
    found = world(
        account(A, users=(user(A, "u", GET),), roles=(role(A, "r", {"AWS": str(A)}, GET),)),
        account(B, buckets=(bucket(B, "b", NAMED),)),
    )
    explained = explain_request(found, principal, "s3:GetObject", resource)
    assert (explained.principal, explained.resource) == (who, what)


def test_an_address_that_is_given_means_no_endpoint() -> None:
    """VPCE-5: a request comes from a public address or through an endpoint."""
    through = allow("s3:GetObject", "*", condition={"StringEquals": {"aws:SourceVpce": "vpce-0aaa"}})
    found = scene((through,), (NAMED,))
    assert explain(found, **{"aws:SourceIp": "198.51.100.7"}).verdict == "implicit-deny"
    assert explain(found, **{"aws:SourceVpce": "vpce-0aaa"}).verdict == "allow"
    office = allow("s3:GetObject", "*", condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    for key, value in (("aws:SourceVpce", "vpce-0aaa"), ("aws:SourceVpc", "vpc-1")):
        assert explain(scene((office,), (NAMED,)), **{key: value}).verdict == "implicit-deny"


def test_an_address_and_an_endpoint_stand_in_no_request() -> None:
    """VPCE-5, COND-54."""
    found = scene((GET,), (NAMED,))
    for key, value in (("aws:SourceVpce", "vpce-0aaa"), ("aws:SourceVpc", "vpc-1")):
        with pytest.raises(UnknownNameError, match=f"aws:SourceIp, {key}"):
            explain(found, **{"aws:SourceIp": "198.51.100.7", key: value})
    assert explain(found, **{"aws:SourceVpce": "vpce-0aaa", "aws:SourceVpc": "vpc-1"}).verdict == "allow"


def test_a_bucket_that_no_inventory_holds() -> None:
    """TERM-5: its owner is not known, so what its policy says is not either."""
    known = frozenset({"iam"})
    found = world(account(A, users=(user(A, "u", GET), user(A, "v")), known=known))
    for principal in ("u", "v"):
        explained = explain_request(found, principal, "s3:GetObject", "somewhere-else/x")
        assert explained.resource == "arn:aws:s3:::somewhere-else/x"
        assert explained.verdict in ("unknown", "implicit-deny")
        assert any("somewhere-else" in gap for gap in explained.gaps) or explained.warnings
    may = explain_request(
        world(account(A, users=(user(A, "u", allow("s3:*", "*")),), known=known)),
        "u",
        "s3:GetObject",
        "elsewhere/x",
    )
    assert may.verdict == "unknown"
    with pytest.raises(UnknownNameError):
        explain_request(found, "u", "s3:GetObject", "No Bucket/x")


def test_a_bucket_policy_that_could_not_be_read_neither_allows_nor_denies() -> None:
    """asks.md rank 1."""
    unread = Unread(PolicyKind.RESOURCE, "bucket policy", "arn:aws:s3:::b", "AccessDenied")
    for owner in (A, B):
        held = replace(bucket(owner, "b"), policy=unread)
        buckets = {A: (), B: ()} | {owner: (held,)}
        found = world(
            account(A, users=(user(A, "u", GET),), buckets=buckets[A]), account(B, buckets=buckets[B])
        )
        assert explain(found).verdict == "unknown"
