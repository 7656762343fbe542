"""ESC-36: a trust anchor and a profile of IAM Roles Anywhere made, and a role passed to it."""

from __future__ import annotations

import pytest

from tests.building import A, B, allow, deny, organization, role
from tests.graph.escalations.finding import (
    READ,
    USER,
    attacker,
    escalations_from,
    in_account,
    replayed,
    routes_of,
)

SERVICE = {"Service": "rolesanywhere.amazonaws.com"}
STARTS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
MAKES = ["rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"]
R = f"arn:aws:iam::{A}:role/r"
ANCHOR = f"arn:aws:rolesanywhere:eu-west-1:{A}:trust-anchor/"


def passed_to(service):
    return allow("iam:PassRole", R, condition={"StringEquals": {"iam:PassedToService": service}})


MAY = (allow(MAKES, "*"), passed_to(SERVICE["Service"]))


def found(*statements, actions=STARTS, condition=None, limits=None, trust=SERVICE, **more):
    asks = {} if condition is None else {"condition": condition}
    one = role(A, "r", [allow(actions, principal=trust, **asks)], READ)
    return in_account(attacker(*(statements or MAY), **more), one, organization=limits)


OPEN = [
    ("as it is", None),
    ("STS-45 a tag that a certificate of one's own can say", {"StringEquals": {"aws:PrincipalTag/x509Subject/CN": "app"}}),
    ("EVAL-45 for the account", {"StringEquals": {"aws:SourceAccount": A}}),
    ("STS-45 any trust anchor of the account, in a region of its own", {"ArnLike": {"aws:SourceArn": f"{ANCHOR}*"}}),
    ("not one that there is", {"ArnNotEquals": {"aws:SourceArn": f"{ANCHOR}1234"}}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "condition"), OPEN, ids=[each[0] for each in OPEN])
def test_open(why, condition):
    """All calls are proven, and the one request of the service with all that it needs (STS-25, STS-45)."""
    whole = found(condition=condition)
    hop = escalations_from(whole)["ESC-36"]
    assert [call.action for call in hop.escalation.calls] == ["iam:PassRole", *MAKES, *STARTS]
    assert hop.escalation.mutating
    assert hop.escalation.workload == "new"
    (route,) = routes_of(whole)
    assert route.acting.id == R
    assert route.access.actions == ("s3:GetObject",)
    assert set(replayed(whole, (route,))) == {"allow"}


CLOSED = [
    ("ESC-1 no trust anchor", (allow(MAKES[1:], "*"), MAY[1]), {}),
    ("ESC-1 no profile", (allow(MAKES[:1], "*"), MAY[1]), {}),
    ("ESC-98 no PassRole", MAY[:1], {}),
    ("ESC-98 PassRole alone", MAY[1:], {}),
    ("ESC-98 passed to another service", (MAY[0], passed_to("ec2.amazonaws.com")), {}),
    ("EVAL-1 a Deny", (*MAY, deny("rolesanywhere:*", "*")), {}),
    ("EVAL-20 a boundary", MAY, {"boundary": [allow(["iam:*", *MAKES[:1]], "*")]}),
    ("ORG-3 an SCP", MAY, {"limits": organization(A, scps={A: [[deny(MAKES[0], "*")]]})}),
    ("ESC-98 an SCP on PassRole", MAY, {"limits": organization(A, scps={A: [[deny("iam:PassRole", R)]]})}),
    ("ORG-20 an RCP on the role", MAY, {"limits": organization(A, rcps={A: [[deny("sts:TagSession", "*", principal="*")]]})}),
    ("STS-45 the trust lacks sts:TagSession", MAY, {"actions": [STARTS[0], STARTS[2]]}),
    ("STS-45 the trust lacks sts:SetSourceIdentity", MAY, {"actions": STARTS[:2]}),
    ("ESC-2 the role trusts another service", MAY, {"trust": {"Service": "ec2.amazonaws.com"}}),
    ("EVAL-45 for another account", MAY, {"condition": {"StringEquals": {"aws:SourceAccount": B}}}),
    ("ESC-36 a new trust anchor is not the one that the trust names", MAY, {"condition": {"ArnEquals": {"aws:SourceArn": f"{ANCHOR}1234"}}}),
    ("ESC-36 nor one of another account", MAY, {"condition": {"ArnLike": {"aws:SourceArn": f"{ANCHOR}*".replace(A, B)}}}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), CLOSED, ids=[each[0] for each in CLOSED])
def test_closed(why, statements, more):
    """ESC-36 needs each call, and a trust that lets the service start a session of a certificate."""
    whole = found(*statements, **more)
    assert "ESC-36" not in escalations_from(whole)
    assert not routes_of(whole)


def test_a_region_that_the_source_may_not_use():
    """Both are made where the trust wants the anchor to be."""
    elsewhere = deny("rolesanywhere:*", "*", condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})
    anywhere = {"ArnLike": {"aws:SourceArn": f"{ANCHOR}*"}}
    assert "ESC-36" not in escalations_from(found(*MAY, elsewhere, condition=anywhere), USER)
    assert "ESC-36" in escalations_from(found(*MAY, elsewhere), USER)
