"""Request contexts, known in whole or in part. Source: evaluation.md TERM-1, COND-50, KEY-1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

SESSION_NAME = "session:name"
"""The key that stands for a role session's name in formulas, where it is open. Always present."""

OBJECT_KEY = "object:key"
"""The key that stands for the S3 object key in formulas, where it is open. Always present, not empty."""


@dataclass(frozen=True, slots=True)
class Values:
    """The key is present with these values; an empty tuple is a multivalued key without values.

    `multivalued`: the request gave a list, even of one value; such a key is no policy variable (LANG-41).
    """

    values: tuple[str, ...]
    multivalued: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The key is not in the request context."""


@dataclass(frozen=True, slots=True)
class Open:
    """The caller, the environment or the service still chooses it.

    `present`: it is there for certain; `null`: with a value that may be empty, as a tag's may (D-12).
    """

    present: bool = False
    null: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """Present with one value: `prefix` followed by the value of the open key `base`."""

    prefix: str
    base: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Whether the key is in the request is not known, for this reason: absent, or there with these values.

    `values` None: with which, is not known either. Nobody chooses it.
    """

    reason: str
    values: tuple[str, ...] | None = None


KeyState = Values | Absent | Open | Composed | Unsure
ABSENT = Absent()
OPEN = Open()
PRESENT = Open(present=True)
PRESENT_OR_EMPTY = Open(present=True, null=True)


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What is known of a request's context: lower-case key to state, and a rule for all other keys.

    A complete context is one whose rule says ABSENT: only what stands in it is present.
    """

    states: Mapping[str, KeyState] = field(default_factory=dict)
    otherwise: Callable[[str], KeyState] = lambda _key: ABSENT

    def state(self, key: str) -> KeyState:
        """The state of a key whose name is in lower case."""
        known = self.states.get(key)
        return self.otherwise(key) if known is None else known


def complete(values: Mapping[str, str | Iterable[str]]) -> Context:
    """A complete context from plain values: a text is one value, anything else its list of values."""
    return Context(
        {
            key.lower(): Values((value,))
            if isinstance(value, str)
            else Values(tuple(value), multivalued=True)
            for key, value in values.items()
        }
    )
