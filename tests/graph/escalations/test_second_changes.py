"""A second change of something else, where the first one alone leaves data closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathfinder.model.resources import Key, PublicAccessBlock
from pathfinder.policy.document import PolicyKind
from pathfinder.routes.search import graph_of
from tests.building import A, B, account, allow, arn, bucket, deny, organization, policy, world
from tests.graph.escalations.finding import USER, attacker, escalating, in_account, replayed, routes_of

BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/1234"
ACCOUNT = {"AWS": f"arn:aws:iam::{A}:root"}
ADMINISTERED = allow(["kms:PutKeyPolicy", "kms:CreateGrant"], "*", principal=ACCOUNT)
PUT, DELETE = allow("s3:PutBucketPolicy", BUCKET), allow("s3:DeleteBucketPolicy", BUCKET)
ON, OFF = PublicAccessBlock(True, True, True, True), PublicAccessBlock()


def rules_by_action(whole):
    """Each action that is reached, with the rules of the escalations on the way, in order; all requests proven."""
    routes = routes_of(whole)
    assert set(replayed(whole, routes)) <= {"allow"}
    found = {}
    for route in routes:
        rules = tuple(hop.escalation.rule for hop in route.escalations)
        for action in route.access.actions:
            found.setdefault(action, set()).add(rules)
    return found


def encrypted(*statements, key=ADMINISTERED, of=(), limits=None, managed=False, **more):
    """User u, and bucket b with a policy, encrypted with a key."""
    key_policy = policy(PolicyKind.KEY, "key policy", KEY, key)
    own = Key(arn(KEY), key_policy, aws_managed=managed, state="Enabled", grants=())
    closed = replace(
        bucket(A, "b", *of), region="eu-west-1", encryption="aws:kms", kms_key=KEY, bucket_key=False
    )
    return in_account(attacker(*statements, **more), buckets=(closed,), keys=(own,), organization=limits)


KEY_OPENED = [
    ("KMS-7 its policy", (PUT, allow("kms:PutKeyPolicy", KEY)), (), ("ESC-60", "ESC-67")),
    ("KMS-6 a grant", (PUT, allow("kms:CreateGrant", KEY)), (), ("ESC-60", "ESC-67")),
    (
        "ESC-61 a policy that denies is gone",
        (DELETE, allow("s3:GetObject", OBJECTS), allow("kms:PutKeyPolicy", KEY)),
        (deny("s3:GetObject", OBJECTS, principal="*"),),
        ("ESC-61", "ESC-67"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "statements", "of", "rules"), KEY_OPENED, ids=[each[0] for each in KEY_OPENED]
)
def test_the_bucket_and_then_its_key(why, statements, of, rules):
    """ESC-60, ESC-61, then ESC-67: both changes are told, in order, and what is read needs both (KMS-13)."""
    assert rules_by_action(encrypted(*statements, of=of))["s3:GetObject"] == {rules}


KEY_CLOSED = [
    ("ESC-1 the bucket alone", (PUT,), {}),
    ("ESC-1 the key alone", (allow("kms:PutKeyPolicy", KEY),), {}),
    ("ESC-1 another key", (PUT, allow("kms:PutKeyPolicy", f"{KEY}5")), {}),
    ("EVAL-1 a Deny", (PUT, allow("kms:*", "*"), deny(["kms:PutKeyPolicy", "kms:CreateGrant"], "*"), deny("kms:Decrypt", "*")), {}),
    ("EVAL-20 a boundary", (PUT, allow("kms:PutKeyPolicy", KEY)), {"boundary": [allow("s3:*", "*")]}),
    ("ORG-3 an SCP", (PUT, allow("kms:PutKeyPolicy", KEY)), {"limits": organization(A, scps={A: [[deny("kms:Put*", "*")]]})}),
    ("KMS-4 the key's policy does not leave it to the account", (PUT, allow("kms:PutKeyPolicy", KEY)), {"key": allow("kms:*", "*", principal={"AWS": f"arn:aws:iam::{A}:user/nobody"})}),
    ("KMS-11 a key of AWS", (PUT, allow("kms:PutKeyPolicy", KEY)), {"managed": True}),
    ("ESC-4 its own Deny of the data stays", (PUT, allow("kms:PutKeyPolicy", KEY), deny("s3:GetObject", "*")), {}),
    ("KMS-8 its own Deny of the key stays", (PUT, allow("kms:PutKeyPolicy", KEY), deny("kms:Decrypt", "*")), {}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "statements", "more"), KEY_CLOSED, ids=[each[0] for each in KEY_CLOSED])
def test_not_both(why, statements, more):
    """One of the two changes is not to be had, or what follows is closed all the same."""
    assert "s3:GetObject" not in rules_by_action(encrypted(*statements, **more))


def test_the_key_where_it_is_all_that_is_missing():
    """ESC-67 alone, where the bucket is open."""
    may = (allow("s3:GetObject", OBJECTS), PUT, allow("kms:PutKeyPolicy", KEY))
    assert rules_by_action(encrypted(*may))["s3:GetObject"] == {("ESC-67",)}


def test_the_key_of_another_account():
    """KMS: PutKeyPolicy works within the key's account alone."""
    key_policy = policy(
        PolicyKind.KEY, "key policy", KEY.replace(A, B), allow("kms:*", "*", principal={"AWS": USER})
    )
    own = Key(arn(KEY.replace(A, B)), key_policy, aws_managed=False, state="Enabled", grants=())
    closed = replace(
        bucket(A, "b"), region="eu-west-1", encryption="aws:kms", kms_key=str(own.arn), bucket_key=False
    )
    mine = account(A, users=(attacker(PUT, allow("kms:PutKeyPolicy", "*")),), buckets=(closed,))
    whole = escalating(world(mine, account(B, keys=(own,))))
    assert "s3:GetObject" not in rules_by_action(whole)


