"""The same world written differently: other orders, statements split and repeated, other names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from random import Random
from typing import Any

from .changes import documents, part
from .worlds import Json, Written


def labelled(written: Written) -> Written:
    """The world with a Sid for each statement and a name for each inline policy, so that places tell nothing."""
    copy = deepcopy(written)
    for _, path in documents(copy):
        for number, statement in enumerate(part(copy, path)["Statement"]):
            statement["Sid"] = f"S{number}"
        if path[-2] == "inline":
            part(copy, path)["Name"] = f"inline-{path[-1]}"
    return copy


def unnamed(written: Written) -> Written:
    """The world without the names of inline policies, which stand in no policy document."""
    copy = deepcopy(written)
    for _, path in documents(copy):
        part(copy, path).pop("Name", None)
    return copy


def shuffled(value: Any, random: Random, *, policies: bool = False) -> Any:
    """Every list and every object of it in another order; what stands in a policy only if that is asked for."""
    if isinstance(value, dict):
        items = [
            (key, each if key == "Statement" and not policies else shuffled(each, random, policies=policies))
            for key, each in value.items()
        ]
        random.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        found = [shuffled(each, random, policies=policies) for each in value]
        random.shuffle(found)
        return found
    return value


def repeated(written: Written) -> Written:
    """Each statement twice."""

    def twice(statements: list[Json]) -> list[Json]:
        return [each for statement in statements for each in (statement, statement)]

    return _with_statements(written, twice)


def split(written: Written) -> Written:
    """Each statement with several actions, resources or principals as several statements with one."""

    def apart(statements: list[Json]) -> list[Json]:
        return [each for statement in statements for each in _split(statement)]

    return _with_statements(written, apart)


def _split(statement: Json) -> list[Json]:
    """`NotAction`, `NotResource` and `NotPrincipal` stay whole: several in one are all excluded (LANG-12, LANG-25)."""
    found = [statement]
    for element in ("Action", "Resource"):
        found = (
            [{**each, element: one} for each in found for one in _values(each, element)]
            if element in statement
            else found
        )
    named = statement.get("Principal")
    if isinstance(named, dict) and "AWS" in named:
        found = [{**each, "Principal": {"AWS": one}} for each in found for one in _values(named, "AWS")]
    return found


def _values(holder: Mapping[str, Any], element: str) -> list[Any]:
    value = holder[element]
    return value if isinstance(value, list) else [value]


def _with_statements(written: Written, change: Any) -> Written:
    copy = deepcopy(written)
    for _, path in documents(copy):
        document = part(copy, path)
        document["Statement"] = change(document["Statement"])
    return copy


# ---- names ---------------------------------------------------------------------------------------------

Names = Mapping[str, str]
"""Old name to new name, as long as the old one."""

IN_ORDER: Names = {
    "111111111111": "123451234512",
    "222222222222": "234512345123",
    "333333333333": "345123451234",
    "444444444444": "451234512345",
    "ann": "amy",
    "bob": "bea",
    "app": "arc",
    "etl": "elk",
    "ops": "oak",
    "data": "dusk",
    "logs": "loft",
    "vpce-0aaa": "vpce-0abc",
    "vpce-0bbb": "vpce-0bcd",
    "vpc-0aaa": "vpc-0abc",
    "vpc-0bbb": "vpc-0bcd",
    "o-one": "o-two",
}
"""Names that sort as the old ones do."""

SWAPPED: Names = {
    "111111111111": "444444444444",
    "222222222222": "111111111111",
    "333333333333": "222222222222",
    "444444444444": "333333333333",
    "ann": "zed",
    "bob": "ann",
    "app": "ops",
    "etl": "app",
    "ops": "etl",
    "data": "logs",
    "logs": "data",
    "vpce-0aaa": "vpce-0bbb",
    "vpce-0bbb": "vpce-0aaa",
    "vpc-0aaa": "vpc-0bbb",
    "vpc-0bbb": "vpc-0aaa",
}
"""Names that sort otherwise, most of them names of something else before."""


def renamed(written: Written, names: Names) -> Written:
    """The world with other names everywhere, in patterns and values too."""
    found: Written = json.loads(renamed_text(json.dumps(written), names))
    return found


def renamed_text(text: str, names: Names) -> str:
    """A text with other names; the ids that AWS makes up follow their owners' names."""
    upper = {old.upper(): new.upper() for old, new in names.items() if old.isalpha()}
    beginnings = {old[:4]: new[:4] for old, new in names.items() if old.isdigit()}
    plain = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    ids = rf"(A[RI][OD]A)({'|'.join(beginnings)})({'|'.join(upper)})|AKIA({'|'.join(upper)})"

    def new(match: re.Match[str]) -> str:
        if match["name"]:
            return names[match["name"]]
        if match[6]:
            return "AKIA" + upper[match[6]]
        return match[3] + beginnings[match[4]] + upper[match[5]]

    return re.sub(rf"(?P<name>(?<![A-Za-z])(?:{plain})(?![A-Za-z]))|({ids})", new, text)
