"""Vantages and assumptions in every form of result."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from pathfinder.aws.arn import AccountId
from pathfinder.conditions.assumptions import read_assumptions
from pathfinder.graph.assumptions import Assumptions
from pathfinder.graph.travel import INTERNET, ORGANIZATION, SERVICE, Way
from pathfinder.logic.formula import TRUE
from pathfinder.model.resources import VpcEndpoint
from pathfinder.report.assumed import assumed_json, assumed_lines
from pathfinder.report.conditions import Wording
from pathfinder.report.csv_ import routes_csv, who_can_csv
from pathfinder.report.html import render
from pathfinder.report.json_ import query_json, routes_json, who_can_json
from pathfinder.report.listing import routes_listing, who_can_listing
from pathfinder.report.markdown import markdown
from pathfinder.report.schemas import schema_text
from pathfinder.report.table import table
from pathfinder.report.vantages import headings, word
from pathfinder.routes.route import Found, Route, View
from tests.report.made import APP, ENDPOINT, HOSTILE, NAMES, THREE_DESIGNS, crowd, found, who_can

LONG, OTHER, OF_STS = "vpce-0aaa3333bbb4444cc", "vpce-0aaa3333bbb4444dd", "vpce-0sts"


def endpoint(id_: str, service: str = "s3", *, gateway: bool = True) -> Way:
    known = VpcEndpoint(id_, AccountId(APP), service, gateway, "vpc-0a", None)
    return Way(id_, frozenset({service}), TRUE, known)


WAYS = (
    Way(INTERNET, None, TRUE),
    Way(ORGANIZATION, frozenset({"s3"}), TRUE),
    Way(SERVICE, frozenset({"s3"}), TRUE),
    endpoint(LONG),
    endpoint(OF_STS, "sts", gateway=False),
)
ASSUMED = Assumptions(
    read_assumptions(
        ["aws:SourceIp=203.0.113.0/24", "aws:SourceIp=198.51.100.7", "aws:MultiFactorAuthPresent="]
    ),
    (WAYS[0],),
)


def seen(route: Route) -> Route:
    """Open from the internet under a condition, closed from the organization, not decided, open through one endpoint."""
    conditions = tuple(ENDPOINT if place == len(route.hops) - 1 else TRUE for place in range(len(route.hops)))
    views = (
        View(INTERNET, open=True, conditions=conditions),
        View(ORGANIZATION, open=False),
        View(SERVICE, open=None, reason="a variable ties keys"),
        View(LONG, open=True, conditions=tuple(TRUE for _ in route.hops)),
    )
    return replace(route, vantages=views)


def matrix(of: Found = THREE_DESIGNS) -> Found:
    return replace(of, routes=tuple(map(seen, of.routes)), ways=WAYS)


WORDS = [
    (View(INTERNET, open=True, conditions=(TRUE, TRUE)), "yes"),
    (View(INTERNET, open=True, conditions=(TRUE, ENDPOINT)), "if"),
    (View(INTERNET, open=False), "no"),
    (View(INTERNET, open=None, reason="why"), "?"),
    (None, "–"),
]


@pytest.mark.parametrize(("view", "expected"), WORDS)
def test_a_word_for_each_view(view: View | None, expected: str) -> None:
    assert word(view) == expected


def test_headings_are_narrow_and_stay_apart() -> None:
    assert headings(WAYS, wide=False) == ("internet", "org", "service", "vpce-…44cc", OF_STS)
    assert headings(WAYS, wide=True)[3] == LONG
    alike = (endpoint(LONG), endpoint("vpce-0aaa9999bbb4444cc"), endpoint(OTHER))
    assert headings(alike, wide=False) == (LONG, "vpce-0aaa9999bbb4444cc", "vpce-…44dd")


def test_the_table_has_a_column_for_each_vantage_and_says_what_if_means() -> None:
    shown = table(routes_listing(matrix(), fold=False, wide=False), width=None, colour=False)
    lines = shown.splitlines()
    assert lines[0].split()[-5:] == ["internet", "org", "service", "vpce-…44cc", OF_STS]
    assert all(line.split()[-5:] == ["if", "no", "?", "yes", "–"] for line in lines[1:4])
    at = lines.index("Under which condition (if), or why not decided (?), by row:")
    assert lines[at + 1 : at + 5] == [
        "  1  internet: if through vpce-0aaa",
        "  1-3  service: ? (a variable ties keys)",
        "  2  internet: if hop 2: through vpce-0aaa",
        "  3  internet: if hop 3: through vpce-0aaa",
    ]
    assert (
        f"  vpce-…44cc: {LONG}, requests to s3 come through this gateway endpoint of app, 1234… in vpc-0a"
        in lines
    )
    assert "\x1b" not in shown


def test_wide_tables_say_it_in_the_cell() -> None:
    listing = routes_listing(matrix(), fold=False, wide=True)
    assert listing.rows[0][-5:] == ("if through vpce-0aaa", "no", "? (a variable ties keys)", "yes", "–")
    assert listing.details == ()


def test_without_vantages_nothing_changes() -> None:
    listing = routes_listing(THREE_DESIGNS, fold=False, wide=False)
    assert listing.columns == ("#", "from", "route", "reaches", "when")
    assert (listing.heading, listing.details, len(listing.notes)) == ((), (), 1)


def test_rows_fold_where_vantages_are_the_same() -> None:
    alike = matrix(crowd(3))
    assert len(routes_listing(alike, fold=True, wide=False).rows) == 2
    first, *rest = alike.routes
    apart = replace(first, vantages=(View(INTERNET, open=False), *first.vantages[1:]))
    assert len(routes_listing(replace(alike, routes=(apart, *rest)), fold=True, wide=False).rows) == 3


def document(of: Found) -> dict[str, object]:
    text = "".join(routes_json(query_json(of.query, of.assumptions), of.routes, of.gaps, ways=of.ways))
    read: dict[str, object] = json.loads(text)
    Draft202012Validator(json.loads(schema_text("routes"))).validate(read)
    return read


def test_json_has_the_vantages_of_each_route() -> None:
    read = document(matrix())
    assert isinstance(read["vantages"], list)
    assert [each["vantage"] for each in read["vantages"]] == [INTERNET, ORGANIZATION, SERVICE, LONG, OF_STS]
    assert read["vantages"][3]["endpoint"]["type"] == "gateway"
    assert isinstance(read["routes"], list)
    assert read["routes"][0]["vantages"] == [
        {
            "vantage": INTERNET,
            "open": True,
            "condition": {
                "text": "hop 1: through vpce-0aaa",
                "hops": [{"hop": 1, "text": "through vpce-0aaa"}],
            },
            "reason": None,
        },
        {"vantage": ORGANIZATION, "open": False, "condition": None, "reason": None},
        {"vantage": SERVICE, "open": None, "condition": None, "reason": "a variable ties keys"},
        {"vantage": LONG, "open": True, "condition": None, "reason": None},
    ]


def test_json_without_vantages_has_no_trace_of_them() -> None:
    read = document(THREE_DESIGNS)
    assert "vantages" not in read
    assert "vantages" not in json.dumps(read["routes"])
    assert isinstance(read["query"], dict)
    assert (read["query"]["assume"], read["query"]["network"]) == ([], [])


def test_csv_has_a_column_for_each_vantage() -> None:
    (first, *_) = csv.DictReader("".join(routes_csv(matrix())).splitlines())
    assert [first[f"vantage_{name}"] for name in (INTERNET, ORGANIZATION, SERVICE, LONG, OF_STS)] == [
        "if through vpce-0aaa",
        "no",
        "? (a variable ties keys)",
        "yes",
        "–",
    ]


def test_every_form_says_what_was_assumed() -> None:
    said = (
        "Assumed: aws:SourceIp=203.0.113.0/24 or 198.51.100.7; aws:MultiFactorAuthPresent absent; "
        "requests travel by internet."
    )
    assert assumed_lines(ASSUMED)[0] == said
    narrowed = replace(THREE_DESIGNS, assumptions=ASSUMED)
    asked = replace(who_can(), assumptions=ASSUMED)
    shown = table(routes_listing(narrowed, fold=False, wide=False), width=None, colour=False)
    assert shown.startswith(f"{said}\nWhat needs anything else is not shown.\n\n#")
    assert "explain SNAPSHOT NUMBER" not in shown  # the numbers are those of this run alone
    assert table(who_can_listing(asked, NAMES, wide=False), width=None, colour=False).startswith(said)
    assert markdown(routes_listing(narrowed, fold=False, wide=False)).startswith("Assumed: aws:SourceIp=203")
    (row, *_) = csv.DictReader("".join(routes_csv(narrowed)).splitlines())
    assert f"Assumed: {row['assumed']}." == said
    (row, *_) = csv.DictReader("".join(who_can_csv(asked)).splitlines())
    assert f"Assumed: {row['assumed']}." == said
    told = {
        "assume": ["aws:SourceIp=203.0.113.0/24", "aws:SourceIp=198.51.100.7", "aws:MultiFactorAuthPresent="],
        "network": ["internet"],
    }
    assert assumed_json(ASSUMED) == told
    read = document(narrowed)
    assert isinstance(read["query"], dict)
    assert {name: read["query"][name] for name in told} == told
    read = json.loads("".join(who_can_json(asked)))
    Draft202012Validator(json.loads(schema_text("who-can"))).validate(read)
    assert isinstance(read["query"], dict)
    assert {name: read["query"][name] for name in told} == told
    page = render(narrowed, title="Routes", sentence=Wording().text)
    assert "assuming aws:SourceIp=203.0.113.0/24 or 198.51.100.7" in page


def test_the_page_has_the_vantages() -> None:
    page = render(matrix(), title="Routes", sentence=Wording().text)
    content = json.loads(page.split('<script id="content" type="application/json">')[1].split("</script>")[0])
    assert content["ways"][:2] == ["the internet", "other networks of the organization"]
    told = [(content["ways"][way], content["views"][view]) for way, view in content["routes"][0]["from"]]
    assert told[0] == ("the internet", "open if through vpce-0aaa")
    assert told[-1] == (LONG, "open")


def test_hostile_names_do_no_harm() -> None:
    ways = (endpoint(HOSTILE, HOSTILE),)
    (route, *_) = THREE_DESIGNS.routes
    of = replace(
        found(replace(route, vantages=(View(HOSTILE, open=None, reason=HOSTILE),))),
        ways=ways,
        assumptions=Assumptions(read_assumptions([f"aws:PrincipalTag/team={HOSTILE}"]), ways),
    )
    shown = table(routes_listing(of, fold=False, wide=False), width=None, colour=False)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\u202e" not in "".join(routes_csv(of))
    assert "<script>alert" not in markdown(routes_listing(of, fold=False, wide=False))
    assert "\x1b" not in render(of, title="Routes", sentence=Wording().text)
