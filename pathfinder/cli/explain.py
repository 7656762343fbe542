"""`pathfinder explain`: why a request is allowed or refused, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from pathfinder.cli.errors import UsageError
from pathfinder.cli.options import Escalations, Filters, Results, Running, SnapshotPath, Texts

if TYPE_CHECKING:
    from pathfinder.routes.explain import Explanation


def explain(
    snapshot: SnapshotPath | None = None,
    /,
    *what: Annotated[
        str,
        Parameter(
            name="ROUTE",
            help="A route's number in `pathfinder routes`, or its id; or PRINCIPAL ACTION RESOURCE.",
        ),
    ],
    principal: Annotated[
        str | None, Parameter(help="Who makes the request: ARN, name, account/name.")
    ] = None,
    resource: Annotated[str | None, Parameter(help="What it is made on: an ARN, or a bucket's name.")] = None,
    context: Annotated[
        Texts,
        Parameter(help="Keys of the request context, as key=value.", consume_multiple=1),
    ] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    escalations: Escalations = False,
    results: Results = Results(),  # noqa: B008
    running: Running = Running(),  # noqa: B008
) -> int:
    """Decide one request, or each hop of a route, step by step as AWS does.

    Example: pathfinder explain samples/ec2-to-s3 EC2Role s3:GetObject my-bucket/a
    """
    from pathfinder.cli.opening import open_world
    from pathfinder.cli.output import check_places
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.query import context_of, query_of
    from pathfinder.cli.showing import show_explained
    from pathfinder.routes.explain import explain_request, explain_route
    from pathfinder.routes.search import graph_of

    if snapshot is None:
        raise UsageError(
            "explain needs SNAPSHOT before all options: --from, --to, --action and --context take every word that "
            "follows them. Write: pathfinder explain SNAPSHOT ROUTE --from NAME"
        )
    query = query_of(filters, escalations=escalations)
    keys = context_of(context)
    request = request_of(what, principal, filters.action, resource)
    if request is None and keys:
        raise UsageError("--context goes with a request, not with a route")
    check_places(results.out)
    with Progress(running) as progress:
        world = open_world(snapshot, running, progress, escalations=escalations)
        graph_of(world, progress)
        explained: tuple[Explanation, ...]
        if request is None:
            asked: dict[str, object] = {"route": what[0]}
            explained = explain_route(world, what[0], query)
        else:
            asked = {**dict(zip(("principal", "action", "resource"), request, strict=True)), "context": keys}
            explained = (explain_request(world, *request, keys),)
    show_explained(explained, asked, results)
    return 0


def request_of(
    what: Texts, principal: str | None, actions: Texts, resource: str | None
) -> tuple[str, str, str] | None:
    """The request that is meant, or None where a route is. Raises UsageError."""
    options = principal is not None or resource is not None
    if len(what) == 1 and not options:
        return None
    if len(what) == 3 and not options and not actions:
        return what[0], what[1], what[2]
    if not what and principal is not None and resource is not None and len(actions) == 1:
        return principal, actions[0], resource
    raise UsageError(
        "explain needs a route's number or id, or one request: --principal P --action A --resource R"
    )
