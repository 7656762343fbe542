"""Conditions as results show them: a sentence, and for programs the formula as a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pathfinder.conditions.wording import sentence, tree
from pathfinder.graph.hop import Hop
from pathfinder.logic.formula import TRUE, Formula

ALWAYS = "always"


@dataclass(slots=True)
class Wording:
    """Puts conditions into words, each distinct one once: thousands of hops share a few dozen."""

    sentence_of: Callable[[Formula], str] = sentence
    tree_of: Callable[[Formula], object] = tree
    _sentences: dict[Formula, str] = field(default_factory=dict)
    _trees: dict[Formula, object] = field(default_factory=dict)

    def text(self, formula: Formula) -> str:
        """The condition as a sentence; `always` where it holds in every request."""
        if formula == TRUE:
            return ALWAYS
        if formula not in self._sentences:
            self._sentences[formula] = self.sentence_of(formula)
        return self._sentences[formula]

    def json(self, formula: Formula) -> dict[str, object] | None:
        """The condition for JSON: None where no context is needed."""
        if formula == TRUE:
            return None
        if formula not in self._trees:
            self._trees[formula] = self.tree_of(formula)
        return {"text": self.text(formula), "formula": self._trees[formula]}

    def route(self, hops: Sequence[Hop]) -> str:
        """When a route is open, hop by hop; a route of one hop reads like that hop."""
        return self.along([hop.condition for hop in hops])

    def along(self, conditions: Sequence[Formula]) -> str:
        """The conditions of a route's hops, hop by hop."""
        if len(conditions) == 1:
            return self.text(conditions[0])
        parts = [f"hop {number}: {self.text(condition)}" for number, condition in _conditional(conditions)]
        return "; ".join(parts) if parts else ALWAYS

    def route_json(self, hops: Sequence[Hop]) -> dict[str, object] | None:
        """When a route is open, for JSON: None where every hop is open always."""
        return self.along_json([hop.condition for hop in hops])

    def along_json(self, conditions: Sequence[Formula]) -> dict[str, object] | None:
        """The conditions of a route's hops, for JSON."""
        parts = [
            {"hop": number, "text": self.text(condition)} for number, condition in _conditional(conditions)
        ]
        if not parts:
            return None
        return {"text": "; ".join(f"hop {part['hop']}: {part['text']}" for part in parts), "hops": parts}


def _conditional(conditions: Sequence[Formula]) -> list[tuple[int, Formula]]:
    return [(number, condition) for number, condition in enumerate(conditions, 1) if condition != TRUE]
