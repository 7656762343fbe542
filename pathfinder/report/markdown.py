"""Listings and explanations as Markdown, for issues, minutes and wikis. No text from outside is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pathfinder.report.listing import DETAILS, Listing

if TYPE_CHECKING:
    from pathfinder.report.explain import Walk

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#!|~@$&]|^[-+]|(?<=\d)\.(?=\s)|://")


def escaped(text: str) -> str:
    """The text with everything escaped that Markdown, or HTML in it, would read as markup."""
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    match found.group():
        case "<":
            return "&lt;"
        case ">":
            return "&gt;"
        case "&":
            return "&amp;"
        case "@":
            return "&#64;"
        case "://":
            return "&#58;//"
        case mark:
            return f"\\{mark}"


def markdown(listing: Listing) -> str:
    """The listing as a table, with its summary and gaps below."""
    lines: list[str] = _paragraphs(listing.heading)
    if listing.rows:
        lines.append(_row(column or " " for column in listing.columns))
        lines.append(_row("---" for _ in listing.columns))
        lines.extend(_row(map(escaped, row)) for row in listing.rows)
        lines.append("")
    lines.extend(_bullets(DETAILS, listing.details))
    lines.extend(_paragraphs(listing.summary))
    lines.extend(_bullets("Gaps: what could not be read or decided", listing.gaps))
    lines.extend(_bullets("Notes", listing.notes))
    return "\n".join(lines).rstrip("\n") + "\n"


def markdown_walks(walks: Sequence[Walk]) -> str:
    """Explanations, a section each: the steps as a list, what is missing, and a command to try."""
    lines: list[str] = []
    for walk in walks:
        lines += [f"## {escaped(walk.title)}", "", f"**{escaped(walk.verdict)}**", ""]
        for step in walk.steps:
            lines.append(f"- {step.sign} {escaped(step.layer)}: {escaped(step.words)}")
            lines.extend(f"    - {escaped(statement)}" for statement in step.statements)
        lines.append("")
        for title, items in walk.sections:
            lines.extend(_bullets(title, items))
        if walk.command:
            lines += ["A request to try:", "", *(f"    {line}" for line in walk.command), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _paragraphs(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in (escaped(text), "")]


def _bullets(title: str, items: Sequence[str]) -> list[str]:
    return [f"**{escaped(title)}**", "", *(f"- {escaped(item)}" for item in items), ""] if items else []
