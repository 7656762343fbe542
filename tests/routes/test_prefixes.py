"""Which chains before a role are looked at: TERM-8, STS-15."""

from __future__ import annotations

import pytest

from pathfinder.graph.hop import Hop
from pathfinder.routes.prefixes import Prefixes
from pathfinder.routes.search import graph_of
from pathfinder.routes.steps import step_of
from tests.building import A, account, allow, bucket, role, user, world

CALL = ["sts:AssumeRole", "sts:TagSession"]
ALL = allow(CALL, "*")
EVERYBODY = allow(CALL, principal={"AWS": A})


@pytest.mark.parametrize(
    ("rights", "given"), [([ALL] * 30, 1), ([ALL, allow("sts:AssumeRole", "*")] * 15, 2)]
)
def test_of_callers_that_are_alike_one_is_looked_at(rights: list[dict[str, object]], given: int) -> None:
    people = tuple(user(A, f"u{number}", right) for number, right in enumerate(rights))
    found = world(account(A, users=people, roles=(role(A, "r", [EVERYBODY]),), buckets=(bucket(A, "b"),)))
    graph_of(found)

    def alike(hop: Hop) -> object:
        return step_of(found, hop).what_counts

    earlier = Prefixes(found, f"arn:aws:iam::{A}:role/r", lambda _: True, alike)
    chains = [chain for chain in earlier if ":user/" in chain[0].source and len(chain) == 1]
    assert len(chains) == given
    assert earlier.all_seen
