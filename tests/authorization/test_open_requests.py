"""Requests that are not complete: the exact condition that is left (COND-50 to COND-53), and what inventory adds."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.caller import RoleSession, RootUser, SessionName, UserCaller
from pathfinder.authorization.decide import decide
from pathfinder.authorization.request import Endpoint, Level, Policies, Request
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, all_of, any_of, leaves, negate, one, truth
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.policy.compile import Compiler
from pathfinder.policy.context import ABSENT, OPEN, PRESENT, SESSION_NAME, Context, Values
from pathfinder.policy.document import PolicyKind, Unread
from pathfinder.policy.resources import Target
from tests.building import A, B, allow, arn, deny, policy

USER = UserCaller(arn(f"arn:aws:iam::{A}:user/u"))
OBJECT = Target(arn("arn:aws:s3:::b/x"))


def is_(key: str, *values: str) -> Formula:
    return one(key, StringTest(tuple(exact(value) for value in values)))


def when(key: str, value: str, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {key: value}}


def allowed(policies: Policies, caller: Any = USER, owner: str | None = A, **states: Any) -> Formula:
    context = Context({key.lower(): state for key, state in states.items()}, lambda _key: OPEN)
    return decide(Request(caller, "s3:GetObject", OBJECT, owner, context), policies, Compiler()).allowed


def identity(*statements: dict[str, Any]) -> tuple[Any, ...]:
    return (policy(PolicyKind.IDENTITY, "inline", str(USER.arn), *statements),)


def test_an_open_key_stays_a_known_one_folds() -> None:
    """COND-50, COND-53, KEY-1."""
    policies = Policies(identity=identity(allow("*", "*", condition=when("aws:SourceVpce", "vpce-1"))))
    assert allowed(policies) == is_("aws:SourceVpce", "vpce-1")
    assert allowed(policies, **{"aws:SourceVpce": Values(("vpce-1",))}) == TRUE
    assert allowed(policies, **{"aws:SourceVpce": Values(("vpce-2",))}) == FALSE
    assert allowed(policies, **{"aws:SourceVpce": ABSENT}) == FALSE


def test_presence_without_a_value() -> None:
    """COND-50: presence and value may be unknown apart."""
    condition = {"Null": {"aws:SourceVpce": "false"}}
    policies = Policies(identity=identity(allow("*", "*", condition=condition)))
    assert allowed(policies, **{"aws:SourceVpce": PRESENT}) == TRUE
    assert allowed(policies) not in (TRUE, FALSE)


def test_allows_are_alternatives_and_denies_take_away() -> None:
    """COND-51."""
    policies = Policies(
        identity=identity(
            allow("*", "*", condition=when("aws:SourceVpce", "vpce-1")),
            allow("*", "*", condition=when("aws:SourceVpce", "vpce-2")),
            deny("*", "*", condition=when("aws:UserAgent", "old")),
        )
    )
    expected = all_of(
        negate(is_("aws:UserAgent", "old")),
        any_of(is_("aws:SourceVpce", "vpce-1"), is_("aws:SourceVpce", "vpce-2")),
    )
    found = allowed(policies)
    for agent in ("old", "new"):
        for endpoint in ("vpce-1", "vpce-2", "vpce-3"):
            values = {"aws:useragent": (agent,), "aws:sourcevpce": (endpoint,)}
            assert (
                _truth(found, values) == _truth(expected, values) == (agent == "new" and endpoint != "vpce-3")
            )


def _truth(formula: Formula, values: dict[str, tuple[str, ...]]) -> bool | None:
    return truth(formula, lambda test: test.holds(values.get(test.key)))


def test_levels_are_all_needed() -> None:
    """COND-52, ORG-3."""
    levels = tuple(
        Level(place, (policy(PolicyKind.SCP, "p", place, allow("*", "*", condition=when(key, "x"))),))
        for place, key in (("r-x", "aws:RequestTag/a"), (A, "aws:RequestTag/b"))
    )
    policies = Policies(identity=identity(allow("*", "*")), scp=levels)
    assert allowed(policies) == all_of(is_("aws:RequestTag/a", "x"), is_("aws:RequestTag/b", "x"))


def test_a_direct_grant_or_the_identity_side() -> None:
    """COND-52, EVAL-10, EVAL-12: the ways through are alternatives."""
    named = allow("s3:*", "*", principal={"AWS": str(USER.arn)}, condition=when("aws:UserAgent", "a"))
    policies = Policies(
        identity=identity(allow("*", "*", condition=when("aws:UserAgent", "b"))),
        boundary=policy(
            PolicyKind.BOUNDARY, "b", str(USER.arn), allow("s3:*", "*", condition=when("aws:referer", "c"))
        ),
        resource=(policy(PolicyKind.RESOURCE, "bucket policy", "b", named),),
    )
    found = allowed(policies)
    assert _truth(found, {"aws:useragent": ("a",)}) is True
    assert _truth(found, {"aws:useragent": ("b",)}) is False
    assert _truth(found, {"aws:useragent": ("b",), "aws:referer": ("c",)}) is True


def test_an_open_session_name() -> None:
    """PRIN-6, STS-9: a condition on the name that the caller chooses."""
    role = arn(f"arn:aws:iam::{A}:role/r")
    named = allow("s3:*", "*", principal={"AWS": f"arn:aws:sts::{A}:assumed-role/r/job"})
    policies = Policies(resource=(policy(PolicyKind.RESOURCE, "bucket policy", "b", named),))
    found = allowed(policies, RoleSession(role, SessionName.OPEN))
    assert [leaf.key for leaf in leaves(found) if not isinstance(leaf, Unknown)] == [SESSION_NAME]
    assert allowed(policies, RoleSession(role, SessionName.UNNAMED)) == FALSE
    assert allowed(policies, RoleSession(role, "job")) == TRUE


CANONICAL = "a" * 64


@pytest.mark.parametrize(
    ("owner_of_id", "expected"),
    [({CANONICAL: A}, True), ({CANONICAL: B}, False), ({CANONICAL: B, "b" * 64: A}, False), ({}, None)],
)
def test_canonical_user_ids(owner_of_id: dict[str, str], expected: bool | None) -> None:
    """PRIN-2: as the account that owns the id; unknown where nobody told which that is."""
    named = allow("s3:*", "*", principal={"CanonicalUser": CANONICAL})
    policies = Policies(
        identity=identity(allow("*", "*")),
        resource=(policy(PolicyKind.RESOURCE, "bucket policy", "b", named),),
        canonical_ids=owner_of_id,
    )
    assert truth(allowed(policies, owner=B), lambda _test: None) is expected


def test_an_unknown_owner_leaves_what_both_readings_say() -> None:
    """TERM-5."""
    reads = identity(allow("s3:*", "*"))
    assert isinstance(allowed(Policies(identity=reads), owner=None), Unknown)
    assert allowed(Policies(), owner=None) == FALSE


def test_what_is_unread_is_unknown_both_ways() -> None:
    """design.md: unknown never counts silently as allowed or as denied."""
    unread = Unread(PolicyKind.RESOURCE, "bucket policy", "b", "AccessDenied")
    for policies in (
        Policies(identity=identity(allow("*", "*")), resource=(unread,)),
        Policies(resource=(unread,)),
        Policies(identity=(Unread(PolicyKind.IDENTITY, "p", "u", "missing"),)),
    ):
        assert truth(allowed(policies), lambda _test: None) is None


@pytest.mark.parametrize(("gateway", "user_passes"), [(True, False), (False, True)])
def test_account_forms_in_endpoint_policies(gateway: bool, user_passes: bool) -> None:
    """VPCE-3: in a gateway endpoint's policy an account is its root user alone."""
    through = policy(PolicyKind.ENDPOINT, "endpoint policy", "vpce-1", allow("*", "*", principal={"AWS": A}))
    policies = Policies(identity=identity(allow("*", "*")), endpoints=(Endpoint(through, gateway, "vpce-1"),))
    via = {"aws:SourceVpce": Values(("vpce-1",))}
    assert (allowed(policies, **via) == TRUE) is user_passes
    assert allowed(policies, RootUser(arn(f"arn:aws:iam::{A}:root")), **via) == TRUE
    assert allowed(policies, **{"aws:SourceVpce": Values(("vpce-2",))}) == TRUE
