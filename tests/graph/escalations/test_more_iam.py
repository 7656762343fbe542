"""New principals, providers and tags: open, and closed by each thing that can close it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.model.identity import IdentityProvider
from tests.building import A, allow, arn, bucket, deny, organization, role
from tests.graph.escalations.finding import (
    READ,
    USER,
    attacker,
    escalations_from,
    in_account,
    replayed,
    routes_of,
)

NEW = [
    ("ESC-28", ("iam:CreateRole", "iam:AttachRolePolicy")),
    ("ESC-28", ("iam:CreateRole", "iam:PutRolePolicy")),
    ("ESC-29", ("iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateAccessKey")),
    ("ESC-29", ("iam:CreateUser", "iam:PutUserPolicy", "iam:CreateAccessKey")),
]


@pytest.mark.parametrize(("rule", "actions"), NEW)
def test_a_new_principal(rule, actions):
    """ESC-28, ESC-29: with every call, on one name; not without one of them, nor where something denies it."""
    found = in_account(attacker(allow(list(actions), "*")))
    assert rule in escalations_from(found)
    routes = routes_of(found)
    assert routes
    assert set(replayed(found, routes)) == {"allow"}
    for action in actions:
        rest = [each for each in actions if each != action]
        assert rule not in escalations_from(in_account(attacker(allow(rest, "*"))))
        denied = deny(action, "*")
        assert rule not in escalations_from(in_account(attacker(allow(list(actions), "*"), denied)))
        limits = organization(A, scps={A: [[denied]]})
        assert rule not in escalations_from(
            in_account(attacker(allow(list(actions), "*")), organization=limits)
        )


def test_one_name_for_all_calls():
    """ESC-1: a role that may be made has to be one that may be given permissions."""
    make = allow("iam:CreateRole", f"arn:aws:iam::{A}:role/a-*")
    give = allow("iam:PutRolePolicy", f"arn:aws:iam::{A}:role/*-b")
    found = in_account(attacker(make, give))
    (route,) = routes_of(found)
    assert "role/a-" in route.escalations[0].escalation.calls[0].resource
    other = allow("iam:PutRolePolicy", f"arn:aws:iam::{A}:role/b-*")
    assert not routes_of(in_account(attacker(make, other)))


def test_a_boundary_that_is_asked_for():
    """ESC-28: iam:PermissionsBoundary; the new role is within it, and where it is not known, so is what it may."""
    limit = f"arn:aws:iam::{A}:policy/limit"
    within = {"StringEquals": {"iam:PermissionsBoundary": limit}}
    may = (
        allow("iam:CreateRole", "*", condition=within),
        allow("iam:PutRolePolicy", "*", condition=within),
    )
    known = role(A, "x", {"Service": "ec2.amazonaws.com"}, boundary=[allow("s3:GetObject", "*")])
    assert known.boundary is not None
    known = replace(known, boundary=replace(known.boundary, name=limit))
    (route,) = routes_of(in_account(attacker(*may), known))
    assert route.access.actions == ("s3:GetObject",)
    assert all(route.gaps for route in routes_of(in_account(attacker(*may))))


SAML = IdentityProvider(arn(f"arn:aws:iam::{A}:saml-provider/idp"))
OIDC = IdentityProvider(arn(f"arn:aws:iam::{A}:oidc-provider/idp.example.com"), "idp.example.com")


def test_a_saml_provider_rewritten():
    """ESC-33: whoever writes its metadata signs in as everyone that it may prove."""
    trust = [allow("sts:AssumeRoleWithSAML", principal={"Federated": str(SAML.arn)})]
    found = in_account(
        attacker(allow("iam:UpdateSAMLProvider", "*")), role(A, "r", trust, READ), providers=(SAML,)
    )
    assert [hop.kind for hop in routes_of(found)[0].hops] == ["escalation", "federated", "access"]
    assert not routes_of(in_account(attacker(READ), role(A, "r", trust, READ), providers=(SAML,)))


def test_an_oidc_provider_is_not_certain():
    """ESC-33: a thumbprint helps only who controls the host."""
    trust = [allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": str(OIDC.arn)})]
    found = in_account(
        attacker(allow("iam:UpdateOpenIDConnectProviderThumbprint", "*")),
        role(A, "r", trust, READ),
        providers=(OIDC,),
    )
    assert all(route.gaps for route in routes_of(found))


def test_tags_that_open():
    """ESC-32: tags are what an Allow asks for."""
    tagged = allow("s3:GetObject", "*", condition={"StringEquals": {"aws:PrincipalTag/team": "x"}})
    (route,) = routes_of(in_account(attacker(tagged, allow("iam:TagUser", USER))))
    assert route.escalations[0].escalation.rule == "ESC-32"
    assert not routes_of(in_account(attacker(tagged)))
    assert not routes_of(in_account(attacker(tagged, allow("iam:TagUser", f"{USER}x"))))
    assert not routes_of(in_account(attacker(READ, allow("iam:TagUser", USER)), buckets=(bucket(A, "b"),)))
