"""Listings as a table for the terminal: as wide as it is, or as wide as it needs to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from pathfinder.report.listing import DETAILS, Listing
from pathfinder.report.text import fitting, shortened

GAP = "  "
_NARROWEST = 8
"""Cells. No column is made narrower than this; a terminal that is narrower yet breaks the lines itself."""
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def table(listing: Listing, *, width: int | None, colour: bool) -> str:
    """The listing as text. `width` None: as wide as it needs to be, each row on one line."""
    lines: list[str] = [*listing.heading, ""] if listing.heading else []
    if listing.rows:
        widths = _widths(listing, width)
        lines.extend(_painted(line, _BOLD, colour) for line in _lines(listing.columns, widths, width))
        for row in listing.rows:
            lines.extend(_lines(row, widths, width))
        lines.append("")
    if listing.details:
        lines.extend((*_section(DETAILS, listing.details, colour), ""))
    lines.extend(listing.summary)
    lines.extend(_section("Gaps, things that could not be read or decided:", listing.gaps, colour))
    lines.extend(_painted(note, _DIM, colour) for note in listing.notes)
    return "\n".join(lines) + "\n"


def _section(title: str, items: Sequence[str], colour: bool) -> Iterator[str]:
    if items:
        yield _painted(title, _BOLD, colour)
        yield from (f"  {item}" for item in items)


def _painted(text: str, style: str, colour: bool) -> str:
    return f"{style}{text}{_PLAIN}" if colour else text


def _widths(listing: Listing, width: int | None) -> list[int]:
    """The width of each column: what it needs, the widest ones narrowed until all fit."""
    texts = zip(listing.columns, *listing.rows, strict=True)
    widths = [max(map(cell_len, column)) for column in texts]
    if width is None:
        return widths
    room = max(width - len(GAP) * (len(widths) - 1), 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int], width: int | None) -> Iterator[str]:
    """A row as lines: cells that do not fit go on below."""
    if width is None:
        columns = [[cell] for cell in cells]
    else:
        columns = [list(_wrapped(cell, room)) or [""] for cell, room in zip(cells, widths, strict=True)]
    for number in range(max(map(len, columns))):
        parts = []
        for column, room in zip(columns, widths, strict=True):
            text = column[number] if number < len(column) else ""
            parts.append(text + " " * (room - cell_len(text)))
        yield GAP.join(parts).rstrip(" ")


def _wrapped(text: str, room: int) -> Iterator[str]:
    """The text in lines of at most `room` cells, broken between words.

    A word that alone is wider, usually an ARN, is shortened in its middle; Chinese, Japanese and Korean
    text, which has no spaces, is broken anywhere.
    """
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= room:
            line = joined
            continue
        if line:
            yield line
        line = word
        if cell_len(word) > room and cell_len(word) < 2 * len(word):
            line = shortened(word, room)
        while cell_len(line) > room and (head := fitting(line, room)):
            yield head
            line = line[len(head) :]
    if line:
        yield line
