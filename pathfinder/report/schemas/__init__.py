"""The JSON Schemas (2020-12) of the documents that pathfinder writes, one file each, shipped with it."""

from __future__ import annotations

from importlib import resources


def schema_names() -> tuple[str, ...]:
    """The documents that have a schema, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json")))


def schema_text(name: str) -> str:
    """The schema of this document, as it is shipped. Raises KeyError for a name that has none."""
    if name not in schema_names():
        raise KeyError(name)
    return resources.files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
