"""SCPs and RCPs taken away, and accounts moved or out of their organization (ESC-35)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.organization import Organization, OrganizationUnit
from pathfinder.policy.document import PolicyKind
from tests.building import (
    FULL,
    MANAGEMENT,
    A,
    B,
    account,
    allow,
    bucket,
    deny,
    organization,
    policy,
    role,
    user,
    world,
)
from tests.graph.escalations.finding import READ, escalating, replayed, routes_of

BOSS = f"arn:aws:iam::{MANAGEMENT}:user/boss"
MEMBER = f"arn:aws:iam::{A}:user/u"
OWN = f"arn:aws:organizations::{MANAGEMENT}"
NO_DATA = deny("s3:GetObject", "*")
NO_TAGS = deny("s3:GetObjectTagging", "*")
DATA = allow(["s3:GetObject", "s3:GetObjectTagging"], "*")
SHUT = deny("s3:GetObject", "*", principal="*")


def unit(identifier: str, *scps: Any, rcps: Any = (), full: bool = True) -> OrganizationUnit:
    """An OU under the root with these SCPs and RCPs, each a list of statements."""
    every = [*([[FULL]] if full else []), *scps]
    return OrganizationUnit(
        identifier,
        None,
        "r-x",
        tuple(
            policy(PolicyKind.SCP, f"{identifier}-s{n}", identifier, *each) for n, each in enumerate(every)
        ),
        tuple(policy(PolicyKind.RCP, f"{identifier}-r{n}", identifier, *each) for n, each in enumerate(rcps)),
    )


def placed(found: Organization, parent: str, *units: OrganizationUnit) -> Organization:
    """The organization with these OUs, and account A in one of them."""
    members = tuple(replace(each, parent=parent) if each.account == A else each for each in found.members)
    return replace(found, units=(*found.units, *units), members=members, rcps_enabled=True)


def company(
    found: Organization, *statements: Any, users: Any = (), of_bucket: Any = (), boundary: Any = None
) -> World:
    """A user boss of the management account, and role access of member A with bucket b, which it reads."""
    boss = user(MANAGEMENT, "boss", *statements, boundary=boundary)
    access = role(A, "access", {"AWS": BOSS}, DATA)
    return escalating(
        world(
            account(MANAGEMENT, users=(boss,)),
            account(A, roles=(access,), buckets=(bucket(A, "b", *of_bucket),), users=tuple(users)),
            organization=found,
        )
    )


def of_35(found: World, start: str = BOSS) -> set[str]:
    """The actions of the routes whose first escalation is ESC-35; every witness is replayed."""
    routes = [
        each
        for each in routes_of(found, start)
        if each.escalations[0].escalation and each.escalations[0].escalation.rule == "ESC-35"
    ]
    assert set(replayed(found, tuple(routes))) <= {"allow"}
    return {action for route in routes for action in route.access.actions}


# ---- taken away ----------------------------------------------------------------------------------------------------

TAKEN = ["organizations:DisablePolicyType", "organizations:UpdatePolicy", "organizations:DetachPolicy"]
LET_IN = allow("s3:GetObject", "*", principal={"AWS": f"arn:aws:iam::{MANAGEMENT}:root"})


@pytest.mark.parametrize("action", TAKEN)
def test_rcps_removed(action):
    """ESC-35, ORG-20: the RCP of the bucket's account is in the way of the management account, too."""
    guarded = organization(A, rcps={"root": [[SHUT]]})
    found = company(guarded, allow(action, "*"), READ, of_bucket=[LET_IN])
    assert of_35(found) == {"s3:GetObject"}
    for statements in (
        [READ],
        [allow(action, "*")],
        [allow(action, "*"), READ, deny(action, "*")],
        [
            allow(
                action,
                "*",
                condition={"StringEquals": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}},
            ),
            READ,
        ],
    ):
        assert not of_35(company(guarded, *statements, of_bucket=[LET_IN]))
    assert not of_35(company(guarded, allow(action, "*"), READ, of_bucket=[LET_IN], boundary=[READ]))


