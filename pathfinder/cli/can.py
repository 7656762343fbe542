"""`pathfinder can`: the question from the side of a principal."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pathfinder.cli.options import Escalations, Pins, Results, Running, SnapshotPath, Vantage


def can(
    snapshot: SnapshotPath,
    principal: Annotated[str, Parameter(name="PRINCIPAL", help="ARN, name, account/name, or a pattern.")],
    /,
    *,
    max_hops: Annotated[int, Parameter(help="The longest route, in hops.", show_default=True)] = 5,
    escalations: Escalations = False,
    pins: Pins = Pins(),  # noqa: B008 - frozen
    vantage: Vantage = False,
    results: Results = Results(),  # noqa: B008
    running: Running = Running(),  # noqa: B008
) -> int:
    """List everything in S3 that one principal reaches, directly and by routes.

    Example: pathfinder can samples/ec2-to-s3 EC2Role
    """
    from pathfinder.cli.opening import ended, open_world
    from pathfinder.cli.output import check_places
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.query import checked_hops
    from pathfinder.cli.showing import show_routes
    from pathfinder.report.assumed import assumed_json
    from pathfinder.routes.can import can as find
    from pathfinder.routes.vantage import seen

    hops = checked_hops(max_hops)
    check_places(results.out)
    with Progress(running) as progress:
        world = open_world(snapshot, running, progress, pins, escalations=escalations)
        found = find(world, principal, hops, progress)
        if vantage:
            found = seen(world, found, progress)
    ended(running, progress, len(found.routes), "route")
    more = {"escalations": True} if escalations else {}
    asked = {"principal": principal, "max_hops": hops, **more, **assumed_json(found.assumptions)}
    show_routes(found, asked, results)
    return 0
