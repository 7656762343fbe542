"""A Deny never opens; removing an Allow never opens; SCPs, RCPs, boundaries and their like only narrow."""

from __future__ import annotations

from hypothesis import strategies as st

from .changes import (
    DENIALS,
    LIMITS,
    Change,
    guarded,
    is_guarded,
    is_in_limit,
    removable,
    statements,
    with_deny,
    with_limit,
    without,
)
from .law import law
from .seeing import Seen, allowed, see
from .strategies import worlds
from .worlds import Json, Written


def only_narrows(wider: Seen, narrower: Seen) -> None:
    """Assert that nothing is open in the narrower world that is not open in the wider one."""
    opened = narrower.open - wider.open
    assert not opened, f"opened: {sorted(opened)[:3]}"
    hops = narrower.hops - wider.hops
    assert not hops, f"new hops: {sorted(hops)[:3]}"
    for witness in narrower.witnesses():
        if allowed(narrower.world, witness):
            assert allowed(wider.world, witness), f"allowed in the narrower world alone: {witness}"


@law(16, written=worlds(complete=False), denials=st.lists(DENIALS, min_size=1, max_size=2))
def test_a_deny_never_opens(written: Written, denials: list[Change]) -> None:
    """EVAL-1, EVAL-3, PRIN-19 to PRIN-22, ORG-3, ORG-22, VPCE-1: in whatever policy, however conditioned."""
    before = see(written)
    for denial in denials:
        only_narrows(before, see(with_deny(written, denial)))


@law(16, written=worlds(complete=False), which=st.lists(st.integers(0, 99), min_size=1, max_size=2))
def test_removing_an_allow_never_opens(written: Written, which: list[int]) -> None:
    """EVAL-2, EVAL-3, ORG-3, VPCE-2: a policy that is left without an Allow allows nothing (ORG-3, EVAL-12)."""
    before, places = see(written), removable(written)
    for among in (places, [path for path in places if is_in_limit(path)]):
        for number in which[: len(among)]:
            only_narrows(before, see(without(written, among[number % len(among)])))


@law(16, written=worlds(complete=False), limits=st.lists(LIMITS, min_size=1, max_size=2))
def test_limits_only_narrow(written: Written, limits: list[tuple[str, int, Json]]) -> None:
    """EVAL-11, EVAL-12, EVAL-15, ORG-4, ORG-22, VPCE-1, BPA-5: they never grant."""
    before = see(written)
    for limit in limits:
        only_narrows(before, see(with_limit(written, limit)))


@law(8, written=worlds().map(guarded))
def test_removing_an_allow_opens_only_where_it_made_a_guarded_bucket_public(written: Written) -> None:
    """BPA-5, BPA-10: the one exception, and what it opens is at that bucket."""
    before = see(written)
    for kind, path in statements(written, "Allow"):
        if kind == "bucket" and is_guarded(written, path):
            after = see(without(written, path))
            bucket = f"arn:aws:s3:::{path[3]}"
            assert all(point.split("/")[0] == bucket for _, _, point in after.open - before.open)
