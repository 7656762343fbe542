"""`--assume`, `--network` and `--vantage`, as a user gives them."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from pathfinder.report.schemas import schema_text
from tests.cli.run import SAMPLE, run

ENDPOINT = "vpce-0aaa3333bbb4444cc"
GUARDED = SAMPLE / "variants" / "only-through-endpoint"

WRONG = [
    (
        ["--assume", "aws:SourceIP2=1"],
        "--assume: no condition key is called aws:SourceIP2; the nearest is aws:SourceIp",
    ),
    (["--assume", "aws:SourceIp"], "--assume: aws:SourceIp is no key=value"),
    (["--assume", "aws:SourceIp=office"], "it has to be an address or a CIDR, such as 203.0.113.0/24"),
    (["--assume"], "--assume"),
    (["--network"], "--network"),
    (
        ["--network", "vpce-0aaa"],
        f"no network vpce-0aaa in the snapshot; there is: internet, organization, service, {ENDPOINT}",
    ),
    (["--network", ENDPOINT[:-1]], f"did you mean {ENDPOINT}? There is: "),
    (
        ["--network", "internet", "--assume", f"aws:SourceVpce={ENDPOINT}"],
        "no request to s3 can meet all that is assumed",
    ),
    (["--assume", "a\x1b[31m\n=1"], "no condition key is called a"),
]


@pytest.mark.parametrize(("options", "said"), WRONG, ids=[" ".join(each[0]) for each in WRONG])
@pytest.mark.parametrize("command", ["routes", "can", "who-can"])
def test_wrong_use_is_one_line(command: str, options: list[str], said: str) -> None:
    asked = {
        "routes": ["routes", SAMPLE],
        "can": ["can", SAMPLE, "EC2Role"],
        "who-can": ["who-can", SAMPLE, "s3:GetObject", "--resource", "my-bucket"],
    }[command]
    error = run(*asked, *options).error
    assert error.startswith("pathfinder: ")
    assert said in error
    assert "\x1b" not in error


def test_a_wrong_key_is_told_before_anything_is_read() -> None:
    assert "no condition key" in run("routes", "no-such-snapshot", "--assume", "x=1").error


def test_an_assumption_narrows_and_is_said_above_the_table() -> None:
    done = run("routes", GUARDED, "--from", "EC2Role", "--assume", "aws:SourceIp=203.0.113.0/24")
    assert done.status == 0
    assert done.out.startswith(
        "Assumed: aws:SourceIp=203.0.113.0/24.\nWhat needs anything else is not shown.\n"
    )
    assert "No route found." in done.out
    done = run("routes", GUARDED, "--from", "EC2Role", "--network", ENDPOINT)
    assert done.out.startswith(f"Assumed: requests travel by {ENDPOINT}.\n")
    assert done.out.splitlines()[4].endswith("always")


def test_vantages_of_routes_and_of_can() -> None:
    for command in (["routes", GUARDED, "--from", "EC2Role"], ["can", GUARDED, "EC2Role"]):
        lines = run(*command, "--vantage").out.splitlines()
        assert lines[0].split()[-4:] == ["internet", "org", "service", "vpce-…44cc"]
        assert lines[1].split()[-4:] == ["no", "no", "if", "yes"]
        assert f"  1  service: if through {ENDPOINT}" in lines


@pytest.mark.parametrize("command", ["routes", "can"])
def test_json_streams_vantages_and_says_what_was_assumed(command: str) -> None:
    asked = [command, GUARDED, *(["EC2Role"] if command == "can" else [])]
    read = json.loads(run(*asked, "--vantage", "--network", ENDPOINT, "--output", "json").out)
    Draft202012Validator(json.loads(schema_text(command))).validate(read)
    assert read["query"]["network"] == [ENDPOINT]
    assert [each["vantage"] for each in read["vantages"]] == ["internet", "organization", "service", ENDPOINT]
    assert {view["vantage"]: view["open"] for route in read["routes"] for view in route["vantages"]} == {
        "internet": False,
        "organization": False,
        "service": True,
        ENDPOINT: True,
    }


def test_the_same_bytes_for_the_same_question() -> None:
    asked = ["routes", GUARDED, "--vantage", "--assume", "aws:SecureTransport=true", "--output"]
    for form in ("table", "json", "csv", "markdown"):
        assert run(*asked, form).out == run(*asked, form).out


def test_help_names_them() -> None:
    out = run("routes", "--help").out
    for option in ("--assume", "--network", "--vantage"):
        assert option in out
