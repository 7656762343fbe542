"""Each kind of result handed to the report that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pathfinder.cli.options import Results
from pathfinder.cli.output import colour, deliver, folds, terminal_width

if TYPE_CHECKING:
    from pathfinder.authorization.scenario import ScenarioResult
    from pathfinder.report.listing import Listing
    from pathfinder.routes.diff import Difference
    from pathfinder.routes.explain import Explanation
    from pathfinder.routes.route import Found
    from pathfinder.routes.whocan import WhoCan

Pieces = str | Iterable[str]


def show_routes(found: Found, query: Mapping[str, object], results: Results) -> None:
    """Routes, of `routes` and of `can`."""
    from pathfinder.report import csv_, json_
    from pathfinder.report.listing import routes_listing

    _show(
        results,
        listing=lambda: routes_listing(found, fold=folds(results), wide=results.wide),
        json=lambda: json_.routes_json(
            query, found.routes, found.gaps, ways=found.ways, blocked=found.blocked
        ),
        csv=lambda: csv_.routes_csv(found),
    )


def show_difference(found: Difference, query: Mapping[str, object], results: Results) -> None:
    """What has changed between two snapshots."""
    from pathfinder.report import diff

    _show(
        results,
        listing=lambda: diff.diff_listing(found, wide=results.wide),
        json=lambda: diff.diff_json(query, found),
        csv=lambda: diff.diff_csv(found),
    )


def show_who_can(found: WhoCan, account_names: Mapping[str, str], results: Results) -> None:
    """Who can."""
    from pathfinder.report import csv_, json_
    from pathfinder.report.listing import who_can_listing

    _show(
        results,
        listing=lambda: who_can_listing(found, account_names, wide=results.wide),
        json=lambda: json_.who_can_json(found),
        csv=lambda: csv_.who_can_csv(found),
    )


def show_checked(checked: Sequence[ScenarioResult], results: Results) -> None:
    """Scenarios."""
    from pathfinder.report import csv_, json_
    from pathfinder.report.listing import check_listing

    _show(
        results,
        listing=lambda: check_listing(checked),
        json=lambda: json_.check_json(checked),
        csv=lambda: csv_.check_csv(checked),
    )


def show_explained(explained: Sequence[Explanation], query: Mapping[str, object], results: Results) -> None:
    """Explanations."""
    from pathfinder.report import csv_, json_
    from pathfinder.report.explain import walks_of, walks_text
    from pathfinder.report.markdown import markdown_walks

    walks = list(walks_of(explained))
    makers: dict[str, Callable[[], Pieces]] = {
        "table": lambda: walks_text(walks, colour=colour(results)),
        "json": lambda: json_.explain_json(query, explained),
        "csv": lambda: csv_.walks_csv(walks),
        "markdown": lambda: markdown_walks(walks),
    }
    deliver(makers[results.output](), results.out)


def _show(
    results: Results, *, listing: Callable[[], Listing], json: Callable[[], Pieces], csv: Callable[[], Pieces]
) -> None:
    from pathfinder.report.markdown import markdown
    from pathfinder.report.table import table

    makers: dict[str, Callable[[], Pieces]] = {
        "table": lambda: table(listing(), width=terminal_width(results), colour=colour(results)),
        "json": json,
        "csv": csv,
        "markdown": lambda: markdown(listing()),
    }
    deliver(makers[results.output](), results.out)