def test_an_rcp_in_the_way_of_a_role():
    """ESC-35, ORG-25: a role that only an RCP shuts; then all that it does is new."""
    guarded = organization(A, rcps={str(A): [[deny("sts:AssumeRole", "*", principal="*")]]})
    may = allow(["organizations:DetachPolicy", "sts:AssumeRole"], "*")
    assert of_35(company(guarded, may)) == {"s3:GetObject", "s3:GetObjectTagging"}


def test_both_kinds_at_once():
    """ESC-35: an SCP and an RCP that both deny: only without both."""
    both = organization(A, scps={str(A): [[NO_DATA]]}, rcps={str(A): [[SHUT]]})
    may = allow(["organizations:DisablePolicyType", "sts:AssumeRole"], "*")
    assert of_35(company(both, may)) == {"s3:GetObject"}
    one = {"StringEquals": {"organizations:PolicyType": "RESOURCE_CONTROL_POLICY"}}
    assert not of_35(
        company(
            both, allow("organizations:DisablePolicyType", "*", condition=one), allow("sts:AssumeRole", "*")
        )
    )


def switched(found: World) -> dict[str, set[str]]:
    """What is switched off, and the actions that this alone opens for boss."""
    told: dict[str, set[str]] = {}
    for route in routes_of(found, BOSS):
        said = route.escalations[0].escalation.change.partition(" of organization")[0]
        told.setdefault(said.removeprefix("the "), set()).update(route.access.actions)
    return told


SCPS, RCPS = "service control policies", "resource control policies"
OFF = allow(["organizations:DisablePolicyType", "sts:AssumeRole"], "*")
NO_TAGS_OF_B = deny("s3:GetObjectTagging", "*", principal="*")
NO_ROLE = deny("sts:AssumeRole", "*", principal="*")


@pytest.mark.parametrize(
    ("why", "scp", "rcps", "told"),
    [
        ("the RCP is about nothing here", NO_DATA, [deny("s3:PutObject", "*", principal="*")], {SCPS: {"s3:GetObject"}}),
        ("each for itself", NO_DATA, [NO_TAGS_OF_B], {SCPS: {"s3:GetObject"}, RCPS: {"s3:GetObjectTagging"}}),
        ("only both", NO_DATA, [SHUT], {f"{SCPS} and {RCPS}": {"s3:GetObject"}}),
        ("the role only without the RCP, its data only without both", NO_DATA, [NO_ROLE], {RCPS: {"s3:GetObjectTagging"}, f"{SCPS} and {RCPS}": {"s3:GetObject"}}),
    ],
)  # fmt: skip
def test_both_kinds_tell_only_what_neither_tells_alone(why, scp, rcps, told):
    """ESC-35, ESC-4: what opens without the SCPs alone is no route without SCPs and RCPs as well."""
    both = organization(A, scps={str(A): [[scp]]}, rcps={str(A): [rcps]})
    assert switched(company(both, OFF)) == told


def test_both_kinds_for_one_who_gets_in_only_without_both():
    """ESC-35: what the SCPs alone open for others is told again for whom the RCP keeps from the role."""
    of_boss = {"ArnEquals": {"aws:PrincipalArn": BOSS}}
    shuts_out_boss = deny("sts:AssumeRole", "*", principal="*", condition=of_boss)
    both = organization(A, scps={str(A): [[deny("s3:*", "*")]]}, rcps={str(A): [[shuts_out_boss]]})
    second = f"arn:aws:iam::{MANAGEMENT}:user/second"
    users = tuple(user(MANAGEMENT, name, OFF) for name in ("boss", "second"))
    access = role(A, "access", {"AWS": [BOSS, second]}, DATA)
    whole = escalating(
        world(
            account(MANAGEMENT, users=users),
            account(A, roles=(access,), buckets=(bucket(A, "b"),)),
            organization=both,
        )
    )
    assert switched(whole) == {f"{SCPS} and {RCPS}": {"s3:GetObject", "s3:GetObjectTagging"}}
    assert of_35(whole, second) == {"s3:GetObject", "s3:GetObjectTagging"}


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
TAGGED = {"StringEquals": {"aws:ResourceTag/team": "x"}}
UPDATE, DETACH = "organizations:UpdatePolicy", "organizations:DetachPolicy"


