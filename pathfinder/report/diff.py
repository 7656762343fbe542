"""What has changed between two snapshots: as a table, as JSON, as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathfinder.model.organization import Gap
from pathfinder.report import escalations
from pathfinder.report.conditions import Wording
from pathfinder.report.csv_ import csv_lines, route_rows
from pathfinder.report.json_values import FORMAT_VERSION, Json, document, gap_json
from pathfinder.report.json_writer import Writer
from pathfinder.report.listing import Listing, gap_lines, reaches
from pathfinder.report.names import Names
from pathfinder.report.text import plural, visible
from pathfinder.routes.diff import Change, Difference
from pathfinder.routes.route import Found, Route

OPENED, CLOSED, CHANGED = "+ opened", "- closed", "~ changed"


def diff_listing(found: Difference, *, wide: bool, wording: Wording | None = None) -> Listing:
    """A row for each route that opened, closed or changed; of what changed, how it was and how it is."""
    wording = wording or Wording()
    names = Names({**found.before.account_names, **found.after.account_names}, wide)
    rows = [
        *((OPENED, *_row(route, names, _when(route, wording))) for route in found.opened),
        *((CLOSED, *_row(route, names, _when(route, wording))) for route in found.closed),
        *((CHANGED, *_row(each.after, names, _how(each, wording))) for each in found.changed),
    ]
    before = frozenset(map(str, found.before.gaps))
    return Listing(
        ("", "from", "route", "reaches", "when"),
        rows,
        (
            f"{len(found.opened):,} opened, {len(found.closed):,} closed, {len(found.changed):,} changed, "
            f"{plural(found.same, 'route')} the same.",
        ),
        gap_lines(
            (*found.before.gaps, *(gap for gap in found.after.gaps if str(gap) not in before)), wide=wide
        ),
        tuple(map(visible, found.notes)),
    )


def _row(route: Route, names: Names, when: str) -> tuple[str, str, str, str]:
    return names.node(route.start), names.chain(route.nodes, route.hops), reaches(route, names), when


def _when(route: Route, wording: Wording) -> str:
    when = visible(wording.route(route.hops))
    if route.gaps:
        when += f" (not certain: {plural(len(route.gaps), 'gap')})"
    if route.escalations:
        when += f", once {escalations.words(route)}"
    return when


def _how(change: Change, wording: Wording) -> str:
    before, after = _when(change.before, wording), _when(change.after, wording)
    words = f"{after}, before: {before}" if before != after else after
    rest = [each for each in change.differs if each != "condition"]
    return f"{words} (other {', '.join(rest)})" if rest else words


def diff_json(
    query: Mapping[str, object], found: Difference, wording: Wording | None = None
) -> Iterator[str]:
    """The document of `diff`."""
    write = Writer(wording or Wording())
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": query,
            "opened": map(write.route, found.opened),
            "closed": map(write.route, found.closed),
            "changed": (_changed(each, write) for each in found.changed),
            "counts": {
                "opened": len(found.opened),
                "closed": len(found.closed),
                "changed": len(found.changed),
                "same": found.same,
            },
            "notes": found.notes,
            "gaps": {"old": _gaps(found.before.gaps), "new": _gaps(found.after.gaps)},
        }
    )


def _changed(change: Change, write: Writer) -> Json:
    return {
        "id": change.after.id,
        "differs": change.differs,
        "before": write.route(change.before),
        "after": write.route(change.after),
    }


def _gaps(gaps: tuple[Gap, ...]) -> list[Json]:
    return [gap_json(gap) for gap in gaps]


def diff_csv(found: Difference, wording: Wording | None = None) -> Iterator[str]:
    """One line for each route: what became of it, and the columns of `routes`; of what changed, as it is now."""
    wording = wording or Wording()
    routes = [
        *(("opened", "", "", route) for route in found.opened),
        *(("closed", "", "", route) for route in found.closed),
        *(
            ("changed", " ".join(each.differs), wording.route(each.before.hops), each.after)
            for each in found.changed
        ),
    ]
    names = {**found.before.account_names, **found.after.account_names}
    of_routes = list(route_rows(Found(found.query, tuple(each[3] for each in routes), (), names), wording))
    columns = tuple(of_routes[0]) if of_routes else ("id",)
    return csv_lines(
        ("change", "differs", "condition_before", *columns),
        ((*each[:3], *row.values()) for each, row in zip(routes, of_routes, strict=True)),
    )
