"""Reading documents: what they hold, and what makes them or one statement malformed (LANG-1 to LANG-6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathfinder.policy.document import Effect
from pathfinder.policy.parse import PolicyShapeError, parse_document
from pathfinder.routes.export import document_as_json

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}

SHAPES = [
    # what is wrong                     document                                                place, reason
    ("no object", [], "", "is a list"),
    ("no Statement", {"Version": "2012-10-17"}, "Statement", "is missing"),
    ("unknown element", {"Statement": [], "Comment": "x"}, "Comment", "is no element"),
    ("Version", {"Version": "2012-10-18", "Statement": []}, "Version", "2012-10-18"),
    ("a text as statement", {"Statement": ["x"]}, "Statement[0]", "is a text"),
    (
        "Effect in lower case",
        {"Statement": [{**STATEMENT, "Effect": "allow"}]},
        "Statement[0].Effect",
        'is "allow"; AWS accepts Allow or Deny',
    ),
]


@pytest.mark.parametrize(("title", "document", "place", "reason"), SHAPES, ids=[case[0] for case in SHAPES])
def test_documents_that_are_none(title: str, document: Any, place: str, reason: str) -> None:
    for source in (document, json.dumps(document), json.dumps(document).encode()):
        with pytest.raises(PolicyShapeError) as raised:
            parse_document(source)
        assert raised.value.place == place
        assert reason in raised.value.reason


TEXTS = [
    ("keys repeat (LANG-1)", '{"Statement": [], "Statement": []}', "twice"),
    ("cut off", '{"Statement": [', "is not JSON"),
    ("nested without end", '{"Statement":' + "[" * 100_000 + "]" * 100_000 + "}", "nested"),
    ("no UTF-8", b'{"Statement": "\xff"}', "UTF-8"),
]


@pytest.mark.parametrize(("title", "text", "reason"), TEXTS, ids=[case[0] for case in TEXTS])
def test_texts_that_are_no_document(title: str, text: str | bytes, reason: str) -> None:
    with pytest.raises(PolicyShapeError, match=reason):
        parse_document(text)


FAULTS = [
    ("no Effect", {"Effect": None}, "Effect is missing"),
    ("both Action and NotAction", {"NotAction": "s3:*"}, "both Action and NotAction"),
    ("no Action", {"Action": None}, "neither Action nor NotAction"),
    ("both Resource and NotResource", {"NotResource": "*"}, "both Resource and NotResource"),
    ("both principals", {"Principal": "*", "NotPrincipal": "*"}, "both Principal and NotPrincipal"),
    (
        "a principal that is a text",
        {"Principal": "arn:aws:iam::111111111111:root"},
        'AWS accepts "*" or an object',
    ),
    ("a principal type that is unknown", {"Principal": {"Aws": "*"}}, "is unknown"),
    ("an unknown element", {"Actions": "s3:*"}, "Actions is no element"),
    ("a condition that is a list", {"Condition": []}, "Condition is a list"),
    ("a null value", {"Condition": {"StringEquals": {"aws:username": None}}}, "holds something"),
]


@pytest.mark.parametrize(("title", "change", "fault"), FAULTS, ids=[case[0] for case in FAULTS])
def test_faults_of_one_statement_do_not_stop_the_document(
    title: str, change: dict[str, Any], fault: str
) -> None:
    """LANG-50."""
    statement = {key: value for key, value in {**STATEMENT, **change}.items() if value is not None}
    found = parse_document({"Statement": [statement, STATEMENT]})
    assert fault in (found.statements[0].fault or "")
    assert found.statements[1].fault is None


def test_scalars_are_lists_and_values_are_texts() -> None:
    """LANG-2, COND-5."""
    found = parse_document(
        {
            "Statement": {
                **STATEMENT,
                "Condition": {"Bool": {"aws:SecureTransport": True}, "NumericEquals": {"x": 10}},
            }
        }
    )
    assert found.statements[0].actions == ("s3:GetObject",)
    assert [entry.values for entry in found.statements[0].conditions] == [("true",), ("10",)]


def test_url_encoded_documents() -> None:
    """formats.md: raw API responses hold URL-encoded JSON."""
    assert parse_document("%7B%22Statement%22%3A%5B%5D%7D").statements == ()


def test_an_effect_may_be_a_fault_where_asked() -> None:
    found = parse_document({"Statement": [{**STATEMENT, "Effect": "allow"}]}, lenient=True)
    assert found.statements[0].effect is None
    assert "allow" in (found.statements[0].fault or "")


TEXT = st.text(min_size=1, max_size=8)
TEXTS_ = st.lists(TEXT, min_size=1, max_size=3)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Sid": TEXT,
        "Principal": st.one_of(
            st.just("*"), st.dictionaries(st.sampled_from(["AWS", "Service"]), TEXTS_, min_size=1)
        ),
        "Condition": st.dictionaries(TEXT, st.dictionaries(TEXT, TEXTS_, min_size=1), min_size=1, max_size=2),
    },
)


@given(
    st.lists(STATEMENTS, max_size=3),
    st.sampled_from(["Action", "NotAction"]),
    st.sampled_from(["Resource", "NotResource"]),
    TEXTS_,
    TEXTS_,
)
def test_print_and_parse_are_inverse(
    statements: list[dict[str, Any]], action: str, resource: str, actions: list[str], resources: list[str]
) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [{**each, action: actions, resource: resources} for each in statements],
    }
    found = parse_document(document)
    assert parse_document(document_as_json(found)) == found
    assert all(each.effect in (Effect.ALLOW, Effect.DENY) for each in found.statements)
