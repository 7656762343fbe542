"""`pathfinder import`: a snapshot from what another tool wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pathfinder.cli.errors import UsageError
from pathfinder.cli.options import Running


def import_(
    format_: Annotated[str, Parameter(name="FORMAT", help="What wrote it, such as iam-collect.")],
    source: Annotated[Path, Parameter(name="SOURCE", help="The folder or file that it wrote.")],
    destination: Annotated[Path | None, Parameter(name="DEST", help="The snapshot folder to write.")] = None,
    /,
    *,
    out: Annotated[Path | None, Parameter(help="The same as DEST.")] = None,
    running: Running = Running(),  # noqa: B008 - frozen
) -> int:
    """Make a snapshot from what another tool collected.

    Example: pathfinder import iam-collect ./iam-data snapshot
    """
    from pathfinder.cli.nearest import unknown
    from pathfinder.cli.opening import tell
    from pathfinder.report.text import plural
    from pathfinder.snapshot.importers import formats, import_from
    from pathfinder.snapshot.write import write

    if format_ not in formats():
        raise UsageError(unknown("import format", format_, formats()))
    if (destination is None) == (out is None):
        raise UsageError("import needs one place to write to: DEST, or --out DEST")
    folder = destination or out
    assert folder is not None
    snapshot = import_from(format_, source, skip_invalid=running.skip_invalid)
    write(snapshot, folder)
    principals = sum(len(account.users) + len(account.roles) for account in snapshot.accounts)
    buckets = sum(len(account.buckets) for account in snapshot.accounts)
    counts = (
        plural(len(snapshot.accounts), "account"),
        plural(principals, "user or role", "users and roles"),
    )
    tell(running, f"wrote {folder}: {', '.join(counts)}, {plural(buckets, 'bucket')}")
    for gap in snapshot.gaps:
        tell(running, f"gap: {gap}")
    return 0
