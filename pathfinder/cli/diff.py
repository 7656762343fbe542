"""`pathfinder diff`: what has changed between two snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from pathfinder.cli.options import Escalations, Filters, Results, Running, SnapshotPath

if TYPE_CHECKING:
    from pathfinder.routes.diff import Difference

Failing = Literal["opened", "changed", "any"]


def diff(
    old: Annotated[SnapshotPath, Parameter(name="OLD")],
    new: Annotated[SnapshotPath, Parameter(name="NEW")],
    /,
    *,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    escalations: Escalations = False,
    fail_on: Annotated[
        Failing | None,
        Parameter(
            help="Exit with 1 where a route opened; opened or changed; or where there is any difference."
        ),
    ] = None,
    results: Results = Results(),  # noqa: B008
    running: Running = Running(),  # noqa: B008
) -> int:
    """List the routes that opened, closed or changed between two snapshots.

    Example: pathfinder diff last-week today --fail-on opened
    """
    from pathfinder.cli.opening import ended, open_world
    from pathfinder.cli.output import check_places
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.query import query_of
    from pathfinder.cli.showing import show_difference
    from pathfinder.report.json_ import query_json
    from pathfinder.routes.diff import diff as find
    from pathfinder.routes.search import graph_of

    query = query_of(filters, escalations=escalations)
    check_places(results.out)
    with Progress(running) as progress:
        before = open_world(old, running, progress, escalations=escalations)
        graph_of(before, progress)
        after = open_world(new, running, progress, escalations=escalations)
        graph_of(after, progress)
        found = find(before, after, query)
    ended(running, progress, len(found.opened) + len(found.closed) + len(found.changed), "difference")
    show_difference(found, query_json(query), results)
    return 1 if _fails(found, fail_on) else 0


def _fails(found: Difference, fail_on: Failing | None) -> bool:
    match fail_on:
        case None:
            return False
        case "opened":
            return bool(found.opened)
        case "changed":
            return bool(found.opened or found.changed)
        case "any":
            return bool(found.opened or found.changed or found.closed)