NO_WRITING = deny("s3:PutBucketPolicy", BUCKET, principal="*")


def written(*statements, of=(NO_WRITING,), limits=None, **more):
    return in_account(attacker(*statements, **more), buckets=(bucket(A, "b", *of),), organization=limits)


def test_a_policy_deleted_and_then_another_one_written():
    """ESC-61, then ESC-60: the policy that denied writing another one is gone."""
    found = rules_by_action(written(PUT, DELETE))
    assert found["s3:GetObject"] == {("ESC-61", "ESC-60")}
    assert found["s3:PutBucketPolicy"] == {("ESC-61",)}


@pytest.mark.parametrize(
    ("why", "statements", "more"),
    [
        ("ESC-1 no deleting", (PUT,), {}),
        ("ESC-1 no writing", (DELETE,), {}),
        ("EVAL-1 the bucket denies deleting", (PUT, DELETE), {"of": (deny("s3:*BucketPolicy", BUCKET, principal="*"),)}),
        ("EVAL-1 its own Deny of writing", (PUT, DELETE, deny("s3:PutBucketPolicy", "*")), {}),
        ("EVAL-20 a boundary", (PUT, DELETE), {"boundary": [DELETE]}),
        ("ORG-3 an SCP", (PUT, DELETE), {"limits": organization(A, scps={A: [[deny("s3:PutBucketPolicy", "*")]]})}),
        ("ORG-20 an RCP", (PUT, DELETE), {"limits": organization(A, rcps={A: [[deny("s3:PutBucketPolicy", "*", principal="*")]]})}),
    ],
)  # fmt: skip
def test_not_written_again(why, statements, more):
    """ESC-61, then ESC-60 need both calls, the second one decided without the policy."""
    assert "s3:GetObject" not in rules_by_action(written(*statements, **more))


def test_one_change_is_enough():
    """ESC-60: no second one is told where the policy can be written as it is."""
    assert rules_by_action(written(PUT, DELETE, of=(deny("s3:GetObject", OBJECTS, principal="*"),)))[
        "s3:GetObject"
    ] == {("ESC-60",)}


NOT_MINE = deny("s3:GetObject", "*")
UNBLOCK = allow("s3:PutBucketPublicAccessBlock", BUCKET)
UNBLOCK_ACCOUNT = allow("s3:PutAccountPublicAccessBlock", "*")


def public(*statements, block=ON, of_account=OFF, limits=None, of=(), **more):
    """User u, whose own policies deny it the data, and bucket b; `block` None: its switches were not read."""
    unread = () if block is not None else ("PublicAccessBlock",)
    held = replace(bucket(A, "b", *of), public_access_block=block, unread=unread)
    own = attacker(*statements, NOT_MINE, **more)
    return in_account(own, buckets=(held,), public_access_block=of_account, organization=limits)


