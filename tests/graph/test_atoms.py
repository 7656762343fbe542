"""Each test of a condition with the statements that it comes from; how long a session lasts."""

from __future__ import annotations

from dataclasses import replace

from pathfinder.conditions.wording import sentence
from pathfinder.graph.atoms import atoms
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, B, account, allow, bucket, deny, role, user, world

OBJECTS = "arn:aws:s3:::b/*"


def test_each_test_names_its_statements() -> None:
    """Design idea 6: a network that two statements name comes from both, the rest from one."""
    network = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    found = world(
        account(A, users=(user(A, "u", allow("s3:GetObject", OBJECTS, condition=network, sid="Mine")),)),
        account(
            B,
            buckets=(
                bucket(
                    B,
                    "b",
                    allow("s3:GetObject", OBJECTS, principal={"AWS": A}, condition=network, sid="Theirs"),
                    deny("s3:*", OBJECTS, principal="*", condition=plain, sid="Encrypted"),
                ),
            ),
        ),
    )
    (route,) = find_routes(found, Query(starts=("u",))).routes
    hop = route.access
    said = {
        sentence(atom.test): {hop.evidence[place].statement for place in atom.sources}
        for atom in atoms(hop.condition, hop.evidence)
    }
    assert said == {"from 203.0.113.0/24": {"Mine", "Theirs"}, "over TLS": {"Encrypted"}}


def test_a_session_that_a_session_starts_lasts_one_hour() -> None:
    """STS-11."""
    may = allow("sts:AssumeRole", "*")
    first = replace(role(A, "first", {"AWS": A}, may), max_session_seconds=43200)
    second = replace(role(A, "second", {"AWS": A}, allow("s3:*", "*")), max_session_seconds=43200)
    found = world(account(A, users=(user(A, "u", may),), roles=(first, second), buckets=(bucket(A, "b"),)))
    told = {
        tuple(hop.extra.get("session") for hop in route.hops)
        for route in find_routes(found, Query(starts=("u",))).routes
        if "second" in route.hops[-2].target
    }
    assert told == {
        ("at most 12 hours", None),
        ("at most 12 hours", "at most 1 hour: it is started by a session", None),
    }