def of_scp(number: int) -> str:
    return f"{OWN}:policy/o-x/service_control_policy/p-scp{number}"


@pytest.mark.parametrize(
    ("why", "may", "plainly", "else_"),
    [
        ("with and without MFA", [allow(UPDATE, of_scp(1)), allow(UPDATE, of_scp(2), condition=MFA)], {"s3:GetObject"}, {"s3:GetObjectTagging"}),
        ("both with MFA", [allow(UPDATE, "*", condition=MFA)], set(), {"s3:GetObject", "s3:GetObjectTagging"}),
        ("certain and not", [allow(UPDATE, of_scp(1)), allow(UPDATE, of_scp(2), condition=TAGGED)], {"s3:GetObject"}, {"s3:GetObjectTagging"}),
        ("not certain before certain", [allow(UPDATE, of_scp(1), condition=TAGGED), allow(UPDATE, of_scp(2))], {"s3:GetObjectTagging"}, {"s3:GetObject"}),
        ("detached for certain", [allow(UPDATE, "*", condition=TAGGED), allow(DETACH, "*")], {"s3:GetObject", "s3:GetObjectTagging"}, set()),
        ("denied", [allow([UPDATE, DETACH], "*"), deny([UPDATE, DETACH], of_scp(2))], {"s3:GetObject"}, set()),
    ],
)  # fmt: skip
def test_what_some_requests_take_away_beside_what_all_do(why, may, plainly, else_):
    """ESC-35, ESC-1: a condition or a gap about one policy is none about another, nor does it make it stay."""
    found = organization(A, scps={str(A): [[NO_DATA], [NO_TAGS]]})
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for route in routes_of(company(found, *may, allow("sts:AssumeRole", "*")), BOSS):
        plain = route.escalations[0].condition == TRUE and not route.gaps
        told[plain].update(route.access.actions)
    assert told == {True: plainly, False: else_}


def test_deleting_alone():
    """ESC-35: a policy that is attached somewhere cannot be deleted."""
    found = organization(A, scps={str(A): [[NO_DATA]]})
    assert not of_35(company(found, allow(["organizations:DeletePolicy", "sts:AssumeRole"], "*")))


def test_the_last_scp_of_a_place_stays():
    """ORG-3: AWS lets nobody detach the last one; rewritten it can be."""
    found = organization(A, scps={f"only:{A}": [[allow("s3:ListBucket", "*"), allow("sts:*", "*")]]})
    assert not of_35(company(found, allow(["organizations:DetachPolicy", "sts:AssumeRole"], "*")))
    assert of_35(company(found, allow(["organizations:UpdatePolicy", "sts:AssumeRole"], "*")))


def test_one_policy_of_two():
    """ESC-4: what another SCP still denies stays closed."""
    found = organization(A, scps={str(A): [[NO_DATA], [NO_TAGS]]})
    named = f"{OWN}:policy/o-x/service_control_policy/p-scp1"
    may = [allow("organizations:UpdatePolicy", named), allow("sts:AssumeRole", "*")]
    assert of_35(company(found, *may)) == {"s3:GetObject"}


def test_tags_of_the_organization_are_not_known():
    """A condition on a policy's tags is a gap, and neither met nor not."""
    found = organization(A, scps={str(A): [[NO_DATA]]})
    tagged = {"StringEquals": {"aws:ResourceTag/team": "x"}}
    may = [allow("organizations:UpdatePolicy", "*", condition=tagged), allow("sts:AssumeRole", "*")]
    (route,) = routes_of(company(found, *may), BOSS)
    assert any("tags" in gap for gap in route.gaps)


# ---- moved ---------------------------------------------------------------------------------------------------------

