"""`pathfinder can`: the question from the side of a principal."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pathfinder.cli.options import Results, Running, SnapshotPath


def can(
    snapshot: SnapshotPath,
    principal: Annotated[str, Parameter(name="PRINCIPAL", help="ARN, name, account/name, or a pattern.")],
    /,
    *,
    max_hops: Annotated[int, Parameter(help="The longest route, in hops.", show_default=True)] = 5,
    results: Results = Results(),  # noqa: B008 - frozen
    running: Running = Running(),  # noqa: B008
) -> int:
    """List everything in S3 that one principal reaches, directly and by routes.

    Example: pathfinder can samples/ec2-to-s3 EC2Role
    """
    from pathfinder.cli.opening import ended, open_world
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.query import checked_hops
    from pathfinder.cli.showing import show_routes
    from pathfinder.routes.can import can as find

    hops = checked_hops(max_hops)
    with Progress(running) as progress:
        world = open_world(snapshot, running, progress)
        found = find(world, principal, hops, progress)
    ended(running, progress, len(found.routes), "route")
    show_routes(found, {"principal": principal, "max_hops": hops}, results)
    return 0
