"""Every set of changes that is given opens the request, and none of its changes is to spare.

`PATHFINDER_NEAREST=5000 pytest tests/routes/test_nearest_opens.py` looks at more requests.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import combinations

import pytest

from tests.routes.nearest_scenes import alternatives_of, asked, changed, changes_of, random_scene, tellable

SCENES = int(os.environ.get("PATHFINDER_NEAREST", "120"))
OPEN = ("allow", "depends")


@pytest.mark.parametrize("seed", range(SCENES))
def test_the_changes_open_the_request_and_none_is_to_spare(seed: int) -> None:
    scene = random_scene(seed)
    found = asked(scene)
    if found.verdict in ("allow", "unknown"):  # unknown: whether role sessions carry the MFA key (D-21)
        assert found.nearest is None or not found.nearest.verified
        return
    assert found.nearest is not None
    assert found.nearest.verified, found.nearest
    wanted = ("allow",) if found.verdict == "depends" else OPEN
    changes = changes_of(found)
    assert changes
    if not tellable(scene, changes):
        return
    assert asked(changed(scene, changes)).verdict in wanted, changes
    for spared in range(len(changes)):
        fewer = changes[:spared] + changes[spared + 1 :]
        assert asked(changed(scene, fewer)).verdict not in wanted, (changes[spared], changes)


@pytest.mark.parametrize("seed", range(SCENES // 3))
def test_no_smaller_set_of_the_alternatives_opens_it(seed: int) -> None:
    scene = random_scene(seed)
    found = asked(scene)
    if (
        not found.verdict.endswith("-deny")
        or found.nearest is None
        or not 2 <= len(found.nearest.changes) <= 3
    ):
        return
    alternatives = alternatives_of(found)
    if tellable(scene, alternatives):
        for smaller in combinations(alternatives, len(found.nearest.changes) - 1):
            assert asked(changed(scene, list(smaller))).verdict not in OPEN, smaller


def test_the_scenes_are_worth_looking_at() -> None:
    """Every kind of refusal, and sets of one and of several changes."""
    found = [asked(random_scene(seed)) for seed in range(60)]
    verdicts = Counter(each.verdict for each in found)
    assert {"explicit-deny", "implicit-deny", "depends", "allow"} <= set(verdicts)
    sizes = Counter(len(each.nearest.changes) for each in found if each.nearest)
    assert {1, 2, 3} <= set(sizes)
    kinds = {change.kind for each in found if each.nearest for change in each.nearest.changes}
    assert {"context", "principal-tag", "add-statement", "narrow-deny"} <= kinds
