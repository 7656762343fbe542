"""The commands end to end, on the sample of the three designs."""

from __future__ import annotations

import csv
import json
import re

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from pathfinder.report.schemas import schema_text
from tests.cli.run import SAMPLE, run, run_on_terminal

QUESTIONS = {
    "routes": ["routes", SAMPLE],
    "can": ["can", SAMPLE, "EC2Role"],
    "who-can": ["who-can", SAMPLE, "s3:GetObject", "--resource", "my-bucket"],
    "explain": ["explain", SAMPLE, "EC2Role", "s3:GetObject", "my-bucket/a"],
}


def answer(*arguments):
    done = run(*arguments, "--output", "json")
    assert (done.status, done.err) == (0, "")
    document = json.loads(done.out)
    Draft202012Validator(json.loads(schema_text(str(arguments[0])))).validate(document)
    return document


def test_the_three_designs_are_told_apart():
    document = answer("routes", SAMPLE)
    found = {(route["design"], route["target"].rpartition(":")[2]) for route in document["routes"]}
    assert {
        ("bucket policy", "my-bucket"),
        ("AssumeRole", "my-bucket-by-role"),
        ("access key", "my-bucket-by-key"),
    } <= found
    assert document["counts"]["routes"] == len(document["routes"])


def test_who_acts_and_whose_policies_decide():
    routes = answer("routes", SAMPLE, "--from", "log-sender")["routes"]
    deciding = {
        route["target"].rpartition(":")[2]: (route["acting_account"], route["scp_account"])
        for route in routes
    }
    assert deciding["my-bucket"] == ("123456789012", "123456789012")
    assert deciding["my-bucket-by-role"] == ("999999999999", "999999999999")


@pytest.mark.parametrize("command", QUESTIONS)
def test_documents_follow_their_schemas_and_are_the_same_each_time(command):
    assert answer(*QUESTIONS[command])["format_version"] == 1
    first, second = (run(*QUESTIONS[command], "--output", "json").out for _ in range(2))
    assert first == second


@pytest.mark.parametrize("output", ["table", "csv", "markdown"])
@pytest.mark.parametrize("command", QUESTIONS)
def test_every_command_in_every_format(command, output):
    done = run(*QUESTIONS[command], "--output", output)
    assert (done.status, done.err) == (0, "")
    assert "EC2Role" in done.out
    assert "\x1b" not in done.out
    assert done.out.endswith("\n")


def test_lists_of_values_are_given_either_way():
    together = answer("routes", SAMPLE, "--to", "my-bucket", "my-bucket-by-key", "--max-hops", "1")
    apart = answer("routes", SAMPLE, "--to", "my-bucket", "--max-hops", "1", "--to", "my-bucket-by-key")
    assert together == apart
    assert together["query"]["to"] == ["my-bucket", "my-bucket-by-key"]
    assert {route["target"] for route in together["routes"]} == {
        "arn:aws:s3:::my-bucket",
        "arn:aws:s3:::my-bucket-by-key",
    }


def test_filters():
    assert all(route["cross_account"] for route in answer("routes", SAMPLE, "--cross-account")["routes"])
    assert all(len(route["hops"]) == 1 for route in answer("routes", SAMPLE, "--max-hops", "1")["routes"])
    narrowed = answer("routes", SAMPLE, "--action", "s3:Put*")["routes"]
    assert narrowed
    assert all(action.startswith("s3:Put") for route in narrowed for action in route["actions"])


def test_html_and_tests_are_written_beside(tmp_path):
    page, tests = tmp_path / "page.html", tmp_path / "tests.json"
    done = run("routes", SAMPLE, "--html", page, "--export-tests", tests)
    assert done.status == 0
    assert done.err == f"wrote {page}\nwrote {tests}\n"
    assert page.read_text().lstrip().lower().startswith("<!doctype html>")
    assert len(json.loads(tests.read_text())) > 5
    quiet = run("routes", SAMPLE, "--html", page, "--quiet")
    assert quiet.err == ""


def test_what_is_exported_is_allowed_when_it_is_replayed(tmp_path):
    tests = tmp_path / "tests.json"
    run("routes", SAMPLE, "--export-tests", tests)
    done = run("check", tests, "--output", "json")
    assert [each for each in json.loads(done.out)["results"] if not each["passed"]] == []
    assert done.status == 0


def test_scenarios_with_the_policies_of_a_snapshot():
    given = [
        {
            "name": "design 1",
            "request": {
                "principal": "arn:aws:iam::123456789012:role/EC2Role",
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::my-bucket/a",
                "resource_account": "999999999999",
                "context": {"aws:SecureTransport": "true"},
            },
        }
    ]
    done = run("check", "-", "--snapshot", SAMPLE, "--output", "json", stdin=json.dumps(given))
    (result,) = json.loads(done.out)["results"]
    assert (result["error"], result["decision"] is not None, done.status) == (None, True, 0)


