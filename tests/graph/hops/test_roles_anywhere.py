"""Certificates under a trust anchor of IAM Roles Anywhere (STS-45)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.model.workforce import AnywhereProfile, TrustAnchor
from pathfinder.policy.document import PolicyKind
from tests.building import ALL_KNOWN, A, B, account, allow, arn, bucket, policy, role, world
from tests.graph.hops.showing import equals, gaps_about, hops_of, replays, routes_from

ANCHOR = f"arn:aws:rolesanywhere:eu-west-1:{A}:trust-anchor/ta-1"
PROFILE = f"arn:aws:rolesanywhere:eu-west-1:{A}:profile/p-1"
ROLE = f"arn:aws:iam::{A}:role/r"
SERVICE = {"Service": "rolesanywhere.amazonaws.com"}
ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
CN = "aws:PrincipalTag/x509Subject/CN"


def trusting(condition: Any = None, actions: Any = ALL, principal: Any = SERVICE) -> list[Any]:
    return [allow(actions, principal=principal, **({"condition": condition} if condition else {}))]


def anywhere(trust: Any, *policies: Any, **more: Any) -> World:
    anchor = TrustAnchor(arn(more.pop("anchor", ANCHOR)), "corp", more.pop("anchor_enabled", True))
    changes = {"enabled": True, "roles": (arn(ROLE),), **more.pop("profile", {})}
    profile = AnywhereProfile(arn(PROFILE), "servers", **changes)
    return world(
        account(
            A, roles=(role(A, "r", trust, *policies),), trust_anchors=(anchor,), anywhere_profiles=(profile,)
        ),
        account(B, buckets=more.pop("buckets", ())),
    )


TRUSTS = [
    ("STS-45 all three actions", trusting(), True),
    ("STS-45 without sts:TagSession", trusting(None, [ALL[0], ALL[2]]), False),
    ("STS-45 without sts:SetSourceIdentity", trusting(None, ALL[:2]), False),
    ("STS-45 another service", trusting(None, ALL, {"Service": "ec2.amazonaws.com"}), False),
    ("STS-45 its trust anchor", trusting({"ArnEquals": {"aws:SourceArn": ANCHOR}}), True),
    ("STS-45 another trust anchor", trusting({"ArnEquals": {"aws:SourceArn": ANCHOR + "2"}}), False),
    ("STS-45 its account", trusting(equals("aws:SourceAccount", A)), True),
    ("STS-45 another account", trusting(equals("aws:SourceAccount", B)), False),
    ("STS-45 a certificate's name", trusting(equals(CN, "web-1")), True),
]


@pytest.mark.parametrize(("title", "trust", "is_open"), TRUSTS, ids=[t[0] for t in TRUSTS])
def test_the_trust_policy_decides(title: str, trust: Any, is_open: bool) -> None:
    found = anywhere(trust)
    listed = hops_of(found, "roles-anywhere")
    assert [(hop.source, hop.target) for hop in listed] == ([(ANCHOR, ROLE)] if is_open else [])
    for hop in listed:
        assert [each.action for each in hop.also] == ALL[1:]
        assert replays(found, hop)


SWITCHES: list[tuple[dict[str, Any], bool, bool]] = [
    # what is different                                            open   gap
    ({}, True, False),
    ({"anchor_enabled": False}, False, False),
    ({"anchor_enabled": None}, True, True),
    ({"profile": {"enabled": False}}, False, False),
    ({"profile": {"enabled": None}}, True, True),
    ({"profile": {"roles": ()}}, False, False),
    ({"anchor": ANCHOR.replace("eu-west-1", "us-east-1")}, False, False),
]


@pytest.mark.parametrize(("changes", "is_open", "unsure"), SWITCHES)
def test_anchor_and_profile_must_be_enabled_and_in_one_region(
    changes: dict[str, Any], is_open: bool, unsure: bool
) -> None:
    listed = hops_of(anywhere(trusting(), **changes), "roles-anywhere")
    assert bool(listed) is is_open
    assert all(bool(hop.gaps) is unsure for hop in listed)


CARRIED = [
    ("STS-45 the same name", CN, "web-1", True),
    ("STS-45 another name", CN, "web-2", False),
    ("STS-45 what else the certificate says", "aws:PrincipalTag/x509Issuer/CN", "corp", True),
]


@pytest.mark.parametrize(("title", "key", "value", "is_open"), CARRIED, ids=[c[0] for c in CARRIED])
def test_the_session_carries_what_the_certificate_says(
    title: str, key: str, value: str, is_open: bool
) -> None:
    """The trust policy wants the name web-1; the session has it as its tag."""
    reads = allow("s3:GetObject", "arn:aws:s3:::b/*", condition=equals(key, value))
    held = bucket(B, "b", allow("s3:GetObject", "arn:aws:s3:::b/*", principal={"AWS": A}))
    found = anywhere(trusting(equals(CN, "web-1")), reads, buckets=(held,))
    routes = routes_from(found, ANCHOR)
    assert bool(routes) is is_open
    for route in routes:
        assert all(replays(found, hop) for hop in route.hops)


def test_session_policies_are_told() -> None:
    limits = policy(PolicyKind.SESSION, "session policy", PROFILE, allow("s3:ListBucket", "*"))
    (hop,) = hops_of(anywhere(trusting(), profile={"session_policies": (limits,)}), "roles-anywhere")
    assert "session policies of profile" in hop.gaps[0]


def test_what_is_not_known_is_a_gap() -> None:
    gone = {"roles": (arn(f"arn:aws:iam::{A}:role/gone"),)}
    assert gaps_about(anywhere(trusting(), profile=gone), "role/gone is not in") == [PROFILE]
    for kind in ("trust_anchors", "anywhere_profiles"):
        found = world(account(A, roles=(role(A, "r", SERVICE),), known=ALL_KNOWN - {kind}))
        assert gaps_about(found, "which certificates lead") == [A]
