"""What sessions carry over an escalation: tags and source identity, decided with everything that asks for them."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.routes.route import Route
from pathfinder.routes.search import graph_of
from tests.building import A, B, allow, bucket, deny, organization, role
from tests.graph.escalations.finding import NOBODY, READ, USER, attacker, in_account, replayed, routes_of

P, R, S = (f"arn:aws:iam::{A}:role/{name}" for name in "prs")
ROOT = f"arn:aws:iam::{A}:root"
OTHER = f"arn:aws:iam::{A}:user/nobody"
ALONE = ["sts:AssumeRole"]
TAGS = [*ALONE, "sts:TagSession"]
ALL = [*TAGS, "sts:SetSourceIdentity"]
LAMBDA = {"Service": "lambda.amazonaws.com"}
CREATE = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
PUT = "s3:PutBucketPolicy"
BUCKET = "arn:aws:s3:::b"


def tagged(value: str) -> Any:
    return {"StringEquals": {"aws:PrincipalTag/team": value}}


def trusts(who: Any, actions: list[str], **more: Any) -> Any:
    return allow(actions, principal={"AWS": who} if isinstance(who, str) else who, **more)


def needs(value: str) -> Any:
    """No data without this tag."""
    return deny("s3:GetObject", "*", condition={"StringNotEquals": {"aws:PrincipalTag/team": value}})


SOMEBODY = trusts(OTHER, ALL)
"""Somebody may start sessions with tags, so that the role's own policies do not tell whether there are any."""


def signed(whole: World, start: str = USER) -> list[Route]:
    """The routes to data with the principal's signature; every request proven, nothing left open."""
    routes = routes_of(whole, start, actions=("s3:GetObject",))
    assert set(replayed(whole, routes)) <= {"allow"}
    found = [route for route in routes if "unsigned" not in route.hops[-1].source]
    assert not [gap for route in found for hop in route.hops for gap in hop.gaps]
    return found


def through_p(trust: Any, may: list[str], *statements: Any, **more: Any) -> World:
    """User u may start sessions of role p in these ways; what p may."""
    return in_account(attacker(allow(may, "*")), role(A, "p", [trust, SOMEBODY], *statements), **more)


CASES = [
    # why, whether the caller may tag, p's statements, open
    ("STS-30 the data ask for a tag", True, (allow(PUT, BUCKET), needs("x")), True),
    ("STS-25 and it cannot be passed", False, (allow(PUT, BUCKET), needs("x")), False),
    ("STS-30 the change asks for a tag", True, (allow(PUT, BUCKET, condition=tagged("x")),), True),
    ("STS-25 the change does, and it cannot be passed", False, (allow(PUT, BUCKET, condition=tagged("x")),), False),
    ("STS-14 both for the same", True, (allow(PUT, BUCKET, condition=tagged("x")), needs("x")), True),
    ("STS-14 one session has one value", True, (allow(PUT, BUCKET, condition=tagged("x")), needs("y")), False),
]  # fmt: skip


@pytest.mark.parametrize(("why", "tags", "statements", "is_open"), CASES, ids=[each[0] for each in CASES])
def test_a_change_leaves_the_session_as_it_is(why, tags, statements, is_open):
    """ESC-60 by a session whose tags its starter chooses, or cannot choose."""
    may = ALL if tags else ALONE
    found = signed(through_p(trusts(USER, may), may, *statements))
    assert bool(found) is is_open
    for route in found:
        tagging = {each.action: each for each in (route.hops[0].witness, *route.hops[0].also)}
        assert tagging["sts:TagSession"].context["aws:RequestTag/team"] == "x"


def test_what_is_asked_along_a_route_that_starts_with_the_role():
    """TERM-8: somebody can start such a session; nobody can start one with two values."""
    x, both = allow(PUT, BUCKET, condition=tagged("x")), needs("y")
    assert signed(through_p(trusts(USER, ALL), ALL, x), P)
    assert not signed(through_p(trusts(USER, ALL), ALL, x, both), P)
    alone = in_account(attacker(allow(ALONE, "*")), role(A, "p", [trusts(USER, ALONE)], x))
    assert not signed(alone, P)


PASSES = [
    ("STS-30 the calls ask for a tag that can be passed", ALL, (allow(CREATE, "*", condition=tagged("x")),), (READ,), True),
    ("STS-25 and that cannot", ALONE, (allow(CREATE, "*", condition=tagged("x")),), (READ,), False),
    ("STS-14 the calls for two values", ALL, (allow(CREATE[:1], "*", condition=tagged("x")), allow(CREATE[1:], "*", condition=tagged("y"))), (READ,), False),
    ("STS-34 the session that a service starts has none", ALL, (allow(CREATE, "*", condition=tagged("x")),), (READ, needs("x")), False),
    ("STS-34 nor where it asks for the absence of one", ALL, (allow(CREATE, "*", condition=tagged("x")),), (allow("s3:GetObject", "*", condition={"Null": {"aws:PrincipalTag/team": "true"}}),), True),
]  # fmt: skip