MOVE = allow(["organizations:MoveAccount", "sts:AssumeRole"], "*")


def test_an_account_moved():
    """ESC-35: what the old OU denies is open in the new one."""
    here = placed(organization(A), "ou-1", unit("ou-1", [NO_DATA]), unit("ou-2"))
    assert of_35(company(here, MOVE)) == {"s3:GetObject"}
    assert not of_35(company(here, allow("sts:AssumeRole", "*")))
    assert not of_35(company(here, MOVE, deny("organizations:MoveAccount", "*")))
    assert not of_35(company(here, MOVE, boundary=[allow("sts:*", "*")]))
    assert not of_35(company(here, allow("organizations:MoveAccount", "*")))


MOVED_ON = [f"{OWN}:account/o-x/{A}", f"{OWN}:ou/o-x/ou-1", f"{OWN}:ou/o-x/ou-2", f"{OWN}:root/o-x/r-x"]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (MOVED_ON, True),
        (MOVED_ON[:3], True),
        ([MOVED_ON[0], MOVED_ON[1], MOVED_ON[3]], True),
        (MOVED_ON[1:], False),
        ([MOVED_ON[0], *MOVED_ON[2:]], False),
        (MOVED_ON[:2], False),
    ],
)
def test_what_a_move_is_made_on(resources, expected):
    """ESC-1: the account, where it is, and where it goes to; all three have to be allowed."""
    here = placed(organization(A), "ou-1", unit("ou-1", [NO_DATA]), unit("ou-2"))
    may = [allow("organizations:MoveAccount", resources), allow("sts:AssumeRole", "*")]
    assert bool(of_35(company(here, *may))) is expected


def test_what_the_new_place_denies():
    """ESC-4: the policies of the new OU limit instead; nothing opens where they deny the same, or the root does."""
    other = placed(organization(A), "ou-1", unit("ou-1", [NO_DATA]), unit("ou-2", [NO_TAGS]))
    may = [allow("organizations:MoveAccount", MOVED_ON[:3]), allow("sts:AssumeRole", "*")]
    assert of_35(company(other, *may)) == {"s3:GetObject"}
    alike = placed(organization(A), "ou-1", unit("ou-1", [NO_DATA]), unit("ou-2", [NO_DATA], [NO_TAGS]))
    assert not of_35(company(alike, *may))
    from_root = placed(organization(A, scps={"root": [[NO_DATA]]}), "ou-1", unit("ou-1"), unit("ou-2"))
    assert not of_35(company(from_root, *may))
    narrow = placed(organization(A), "ou-1", unit("ou-1", [allow("sts:*", "*")], full=False), unit("ou-2"))
    assert of_35(company(narrow, *may)) == {"s3:GetObject", "s3:GetObjectTagging"}


def test_rcps_of_the_old_place():
    """ESC-35, ORG-20: the RCPs of the old OU no longer guard."""
    here = placed(organization(A), "ou-1", unit("ou-1", rcps=[[SHUT]]), unit("ou-2"))
    assert of_35(company(here, allow("organizations:MoveAccount", "*"), READ, of_bucket=[LET_IN])) == {
        "s3:GetObject"
    }
    there = placed(organization(A), "ou-1", unit("ou-1", rcps=[[SHUT]]), unit("ou-2", rcps=[[SHUT]]))
    may = allow("organizations:MoveAccount", MOVED_ON[:3])
    assert not of_35(company(there, may, READ, of_bucket=[LET_IN]))


