"""Who can: one result for each principal and action that is allowed under some request context."""

from __future__ import annotations

from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.routes.whocan import who_can
from tests.building import A, B, account, allow, bucket, deny, role, user, world

OBJECTS = "arn:aws:s3:::b/*"


def principals(found: World, action: str = "s3:GetObject", resource: str = "arn:aws:s3:::b/*") -> set[str]:
    return {grant.principal for grant in who_can(found, (action,), resource).results}


def test_both_halves_are_needed_across_accounts() -> None:
    """EVAL-20; asks.md rank 2: a user with one half alone is refused."""
    get = allow("s3:GetObject", OBJECTS)
    named = {"AWS": [f"arn:aws:iam::{A}:user/both", f"arn:aws:iam::{A}:user/bucket-half"]}
    found = world(
        account(A, users=(user(A, "both", get), user(A, "bucket-half"), user(A, "identity-half", get))),
        account(B, buckets=(bucket(B, "b", allow("s3:GetObject", OBJECTS, principal=named)),)),
    )
    assert principals(found) == {f"arn:aws:iam::{A}:user/both", f"arn:aws:iam::{B}:root"}


def test_root_of_another_account_needs_no_identity_policy() -> None:
    """EVAL-31, EX-9."""
    found = world(
        account(A), account(B, buckets=(bucket(B, "b", allow("s3:*", OBJECTS, principal={"AWS": A})),))
    )
    assert f"arn:aws:iam::{A}:root" in principals(found)


def test_a_session_that_the_policy_names_stands_for_itself() -> None:
    """PRIN-6; interfaces.md: a role's ARN only where every session may."""
    session = f"arn:aws:sts::{A}:assumed-role/r/job"
    named = allow("s3:GetObject", OBJECTS, principal={"AWS": session})
    roles = (role(A, "r", {"Service": "x.amazonaws.com"}),)
    found = world(account(A, roles=roles, buckets=(bucket(A, "b", named),)))
    assert principals(found) == {session, f"arn:aws:iam::{A}:root"}


def test_an_object_an_exception_and_a_condition() -> None:
    get = allow("s3:GetObject", OBJECTS, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    held = user(A, "u", get, deny("s3:*", "arn:aws:s3:::b/secret/*"))
    found = world(account(A, users=(held,), buckets=(bucket(A, "b"),)))
    (grant,) = (
        each
        for each in who_can(found, ("s3:GetObject",), "arn:aws:s3:::b/plain").results
        if each.principal.endswith("user/u")
    )
    assert grant.condition != TRUE
    assert grant.witness is not None
    assert grant.witness.context["aws:MultiFactorAuthPresent"] == "true"
    assert f"arn:aws:iam::{A}:user/u" not in principals(found, resource="arn:aws:s3:::b/secret/x")


def test_bucket_actions_and_wildcards() -> None:
    found = world(
        account(A, users=(user(A, "u", allow("s3:List*", "arn:aws:s3:::b")),), buckets=(bucket(A, "b"),))
    )
    answer = who_can(found, ("s3:ListBucket*",), "arn:aws:s3:::b")
    mine = {grant.action for grant in answer.results if grant.principal.endswith("user/u")}
    assert mine == {"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}


def test_longer_ways_stand_apart() -> None:
    reader = role(A, "reader", {"AWS": f"arn:aws:iam::{A}:user/u"}, allow("s3:GetObject", OBJECTS))
    found = world(account(A, users=(user(A, "u"),), roles=(reader,), buckets=(bucket(A, "b"),)))
    answer = who_can(found, ("s3:GetObject",), "b")
    assert f"arn:aws:iam::{A}:user/u" not in {grant.principal for grant in answer.results}
    assert [route.start.label for route in answer.indirect] == ["u"]


def test_an_action_on_the_bucket_is_performed_on_no_object() -> None:
    """LANG-26: neither directly nor by a route that may do it on the bucket."""
    may = allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b", OBJECTS])
    found = world(
        account(B, roles=(role(B, "r", {"Service": "x.amazonaws.com"}, may),), buckets=(bucket(B, "b"),))
    )
    for resource in ("arn:aws:s3:::b/x", "b/x", OBJECTS):
        answer = who_can(found, ("s3:ListBucket",), resource)
        assert (answer.results, answer.indirect) == ((), ()), resource
        every = who_can(found, ("s3:*",), resource)
        assert every.indirect
        assert all(route.access.actions == ("s3:GetObject",) for route in every.indirect)
    for resource in ("arn:aws:s3:::b", "b", f"{B}/b"):
        answer = who_can(found, ("s3:ListBucket",), resource)
        assert answer.results, resource
        assert answer.indirect, resource
