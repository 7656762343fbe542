"""Each law catches a wrong implementation, by an example in which the right one keeps it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from . import test_files, test_narrowing, test_neutral, test_queries, test_unrelated, test_witnesses
from .law import LAWS
from .wrong import WRONG, Patch

MODULES = (test_files, test_narrowing, test_neutral, test_queries, test_unrelated, test_witnesses)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "wrong", "seed"),
    [(law, wrong, seed) for law, _, wrong, seed in WRONG],
    ids=[what for _, what, _, _ in WRONG],
)
def test_a_wrong_implementation_is_caught(law: str, wrong: Callable[[Patch], None], seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        wrong(patch)
        example = LAWS[law].caught(seed)
    assert example is not None, "no example shows it"
    LAWS[law].check(**example)


def test_every_law_has_a_wrong_implementation() -> None:
    tests = {name for module in MODULES for name in vars(module) if name.startswith("test_")}
    assert tests == LAWS.keys()
    assert {law for law, _, _, _ in WRONG} == LAWS.keys()
