"""Witnesses of routes that hang on ACLs and object owners, exported and replayed without the snapshot (S3-4, S3-22)."""

from __future__ import annotations

from typing import Any

import pytest

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.routes.export import scenarios
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.authorization.acl_cases import CANONICAL, acl_world, object_of
from tests.building import A, B, C, allow

BUCKET = "arn:aws:s3:::b"


def test_every_witness_is_replayed_from_its_scenario() -> None:
    world = acl_world(
        ("all", "READ"),
        (B, "WRITE"),
        ("log", "WRITE"),
        objects=(object_of("o", A, (C, "READ"), ("authenticated", "READ_ACP")), object_of("foreign", B)),
        policy=(allow("s3:GetBucketLocation", BUCKET, principal={"CanonicalUser": CANONICAL[C]}),),
    )
    found = scenarios(world, find_routes(world, Query()).routes)
    kinds = {key for each in found for key in (*each["policies"], *each["request"])}
    assert {"acl", "canonical_ids", "object_owner"} <= kinds
    assert [r for r in map(decide_scenario, found) if not r.passed or r.warnings] == []


def scenario(**more: Any) -> dict[str, Any]:
    policies = {"identity": [{"Version": "2012-10-17", "Statement": [allow("s3:*", "*")]}], **more}
    request = {
        "principal": f"arn:aws:iam::{B}:user/u",
        "action": "s3:GetObject",
        "resource": f"{BUCKET}/k",
        "resource_account": A,
        **policies.pop("request", {}),
    }
    return {"request": request, "policies": policies}


GRANT = {"Grantee": {"Type": "CanonicalUser", "ID": "b"}, "Permission": "READ"}
PUBLIC = {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}
IDS = {"b": B}
TO_B = {"Statement": [allow("s3:GetObject", "*", principal={"AWS": B})]}
TAINTED = {"Statement": [*TO_B["Statement"], allow("s3:GetBucketLocation", "*", principal="*")]}
ON = {"RestrictPublicBuckets": True}

DECISIONS = [
    # rule                       parts of the scenario                                                   decision
    ("EVAL-22 no grant", {}, "implicit-deny"),
    ("S3-22 object ACL", {"acl": {"object": {"Grants": [GRANT]}}, "canonical_ids": IDS}, "allow"),
    ("S3-23a the bucket's ACL reads no object", {"acl": {"bucket": {"Grants": [GRANT]}}, "canonical_ids": IDS}, "implicit-deny"),
    ("S3-22 an account that is not the caller's", {"acl": {"object": {"Grants": [GRANT]}}, "canonical_ids": {"b": C, "c": B}}, "implicit-deny"),
    ("S3-22 an unknown canonical id", {"acl": {"object": {"Grants": [GRANT]}}}, None),
    ("S3-21 ACLs are off", {"acl": {"object": {"Grants": [PUBLIC]}}, "object_ownership": "BucketOwnerEnforced"}, "implicit-deny"),
    ("S3-22 AllUsers", {"acl": {"object": {"Grants": [PUBLIC]}}}, "allow"),
    ("BPA-3", {"acl": {"object": {"Grants": [PUBLIC]}}, "public_access_block": {"IgnorePublicAcls": True}}, "implicit-deny"),
    ("S3-4 the object's owner", {"request": {"object_owner": B}}, "allow"),
    ("S3-4 the bucket policy gives nothing", {"request": {"object_owner": C}, "resource": TO_B}, "implicit-deny"),
    ("S3-4 own object", {"request": {"object_owner": A}, "resource": TO_B}, "allow"),
    ("EX-22, BPA-10", {"resource": TAINTED, "public_access_block": ON}, "implicit-deny"),
    ("BPA-5 a policy that is not public", {"resource": TO_B, "public_access_block": ON}, "allow"),
    ("S3-46 signed", {"resource": TAINTED, "payer": "Requester"}, "allow"),
    ("S3-46 unsigned", {"acl": {"object": {"Grants": [PUBLIC]}}, "payer": "Requester", "request": {"principal": "anonymous"}}, "implicit-deny"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "parts", "decision"), DECISIONS, ids=[case[0] for case in DECISIONS])
def test_fields_of_scenarios(title: str, parts: dict[str, Any], decision: str | None) -> None:
    found = decide_scenario(scenario(**parts))
    assert found.decision == decision, found.error


FAULTS = [
    ({"acl": [1]}, 'policies.acl is an object with "bucket", "object" or both'),
    ({"acl": {"object": {"Grants": [1]}}}, "policies.acl.object.Grants[0] is 1;"),
    ({"acl": {"object": []}}, "policies.acl.object is an object with Grants"),
    ({"canonical_ids": {"b": "B"}}, "policies.canonical_ids is an object"),
    ({"public_access_block": {"IgnorePublicAcls": "yes"}}, "policies.public_access_block is an object"),
    ({"object_ownership": "Mine"}, 'policies.object_ownership is "Mine"; it is one of'),
    ({"payer": 1}, "policies.payer is 1; it is one of"),
    ({"request": {"object_owner": 1}}, "request.object_owner is 1;"),
]


@pytest.mark.parametrize(("parts", "error"), FAULTS, ids=[case[1] for case in FAULTS])
def test_faults_are_named(parts: dict[str, Any], error: str) -> None:
    assert (decide_scenario(scenario(**parts)).error or "").startswith(error)
