"""`check`: files of scenarios in each form, faults, and the exit status."""

from __future__ import annotations

import csv
import json

import pytest
from jsonschema import Draft202012Validator

from pathfinder.cli.scenario_files import read_scenarios
from pathfinder.report.schemas import schema_text
from pathfinder.snapshot.errors import InputError
from tests.cli.run import run, run_apart


def scenario(name: str, expect: str | None = "allow", effect: str = "Allow") -> dict[str, object]:
    found: dict[str, object] = {
        "name": name,
        "request": {
            "principal": "arn:aws:iam::123456789012:user/a",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "resource_account": "123456789012",
        },
        "policies": {
            "identity": [
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": effect, "Action": "s3:*", "Resource": "*"}],
                }
            ]
        },
    }
    return found | ({"expect": expect} if expect else {})


def test_no_scenario_at_all_is_said(tmp_path):
    (tmp_path / "none.json").write_text("[]")
    done = run("check", tmp_path / "none.json")
    assert (done.status, done.out.splitlines()[-1]) == (0, "There is no scenario in it.")


def test_a_text_is_no_scenarios(tmp_path):
    (tmp_path / "text.json").write_text('"x"')
    assert "holds text instead of scenarios" in run("check", tmp_path / "text.json").error


THREE = [scenario("one"), scenario("two", "explicit-deny", "Deny"), scenario("three", None)]
YAML = """
# unquoted dates and account ids stay texts
- name: one
  request: &request
    principal: arn:aws:iam::012345678901:user/a
    action: s3:GetObject
    resource: arn:aws:s3:::b/k
    resource_account: 012345678901
  policies: &policies
    identity:
      - Version: 2012-10-17
        Statement: {Effect: Allow, Action: s3:*, Resource: "*"}
    session: null
  expect: allow
- name: two
  request: {<<: *request, context: {aws:SecureTransport: true}}
  policies: *policies
  expect: allow
"""
FORMS = {
    "array.json": json.dumps(THREE),
    "object.json": json.dumps({"scenarios": THREE}),
    "lines.jsonl": "\n".join(map(json.dumps, THREE)) + "\n",
    "lines.txt": "\n".join(map(json.dumps, THREE)),
    "bom.json": "\ufeff" + json.dumps(THREE),
    "json.yaml": json.dumps(THREE),
}


def decisions(done):
    document = json.loads(done.out)
    Draft202012Validator(json.loads(schema_text("check"))).validate(document)
    return [(each["name"], each["decision"], each["passed"]) for each in document["results"]]


EXPECTED = [("one", "allow", True), ("two", "explicit-deny", True), ("three", "allow", None)]


@pytest.mark.parametrize("name", FORMS)
def test_every_form(name, tmp_path):
    file = tmp_path / name
    file.write_text(FORMS[name], encoding="utf-8")
    done = run("check", file, "--output", "json")
    assert (done.status, done.err) == (0, "")
    assert decisions(done) == EXPECTED


@pytest.mark.parametrize("text", [FORMS["array.json"], FORMS["lines.jsonl"]])
def test_standard_input(text):
    assert decisions(run("check", "-", "--output", "json", stdin=text)) == EXPECTED


def test_yaml(tmp_path):
    file = tmp_path / "tests.yaml"
    file.write_text(YAML)
    assert decisions(run("check", file, "--output", "json")) == [
        ("one", "allow", True),
        ("two", "allow", True),
    ]
    assert read_scenarios(str(file))[0][1]["request"]["resource_account"] == "012345678901"


def test_several_files_in_order(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(json.dumps([scenario(name)]))
    done = run("check", tmp_path / "b.json", tmp_path / "a.json", "--output", "json")
    assert [name for name, _, _ in decisions(done)] == ["b", "a"]


def test_what_differs_is_status_1():
    done = run("check", "-", stdin=json.dumps([scenario("x", "implicit-deny")]))
    assert done.status == 1
    assert "✘ failed  x" in done.out
    assert "1 scenario: 1 failed." in done.out


def test_a_malformed_scenario_is_its_own_result():
    given = [scenario("first"), {"name": "broken", "request": {}, "expect": "allow"}, 5, scenario("last")]
    done = run("check", "-", "--output", "json", stdin=json.dumps(given))
    assert done.status == 1
    results = json.loads(done.out)["results"]
    assert [each["decision"] for each in results] == ["allow", None, None, "allow"]
    assert [bool(each["error"]) for each in results] == [False, True, True, False]


def test_a_broken_line_is_its_own_result():
    lines = [json.dumps(scenario("first")), '{"name": "cut', json.dumps(scenario("last"))]
    done = run("check", "-", "--output", "json", stdin="\n".join(lines))
    assert [decision for _, decision, _ in decisions(done)] == ["allow", None, "allow"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.json", b"", "is empty"),
        ("cut.json", b'[{"name": ', "line 1, column 11 is no JSON"),
        ("latin.json", b'[{"name": "\xe9"}]', "byte 11 is not UTF-8"),
        ("number.json", b"5", "holds a number instead of scenarios"),
        ("scenarios.json", b'{"scenarios": 5}', "scenarios is no list"),
        ("tabs.yaml", b"a:\n\t- b: [", "line 2, column 1 is no YAML"),
        ("evil.yaml", b"!!python/object/apply:os.system [id]", "is no YAML"),
        ("deep.json", b"[" * 200_000, ""),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(name, content, said, tmp_path):
    file = tmp_path / name
    file.write_bytes(content)
    error = run("check", file).error
    assert error.startswith(f"{file}: ")
    assert said in error


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="Is a directory"):
        read_scenarios(str(tmp_path))


def test_csv_and_markdown():
    given = json.dumps([scenario("=1+1|<b>")])
    (row,) = csv.DictReader(run("check", "-", "--output", "csv", stdin=given).out.splitlines())
    assert row["name"] == "'=1+1|<b>"
    assert r"=1+1\|&lt;b&gt;" in run("check", "-", "--output", "markdown", stdin=given).out


def test_results_go_to_a_file_whole(tmp_path):
    target = tmp_path / "out.json"
    done = run("check", "-", "--output", "json", "--out", target, stdin=json.dumps(THREE))
    assert (done.status, done.out, done.err) == (0, "", "")
    assert len(json.loads(target.read_text())["results"]) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["out.json"]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    error = run("check", "-", "--out", tmp_path / "no" / "out", stdin=json.dumps(THREE)).error
    assert str(tmp_path / "no") in error
    assert "there is no such folder" in error


def test_utf8_whatever_the_locale():
    given = json.dumps([scenario("読む")])
    assert (
        "読む"
        in run_apart("check", "-", stdin=given, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0").out
    )
