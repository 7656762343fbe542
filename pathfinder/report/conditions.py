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
        if len(hops) == 1:
            return self.text(hops[0].condition)
        parts = [f"hop {number}: {self.text(hop.condition)}" for number, hop in _conditional(hops)]
        return "; ".join(parts) if parts else ALWAYS

    def route_json(self, hops: Sequence[Hop]) -> dict[str, object] | None:
        """When a route is open, for JSON: None where every hop is open always."""
        parts = [{"hop": number, "text": self.text(hop.condition)} for number, hop in _conditional(hops)]
        if not parts:
            return None
        return {"text": "; ".join(f"hop {part['hop']}: {part['text']}" for part in parts), "hops": parts}


def _conditional(hops: Sequence[Hop]) -> list[tuple[int, Hop]]:
    return [(number, hop) for number, hop in enumerate(hops, 1) if hop.condition != TRUE]
