"""Groups of Identity Center that somebody may put people into (ESC-34)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pathfinder.graph.world import World
from pathfinder.model.organization import DelegatedAdministrator
from pathfinder.model.workforce import Assignment, IdentityCenter, PermissionSet, WorkforceGroup
from pathfinder.routes.search import graph_of
from tests.building import (
    ALL_KNOWN,
    MANAGEMENT,
    A,
    B,
    account,
    allow,
    arn,
    bucket,
    deny,
    organization,
    role,
    user,
    world,
)
from tests.graph.escalations.finding import READ, escalating, replayed, routes_of

SET = arn("arn:aws:sso:::permissionSet/ssoins-1/ps-1")
JOIN = allow("identitystore:CreateGroupMembership", "*")
STORE = f"arn:aws:identitystore::{MANAGEMENT}:identitystore/d-1"


def reached(
    *statements: Any,
    start: Any = MANAGEMENT,
    kind: str = "GROUP",
    services: Any = ("sso.amazonaws.com",),
    boundary: Any = None,
    scps: Any = None,
) -> set[str]:
    """The actions at bucket b of routes by ESC-34 from user boss of the start account."""
    found = company(*statements, start=start, kind=kind, services=services, boundary=boundary, scps=scps)
    routes = [
        each
        for each in routes_of(found, f"arn:aws:iam::{start}:user/boss")
        if each.escalations[0].escalation and each.escalations[0].escalation.rule == "ESC-34"
    ]
    assert set(replayed(found, tuple(routes))) <= {"allow"}
    assert all(route.gaps for route in routes)
    return {action for route in routes for action in route.access.actions}


def company(
    *statements: Any,
    start: Any = MANAGEMENT,
    kind: str = "GROUP",
    services: Any = (),
    boundary: Any = None,
    scps: Any = None,
    known: bool = True,
) -> World:
    """Group g-1, assigned a permission set in member A, which reads bucket b there."""
    center = IdentityCenter(
        arn("arn:aws:sso:::instance/ssoins-1"),
        (PermissionSet(SET, "Readers"),),
        (),
        (WorkforceGroup("g-1", "team", ()),),
        (Assignment(A, SET, kind, "g-1"),),
    )
    boss = user(start, "boss", *statements, boundary=boundary)
    name = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Readers_0123456789abcdef"
    reader = role(A, name, {"Federated": f"arn:aws:iam::{A}:saml-provider/AWSSSO_1"}, READ)
    found = replace(
        organization(A, B, scps=scps or {}), delegated_administrators=(DelegatedAdministrator(B, services),)
    )
    of = {each: (boss,) if start == each else () for each in (MANAGEMENT, A, B)}
    kinds = ALL_KNOWN if known else ALL_KNOWN - {"identity_center"}
    return escalating(
        world(
            account(MANAGEMENT, users=of[MANAGEMENT], identity_center=center if known else None, known=kinds),
            account(A, roles=(reader,), buckets=(bucket(A, "b"),), users=of[A]),
            account(B, users=of[B]),
            organization=found,
        )
    )


def test_a_group_joined():
    """ESC-34: the membership is allowed, and the group's role then opens the bucket."""
    assert reached(JOIN) == {"s3:GetObject"}
    assert not reached(READ)
    assert not reached(JOIN, deny("identitystore:*", "*"))
    assert not reached(JOIN, boundary=[READ])
    assert not reached(JOIN, kind="USER")


def test_what_a_membership_is_made_on():
    """ESC-1: the store, the group and the user, all three."""
    on = [STORE, "arn:aws:identitystore:::group/g-1", "arn:aws:identitystore:::user/*"]
    assert reached(allow("identitystore:CreateGroupMembership", on)) == {"s3:GetObject"}
    for number in range(3):
        less = [*on[:number], *on[number + 1 :]]
        assert not reached(allow("identitystore:CreateGroupMembership", less))
    other = [on[0], "arn:aws:identitystore:::group/g-2", on[2]]
    assert not reached(allow("identitystore:CreateGroupMembership", other))


def test_by_a_delegated_administrator():
    """ESC-34, ORG-2: a member that administers Identity Center, within its SCPs; no other member."""
    assert reached(JOIN, start=B) == {"s3:GetObject"}
    assert not reached(JOIN, start=B, services=())
    assert not reached(JOIN, start=A)
    assert not reached(JOIN, start=B, scps={str(B): [[deny("identitystore:*", "*")]]})
    assert reached(JOIN, scps={str(MANAGEMENT): [[deny("identitystore:*", "*")]]})


def test_assignments_that_are_not_known():
    """ESC-34: a gap, where somebody may put people into groups."""

    def told(found: World) -> bool:
        return any("which groups of Identity Center" in gap.reason for gap in graph_of(found).gaps)

    assert told(company(JOIN, known=False))
    assert not told(company(READ, known=False))
    assert not told(company(JOIN))
