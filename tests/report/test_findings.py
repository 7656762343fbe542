"""Findings in every format: valid, the same each time, and no text in them runs or hides anything.

`sarif-2.1.0.json` is the OASIS schema of SARIF 2.1.0 (rtm.5) without its descriptions.
"""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from pathfinder.findings.find import Findings, find_findings
from pathfinder.findings.registry import rules
from pathfinder.findings.survey import Asked
from pathfinder.report.findings import findings_listing
from pathfinder.report.findings_json import findings_csv, findings_json
from pathfinder.report.markdown import markdown
from pathfinder.report.sarif import findings_sarif
from pathfinder.report.schemas import schema_text
from pathfinder.report.table import table
from tests.building import A, account, bucket, world
from tests.findings.asking import OBJECTS, TODAY, bucket_world, everyone

QUERY = {"rules": [], "severity": "info", "fail_on": None, "now": None, "key_age_days": 90, "max_hops": 4}
SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text())
EVIL = '=cmd()|"<script>alert(1)</script>\x1b[31m\u202e`x`\n'


@cache
def made(name: str) -> Findings:
    worlds = {
        "none": world(account(A, buckets=(bucket(A, "data"),))),
        "several": bucket_world(
            everyone(), everyone("s3:PutObject", condition={"Bool": {"s3:SecurTransport": "true"}})
        ),
        "hostile": bucket_world(everyone(sid=EVIL, condition={"StringLike": {"aws:Referer": EVIL}})),
    }
    return find_findings(worlds[name], Asked(TODAY))


NAMES = ("none", "several", "hostile")


def sarif(name: str) -> str:
    return "".join(findings_sarif(made(name), lambda _place: "snap shot/accounts/1/s3.json"))


@pytest.mark.parametrize("name", NAMES)
def test_json_follows_its_schema(name):
    text = "".join(findings_json(QUERY, made(name)))
    Draft202012Validator(json.loads(schema_text("findings"))).validate(json.loads(text))
    assert text == "".join(findings_json(QUERY, made(name)))
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("name", NAMES)
def test_sarif_is_valid(name):
    document = json.loads(sarif(name))
    Draft4Validator(SARIF).validate(document)
    (run,) = document["runs"]
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == list(rules())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["pathfinder/v1"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "snap%20shot/accounts/1/s3.json"
        assert "\x1b" not in result["message"]["text"]


def test_sarif_that_is_not_valid_is_told():
    document = json.loads(sarif("several"))
    document["runs"][0]["results"][0]["level"] = "critical"
    assert list(Draft4Validator(SARIF).iter_errors(document))


def test_levels_say_how_bad_it_is():
    (run,) = json.loads(sarif("several"))["runs"]
    levels = {(each["ruleId"], each["level"], each["properties"]["severity"]) for each in run["results"]}
    assert ("public-read", "error", "high") in levels
    assert all(
        {"critical": "error", "high": "error", "medium": "warning"}.get(severity, "note") == level
        for _, level, severity in levels
    )


@pytest.mark.parametrize("name", NAMES)
def test_csv_has_a_row_for_each_finding_and_no_formula(name):
    rows = list(csv.reader(io.StringIO("".join(findings_csv(made(name))))))
    assert len(rows) == len(made(name).findings) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "\x1b" not in str(rows)


@pytest.mark.parametrize("wide", [True, False])
def test_people_see_no_control_characters_and_markdown_no_markup(wide):
    listing = findings_listing(made("hostile"), wide=wide)
    shown = table(listing, width=None, colour=False)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "<script>" not in markdown(listing)


def test_the_summary_counts():
    (first, *_) = findings_listing(made("several"), wide=False).summary
    assert first.startswith(f"{len(made('several').findings)} findings from {len(rules())} rules: ")
    (first, *_) = findings_listing(made("none"), wide=False).summary
    assert first == f"No finding from {len(rules())} rules."
    assert OBJECTS
