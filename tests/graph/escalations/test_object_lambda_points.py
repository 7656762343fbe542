"""ESC-65 with Object Lambda access points: their policy rewritten, and the other authorizations of S3-56 as they are."""

from __future__ import annotations

import pytest

from pathfinder.routes.explain import explain_route
from pathfinder.routes.route import Query
from tests.building import A, allow, arn, deny, organization
from tests.graph.escalations.finding import escalating, replayed, routes_of
from tests.graph.test_access_points import ANN, OBJECTS, READ, THROUGH
from tests.graph.test_object_lambda import (
    FUNCTION,
    GET,
    INVOKE,
    MASKED,
    ON_FUNCTION,
    ON_POINT,
    VIA,
    scene,
)

WRITES = allow("s3:PutAccessPointPolicyForObjectLambda", MASKED)
BEHIND = allow(READ, [THROUGH, OBJECTS], condition=VIA)
MAY = (WRITES, ON_FUNCTION, BEHIND)


def routes(*statements, **more):
    whole = escalating(scene(*statements, **more))
    found = [route for route in routes_of(whole, ANN) if route.access.through == MASKED]
    assert set(replayed(whole, tuple(found))) <= {"allow"}
    return whole, found


OPEN = [
    ("nothing is there", {}),
    ("EVAL-1 its Deny goes", {"own": (deny(GET, MASKED, principal="*"),)}),
    ("ORG-20 an RCP on s3-object-lambda does nothing", {"within": organization(A, rcps={A: [[deny("s3-object-lambda:*", "*", principal="*")]]})}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "more"), OPEN, ids=[each[0] for each in OPEN])
def test_open(why, more):
    """The policy lets in the principal; function and data it may have through Object Lambda already."""
    whole, (route,) = routes(*MAY, **more)
    (hop,) = route.escalations
    assert hop.escalation.rule == "ESC-65"
    assert [call.action for call in hop.escalation.calls] == ["s3:PutAccessPointPolicyForObjectLambda"]
    assert hop.escalation.change == "the policy of Object Lambda access point masked would let in ann"
    assert route.access.kind == "object-lambda"
    assert route.access.witness.action == GET
    explained = explain_route(whole, route.id, Query(starts=(ANN,), escalations=True))
    assert [each.resource for each in explained] == [MASKED, MASKED]
    assert "access point policy as changed" in str(explained[1])


def test_a_deny_of_the_call_itself():
    """S3-18: whether the policy counts there is a gap, never open and never closed."""
    (route,) = routes(*MAY, own=(deny("*", MASKED, principal="*"),))[1]
    assert any("manage it is not known" in gap for gap in route.escalations[0].gaps)
    assert route.escalations[0].witness is None


NEVER = deny(GET, "*")
CLOSED = [
    ("ESC-1 no permission", MAY[1:], {}),
    ("ESC-1 another one", (allow("s3:PutAccessPointPolicyForObjectLambda", f"{MASKED}2"), *MAY[1:]), {}),
    ("ESC-65 the policy of access points, which is another call", (allow("s3:PutAccessPointPolicy", "*"), *MAY[1:]), {}),
    ("S3-56 not the function", (WRITES, BEHIND), {}),
    ("S3-56 not the data", (WRITES, ON_FUNCTION), {}),
    ("S3-56 data directly alone", (WRITES, ON_FUNCTION, allow(READ, [THROUGH, OBJECTS], condition={"Null": {"aws:CalledVia": "true"}})), {}),
    ("EVAL-1 a Deny of the call", (*MAY, deny("s3:PutAccessPointPolicyForObjectLambda", "*")), {}),
    ("EVAL-1 its own Deny stays", (*MAY, NEVER), {}),
    ("ORG-3 an SCP on the call", MAY, {"within": organization(A, scps={A: [[deny("s3:PutAccessPointPolicyFor*", "*")]]})}),
    ("ORG-3 an SCP on the function", MAY, {"within": organization(A, scps={A: [[deny(INVOKE, FUNCTION)]]})}),
    ("ORG-20 an RCP on the data", MAY, {"within": organization(A, rcps={A: [[deny("s3:GetObject", "*", principal="*")]]})}),
    ("S3-56 the access point behind it refuses", MAY, {"of_point": (deny("*", "*", principal="*"),)}),
    ("S3-56 the bucket refuses", MAY, {"of_bucket": (deny("*", "*", principal="*"),)}),
    ("S3-56 lists are not followed", MAY, {"transforms": ("ListObjects",)}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """ESC-65: without the call, or where one of the other authorizations refuses."""
    assert not routes(*statements, **more)[1]


def test_nothing_where_it_is_open_anyway():
    """ESC-4: through it, or directly."""
    assert not routes(*MAY, ON_POINT)[1]
    assert not routes(*MAY, allow(READ, OBJECTS))[1]


def test_of_another_account():
    """S3-18: its own account writes its policy, whatever that allows."""
    foreign = (allow("*", "*"),)
    whole = escalating(scene(foreign=foreign, own=(allow("s3:*", MASKED, principal="*"),)))
    bob = next(
        str(user.arn)
        for account in whole.snapshot.accounts
        for user in account.users
        if user.arn.account != A
    )
    assert arn(bob).account != A
    assert not [route for route in routes_of(whole, bob) if route.access.through == MASKED]
