"""Sets of request contexts as integers: one bit for each combination of what callers choose."""

import itertools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

Context = dict[str, Any]
Facts = Mapping[str, Any]  # keys in lower case


class Contexts:
    """All combinations of one option from each dimension; an option gives values to some keys.

    A set of them is an integer, so that union, intersection and complement are `|`, `&` and `every & ~`.
    """

    def __init__(self, dimensions: Sequence[Sequence[Context]]) -> None:
        self.dimensions = [[_lower(option) for option in options] for options in dimensions]
        self.every = (1 << math.prod(len(options) for options in dimensions)) - 1
        self._dimension_of: dict[str, int] = {}
        for number, options in enumerate(self.dimensions):
            for key in {key for option in options for key in option}:
                assert key not in self._dimension_of, "a key belongs to one dimension"
                self._dimension_of[key] = number
        self._choices: dict[tuple[int, ...], list[tuple[Context, int]]] = {}
        self._masks = self._masks_of_options()

    def __contains__(self, key: str) -> bool:
        return key in self._dimension_of

    def where(self, keys: Collection[str], holds: Callable[[Context], bool]) -> int:
        """The contexts in which something holds that looks at these keys only; `holds` sees chosen keys only."""
        found = 0
        for chosen, mask in self.choices(keys):
            if holds(chosen):
                found |= mask
        return found

    def choices(self, keys: Collection[str]) -> list[tuple[Context, int]]:
        """Every combination of the options that speak of these keys, and the contexts that have it."""
        looked_at = sorted({self._dimension_of[key] for key in keys if key in self._dimension_of})
        if tuple(looked_at) not in self._choices:
            self._choices[tuple(looked_at)] = list(self._all_choices(looked_at))
        return self._choices[tuple(looked_at)]

    def _all_choices(self, looked_at: list[int]) -> Iterator[tuple[Context, int]]:
        for numbers in itertools.product(*(range(len(self.dimensions[d])) for d in looked_at)):
            chosen: Context = {}
            mask = self.every
            for dimension, number in zip(looked_at, numbers, strict=True):
                chosen |= self.dimensions[dimension][number]
                mask &= self._masks[dimension][number]
            yield chosen, mask

    def _masks_of_options(self) -> list[list[int]]:
        """For each option its contexts, numbered as itertools.product orders them: the last dimension first."""
        masks: list[list[int]] = []
        run = 1  # contexts in a row that share an option
        for options in reversed(self.dimensions):
            period = run * len(options)
            starts = self.every // ((1 << period) - 1)  # bit 0 of every period
            one_run = (1 << run) - 1
            masks.insert(0, [starts * (one_run << (number * run)) for number in range(len(options))])
            run = period
        return masks


def _lower(option: Context) -> Context:
    return {key.lower(): value for key, value in option.items()}