@pytest.mark.parametrize(("why", "may", "of_p", "of_r", "is_open"), PASSES, ids=[each[0] for each in PASSES])
def test_a_service_starts_anew(why, may, of_p, of_r, is_open):
    """ESC-50: what the caller's session carries counts for its calls alone."""
    target = role(A, "r", [trusts(LAMBDA, ALONE), SOMEBODY], *of_r)
    source = role(A, "p", [trusts(USER, may), SOMEBODY], *of_p)
    assert bool(signed(in_account(attacker(allow(may, "*")), source, target))) is is_open


def test_a_key_that_the_service_gives_is_not_followed():
    """STS-41: which function it is that asks is a gap, as before."""
    target = role(
        A, "r", LAMBDA, READ, deny("s3:*", "*", condition={"Null": {"lambda:SourceFunctionArn": "true"}})
    )
    whole = in_account(attacker(allow(CREATE, "*")), target)
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    assert any("not followed over an escalation" in gap for hop in route.hops for gap in hop.gaps)


def test_a_trust_policy_rewritten():
    """ESC-15: who writes it lets itself pass tags, too; the requests are decided with the policy as it then is."""
    whole = in_account(
        attacker(allow("iam:UpdateAssumeRolePolicy", "*")), role(A, "r", [SOMEBODY], READ, needs("x"))
    )
    (route,) = signed(whole)
    calls = [call.action for call in route.hops[0].escalation.calls]
    assert calls == ["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]
    assert route.hops[0].escalation.calls[1].witness.context["aws:RequestTag/team"] == "x"
    assert "sts:TagSession" in {each.action for each in route.hops[0].also}
    denied = in_account(
        attacker(allow("iam:UpdateAssumeRolePolicy", "*"), deny("sts:TagSession", "*")),
        role(A, "r", [SOMEBODY], READ, needs("x")),
    )
    assert not signed(denied)


WIDENS = ["iam:PutRolePolicy", *ALL]


@pytest.mark.parametrize(
    ("why", "actions", "is_open"),
    [("STS-25 it lets tags be passed", ALL, True), ("STS-25 it does not", ALONE, False)],
)
def test_a_role_widened_and_assumed(why, actions, is_open):
    """ESC-26: the trust policy stays as it is."""
    one = role(A, "r", [trusts(USER, actions), SOMEBODY], needs("x"))
    assert bool(signed(in_account(attacker(allow(WIDENS, "*")), one))) is is_open


@pytest.mark.parametrize(
    ("why", "first", "second", "is_open"),
    [
        ("STS-33 carried on to the next role", trusts(USER, ALL), trusts(ROOT, ALL), True),
        ("STS-33 the next role does not take it", trusts(USER, ALL), trusts(ROOT, ALONE), False),
        ("STS-33 the widened role sets it", trusts(USER, ALONE), trusts(ROOT, ALL), True),
        ("STS-33 it is set to something else", trusts(USER, ALL, condition={"StringEquals": {"sts:SourceIdentity": "bob"}}), trusts(ROOT, ALL), False),
    ],
)  # fmt: skip
def test_a_source_identity(why, first, second, is_open):
    """A change, then another role, whose data ask for the source identity that the first session was started with."""
    widens = allow("iam:PutRolePolicy", P)
    source = role(A, "p", [first, trusts(OTHER, ALL)], widens)
    bound = deny("s3:*", "*", condition={"StringNotEquals": {"aws:SourceIdentity": "ann"}})
    target = role(A, "s", [second, trusts(OTHER, ALL)], READ, bound)
    whole = in_account(attacker(allow(ALL, P)), source, target)
    found = [
        route
        for route in signed(whole)
        if route.acting.id == S and "ESC-23" in {hop.escalation.rule for hop in route.escalations}
    ]
    assert bool(found) is is_open


def test_a_role_that_begins_oddly():
    """ESC-15: a session that starts by the new trust policy carries nothing that others have to."""
    odd = trusts(OTHER, ALL, condition={"StringLike": {"sts:SourceIdentity": "*"}})
    first = role(A, "r", [odd], allow(ALONE, S))
    second = role(A, "s", [trusts(R, ALONE)], READ)
    assert signed(in_account(attacker(allow("iam:UpdateAssumeRolePolicy", R)), first, second))


def test_nobody_asks():
    """Routes on which nothing hangs on a session are as they were."""
    (route,) = signed(
        in_account(attacker(allow("iam:UpdateAssumeRolePolicy", "*")), role(A, "r", NOBODY, READ))
    )
    assert [hop.kind for hop in route.hops] == ["escalation", "access"]


def rewritten(*of_r: Any, **more: Any) -> World:
    """User u may write the trust policy of role r, into which nobody may pass anything as it is."""
    may = more.pop("may", (allow("iam:UpdateAssumeRolePolicy", R),))
    return in_account(attacker(*may), role(A, "r", NOBODY, *of_r), *more.pop("others", ()), **more)


def test_tags_by_a_trust_policy_of_ones_own():
    """ESC-15, STS-25: it lets them be passed, whatever the one before did; each request is proven."""
    (route,) = signed(rewritten(READ, needs("x")))
    (hop,) = route.escalations
    assert hop.escalation.rule == "ESC-15"
    assert hop.escalation.change.endswith("with tags of its choice")
    assert hop.escalation.calls[1].witness.context["aws:RequestTag/team"] == "x"
    assert route.acting.id == R
    identity = deny("s3:*", "*", condition={"StringNotEquals": {"aws:SourceIdentity": "ann"}})
    assert signed(rewritten(READ, identity))
    named = trusts(R, ALONE, condition=tagged("x"))
    assert signed(rewritten(allow(ALONE, S), others=(role(A, "s", [named], READ),)))
    variable = allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")
    assert signed(rewritten(variable))


@pytest.mark.parametrize(
    ("why", "of_r", "more"),
    [
        ("ESC-1 no permission", (READ, needs("x")), {"may": (allow("iam:UpdateAssumeRolePolicy", S),)}),
        ("EVAL-1 its own Deny of tags", (READ, needs("x")), {"may": (allow("iam:UpdateAssumeRolePolicy", R), deny("sts:TagSession", "*"))}),
        ("STS-30 a tag has one value", (READ, needs("x"), needs("y")), {}),
        ("ESC-4 an SCP on tags", (READ, needs("x")), {"organization": organization(A, scps={A: [[deny("sts:TagSession", "*")]]})}),
        ("ESC-4 an RCP on tags", (READ, needs("x")), {"organization": organization(A, rcps={A: [[deny("sts:TagSession", "*", principal="*")]]})}),
        ("ESC-4 no data anyway", (needs("x"),), {}),
    ],
)  # fmt: skip
def test_no_tags_all_the_same(why, of_r, more):
    """ESC-15: the policy does not do away with what else stands in the way."""
    assert not signed(rewritten(*of_r, **more))


def test_no_second_place_where_nothing_asks():
    """ESC-15: roles whose policies ask for nothing that is carried have one hop."""
    hops = [hop for hop in graph_of(rewritten(READ)).escalated[USER] if hop.escalation is not None]
    assert [hop.target for hop in hops] == [R]


def test_tags_for_a_role_that_one_assumes_anyway():
    """ESC-15, STS-25: without tags it is assumed as it is; with them, only once its trust policy lets them in."""
    lets_in = trusts(USER, ALONE)
    anyway = [allow("iam:UpdateAssumeRolePolicy", R), allow(TAGS, R)]
    whole = in_account(attacker(*anyway), role(A, "r", [lets_in], READ, needs("x")))
    (route,) = signed(whole)
    assert [hop.escalation.rule for hop in route.escalations] == ["ESC-15"]
    assert route.escalations[0].escalation.change.endswith("with tags of its choice")
    hops = graph_of(in_account(attacker(*anyway), role(A, "r", [lets_in], READ))).escalated.get(USER, ())
    assert not hops
    held = in_account(attacker(*anyway[1:]), role(A, "r", [lets_in], READ, needs("x")))
    assert not signed(held)


NEEDS = needs("x")
EVERYBODY = deny("s3:GetObject", "*", principal="*", condition=NEEDS["Condition"])
OF_ACCOUNT = allow("s3:GetObject", "*", principal={"AWS": ROOT}, condition=tagged("x"))
OF_ANOTHER = allow("s3:GetObject", "*", principal={"AWS": S}, condition=tagged("x"))


@pytest.mark.parametrize(
    ("why", "more", "may", "is_told"),
    [
        ("an SCP asks", {"organization": organization(A, scps={A: [[NEEDS]]})}, True, True),
        ("an RCP asks", {"organization": organization(A, rcps={A: [[EVERYBODY]]})}, True, True),
        ("a Deny for everyone asks", {"buckets": (bucket(A, "b", EVERYBODY),)}, True, True),
        ("an Allow for the account asks", {"buckets": (bucket(A, "b", OF_ACCOUNT),)}, True, True),
        ("an SCP of another account asks", {"organization": organization(A, scps={B: [[NEEDS]]})}, True, False),
        ("an Allow for another role asks", {"buckets": (bucket(A, "b", OF_ANOTHER),)}, True, False),
        ("another action is allowed", {"buckets": (bucket(A, "b", OF_ACCOUNT),)}, False, False),
        ("nobody asks", {}, True, False),
    ],
)  # fmt: skip
def test_tags_that_whole_accounts_are_asked_for(why, more, may, is_told):
    """ESC-15, STS-30: what is not followed with tags of one's choice is a gap, where there is such a role."""
    action = "iam:UpdateAssumeRolePolicy" if may else "iam:GetRole"
    whole = in_account(attacker(allow(action, R)), role(A, "r", NOBODY, READ), **more)
    told = [gap for gap in graph_of(whole).gaps if "trust policy is rewritten" in gap.reason]
    assert bool(told) is is_told
