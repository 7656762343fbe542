"""Actions of one principal in one bucket that are open, or blocked, under one condition.

Source: evaluation.md TERM-5, S3-41.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pathfinder.authorization.decision import Decision
from pathfinder.graph.calls import Call, perhaps_open, why_blocked
from pathfinder.graph.hop import Witness
from pathfinder.graph.settle import Settled
from pathfinder.logic.formula import Formula

Key = tuple[Formula, tuple[str, ...], tuple[str, ...]]
"""A condition, the resources that it opens, and those taken out of them."""


@dataclass(slots=True)
class Group:
    """Actions that are open on the same resources under the same condition.

    `settled`: that of the first call. `also`: one witness for each further authorization of the calls. `blocked`:
    what stops them, None for what is open.
    """

    settled: Settled
    actions: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    also: dict[tuple[str, str], Witness] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)
    blocked: dict[str, None] | None = None

    def add(self, actions: Iterable[str], call: Call, settled: Settled, about: Iterable[Decision]) -> None:
        """Put actions of one answer to it; `about`: the call's decisions, as far as they concern its resources."""
        self.actions.extend(actions)
        self.decisions.extend(about)
        self.gaps.update(dict.fromkeys(settled.gaps))
        if self.blocked is not None:
            self.blocked.update(dict.fromkeys(why_blocked(call)))
            self.gaps.update(dict.fromkeys(perhaps_open(call)))
            return
        for witness in settled.also:
            if settled is self.settled or witness.action != call.action:
                self.also.setdefault((witness.action, witness.resource), witness)
        self.notes.update((each.need.note, None) for each in call.further if each.need.note)

    def join(self, other: Group) -> None:
        """Put all of another group to it."""
        self.actions.extend(other.actions)
        self.decisions.extend(other.decisions)
        self.gaps.update(other.gaps)
        self.also.update(other.also)
        self.notes.update(other.notes)
        if self.blocked is not None:
            self.blocked.update(other.blocked or {})
