"""The ways to take a route: with which chain of hops its first session was started, as far as that differs.

Source: evaluation.md TERM-8, STS-12, STS-15; design idea 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import satisfiable
from pathfinder.logic.formula import FALSE, TRUE, Formula, all_of, any_of, negate
from pathfinder.policy.context import OPEN
from pathfinder.routes.chain import Chain
from pathfinder.routes.passing import Step
from pathfinder.routes.sessions import At

_What = tuple[int, str]
"""Of which hop of the route, and the key or what takes part in its call."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A way to start and take a route; `before`: hops of the chain that are not the route's, but start its session.

    `gap`: why it is not decided that the way exists; empty where it does.
    """

    before: int
    chain: Chain
    gap: str = ""

    @property
    def can_be_taken(self) -> bool:
        """Whether some requests take all hops; not decided counts as yes."""
        return self.may(TRUE)

    def may(self, guard: Formula) -> bool:
        """Whether the hops can be taken so that the guard holds; not decided counts as yes."""
        if guard == FALSE:
            return False
        wanted = all_of(self.chain.formula, guard)
        return satisfiable(wanted, self.chain.facts(wanted)) is not False


class Ways:
    """The ways of a route that can be taken, each of which brings something that no earlier one brings.

    What a way brings: what some key of a request of the route is in it, or that tags or a source identity take
    part in a call. A key that is open, or not the same in all ways, can be nothing that is not shown yet.
    """

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._found: list[Taken] = []
        self._brought: dict[_What, set[object]] = {}

    def __iter__(self) -> Iterator[Taken]:
        return iter(self._found)

    def add(self, way: Taken) -> None:
        """Keep the way if it can be taken and brings something."""
        new = [each for each in self._brings(way) if self._is_new(*each[:2])]
        if not way.may(any_of(*(when for _, _, when in new)) if self._found else TRUE):
            return
        self._found.append(way)
        for what, how, when in new:
            if self._is_new(what, how) and (when == TRUE or way.may(when)):
                self._brought.setdefault(what, set()).add(how)

    def _is_new(self, what: _What, how: object) -> bool:
        known = self._brought.get(what, set())
        return OPEN not in known and len(known) < 2 and how not in known

    def _brings(self, way: Taken) -> Iterator[tuple[_What, object, Formula]]:
        """What the way may bring, how that is in it, and when."""
        chain = way.chain
        for position, step in enumerate(self._steps):
            if step.actor is None:
                continue
            number = position + way.before
            for key in sorted({key for formula in step.formulas for key in keys_of(formula)}):
                for case in chain.cases(number, key):
                    yield (position, key), OPEN if isinstance(case.place, At) else case.place, case.guard
            if step.starts_session:
                identity = any_of(*(chain.sets_identity(each) for each in range(number)))
                for what, takes_part in (("tags", chain.tags_take_part(number)), ("identity", identity)):
                    yield (position, what), True, takes_part
                    yield (position, what), False, negate(takes_part)
