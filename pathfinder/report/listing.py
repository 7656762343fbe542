"""What people read, on a terminal or as Markdown: a table's columns and rows, a summary, and the gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathfinder.graph.hop import Evidence
from pathfinder.model.organization import Gap
from pathfinder.policy.document import PolicyKind
from pathfinder.report import escalations, vantages
from pathfinder.report.actions import action_words
from pathfinder.report.assumed import assumed_lines
from pathfinder.report.conditions import Wording
from pathfinder.report.folding import Row, rows_of
from pathfinder.report.names import Names
from pathfinder.report.text import plural, visible
from pathfinder.routes.route import Found, Route

if TYPE_CHECKING:
    from pathfinder.authorization.scenario import ScenarioResult
    from pathfinder.routes.whocan import Grant, WhoCan


@dataclass(frozen=True, slots=True)
class Listing:
    """A table to render. Every text in it is already safe to show.

    `heading`: what stands above the table because it narrows all of it. `details`: lines about cells, under a
    title. `notes`: what a reader should know.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    summary: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


_ROUTE_COLUMNS = ("#", "from", "route", "reaches", "when")
DETAILS = "Under which condition (if), or why not decided (?), by row:"
MOST_GAPS = 20
"""Gaps shown unless `wide`; their number is always told, and JSON holds all."""


def routes_listing(found: Found, *, fold: bool, wide: bool, wording: Wording | None = None) -> Listing:
    """The routes, a row each, or one for all routes that differ only in who starts."""
    wording = wording or Wording()
    names = Names(found.account_names, wide)
    rows = rows_of(found.routes, fold=fold)
    return Listing(
        (*_ROUTE_COLUMNS, *vantages.headings(found.ways, wide=wide)),
        [
            (
                *_route_row(row, names, wording),
                *vantages.cells(row.first, found.ways, wording, wide=wide),
            )
            for row in rows
        ],
        _summaries(found, len(rows)),
        gap_lines(found.gaps, wide=wide),
        (
            *_blocked(found.blocked, names, wide=wide),
            *((*vantages.legend(found.ways, names), *_how_to_go_on(found)) if rows else ()),
        ),
        heading=assumed_lines(found.assumptions),
        details=() if wide else vantages.what_if(rows, found.ways, wording),
    )


def _summaries(found: Found, rows: int) -> tuple[str, ...]:
    """Routes that are open as things are, and those of who first does something, apart (ESC-4)."""
    if not found.query.escalations:
        return route_summary(found.routes, rows)
    plain = [route for route in found.routes if not route.escalations]
    others = [route for route in found.routes if route.escalations]
    return (*route_summary(plain, len(plain)), escalations.summary(others))


MOST_BLOCKED = 5
"""Blocked routes shown unless `wide`; their number is always told, and JSON holds all."""


def _blocked(routes: Sequence[Route], names: Names, *, wide: bool) -> Iterator[str]:
    """What would be routes but for one thing, a line for each."""
    if not routes:
        return
    yield f"{plural(len(routes), 'route')} more would be open but for a key that the caller cannot use:"
    shown = routes if wide else routes[:MOST_BLOCKED]
    for route in shown:
        chain = f"{names.node(route.start)} {names.chain(route.nodes, route.hops)}".strip()
        yield f"  {chain} {reaches(route, names)}: {visible(route.blocked or '')}"
    if len(shown) < len(routes):
        yield f"  and {len(routes) - len(shown):,} more: --wide or --output json shows all"


def _blocked_grants(grants: Sequence[Grant], names: Names, *, wide: bool) -> Iterator[str]:
    """Whom a key alone stops, a line for each principal and action."""
    if not grants:
        return
    who = len({grant.principal for grant in grants})
    yield f"{plural(who, 'principal')} more could but for a key:"
    shown = grants if wide else grants[:MOST_BLOCKED]
    for grant in shown:
        yield f"  {names.short(grant.principal, 70)} {visible(grant.action)}: {visible(grant.blocked or '')}"
    if len(shown) < len(grants):
        yield f"  and {len(grants) - len(shown):,} more: --wide or --output json shows all"


def _how_to_go_on(found: Found) -> tuple[str, ...]:
    if found.assumptions:
        return ("Decide one request step by step: pathfinder explain SNAPSHOT PRINCIPAL ACTION RESOURCE.",)
    return ("Open one hop by hop: pathfinder explain SNAPSHOT NUMBER, with the same filters.",)


def _route_row(row: Row, names: Names, wording: Wording) -> tuple[str, ...]:
    route = row.first
    start = names.node(route.start) if len(row.routes) == 1 else names.crowd(row.starts)
    when = visible(wording.route(route.hops))
    if route.gaps:
        when += f" (not certain: {plural(len(route.gaps), 'gap')})"
    if route.escalations:
        when += f", once {escalations.words(route)}"
    chain = names.chain(route.nodes, route.hops)
    return (str(row.number), start, chain, reaches(route, names), when)