UNBLOCKED = [
    ("BPA-4 nothing blocks it", (PUT,), OFF, OFF, ["s3:PutBucketPolicy"]),
    ("BPA-1 the bucket's", (PUT, UNBLOCK), ON, OFF, ["s3:PutBucketPublicAccessBlock", "s3:PutBucketPolicy"]),
    ("BPA-1 the account's", (PUT, UNBLOCK_ACCOUNT), OFF, ON, ["s3:PutAccountPublicAccessBlock", "s3:PutBucketPolicy"]),
    ("BPA-1 both", (PUT, UNBLOCK, UNBLOCK_ACCOUNT), ON, ON, ["s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock", "s3:PutBucketPolicy"]),
    ("BPA-4 switches that were not read", (PUT, UNBLOCK), None, OFF, ["s3:PutBucketPublicAccessBlock", "s3:PutBucketPolicy"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "statements", "block", "of_account", "calls"), UNBLOCKED, ids=[each[0] for each in UNBLOCKED]
)
def test_everyone_let_in(why, statements, block, of_account, calls):
    """ESC-63, then ESC-60: without its signature no Deny of its own counts (S3-17); the calls are told in order."""
    whole = public(*statements, block=block, of_account=of_account)
    assert rules_by_action(whole)["s3:GetObject"] == {("ESC-60",)}
    (route,) = routes_of(whole, actions=("s3:GetObject",))
    assert [call.action for call in route.escalations[0].escalation.calls] == calls
    change = route.escalations[0].escalation.change
    assert change.endswith("the bucket policy of b would let in everyone")
    assert change.startswith("Block Public Access of ") is (len(calls) > 1)


@pytest.mark.parametrize(
    ("why", "statements", "more"),
    [
        ("BPA-4 the bucket's switch stays", (PUT,), {}),
        ("BPA-4 the account's switch stays", (PUT, UNBLOCK), {"of_account": ON}),
        ("BPA-4 a public policy alone is refused", (PUT,), {"block": PublicAccessBlock(block_public_policy=True)}),
        ("BPA-5 a public policy lets nobody in", (PUT,), {"block": PublicAccessBlock(restrict_public_buckets=True)}),
        ("ESC-1 no policy", (UNBLOCK, UNBLOCK_ACCOUNT), {}),
        ("BPA-1 the organization's policy", (PUT, UNBLOCK, UNBLOCK_ACCOUNT), {"of_account": ON, "limits": replace(organization(A), s3_policies=((A, ON),))}),
        ("EVAL-1 a Deny", (PUT, UNBLOCK, deny("s3:PutBucketPublicAccessBlock", "*")), {}),
        ("EVAL-20 a boundary", (PUT, UNBLOCK), {"boundary": [PUT]}),
        ("ORG-3 an SCP", (PUT, UNBLOCK), {"limits": organization(A, scps={A: [[deny("s3:PutBucketPublic*", "*")]]})}),
        ("ORG-20 an RCP binds those without a signature, too", (PUT, UNBLOCK), {"limits": organization(A, rcps={A: [[deny("s3:GetObject", "*", principal="*")]]})}),
    ],
)  # fmt: skip
def test_nobody_let_in(why, statements, more):
    """ESC-63, then ESC-60: what stays on, or is not to be had."""
    assert "s3:GetObject" not in rules_by_action(public(*statements, **more))


def test_nothing_is_told_twice():
    """S3-17: without its signature the principal has what it has not with it."""
    found = [hop for hop in graph_of(public(PUT, block=OFF)).escalated if "unsigned" in hop]
    assert len(found) == 1
    whole = public(PUT, block=OFF)
    unsigned = [route for route in routes_of(whole) if "unsigned" in route.hops[-1].source]
    assert {action for route in unsigned for action in route.access.actions} == {"s3:GetObject"}
    free = in_account(attacker(PUT), buckets=(replace(bucket(A, "b"), public_access_block=OFF),))
    assert not [hop for hop in graph_of(free).escalated if "unsigned" in hop]


def test_not_known_whether_it_is_blocked():
    """BPA-4: switches that nobody read are a gap, never open."""
    (route,) = routes_of(public(PUT, block=None), actions=("s3:GetObject",))
    assert any("public policy is not known" in gap for gap in route.escalations[0].gaps)


def test_the_second_change_stands_in_the_graph_once():
    """Either order of two changes leads to the same place."""
    whole = encrypted(PUT, allow("kms:PutKeyPolicy", KEY))
    ends = {
        hop.target
        for source, hops in graph_of(whole).escalated.items()
        for hop in hops
        if hop.escalation is not None and source.startswith(USER)
    }
    assert ends == {f"{USER} [policy of b]", f"{USER} [key policy for b, policy of b]"}
