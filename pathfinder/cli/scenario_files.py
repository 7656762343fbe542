"""Files of scenarios: a JSON array, an object with `scenarios`, JSON Lines, or the same as YAML."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pathfinder.snapshot.errors import InputError

_KINDS = {str: "text", int: "a number", float: "a number", bool: "true or false", type(None): "null"}
_REMEDY = "Scenarios are a JSON array, an object with scenarios, JSON Lines, or YAML."


def read_scenarios(name: str) -> list[tuple[int, Any]]:
    """The scenarios of a file (`-`: standard input), each with its place. Raises InputError.

    A scenario is not looked into: one that is malformed is a result of its own.
    """
    shown = "standard input" if name == "-" else name
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(shown, "", error.strerror or str(error), "Check the path.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(shown, f"byte {error.start}", "is not UTF-8", "Save the file as UTF-8.") from None
    try:
        return list(enumerate(_scenarios(text, name, shown)))
    except RecursionError:
        raise InputError(shown, "", "is nested too deeply", _REMEDY) from None


def _scenarios(text: str, name: str, shown: str) -> Iterator[Any]:
    if not text.strip():
        raise InputError(shown, "", "is empty", _REMEDY)
    suffix = Path(name).suffix.lower()
    if suffix in (".yaml", ".yml"):
        return _within(_yaml(text, shown), shown)
    if suffix in (".jsonl", ".ndjson"):
        return _json_lines(text)
    try:
        return _within([json.loads(text)], shown)
    except json.JSONDecodeError as error:
        if _is_json_lines(text):
            return _json_lines(text)
        if suffix == ".json" or text.lstrip().startswith(("{", "[")):
            place = f"line {error.lineno}, column {error.colno}"
            raise InputError(shown, place, f"is no JSON: {error.msg}", _REMEDY) from None
    return _within(_yaml(text, shown), shown)


def _within(documents: list[Any], shown: str) -> Iterator[Any]:
    """The scenarios in whole documents, usually one."""
    if not documents or documents == [None]:
        raise InputError(shown, "", "is empty", _REMEDY)
    found: list[Any] = []
    for document in documents:
        if isinstance(document, dict) and "scenarios" in document:
            document = document["scenarios"]
            if not isinstance(document, list):
                raise InputError(shown, "scenarios", "is no list", _REMEDY)
        elif not isinstance(document, (dict, list)):
            raise InputError(
                shown,
                "",
                f"holds {_KINDS.get(type(document), type(document).__name__)} instead of scenarios",
                _REMEDY,
            )
        found.extend(document if isinstance(document, list) else [document])
    return iter(found)


def _is_json_lines(text: str) -> bool:
    """Whether the first line is a whole JSON object and is not the only one."""
    first, newline, rest = text.strip().partition("\n")
    try:
        return bool(newline and rest.strip()) and isinstance(json.loads(first), dict)
    except json.JSONDecodeError:
        return False


def _json_lines(text: str) -> Iterator[Any]:
    """A scenario a line; a line that is no JSON stays a text, and becomes a result with its fault."""
    for line in text.split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                yield line


def _yaml(text: str, shown: str) -> list[Any]:
    import yaml

    class Loader(yaml.SafeLoader):
        """Every plain scalar is a text but null, true and false: account ids and dates stay as written."""

    Loader.yaml_implicit_resolvers = {}
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]
    )
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z", re.IGNORECASE), list("tTfF")
    )
    Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"(?:<<)\Z"), ["<"])
    try:
        return list(yaml.load_all(text, Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(shown, place, f"is no YAML: {error.problem or error.context}", _REMEDY) from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(shown, "", f"is no YAML: {error}", _REMEDY) from None
