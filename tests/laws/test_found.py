"""What the laws have found, each as small as it gets, so that it is tried whatever examples are made."""

from __future__ import annotations

import json

from pathfinder.graph.world import World
from pathfinder.report.json_ import query_json, routes_json
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, account, allow, bucket, deny, endpoint, role, user, world

from .seeing import MAX_HOPS, Seen, allowed
from .story import further_actions, told_as_one

ANN = f"arn:aws:iam::{A}:user/ann"
APP = f"arn:aws:iam::{A}:role/app"


def source_identity_world() -> World:
    """ann may assume app only if she sets a source identity, which app's sessions then carry."""
    trust = allow("sts:*", principal={"AWS": ANN}, condition={"StringEquals": {"sts:SourceIdentity": "ann"}})
    return world(
        account(
            A,
            users=(user(A, "ann", allow("sts:*", "*")),),
            roles=(role(A, "app", [trust], allow("s3:GetObject", "*")),),
            buckets=(bucket(A, "data"),),
        )
    )


def test_a_session_carries_the_source_identity_that_its_call_set() -> None:
    """STS-33: the access request of the session has aws:SourceIdentity, whether it is asked for or not."""
    seen = Seen(source_identity_world())
    for route in seen.routes:
        told_as_one(route, seen.world.roles)


def test_a_session_has_the_name_that_its_call_had_to_give() -> None:
    """STS-9, PRIN-6: the trust policy asks for one name, and so the session's requests show that name."""
    trust = allow("sts:*", principal={"AWS": ANN}, condition={"StringEquals": {"sts:RoleSessionName": "j1"}})
    found = world(
        account(
            A,
            users=(user(A, "ann", allow("sts:*", "*")),),
            roles=(role(A, "app", [trust], allow("s3:GetObject", "*")),),
            buckets=(bucket(A, "data"),),
        )
    )
    for route in Seen(found).routes:
        told_as_one(route, found.roles)


def test_setting_a_source_identity_shows_its_further_authorization() -> None:
    """STS-25, TERM-2: the same call needs sts:SetSourceIdentity."""
    for route in Seen(source_identity_world()).routes:
        for hop, _, action in further_actions(route):
            assert action in {each.action for each in hop.also}


def test_a_hop_between_sessions_of_a_tagged_role_has_a_witness_that_is_allowed() -> None:
    """STS-30: a session tag may replace the role's own, but cannot take it away."""
    again = allow(
        "sts:*", principal={"AWS": APP}, condition={"StringNotEquals": {"aws:PrincipalTag/team": "blue"}}
    )
    found = world(
        account(
            A,
            users=(user(A, "ann", allow("sts:*", "*")),),
            roles=(
                role(
                    A,
                    "app",
                    [allow("sts:*", principal={"AWS": ANN}), again],
                    allow("sts:*", APP),
                    tags={"team": "blue"},
                ),
            ),
            buckets=(bucket(A, "data"),),
        )
    )
    for witness in Seen(found).witnesses():
        assert allowed(found, witness), witness


def test_a_hop_about_a_bucket_and_its_objects_is_proven() -> None:
    """TERM-3: nothing is unknown here, so that every request has a witness."""
    network = (
        allow("s3:Put*", "*", principal="*"),
        deny("s3:*", "*", principal="*", condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}),
    )
    found = world(
        account(
            A,
            roles=(role(A, "app", [allow("sts:*", principal="*")], allow("s3:*", "*")),),
            buckets=(bucket(A, "data"),),
            endpoints=(endpoint(A, "vpce-0aaa", "vpc-0aaa", *network),),
        )
    )
    for route in Seen(found).routes:
        assert all(hop.witness is not None and not hop.gaps for hop in route.hops), route.hops[-1].actions


def test_a_world_that_was_asked_for_one_action_still_knows_the_others() -> None:
    """design.md: no step looks back; what is kept between queries must not change them."""

    def asked(*, before: bool) -> str:
        found = source_identity_world_with_tags()
        if before:
            find_routes(found, Query(actions=("s3:GetObject",)))
        query = Query(max_hops=MAX_HOPS)
        return "".join(routes_json(query_json(query), find_routes(found, query).routes, ()))

    assert json.loads(asked(before=True)) == json.loads(asked(before=False))


def source_identity_world_with_tags() -> World:
    """A role that reads where its sessions carry a tag."""
    reads = allow(
        ["s3:GetObject", "s3:PutObject"], "*", condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    )
    return world(
        account(
            A,
            users=(user(A, "ann", allow("sts:*", "*")),),
            roles=(role(A, "app", [allow("sts:*", principal={"AWS": ANN})], reads),),
            buckets=(bucket(A, "data"),),
        )
    )


def test_not_resource_with_a_tag_that_may_be_missing_asks_for_the_tag() -> None:
    """LANG-44, D-11: an Allow does not apply where its variable has no value; a session may pass the tag."""
    reads = {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::x/${aws:PrincipalTag/team}/*"}
    found = world(
        account(
            A,
            roles=(role(A, "app", [allow("sts:*", principal="*")], reads),),
            buckets=(bucket(A, "data"),),
        )
    )
    witnesses = list(Seen(found).witnesses())
    assert witnesses
    for witness in witnesses:
        assert allowed(found, witness), witness
