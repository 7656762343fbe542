"""Escalations through IAM: one table, each row open, and closed by each thing that can close it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.model.identity import Group
from pathfinder.policy.document import PolicyKind
from tests.building import A, B, account, allow, arn, bucket, deny, organization, policy, role, user, world
from tests.graph.escalations.finding import (
    READ,
    USER,
    attacker,
    escalating,
    escalations_from,
    in_account,
    paths_from,
    replayed,
    routes_of,
    target,
)

R = f"arn:aws:iam::{A}:role/r"
V = f"arn:aws:iam::{A}:user/v"
P = f"arn:aws:iam::{A}:policy/p"
VICTIM = user(A, "v", READ)
GROUP = Group(arn(f"arn:aws:iam::{A}:group/g"), ())
READERS = Group(
    arn(f"arn:aws:iam::{A}:group/readers"),
    (policy(PolicyKind.IDENTITY, "inline", f"arn:aws:iam::{A}:group/readers", READ),),
)
IN_GROUP = {"groups": (GROUP.arn,)}
MANAGED = {"policies": (policy(PolicyKind.IDENTITY, P, USER, allow("iam:CreatePolicyVersion", P)),)}
WRITABLE = replace(target(), policies=(policy(PolicyKind.IDENTITY, P, R, READ),))

ROWS: list[tuple[str, str, tuple[str, ...], tuple[Any, ...], dict[str, Any], dict[str, Any]]] = [
    # rule     catalogue    actions that it needs                    others      the user   the account
    ("ESC-10", "iam-002", ("iam:CreateAccessKey",), (VICTIM,), {}, {}),
    (
        "ESC-10",
        "iam-003",
        ("iam:CreateAccessKey", "iam:DeleteAccessKey"),
        (user(A, "v", READ, keys=("AKIA1", "AKIA2")),),
        {},
        {},
    ),
    (
        "ESC-11",
        "iam-004",
        ("iam:CreateLoginProfile",),
        (replace(VICTIM, has_password=False, has_mfa=False),),
        {},
        {},
    ),
    (
        "ESC-12",
        "iam-006",
        ("iam:UpdateLoginProfile",),
        (replace(VICTIM, has_password=True, has_mfa=False),),
        {},
        {},
    ),
    (
        "ESC-12",
        "iam-006",
        ("iam:UpdateLoginProfile", "iam:DeactivateMFADevice"),
        (replace(VICTIM, has_password=True, has_mfa=True),),
        {},
        {},
    ),
    ("ESC-15", "iam-012", ("iam:UpdateAssumeRolePolicy", "sts:AssumeRole"), (target(),), {}, {}),
    ("ESC-20", "iam-007", ("iam:PutUserPolicy",), (), {}, {}),
    ("ESC-20", "iam-008", ("iam:AttachUserPolicy",), (), {}, {}),
    ("ESC-21", "iam-011", ("iam:PutGroupPolicy",), (), IN_GROUP, {"groups": (GROUP,)}),
    ("ESC-21", "iam-010", ("iam:AttachGroupPolicy",), (), IN_GROUP, {"groups": (GROUP,)}),
    ("ESC-22", "iam-013", ("iam:AddUserToGroup",), (), {}, {"groups": (READERS,)}),
    ("ESC-26", "iam-014", ("iam:AttachRolePolicy", "sts:AssumeRole"), (target({"AWS": A}),), {}, {}),
    ("ESC-26", "iam-017", ("iam:PutRolePolicy", "sts:AssumeRole"), (target({"AWS": A}),), {}, {}),
    (
        "ESC-26",
        "iam-016",
        ("iam:CreatePolicyVersion", "sts:AssumeRole"),
        (replace(WRITABLE, trust=target({"AWS": A}).trust),),
        {},
        {},
    ),
    (
        "ESC-26",
        "iam-019",
        ("iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
        (target(),),
        {},
        {},
    ),
    (
        "ESC-26",
        "iam-021",
        ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
        (target(),),
        {},
        {},
    ),
    (
        "ESC-26",
        "iam-020",
        ("iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
        (WRITABLE,),
        {},
        {},
    ),
    ("ESC-27", "iam-015", ("iam:AttachUserPolicy", "iam:CreateAccessKey"), (VICTIM,), {}, {}),
    ("ESC-27", "iam-018", ("iam:PutUserPolicy", "iam:CreateAccessKey"), (VICTIM,), {}, {}),
]
IDS = [f"{rule} {path} {len(actions)}" for rule, path, actions, *_ in ROWS]


@pytest.mark.parametrize(("rule", "path", "actions", "others", "own", "parts"), ROWS, ids=IDS)
def test_open(rule, path, actions, others, own, parts):
    """ESC-1: every listed action is allowed; the hop says by which rule, what it changes, and proves each call."""
    found = in_account(attacker(allow(list(actions), "*"), **own), *others, **parts)
    assert path in paths_from(found)
    hop = next(
        route.escalations[0] for route in routes_of(found) if path in route.escalations[0].escalation.paths
    )
    assert hop.escalation.rule == rule
    assert hop.escalation.mutating
    assert hop.escalation.change
    assert hop.gaps == ()
    assert {call.action for call in hop.escalation.calls} == set(actions)
    assert len(hop.also) == len(actions) - 1
    every = replayed(found, routes_of(found))
    assert len(every) > len(actions)
    assert set(every) == {"allow"}


@pytest.mark.parametrize(("rule", "path", "actions", "others", "own", "parts"), ROWS, ids=IDS)
def test_closed(rule, path, actions, others, own, parts):
    """ESC-1: closed by each missing permission, by a Deny, a boundary, and an SCP."""
    for action in actions:
        rest = [each for each in actions if each != action]
        statements = [allow(rest, "*")] if rest else [READ]
        if action != "sts:AssumeRole" or "iam:UpdateAssumeRolePolicy" not in actions:
            # a trust policy that names the caller grants it by itself (EVAL-10, STS-2)
            assert path not in paths_from(in_account(attacker(*statements, **own), *others, **parts))
        for closing in (
            in_account(attacker(allow(list(actions), "*"), deny(action, "*"), **own), *others, **parts),
            in_account(
                attacker(
                    allow(list(actions), "*"),
                    boundary=[allow("*", "*"), deny(action, "*")],
                    **own,
                ),
                *others,
                **parts,
            ),
            in_account(
                attacker(allow(list(actions), "*"), **own),
                *others,
                organization=organization(A, scps={A: [[deny(action, "*")]]}),
                **parts,
            ),
        ):
            assert path not in paths_from(closing), action


def test_a_new_policy_version():
    """ESC-24, iam-001: of a policy of the account's own that hangs on the user; EVAL-51: not of AWS's."""
    found = in_account(replace(attacker(), **MANAGED))
    assert escalations_from(found)["ESC-24"].escalation.paths == ("iam-001",)
    assert routes_of(found)
    aws = "arn:aws:iam::aws:policy/x"
    on_aws = policy(PolicyKind.IDENTITY, aws, USER, allow("iam:CreatePolicyVersion", "*"))
    assert not routes_of(in_account(replace(attacker(), policies=(on_aws,))))


SELF_ROLE = [
    ("iam:PutRolePolicy", "iam-005"),
    ("iam:AttachRolePolicy", "iam-009"),
]


@pytest.mark.parametrize(("action", "path"), SELF_ROLE)
def test_a_role_widens_itself(action, path):
    """ESC-23: on itself alone; ESC-4: the boundary stays."""
    trust = {"Service": "ec2.amazonaws.com"}
    itself = role(A, "r", trust, allow(action, R))
    found = in_account(itself)
    assert path in paths_from(found, R)
    assert routes_of(found, R)
    limited = role(A, "r", trust, allow(action, R), boundary=[allow(action, "*")])
    assert not routes_of(in_account(limited), R)
    assert path not in paths_from(in_account(role(A, "r", trust, allow(action, f"{R}x"))), R)


def test_reserved_and_service_linked_roles_are_left_alone():
    """EVAL-50, STS-48."""
    may = allow(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole", "iam:PutRolePolicy"], "*")
    for path in ("aws-reserved/sso.amazonaws.com/", "aws-service-role/x.amazonaws.com/"):
        special = role(A, f"{path}r", {"AWS": f"arn:aws:iam::{A}:user/nobody"}, READ)
        assert not routes_of(in_account(attacker(may), special))


def test_unknown_is_neither_open_nor_closed():
    """ESC-10 to ESC-12: keys, a password and MFA that the snapshot does not tell."""
    victim = replace(VICTIM, access_keys=None)
    found = in_account(attacker(allow("iam:Create*", V)), victim)
    assert escalations_from(found)["ESC-10"].gaps
    assert escalations_from(found)["ESC-11"].gaps
    both = in_account(attacker(allow(["iam:CreateAccessKey", "iam:DeleteAccessKey"], V)), victim)
    assert not escalations_from(both)["ESC-10"].gaps


CLOSED = [
    (
        "two keys and no right to delete one",
        replace(user(A, "v", READ, keys=("AKIA1", "AKIA2")), has_password=True),
    ),
    (
        "a password already",
        replace(user(A, "v", READ, keys=("AKIA1", "AKIA2")), has_password=True, has_mfa=False),
    ),
]


@pytest.mark.parametrize(("why", "victim"), CLOSED, ids=[why for why, _ in CLOSED])
def test_what_the_user_has_already(why, victim):
    """ESC-10, ESC-11."""
    assert not routes_of(
        in_account(attacker(allow(["iam:CreateAccessKey", "iam:CreateLoginProfile"], "*")), victim)
    )


def test_mfa_that_is_needed_still():
    """ESC-12, ESC-13: another password alone is not enough."""
    victim = replace(VICTIM, has_password=True, has_mfa=True)
    assert not routes_of(in_account(attacker(allow("iam:UpdateLoginProfile", "*")), victim))


def test_only_some_policies_may_be_attached():
    """ESC-20: iam:PolicyARN; what is attached must be known, and open something."""
    readers = policy(PolicyKind.IDENTITY, P, V, READ)
    victim = replace(VICTIM, policies=(readers,), access_keys=())
    may = allow("iam:AttachUserPolicy", "*", condition={"ArnEquals": {"iam:PolicyARN": P}})
    (route,) = routes_of(in_account(attacker(may), victim))
    assert route.access.actions == ("s3:GetObject",)
    other = allow("iam:AttachUserPolicy", "*", condition={"ArnEquals": {"iam:PolicyARN": f"{P}-other"}})
    found = in_account(attacker(other), victim)
    assert not routes_of(found)


LIMITS = [
    # rule     what the user may                      boundary        its own Deny
    ("ESC-30", "iam:DeleteUserPermissionsBoundary", True, False),
    ("ESC-30", "iam:PutUserPermissionsBoundary", True, False),
    ("ESC-31", "iam:DeleteUserPolicy", False, True),
]


@pytest.mark.parametrize(("rule", "action", "bounded", "denied"), LIMITS)
def test_limits_removed(rule, action, bounded, denied):
    """ESC-30, ESC-31: what stood behind the limit opens, and only where the limit lets itself be removed."""
    own = [allow([action, "s3:GetObject"], "*")]
    boundary = [allow(action, "*")] if bounded else None
    one = attacker(*own, boundary=boundary)
    if denied:
        limit = policy(PolicyKind.IDENTITY, "limit", USER, deny("s3:*", "*"))
        one = replace(one, policies=(*one.policies, limit))
    (route,) = routes_of(in_account(one))
    assert route.escalations[0].escalation.rule == rule
    assert route.access.actions == ("s3:GetObject",)
    held = attacker(*own, boundary=[allow("s3:Put*", "*")] if bounded else None)
    if denied:
        limit = policy(PolicyKind.IDENTITY, "limit", USER, deny(["s3:*", action], "*"))
        held = replace(held, policies=(*held.policies, limit))
    assert not routes_of(in_account(held))


def test_a_limit_removed_and_then_more_given():
    """ESC-4, ESC-30, ESC-20: two changes one after the other."""
    may = ["iam:DeleteUserPermissionsBoundary", "iam:PutUserPolicy"]
    found = in_account(attacker(allow(may, "*"), boundary=[allow(may, "*")]))
    rules = [[hop.escalation.rule for hop in route.escalations] for route in routes_of(found)]
    assert ["ESC-30", "ESC-20"] in rules or ["ESC-20", "ESC-30"] in rules


def test_administrators_are_one_node():
    """ESC-99: instead of hops from each to everyone; their own reach is no escalation."""
    everything = allow("*", "*")
    roles = [
        role(A, f"r{n}", {"AWS": f"arn:aws:iam::{A}:user/nobody"}, allow("sts:AssumeRole", "*"))
        for n in range(3)
    ]
    log = role(B, "x", {"AWS": f"arn:aws:iam::{A}:role/r1"}, READ)
    found = escalating(
        world(
            account(A, users=(attacker(everything), user(A, "v", everything)), roles=tuple(roles)),
            account(B, roles=(log,), buckets=(bucket(B, "log"),)),
        )
    )
    for start in (USER, V):
        (route,) = [each for each in routes_of(found, start) if each.target.label == "log"]
        assert [hop.escalation.rule for hop in route.escalations] == ["ESC-99", "ESC-15"]
        assert set(escalations_from(found, start)) == {"ESC-99"}
    limited = organization(A, B, scps={A: [[deny("iam:UpdateAssumeRolePolicy", "*")]]})
    bound = escalating(world(*found.snapshot.accounts, organization=limited))
    assert not [each for each in routes_of(bound) if each.target.label == "log"]
