"""Answers to typing errors."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown(what: str, text: str, known: Iterable[str]) -> str:
    """What to say of a word that is not known: the nearest one, or all."""
    words = list(known)
    near = difflib.get_close_matches(text, words, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? There is" if near else "there is"
    return f"no {what} {text}; {hint}: {', '.join(words)}"
