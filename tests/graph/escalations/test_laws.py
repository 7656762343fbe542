"""Adding a Deny never opens an escalation, wherever it is put (EVAL-1, ESC-1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathfinder.graph.world import World
from pathfinder.model.resources import LambdaFunction
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, arn, bucket, deny, organization, policy, role, user, world
from tests.graph.escalations.finding import READ, USER

ACTIONS = (
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateRole",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteUserPolicy",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "s3:DeleteBucketPolicy",
    "s3:GetObject",
    "s3:PutBucketPolicy",
    "sts:AssumeRole",
)
R = f"arn:aws:iam::{A}:role/r"
RESOURCES = ("*", R, USER, f"arn:aws:iam::{A}:user/v", "arn:aws:s3:::b", "arn:aws:s3:::b/*")
PLACES = ("identity", "boundary", "scp", "role", "victim", "bucket", "trust")

some_actions = st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=4, unique=True)
some_resources = st.sampled_from(RESOURCES)


@dataclass(frozen=True)
class Small:
    """A small account: what user u, user v and role r may, and the Denies in each place."""

    allows: tuple[tuple[list[str], str], ...]
    of_role: tuple[tuple[list[str], str], ...]
    bounded: bool
    denies: tuple[tuple[str, list[str], str], ...] = ()


smalls = st.builds(
    Small,
    st.lists(st.tuples(some_actions, some_resources), min_size=1, max_size=3).map(tuple),
    st.lists(st.tuples(some_actions, some_resources), max_size=2).map(tuple),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(PLACES), some_actions, some_resources), max_size=1).map(tuple),
)


def built(small: Small) -> World:
    """The account as a world with escalations."""

    def denied(place: str) -> list[dict[str, Any]]:
        return [deny(actions, on) for at, actions, on in small.denies if at == place]

    limit = (
        [allow("*", "*"), *denied("boundary")]
        if not small.bounded
        else [
            allow(["iam:*", "s3:GetObject", "sts:*"], "*"),
            *denied("boundary"),
        ]
    )
    one = user(A, "u", *(allow(actions, on) for actions, on in small.allows), boundary=limit)
    if denied("identity"):
        more = policy(PolicyKind.IDENTITY, "limits", USER, *denied("identity"))
        one = replace(one, policies=(*one.policies, more))
    victim = user(A, "v", READ, *denied("victim"))
    trust = [
        allow("sts:AssumeRole", principal={"Service": "lambda.amazonaws.com"}),
        *(
            deny("sts:AssumeRole", principal="*")
            for at, actions, _ in small.denies
            if at == "trust" and "sts:AssumeRole" in actions
        ),
    ]
    target = role(
        A, "r", trust, READ, *(allow(actions, on) for actions, on in small.of_role), *denied("role")
    )
    closed = [
        deny(actions, ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], principal="*")
        for at, actions, _ in small.denies
        if at == "bucket"
    ]
    function = LambdaFunction(arn(f"arn:aws:lambda:eu-west-1:{A}:function:f"), target.arn)
    own = account(
        A, users=(one, victim), roles=(target,), buckets=(bucket(A, "b", *closed),), functions=(function,)
    )
    far = account(
        B,
        roles=(role(B, "x", {"AWS": R}, READ),),
        buckets=(bucket(B, "log"),),
    )
    scps = [[each] for each in denied("scp")]
    made = world(own, far, organization=organization(A, B, scps={str(A): scps}))
    return World(made.snapshot, escalations=True)


def reach(small: Small) -> set[tuple[str, str, str]]:
    """Who reaches which bucket with which action, by any route."""
    starts = (USER, f"arn:aws:iam::{A}:user/v", R)
    found = find_routes(built(small), Query(starts=starts, escalations=True)).routes
    return {
        (route.start.id, route.target.label, action) for route in found for action in route.access.actions
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(smalls, st.tuples(st.sampled_from(PLACES), some_actions, some_resources))
def test_a_deny_opens_nothing(small, denial):
    """What is reached with one more Deny was reached without it."""
    assert reach(replace(small, denies=(*small.denies, denial))) <= reach(small)


def test_the_law_has_something_to_say():
    """In some such account a Deny does close an escalation."""
    small = Small(((["iam:PutUserPolicy"], "*"),), (), False)
    assert (USER, "b", "s3:GetObject") in reach(small)
    closed = replace(small, denies=(("scp", ["iam:PutUserPolicy"], "*"),))
    assert (USER, "b", "s3:GetObject") not in reach(closed)
