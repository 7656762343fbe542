"""Results as CSV for spreadsheets: one row for each route, grant, step or scenario; no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from pathfinder.graph.hop import Evidence
from pathfinder.report import escalations
from pathfinder.report.actions import action_words
from pathfinder.report.assumed import assumed_text
from pathfinder.report.conditions import Wording
from pathfinder.report.text import visible
from pathfinder.report.vantages import cells
from pathfinder.routes.route import Found, Route

if TYPE_CHECKING:
    from pathfinder.authorization.scenario import ScenarioResult
    from pathfinder.report.explain import Walk
    from pathfinder.routes.whocan import WhoCan

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

_ROUTE_COLUMNS = (
    "id",
    "principal",
    "principal_kind",
    "principal_account",
    "principal_account_name",
    "target",
    "target_account",
    "target_account_name",
    "cross_account",
    "design",
    "route",
    "words",
    "actions",
    "resources",
    "except",
    "condition",
    "acting_principal",
    "acting_account",
    "scp_account",
    "rcp_account",
    "policies",
    "gaps",
)


def neutral(text: str) -> str:
    """The text so that a spreadsheet shows it and runs nothing, with hidden characters visible.

    Examples:
        >>> neutral("=cmd()")
        "'=cmd()"
    """
    shown = visible(text)
    return f"'{shown}" if text.lstrip(" \n").startswith(_FORMULA_STARTS) else shown


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The rows as lines of CSV, columns first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in chain([columns], rows):
        writer.writerow(map(neutral, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def routes_csv(found: Found, wording: Wording | None = None) -> Iterator[str]:
    """One line for each route; a column for each vantage, and one for what was assumed, where there are such."""
    wording = wording or Wording()
    assumed = assumed_text(found.assumptions)
    columns = (
        *_ROUTE_COLUMNS,
        *(escalations.CSV_COLUMNS if found.query.escalations else ()),
        *(f"vantage_{way.name}" for way in found.ways),
        *(("assumed",) if assumed else ()),
    )
    return csv_lines(
        columns,
        (
            (
                *_route(route, found, wording),
                *(escalations.csv_cells(route) if found.query.escalations else ()),
                *cells(route, found.ways, wording, wide=True),
                *((assumed,) if assumed else ()),
            )
            for route in found.routes
        ),
    )


def route_rows(found: Found, wording: Wording | None = None) -> Iterator[dict[str, str]]:
    """The same columns for programs: a dictionary for each route, every text as it is."""
    wording = wording or Wording()
    return (dict(zip(_ROUTE_COLUMNS, _route(route, found, wording), strict=True)) for route in found.routes)


def _route(route: Route, found: Found, wording: Wording) -> tuple[str, ...]:
    start, target, acting, access = route.start, route.target, route.acting, route.access
    steps = [f"{hop.kind} {node.id}" for hop, node in zip(route.hops, route.nodes[1:], strict=True)]
    evidence = dict.fromkeys(_evidence(each) for hop in route.hops for each in hop.evidence)
    return (
        route.id,
        start.id,
        start.kind.value,
        start.account or "",
        found.account_names.get(start.account or "", ""),
        target.id,
        target.account or "",
        found.account_names.get(target.account or "", ""),
        "true" if route.cross_account else "false",
        route.design,
        " > ".join(steps),
        ", ".join(action_words(access.actions)),
        " ".join(access.actions),
        " ".join(access.resources),
        " ".join(access.except_),
        wording.route(route.hops),
        acting.id,
        acting.account or "",
        route.scp_account or "",
        route.rcp_account or "",
        "; ".join(evidence),
        "; ".join(route.gaps),
    )


def _evidence(evidence: Evidence) -> str:
    statement = f" {evidence.statement}" if evidence.statement else ""
    return f"{evidence.source} {evidence.policy}{statement}"


def who_can_csv(found: WhoCan, wording: Wording | None = None) -> Iterator[str]:
    """One line for each principal and action that is allowed directly, then one for each route."""
    wording = wording or Wording()
    assumed = assumed_text(found.assumptions)
    last = (assumed,) if assumed else ()
    columns = ("principal", "action", "resource", "route", "condition", "policies", "gaps")
    rows: list[tuple[str, ...]] = [
        (
            grant.principal,
            grant.action,
            grant.resource,
            "",
            wording.text(grant.condition),
            "; ".join(map(_evidence, grant.evidence)),
            "; ".join(grant.gaps),
            *last,
        )
        for grant in found.results
    ]
    rows += [
        (
            route.start.id,
            " ".join(route.access.actions),
            " ".join(route.access.resources),
            " > ".join(
                f"{hop.kind} {node.id}" for hop, node in zip(route.hops, route.nodes[1:], strict=True)
            ),
            wording.route(route.hops),
            "; ".join(dict.fromkeys(_evidence(each) for hop in route.hops for each in hop.evidence)),
            "; ".join(route.gaps),
            *last,
        )
        for route in found.indirect
    ]
    return csv_lines((*columns, *(("assumed",) if last else ())), rows)


def walks_csv(walks: Sequence[Walk]) -> Iterator[str]:
    """One line for each step of each explained request."""
    rows = [
        (
            str(number),
            walk.title,
            walk.verdict,
            step.layer,
            step.state,
            step.words,
            "; ".join(step.statements),
        )
        for number, walk in enumerate(walks, 1)
        for step in walk.steps
    ]
    return csv_lines(("hop", "request", "verdict", "layer", "state", "words", "statements"), rows)


def check_csv(results: Sequence[ScenarioResult]) -> Iterator[str]:
    """One line for each scenario."""
    rows = [
        (
            each.name,
            each.decision or "",
            each.expect or "",
            "" if each.passed is None else str(each.passed).lower(),
            each.error or "",
        )
        for each in results
    ]
    return csv_lines(("name", "decision", "expect", "passed", "error"), rows)
