"""The one exception of input and output, and how a place in a file is named in it."""

from __future__ import annotations

import re


class InputError(Exception):
    """Input that cannot be used: the file, the place in it, the reason, and what to do; one line as text.

    The text reads on as a sentence: `FILE: PLACE REASON. REMEDY`.
    """

    def __init__(self, file: str, place: str, reason: str, remedy: str) -> None:
        super().__init__(file, place, reason, remedy)
        self.file = file
        self.place = place
        self.reason = reason
        self.remedy = remedy

    @property
    def what(self) -> str:
        """The place and the reason, without the file and the remedy."""
        return one_line(f"{self.place} {self.reason}".strip())

    def __str__(self) -> str:
        return f"{one_line(self.file)}: {self.what}. {one_line(self.remedy)}"


FIX = "Fix the file"


def skippable(item: str) -> str:
    """The remedy for an item that `skip_invalid` can leave out."""
    return f"{FIX}, or run with --skip-invalid to go on without this {item}."


def join_place(*parts: str) -> str:
    """Places in a file, outer first: `Buckets[3]`, `Policy`, `Statement[0]` become one path."""
    joined = ""
    for part in parts:
        if part:
            joined += part if not joined or part.startswith("[") else f".{part}"
    return joined


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST = 600


def one_line(text: str) -> str:
    """The text on one line: control characters escaped, the middle of a very long one left out."""
    text = _UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2 - 2
    return f"{text[:half]} … {text[-half:]}"
