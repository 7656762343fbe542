"""Vantages where people read them: a word for each route and vantage, what an `if` stands for, and the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pathfinder.graph.travel import INTERNET, ORGANIZATION, SERVICE, Way
from pathfinder.report.conditions import Wording
from pathfinder.report.folding import Row
from pathfinder.report.names import Names
from pathfinder.report.text import shortened, visible
from pathfinder.routes.route import Route, View

YES, IF, NO, NOT_DECIDED, NOT_CONCERNED = "yes", "if", "no", "?", "–"
_HEADINGS = {INTERNET: "internet", ORGANIZATION: "org", SERVICE: "service"}
_TITLES = {
    INTERNET: "the internet",
    ORGANIZATION: "other networks of the organization",
    SERVICE: "an AWS service",
}
_MEANINGS = {
    INTERNET: "the caller itself, each request from a public address",
    ORGANIZATION: "the request to S3 comes from another network of the organization, by peering or a transit "
    "gateway, through an interface endpoint",
    SERVICE: "an AWS service makes the request to S3, on the caller's behalf or as itself",
}
_ENDPOINT_CELLS = 10


def headings(ways: Sequence[Way], *, wide: bool) -> tuple[str, ...]:
    """A narrow heading for each vantage; ids of endpoints are cut in the middle where they stay apart."""
    names = [_HEADINGS.get(way.name, visible(way.name)) for way in ways]
    if wide:
        return tuple(names)
    short = [shortened(name, _ENDPOINT_CELLS) for name in names]
    return tuple(cut if short.count(cut) == 1 else name for name, cut in zip(names, short, strict=True))


def word(view: View | None) -> str:
    """How a route looks from a vantage, in one word. None: no request of the route is about it."""
    if view is None:
        return NOT_CONCERNED
    if view.open is None:
        return NOT_DECIDED
    if not view.open:
        return NO
    return YES if view.always else IF


def views_of(route: Route, ways: Iterable[Way]) -> tuple[View | None, ...]:
    """How the route looks from each of the vantages."""
    by_name = {view.vantage: view for view in route.vantages}
    return tuple(by_name.get(way.name) for way in ways)


def cells(route: Route, ways: Iterable[Way], wording: Wording, *, wide: bool) -> tuple[str, ...]:
    """The words for a row of a table; with `wide`, what an `if` stands for as well."""
    return tuple(text_of(view, wording) if wide else word(view) for view in views_of(route, ways))


def text_of(view: View | None, wording: Wording) -> str:
    """The word, with the condition of an `if`, and the reason for what is not decided."""
    if view is None:
        return NOT_CONCERNED
    if view.open is None:
        return f"{NOT_DECIDED} ({visible(view.reason or '')})"
    if view.open and not view.always:
        return f"{IF} {visible(wording.along(view.conditions))}"
    return word(view)


def title(way: Way) -> str:
    """A vantage where there is room for its name."""
    return _TITLES.get(way.name, visible(way.name))


def long_text(view: View, wording: Wording) -> str:
    """How a route looks from a vantage, where there is room for words."""
    if view.open is None:
        return f"not decided: {visible(view.reason or '')}"
    if not view.open:
        return "closed"
    return "open" if view.always else f"open if {visible(wording.along(view.conditions))}"


def what_if(rows: Iterable[Row], ways: Sequence[Way], wording: Wording) -> tuple[str, ...]:
    """What each `if` and `?` of a table stands for, rows and vantages of which the same holds on one line."""
    names = headings(ways, wide=False)
    found: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for row in rows:
        by_text: dict[str, list[str]] = {}
        for name, view in zip(names, views_of(row.first, ways), strict=True):
            if word(view) in (IF, NOT_DECIDED):
                by_text.setdefault(text_of(view, wording), []).append(name)
        for text, concerned in by_text.items():
            found.setdefault((tuple(concerned), text), []).append(row.number)
    return tuple(
        f"{_numbers(numbers)}  {', '.join(concerned)}: {text}" for (concerned, text), numbers in found.items()
    )


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers of rows, neighbours joined: `1, 4-7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def legend(ways: Sequence[Way], names: Names) -> Iterator[str]:
    """What the columns and words mean."""
    if not ways:
        return
    yield (
        f"From where: {YES} open, {IF} open under a condition, {NO} closed, {NOT_DECIDED} not decided, "
        f"{NOT_CONCERNED} the route makes no such request. Requests that a column is not about travel any way."
    )
    for heading, way in zip(headings(ways, wide=names.wide), ways, strict=True):
        yield f"  {heading}: {meaning(way, names)}"


def meaning(way: Way, names: Names) -> str:
    """What a vantage stands for."""
    endpoint = way.endpoint
    if endpoint is None:
        return _MEANINGS[way.name]
    kind = "gateway" if endpoint.gateway else "interface"
    where = f" in {visible(endpoint.vpc)}" if endpoint.vpc else ""
    service = visible(endpoint.service)
    text = (
        f"requests to {service} come through this {kind} endpoint of {names.account(endpoint.account)}{where}"
    )
    return text if names.wide else f"{visible(endpoint.id)}, {text}"
