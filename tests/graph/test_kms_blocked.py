"""SSE-KMS beyond the table: what the key alone blocks, how it is told, and laws (S3-40 to S3-44, KMS-6 to KMS-13)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import decide_scenario, outcome
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.routes.explain import explain_request
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, bucket, deny, role, user, world
from tests.graph.test_kms import (
    BUCKET_OPEN,
    CONTEXT,
    DECRYPT,
    DEFAULT,
    KEY,
    OPEN_KEY,
    READ,
    S3,
    TO_B,
    VIA,
    WRITE,
    found,
    key,
    scene,
)


def test_blocked_reads_say_which_key_and_why() -> None:
    """KMS-13: shown apart from routes, with the S3 half open."""
    (route,) = found(scene((S3,)), READ)[1]
    assert route.blocked == f"bytes unreadable: key {KEY}: no identity-based policy allows kms:Decrypt"
    (route,) = found(scene((S3, DECRYPT), (key(*OPEN_KEY, state="Disabled"),)), READ)[1]
    assert "the key is in state Disabled" in (route.blocked or "")
    (route,) = found(scene((S3, DECRYPT), (key(DEFAULT),)), READ)[1]
    assert "the key policy does not allow kms:Decrypt" in (route.blocked or "")
    (route,) = found(scene((S3, deny("kms:*", "*", sid="NoKeys"))), READ)[1]
    assert "explicit deny of kms:Decrypt by NoKeys" in (route.blocked or "")


def test_what_the_bucket_refuses_is_not_blocked_by_the_key() -> None:
    """KMS-13: only where the key alone stands in the way."""
    assert found(scene((DECRYPT,)), READ) == ((), ())
    assert found(scene((S3,), policies=()), READ) == ((), ())


def test_listing_and_tags_need_no_key() -> None:
    """S3-40."""
    the_world = scene((S3,), inside=True)
    for action in ("s3:ListBucket", "s3:GetObjectTagging", "s3:DeleteObject", "s3:GetBucketPolicy"):
        routes, blocked = found(the_world, action)
        assert [route.access.also for route in routes] == [()], action
        assert not blocked


def test_unsigned_reads_of_encrypted_objects_are_refused() -> None:
    """S3-43."""
    public = allow("s3:GetObject", "arn:aws:s3:::b/*", principal="*")
    closed = scene((), policies=(public,))
    got = find_routes(closed, Query(starts=("anonymous",), actions=(READ,)))
    assert not got.routes
    assert ["kms takes no unsigned requests" in (route.blocked or "") for route in got.blocked] == [True]
    plain = scene((), policies=(public,), encryption="AES256", kms_key=None)
    assert find_routes(plain, Query(starts=("anonymous",), actions=(READ,))).routes


def test_grants_that_nobody_listed_are_named_where_the_key_blocks() -> None:
    """KMS-6: they may open it."""
    (route,) = found(scene((S3,), (key(*OPEN_KEY, grants=None),)), READ)[1]
    assert any("grants on key" in gap for gap in route.gaps)
    assert not found(scene((S3, DECRYPT), (key(*OPEN_KEY, grants=None),)), READ)[0][0].gaps


def test_the_prefix_of_an_encryption_context_is_that_of_the_route() -> None:
    """KMS-8: and no network of the caller shows in the key's request."""
    ours = allow("kms:*", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/ours/*"}})
    (route,) = found(scene((S3, ours)), READ)[0]
    assert route.access.resources == ("arn:aws:s3:::b/ours/*",)
    (also,) = route.access.also
    assert route.access.witness is not None
    assert also.context[CONTEXT] == route.access.witness.resource
    assert also.context["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"
    assert also.context["aws:ViaAWSService"] == "true"
    assert not {"aws:SourceIp", "aws:SourceVpce"} & set(also.context)


def test_one_session_for_bucket_and_key() -> None:
    """KMS-13, STS-31: the tag that opens the bucket must be the one that opens the key."""
    tag = "aws:PrincipalTag/team"
    trust = [allow(["sts:AssumeRole", "sts:TagSession"], principal=TO_B)]
    for team, opens in (("blue", True), ("red", False)):
        reader = role(
            B,
            "r",
            trust,
            allow("s3:GetObject", "*", condition={"StringEquals": {tag: "blue"}}),
            allow("kms:Decrypt", "*", condition={"StringEquals": {tag: team}}),
        )
        encrypted = bucket(B, "b", encryption="aws:kms", kms_key=KEY, region="eu-west-1", bucket_key=True)
        the_world = world(
            account(
                B,
                users=(user(B, "u", allow("sts:*", "*")),),
                roles=(reader,),
                buckets=(encrypted,),
                keys=(key(DEFAULT),),
            )
        )
        routes, _ = found(the_world, READ)
        assert bool(routes) is opens
        for route in routes:
            assert route.access.also[0].context[tag] == "blue"
            assert route.access.also[0].context[CONTEXT] == "arn:aws:s3:::b"


def test_explain_tells_s3_first_and_then_the_key() -> None:
    """asks.md rank 16."""
    explained = explain_request(scene((S3,)), "u", READ, "b/x")
    assert explained.action == READ
    (of_key,) = explained.further
    assert (of_key.action, of_key.resource, of_key.verdict) == ("kms:Decrypt", KEY, "implicit-deny")
    assert of_key.nearest is not None
    assert of_key.nearest.changes
    (of_key,) = explain_request(scene((S3,)), "u", WRITE, "b/x").further
    assert "AES256" in str(of_key.when)


def test_writing_names_the_choice_that_needs_no_key() -> None:
    """S3-41: a bucket that insists on SSE-KMS leaves none; other keys are in test_key_choices.py."""
    insists = deny(
        "s3:PutObject",
        "arn:aws:s3:::b/*",
        principal="*",
        condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
    )
    no_key = (S3, deny("kms:*", "*"))
    routes, blocked = found(scene(no_key, policies=(BUCKET_OPEN, insists)), WRITE)
    assert not routes
    assert ["not writable: key" in (route.blocked or "") for route in blocked] == [True]
    routes, blocked = found(scene((S3, DECRYPT), policies=(BUCKET_OPEN, insists)), WRITE)
    assert routes
    assert not blocked


def test_a_bucket_of_plain_objects_that_insists_on_a_key_is_not_decided() -> None:
    """S3-41: which key is taken across accounts where none is named is not known; a gap, no guess."""
    insists = deny(
        "s3:PutObject",
        "arn:aws:s3:::b/*",
        principal="*",
        condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
    )
    plain = {"encryption": "AES256", "kms_key": None}
    names_none = deny(
        "s3:PutObject",
        "arn:aws:s3:::b/*",
        principal="*",
        condition={"Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"}},
    )
    (route,) = found(scene((S3,), policies=(BUCKET_OPEN, insists, names_none), **plain), WRITE)[0]
    assert route.access.witness is None
    assert any("names none is not decided" in gap for gap in route.gaps)
    (route,) = found(scene((S3,), **plain), WRITE)[0]
    assert route.access.witness is not None


GRANTS = [
    ("no list", {"a": 1}, "policies.kms_grants is no list of grants"),
    ("no grantee", [{"Operations": ["Decrypt"]}], "policies.kms_grants[0].GranteePrincipal is no text"),
    ("no operations", [{"GranteePrincipal": "x"}], "policies.kms_grants[0].Operations is no list of texts"),
    (
        "odd constraints",
        [{"GranteePrincipal": "x", "Operations": [], "Constraints": {"EncryptionContextSubset": {"a": 1}}}],
        "policies.kms_grants[0].Constraints holds something else than texts",
    ),
    ("no object", [1], "policies.kms_grants[0] is no object"),
]


@pytest.mark.parametrize(("title", "grants", "error"), GRANTS, ids=[each[0] for each in GRANTS])
def test_grants_of_a_scenario_that_are_malformed(title: str, grants: Any, error: str) -> None:
    request = {"principal": f"arn:aws:iam::{A}:user/u", "action": "kms:Decrypt", "resource": KEY}
    assert decide_scenario({"request": request, "policies": {"kms_grants": grants}}).error == error


LAW_DENIES = [
    deny("kms:Decrypt", "*", principal="*"),
    deny("kms:*", "*", principal={"AWS": f"arn:aws:iam::{A}:user/u"}),
    deny("kms:GenerateDataKey", "*", principal="*", condition={"StringEquals": VIA}),
    deny("kms:*", "*", principal="*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/ours/*"}}),
    deny("kms:*", "*", principal="*", condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-x"}}),
]
PREFIX = allow("kms:Decrypt", "*", condition={"StringLike": {CONTEXT: "arn:aws:s3:::b/*/in"}})
LAW_IDENTITIES = [(S3, DECRYPT), (S3,), (S3, PREFIX)]


@pytest.mark.parametrize("more", LAW_DENIES, ids=map(str, range(len(LAW_DENIES))))
@pytest.mark.parametrize("identity", LAW_IDENTITIES, ids=map(str, range(len(LAW_IDENTITIES))))
def test_a_deny_in_the_key_policy_never_opens(more: dict[str, Any], identity: Any) -> None:
    """Whatever is allowed with the Deny is allowed without it, request by request."""
    without = scene(identity)
    for action in (READ, WRITE):
        for route in found(scene(identity, (key(*OPEN_KEY, more),)), action)[0]:
            for witness in (route.access.witness, *route.access.also):
                assert witness is not None
                assert outcome(decide_request(without, request_of_witness(witness))) is Outcome.ALLOW
