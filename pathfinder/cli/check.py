"""`pathfinder check`: tests of policies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from pathfinder.cli.errors import UsageError
from pathfinder.cli.options import Results, Running

if TYPE_CHECKING:
    from pathfinder.authorization.scenario import ScenarioResult
    from pathfinder.cli.progress import Progress


def check(
    file: Annotated[
        str,
        Parameter(
            name="FILE",
            help="Scenarios as JSON, JSON Lines or YAML; - is standard input.",
            allow_leading_hyphen=True,
        ),
    ],
    /,
    *more: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    snapshot: Annotated[
        Path | None, Parameter(help="Its policies decide scenarios that bring none of their own.")
    ] = None,
    results: Results = Results(),  # noqa: B008 - frozen
    running: Running = Running(),  # noqa: B008
) -> int:
    """Decide scenarios and compare each with what it expects; the exit status is 1 where one differs.

    Example: pathfinder check policy-tests.yaml --snapshot samples/ec2-to-s3
    """
    from pathfinder.cli.output import check_places
    from pathfinder.cli.progress import Progress
    from pathfinder.cli.scenario_files import read_scenarios
    from pathfinder.cli.showing import show_checked

    for each in (file, *more):
        if each.startswith("-") and each != "-":
            raise UsageError(f"there is no option {each}")
    sources = [scenario for each in (file, *more) for scenario in read_scenarios(each)]
    checked = []
    check_places(results.out)
    with Progress(running) as progress:
        decide = _decider(snapshot, running, progress)
        for number, (index, scenario) in enumerate(sources):
            progress("scenarios", number, len(sources))
            checked.append(decide(scenario, index))
    show_checked(checked, results)
    return 1 if any(each.error is not None or each.passed is False for each in checked) else 0


def _decider(
    snapshot: Path | None, running: Running, progress: Progress
) -> Callable[[object, int], ScenarioResult]:
    """What decides a scenario: its own policies, or the snapshot's where it brings none."""
    if snapshot is None:
        from pathfinder.authorization.scenario import decide_scenario

        return lambda scenario, index: decide_scenario(scenario, index=index)
    from pathfinder.cli.opening import open_world
    from pathfinder.routes.scenarios import decide_in_world

    world = open_world(snapshot, running, progress)
    return lambda scenario, index: decide_in_world(world, scenario, index=index)
