"""How a law is run: quickly and always on the same worlds, on many more (`-m slow`), and until it catches a fault.

`PATHFINDER_LAW_SEED=7 pytest -m slow tests/laws` tries other worlds, and `PATHFINDER_LAW_EXAMPLES=50` fifty times
as many as the quick run; both together look for faults that nobody has met yet.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("PATHFINDER_LAW_EXAMPLES", "3"))
SEED = os.environ.get("PATHFINDER_LAW_SEED")
_ALL_RUNS = settings(
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
Check = Callable[..., None]


@dataclass(frozen=True)
class Law:
    """A check that holds for all that the strategies make, and how many examples the quick run tries."""

    check: Check
    given: dict[str, st.SearchStrategy[Any]]
    examples: int

    @property
    def name(self) -> str:
        """The name of the test that runs it."""
        return self.check.__name__

    def quick(self) -> Check:
        """The test that runs it always."""
        return settings(_ALL_RUNS, max_examples=self.examples)(given(**self.given)(self.check))

    def thorough(self) -> None:
        """Run it on many more examples."""
        chosen = settings(_ALL_RUNS, max_examples=TIMES * self.examples, derandomize=SEED is None)
        run = chosen(given(**self.given)(self.check))
        (run if SEED is None else seed(int(SEED))(run))()

    def caught(self, first: int) -> dict[str, Any] | None:
        """An example, not shrunk, that shows that what is under test is wrong; None where none is found.

        `first`: the seed that is tried first; others follow, so that it need not be the right one for ever.
        """
        return next((found for each in range(first, first + 6) if (found := self._seen_wrong(each))), None)

    def _seen_wrong(self, number: int) -> dict[str, Any] | None:
        seen: list[dict[str, Any]] = []
        own = inspect.signature(self.check)

        @functools.wraps(self.check)
        def noted(*arguments: Any, **named: Any) -> None:
            seen[:] = [own.bind(*arguments, **named).arguments]
            self.check(*arguments, **named)

        chosen = settings(
            _ALL_RUNS,
            max_examples=40,
            derandomize=False,
            phases=(Phase.explicit, Phase.generate),
            print_blob=False,
        )
        try:
            seed(number)(chosen(given(**self.given)(noted)))()
        except AssertionError:
            return seen[0]
        return None


LAWS: dict[str, Law] = {}
"""All laws by the names of their tests."""


def law(examples: int, **strategies: st.SearchStrategy[Any]) -> Callable[[Check], Check]:
    """Make a test of a check: it holds for everything that the strategies make."""

    def register(check: Check) -> Check:
        known = LAWS[check.__name__] = Law(check, strategies, examples)
        return known.quick()

    return register