def test_paths_in_policies():
    """Chapter 6, aws:PrincipalOrgPaths: a moved account is found elsewhere by policies that ask."""
    here = placed(organization(A), "ou-1", unit("ou-1"), unit("ou-2"))
    away = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-x/r-x/ou-1/*"}}
    shut = deny("s3:GetObject", "*", principal="*", condition=away)
    assert of_35(company(here, MOVE, of_bucket=[shut])) == {"s3:GetObject"}
    everywhere = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-x/*"}}
    shut = deny("s3:GetObject", "*", principal="*", condition=everywhere)
    assert not of_35(company(here, MOVE, of_bucket=[shut]))


# ---- out of the organization ---------------------------------------------------------------------------------------

LEAVE = allow("organizations:LeaveOrganization", "*")


def leaving(found: Organization, *statements: Any, **more: Any) -> World:
    """User u of member A."""
    boundary = more.pop("boundary", None)
    return company(found, users=[user(A, "u", *statements, boundary=boundary)], **more)


def test_a_member_that_leaves():
    """ESC-35, ORG-7: no SCP binds it then; until then they do."""
    bound = organization(A, scps={str(A): [[NO_DATA]]})
    found = leaving(bound, LEAVE, READ)
    assert of_35(found, MEMBER) == {"s3:GetObject"}
    (route,) = routes_of(found, MEMBER)
    assert any("payment" in gap for gap in route.gaps)
    assert route.scp_account is None
    assert not of_35(leaving(bound, READ), MEMBER)
    assert not of_35(leaving(bound, LEAVE), MEMBER)
    assert not of_35(leaving(bound, LEAVE, READ, boundary=[READ]), MEMBER)
    assert not of_35(leaving(bound, LEAVE, READ, deny("organizations:*", "*")), MEMBER)
    shut = organization(A, scps={str(A): [[NO_DATA], [deny("organizations:LeaveOrganization", "*")]]})
    assert not of_35(leaving(shut, LEAVE, READ), MEMBER)
    assert not of_35(leaving(organization(A), LEAVE, READ), MEMBER)


def test_rcps_of_a_member_that_leaves():
    """ESC-35, ORG-20: nor does any RCP guard its resources."""
    guarded = organization(A, rcps={"root": [[SHUT]]})
    assert of_35(leaving(guarded, LEAVE, READ), MEMBER) == {"s3:GetObject"}


@pytest.mark.parametrize("asked", ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"])
def test_trust_in_the_organization_is_lost(asked):
    """ESC-35, chapter 6: who leaves is no longer let in as a member."""
    bound = organization(A, scps={str(A): [[NO_DATA]]})
    value = "o-x" if asked.endswith("ID") else "o-x/*"
    operator = "StringNotEquals" if asked.endswith("ID") else "ForAllValues:StringNotLike"
    members = deny("s3:GetObject", "*", principal="*", condition={operator: {asked: value}})
    assert not of_35(leaving(bound, LEAVE, READ, of_bucket=[members]), MEMBER)


def test_trust_of_another_member_is_lost():
    """ESC-35: a role of member B that trusts the organization lets in who is in it, and an SCP kept u from it."""
    no_roles = [deny("sts:AssumeRole", "*")]
    found = organization(A, B, scps={str(A): [no_roles]})

    def with_far(condition: Any) -> set[str]:
        trust = [allow("sts:AssumeRole", principal={"AWS": MEMBER}, condition=condition)]
        far = role(B, "far", trust, READ)
        one = user(A, "u", LEAVE, allow("sts:AssumeRole", "*"))
        made = world(
            account(MANAGEMENT),
            account(A, users=(one,)),
            account(B, roles=(far,), buckets=(bucket(B, "far-b"),)),
            organization=found,
        )
        return of_35(escalating(made), MEMBER)

    assert with_far({}) == {"s3:GetObject"}
    assert not with_far({"StringEquals": {"aws:PrincipalOrgID": "o-x"}})


def test_a_member_that_is_removed():
    """ESC-35: the management account can take a member out as well."""
    bound = organization(A, scps={str(A): [[NO_DATA]]})
    may = allow("sts:AssumeRole", "*")
    assert of_35(company(bound, may, allow("organizations:RemoveAccountFromOrganization", "*"))) == {
        "s3:GetObject"
    }
    assert not of_35(
        company(bound, may, allow("organizations:RemoveAccountFromOrganization", f"{OWN}:account/o-x/{B}"))
    )
    assert not of_35(company(bound, may, allow("organizations:LeaveOrganization", "*")))
