"""Text from outside made safe to show on a terminal or a page, and short where there is little room."""

from __future__ import annotations

from rich.cells import cell_len

_KEPT = frozenset("\u00a0\u3000\u200c\u200d")
"""Not printable to Python, yet part of honest writing: two spaces, and the joiners of Persian and Hindi."""


def visible(text: str) -> str:
    """The text with every control, direction and other hidden character written out, as in `⟨U+202E⟩`.

    Otherwise a name could move the cursor, turn around the text beside it, or look like another name.

    Examples:
        >>> visible("admin\\u202egpj")
        'admin⟨U+202E⟩gpj'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _KEPT else f"⟨U+{ord(char):04X}⟩" for char in text)


def shortened(text: str, cells: int) -> str:
    """The text, cut in the middle where it takes more terminal cells: names often differ at their ends.

    Examples:
        >>> shortened("a-very-long-role-name-prod", 13)
        'a-very…e-prod'
    """
    if cell_len(text) <= cells:
        return text
    room = max(cells - 1, 0)
    head = fitting(text, (room + 1) // 2)
    tail = fitting(text[::-1], room - cell_len(head))[::-1]
    return f"{head}…{tail}"


def fitting(text: str, cells: int) -> str:
    """The longest beginning of the text that takes no more terminal cells."""
    if len(text) * 2 <= cells:
        return text
    taken = 0
    for place, char in enumerate(text):
        taken += cell_len(char)
        if taken > cells:
            return text[:place]
    return text


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 route`, `2 routes`, `1,200 routes`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
