"""`pathfinder routes`: the main job."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from pathfinder.cli.options import Escalations, Filters, Pins, Results, Running, SnapshotPath, Vantage

if TYPE_CHECKING:
    from pathfinder.graph.world import World
    from pathfinder.model.organization import Gap
    from pathfinder.routes.route import Found, Query, Route


def routes(
    snapshot: SnapshotPath,
    /,
    *,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    pins: Pins = Pins(),  # noqa: B008
    escalations: Escalations = False,
    vantage: Vantage = False,
    html: Annotated[
        Path | None, Parameter(help="Write the routes as one HTML page with a graph, too.")
    ] = None,
    export_tests: Annotated[
        Path | None, Parameter(help="Write the request that proves each hop as a scenario for `check`, too.")
    ] = None,
    results: Results = Results(),  # noqa: B008
    running: Running = Running(),  # noqa: B008
) -> int:
    """List every route by which a principal reaches S3 actions.

    Example: pathfinder routes samples/ec2-to-s3 --to my-bucket
    """
    from pathfinder.cli.opening import ended, open_world, tell
    from pathfinder.cli.output import check_places, deliver
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.query import query_of
    from pathfinder.cli.showing import show_routes
    from pathfinder.report.json_ import query_json
    from pathfinder.routes.search import find_routes, graph_of
    from pathfinder.routes.vantage import seen

    query = query_of(filters, escalations=escalations)
    check_places(results.out, html, export_tests)
    with Progress(running) as progress:
        world = open_world(snapshot, running, progress, pins, escalations=escalations)
        graph_of(world, progress)
        if results.output == "json" and html is None and export_tests is None:
            pieces = _stream(world, query, vantage=vantage)
            progress.close()
            deliver(pieces, results.out)
            return 0
        found = find_routes(world, query)
        if vantage:
            found = seen(world, found, progress)
    ended(running, progress, len(found.routes), "route")
    if html is not None:
        _write_page(found, snapshot, html)
        tell(running, f"wrote {html}")
    if export_tests is not None:
        _write_tests(world, found, export_tests)
        tell(running, f"wrote {export_tests}")
    show_routes(found, query_json(query, found.assumptions), results)
    return 0


def _stream(world: World, query: Query, *, vantage: bool) -> Iterator[str]:
    """The JSON document, written while routes are found; what is wrong with the query comes out at once."""
    from pathfinder.report.json_ import query_json, routes_json
    from pathfinder.routes.search import iter_blocked, iter_routes
    from pathfinder.routes.vantage import Vantages

    rest = iter_routes(world, query)
    first = list(islice(rest, 1))
    routes: Iterator[Route] = chain(first, rest)
    vantages = Vantages(world) if vantage else None
    return routes_json(
        query_json(query, world.assumptions),
        vantages.seen(routes) if vantages else routes,
        _gaps_of(world),
        ways=vantages.ways if vantages else (),
        blocked=iter_blocked(world, query),
    )


def _gaps_of(world: World) -> Iterator[Gap]:
    """The gaps as they are once the routes have been found."""
    from pathfinder.routes.search import graph_of

    yield from graph_of(world).gaps


def _write_page(found: Found, snapshot: Path, file: Path) -> None:
    from pathfinder.cli.output import write_file
    from pathfinder.report.conditions import Wording
    from pathfinder.report.html import render

    page = render(found, title=f"Routes to S3 in {snapshot.resolve().name}", sentence=Wording().text)
    write_file(file, [page])


def _write_tests(world: World, found: Found, file: Path) -> None:
    from pathfinder.cli.output import write_file
    from pathfinder.report.json_ import scenarios_json
    from pathfinder.routes.export import scenarios

    write_file(file, scenarios_json(scenarios(world, found.routes)))
