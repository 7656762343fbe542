"""Keys that keep data closed, and who opens them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pathfinder.graph.world import World
from pathfinder.model.resources import Key
from pathfinder.policy.document import PolicyKind
from tests.building import A, allow, arn, bucket, deny, organization, policy
from tests.graph.escalations.finding import READ, attacker, in_account, replayed, routes_of

KEY = f"arn:aws:kms:eu-west-1:{A}:key/1234"
ACCOUNT = {"AWS": f"arn:aws:iam::{A}:root"}


def encrypted(*statements: Any, key: Any = None, organization: Any = None) -> World:
    """User u, and bucket b, encrypted with a key whose policy leaves administration to the account."""
    administered = allow(["kms:PutKeyPolicy", "kms:CreateGrant"], "*", principal=ACCOUNT)
    own = Key(
        arn(KEY),
        policy(PolicyKind.KEY, "key policy", KEY, key or administered),
        aws_managed=False,
        state="Enabled",
        grants=(),
    )
    closed = replace(bucket(A, "b"), region="eu-west-1", encryption="aws:kms", kms_key=KEY, bucket_key=False)
    return in_account(attacker(*statements), buckets=(closed,), keys=(own,), organization=organization)


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:CreateGrant"])
def test_a_key_opened(action):
    """ESC-67, KMS-7: the data are closed by the key alone, and opened by who administers it."""
    found = encrypted(READ, allow(action, KEY))
    (route,) = routes_of(found)
    assert route.escalations[0].escalation.rule == "ESC-67"
    assert route.access.actions == ("s3:GetObject",)
    assert set(replayed(found, (route,))) == {"allow"}
    assert not routes_of(encrypted(READ))
    assert not routes_of(encrypted(allow(action, KEY)))
    assert not routes_of(encrypted(READ, allow(action, KEY), deny(action, "*")))
    scp = organization(A, scps={A: [[deny(action, "*")]]})
    assert not routes_of(encrypted(READ, allow(action, KEY), organization=scp))
    nobody = allow("kms:*", "*", principal={"AWS": f"arn:aws:iam::{A}:user/nobody"})
    assert not routes_of(encrypted(READ, allow(action, KEY), key=nobody))


def test_grants_for_aws_resources_alone():
    """KMS-7: kms:GrantIsForAWSResource keeps grants from people."""
    only = allow("kms:CreateGrant", KEY, condition={"Bool": {"kms:GrantIsForAWSResource": "true"}})
    assert not routes_of(encrypted(READ, only))
