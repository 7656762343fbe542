"""`pathfinder schema`: what the JSON results look like, for programs."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pathfinder.cli.errors import UsageError


def schema(
    name: Annotated[
        str | None, Parameter(name="NAME", help="The command whose results it describes.")
    ] = None,
    /,
) -> int:
    """Print the JSON Schema of a command's JSON results; without a name, list what there is.

    Example: pathfinder schema routes > routes.schema.json
    """
    from pathfinder.cli.nearest import unknown
    from pathfinder.cli.output import deliver
    from pathfinder.report.schemas import schema_names, schema_text

    known = schema_names()
    if name is None:
        deliver("".join(f"{each}\n" for each in known), None)
        return 0
    if name not in known:
        raise UsageError(unknown("schema", name, known))
    deliver(schema_text(name), None)
    return 0
