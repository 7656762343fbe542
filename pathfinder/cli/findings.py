"""`pathfinder findings`: what a reviewer should look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from pathfinder.cli.options import RESULTS, Running, SnapshotPath, Texts

if TYPE_CHECKING:
    from pathfinder.findings.find import Findings

Level = Literal["critical", "high", "medium", "low", "info"]
Format = Literal["table", "json", "csv", "markdown", "sarif"]


def findings(
    snapshot: SnapshotPath,
    /,
    *,
    rule: Annotated[
        Texts, Parameter(help="Ask only these rules, by id; `--rule list` lists them.", consume_multiple=1)
    ] = (),
    severity: Annotated[Level, Parameter(help="Show nothing milder.", show_default=True)] = "info",
    fail_on: Annotated[
        Level | None,
        Parameter(help="Exit with 1 where something is found that is this bad or worse, shown or not."),
    ] = None,
    now: Annotated[
        str | None,
        Parameter(
            help="The day at which ages are counted, as YYYY-MM-DD; otherwise the newest day in the snapshot."
        ),
    ] = None,
    key_age_days: Annotated[
        int, Parameter(help="Days after which an access key is old.", show_default=True)
    ] = 90,
    max_hops: Annotated[int, Parameter(help="The longest route, in hops.", show_default=True)] = 4,
    output: Annotated[
        Format,
        Parameter(name=["--output", "-o"], group=RESULTS, help="How results are shown.", show_default=True),
    ] = "table",
    out: Annotated[
        Path | None, Parameter(group=RESULTS, help="Write results to this file instead of standard output.")
    ] = None,
    wide: Annotated[bool, Parameter(group=RESULTS, help="Show why, fix and routes of each, too.")] = False,
    running: Running = Running(),  # noqa: B008 - frozen
) -> int:
    """List what a reviewer should look at, worst first, each with its proof and a fix.

    Example: pathfinder findings samples/findings --severity high
    """
    from pathfinder.cli.finding_options import asked_of, checked_rules, listed_rules
    from pathfinder.cli.opening import ended, open_world
    from pathfinder.cli.output import check_places
    from pathfinder.cli.progress import Progress
    from pathfinder.findings.find import find_findings
    from pathfinder.findings.finding import Severity

    if rule == ("list",):
        listed_rules(out)
        return 0
    chosen = checked_rules(rule)
    check_places(out)
    with Progress(running) as progress:
        world = open_world(snapshot, running, progress)
        asked = asked_of(world.snapshot, now, key_age_days, max_hops)
        found = find_findings(world, asked, only=chosen, severity=Severity(severity), progress=progress)
    ended(running, progress, len(found.findings), "finding")
    query: dict[str, object] = {
        "rules": list(rule),
        "severity": severity,
        "fail_on": fail_on,
        "now": now,
        "key_age_days": key_age_days,
        "max_hops": max_hops,
    }
    _show(found, query, snapshot, output, out, wide=wide)
    failing = fail_on is not None and found.worst is not None and found.worst.at_least(Severity(fail_on))
    return 1 if failing else 0


def _show(
    found: Findings, query: dict[str, object], snapshot: Path, output: Format, out: Path | None, *, wide: bool
) -> None:
    from pathfinder.cli.options import Results
    from pathfinder.cli.output import colour, deliver, terminal_width
    from pathfinder.cli.snapshot_files import file_of
    from pathfinder.report.findings import findings_listing
    from pathfinder.report.findings_json import findings_csv, findings_json
    from pathfinder.report.markdown import markdown
    from pathfinder.report.sarif import findings_sarif
    from pathfinder.report.table import table

    match output:
        case "json":
            deliver(findings_json(query, found), out)
        case "csv":
            deliver(findings_csv(found), out)
        case "sarif":
            deliver(findings_sarif(found, file_of(snapshot)), out)
        case "markdown":
            deliver(markdown(findings_listing(found, wide=True)), out)
        case "table":
            results = Results(out=out, wide=wide)
            listing = findings_listing(found, wide=wide)
            deliver(table(listing, width=terminal_width(results), colour=colour(results)), out)
