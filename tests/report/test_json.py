from __future__ import annotations

import json
from itertools import count

import pytest
from jsonschema import Draft202012Validator

from pathfinder.report.json_ import (
    check_json,
    explain_json,
    query_json,
    routes_json,
    scenarios_json,
    who_can_json,
)
from pathfinder.report.schemas import schema_names, schema_text
from pathfinder.routes.route import Found, Query
from tests.report.made import (
    BY_ASSUME_ROLE,
    BY_BUCKET_POLICY,
    CHECKED,
    GAPS,
    HOSTILE,
    THREE_DESIGNS,
    allowed,
    crowd,
    found,
    hostile,
    refused,
    who_can,
)


def routes(shown: Found) -> str:
    return "".join(routes_json(query_json(shown.query), shown.routes, shown.gaps))


CAN_ASKED = {"principal": "x", "max_hops": 5, "assume": [], "network": []}

DOCUMENTS = {
    "routes": ("routes", lambda: routes(THREE_DESIGNS)),
    "routes, none": ("routes", lambda: routes(found())),
    "routes, many": ("routes", lambda: routes(crowd(20))),
    "routes, hostile": ("routes", lambda: routes(hostile())),
    "can": (
        "can",
        lambda: "".join(routes_json(CAN_ASKED, THREE_DESIGNS.routes, GAPS)),
    ),
    "who-can": ("who-can", lambda: "".join(who_can_json(who_can()))),
    "check": ("check", lambda: "".join(check_json(CHECKED))),
    "explain": ("explain", lambda: "".join(explain_json({"route": "1"}, [refused(), allowed()]))),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_documents_follow_their_schemas(case):
    name, make = DOCUMENTS[case]
    text = make()
    Draft202012Validator(json.loads(schema_text(name))).validate(json.loads(text))
    assert text.startswith('{\n  "format_version": 1,\n')
    assert text.endswith("}\n")
    assert text == make()


@pytest.mark.parametrize("name", schema_names())
def test_schemas_are_schemas(name):
    Draft202012Validator.check_schema(json.loads(schema_text(name)))


def test_schemas_agree_on_what_they_share():
    parts: dict[str, object] = {}
    for name in schema_names():
        for part, schema in json.loads(schema_text(name)).get("$defs", {}).items():
            assert parts.setdefault(part, schema) == schema


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("routes", {"format_version": 1, "query": {}, "routes": [], "counts": {}, "gaps": []}),
        (
            "check",
            {
                "format_version": 1,
                "results": [{"name": "x", "decision": "yes", "expect": None, "passed": None, "error": None}],
            },
        ),
        (
            "who-can",
            {
                "format_version": 2,
                "query": {"actions": ["s3:GetObject"], "resource": "x"},
                "results": [],
                "gaps": [],
            },
        ),
    ],
)
def test_schemas_refuse_what_is_none(name, document):
    assert not Draft202012Validator(json.loads(schema_text(name))).is_valid(document)


def test_a_route_has_what_the_contract_names():
    document = json.loads(routes(THREE_DESIGNS))
    assert list(document) == ["format_version", "query", "routes", "blocked", "counts", "gaps"]
    route = next(each for each in document["routes"] if each["id"] == BY_ASSUME_ROLE.id)
    assert route["principal"] == BY_ASSUME_ROLE.start.id
    assert route["target"] == "arn:aws:s3:::my-bucket"
    assert route["actions"] == ["s3:GetObject", "s3:PutObject"]
    assert route["resources"] == ["arn:aws:s3:::my-bucket/*"]
    assert route["cross_account"] is True
    assert (route["acting_principal"], route["acting_account"]) == (
        "arn:aws:iam::999999999999:role/S3AccessRole",
        "999999999999",
    )
    assert route["condition"] is None
    assert [hop["kind"] for hop in route["hops"]] == ["instance-profile", "assume-role", "access"]
    hop = route["hops"][-1]
    assert (hop["from"], hop["to"], hop["condition"]) == (route["acting_principal"], route["target"], None)
    assert hop["evidence"][0]["statement"] == "Statement[0]"
    assert hop["witness"]["context"] == {"aws:SourceVpce": "vpce-0aaa"}
    assert document["counts"] == {
        "routes": 3,
        "cross_account": 2,
        "principals": 3,
        "targets": 1,
        "by_design": {"AssumeRole": 1, "access key": 1, "bucket policy": 1},
        "blocked": 0,
    }
    assert document["gaps"][0]["affects"] == ["999999999999"]


def test_a_condition_is_a_sentence_and_a_formula():
    document = json.loads(routes(found(BY_BUCKET_POLICY)))
    (route,) = document["routes"]
    condition = route["hops"][0]["condition"]
    assert "vpce-0aaa" in condition["text"]
    assert isinstance(condition["formula"], dict)
    assert route["condition"] == {
        "text": f"hop 1: {condition['text']}",
        "hops": [{"hop": 1, "text": condition["text"]}],
    }


def test_written_as_it_comes():
    endless = (BY_BUCKET_POLICY for _ in count())
    pieces = routes_json(query_json(Query()), endless, ())
    text = ""
    while text.count('"action_words"') < 1000:
        text += next(pieces)
    assert text.count("\n    {") == 1000


def test_hidden_characters_are_escaped_and_come_back():
    text = routes(hostile())
    assert text.replace("\n", "").isprintable()
    assert "日本語" in text
    assert json.loads(text)["routes"][0]["id"] == HOSTILE
    lone = "".join(scenarios_json([{"name": "\ud800\x9b"}]))
    assert lone.encode() == b'[\n  {"name": "\\ud800\\u009b"}\n]\n'


def test_check_has_what_the_contract_names():
    document = json.loads("".join(check_json(CHECKED)))
    assert [(each["decision"], each["passed"], each["error"]) for each in document["results"]] == [
        ("allow", True, None),
        ("implicit-deny", False, None),
        ("explicit-deny", None, None),
        (None, False, "request is missing"),
    ]


def test_scenarios_of_nothing_are_an_empty_array():
    assert "".join(scenarios_json([])) == "[]\n"
