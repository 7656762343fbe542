"""What is known of a condition key before any policy is read: its kind of value, its texts, its presence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pathfinder.conditions.domains.ranges import ALL, Ranges
from pathfinder.logic.automata import Language, texts_matching
from pathfinder.logic.patterns import Pattern


class ValueKind(Enum):
    """How AWS spells each value of a key."""

    TEXT = "text"
    ARN = "ARN"
    BOOL = "true or false"
    NUMBER = "number"
    DATE = "date"
    ADDRESS = "IP address"


@dataclass(frozen=True, slots=True)
class KeyDomain:
    """The values that AWS can put into a key.

    `kind`: what each value is, spelled as AWS spells it. `multivalued`: requests can carry several values,
    or the key without any. `always_present`: every request has it. `null`: a value may be the empty text.
    `values`: the only texts, where known. `patterns`: every text matches one of them. `texts`: a further
    language that every text is in. `numbers`: the range of a number; `whole`: it has no fraction.
    `examples`: readable values, the best first; they are used where they fit and need not.
    """

    kind: ValueKind = ValueKind.TEXT
    multivalued: bool = False
    always_present: bool = False
    null: bool = True
    values: tuple[str, ...] | None = None
    patterns: tuple[Pattern, ...] | None = None
    texts: Language | None = None
    numbers: Ranges = ALL
    whole: bool = False
    examples: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages that every text of the key is in, its kind aside."""
        found = () if self.patterns is None else (texts_matching(self.patterns),)
        return found if self.texts is None else (*found, self.texts)