def test_explain_a_route_by_number_and_by_id():
    routes = answer("routes", SAMPLE, "--from", "EC2Role", "--to", "my-bucket-by-role")["routes"]
    assert [len(route["hops"]) for route in routes] == [2]
    same = ["--from", "EC2Role", "--to", "my-bucket-by-role"]
    by_number = run("explain", SAMPLE, "1", *same)
    by_id = run("explain", SAMPLE, routes[0]["id"], *same)
    assert by_number.out == by_id.out
    assert by_number.out.index("sts:AssumeRole") < by_number.out.index("s3:GetObject")
    assert re.search(
        r"^  aws s3api get-object --bucket my-bucket-by-role --key \S+ /dev/null$", by_id.out, re.MULTILINE
    )
    assert "aws sts assume-role --role-arn arn:aws:iam::999999999999:role/S3AccessRole" in by_id.out


def test_explain_a_refusal():
    document = answer("explain", SAMPLE, "EC2Role", "s3:GetObject", "my-bucket-by-key/a")
    (explanation,) = document["explanations"]
    assert explanation["verdict"] == "implicit-deny"
    assert "does not" in " ".join(explanation["missing"])
    text = run("explain", SAMPLE, "EC2Role", "s3:GetObject", "my-bucket-by-key/a").out
    assert "Refused: nothing allows it (an implicit deny)." in text
    assert text.count("the identity side allows; the bucket policy does not") == 1


def test_explain_by_options_is_the_same():
    by_place = answer("explain", SAMPLE, "EC2Role", "s3:GetObject", "my-bucket/a")
    by_name = answer(
        "explain", SAMPLE, "--principal", "EC2Role", "--action", "s3:GetObject", "--resource", "my-bucket/a"
    )
    assert by_place == by_name


def test_explain_with_context():
    document = answer(
        "explain",
        SAMPLE,
        "EC2Role",
        "s3:GetObject",
        "my-bucket/a",
        "--context",
        "aws:SecureTransport=false",
        "a:b=c",
    )
    assert document["query"]["context"] == {"aws:SecureTransport": "false", "a:b": "c"}


UNKNOWN = [
    (["routes", SAMPLE, "--from", "EC2Rol"], "did you mean EC2Role"),
    (["routes", SAMPLE, "--from", "EC2Rol", "--output", "json"], "did you mean EC2Role"),
    (["routes", SAMPLE, "--to", "my-buket"], "did you mean my-bucket"),
    (["can", SAMPLE, "log-writr"], "did you mean log-writer"),
    (["who-can", SAMPLE, "s3:GetObject", "--resource", "nowhere"], "nowhere"),
    (["who-can", SAMPLE, "s3:GetObjekt", "--resource", "my-bucket"], "s3:GetObjekt"),
    (["explain", SAMPLE, "EC2Rol", "s3:GetObject", "my-bucket/a"], "did you mean EC2Role"),
    (["explain", SAMPLE, "EC2Role", "s3:GetObjec", "my-bucket/a"], "did you mean s3:GetObject"),
    (["explain", SAMPLE, "EC2Role", "sts:AssumRole", "S3AccessRole"], "did you mean sts:AssumeRole"),
    (["explain", SAMPLE, "9999"], "no route 9999"),
]


@pytest.mark.parametrize(
    ("arguments", "said"), UNKNOWN, ids=[" ".join(map(str, each[0][2:])) for each in UNKNOWN]
)
def test_unknown_names_are_one_line(arguments, said):
    error = run(*arguments).error
    assert error.startswith("pathfinder: ")
    assert said in error


def test_results_go_to_a_file(tmp_path):
    file = tmp_path / "routes.csv"
    done = run("routes", SAMPLE, "--output", "csv", "--out", file)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert {row["design"] for row in csv.DictReader(file.open())} >= {
        "bucket policy",
        "AssumeRole",
        "access key",
    }


@pytest.mark.parametrize("columns", [80, 132])
def test_a_table_fits_the_terminal(columns):
    shown = run_on_terminal("routes", SAMPLE, "--quiet", columns=columns, NO_COLOR="1")
    table = shown.split("\n\n")[0]
    assert "\x1b" not in table
    assert max(cell_len(line) for line in table.split("\n")) <= columns
    assert "role EC2Role" in table


def test_colour_on_a_terminal_only():
    assert "\x1b[1m#" in run_on_terminal("routes", SAMPLE, columns=200)
    assert "\x1b" not in run_on_terminal("routes", SAMPLE, "--quiet", NO_COLOR="1")
    assert "\x1b" not in run_on_terminal("routes", SAMPLE, "--quiet", TERM="dumb")


def test_verbose_tells_on_standard_error():
    done = run("routes", SAMPLE, "--verbose")
    assert re.fullmatch(r"read \d+ accounts, \d+ gaps?, in \d+\.\d s\n\d+ routes in \d+\.\d s\n", done.err)