def reaches(route: Route, names: Names) -> str:
    """What a route reaches: `read, write my-bucket/*`."""
    return f"{visible(', '.join(action_words(route.access.actions)))} {names.resources(route.access)}".strip()


def route_summary(routes: Sequence[Route], rows: int) -> tuple[str, ...]:
    """How many routes there are, from how many principals to how many buckets, and by which design."""
    if not routes:
        return ("No route found.",)
    starts = len({route.start.id for route in routes})
    targets = len({route.target.id for route in routes})
    folded = f", folded into {plural(rows, 'row')}" if rows < len(routes) else ""
    unowned = sum(route.target.account is None for route in routes)
    across = sum(route.cross_account and route.target.account is not None for route in routes)
    perhaps = f", {unowned:,} to buckets whose owner is not known" if unowned else ""
    designs = Counter(route.design for route in routes)
    by_design = ", ".join(f"{visible(design)} {count:,}" for design, count in sorted(designs.items()))
    return (
        f"{plural(len(routes), 'route')} from {plural(starts, 'start')} to {plural(targets, 'bucket')}, "
        f"{across:,} across accounts{perhaps}{folded}.",
        f"By design: {by_design}.",
    )


def gap_lines(gaps: Iterable[Gap], *, wide: bool) -> tuple[str, ...]:
    """The gaps as lines, the first ones only where there are many."""
    lines = [visible(str(gap)) for gap in gaps]
    if wide or len(lines) <= MOST_GAPS:
        return tuple(lines)
    return (*lines[:MOST_GAPS], f"and {len(lines) - MOST_GAPS:,} more: --wide or --output json shows all")


def who_can_listing(
    found: WhoCan, account_names: Mapping[str, str], *, wide: bool, wording: Wording | None = None
) -> Listing:
    """Everyone who may do it directly, a row for each principal and action; then the routes."""
    wording = wording or Wording()
    names = Names(account_names, wide)
    rows = [_grant_row(grant, names, wording) for grant in found.results]
    rows += [_indirect_row(route, names, wording) for route in found.indirect]
    who = len({grant.principal for grant in found.results})
    return Listing(
        ("who", "action", "on", "how", "when"),
        rows,
        (f"{plural(who, 'principal')} directly, {plural(len(found.indirect), 'route')} beside.",),
        gap_lines(found.gaps, wide=wide),
        (
            *_blocked_grants(found.blocked, names, wide=wide),
            *_blocked(found.indirect_blocked, names, wide=wide),
        ),
        heading=assumed_lines(found.assumptions),
    )


def _grant_row(grant: Grant, names: Names, wording: Wording) -> tuple[str, ...]:
    granting = dict.fromkeys(each.source for each in grant.evidence if _grants(each))
    how = visible(" and ".join(granting)) or "directly"
    when = visible(wording.text(grant.condition))
    return (
        names.short(grant.principal, 70),
        visible(grant.action),
        names.short(grant.resource, 70),
        how,
        when,
    )


def _grants(evidence: Evidence) -> bool:
    """Whether it gives the permission: a boundary, a session policy or a guardrail only lets it pass."""
    limits = evidence.source in (PolicyKind.BOUNDARY.value, PolicyKind.SESSION.value)
    return evidence.effect != "Deny" and evidence.side in ("principal", "resource") and not limits


def _indirect_row(route: Route, names: Names, wording: Wording) -> tuple[str, ...]:
    words = visible(", ".join(action_words(route.access.actions)))
    when = visible(wording.route(route.hops))
    if route.escalations:
        when += f", once {escalations.words(route)}"
    chain = names.chain(route.nodes, route.hops)
    return (names.short(route.start.id, 70), words, names.resources(route.access), chain, when)


def check_listing(results: Sequence[ScenarioResult]) -> Listing:
    """The scenarios with what was decided and expected."""
    rows = [
        (
            _MARKS[mark(each)],
            visible(each.name),
            each.decision or "not decided",
            each.expect or "",
            visible(each.error or ""),
        )
        for each in results
    ]
    counts = Counter(map(mark, results))
    words = ", ".join(f"{counts[word]:,} {word}" for word in _MARKS if counts[word])
    return Listing(
        ("", "scenario", "decision", "expected", "error"),
        rows,
        (f"{plural(len(results), 'scenario')}: {words}." if results else "There is no scenario in it.",),
        notes=tuple(visible(f"{each.name}: {warning}") for each in results for warning in each.warnings),
    )


_MARKS = {"passed": "✔ passed", "failed": "✘ failed", "decided": "· decided", "in error": "! error"}


def mark(result: ScenarioResult) -> str:
    """What became of a scenario: passed, failed, decided (nothing was expected), or in error."""
    if result.error is not None:
        return "in error"
    if result.passed is None:
        return "decided"
    return "passed" if result.passed else "failed"
