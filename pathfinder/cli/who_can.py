"""`pathfinder who-can`: the question from the side of the data."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pathfinder.cli.options import Escalations, Pins, Results, Running, SnapshotPath


def who_can(
    snapshot: SnapshotPath,
    action: Annotated[str, Parameter(name="ACTION", help="S3 actions, such as s3:GetObject or s3:Put*.")],
    /,
    *more: Annotated[str, Parameter(show=False)],
    resource: Annotated[str, Parameter(help="ARN of a bucket, of an object, or of objects with a wildcard.")],
    max_hops: Annotated[int, Parameter(help="The longest route, in hops.", show_default=True)] = 5,
    escalations: Escalations = False,
    pins: Pins = Pins(),  # noqa: B008 - frozen
    results: Results = Results(),  # noqa: B008
    running: Running = Running(),  # noqa: B008
) -> int:
    """List every principal that can do something in S3, directly or by a route.

    Example: pathfinder who-can samples/ec2-to-s3 s3:GetObject --resource my-bucket
    """
    from pathfinder.cli.opening import ended, open_world
    from pathfinder.cli.output import check_places
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.query import checked_hops
    from pathfinder.cli.showing import show_who_can
    from pathfinder.routes.search import graph_of
    from pathfinder.routes.whocan import who_can as find

    hops = checked_hops(max_hops)
    check_places(results.out)
    with Progress(running) as progress:
        world = open_world(snapshot, running, progress, pins, escalations=escalations)
        graph_of(world, progress)
        found = find(world, (action, *more), resource, max_hops=hops)
    ended(running, progress, len(found.results) + len(found.indirect), "answer")
    show_who_can(found, world.account_names, results)
    return 0
