"""The generated accounts of the benchmarks have the routes that they are made for."""

from __future__ import annotations

import pytest

from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.benchmarks.routes import WORLDS

SMALL = [
    # name, sizes, routes: counted by hand
    ("wide", (4, 2), 8),  # each role to its bucket, each user through its role
    ("guarded", (2, 3), 6),  # each role to each bucket; EC2 comes besides
    ("tagged", (1, 1), 2),  # the role, and the user through it
]


@pytest.mark.parametrize(("name", "sizes", "least"), SMALL, ids=[case[0] for case in SMALL])
def test_there_are_routes(name: str, sizes: tuple[int, ...], least: int) -> None:
    found = find_routes(WORLDS[name](*sizes), Query(max_hops=4)).routes
    assert (
        len([route for route in found if ":role/" in route.start.id or ":user/" in route.start.id]) >= least
    )


def test_accounts_are_chained() -> None:
    found = find_routes(WORLDS["accounts"](3, 4), Query(max_hops=4)).routes
    assert any(len({node.account for node in route.nodes}) == 3 for route in found)
