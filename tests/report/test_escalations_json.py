"""Routes with escalations as JSON: what the command writes for the samples follows the schema, and broken ones do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pathfinder.report.schemas import schema_text
from tests.cli.run import run

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = (
    "access-points",
    "acl-and-public",
    "compute",
    "ec2-to-s3",
    "encrypted",
    "escalations",
    "people-and-federation",
)
SCHEMA = Draft202012Validator(json.loads(schema_text("routes")))


@cache
def written(name: str) -> Any:
    done = run("routes", SAMPLES / name, "--escalations", "--output", "json", "--quiet")
    assert done.status == 0
    return json.loads(done.out)


def escalated(document: Any) -> list[Any]:
    return [each for each in document["routes"] if "escalations" in each]


def hops_of(document: Any) -> list[Any]:
    """The hops that are escalations, being an administrator left out (ESC-99)."""
    hops = [hop for route in escalated(document) for hop in route["hops"] if "escalation" in hop]
    return [hop for hop in hops if hop["escalation"]["rule"] != "ESC-99"]


@pytest.mark.parametrize("name", NAMES)
def test_real_output_follows_the_schema(name):
    """`format_version` first, and all that an escalation says."""
    document = written(name)
    SCHEMA.validate(document)
    assert document["query"]["escalations"] is True
    counted = document["counts"]["escalations"]
    assert counted["routes"] == len(escalated(document))
    assert counted["mutating"] == sum(each["mutating"] for each in escalated(document))
    assert counted["by_rule"] == {
        rule: sum(rule in each["escalations"] for each in escalated(document))
        for rule in sorted({rule for each in escalated(document) for rule in each["escalations"]})
    }


def test_the_samples_show_all_kinds():
    """What a session goes on as, new and existing workloads."""
    hops = [hop for name in NAMES for hop in hops_of(written(name))]
    told = [hop["escalation"] for hop in hops]
    assert {each["session"] for each in told} == {"same", "assumed", "delivered", "credentials"}
    assert {each["workload"] for each in told} == {None, "new", "existing"}
    assert all(each["calls"] for each in told)
    assert all(each["change"] for each in told)
    assert any(each["paths"] for each in told)
    assert any(each["notes"] for each in told)


@pytest.mark.parametrize("name", NAMES)
def test_a_certain_hop_has_a_request_for_each_call(name):
    """ESC-1: an unknown alone leaves a call without the request that proves it."""
    for hop in hops_of(written(name)):
        if hop["witness"] is not None:
            assert all(call["witness"] is not None for call in hop["escalation"]["calls"])


def test_without_the_flag_nothing_speaks_of_escalations():
    done = run("routes", SAMPLES / "escalations", "--output", "json", "--quiet")
    document = json.loads(done.out)
    assert not escalated(document)
    assert "escalations" not in document["query"]
    assert "escalations" not in document["counts"]


def of_first(change: Callable[[Any], None]) -> Callable[[Any], None]:
    """Do it to the first escalation of the document."""
    return lambda document: change(hops_of(document)[0]["escalation"])


def without(key: str) -> Callable[[Any], None]:
    return of_first(lambda told: told.pop(key))


def with_(key: str, value: Any) -> Callable[[Any], None]:
    return of_first(lambda told: told.__setitem__(key, value))


def of_call(key: str, value: Any = None) -> Callable[[Any], None]:
    """A call of the first escalation with this value, or without the key."""

    def change(told: Any) -> None:
        call = told["calls"][0]
        if value is None:
            del call[key]
        else:
            call[key] = value

    return of_first(change)


BROKEN: dict[str, Callable[[Any], None]] = {
    "a rule that is none": with_("rule", "STS-1"),
    "a rule in small letters": with_("rule", "esc-10"),
    "no rule": without("rule"),
    "paths as one text": with_("paths", "iam-001"),
    "no paths": without("paths"),
    "mutating in words": with_("mutating", "yes"),
    "no word on mutating": without("mutating"),
    "no change": without("change"),
    "a change that is none": with_("change", None),
    "an unknown kind of workload": with_("workload", "perhaps"),
    "no workload": without("workload"),
    "an unknown kind of session": with_("session", "stolen"),
    "no session": without("session"),
    "calls as a number": with_("calls", 2),
    "no calls": without("calls"),
    "notes as a text": with_("notes", "x"),
    "no notes": without("notes"),
    "a call without its action": of_call("action"),
    "a call without its resource": of_call("resource"),
    "a call without its witness": of_call("witness"),
    "a call without its condition": of_call("condition"),
    "a condition in words alone": of_call("condition", "always"),
    "a witness without a request": of_call("witness", {"principal": "x"}),
    "an escalation as a text": lambda document: hops_of(document)[0].__setitem__("escalation", "ESC-10"),
    "the route's rules as one text": lambda document: escalated(document)[0].__setitem__(
        "escalations", "ESC-10"
    ),
    "the route's mutating in words": lambda document: escalated(document)[0].__setitem__("mutating", "yes"),
    "counts without the rules": lambda document: document["counts"]["escalations"].pop("by_rule"),
    "counts without the changing ones": lambda document: document["counts"]["escalations"].pop("mutating"),
    "a rule counted that has no route": lambda document: document["counts"]["escalations"][
        "by_rule"
    ].__setitem__("ESC-1", 0),
    "a negative count": lambda document: document["counts"]["escalations"].__setitem__("routes", -1),
    "a query in words": lambda document: document["query"].__setitem__("escalations", "yes"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_the_schema_refuses(why):
    """One thing wrong in a document that is right otherwise."""
    document = deepcopy(written("escalations"))
    assert SCHEMA.is_valid(document)
    BROKEN[why](document)
    assert not SCHEMA.is_valid(document)
