"""Paths of the pathfinding.cloud catalogue (Datadog, Apache-2.0): the ids and permissions that it lists, found by id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.graph.hop import Hop
from pathfinder.model.identity import Group
from pathfinder.model.resources import LambdaFunction
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.search import graph_of
from tests.building import A, allow, arn, policy, role, user
from tests.graph.escalations.finding import NOBODY, READ, USER, attacker, in_account, paths_from

PATHS: dict[str, tuple[str, ...]] = {
    "iam-001": ("iam:CreatePolicyVersion",),
    "iam-002": ("iam:CreateAccessKey",),
    "iam-003": ("iam:CreateAccessKey", "iam:DeleteAccessKey"),
    "iam-004": ("iam:CreateLoginProfile",),
    "iam-005": ("iam:PutRolePolicy",),
    "iam-006": ("iam:UpdateLoginProfile",),
    "iam-007": ("iam:PutUserPolicy",),
    "iam-008": ("iam:AttachUserPolicy",),
    "iam-009": ("iam:AttachRolePolicy",),
    "iam-010": ("iam:AttachGroupPolicy",),
    "iam-011": ("iam:PutGroupPolicy",),
    "iam-012": ("iam:UpdateAssumeRolePolicy",),
    "iam-013": ("iam:AddUserToGroup",),
    "iam-014": ("iam:AttachRolePolicy", "sts:AssumeRole"),
    "iam-015": ("iam:AttachUserPolicy", "iam:CreateAccessKey"),
    "iam-016": ("iam:CreatePolicyVersion", "sts:AssumeRole"),
    "iam-017": ("iam:PutRolePolicy", "sts:AssumeRole"),
    "iam-018": ("iam:PutUserPolicy", "iam:CreateAccessKey"),
    "iam-019": ("iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"),
    "iam-020": ("iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"),
    "iam-021": ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"),
    "lambda-001": ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"),
    "lambda-003": ("lambda:UpdateFunctionCode",),
}
"""Id to the permissions that it needs, of the families whose rows are there; sts-001 is AssumeRole itself."""

MANAGED = f"arn:aws:iam::{A}:policy/p"
FULL_USER = user(A, "full", READ, keys=("AKIA1", "AKIA2"))
USERS = (
    FULL_USER,
    replace(user(A, "new", READ), has_password=False, has_mfa=False),
    replace(user(A, "old", READ), has_password=True, has_mfa=False),
)
MEMBERS = Group(arn(f"arn:aws:iam::{A}:group/members"), ())
READERS = Group(
    arn(f"arn:aws:iam::{A}:group/readers"),
    (policy(PolicyKind.IDENTITY, "inline", f"arn:aws:iam::{A}:group/readers", READ),),
)


def everything_there(path: str):
    """A world with what the catalogue's prerequisites name, and an attacker with the path's permissions alone."""
    may = policy(PolicyKind.IDENTITY, MANAGED, USER, allow(list(PATHS[path]), "*"))
    one = replace(attacker(), policies=(may,), groups=(MEMBERS.arn,))
    on_itself = path in ("iam-005", "iam-009")
    own = role(A, "own", {"Service": "ec2.amazonaws.com"}, allow(list(PATHS[path]), "*"))
    open_role = role(A, "open", {"AWS": str(A)}, READ)
    closed_role = role(A, "closed", NOBODY, READ)
    held = policy(PolicyKind.IDENTITY, MANAGED, str(open_role.arn), READ)
    open_role = replace(open_role, policies=(*open_role.policies, held))
    closed_role = replace(closed_role, policies=(*closed_role.policies, held))
    runner = role(A, "runner", {"Service": "lambda.amazonaws.com"}, READ)
    function = LambdaFunction(arn(f"arn:aws:lambda:eu-west-1:{A}:function:f"), runner.arn)
    found = in_account(
        *USERS,
        *((own,) if on_itself else (one,)),
        open_role,
        closed_role,
        runner,
        groups=(MEMBERS, READERS),
        functions=(function,),
    )
    return found, str(own.arn) if on_itself else USER


@pytest.mark.parametrize("path", PATHS)
def test_each_path_is_found_by_its_id(path):
    """asks.md rank 23: with the catalogue's permissions and nothing else."""
    found, source = everything_there(path)
    assert path in paths_from(found, source)


def test_iam_ids_are_those_of_the_catalogue():
    """No hop tells an id of the IAM family that the catalogue does not have."""
    for path in ("iam-005", "iam-021"):
        found, _ = everything_there(path)
        hops: list[Hop] = [hop for hops in graph_of(found).escalated.values() for hop in hops]
        told = {each for hop in hops if hop.escalation is not None for each in hop.escalation.paths}
        assert {each for each in told if each.startswith("iam-")} <= PATHS.keys()
