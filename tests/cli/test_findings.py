"""`pathfinder findings`, as users run it, on the sample that has one mistake of each kind."""

from __future__ import annotations

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from pathfinder.findings.registry import rules
from pathfinder.report.schemas import schema_text
from tests.cli.run import PROJECT, run, run_on_terminal

FINDINGS = PROJECT / "samples" / "findings"


def findings(*arguments):
    done = run("findings", FINDINGS, *arguments, "--output", "json")
    assert (done.status, done.err) == (0, "")
    document = json.loads(done.out)
    Draft202012Validator(json.loads(schema_text("findings"))).validate(document)
    return document


def test_every_rule_finds_its_mistake_and_nothing_that_is_done_well():
    document = findings()
    assert {each["rule"] for each in document["findings"]} == set(rules())
    assert [each["id"] for each in document["rules"]] == list(rules())
    for each in document["findings"]:
        name = each["place"]["resource"].replace("/", ":").rpartition(":")[2]
        if each["rule"] == "data-can-be-carried-out":  # it is about an account, and names its principals
            assert each["title"].endswith(": bad-courier"), each["title"]
            continue
        outside = each["rule"] == "route-from-outside-organization" and name == "vault-reports"
        assert name.startswith("bad-") or outside, each["title"]
    assert document["as_of"] == "2026-06-01"


def test_its_routes_are_those_of_the_routes_command():
    known = {each["id"] for each in json.loads(run("routes", FINDINGS, "--output", "json").out)["routes"]}
    told = {each for finding in findings()["findings"] for each in finding["routes"]}
    assert told
    assert told <= known


@pytest.mark.parametrize(
    ("level", "status"), [("critical", 1), ("high", 1), ("medium", 1), ("low", 1), ("info", 1), (None, 0)]
)
def test_fail_on(level, status):
    assert run("findings", FINDINGS, *(("--fail-on", level) if level else ())).status == status


def test_fail_on_counts_only_what_is_bad_enough():
    milder = ("--rule", "stale-principal")
    assert run("findings", FINDINGS, *milder, "--fail-on", "medium").status == 0
    assert run("findings", FINDINGS, *milder, "--fail-on", "low").status == 1
    hidden = ("--severity", "critical", *milder, "--fail-on", "low")
    assert run("findings", FINDINGS, *hidden).status == 1


def test_filters():
    document = findings("--rule", "public-read", "--rule", "weak-guard", "--severity", "high")
    assert {each["rule"] for each in document["findings"]} == {"public-read", "weak-guard"}
    assert {each["severity"] for each in document["findings"]} == {"high"}
    assert document["counts"]["milder_not_shown"] == 1
    assert document["query"]["rules"] == ["public-read", "weak-guard"]


def test_the_day_decides_about_keys():
    def keys(*arguments):
        return [
            each["place"]["policy"] for each in findings("--rule", "old-access-key", *arguments)["findings"]
        ]

    assert keys() == ["AKIAIOSFODNN7EXAMPLE"]
    assert keys("--now", "2027-06-01") == ["AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"]
    assert keys("--now", "2023-03-01") == []
    assert keys("--key-age-days", "5000") == []


@pytest.mark.parametrize("output", ["table", "csv", "markdown", "sarif", "json"])
def test_formats_are_the_same_each_time_and_go_where_they_are_sent(output, tmp_path):
    first, second = (run("findings", FINDINGS, "--output", output) for _ in range(2))
    assert (first.status, first.err) == (0, "")
    assert first.out == second.out
    file = tmp_path / "out"
    assert run("findings", FINDINGS, "--output", output, "--out", file).out == ""
    assert file.read_text(encoding="utf-8") == first.out


def test_csv_has_the_fix():
    rows = list(csv.DictReader(io.StringIO(run("findings", FINDINGS, "--output", "csv").out)))
    (vendor,) = [row for row in rows if row["rule"] == "trust-without-external-id"]
    assert "sts:ExternalId" in vendor["fix"]
    assert vendor["account_name"] == "vault"


def test_sarif_names_the_files():
    (run_,) = json.loads(run("findings", FINDINGS, "--output", "sarif").out)["runs"]
    files = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].partition("/")[2]
        for each in run_["results"]
    }
    assert {"accounts/220022002200/iam.json", "accounts/220022002200/s3.json"} <= files


def test_rules_are_listed():
    lines = run("findings", FINDINGS, "--rule", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == list(rules())


def test_on_a_terminal_lines_fit():
    shown = run_on_terminal("findings", FINDINGS, "--rule", "public-read", columns=100)
    rows = shown.partition("\n\n")[0].splitlines()
    assert len(rows) > 3
    assert all(len(line) <= 100 for line in rows if not line.startswith("\x1b"))


WRONG = [
    (["--rule", "public-rede"], "did you mean public-read?"),
    (["--severity", "bad"], "--severity"),
    (["--fail-on", "bad"], "--fail-on"),
    (["--now", "yesterday"], "--now is yesterday; it is a day, such as 2026-01-31"),
    (["--now", "2026-02-30"], "--now is 2026-02-30"),
    (["--key-age-days", "-1"], "--key-age-days is -1"),
    (["--max-hops", "0"], "--max-hops is 0"),
    (["--output", "xml"], "--output"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(each[0]) for each in WRONG])
def test_wrong_use_is_one_line(arguments, said):
    assert said in run("findings", FINDINGS, *arguments).error
