"""Where the search for routes with escalations is cut short: one gap, however many starts it is about."""

from __future__ import annotations

from pathfinder.routes.escalating import MOST_WAYS, Walk
from pathfinder.routes.search import graph_of
from tests.graph.escalations.finding import attacker, in_account


def walk():
    found = in_account(attacker())
    return Walk(found, graph_of(found), {}, 3)


def test_one_gap_for_all_starts():
    """Thousands of starts are told in one line, which names the first of them."""
    one = walk()
    one.cut.update(f"start {number:04}" for number in range(3000))
    before = len(one.graph.gaps)
    one.tell()
    (gap,) = one.graph.gaps[before:]
    assert "3000 starts" in gap.reason
    assert str(MOST_WAYS) in gap.reason
    assert "start 0000" in gap.reason
    assert len(gap.reason) < 300


def test_no_gap_where_nothing_is_cut():
    one = walk()
    before = one.graph.gaps
    one.tell()
    assert one.graph.gaps == before
